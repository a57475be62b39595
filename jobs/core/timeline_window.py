"""One window over the rows of a timeline: where each row comes, where it leaves, and sums of what is in between."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from core.accumulation import Accumulation
from core.running_totals import cover_count, cover_total

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.accumulation import Starts

    Int64s = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Positions = NDArray[np.intp]


@dataclass(frozen=True)
class Ranges:
    """Rows that count at some label in a window.

    Attributes:
        rows: their places on the timeline, (n_ranges,), rising.
        first: the first label position at which each counts, (n_ranges,).
        last: the position behind the last, (n_ranges,); greater than ``first``.
        left: for each label position how many places, from the first, are of earlier entities or before the window,
            (n_labels,), rising.
    """

    rows: Positions
    first: Positions
    last: Positions
    left: Positions

    def where(self, keep: Bools) -> Ranges:
        """The ranges for which ``keep`` holds, (n_ranges,)."""
        return Ranges(self.rows[keep], self.first[keep], self.last[keep], self.left)


class TimelineWindow:
    """Rows in a window: each comes at its start, and leaves when ``left`` passes its place or it is superseded.

    So what is in a window is what has started less the places that it has left, which are the first ones; all sums are
    differences of running sums that every window shares. Exceptions are mended: rows that start after they have left,
    which never count, and rows that are superseded before they have left.

    Attributes:
        starts: where the rows start.
        left: as of :class:`Ranges`.
    """

    def __init__(self, starts: Starts, left: Positions, superseded: Positions | None) -> None:
        """Takes at ``superseded`` the position from which each place is corrected, (n_places,); None: none is."""
        self.starts = starts
        self.left = left
        self._superseded = superseded

    @cached_property
    def count(self) -> Int64s:
        """Counts the rows at each label position, (n_labels,)."""
        places, leaves, end = self._exceptions
        count = self.starts.counted - self.left
        return count + cover_count(leaves, end, self.starts.size) if places.size else count

    def total(self, amounts: Accumulation) -> Int64s:
        """Sums the amounts of the rows at each label position, (n_labels,); wrapped where a sum does not fit."""
        places, leaves, end = self._exceptions
        total = amounts.started(self.starts) - amounts.before(self.left)
        return total + cover_total(leaves, end, amounts.amount[places], self.starts.size) if places.size else total

    def total_of(self, amount: Int64s) -> Int64s:
        """Sums amounts by place, (n_places,), as :meth:`total` does."""
        return self.total(Accumulation(amount))

    @cached_property
    def ranges(self) -> Ranges:
        """Where each row counts."""
        first = self.starts.first
        last = _leaves(self.left, len(first))
        if self._superseded is not None:
            last = np.minimum(last, self._superseded)
        rows = np.flatnonzero(first < last)
        return Ranges(rows, first[rows], last[rows], self.left)

    @cached_property
    def _exceptions(self) -> tuple[Positions, Positions, Positions]:
        """Places that do not leave where ``left`` passes them: which, where it does, and where they end instead."""
        first = self.starts.first
        passed = np.concatenate(([0], self.left))[first] > np.arange(len(first))
        if self._superseded is None:
            places = np.flatnonzero(passed)
            return places, np.searchsorted(self.left, places, side="right"), first[places]
        places = np.flatnonzero(passed | (self._superseded < self.starts.size))
        leaves = np.searchsorted(self.left, places, side="right")
        end = np.maximum(first[places], np.minimum(leaves, self._superseded[places]))
        apart = end != leaves
        return places[apart], leaves[apart], end[apart]


def _leaves(left: Positions, places: int) -> Positions:
    """For each place the first position whose ``left`` exceeds it: where its row is before the window for good."""
    return np.repeat(np.arange(len(left) + 1), np.diff(left, prepend=0, append=places))
