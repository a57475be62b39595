"""The leak audit over every kind of feature: what the kernel computes and what range joins compute is the same.

Some labels of the lake were known before they were asked for, which the audit tells; of features it tells nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from curated_lake import BUCKET, arguments, publish
from every_feature_lake import SLOT, random_lake
from every_feature_program import program
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
