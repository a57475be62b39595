"""Executes what ``lib/sql`` renders (``test/fixtures``) on DuckDB and on Spark, and holds both to plain Python.

The corpus is made of texts on which the engines' own casts disagree; the expressions are random trees of every kind.
"""

from __future__ import annotations

import json
import math
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest
from expression_oracle import Value, evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pyspark.sql import SparkSession

FIXTURES = Path(__file__).resolve().parents[2] / "test" / "fixtures"
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

INTEGERS = [
    *("0", "-0", "+5", "007", "-120", "3000", "3001", "-121", "999999999999999999", "1000000000000000000"),
    *(
        " 12",
        "12 ",
        "1e3",
        "1_000",
        "12.7",
        "12.0",
        "0x1F",
        "1,000",
        "\u0663",
        "--1",
        "+",
        "",
        "NaN",
        "12\n",
        "\uff11\uff12",
    ),
]
DOUBLES = [
    *("1", "1.", ".5", "1.5", "-0.0", "1e3", "1E+3", "1e-400", "1e308", "1.7976931348623157e308", "1.8e308"),
    *(
        "1e999",
        "9" * 40,
        "9" * 41,
        "0.1",
        "0.30000000000000004",
        "2.2250738585072011e-308",
        "5e-324",
        "123456789.123456789",
    ),
    *(
        "NaN",
        "nan",
        "inf",
        "Infinity",
        "-inf",
        "1f",
        "1d",
        "1_0.5",
        " 1.5",
        "1.5 ",
        "1,5",
        "0x1p3",
        "e5",
        ".",
        "+.5",
        "1e",
    ),
]
BOOLEANS = ["true", "false", "True", "TRUE", "t", "1", "0", "yes", "no", " true", "true\n"]
TIMESTAMPS = [
    *(
        "2001-01-01T00:00:00Z",
        "2001-01-01T00:00:00+00:00",
        "2001-12-31T23:59:59.999999-05:00",
        "2001-01-01T00:00:00.1Z",
    ),
    *(
        "2000-02-29T12:00:00+05:45",
        "2001-02-29T12:00:00Z",
        "2001-02-30T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2001-04-31T00:00:00Z",
    ),
    *(
        "2001-13-01T00:00:00Z",
        "2001-00-10T00:00:00Z",
        "2001-01-01T24:00:00Z",
        "2016-12-31T23:59:60Z",
        "2001-01-01T00:60:00Z",
    ),
    *(
        "2001-01-01T00:00:00+14:00",
        "2001-01-01T00:00:00-14:00",
        "2001-01-01T00:00:00+14:01",
        "2001-01-01T00:00:00+15:00",
    ),
    *("2001-01-01T00:00:00+18:00", "2001-01-01T00:00:00-00:30", "2001-01-01T00:00:00+0500", "2001-01-01T00:00:00+05"),
    *(
        "2001-01-01T00:00:00",
        "2001-01-01 00:00:00Z",
        "2001-01-01",
        "2001-1-1T00:00:00Z",
        "2001-01-01T00:00Z",
        "2001-01-01T0:00:00Z",
    ),
    *("2001-01-01T00:00:00.1234567Z", "2001-01-01T00:00:00.Z", "2001-01-01T00:00:00,5Z", "2001-01-01t00:00:00z"),
    *(
        "1899-12-31T23:59:59Z",
        "1900-01-01T00:00:00Z",
        "2199-12-31T23:59:59Z",
        "2200-01-01T00:00:00Z",
        "12001-01-01T00:00:00Z",
    ),
    *(
        " 2001-01-01T00:00:00Z",
        "2001-01-01T00:00:00Z\n",
        "2001-01-01T00:00:00 Z",
        "2001-01-01T00:00:00 America/New_York",
    ),
    *("now", "epoch", "infinity", "today", "978307200", "2001-06-15T08:30:00.000001+09:30", "2001-W01-1T00:00:00Z"),
]
CODES = ["AB1", "AB12-xyz", "ab1", "AB", "AB1-", "AB1\n", "AB1-é", "'; DROP TABLE raw; --"]
ORIGINS = ["AAA", "O'H", "$x", "BBB", "O''H", "AAA ", "aaa"]

SOUND = {
    "departure": "2001-01-01T10:00:00+01:00",
    "arrival": None,
    "delay": "12",
    "price": "99.5",
    "cancelled": "false",
    "origin": "AAA",
    "code": "AB1",
}
EDGES = {
    "departure": TIMESTAMPS,
    "arrival": TIMESTAMPS,
    "delay": INTEGERS,
    "price": DOUBLES,
    "cancelled": BOOLEANS,
    "origin": ORIGINS,
    "code": CODES,
}


def program(name: str) -> dict[str, Any]:
    return json.loads((FIXTURES / f"{name}-programs.json").read_text(encoding="utf-8"))


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
    return {name: _plain_value(value) for name, value in row.items()}


def _plain_value(value: Value | datetime) -> Value:
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        return (aware - EPOCH) // timedelta(microseconds=1)
    return "NaN" if isinstance(value, float) and math.isnan(value) else value


def ingest(name: str, rows: Sequence[dict[str, str | None]], spark: SparkSession) -> dict[str, list[dict[str, Any]]]:
    """Views ``typed``, ``accepted`` and ``quarantined`` over raw rows: asserted to be equal on both engines."""
    ingest_program = program(name)["ingest"]
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
    ingest_program = program("trips")["ingest"]
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
        expected = [_plain_value(evaluate(case["tree"], row)) for row in rows]
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
