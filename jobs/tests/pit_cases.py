"""Recorded point-in-time cases as questions to a training set: whom, when, over which rows, and which column answers.

Each case states its own window ends, time to live, cutoff and ties; they become endpoints: an excluded head of a latest
value starts one microsecond later, an included tail of a time to live ends one later, a delay moves the label and what
was known, a number line counts in millionths. A latest value is asked for by the number of its row, so that a row with
NULLs can win as a whole; its values are looked up in the case.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any

Case = dict[str, Any]
Key = tuple[Any, ...]

CASES = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "pit-cases.json"
RECORDED: dict[str, Any] = json.loads(CASES.read_text()) if CASES.exists() else {"cases": [], "generatedSums": []}
KINDS = {"count": "count", "count_distinct": "count-distinct", "sum": "sum", "avg": "mean", "min": "min", "max": "max"}
KINDS["last"] = "last"
NO_START = 100_000 * 86_400_000_000
BEFORE_EVERYTHING = -30 * 86_400_000_000
LARGEST_SUM = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Window:
    """Ends of a window of an aggregate, lengths in microseconds."""

    length: int
    hop: int | None
    start: str
    end: str


@dataclass(frozen=True)
class Answer:
    """What answers: ``latest`` with a time to live, a ``static`` table, or an aggregate over a window."""

    kind: str
    ttl: int | None = None
    window: Window | None = None
    default: float | None = None


@dataclass(frozen=True)
class Question:
    """One column of a case: rows and labels that no other question sees, by the ``name`` that all of them carry."""

    name: str
    answer: Answer
    labels: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    values: list[Any] = field(default_factory=list)
    """Of a latest value: the column by number of row."""


def reason_not_expressible(case: Case) -> str | None:
    """Why no training-set program says a case; None where one does."""
    for view in case["query"]["views"]:
        if view["select"] == "cdc-aggregate":
            return "before-images of a change log"
        if view.get("seqMatch"):
            return "sequence matches"
        for feature in view["features"]:
            if feature.get("groupBy"):
                return "a map per group"
            if feature.get("direction"):
                return "a window that starts at the label"
    return None


def sum_case(generated: dict[str, Any]) -> Case:
    """A generated sum as a case: every row of build and probe."""
    size = re.search(r"-(\d+)x(\d+)$", generated["id"])
    minutes, keys = (int(size[1]), int(size[2])) if size else (10, 5)
    built, probed = (1, 2) if size else (2, 1)
    minute = {value: f"2001-01-01T{value // 60:02d}:{value % 60:02d}:00Z" for value in range(minutes)}
    pairs = [(value, key) for value in range(minutes) for key in range(keys)]
    before = {value: (units({"timeType": "timestamp"}, text) - 30_000_000) for value, text in minute.items()}
    view = {"name": "b", "table": "build", "keys": [["k", "k"]], "eventTime": "t", "select": "latest"}
    return {
        "id": generated["id"],
        "timeType": "microseconds",
        "tables": {
            "build": {
                "columns": [["k", "int64"], ["t", "int64"], ["v", "int64"]],
                "rows": [[built * key, before[value] + 30_000_000, value] for value, key in pairs],
            },
            "probe": {
                "columns": [["k", "int64"], ["t", "int64"]],
                "rows": [[probed * key, before[value]] for value, key in pairs],
            },
        },
        "query": {
            "mode": "spine",
            "join": "inner",
            "spine": {"table": "probe", "eventTime": "t"},
            "views": [{**view, "features": [{"column": "v", "as": "v"}]}],
        },
    }


def units(case: Case, value: Any) -> int:  # noqa: ANN401
    """Microseconds of an instant; millionths of a number."""
    if case["timeType"] == "microseconds":
        return value
    if case["timeType"] == "timestamp":
        return (datetime.fromisoformat(value.replace("Z", "+00:00")) - _EPOCH) // timedelta(microseconds=1)
    return millionths(value)


def millionths(length: float) -> int:
    """A length in microseconds; of a number line in millionths."""
    return int(Fraction(str(length)) * 1_000_000)


class Table:
    """A table of a case as dicts."""

    def __init__(self, case: Case, name: str) -> None:
        names = [column for column, _ in case["tables"][name]["columns"]]
        self.case = case
        self.rows = [dict(zip(names, row, strict=True)) for row in case["tables"][name]["rows"]]

    def keys(self, names: list[str]) -> list[Key]:
        """The rows' keys."""
        return [tuple(row[name] for name in names) for row in self.rows]

    def times(self, name: str | None) -> list[int | None]:
        """Times in units; a table without times lies at zero."""
        return [None if name is None or row[name] is None else units(self.case, row[name]) for row in self.rows]


def spine(case: Case) -> tuple[list[dict[str, Any]], list[int]]:
    """What the case asks for: rows, and when; a row without a time is asked for before everything."""
    query = case["query"]
    if query["mode"] == "snapshot":
        names = query["views"][0]["keyColumns"]
        keys = [key for key in Table(case, query["views"][0]["table"]).keys(names) if None not in key]
        rows = [dict(zip(names, key, strict=True)) for key in dict.fromkeys(keys)]
        return rows, [units(case, query["asOf"])] * len(rows)
    table = Table(case, query["spine"]["table"])
    times = table.times(query["spine"]["eventTime"])
    return table.rows, [BEFORE_EVERYTHING if time is None else time for time in times]


def entity(key: Key) -> str | None:
    """A key as one text; None where a part of it is NULL, which joins nothing."""
    whole = [int(part) if isinstance(part, float) and part.is_integer() else part for part in key]
    return None if None in whole else json.dumps(whole)


def questions(case: Case) -> list[Question]:
    """One question for each column that views add."""
    return [
        _latest(case, view, feature) if view["select"] == "latest" else _windowed(case, view, feature)
        for view in case["query"]["views"]
        for feature in view["features"]
    ]


def _labels(case: Case, view: dict[str, Any], delay: int) -> list[dict[str, Any]]:
    asked, times = spine(case)
    names = view.get("keyColumns") or [left for left, _ in view["keys"]]
    return [
        {"entity": entity(tuple(row[name] for name in names)), "time": time - delay, "number": number}
        for number, (row, time) in enumerate(zip(asked, times, strict=True))
    ]


def _rows(case: Case, view: dict[str, Any]) -> list[dict[str, Any]]:
    """A view's rows that pass its filters, with entity, times, and what decides ties."""
    table = Table(case, view["table"])
    keys = table.keys(view.get("keyColumns") or [right for _, right in view["keys"]])
    created = table.times(view.get("createdTime"))
    since = None if case["query"].get("from") is None else units(case, case["query"]["from"])
    made = []
    for number, (row, key, event) in enumerate(zip(table.rows, keys, table.times(view["eventTime"]), strict=True)):
        known = {"createdTime": created[number], "rowOrder": number}
        ties = [known[tie] if tie in known else row[tie] for tie in view.get("ties", ["rowOrder"])]
        passes = matches(row, view.get("where")) and (since is None or (event is not None and event >= since))
        if passes and (event is not None or view["eventTime"] is None):
            of_row = {"entity": entity(key), "event": event, "created": created[number], "number": number}
            made.append({**of_row, "ties": [*ties, None, None][:2], "row": row})
    return made


def matches(row: dict[str, Any], where: dict[str, list[Any]] | None) -> bool:
    return all(row[name] in allowed for name, allowed in (where or {}).items())


def _latest(case: Case, view: dict[str, Any], feature: dict[str, Any]) -> Question:
    later = 0 if view.get("matchInclusive", True) else 1
    ttl, delay = view.get("ttl"), millionths(view.get("delay", 0))
    cutoff = view.get("createdCutoff") == "label"
    per_column = view.get("nullPolicy") == "per-column"
    rows = []
    for row in _rows(case, view):
        absent = per_column and row["row"][feature["column"]] is None
        known = row["event"] if not cutoff else None if row["created"] is None else row["created"] - delay
        event = None if row["event"] is None else row["event"] + later
        rows.append({**row, "event": event, "known": known, "units": None if absent else row["number"]})
    length = None if ttl is None else millionths(ttl) + int(view.get("ttlInclusive", True)) - later
    return Question(
        name=f"{case['id']}/{view['name']}/{feature['as']}",
        answer=Answer("static" if view["eventTime"] is None else "latest", ttl=length),
        labels=_labels(case, view, delay),
        rows=rows,
        values=[row[feature["column"]] for row in Table(case, view["table"]).rows],
    )


def _windowed(case: Case, view: dict[str, Any], feature: dict[str, Any]) -> Question:
    hop = None if feature.get("tailHop") is None else millionths(feature["tailHop"])
    window = Window(
        length=NO_START if feature["window"] is None else millionths(feature["window"]),
        hop=hop,
        start="closed" if feature["lower"] == "inclusive" else "open",
        end="closed" if feature["upper"] == "inclusive" else "open",
    )
    rows = [
        {**row, "known": row["event"], "units": row["row"][feature["column"]]}
        for row in _rows(case, view)
        if matches(row["row"], feature.get("where"))
    ]
    delay = millionths(feature.get("delay", view.get("delay", 0)))
    # A count is never NULL; where a case wants another value over no rows, `answered` says it.
    default = None if feature["agg"].startswith("count") else feature.get("default")
    return Question(
        name=f"{case['id']}/{view['name']}/{feature['as']}",
        answer=Answer(KINDS[feature["agg"]], window=window, default=default),
        labels=_labels(case, view, delay),
        rows=rows,
    )


def expected_rows(case: Case, answers: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """The case's rows, given each question's values by label; an inner join drops labels without a row in force."""
    rows = [dict(row) for row in spine(case)[0]]
    kept = [True] * len(rows)
    for view in case["query"]["views"]:
        for feature in view["features"]:
            values = answers[f"{case['id']}/{view['name']}/{feature['as']}"]
            if view["select"] == "latest" and (case["query"]["mode"] == "snapshot" or case["query"]["join"] == "inner"):
                kept = [keep and value is not None for keep, value in zip(kept, values, strict=True)]
            column = Table(case, view["table"]).rows
            for row, value in zip(rows, values, strict=True):
                row[feature["as"]] = _answered(view, feature, column, value)
    return [row for row, keep in zip(rows, kept, strict=True) if keep]


def _answered(view: dict[str, Any], feature: dict[str, Any], rows: list[dict[str, Any]], value: Any) -> Any:  # noqa: ANN401
    if view["select"] == "latest":
        return None if value is None else rows[value][feature["column"]]
    if feature["agg"].startswith("count") and value == 0:
        return feature.get("default", feature.get("emptyValue"))
    return value


def comparable(value: Any) -> str:  # noqa: ANN401
    """Numbers to nine digits, all else as JSON."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{float(value):.9g}"
    return json.dumps(value, sort_keys=True)
