"""What a slot reads: its reach and no more, whatever landed since and in whatever order."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from curated_lake import DAY, arguments, publish, read_json, write_inputs, written_files
from every_feature_lake import SLOT, random_lake
from every_feature_program import VIEWS, program
from glue import build_training_set

if TYPE_CHECKING:
    from engines.file_storage import FileStorage

ALL_TRAIN = {"kind": "by-time", "train": 1, "validation": 0, "test": 0, "embargoMicroseconds": 0}
EARLIER = "2001-01-16T06:00:00Z"
# Each of these looks back three days at most.
NEAR = [view for view in VIEWS if view["name"] in ("zone_trips", "route_trips", "target_readings", "zone_facts")]


def test_what_landed_after_a_slot_does_not_change_its_set(storage: FileStorage) -> None:
    publish(storage, random_lake(30), program(), EARLIER)
    units = read_json(storage, "inputs.json")["units"]
    landed = [unit for unit in units if unit["unit"] <= EARLIER[:10]]
    Random(30).shuffle(units)  # noqa: S311 - test data

    assert build_training_set.main(arguments("duckdb", "sets/all/")) == 0
    write_inputs(storage, landed, EARLIER)
    assert build_training_set.main(arguments("duckdb", "sets/then/")) == 0
    write_inputs(storage, units, EARLIER)
    assert build_training_set.main(arguments("duckdb", "sets/shuffled/")) == 0

    then = written_files(storage, "sets/then/a/")
    assert 0 < len(landed) < len(units)
    assert len(then) > 3
    assert written_files(storage, "sets/all/a/") == then
    assert written_files(storage, "sets/shuffled/a/") == then


@pytest.mark.parametrize(("slot", "first_day"), [(SLOT, "2001-01-15"), ("2001-01-21T06:00:00Z", "2001-01-16")])
def test_a_slot_reads_the_files_of_its_reach_alone(storage: FileStorage, slot: str, first_day: str) -> None:
    publish(storage, random_lake(31), program(views=NEAR, historyMicroseconds=2 * DAY, split=ALL_TRAIN), slot)
    assert build_training_set.main(arguments("duckdb", "sets/whole/")) == 0
    files = published_files(storage)
    reached = {name: [each for each in listed if each["day"] >= first_day] for name, listed in files.items()}
    reached["zones"] = [each for each in files["zones"] if each["day"] == "2001-01-12"]
    for listed in files.values():
        for each in listed:
            if all(each not in kept for kept in reached.values()):
                Path(str(storage.local_path(f"s3://data/{each['key']}"))).unlink()

    assert build_training_set.main(arguments("duckdb", "sets/reach/")) == 0

    assert written_files(storage, "sets/reach/a/") == written_files(storage, "sets/whole/a/")
    manifest = read_json(storage, "sets/reach/manifest.json")
    assert manifest["sources"] == [
        {"name": name, "bytesRead": size_of(reached[name]), "bytesPresent": size_of(files[name])}
        for name in ("trips", "readings", "zones")
    ]
    assert manifest["bytesRead"] == sum(map(size_of, reached.values())) < manifest["bytesPresent"]


def published_files(storage: FileStorage) -> dict[str, list[dict[str, Any]]]:
    """Every published file, by source."""
    files: dict[str, list[dict[str, Any]]] = {"trips": [], "readings": [], "zones": []}
    for unit in read_json(storage, "inputs.json")["units"]:
        files[unit["source"]] += read_json(storage, unit["manifest"])["files"]
    return files


def size_of(files: list[dict[str, Any]]) -> int:
    return sum(each["size"] for each in files)
