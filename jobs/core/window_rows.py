"""The rows of a view that count in one window, and what its aggregates ask of them in common."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from core.newest import newest_rows, oldest_row
from core.running_totals import cover_count, exact_total

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from core.operand import Operand
    from core.timeline import Ranges, Timeline

    Int64s = NDArray[np.int64]
    Numbers = NDArray[Any]  # int64 or float64
    Positions = NDArray[np.intp]


class WindowRows:
    """Rows that count in a window, those alone that have a value where they were chosen so.

    Attributes:
        timeline: the rows' timeline.
        ranges: where each counts.
    """

    def __init__(self, timeline: Timeline, ranges: Ranges) -> None:
        self.timeline = timeline
        self.ranges = ranges
        self._newest: list[Positions] = []

    @property
    def size(self) -> int:
        """Number of label positions."""
        return self.timeline.labels.size

    @cached_property
    def count(self) -> Int64s:
        """Rows at each label position, (n_labels,)."""
        return cover_count(self.ranges.first, self.ranges.last, self.size)

    def newest(self, how_many: int) -> list[Positions]:
        """The newest rows at each label position, as :func:`core.newest.newest_rows` gives them."""
        if len(self._newest) < how_many:
            self._newest = newest_rows(self.timeline, self.ranges, how_many)
        return self._newest[:how_many]

    @cached_property
    def oldest(self) -> Positions:
        """The oldest row at each label position, as :func:`core.newest.oldest_row` gives it."""
        return oldest_row(self.timeline, self.ranges)


class WindowColumn:
    """A column over the rows of a window that have a value in it.

    Attributes:
        rows: those rows.
        values: the column's value in each of them, (n_ranges,).
    """

    def __init__(self, rows: WindowRows, operand: Operand, placed: Operand) -> None:
        """Chooses the rows that have a value.

        Args:
            rows: all rows of the window.
            operand: the column by row of the events.
            placed: the same by place of the timeline.
        """
        self._operand = operand
        valid = None if placed.valid is None else placed.valid[rows.ranges.rows]
        self.rows = rows if valid is None else WindowRows(rows.timeline, rows.ranges.where(valid))
        self.values: Numbers = placed.values[self.rows.ranges.rows]

    @cached_property
    def total(self) -> Int64s:
        """The exact sum at each label position, (n_labels,); 0 where there is no row.

        Raises:
            SumOverflowError: as :func:`core.running_totals.exact_total`.
        """
        ranges = self.rows.ranges
        return exact_total(ranges.first, ranges.last, self.values, self.rows.count)

    def of(self, rows: Positions) -> Operand:
        """The column of the rows at some label positions, by their index in the events; NULL where that is negative."""
        return self._operand.at(rows)
