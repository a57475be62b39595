"""Amounts of a timeline's rows, added up in the two orders in which rows come and go."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.window_span import WindowEnd

    Int64s = NDArray[np.int64]
    Positions = NDArray[np.intp]


@dataclass(frozen=True)
class Starts:
    """Where rows start to count, in windows with one kind of end.

    Attributes:
        end: the kind of end.
        first: the position at which each place starts, (n_places,); ``size``: at none.
        size: number of positions.
    """

    end: WindowEnd
    first: Positions
    size: int

    @cached_property
    def counted(self) -> Int64s:
        """How many places have started at each position, (size,)."""
        return np.cumsum(np.bincount(self.first, minlength=self.size + 1)[: self.size])


class Accumulation:
    """Running sums that all windows of a timeline share. They may wrap: differences are right wherever these fit.

    Attributes:
        amount: of the row at each place, (n_places,).
    """

    def __init__(self, amount: Int64s) -> None:
        self.amount = amount
        self._started: dict[WindowEnd, Int64s] = {}

    def started(self, starts: Starts) -> Int64s:
        """Sums at each position the amounts of the rows that have started, (size,)."""
        if starts.end not in self._started:
            change = np.zeros(starts.size + 1, dtype=np.int64)
            np.add.at(change, starts.first, self.amount)
            self._started[starts.end] = np.cumsum(change[: starts.size])
        return self._started[starts.end]

    def before(self, places: Positions) -> Int64s:
        """Sums the amounts of all places before each of some, which are from 0 to ``n_places``, (n,)."""
        return self._before[places]

    @cached_property
    def _before(self) -> Int64s:
        return np.concatenate(([0], np.cumsum(self.amount)))
