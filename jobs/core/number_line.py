"""One line of integers on which the times of many segments follow each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]

_GREATEST = int(np.iinfo(np.int64).max)


class NumberLine:
    """Maps (segment, time) to one int64, in order of segment, then time.

    Equal to the order of the pairs wherever one of the two times is a time that the line was made of: other times lie
    between their neighbours, or at the ends of their segment.
    """

    def __init__(self, times: Int64s, segments: int) -> None:
        """Chooses the scale: distance from the first time where that fits into int64, else rank among the times.

        Args:
            times: the times to tell apart, (n,), in any order.
            segments: segments are numbered from 0 to below this.
        """
        first, beyond = (int(times.min()), int(times.max()) + 1) if times.size else (0, 1)
        self._first, self._beyond = first, beyond
        self._distinct: Int64s | None = None
        self._span = beyond - first + 1
        if beyond > _GREATEST or segments * self._span > _GREATEST:
            self._distinct = np.unique(times)
            self._span = len(self._distinct) + 1

    def at(self, segment: Int64s, time: Int64s) -> Int64s:
        """Places pairs on the line, (n,) each."""
        if self._distinct is not None:
            return segment * self._span + np.searchsorted(self._distinct, time)
        place = np.clip(time, self._first, self._beyond)
        place -= self._first
        place += segment * self._span
        return place
