"""Clock times of places, and hours and weekdays by their clocks, on both engines: held to the standard library.

Every change of clocks from 1900 to 2060 of places that change by an hour, by half an hour and by a whole day, and times
at random up to 2199.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from place_clocks import ZONES, clock_times, meant, moments
from rendered_statements import EPOCH, on_duckdb, on_spark, program
from test_rendered_sql import raw_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import SparkSession

Row = dict[str, str | None]

CHOOSING = ("new_york", "lord_howe", "sao_paulo")
"""Places with two columns more, which choose between two moments."""


def microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def row_of(place: str, clock_time: str) -> Row:
    return {"seen": "2001-01-01T00:00:00Z", "confirmed": "true", **dict.fromkeys(columns_of(place), clock_time)}


def columns_of(place: str) -> tuple[str, ...]:
    chosen = (f"{place}_earlier", f"{place}_later") if place in CHOOSING else ()
    return (place, *chosen)


def typed_rows(rows: Sequence[Row], spark: SparkSession) -> list[dict[str, Any]]:
    """The view ``typed`` over raw rows: asserted to be equal on both engines."""
    source = program("clocks")["ingest"]["sources"][0]
    raw = {"raw": raw_table([column["name"] for column in source["columns"]], rows)}
    query = "SELECT * FROM ({}) AS typed ORDER BY _line".format
    duck = on_duckdb(raw, {}, query(source["statements"]["typed"]["duckdb"]))
    # Rows that were moved: Spark would compute those of a literal table one by one, as it plans.
    spark.createDataFrame(raw["raw"]).repartition(1).createOrReplaceTempView("raw")
    assert on_spark(spark, {}, {}, query(source["statements"]["typed"]["spark"])) == duck
    return duck


def expected(place: str, clock_time: datetime, text: str) -> dict[str, Any]:
    found = [microseconds(moment) for moment in meant(place, clock_time)]
    told = {0: "skipped by", 1: None, 2: "shown twice by"}[len(found)]
    once = found[0] if len(found) == 1 else None
    moments_of = (once, found[0] if found else None, found[-1] if found else None)
    return {
        **dict(zip(columns_of(place), moments_of, strict=False)),
        "_reason": None if told is None else f'{place}: {told} the clocks of {ZONES[place]}: "{text}"',
    }


def test_a_clock_time_is_the_moment_at_which_clocks_show_it(spark: SparkSession) -> None:
    random = Random(20_260)  # noqa: S311 - test data
    cases = [(place, time) for place in ZONES for time in clock_times(place, random, times=200)]
    texts = [time.isoformat(sep=random.choice("T "), timespec="microseconds") for _, time in cases]
    rows = [row_of(place, text) for (place, _), text in zip(cases, texts, strict=True)]

    typed = typed_rows(rows, spark)

    counts = {0: 0, 1: 0, 2: 0}
    for found, (place, time), text in zip(typed, cases, texts, strict=True):
        wanted = expected(place, time, text)
        assert {name: found[name] for name in wanted} == wanted, (place, text)
        counts[len(meant(place, time))] += 1
    assert min(counts.values()) > 500


def test_a_text_that_is_no_clock_time_is_quarantined_as_such(spark: SparkSession) -> None:
    sound = ["2024-02-29T10:00:00", "2024-02-29 10:00:00.5"]
    unsound = [
        *("2024-02-29T10:00:00Z", "2024-02-29T10:00:00-05:00", "2024-02-30T10:00:00", "2023-02-29 10:00:00"),
        *("2024-02-29", "2024-02-29T24:00:00", "2024-02-29T23:59:60", "2024-02-29  10:00:00", " 2024-02-29 10:00:00"),
        *("2024-02-29T10:00:00 America/New_York", "2024-02-29T10:00:00.1234567", "1899-12-31T10:00:00", "now"),
    ]

    typed = typed_rows([row_of("new_york", text) for text in (*sound, *unsound)], spark)

    assert [row["_reason"] for row in typed] == [
        *(None for _ in sound),
        *(f'new_york: not a clock time without offset: "{text}"' for text in unsound),
    ]


def test_hours_and_weekdays_are_those_of_the_clocks_of_a_place(spark: SparkSession) -> None:
    random = Random(20_261)  # noqa: S311 - test data
    seen = sorted({moment for place in ZONES for moment in moments(place, random, times=200)})

    def table(zone: str | None) -> pa.Table:
        times = pa.array([microseconds(moment) for moment in seen], pa.timestamp("us", zone))
        return pa.table({"seen": times, "confirmed": pa.array([True] * len(seen)), "known_time": times})

    labels = program("clocks")["trainingSet"]["labels"]
    query = "SELECT * FROM ({}) AS made ORDER BY label_time".format

    duck = on_duckdb({"sightings": table(None)}, {}, query(labels["duckdb"]))

    assert on_spark(spark, {"sightings": table("UTC")}, {}, query(labels["spark"])) == duck
    for row, moment in zip(duck, seen, strict=True):
        for place, zone in ZONES.items():
            shown = moment.astimezone(ZoneInfo(zone))
            assert (row[f"{place}_hour"], row[f"{place}_weekday"]) == (shown.hour, shown.isoweekday()), (place, moment)
