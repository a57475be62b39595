"""Point-in-time cases of other systems' public suites, as far as intervals of this kernel can say them.

Each case states its own window ends, time to live, cutoff and ties; they become endpoints: an excluded head starts one
unit later, an included tail ends one later, a delay moves the label, a grouped map is one aggregate a group. What the
kernel cannot say is listed with its reason.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from core.aggregates import aggregate_column
from core.feature_program import Aggregate, AggregateKind
from core.float_order import order_keys
from core.label_line import LabelLine, Labels
from core.newest import NOBODY
from core.operand import Operand
from core.placed_column import PlacedColumn
from core.timeline import Events, Timeline
from core.window_rows import WindowColumn, WindowRows
from core.window_span import WindowSpan

CASES = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "pit-cases.json"
CASE_LIST = json.loads(CASES.read_text())["cases"] if CASES.exists() else []
KINDS: dict[str, AggregateKind] = {
    "count": "count",
    "count_distinct": "count-distinct",
    "sum": "sum",
    "avg": "mean",
    "min": "min",
    "max": "max",
    "last": "last",
}
BEGINNING = -(1 << 60)

BEFORE_IMAGES = "a change log whose before-images take rows back: here a fact has a row key, and corrections replace it"
NOT_EXPRESSIBLE = {
    "spark-doc-tuple": "a match on the order of (time, sequence) pairs; here a label has a time alone",
    "chronon-label-window": "a window that looks forward from the label",
    "chronon-cdc-simple": BEFORE_IMAGES,
    "chronon-cdc-update-value": BEFORE_IMAGES,
    "chronon-cdc-update-key": BEFORE_IMAGES,
    "chronon-cdc-label-other-day": BEFORE_IMAGES,
    "chronon-cdc-decayed": BEFORE_IMAGES,
    "chronon-cdc-decayed-no-mutation": BEFORE_IMAGES,
    "chronon-cdc-no-snapshot": BEFORE_IMAGES,
}


def is_expressible(case: dict[str, Any]) -> bool:
    """Whether each view looks back from a label's time over rows that stay, or are replaced."""
    return all(
        view["select"] != "cdc-aggregate"
        and not view.get("seqMatch")
        and not any(feature.get("direction") for feature in view["features"])
        for view in case["query"]["views"]
    )


class Frame:
    """A table of a case, with its times in whole units."""

    def __init__(self, case: dict[str, Any], name: str) -> None:
        table = case["tables"][name]
        self.names = [column for column, _ in table["columns"]]
        self.rows = table["rows"]
        self.case = case

    def column(self, name: str) -> list[Any]:
        """Values of a column."""
        index = self.names.index(name)
        return [row[index] for row in self.rows]

    def keys(self, names: list[str]) -> list[tuple[Any, ...]]:
        """Rows' keys; one empty key for all where there are no columns."""
        columns = [self.column(name) for name in names]
        return list(zip(*columns, strict=True)) if columns else [()] * len(self.rows)

    def times(self, name: str | None) -> list[int | None]:
        """Times in units; a table without times lies at zero."""
        if name is None:
            return [0] * len(self.rows)
        return [None if value is None else units(self.case, value) for value in self.column(name)]


def units(case: dict[str, Any], value: Any) -> int:  # noqa: ANN401
    """Microseconds of an instant; millionths of a number."""
    if case["timeType"] == "timestamp":
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
        return int(Fraction(str(moment.timestamp())) * 1_000_000)
    return int(Fraction(str(value)) * 1_000_000)


def codes(keys: list[tuple[Any, ...]], known: dict[tuple[Any, ...], int]) -> np.ndarray:
    return np.array([-1 if None in key else known.setdefault(key, len(known)) for key in keys], dtype=np.int64)


def integers(values: list[Any]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def operand(values: list[Any]) -> Operand:
    """Exact integers where all are, doubles otherwise; NULL as such."""
    valid = np.array([value is not None for value in values], dtype=bool)
    whole = all(value is None or float(value).is_integer() for value in values)
    filled = [0 if value is None else value for value in values]
    return Operand(np.array(filled, dtype=np.int64 if whole else np.float64), valid)


def by_label(timeline: Timeline, operand: Operand) -> list[Any]:
    """What stands at each label, in the order of the labels: None where it is NULL."""
    values = timeline.labels.in_given_order(operand.values).tolist()
    valid = None if operand.valid is None else timeline.labels.in_given_order(operand.valid).tolist()
    return (
        values
        if valid is None
        else [value if is_valid else None for value, is_valid in zip(values, valid, strict=True)]
    )


def matches(row: dict[str, Any], where: dict[str, list[Any]] | None) -> bool:
    return all(row[name] in allowed for name, allowed in (where or {}).items())


class Evaluated:
    """One view of a case at some label times."""

    def __init__(
        self, case: dict[str, Any], view: dict[str, Any], keys: list[tuple[Any, ...]], times: list[int]
    ) -> None:
        self.case, self.view, self.keys, self.times = case, view, keys, times
        frame = Frame(case, view["table"])
        names = view.get("keyColumns") or [right for _, right in view["keys"]]
        created = frame.times(view["createdTime"]) if view.get("createdTime") else [None] * len(frame.rows)
        self.rows = [
            {
                **dict(zip(frame.names, row, strict=True)),
                "_key": key,
                "_event": event,
                "_created": made,
                "_order": order,
            }
            for order, (row, key, event, made) in enumerate(
                zip(frame.rows, frame.keys(names), frame.times(view["eventTime"]), created, strict=True)
            )
        ]
        since = case["query"].get("from")
        self.rows = [
            row
            for row in self.rows
            if matches(row, view.get("where"))
            and row["_event"] is not None
            and (since is None or row["_event"] >= units(case, since))
        ]

    def timeline(self, rows: list[dict[str, Any]], event: list[int], known: list[int], delay: int) -> Timeline:
        """The kernel over the view's rows and the case's labels."""
        entities: dict[tuple[Any, ...], int] = {}
        of_rows = codes([row["_key"] for row in rows], entities)
        content = [self.tie(rows, tie) for tie in self.view.get("ties", ["rowOrder"])]
        of_labels = codes(self.keys, entities)

        def keys(chosen: np.ndarray) -> list[np.ndarray]:
            return [
                key
                for each in content
                for key in (each.valid[chosen].astype(np.int64), order_keys(each.values[chosen]))
            ]

        events = Events(of_rows, integers(event), integers(known), content=keys)
        return Timeline(events, LabelLine(Labels(of_labels, integers([time - delay for time in self.times]))))

    def tie(self, rows: list[dict[str, Any]], name: str) -> Operand:
        """What decides between rows of equal times."""
        column = {"createdTime": "_created", "rowOrder": "_order"}.get(name, name)
        return operand([row[column] for row in rows])

    def scaled(self, length: float | None) -> int | None:
        """A length in units."""
        return None if length is None else int(Fraction(str(length)) * 1_000_000)

    def latest(self) -> tuple[list[bool], dict[str, list[Any]]]:
        """Which labels have a row in force, and its values."""
        view = self.view
        later = 0 if view.get("matchInclusive", True) else 1
        ttl = self.scaled(view.get("ttl"))
        window = None if ttl is None else ttl + int(view.get("ttlInclusive", True)) - later
        delay = self.scaled(view.get("delay", 0)) or 0
        cutoff = view.get("createdCutoff") == "label"
        rows = [row for row in self.rows if not cutoff or row["_created"] is not None]
        event = [row["_event"] + later for row in rows]
        known = [row["_created"] - delay if cutoff else BEGINNING for row in rows]
        timeline = self.timeline(rows, event, known, delay)
        window_rows = WindowRows(timeline, timeline.within(WindowSpan(window)))
        newest = by_label(timeline, Operand(window_rows.newest(1)[0]))
        found = [index != NOBODY for index in newest]
        values = {}
        for feature in view["features"]:
            column = [row[feature["column"]] for row in rows]
            chosen = newest
            if view.get("nullPolicy") == "per-column":
                present = Operand(np.arange(len(rows)), np.array([value is not None for value in column], dtype=bool))
                having = WindowColumn(window_rows, PlacedColumn(timeline, present))
                chosen = by_label(timeline, Operand(having.rows.newest(1)[0]))
            values[feature["as"]] = [None if index == NOBODY else column[index] for index in chosen]
        return found, values

    def windowed(self, feature: dict[str, Any]) -> list[Any]:
        """One aggregate at every label."""
        group = feature.get("groupBy")
        if group is None:
            return self.aggregated(feature, feature.get("where") or {})
        values = list(dict.fromkeys(row[group] for row in self.rows))
        columns = [self.aggregated(feature, {**(feature.get("where") or {}), group: [value]}) for value in values]
        maps = [
            {value: result for value, result in zip(values, results, strict=True) if result is not None}
            for results in zip(*columns, strict=True)
        ]
        return [grouped or None for grouped in maps]

    def aggregated(self, feature: dict[str, Any], where: dict[str, list[Any]]) -> list[Any]:
        """One aggregate at every label over the rows that match."""
        rows = [row for row in self.rows if matches(row, where)]
        event = [row["_event"] for row in rows]
        delay = self.scaled(feature.get("delay", self.view.get("delay", 0))) or 0
        timeline = self.timeline(rows, event, event, delay)
        start, end = ({"inclusive": "closed", "exclusive": "open"}[feature[side]] for side in ("lower", "upper"))
        span = WindowSpan(self.scaled(feature["window"]), self.scaled(feature.get("tailHop")) or 1, start, end)
        values = operand([row[feature["column"]] for row in rows])
        column = WindowColumn(WindowRows(timeline, timeline.within(span)), PlacedColumn(timeline, values))
        (computed,) = aggregate_column(Aggregate(feature["as"], KINDS[feature["agg"]], feature["column"], ()), column)
        result = by_label(timeline, computed)
        if KINDS[feature["agg"]] in ("count", "count-distinct"):
            result = [number or feature.get("emptyValue") for number in result]
        return [feature.get("default") if value is None else value for value in result]


def answer(case: dict[str, Any]) -> list[dict[str, Any]]:
    query = case["query"]
    snapshot = query["mode"] == "snapshot"
    if snapshot:
        view = query["views"][0]
        frame = Frame(case, view["table"])
        keys = list(dict.fromkeys(key for key in frame.keys(view["keyColumns"]) if None not in key))
        rows = [dict(zip(view["keyColumns"], key, strict=True)) for key in keys]
        times = [units(case, query["asOf"])] * len(rows)
    else:
        frame = Frame(case, query["spine"]["table"])
        rows = [dict(zip(frame.names, row, strict=True)) for row in frame.rows]
        times = [BEGINNING if time is None else time for time in frame.times(query["spine"]["eventTime"])]
    kept = [True] * len(rows)
    for view in query["views"]:
        own = keys if snapshot else frame.keys([left for left, _ in view["keys"]])
        evaluated = Evaluated(case, view, own, times)
        if view["select"] == "latest":
            found, values = evaluated.latest()
            required = snapshot or query.get("join") == "inner"
            kept = [keep and (match or not required) for keep, match in zip(kept, found, strict=True)]
        else:
            values = {feature["as"]: evaluated.windowed(feature) for feature in view["features"]}
        for name, column in values.items():
            for row, value in zip(rows, column, strict=True):
                row[name] = value
    return [row for row, keep in zip(rows, kept, strict=True) if keep]


def comparable(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{float(value):.9g}"
    if isinstance(value, dict):
        return json.dumps({name: comparable(part) for name, part in value.items()}, sort_keys=True)
    return json.dumps(value, sort_keys=True)


@pytest.mark.skipif(not CASE_LIST, reason="the recorded cases (../shared/conformance/pit-cases.json) are not here")
@pytest.mark.parametrize(
    "case",
    [case for case in CASE_LIST if case["id"] not in NOT_EXPRESSIBLE] or [None],
    ids=lambda case: case["id"] if case else "none",
)
def test_recorded_case(case: dict[str, Any]) -> None:
    computed = answer(case)

    columns = case["expected"]["columns"]
    assert sorted([comparable(row[name]) for name in columns] for row in computed) == sorted(
        [comparable(value) for value in row] for row in case["expected"]["rows"]
    )


@pytest.mark.skipif(not CASE_LIST, reason="the recorded cases (../shared/conformance/pit-cases.json) are not here")
def test_just_the_listed_cases_cannot_be_expressed() -> None:
    assert {case["id"] for case in CASE_LIST if not is_expressible(case)} == set(NOT_EXPRESSIBLE)


SUMS = json.loads(CASES.read_text())["generatedSums"] if CASES.exists() else []


@pytest.mark.skipif(not SUMS, reason="the recorded cases (../shared/conformance/pit-cases.json) are not here")
@pytest.mark.parametrize("case", SUMS or [None], ids=lambda case: case["id"] if case else "none")
def test_recorded_sum(case: dict[str, Any]) -> None:
    size = re.search(r"-(\d+)x(\d+)$", case["id"])
    minutes, keys = (int(size[1]), int(size[2])) if size else (10, 5)
    value, key = np.divmod(np.arange(minutes * keys, dtype=np.int64), keys)
    build, probe = (key, 2 * key) if size else (2 * key, key)
    time = value * 60
    timeline = Timeline(Events(build, time, time), LabelLine(Labels(probe, time - 30)))

    newest = WindowRows(timeline, timeline.within(WindowSpan(None))).newest(1)[0]

    found = newest[newest != NOBODY]
    assert len(value) == case["buildRows"]
    assert {"sum_v": int(value[found].sum()), "rows": len(found)} == case["expected"]
