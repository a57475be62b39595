"""Bad situations at run time: each has its one stated answer, the same on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from curated_lake import arguments, publish, read_rows, written_files
from engines.file_storage import FileStorage
from engines.storage_choice import OBJECT_ROOT
from glue import build_training_set
from situations import SITUATIONS, SLOT, Situation, lake, program

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    Rows = list[dict[str, Any]]

FIRST_LABEL = dict(
    zip(
        (each.name for each in SITUATIONS),
        (sum(len(each.labels) for each in SITUATIONS[:index]) for index in range(len(SITUATIONS))),
        strict=True,
    )
)


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory, spark: SparkSession) -> dict[str, Rows]:  # noqa: ARG001
    """By engine, the set of all situations in the order of their labels."""
    root = tmp_path_factory.mktemp("situations")
    storage = FileStorage(root)
    publish(storage, lake(), program(), SLOT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(OBJECT_ROOT, str(root))
        for engine in ("duckdb", "spark"):
            assert build_training_set.main(arguments(engine, f"sets/{engine}/")) == 0
    assert written_files(storage, "sets/spark/a/") == written_files(storage, "sets/duckdb/a/")
    return {
        engine: sorted(read_rows(storage, f"sets/{engine}/", "train"), key=lambda row: row["number"])
        for engine in ("duckdb", "spark")
    }


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
def test_has_its_one_answer(sets: dict[str, Rows], situation: Situation) -> None:
    first = FIRST_LABEL[situation.name]
    for rows in sets.values():
        found = rows[first : first + len(situation.labels)]
        assert [
            {name: row[name] for name in told} for row, told in zip(found, situation.expected, strict=True)
        ] == situation.expected
