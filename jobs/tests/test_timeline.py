"""The kernel against the naive definition, at its edges, and in parts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from core.feature_program import OperandColumn, Window
from core.feature_view import evaluate_view
from core.job_error import JobError
from core.label_line import LabelLine, Labels
from core.operand import Operand
from core.placed_column import PlacedColumn
from core.timeline import Events, Timeline
from core.window_rows import WindowColumn, WindowRows
from core.window_span import WindowSpan
from feature_views import feature_view
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_timeline import Row, aggregate, in_force

if TYPE_CHECKING:
    from random import Random

    from core.feature_program import FeatureView

LabelList = list[tuple[tuple[Any, Any], int]]

AGGREGATES = (
    ("rows", "count", None),
    ("amounts", "count", "amount"),
    ("total", "sum", "amount"),
    ("mean", "mean", "amount"),
    ("late", "share", "flag"),
    ("last", "latest", "amount"),
    ("level", "latest", "level"),
)
OPERANDS = ("amount", "flag", "level")
OPERAND_COLUMNS = (
    OperandColumn("amount", "integer"),
    OperandColumn("flag", "integer"),
    OperandColumn("level", "double"),
)


def view_of(windows: tuple[int, ...], ttl: int | None, corrects: bool) -> FeatureView:
    spans = [Window(f"w{index}", length) for index, length in enumerate(windows)]
    return feature_view(("left", "right"), AGGREGATES, spans, ttl=ttl, corrects=corrects, operands=OPERAND_COLUMNS)


def event_table(rows: list[Row]) -> pa.Table:
    return pa.table(
        {
            "left": pa.array([row.entity[0] for row in rows], pa.string()),
            "right": pa.array([row.entity[1] for row in rows], pa.string()),
            "event_time": pa.array([row.event for row in rows], pa.int64()),
            "known_time": pa.array([row.known for row in rows], pa.int64()),
            "row_key": pa.array([row.fact for row in rows], pa.string()),
            "amount": pa.array([row.operands[0] for row in rows], pa.int64()),
            "flag": pa.array([row.operands[1] for row in rows], pa.int64()),
            "level": pa.array([row.operands[2] for row in rows], pa.float64()),
        }
    )


def label_table(labels: LabelList) -> pa.Table:
    return pa.table(
        {
            "left": pa.array([entity[0] for entity, _ in labels], pa.string()),
            "right": pa.array([entity[1] for entity, _ in labels], pa.string()),
            "label_time": pa.array([time for _, time in labels], pa.int64()),
        }
    )


def naive(view: FeatureView, rows: list[Row], labels: LabelList) -> dict[str, list[Any]]:
    known_facts = rows if view.corrects else [Row(r.entity, r.event, r.known, None, r.operands) for r in rows]
    expected: dict[str, list[Any]] = {column: [] for column in view.columns}
    for entity, time in labels:
        for each in view.aggregates:
            operand = None if each.value is None else OPERANDS.index(each.value)
            spans = (
                [("", view.ttl)] if each.kind == "latest" else [(f"_{w.suffix}", w.microseconds) for w in view.windows]
            )
            for suffix, window in spans:
                counted = in_force(known_facts, entity, time, window)
                expected[f"v__{each.name}{suffix}"].append(aggregate(each.kind, operand, counted))
    return expected


times = st.integers(0, 12)
names = st.sampled_from(["a", "b", "ab", "", None])
facts = st.dictionaries(
    st.sampled_from(["f", "g", "h", "i"]), st.tuples(names, names, times), min_size=4, max_size=4
)  # a fact keeps its entity and event time


@st.composite
def rows_of(draw: st.DrawFn) -> list[Row]:
    """Late, early, duplicate, tied, NULL and corrected rows."""
    identity = draw(facts)
    rows = []
    for _ in range(draw(st.integers(0, 14))):
        fact = draw(st.sampled_from([None, *identity]))
        left, right, event = draw(st.tuples(names, names, times)) if fact is None else identity[fact]
        operands = draw(
            st.tuples(
                st.none() | st.integers(-3, 3),
                st.none() | st.integers(0, 1),
                st.none() | st.sampled_from([-0.5, 0.0, 2.5]),
            )
        )
        known = draw(st.none() | times) if fact is None else draw(times)
        rows.append(Row((left, right), event, known, fact, operands))
    return rows


labels_of = st.lists(st.tuples(st.tuples(names, names), st.integers(-1, 16)), max_size=8)
lengths = st.lists(st.integers(1, 14), min_size=1, max_size=3, unique=True).map(sorted).map(tuple)


@settings(max_examples=400)
@given(rows_of(), labels_of, lengths, st.none() | st.integers(1, 10), st.booleans())
def test_equals_the_definition_row_by_row(
    rows: list[Row], labels: LabelList, windows: tuple[int, ...], ttl: int | None, corrects: bool
) -> None:
    view = view_of(windows, ttl, corrects)

    computed = evaluate_view(view, event_table(rows), label_table(labels))

    assert {column: values.to_pylist() for column, values in computed.items()} == naive(view, rows, labels)


@settings(max_examples=100)
@given(rows_of(), labels_of, lengths, st.booleans(), st.randoms(use_true_random=False))
def test_does_not_depend_on_the_order_of_rows_or_labels(
    rows: list[Row], labels: LabelList, windows: tuple[int, ...], corrects: bool, random: Random
) -> None:
    view = view_of(windows, None, corrects)
    shuffled = random.sample(rows, len(rows))
    order = random.sample(range(len(labels)), len(labels))

    computed = evaluate_view(view, event_table(rows), label_table(labels))
    again = evaluate_view(view, event_table(shuffled), label_table([labels[index] for index in order]))

    assert [computed[column].take(pa.array(order, pa.int64())).to_pylist() for column in view.columns] == [
        again[column].to_pylist() for column in view.columns
    ]


@settings(max_examples=100)
@given(rows_of(), labels_of, lengths)
def test_times_too_wide_for_one_number_line_give_the_same(
    rows: list[Row], labels: LabelList, windows: tuple[int, ...]
) -> None:
    scale = 1 << 57
    view, wide = view_of(windows, None, True), view_of(tuple(w * scale for w in windows), None, True)
    wide_rows = [
        Row(
            r.entity,
            None if r.event is None else r.event * scale,
            None if r.known is None else r.known * scale,
            r.fact,
            r.operands,
        )
        for r in rows
    ]

    computed = evaluate_view(view, event_table(rows), label_table(labels))
    scaled = evaluate_view(
        wide, event_table(wide_rows), label_table([(entity, time * scale) for entity, time in labels])
    )

    assert [values.to_pylist() for values in computed.values()] == [values.to_pylist() for values in scaled.values()]


WINDOW = 10
EDGES = [
    # event, known, label time, counts?
    pytest.param(0, 0, 0, True, id="at its own time: the head is included"),
    pytest.param(0, 0, 9, True, id="one microsecond before it leaves"),
    pytest.param(0, 0, 10, False, id="exactly one window later: the tail is excluded"),
    pytest.param(0, 5, 4, False, id="one microsecond before it is known"),
    pytest.param(0, 5, 5, True, id="known at the label time"),
    pytest.param(0, 9, 9, True, id="known in its last microsecond"),
    pytest.param(0, 10, 10, False, id="known when it has left"),
    pytest.param(0, 25, 30, False, id="known long after it has left"),
    pytest.param(5, 0, 4, False, id="announced, but not happened"),
    pytest.param(5, 0, 5, True, id="announced and happening"),
]


@pytest.mark.parametrize(("event", "known", "time", "counts"), EDGES)
def test_both_ends_of_the_interval(event: int, known: int, time: int, counts: bool) -> None:
    view = view_of((WINDOW,), WINDOW, False)
    rows = [Row(("a", "b"), event, known, None, (7, 1, 7.0))]

    computed = evaluate_view(view, event_table(rows), label_table([(("a", "b"), time)]))

    assert {column: values.to_pylist()[0] for column, values in computed.items()} == {
        "v__rows_w0": int(counts),
        "v__amounts_w0": int(counts),
        "v__total_w0": 7 if counts else None,
        "v__mean_w0": 7.0 if counts else None,
        "v__late_w0": 1.0 if counts else None,
        "v__last": 7 if counts else None,
        "v__level": 7.0 if counts else None,
    }


def version(known: int, amount: int | None) -> Row:
    return Row(("a", "b"), 0, known, "f", (amount, None, None))


def test_a_correction_replaces_and_never_revives() -> None:
    view = view_of((100,), None, True)
    rows = [version(1, 10), version(5, 20), version(8, None)]

    computed = evaluate_view(view, event_table(rows), label_table([(("a", "b"), time) for time in range(10)]))

    assert computed["v__rows_w0"].to_pylist() == [0, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    assert computed["v__total_w0"].to_pylist() == [None, 10, 10, 10, 10, 20, 20, 20, None, None]
    assert computed["v__last"].to_pylist() == computed["v__total_w0"].to_pylist()


def test_of_versions_known_at_once_the_greatest_content_holds() -> None:
    view = view_of((100,), None, True)

    computed = evaluate_view(view, event_table([version(1, 30), version(1, 20)]), label_table([(("a", "b"), 1)]))

    assert computed["v__rows_w0"].to_pylist() == [1]
    assert computed["v__total_w0"].to_pylist() == [30]


def test_latest_values_of_one_tie_come_from_one_row() -> None:
    view = view_of((1,), None, False)
    rows = [Row(("a", "b"), 0, 0, None, (1, None, 9.0)), Row(("a", "b"), 0, 0, None, (2, None, 3.0))]

    computed = evaluate_view(view, event_table(rows), label_table([(("a", "b"), 0)]))

    assert (computed["v__last"].to_pylist(), computed["v__level"].to_pylist()) == ([2], [3.0])


def test_sums_are_exact_beyond_the_precision_of_doubles() -> None:
    view = view_of((10,), None, False)
    rows = [Row(("a", "b"), 0, 0, None, (amount, None, None)) for amount in (1 << 60, 1, 1)]

    computed = evaluate_view(view, event_table(rows), label_table([(("a", "b"), 0)]))

    assert computed["v__total_w0"].to_pylist() == [(1 << 60) + 2]


def test_a_sum_that_does_not_fit_is_an_error_that_names_the_feature() -> None:
    view = view_of((10,), None, False)
    rows = [Row(("a", "b"), 0, 0, None, (amount, None, None)) for amount in (-(1 << 63), -5)]

    with pytest.raises(
        JobError, match=r"v__total_w0 overflows: 2 rows in a window add up to -9223372036854775813, which is no 64-bit"
    ):
        evaluate_view(view, event_table(rows), label_table([(("a", "b"), 0)]))


def test_running_sums_may_wrap_while_results_fit() -> None:
    large = (1 << 62) - 1
    entities = np.arange(8)
    timeline = Timeline(
        Events(entities, np.zeros(8, np.int64), np.zeros(8, np.int64)),
        LabelLine(Labels(entities, np.zeros(8, np.int64))),
    )
    operand = Operand(np.full(8, large))
    rows = WindowRows(timeline, timeline.within(WindowSpan(1)))

    total = WindowColumn(rows, PlacedColumn(timeline, operand)).total

    assert total.tolist() == [large] * 8


def test_a_sum_of_doubles_is_refused() -> None:
    view = feature_view(
        ("left", "right"),
        [("x", "sum", "level")],
        [Window("w", 1)],
        ttl=None,
        corrects=False,
        operands=[OperandColumn("level", "double")],
    )

    with pytest.raises(JobError, match="v__x_w needs integers"):
        evaluate_view(view, event_table([]), label_table([]))


@pytest.mark.parametrize("partitions", [2, 8])
def test_entities_can_be_computed_apart(partitions: int) -> None:
    random = np.random.default_rng(7)
    rows = [
        Row(
            (str(random.integers(40)), "x"),
            int(event),
            int(event + random.integers(0, 300)),
            None,
            (int(random.integers(-9, 9)), 1, None),
        )
        for event in random.integers(0, 1_000, 600)
    ]
    labels = [((str(random.integers(45)), "x"), int(time)) for time in random.integers(0, 1_200, 400)]
    view = view_of((50, 400), 300, False)

    whole = evaluate_view(view, event_table(rows), label_table(labels))
    parts: dict[int, dict[str, Any]] = {}
    for part in range(partitions):
        mine = [index for index, (entity, _) in enumerate(labels) if int(entity[0]) % partitions == part]
        own_rows = [row for row in rows if int(row.entity[0]) % partitions == part]
        computed = evaluate_view(view, event_table(own_rows), label_table([labels[index] for index in mine]))
        for position, index in enumerate(mine):
            parts[index] = {column: values[position].as_py() for column, values in computed.items()}

    assert [{column: values[index].as_py() for column, values in whole.items()} for index in range(len(labels))] == [
        parts[index] for index in range(len(labels))
    ]
    assert not math.isclose(sum(values["v__rows_w1"] for values in parts.values()), 0)
