"""The rows of a view that count in one window, and what its aggregates ask of them in common."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from core.newest import newest_rows, oldest_row
from core.running_totals import require_exact
from core.variance import sample_variance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from core.operand import Operand
    from core.placed_column import PlacedColumn
    from core.timeline import Timeline
    from core.timeline_window import Ranges, TimelineWindow

    Int64s = NDArray[np.int64]
    Numbers = NDArray[Any]  # int64 or float64
    Positions = NDArray[np.intp]


class WindowRows:
    """Rows that count in a window, those alone that have a value where a column is given.

    Attributes:
        timeline: the rows' timeline.
        window: the window over it.
    """

    def __init__(self, timeline: Timeline, window: TimelineWindow, column: PlacedColumn | None = None) -> None:
        self.timeline = timeline
        self.window = window
        self._column = column
        self._newest: list[Positions] = []

    @property
    def size(self) -> int:
        """Number of label positions."""
        return self.timeline.labels.size

    @cached_property
    def ranges(self) -> Ranges:
        """Where each row counts."""
        every = self.window.ranges
        valid = None if self._column is None else self._column.valid
        return every if valid is None else every.where(valid[every.rows])

    @cached_property
    def count(self) -> Int64s:
        """Rows at each label position, (n_labels,)."""
        present = None if self._column is None else self._column.present
        return self.window.count if present is None else self.window.total(present)

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
    """

    def __init__(self, rows: WindowRows, column: PlacedColumn) -> None:
        """Chooses among all rows of the window those that have a value."""
        self.rows = rows if column.valid is None else WindowRows(rows.timeline, rows.window, column)
        self._column = column

    @cached_property
    def values(self) -> Numbers:
        """The column's value in each range of the rows, (n_ranges,)."""
        return self._column.values[self.rows.ranges.rows]

    @cached_property
    def total(self) -> Int64s:
        """The exact sum at each label position, (n_labels,); 0 where there is no row.

        Raises:
            SumOverflowError: a sum is not an int64.
        """
        window, amounts = self.rows.window, self._column.amounts
        total = window.total(amounts)
        require_exact(total, self.rows.count, amounts.amount, window.total_of)
        return total

    def variance(self, scale: int) -> NDArray[np.float64]:
        """The sample variance at each label position, as :func:`core.variance.sample_variance` gives it."""
        column = self._column
        return sample_variance(column.values, column.valid, self.rows.window.total_of, self.rows.count, scale)

    def of(self, rows: Positions) -> Operand:
        """The column of the rows at some label positions, by their index in the events; NULL where that is negative."""
        return self._column.operand.at(rows)
