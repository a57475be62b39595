"""Every aggregate over every kind of window, against the definition, row by row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.feature_program import Aggregate, Window
from core.feature_view import evaluate_view, evaluate_views
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_cases import (
    LabelList,
    event_table,
    every_aggregate,
    expected,
    label_table,
    labels_of,
    rows_of,
    windows_of,
)
from naive_timeline import Row

if TYPE_CHECKING:
    from random import Random

    import pyarrow as pa

Windows = tuple[Window, ...]


def lists(computed: dict[str, pa.Array]) -> dict[str, list[Any]]:
    return {column: values.to_pylist() for column, values in computed.items()}


@settings(max_examples=300, deadline=None)
@given(rows_of(), labels_of, windows_of, st.none() | st.integers(1, 10), st.booleans())
def test_equals_the_definition(
    rows: list[Row], labels: LabelList, windows: Windows, ttl: int | None, corrects: bool
) -> None:
    view = every_aggregate(windows, ttl, corrects)

    computed = evaluate_view(view, event_table(rows), label_table(labels))

    assert lists(computed) == expected(view, rows, labels)


one_entity = st.lists(st.tuples(st.just(("a", "a")), st.integers(-1, 16)), min_size=4, max_size=20)


@settings(max_examples=200, deadline=None)
@given(rows_of(st.just("a")), one_entity, windows_of, st.booleans())
def test_equals_the_definition_where_many_rows_cover_a_label(
    rows: list[Row], labels: LabelList, windows: Windows, corrects: bool
) -> None:
    view = every_aggregate(windows, None, corrects)

    computed = evaluate_view(view, event_table(rows), label_table(labels))

    assert lists(computed) == expected(view, rows, labels)


few_rows = rows_of(st.sampled_from(["a", "a", "b"]))


@settings(max_examples=300, deadline=None)
@given(few_rows, one_entity | labels_of, windows_of, st.none() | st.integers(1, 10))
def test_equals_the_definition_where_nothing_but_the_newest_is_asked(
    rows: list[Row], labels: LabelList, windows: Windows, ttl: int | None
) -> None:
    closed = tuple(replace(window, end="closed") for window in windows)
    every = every_aggregate(closed, ttl, False)
    view = replace(every, aggregates=tuple(each for each in every.aggregates if each.kind in ("latest", "last")))

    computed = evaluate_view(view, event_table(rows), label_table(labels))

    assert lists(computed) == expected(view, rows, labels)


@settings(max_examples=60, deadline=None)
@given(rows_of(), labels_of, windows_of, st.booleans(), st.randoms(use_true_random=False))
def test_does_not_depend_on_the_order_of_rows_or_labels(
    rows: list[Row], labels: LabelList, windows: Windows, corrects: bool, random: Random
) -> None:
    view = every_aggregate(windows, None, corrects)
    order = random.sample(range(len(labels)), len(labels))

    computed = lists(evaluate_view(view, event_table(rows), label_table(labels)))
    again = lists(
        evaluate_view(
            view, event_table(random.sample(rows, len(rows))), label_table([labels[index] for index in order])
        )
    )

    assert again == {column: [values[index] for index in order] for column, values in computed.items()}


@settings(max_examples=60, deadline=None)
@given(rows_of(), labels_of, windows_of, st.none() | st.integers(1, 10), st.sampled_from([1 << 57, 1 << 59]))
def test_times_at_the_ends_of_64_bits_do_not_wrap(
    rows: list[Row], labels: LabelList, windows: Windows, ttl: int | None, scale: int
) -> None:
    view = every_aggregate(windows, ttl, corrects=True)

    def far(time: int | None) -> int | None:
        return None if time is None else max(-(1 << 63), min((time - 6) * scale, (1 << 63) - 2))

    far_rows = [Row(row.entity, far(row.event), far(row.known), row.fact, row.operands) for row in rows]
    far_labels = [(entity, far(time) or 0) for entity, time in labels]

    computed = evaluate_view(view, event_table(far_rows), label_table(far_labels))

    assert lists(computed) == expected(view, far_rows, far_labels)


@settings(max_examples=60, deadline=None)
@given(rows_of(), rows_of(), labels_of, windows_of)
def test_views_on_the_same_labels_go_together(
    rows: list[Row], others: list[Row], labels: LabelList, windows: Windows
) -> None:
    view, corrected = every_aggregate(windows, None, corrects=False), every_aggregate(windows, 5, corrects=True)
    renamed = replace(corrected, name="w", aggregates=tuple(map(renamed_columns, corrected.aggregates)))
    tables = [event_table(rows), event_table(others)]

    together = evaluate_views([view, renamed], tables, label_table(labels))

    apart = [
        evaluate_view(each, table, label_table(labels)) for each, table in zip([view, renamed], tables, strict=True)
    ]
    assert lists(together) == {**lists(apart[0]), **lists(apart[1])}
    assert list(together) == [*view.columns, *renamed.columns]


def renamed_columns(aggregate: Aggregate) -> Aggregate:
    return replace(aggregate, columns=tuple(replace(each, name=f"w{each.name}") for each in aggregate.columns))
