"""Every aggregate over every kind of window, against the definition, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.feature_program import Window
from core.feature_view import evaluate_view
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

if TYPE_CHECKING:
    import pyarrow as pa
    from naive_timeline import Row

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
