"""Rows, labels and views of kernel tests: every aggregate over random rows at small times, so that edges are hit."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pyarrow as pa
from core.feature_program import (
    Aggregate,
    FeatureColumn,
    FeatureView,
    JoinKey,
    OperandColumn,
    Window,
)
from hypothesis import strategies as st
from naive_timeline import Asked, Row, Span, in_span, value_of

LabelList = list[tuple[tuple[Any, Any], int]]

OPERANDS = (
    OperandColumn("amount", "integer"),
    OperandColumn("flag", "integer"),
    OperandColumn("level", "double"),
    OperandColumn("place", "text"),
)
INDEX = {column.name: index for index, column in enumerate(OPERANDS)}

WINDOWED = (
    ("rows", "count", None, 0, None),
    ("amounts", "count", "amount", 0, None),
    ("places", "count-distinct", "place", 0, None),
    ("sizes", "count-distinct", "amount", 0, None),
    ("levels", "count-distinct", "level", 0, None),
    ("total", "sum", "amount", 0, None),
    ("cents", "sum", "amount", 2, None),
    ("mean", "mean", "amount", 0, None),
    ("mean_cents", "mean", "amount", 2, None),
    ("late", "share", "flag", 0, None),
    ("spread", "variance", "amount", 0, None),
    ("spread_cents", "variance", "amount", 2, None),
    ("least", "min", "amount", 0, None),
    ("least_level", "min", "level", 0, None),
    ("most", "max", "amount", 3, None),
    ("most_level", "max", "level", 0, None),
    ("first", "first", "amount", 0, None),
    ("first_level", "first", "level", 0, None),
    ("last", "last", "amount", 1, None),
    ("last_level", "last", "level", 0, None),
    ("median", "quantile", "amount", 0, "0.5"),
    ("upper", "quantile", "level", 0, "0.875"),
    ("lowest", "quantile", "amount", 2, "0"),
    ("third", "quantile", "level", 0, "0.333333333333333333333"),
)
LATEST = (("now", "latest", "amount"), ("now_level", "latest", "level"))
RECENT = 3
"""How many positions the ``last-n`` aggregates have."""


def every_aggregate(windows: tuple[Window, ...], ttl: int | None, corrects: bool) -> FeatureView:
    """A view ``v`` of every kind of aggregate over every window."""
    over = list(enumerate(windows))
    aggregates = [
        Aggregate(
            name,
            kind,  # type: ignore[arg-type]
            value,
            tuple(FeatureColumn(f"v__{name}_{window.suffix}", index) for index, window in over),
            scale,
            None if quantile is None else Fraction(quantile),
        )
        for name, kind, value, scale, quantile in WINDOWED
    ]
    for name, value in (("recent", "amount"), ("recent_level", "level")):
        columns = [
            FeatureColumn(f"v__{name}_{position}_{window.suffix}", index, position)
            for index, window in over
            for position in range(1, RECENT + 1)
        ]
        aggregates.append(Aggregate(name, "last-n", value, tuple(columns)))
    aggregates += [
        Aggregate(name, kind, value, (FeatureColumn(f"v__{name}", None),))  # type: ignore[arg-type]
        for name, kind, value in LATEST
    ]
    return FeatureView(
        name="v",
        version="1",
        source="s",
        entity=(JoinKey("left", "label_left"), JoinKey("right", "label_right")),
        events={},
        timeless=False,
        corrects=corrects,
        operands=OPERANDS,
        content=tuple(column.name for column in OPERANDS),
        windows=windows,
        ttl=ttl,
        aggregates=tuple(aggregates),
    )


def event_table(rows: list[Row]) -> pa.Table:
    """The rows as an engine gives them."""
    kinds = {"integer": pa.int64(), "double": pa.float64(), "text": pa.string()}
    return pa.table(
        {
            "left": pa.array([row.entity[0] for row in rows], pa.string()),
            "right": pa.array([row.entity[1] for row in rows], pa.string()),
            "event_time": pa.array([row.event for row in rows], pa.int64()),
            "known_time": pa.array([row.known for row in rows], pa.int64()),
            "row_key": pa.array([row.fact for row in rows], pa.string()),
            **{
                column.name: pa.array([row.operands[index] for row in rows], kinds[column.type])
                for index, column in enumerate(OPERANDS)
            },
        }
    )


def label_table(labels: LabelList) -> pa.Table:
    """The labels as an engine gives them."""
    return pa.table(
        {
            "label_left": pa.array([entity[0] for entity, _ in labels], pa.string()),
            "label_right": pa.array([entity[1] for entity, _ in labels], pa.string()),
            "label_time": pa.array([time for _, time in labels], pa.int64()),
        }
    )


def expected(view: FeatureView, rows: list[Row], labels: LabelList) -> dict[str, list[Any]]:
    """What the definition gives for each of the view's columns."""
    facts = rows if view.corrects else [Row(r.entity, r.event, r.known, None, r.operands) for r in rows]
    spans = [Span(window.microseconds, window.hop, window.start, window.end) for window in view.windows]
    counted = [
        {index: in_span(facts, entity, time, span) for index, span in [*enumerate(spans), (None, Span(view.ttl))]}
        for entity, time in labels
    ]
    return {
        column.name: [value_of(asked(each, column), in_windows[column.window]) for in_windows in counted]
        for each in view.aggregates
        for column in each.columns
    }


def asked(each: Aggregate, column: FeatureColumn) -> Asked:
    """An output column as the definition names it."""
    operand = None if each.value is None else INDEX[each.value]
    return Asked(each.kind, operand, each.scale, each.quantile, column.position or 1)


times = st.integers(0, 12)
names = st.sampled_from(["a", "b", "ab", "", None])
facts = st.dictionaries(
    st.sampled_from(["f", "g", "h", "i"]), st.tuples(names, names, times), min_size=4, max_size=4
)  # a fact keeps its entity and event time
operands = st.tuples(
    st.none() | st.integers(-3, 3),
    st.none() | st.integers(0, 1),
    st.none() | st.sampled_from([-0.5, -0.0, 0.0, 2.5]),
    st.none() | st.sampled_from(["", "x", "xy", "é"]),
)
few_names = st.sampled_from(["a", "b"])


@st.composite
def rows_of(draw: st.DrawFn, entities: st.SearchStrategy[Any] = names) -> list[Row]:
    """Late, early, duplicate, tied, NULL and corrected rows."""
    identity = draw(facts)
    rows = []
    for _ in range(draw(st.integers(0, 14))):
        fact = draw(st.sampled_from([None, *identity]))
        left, right, event = draw(st.tuples(entities, entities, times)) if fact is None else identity[fact]
        known = draw(st.none() | times) if fact is None else draw(times)
        rows.append(Row((left, right), event, known, fact, draw(operands)))
    return rows


labels_of = st.lists(st.tuples(st.tuples(names, names), st.integers(-1, 16)), max_size=8)
ends = st.sampled_from(["open", "closed"])
window_shapes = st.tuples(st.integers(1, 14), st.none() | st.integers(1, 6), ends, ends)
windows_of = st.lists(window_shapes, min_size=1, max_size=3).map(
    lambda shapes: tuple(Window(f"w{index}", *shape) for index, shape in enumerate(shapes))
)
