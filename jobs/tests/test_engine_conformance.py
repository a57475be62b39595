"""Point-in-time cases of other systems' public suites, answered by the training-set job itself on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from curated_lake import arguments, publish, read_rows
from engines.file_storage import FileStorage
from engines.storage_choice import OBJECT_ROOT
from glue import build_training_set
from pit_cases import (
    LARGEST_SUM,
    RECORDED,
    comparable,
    expected_rows,
    questions,
    reason_not_expressible,
    sum_case,
)
from pit_lake import SLOT, column_of, lake_of, program_of

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    Answers = dict[str, list[Any]]

ABSENT = pytest.mark.skipif(
    not RECORDED["cases"], reason="the recorded cases (../shared/conformance/pit-cases.json) are not here"
)
NOT_EXPRESSIBLE = {
    "spark-doc-tuple": "sequence matches",
    "chronon-cdc-simple": "before-images of a change log",
    "chronon-cdc-update-value": "before-images of a change log",
    "chronon-cdc-update-key": "before-images of a change log",
    "chronon-cdc-label-other-day": "before-images of a change log",
    "chronon-cdc-decayed": "before-images of a change log",
    "chronon-cdc-decayed-no-mutation": "before-images of a change log",
    "chronon-cdc-no-snapshot": "before-images of a change log",
    "chronon-label-window": "a window that starts at the label",
    "feathr-grouped-sum": "a map per group",
    "feathr-null-keys": "a map per group",
}
TOO_LARGE = [f"duckdb-generated-{size}" for size in ("100x50", "1000x5", "1000x50", "10000x50")]
CASES = [case for case in RECORDED["cases"] if reason_not_expressible(case) is None]
SUMS = [each for each in RECORDED["generatedSums"] if each["buildRows"] <= LARGEST_SUM]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory, spark: SparkSession) -> dict[str, Answers]:  # noqa: ARG001
    """By engine, each question's values in the order of its labels: one job an engine answers them all."""
    asked = [question for case in (*CASES, *map(sum_case, SUMS)) for question in questions(case)]
    root = tmp_path_factory.mktemp("cases")
    storage = FileStorage(root)
    publish(storage, lake_of(asked), program_of(asked), SLOT)
    found: dict[str, Answers] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(OBJECT_ROOT, str(root))
        for engine in ("duckdb", "spark"):
            assert build_training_set.main(arguments(engine, f"sets/{engine}/")) == 0
            rows = sorted(read_rows(storage, f"sets/{engine}/", "train"), key=lambda row: row["number"])
            of_question: dict[str, list[dict[str, Any]]] = {}
            for row in rows:
                of_question.setdefault(row["question"], []).append(row)
            found[engine] = {
                each.name: [row[column_of(each.answer, asked)] for row in of_question.get(each.name, [])]
                for each in asked
            }
    return found


@ABSENT
def test_every_case_is_answered_or_listed_with_its_reason() -> None:
    reasons = {case["id"]: reason_not_expressible(case) for case in RECORDED["cases"]}

    assert {name: reason for name, reason in reasons.items() if reason} == NOT_EXPRESSIBLE
    assert [each["id"] for each in RECORDED["generatedSums"] if each not in SUMS] == TOO_LARGE


@ABSENT
@pytest.mark.parametrize("engine", ["duckdb", "spark"])
@pytest.mark.parametrize("case", CASES or [None], ids=lambda case: case["id"] if case else "none")
def test_recorded_case(answers: dict[str, Answers], engine: str, case: dict[str, Any]) -> None:
    computed = expected_rows(case, answers[engine])

    columns = case["expected"]["columns"]
    assert sorted([comparable(row[name]) for name in columns] for row in computed) == sorted(
        [comparable(value) for value in row] for row in case["expected"]["rows"]
    )


@ABSENT
@pytest.mark.parametrize("engine", ["duckdb", "spark"])
@pytest.mark.parametrize("generated", SUMS or [None], ids=lambda case: case["id"] if case else "none")
def test_recorded_sum(answers: dict[str, Answers], engine: str, generated: dict[str, Any]) -> None:
    computed = expected_rows(sum_case(generated), answers[engine])

    assert {"sum_v": sum(row["v"] for row in computed), "rows": len(computed)} == generated["expected"]
