"""Sets of later slots take the label days that did not change from earlier ones, byte for byte as a rebuild."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from curated_lake import write_json
from random_lake import DAY, FIRST_DAY, HOUR, program, random_flights, view
from reused_lake import ALL, NEAR, assert_same_set, build, kept_days, land, prompt_flights, size_between
from test_training_set_sources import AIRPORTS, described
from test_training_set_sources import publish as publish_sources

if TYPE_CHECKING:
    from engines.file_storage import FileStorage
    from pyspark.sql import SparkSession

# The lake begins on the sixth; the history is ten days.
FIRST, SECOND, THIRD = (f"2001-01-{day}T00:00:00Z" for day in (18, 19, 20))


@pytest.mark.parametrize("seed", range(4))
def test_sets_in_any_order_equal_their_rebuilds(storage: FileStorage, seed: int) -> None:
    land(storage, random_flights(seed), ALL)
    orders = [
        ["2001-01-18T06:00:00Z", "2001-01-19T06:00:00Z", "2001-01-20T06:00:00Z"],
        ["2001-01-20T06:00:00Z", FIRST, "2001-01-20T06:00:00Z", "2001-01-19T13:00:00Z"],
        [THIRD, SECOND, FIRST, SECOND],
        ["2001-01-19T00:30:00Z", "2001-01-19T06:00:00Z", "2001-01-19T23:59:59Z", THIRD],
    ]
    reused = []
    for number, slot in enumerate(orders[seed]):
        reused.append(build(storage, slot, f"sets/{number}/")["reused"]["days"])
        build(storage, slot, f"sets/{number}-rebuilt/", code=None)
        assert_same_set(storage, f"sets/{number}/", f"sets/{number}-rebuilt/")

    assert reused[0] == 0
    assert min(reused[1:]) > 0


def test_sets_by_spark_equal_their_rebuilds(storage: FileStorage, spark: SparkSession) -> None:  # noqa: ARG001
    land(storage, random_flights(5, 200), ALL)
    manifests = []
    for number, slot in enumerate(("2001-01-18T06:00:00Z", "2001-01-19T06:00:00Z", "2001-01-19T06:00:00Z")):
        manifests.append(build(storage, slot, f"sets/{number}/", "spark"))
        build(storage, slot, f"sets/{number}-rebuilt/", code=None)
        assert_same_set(storage, f"sets/{number}/", f"sets/{number}-rebuilt/")

    first, second, third = (each["reused"] for each in manifests)
    assert (first["days"], first["rows"]) == (0, 0)
    assert 0 < second["days"] <= third["days"] < third["labelDays"]
    assert 0 < second["rows"] <= third["rows"]


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_one_more_day_reads_the_files_in_its_reach(
    storage: FileStorage,
    spark: SparkSession,  # noqa: ARG001
    engine: str,
) -> None:
    land(storage, prompt_flights(7), NEAR)

    first = build(storage, FIRST, "sets/first/", engine)
    second = build(storage, SECOND, "sets/second/", engine)

    build(storage, SECOND, "sets/rebuilt/", code=None)
    assert_same_set(storage, "sets/second/", "sets/rebuilt/")
    # The file of the eighteenth has labels of the seventeenth, which looks back to the fifteenth.
    assert second["reused"]["labelDays"] - second["reused"]["days"] == 2
    assert second["bytesRead"] == size_between(storage, 9, 12)
    assert first["bytesRead"] == size_between(storage, 0, 11)


def test_the_same_slot_again_opens_only_what_is_not_whole(storage: FileStorage) -> None:
    land(storage, prompt_flights(8), NEAR)
    build(storage, FIRST, "sets/first/")

    whole = build(storage, FIRST, "sets/again/")
    cut = build(storage, "2001-01-18T06:00:00Z", "sets/later/")

    assert whole["reused"]["days"] == whole["reused"]["labelDays"] == 10
    assert whole["bytesRead"] == 0
    assert_same_set(storage, "sets/again/", "sets/first/")
    # The history begins within the eighth, of which the rest is taken.
    assert cut["reused"]["days"] == cut["reused"]["labelDays"] == 10
    assert 0 < cut["reused"]["rows"] < whole["reused"]["rows"]
    assert cut["bytesRead"] == 0
    build(storage, "2001-01-18T06:00:00Z", "sets/rebuilt/", code=None)
    assert_same_set(storage, "sets/later/", "sets/rebuilt/")


def test_a_late_unit_costs_the_days_in_its_reach(storage: FileStorage) -> None:
    flights = prompt_flights(9)
    land(storage, flights, NEAR)
    build(storage, SECOND, "sets/before/")
    late = replace(flights[0], departure=(FIRST_DAY + 6) * DAY + HOUR, delay=30, known=(FIRST_DAY + 7) * DAY)
    land(storage, flights, NEAR, late=[late])

    after = build(storage, SECOND, "sets/after/")

    build(storage, SECOND, "sets/rebuilt/", code=None)
    assert_same_set(storage, "sets/after/", "sets/rebuilt/")
    # Its label lies on the day before; the twelfth, thirteenth and fourteenth can look back to it.
    assert after["reused"]["labelDays"] - after["reused"]["days"] == 4
    assert after["bytesRead"] == size_between(storage, 3, 9)


def test_labels_that_become_known_later_are_taken_in(storage: FileStorage) -> None:
    flights = prompt_flights(10)
    at = (FIRST_DAY + 8) * DAY + 12 * HOUR
    slow = replace(flights[0], departure=at, delay=30, known=(FIRST_DAY + 12) * DAY + HOUR)
    land(storage, [*flights, slow], NEAR)

    first = build(storage, FIRST, "sets/first/")
    second = build(storage, SECOND, "sets/second/")

    build(storage, SECOND, "sets/rebuilt/", code=None)
    assert_same_set(storage, "sets/second/", "sets/rebuilt/")
    assert first["reused"]["days"] == 0
    # Beside the two days of the new file, the day that was not settled at the first slot.
    assert second["reused"]["labelDays"] - second["reused"]["days"] == 3


SHARES = {"kind": "by-time", "train": 0.3, "validation": 0.4, "test": 0.3, "embargoMicroseconds": 30 * HOUR}
CHANGES = [
    pytest.param({}, "other code", False, id="code"),
    pytest.param({"views": [view("origin", ["origin"], windows=(("1h", HOUR),))]}, "code", False, id="a window"),
    pytest.param({"labelFeatures": ["time_of_day", "own_level"]}, "code", False, id="order of the labels' columns"),
    pytest.param({"split": SHARES}, "code", True, id="the split"),
    pytest.param({"historyMicroseconds": 7 * DAY}, "code", True, id="the history"),
]


@pytest.mark.parametrize(("changes", "code", "reuses"), CHANGES)
def test_reuses_what_the_same_program_and_code_made(
    storage: FileStorage, changes: dict[str, Any], code: str, reuses: bool
) -> None:
    land(storage, prompt_flights(11), NEAR)
    build(storage, FIRST, "sets/first/")
    changed = program(**{"views": NEAR["views"], "labelsByRow": True, **changes})
    write_json(storage, "program.json", changed)

    manifest = build(storage, FIRST, "sets/changed/", code=code)

    build(storage, FIRST, "sets/rebuilt/", code=None)
    assert_same_set(storage, "sets/changed/", "sets/rebuilt/")
    assert manifest["reused"]["days"] == (manifest["reused"]["labelDays"] if reuses else 0)


def test_what_is_not_kept_whole_is_computed_and_kept_again(storage: FileStorage) -> None:
    land(storage, prompt_flights(12), NEAR)
    build(storage, FIRST, "sets/first/")
    no_part, short_part, no_histograms, short_record, no_record, *others = kept_days(storage)
    (no_part / "part.parquet").unlink()
    short = (short_part / "part.parquet").read_bytes()[:-1]
    (short_part / "part.parquet").unlink()
    (short_part / "part.parquet").write_bytes(short)
    (no_histograms / "histograms.json").unlink()
    (short_record / "record.json").write_bytes((short_record / "record.json").read_bytes()[:50])
    (no_record / "record.json").unlink()

    mended = build(storage, FIRST, "sets/mended/")
    again = build(storage, FIRST, "sets/again/")

    assert mended["reused"]["days"] == len(others) == 5
    assert again["reused"]["days"] == 10
    build(storage, FIRST, "sets/rebuilt/", code=None)
    assert_same_set(storage, "sets/mended/", "sets/rebuilt/")
    assert_same_set(storage, "sets/again/", "sets/rebuilt/")


def test_another_static_table_reuses_nothing(storage: FileStorage) -> None:
    publish_sources(storage, described(labelsByRow=True), AIRPORTS)
    build(storage, FIRST, "sets/first/")
    again = build(storage, FIRST, "sets/again/")
    publish_sources(storage, described(labelsByRow=True), [*AIRPORTS, ("AB", 3)])

    other = build(storage, FIRST, "sets/other/")

    build(storage, FIRST, "sets/rebuilt/", code=None)
    assert_same_set(storage, "sets/other/", "sets/rebuilt/")
    assert again["reused"]["days"] > 0
    assert other["reused"]["days"] == 0


BY_ENTITY = {"kind": "by-entity", "entity": ["origin"], "train": 0.4, "validation": 0.3, "test": 0.3}


@pytest.mark.parametrize("changes", [{"labelsByRow": False}, {"split": BY_ENTITY}], ids=["versions", "by entity"])
def test_labels_of_several_versions_and_splits_by_entity_keep_nothing(
    storage: FileStorage, changes: dict[str, Any]
) -> None:
    land(storage, prompt_flights(13), {**NEAR, **changes})

    build(storage, FIRST, "sets/first/")
    manifest = build(storage, FIRST, "sets/again/")

    assert manifest["reused"] == {"days": 0, "labelDays": manifest["reused"]["labelDays"], "rows": 0}
    assert kept_days(storage) == []
