"""Landed files of several sources through both deployed scripts: ingest, then training set, on both engines."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from curated_lake import arguments, read_json, read_rows, written_files
from every_feature_lake import SLOT, SLOT_TIME, label_rows, random_lake, view_rows
from every_feature_program import program
from glue import build_training_set
from landed_lake import ingest_units, land, landable, publish_inputs, units_of
from naive_set import SPLITS, naive_set

if TYPE_CHECKING:
    from engines.file_storage import FileStorage
    from pyspark.sql import SparkSession


def test_both_scripts_give_the_definition_on_both_engines(
    storage: FileStorage,
    spark: SparkSession,  # noqa: ARG001
) -> None:
    lake, described = landable(random_lake(40)), program()
    landed = land(storage, lake)

    for engine in ("duckdb", "spark"):
        units = ingest_units(storage, [*landed.values()], engine, engine)
        publish_inputs(storage, units, described, SLOT)
        assert build_training_set.main(arguments(engine, f"sets/{engine}/")) == 0

    events = {view["name"]: view_rows(lake, view) for view in described["views"]}
    wanted = naive_set(described, label_rows(lake), events, SLOT_TIME)
    entities = [each["name"] for each in described["entityColumns"]]
    columns = ["label_time", "known_time", "label", *entities, *described["features"]]
    for split in SPLITS:
        expected = [{name: row[name] for name in columns} for row in wanted[split]]
        assert read_rows(storage, "sets/spark/", split) == expected
    assert written_files(storage, "sets/spark/a/") == written_files(storage, "sets/duckdb/a/")
    for source in ("trips", "readings", "zones"):
        curated = f"curated/{source}/data/b"
        assert written_files(storage, f"{curated}/spark/") == written_files(storage, f"{curated}/duckdb/")


def test_rows_without_a_known_time_are_quarantined_and_no_other(storage: FileStorage) -> None:
    lake = landable(random_lake(41))
    landed = land(storage, lake)

    ingest_units(storage, [*landed.values()], "duckdb", "a")

    reports = read_json(storage, "ingest/p/b/a/report.json")["units"]
    unknown = dict.fromkeys(units_of(lake), 0)
    for source in lake:
        for row in source.rows:
            unknown[source.name, row["_unit"]] += source.event is not None and row["known_time"] is None
    assert {(each["source"], each["unit"]): each["quarantined"] for each in reports} == unknown
    assert {reason for each in reports for reason in each["reasons"]} == {"known time: missing"}


def test_backfill_in_any_order_and_with_repeats_is_one_pass(storage: FileStorage) -> None:
    lake, described, random = landable(random_lake(42)), program(), Random(42)  # noqa: S311 - test data
    landed = land(storage, lake)
    publish_inputs(storage, ingest_units(storage, [*landed.values()], "duckdb", "once"), described, SLOT)
    assert build_training_set.main(arguments("duckdb", "sets/once/")) == 0

    shuffled = random.sample([*landed.values()], len(landed))
    third = len(shuffled) // 3
    batches = [shuffled[:third], shuffled[2 * third :], shuffled[third // 2 : 2 * third]]
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for number, batch in enumerate(batches):
        newest |= {
            (unit["source"], unit["unit"]): unit for unit in ingest_units(storage, batch, "duckdb", f"n{number}")
        }
    publish_inputs(storage, random.sample([*newest.values()], len(newest)), described, SLOT)
    assert build_training_set.main(arguments("duckdb", "sets/backfilled/")) == 0

    assert sum(map(len, batches)) > len(newest) == len(landed)
    assert written_files(storage, "sets/backfilled/a/") == written_files(storage, "sets/once/a/")
