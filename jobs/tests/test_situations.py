"""Bad situations at run time: each has its one stated answer, the same on both engines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from curated_lake import BUCKET, SourceRows, arguments, publish, read_rows, written_files
from engines.file_storage import FileStorage
from engines.storage_choice import OBJECT_ROOT
from glue import build_training_set
from situation_lake import lake, program
from situations import NOON, SITUATIONS, SLOT, Situation, row

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


def lake_with(source: str, *rows: dict[str, Any]) -> list[SourceRows]:
    """The lake with more rows of a source, each like its last one but for what it says."""
    return [
        replace(each, rows=[*each.rows, *({**each.rows[-1], **more} for more in rows)]) if each.name == source else each
        for each in lake()
    ]


def event(**given: Any) -> dict[str, Any]:  # noqa: ANN401
    made = {**row(NOON - 1, **given), "subject": "no rows at all", "other": "x"}
    return {**made, "known_time": made["known"]}


def labels_that_select(expression: str) -> dict[str, Any]:
    """Changes of the program: one more feature of the labels themselves."""
    given = program()
    labels = {
        engine: sql.replace("number FROM", f"number, {expression} AS ratio FROM")
        for engine, sql in given["labels"].items()
    }
    return {"labels": labels, "labelFeatures": ["number", "ratio"], "features": [*given["features"], "ratio"]}


INFINITE = float("inf")
ERRORS = [
    pytest.param(
        lake_with("events", event(large=1 << 62), event(large=1 << 62)),
        {},
        "SUM_OVERFLOW: plain__large_1h overflows: 2 rows in a window add up to 9223372036854775808",
        id="an exact sum that is no 64-bit integer",
    ),
    pytest.param(
        lake_with("events", event(level=float("nan"))),
        {},
        "NOT_FINITE: plain__levels_1h reads level",
        id="NaN in a window",
    ),
    pytest.param(
        lake_with("events", event(level=-INFINITE)),
        {},
        "NOT_FINITE: plain__levels_1h reads level",
        id="an infinite value",
    ),
    pytest.param(
        lake_with("fixed", {"subject": "broken", "height": INFINITE}),
        {},
        "NOT_FINITE: fixed__height reads height",
        id="an infinite value of a static table",
    ),
    pytest.param(
        lake(),
        labels_that_select("CAST('NaN' AS DOUBLE)"),
        "NOT_FINITE: ratio",
        id="NaN in a feature of the label's row",
    ),
    pytest.param(
        lake_with("fixed", {"subject": "twice", "size": 1}, {"subject": "twice", "size": 1}),
        {},
        "STATIC_KEY_REPEATED: ",
        id="two rows of a static table with one key",
    ),
    pytest.param(
        lake_with("events", event(fact="moves"), {**event(fact="moves"), "happened": NOON - 2}),
        {},
        "ROW_KEY_CHANGED: versions of row key 'moves'",
        id="a version that moves in time",
    ),
    pytest.param(
        lake_with("events", event(fact="changes"), {**event(fact="changes"), "other": None}),
        {},
        "ROW_KEY_CHANGED: versions of row key 'changes'",
        id="a version of another entity",
    ),
]


@pytest.mark.parametrize(("sources", "changes", "told"), ERRORS)
def test_what_is_wrong_is_one_line_with_its_fix(
    storage: FileStorage,
    capsys: pytest.CaptureFixture[str],
    sources: list[SourceRows],
    changes: dict[str, Any],
    told: str,
) -> None:
    publish(storage, sources, program(**changes), SLOT)

    assert build_training_set.main(arguments("duckdb", "set/")) == 1

    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"ERROR {told}")
    assert "(fix: " in line
    assert storage.head(f"s3://{BUCKET}/set/manifest.json") is None


def test_spark_tells_the_same_line(
    storage: FileStorage,
    capsys: pytest.CaptureFixture[str],
    spark: SparkSession,  # noqa: ARG001
) -> None:
    publish(storage, lake_with("events", event(level=float("nan"))), program(), SLOT)

    lines = []
    for engine in ("duckdb", "spark"):
        assert build_training_set.main(arguments(engine, "set/")) == 1
        lines.append(capsys.readouterr().err.splitlines()[-1])

    assert lines[0].startswith("ERROR NOT_FINITE: plain__levels_1h reads level: 1 of ")
    assert lines[1].split(": 1 of ")[0] == lines[0].split(": 1 of ")[0]
