"""Executes the ingest statements that ``lib/sql`` renders on DuckDB and on Spark, and holds both to plain Python."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from edge_texts import EDGES, SOUND
from rendered_statements import EPOCH, on_duckdb, on_spark, program

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pyspark.sql import SparkSession


def raw_table(columns: Sequence[str], rows: Sequence[dict[str, str | None]]) -> pa.Table:
    """The view ``raw`` of ``IngestProgram``: all text; an empty field is NULL."""
    fields = {name: [row.get(name) or None for row in rows] for name in columns}
    numbers = range(1, len(rows) + 1)
    return pa.table(
        {
            **{name: pa.array(values, pa.string()) for name, values in fields.items()},
            "_unit": pa.array(["2001-01-01"] * len(rows), pa.string()),
            "_object": pa.array(["raw/a.csv"] * len(rows), pa.string()),
            "_line": pa.array(numbers, pa.int64()),
            "_damage": pa.array([row.get("_damage") for row in rows], pa.string()),
            "_record": pa.array([f"record {number}" for number in numbers], pa.string()),
        }
    )


def ingest(name: str, rows: Sequence[dict[str, str | None]], spark: SparkSession) -> dict[str, list[dict[str, Any]]]:
    """Views ``typed``, ``accepted`` and ``quarantined`` over raw rows: asserted to be equal on both engines."""
    ingest_program = program(name)["ingest"]["sources"][0]
    raw = {"raw": raw_table([column["name"] for column in ingest_program["columns"]], rows)}
    statements = ingest_program["statements"]
    results = {}
    for view in ("typed", "accepted", "quarantined"):
        order = (
            "_line" if view != "accepted" else ", ".join(f"{name} NULLS FIRST" for name in ingest_program["orderBy"])
        )
        query = f"SELECT * FROM {view} ORDER BY {order}"
        views = {key: statements[key] for key in ("typed", "accepted", "quarantined")}
        duck = on_duckdb(raw, {key: each["duckdb"] for key, each in views.items()}, query)
        assert on_spark(spark, raw, {key: each["spark"] for key, each in views.items()}, query) == duck
        results[view] = duck
    return results


def microseconds(text: str) -> int | None:
    """An independent reader of timestamps: the standard library's, after the shape was checked."""
    shape = r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,6})?(Z|[+-]\d\d:\d\d)"
    match = re.fullmatch(shape, text, re.ASCII)
    if match is None or not 1900 <= int(text[:4]) <= 2199:
        return None
    fraction = (match[2] or ".0").ljust(7, "0")
    offset = "+00:00" if match[3] == "Z" else match[3]
    if int(offset[1:3]) * 60 + int(offset[4:]) > 14 * 60 or int(offset[4:]) > 59:
        return None
    try:
        return (datetime.fromisoformat(f"{match[1]}{fraction}{offset}") - EPOCH) // timedelta(microseconds=1)
    except ValueError:
        return None


def whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII) else None


def decimal(text: str) -> float | None:
    shape = r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,3})?"
    if re.fullmatch(shape, text, re.ASCII) is None:
        return None
    return float(text) if math.isfinite(float(text)) else None


READERS: dict[str, Callable[[str], Any]] = {
    "departure": microseconds,
    "arrival": microseconds,
    "delay": whole,
    "price": decimal,
    "cancelled": {"true": True, "false": False}.get,
    "origin": str,
    "code": str,
}


@pytest.fixture(scope="module")
def edge_rows() -> list[dict[str, str | None]]:
    return [{**SOUND, name: text} for name, texts in EDGES.items() for text in texts]


def test_both_engines_read_the_texts_that_the_standard_library_reads(
    edge_rows: list[dict[str, str | None]], spark: SparkSession
) -> None:
    typed = ingest("trips", edge_rows, spark)["typed"]

    for row, texts in zip(typed, edge_rows, strict=True):
        expected = {name: READERS[name](text) if text else None for name, text in texts.items()}
        assert {name: row[name] for name in expected} == expected, texts


def test_a_row_is_quarantined_for_the_first_thing_that_is_wrong_with_it(spark: SparkSession) -> None:
    cases: list[tuple[dict[str, str | None], str | None]] = [
        ({}, None),
        ({"_damage": "damaged: 5 fields", "delay": "x"}, "damaged: 5 fields"),
        ({"delay": "x", "price": "y", "origin": None}, 'delay: not an integer: "x"'),
        ({"price": "y", "origin": None}, 'price: not a number: "y"'),
        ({"departure": "2001-01-01"}, 'departure: not a timestamp with offset: "2001-01-01"'),
        ({"cancelled": "yes"}, 'cancelled: not true or false: "yes"'),
        ({"departure": None}, "departure: missing"),
        ({"delay": None, "origin": None}, "delay: missing"),
        ({"origin": None, "code": "?"}, "origin: missing"),
        ({"delay": "3001", "price": "0.1"}, "delay: not between -120 and 3000"),
        ({"price": "0.49"}, "price: not between 0.5 and 1000000"),
        ({"price": "0.5", "delay": "-120"}, None),
        ({"origin": "BBB"}, "origin: not one of AAA, O'H, $x"),
        ({"origin": "O'H"}, None),
        ({"origin": "$x"}, None),
        ({"code": "AB1\n"}, "code: does not match [A-Z]{2}[0-9]+(-[a-z]+)?"),
        ({"code": None}, None),
        ({"price": None}, "known time: missing"),
        ({"price": None, "arrival": "2001-01-02T00:00:00Z"}, None),
        ({"delay": "x" * 100}, f'delay: not an integer: "{"x" * 40}…"'),
        ({"delay": "a\tb\x1b[31m"}, 'delay: not an integer: "a?b?[31m"'),
        ({"delay": "1\"2'\\"}, 'delay: not an integer: "1"2\'\\"'),
    ]
    rows = [{**SOUND, **changes} for changes, _ in cases]

    results = ingest("trips", rows, spark)

    assert [row["_reason"] for row in results["typed"]] == [reason for _, reason in cases]
    assert len(results["accepted"]) + len(results["quarantined"]) == len(rows)
    assert [row["_reason"] for row in results["quarantined"]] == [reason for _, reason in cases if reason]


def test_accepted_rows_lie_in_the_utc_day_of_their_event_time(spark: SparkSession) -> None:
    times = {
        "2001-01-01T00:30:00+01:00": "2000-12-31",
        "2001-01-01T23:30:00-01:00": "2001-01-02",
        "1969-12-31T23:59:59.999999Z": "1969-12-31",
        "2000-02-29T00:00:00Z": "2000-02-29",
    }

    accepted = ingest("trips", [{**SOUND, "departure": text} for text in times], spark)["accepted"]

    assert {row["departure"]: row["day"] for row in accepted} == {
        microseconds(text): day for text, day in times.items()
    }


def test_a_flight_is_known_half_an_hour_after_it_landed_and_not_before_it_departed(spark: SparkSession) -> None:
    texts = [
        {"scheduled_departure": "2001-01-01T10:00:00-05:00", "delay": str(delay), "distance": str(distance)}
        for delay in (-120, -31, -1, 0, 15, 2_999)
        for distance in (0, 1, 37, 777, 4_962)
    ]
    rows = [{**text, "local_hour": "10", "origin": "JFK", "destination": "LAX"} for text in texts]

    typed = ingest("flights", rows, spark)["typed"]

    for row in typed:
        minutes = float(row["delay"]) + float(row["distance"]) * 0.12 + 30.0
        late = math.floor(minutes * 60_000_000.0 + 0.5)
        assert row["known_time"] == row["scheduled_departure"] + max(late, 0)


def test_checks_measure_the_rows_of_a_unit(edge_rows: list[dict[str, str | None]], spark: SparkSession) -> None:
    ingest_program = program("trips")["ingest"]["sources"][0]
    for rows in (edge_rows, []):
        raw = {"raw": raw_table(list(SOUND), rows)}
        typed = ingest_program["statements"]["typed"]
        measured = {}
        for engine, run in (("duckdb", on_duckdb), ("spark", lambda *arguments: on_spark(spark, *arguments))):
            measures = [check["measure"][engine] for check in ingest_program["checks"]]
            query = f"SELECT {', '.join(f'{each} AS m{index}' for index, each in enumerate(measures))} FROM typed"
            measured[engine] = run(raw, {"typed": typed[engine]}, query)
        quarantined = on_duckdb(raw, {"typed": typed["duckdb"]}, "SELECT COUNT(_reason) AS n FROM typed")[0]["n"]

        assert measured["duckdb"] == measured["spark"]
        assert measured["duckdb"] == [{"m0": len(rows), "m1": quarantined / max(len(rows), 1)}]
