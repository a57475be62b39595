"""The aggregates of a view over each of its windows, on one timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.aggregates import aggregate_column
from core.operand import Operand
from core.placed_column import PlacedColumn
from core.running_totals import SumOverflowError
from core.window_rows import WindowColumn, WindowRows
from core.window_span import WindowSpan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.feature_program import Aggregate, FeatureColumn, FeatureView, Window
    from core.timeline import Timeline


class AggregateError(ArithmeticError):
    """An aggregate cannot be computed exactly; ``column`` is the feature and the cause says why."""

    def __init__(self, column: str) -> None:
        super().__init__(f"{column} cannot be computed exactly")
        self.column = column


def view_columns(
    view: FeatureView, timeline: Timeline, operands: Mapping[str, Operand]
) -> Iterator[tuple[str, Operand]]:
    """Computes a view's columns, window by window.

    Args:
        view: what to compute.
        timeline: its rows over the labels.
        operands: its columns by row of the events.

    Yields:
        Names and what stands at each label position, (n_labels,).

    Raises:
        AggregateError: an exact sum might not fit into int64.
    """
    placed: dict[str, PlacedColumn] = {}
    for index, span in _spans(view).items():
        asked = [(each, chosen) for each in view.aggregates if (chosen := _in_window(each, index))]
        if asked:
            window = _Window(timeline, span, operands, placed)
            for aggregate, columns in asked:
                yield from window.columns(aggregate, columns)


def _spans(view: FeatureView) -> dict[int | None, WindowSpan]:
    """A view's windows by index, and at None the one of its latest values, which the ttl ends."""
    return {**{index: _span(window) for index, window in enumerate(view.windows)}, None: WindowSpan(view.ttl)}


def _span(window: Window) -> WindowSpan:
    return WindowSpan(window.microseconds, window.hop or 1, window.start, window.end)


def _in_window(aggregate: Aggregate, index: int | None) -> list[FeatureColumn]:
    return [column for column in aggregate.columns if column.window == index]


class _Window:
    """One window of a view, with each column of it that was read."""

    def __init__(
        self, timeline: Timeline, span: WindowSpan, operands: Mapping[str, Operand], placed: dict[str, PlacedColumn]
    ) -> None:
        self._rows = WindowRows(timeline, timeline.within(span))
        self._operands = operands
        self._placed = placed
        self._columns: dict[str, WindowColumn] = {}

    def columns(self, aggregate: Aggregate, columns: list[FeatureColumn]) -> Iterator[tuple[str, Operand]]:
        """An aggregate's columns in this window."""
        if aggregate.value is None:
            computed = [Operand(self._rows.count)]
        else:
            try:
                computed = aggregate_column(aggregate, self._column(aggregate.value))
            except SumOverflowError as error:
                raise AggregateError(columns[0].name) from error
        for column in columns:
            yield column.name, computed[(column.position or 1) - 1]

    def _column(self, name: str) -> WindowColumn:
        if name not in self._columns:
            if name not in self._placed:
                self._placed[name] = PlacedColumn(self._rows.timeline, self._operands[name])
            self._columns[name] = WindowColumn(self._rows, self._placed[name])
        return self._columns[name]
