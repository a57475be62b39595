"""Executes the events of views that ``lib/features`` renders on both engines; holds operands to plain Python."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest
from core.read_feature_program import read_training_set_program
from pyspark.errors import ArithmeticException
from rendered_statements import on_duckdb, on_spark, program

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyspark.sql import SparkSession

Row = dict[str, Any]

START = datetime(2001, 1, 1, tzinfo=timezone.utc)
PRICES = [None, 0.0, 0.005, -0.005, 1.005, 2.675, 0.125, -0.125, 99.5, 1e6 + 1 / 3, -1e-9, 0.1 + 0.2, 4.5e15 / 100]
TYPES = {
    "departure": pa.timestamp("us", tz="UTC"),
    "arrival": pa.timestamp("us", tz="UTC"),
    "published": pa.timestamp("us", tz="UTC"),
    "known_time": pa.timestamp("us", tz="UTC"),
    "delay": pa.int64(),
    "price": pa.float64(),
    "cancelled": pa.bool_(),
    "origin": pa.string(),
    "code": pa.string(),
}


def _quotes() -> list[Row]:
    return [
        {
            "departure": START + timedelta(microseconds=index),
            "arrival": None,
            "published": START + timedelta(hours=index),
            "known_time": START + timedelta(hours=index),
            "delay": delay,
            "price": price,
            "cancelled": (None, True, False)[index % 3],
            "origin": ("AAA", "O'H", None)[index // 3 % 3],
            "code": ("AB1", "é", "")[index // 2 % 3],
        }
        for index, (price, delay) in enumerate((price, delay) for price in PRICES for delay in (None, -1, 0, 15, 16))
    ]


def _events(spark: SparkSession, rows: Sequence[Row]) -> tuple[dict[str, Any], list[Row]]:
    """The view ``quoted`` of the journeys and its events, asserted to be equal on both engines."""
    view = program("journeys")["trainingSet"]["views"][0]
    tables = {"quotes": pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in TYPES.items()})}
    queries = {engine: f"SELECT * FROM ({text}) AS e ORDER BY event_time" for engine, text in view["events"].items()}
    events = on_duckdb(tables, {}, queries["duckdb"])
    assert on_spark(spark, tables, {}, queries["spark"]) == events
    return view, events


def _scaled(value: float | None, digits: int) -> int | None:
    """Units of the last digit: the product in float64, halves up."""
    return None if value is None else math.floor(value * 10.0**digits + 0.5)


def _operands(row: Row) -> Mapping[str, Any]:
    """What each aggregate of the view reads of a row, before the view's own filter."""
    price, delay = row["price"], row["delay"]
    dear = price is not None and price > 10
    return {
        "quotes": 1,
        "cancelled": 1 if row["cancelled"] else None,
        "codes": row["code"] if dear else None,
        "paid": _scaled(price, 2),
        "fee": _scaled(None if price is None else price * 0.1, 4),
        "spread": delay,
        "late": int(delay >= 15) if delay is not None else None,
        "least": price,
        "newest": None if row["cancelled"] is None else int(row["cancelled"]),
    }


def test_operands_are_what_plain_python_makes_of_the_rows(spark: SparkSession) -> None:
    rows = _quotes()

    view, events = _events(spark, rows)

    columns = {aggregate["name"]: aggregate["value"] for aggregate in view["aggregates"]}
    of_somebody = [row for row in rows if row["origin"] is not None]
    assert len(events) == len(of_somebody)
    for event, row in zip(events, of_somebody, strict=True):
        takes_part = row["delay"] is not None and row["delay"] >= 0
        for name, value in _operands(row).items():
            assert event[columns[name]] == (value if takes_part else None), (name, row)


def test_a_scaled_value_that_no_integer_holds_fails_on_both_engines(spark: SparkSession) -> None:
    row = {**_quotes()[0], "price": 1e17, "delay": 0, "origin": "AAA"}
    view = program("journeys")["trainingSet"]["views"][0]
    tables = {"quotes": pa.table({name: pa.array([row[name]], kind) for name, kind in TYPES.items()})}

    with pytest.raises(duckdb.Error, match="out of range"):
        on_duckdb(tables, {}, view["events"]["duckdb"])
    with pytest.raises(ArithmeticException, match="CAST_OVERFLOW"):
        on_spark(spark, tables, {}, view["events"]["spark"])


def test_the_job_reads_what_the_compiler_writes() -> None:
    read = read_training_set_program(program("journeys")["trainingSet"])

    assert [view.name for view in read.views] == ["quoted", "origin_levels", "code_levels", "code_heights"]
    assert read.views[1].version == read.views[2].version
    assert [each.name for each in read.derived] == ["gap", "rising"]
