"""All questions of the recorded cases as one lake and one training-set program: a question is part of every entity."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from curated_lake import DAY, SourceRows, iso_day, microseconds, source_schema
from every_feature_program import aggregate, both, columns_of, view, window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pit_cases import Answer, Question

SLOT = "2030-01-01T00:00:00Z"
ENTITY = {"question": "question", "entity": "entity"}


def _columns(**kinds: str) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in kinds.items()]


LABELS = _columns(question="text", entity="text", happened="timestamp", number="integer")
ROWS = _columns(
    question="text", entity="text", happened="timestamp", family="text",
    units="integer", word="text", first_tie="integer", second_tie="integer",
)  # fmt: skip
STATIC = _columns(question="text", entity="text", units="integer")


def lake_of(asked: Sequence[Question]) -> list[SourceRows]:
    """Labels, rows with times, and rows of static tables."""
    labels = [
        {**label, "question": each.name, "happened": label["time"], "known_time": label["time"]}
        for each in asked
        for label in each.labels
    ]
    rows = [
        {
            "question": each.name,
            "entity": row["entity"],
            "happened": row["event"],
            "known_time": row["known"],
            "family": family(each.answer),
            "units": row["units"] if isinstance(row["units"], int) else None,
            "word": None if row["units"] is None else json.dumps(row["units"]),
            "first_tie": row["ties"][0],
            "second_tie": row["ties"][1],
        }
        for each in asked
        for row in each.rows
    ]
    timed = [{**row, "_unit": iso_day(row["happened"])} for row in rows if row["happened"] is not None]
    static = [{**row, "_unit": "2029-12-31"} for row in rows if row["family"] == "static"]
    return [
        SourceRows("labels", LABELS, "happened", [{**row, "_unit": iso_day(row["happened"])} for row in labels]),
        SourceRows("cases", ROWS, "happened", timed),
        SourceRows("tables", STATIC, None, static),
    ]


def family(answer: Answer) -> str:
    """Which view answers: windows are all of one view, latest values of one for each time to live."""
    if answer.kind == "static":
        return "static"
    return "windows" if answer.window else f"latest_{answer.ttl}"


def column_of(answer: Answer, asked: Sequence[Question]) -> str:
    """The column of the set that holds an answer."""
    if answer.window is None:
        return f"{family(answer)}__newest"
    return f"windows__{_name(answer)}_w{_windows(asked).index(answer.window)}"


def _name(answer: Answer) -> str:
    return f"{answer.kind}{'' if answer.default is None else f'_or_{answer.default:g}'}".replace("-", "_")


def _windows(asked: Sequence[Question]) -> list[Any]:
    return list(dict.fromkeys(each.answer.window for each in asked if each.answer.window))


def program_of(asked: Sequence[Question]) -> dict[str, Any]:
    """The program that answers all questions: every row is train."""
    answers = list(dict.fromkeys(each.answer for each in asked))
    ttls = dict.fromkeys(each.ttl for each in answers if each.kind == "latest")
    views = [_windowed_view(answers, asked), *(_latest_view(ttl) for ttl in ttls), _static_view()]
    return {
        "kind": "training-set",
        "version": 3,
        "pipeline": "cases",
        "sources": [
            source_schema("labels", "events", LABELS, views),
            source_schema("cases", "events", ROWS, views),
            source_schema("tables", "static", STATIC, views),
        ],
        "labels": both(
            "SELECT MICROS(happened) AS label_time, MICROS(known_time) AS known_time, CAST(0 AS INT) AS label, "
            "question, entity, number FROM labels"
        ),
        "entityColumns": [{"name": "question", "type": "text"}, {"name": "entity", "type": "text"}],
        "labelFeatures": ["number"],
        "views": views,
        "derived": [],
        "features": ["number", *(name for each in views for name in columns_of(each))],
        "historyMicroseconds": microseconds(SLOT) + 100 * DAY,
        "split": {"kind": "by-time", "train": 1, "validation": 0, "test": 0, "embargoMicroseconds": 0},
    }


def _windowed_view(answers: Sequence[Answer], asked: Sequence[Question]) -> dict[str, Any]:
    windows = _windows(asked)
    over: dict[tuple[str, str, float | None], list[int]] = {}
    for each in answers:
        if each.window:
            over.setdefault((_name(each), each.kind, each.default), []).append(windows.index(each.window))
    aggregates = [
        aggregate(kind, name, "word" if kind.startswith("count") else "units", default=default, over=indices)
        for (name, kind, default), indices in over.items()
    ]
    spans = [window(f"w{index}", each.length, each.hop, each.start, each.end) for index, each in enumerate(windows)]
    return _view("windows", aggregates, windows=spans)


def _latest_view(ttl: int | None) -> dict[str, Any]:
    return _view(f"latest_{ttl}", [aggregate("latest", "newest", "units")], ttl=ttl)


def _view(name: str, aggregates: Sequence[dict[str, Any]], **given: Any) -> dict[str, Any]:  # noqa: ANN401
    events = both(
        "SELECT question, entity, MICROS(happened) AS event_time, MICROS(known_time) AS known_time, "
        f"units, word, first_tie, second_tie FROM cases WHERE family = '{name}'"
    )
    content = ["first_tie", "second_tie"]
    operands = {"units": "integer", "word": "text"}
    return view(name, "cases", ENTITY, aggregates, events=events, operands=operands, content=content, **given)


def _static_view() -> dict[str, Any]:
    events = both("SELECT question, entity, units FROM tables")
    newest = [aggregate("latest", "newest", "units")]
    return view("static", "tables", ENTITY, newest, events=events, operands={"units": "integer"}, timeless=True)
