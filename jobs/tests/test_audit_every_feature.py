"""The leak audit over every kind of feature: what the kernel computes and what range joins compute is the same.

Some labels of the lake were known before they were asked for, which the audit tells; of features it tells nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from curated_lake import BUCKET, DAY, arguments, publish, write_json
from every_feature_lake import HOUR, SLOT, random_lake
from every_feature_program import aggregate, program, trip_view, window
from glue import audit_training_set, build_training_set

if TYPE_CHECKING:
    from pathlib import Path

    from engines.file_storage import FileStorage


def audited(engine: str, output: Path) -> dict[str, Any]:
    given = {
        "program": f"s3://{BUCKET}/program.json",
        "inputs": f"s3://{BUCKET}/inputs.json",
        "training-set": f"s3://{BUCKET}/set/manifest.json",
        "rows": "all",
        "engine": engine,
        "output": str(output),
    }
    assert audit_training_set.main([part for name, value in given.items() for part in (f"--{name}", value)]) == 0
    return json.loads(output.read_text())


@pytest.mark.parametrize("seed", [21, 22])
def test_no_feature_of_ours_differs_from_range_joins(storage: FileStorage, tmp_path: Path, seed: int) -> None:
    described = program()
    publish(storage, random_lake(seed), described, SLOT)
    assert build_training_set.main(arguments("duckdb", "set/")) == 0

    report = audited("duckdb", tmp_path / "report.json")

    assert {each["kind"] for each in report["findings"]} == {"label-known"}
    assert report["features"] == {"checked": described["features"], "unchecked": []}
    assert report["rows"]["audited"] == report["rows"]["inSet"] > 50


AGGREGATES = [
    aggregate("last-n", "recent", "riders", count=2),
    aggregate("quantile", "median_fare", "cents", scale=2, quantile="0.5"),
]


def small_program(more: int = 0) -> dict[str, Any]:
    """A view of an integer, and one of a text whose last window is longer than its name says."""
    hopping = window("36h_by_6h", 36 * HOUR, hop=6 * HOUR, start="closed")
    lines, zones = [hopping, window("2d", 2 * DAY)], [hopping, window("2d", 2 * DAY + more)]
    given = {"aggregates": AGGREGATES, "corrects": True}
    return program(
        views=[
            trip_view("lines", {"line": "line"}, windows=lines, **given),
            trip_view("zones", {"zone": "zone"}, windows=zones, **given),
        ]
    )


@pytest.mark.usefixtures("spark")
def test_spark_finds_the_planted_leak_and_no_other(storage: FileStorage, tmp_path: Path) -> None:
    declared = small_program()
    publish(storage, random_lake(25, facts=100)[:1], small_program(more=HOUR), SLOT)
    assert build_training_set.main(arguments("duckdb", "set/")) == 0
    write_json(storage, "program.json", declared)

    report = audited("spark", tmp_path / "spark.json")

    assert report == {**audited("duckdb", tmp_path / "duckdb.json"), "engine": "spark"}
    assert report["features"] == {"checked": declared["features"], "unchecked": []}
    of_features = [each for each in report["findings"] if each["kind"] == "feature"]
    assert {each["feature"] for each in of_features} == {"zones__median_fare_2d"}
    assert {each["explanation"] for each in of_features} == {"window-longer"}
    assert {each["offendingRow"]["reason"] for each in of_features} == {"outside-window"}
