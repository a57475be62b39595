"""An expression that leaves the 64-bit integers ends a job by what it is the expression of, on either engine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from glue import build_training_set
from random_lake import BUCKET, HOUR, PREFIX, SLOT_TIME, Flight, arguments, program, publish_lake

if TYPE_CHECKING:
    from engines.file_storage import FileStorage

LARGE = "delay * 9007199254740991"
"""Overflows where the delay is more than 1024."""

EXPRESSIONS = {
    "the time or the value of the label (label.at, label.is)": (
        "CAST(delay >= 15 AS INT) AS label",
        f"CAST({LARGE} >= 15 AS INT) AS label",
    ),
    "the feature own_level of the label's row": ("level AS own_level", f"{LARGE} AS own_level"),
    "the filter of the view origin (where)": (
        "AS late FROM flights",
        f"AS late FROM flights WHERE {LARGE} % 7 < 9",
    ),
    "the expression of late_share in the view origin": (
        "CAST(delay >= 15 AS INT) AS late FROM",
        f"CAST({LARGE} >= 15 AS INT) AS late FROM",
    ),
}


def flights() -> list[Flight]:
    departures = (SLOT_TIME - 90 * HOUR + hour * HOUR for hour in range(9))
    return [
        Flight(departure=at, delay=2_000, level=None, origin="A", destination="C", key=None, known=at + HOUR)
        for at in departures
    ]


def changed(expression: str) -> dict[str, Any]:
    before, after = EXPRESSIONS[expression]
    text = json.dumps(program())
    assert before in text
    return json.loads(text.replace(before, after))


def assert_named(storage: FileStorage, engine: str, expression: str, capsys: pytest.CaptureFixture[str]) -> None:
    publish_lake(storage, flights(), changed(expression))

    assert build_training_set.main(arguments(engine)) == 1

    line = capsys.readouterr().err.splitlines()[-1]
    assert line.startswith(
        f"ERROR EXPRESSION_OVERFLOW: {expression} overflows: a whole number leaves 64 bits (fix: bound"
    )
    assert storage.head(f"s3://{BUCKET}/{PREFIX}manifest.json") is None


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_overflow_is_named_by_its_expression(
    storage: FileStorage, expression: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert_named(storage, "duckdb", expression, capsys)


@pytest.mark.parametrize("expression", [*EXPRESSIONS][1::2])
@pytest.mark.usefixtures("spark")
def test_an_overflow_inside_of_a_spark_task_is_named_the_same(
    storage: FileStorage, expression: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert_named(storage, "spark", expression, capsys)


def test_another_error_of_the_engine_stays_what_it_is(storage: FileStorage) -> None:
    text = json.dumps(program()).replace("level AS own_level", "nothing AS own_level")
    publish_lake(storage, flights(), json.loads(text))

    with pytest.raises(Exception, match='Referenced column "nothing" not found'):
        build_training_set.main(arguments("duckdb"))
