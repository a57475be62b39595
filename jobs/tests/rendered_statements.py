"""Runs statements that ``lib/sql`` rendered (``test/fixtures``) on either engine, with rows that can be compared."""

from __future__ import annotations

import json
import math
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    import pyarrow as pa
    from expression_oracle import Value
    from pyspark.sql import SparkSession

FIXTURES = Path(__file__).resolve().parents[2] / "test" / "fixtures"
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def program(name: str) -> dict[str, Any]:
    return json.loads((FIXTURES / f"{name}-programs.json").read_text(encoding="utf-8"))


def on_duckdb(tables: dict[str, pa.Table], views: dict[str, str], query: str) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Asia/Tokyo'")
        for name, table in tables.items():
            connection.register(f"arrow_{name}", table)
            connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM arrow_{name}')
        for name, statement in views.items():
            connection.execute(f'CREATE VIEW "{name}" AS {statement}')
        return [_plain(row) for row in connection.execute(query).to_arrow_table().to_pylist()]


def on_spark(
    spark: SparkSession, tables: dict[str, pa.Table], views: dict[str, str], query: str
) -> list[dict[str, Any]]:
    for name, table in tables.items():
        spark.createDataFrame(table).createOrReplaceTempView(name)
    for name, statement in views.items():
        spark.sql(statement).createOrReplaceTempView(name)
    return [_plain(row) for row in spark.sql(query).toArrow().to_pylist()]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Timestamps as microseconds in UTC, NaN as a word, so that rows can be compared."""
    return {name: plain_value(value) for name, value in row.items()}


def plain_value(value: Value | datetime) -> Value:
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        return (aware - EPOCH) // timedelta(microseconds=1)
    return "NaN" if isinstance(value, float) and math.isnan(value) else value
