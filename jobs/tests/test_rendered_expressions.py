"""Executes expressions, labels and events that ``lib/sql`` renders on DuckDB and on Spark, and holds both to Python.

The expressions are random trees of every kind.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from expression_oracle import evaluate
from rendered_statements import FIXTURES, on_duckdb, on_spark, plain_value, program

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TRIPS = [
    # departure, arrival, delay, price, cancelled, origin, code
    (978_307_200_000_000, 978_310_800_000_001, 15, 99.5, False, "AAA", "AB1"),
    (978_307_200_000_000, None, -120, 0.1, True, "O'H", None),
    (-1, 1, 0, -2.5, None, "$x", "${x}"),
    (951_782_400_000_000, 951_782_399_999_999, 3_000, 1e300, False, "\\", ""),
    (None, None, None, None, None, None, None),
    (978_307_199_999_999, 978_307_200_000_000, 1, 1.0, True, "é", "ab\n"),
    (2_524_608_000_000_000, 0, -1, 1e-7, False, "", "AAA"),
]
TRIP_COLUMNS = ("departure", "arrival", "delay", "price", "cancelled", "origin", "code")
TRIP_TYPES = (pa.timestamp("us"), pa.timestamp("us"), pa.int64(), pa.float64(), pa.bool_(), pa.string(), pa.string())


def trips_table(zone: str | None) -> pa.Table:
    """Typed trips; DuckDB reads times without a zone, Spark instants."""
    types = [pa.timestamp("us", zone) if pa.types.is_timestamp(kind) else kind for kind in TRIP_TYPES]
    columns = [pa.array(values, kind) for values, kind in zip(zip(*TRIPS, strict=True), types, strict=True)]
    known = pa.array([None if row[0] is None else row[0] + 1_000_000 for row in TRIPS], pa.timestamp("us", zone))
    table = pa.table(dict(zip(TRIP_COLUMNS, columns, strict=True)))
    return table.append_column("known_time", known).append_column("_line", pa.array(range(len(TRIPS)), pa.int64()))


def test_random_expressions_mean_on_both_engines_what_they_mean_in_plain_python(spark: SparkSession) -> None:
    cases = json.loads((FIXTURES / "expressions.json").read_text(encoding="utf-8"))
    rows = [dict(zip(TRIP_COLUMNS, row, strict=True)) for row in TRIPS]

    def query(engine: str) -> str:
        columns = ", ".join(f"{case['sql'][engine]} AS e{index}" for index, case in enumerate(cases))
        return f"SELECT _line, {columns} FROM trips ORDER BY _line"

    duck = on_duckdb({"trips": trips_table(None)}, {}, query("duckdb"))
    sparks = on_spark(spark, {"trips": trips_table("UTC")}, {}, query("spark"))

    for index, case in enumerate(cases):
        expected = [plain_value(evaluate(case["tree"], row)) for row in rows]
        assert [row[f"e{index}"] for row in duck] == expected, case["sql"]["duckdb"]
        assert [row[f"e{index}"] for row in sparks] == expected, case["sql"]["spark"]


@pytest.mark.parametrize("zone", [None, "UTC"])
def test_labels_and_events_are_equal_on_both_engines_whatever_the_zone_of_the_files(
    zone: str | None, spark: SparkSession
) -> None:
    training_set = program("trips")["trainingSet"]
    statements = [training_set["labels"], *(view["events"] for view in training_set["views"])]

    for statement in statements:
        ordered = "SELECT * FROM ({}) AS rows_of_it ORDER BY ALL".format
        duck = on_duckdb({"trips": trips_table(zone)}, {}, ordered(statement["duckdb"]))
        assert on_spark(spark, {"trips": trips_table(zone)}, {}, ordered(statement["spark"])) == duck
        assert duck

    assert {row["label"] for row in on_duckdb({"trips": trips_table(zone)}, {}, training_set["labels"]["duckdb"])} == {
        0,
        1,
    }


def test_of_the_versions_of_a_fact_the_newest_is_the_label(spark: SparkSession) -> None:
    statement = program("quotes")["trainingSet"]["labels"]
    day = 978_307_200_000_000
    quotes = [
        # departure, delay, cancelled, code, known: two facts, whose keys would be one text without their lengths
        (day, 1, False, "A", day + 1),
        (day, 1, True, "A", day + 2),
        (day, 2, None, "B", day + 9),
        (day, 1, False, "B", day + 5),
        (day + 1, 1, False, "A", day + 3),
    ]

    def table(zone: str | None) -> pa.Table:
        columns = list(zip(*quotes, strict=True))
        time = pa.timestamp("us", zone)
        absent = [None] * len(quotes)
        return pa.table(
            {
                "departure": pa.array(columns[0], time),
                "arrival": pa.array(absent, time),
                "delay": pa.array(columns[1], pa.int64()),
                "price": pa.array(absent, pa.float64()),
                "cancelled": pa.array(columns[2], pa.bool_()),
                "origin": pa.array(["AAA"] * len(quotes), pa.string()),
                "code": pa.array(columns[3], pa.string()),
                "published": pa.array(columns[4], time),
                "known_time": pa.array(columns[4], time),
            }
        )

    events = program("quotes")["trainingSet"]["views"][0]["events"]
    ordered = "SELECT * FROM ({}) AS rows_of_it ORDER BY ALL".format
    of_duckdb = on_duckdb({"quotes": table(None)}, {}, ordered(events["duckdb"]))
    assert on_spark(spark, {"quotes": table("UTC")}, {}, ordered(events["spark"])) == of_duckdb
    assert len(of_duckdb) == len(quotes)
    assert len({row["row_key"] for row in of_duckdb}) == 3

    query = "SELECT label_time, known_time, label FROM ({}) AS labels_of_it ORDER BY ALL".format
    duck = on_duckdb({"quotes": table(None)}, {}, query(statement["duckdb"]))

    assert on_spark(spark, {"quotes": table("UTC")}, {}, query(statement["spark"])) == duck
    hour = 3_600_000_000
    assert duck == [
        {"label_time": day - hour, "known_time": day + 2, "label": 0},
        {"label_time": day + 1 - hour, "known_time": day + 3, "label": 1},
    ]
