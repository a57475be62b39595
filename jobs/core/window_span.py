"""Which event times a window holds at a label time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]

WindowEnd = Literal["open", "closed"]
_LEAST = int(np.iinfo(np.int64).min)
_GREATEST = int(np.iinfo(np.int64).max)


@dataclass(frozen=True)
class WindowSpan:
    """A window that ends at the label time ``t``: from ``t - length``, rounded down to a multiple of ``hop``, to ``t``.

    Attributes:
        length: microseconds, positive; None: a window without a start.
        hop: microseconds, positive; 1 rounds nothing.
        start: whether an event exactly at the start counts.
        end: whether an event exactly at ``t`` counts.
    """

    length: int | None
    hop: int = 1
    start: WindowEnd = "open"
    end: WindowEnd = "closed"

    def earliest(self, time: Int64s) -> Int64s:
        """The earliest event time in the window of each label time, (n,); the least int64 where none is too early."""
        if self.length is None:
            return np.full_like(time, _LEAST)
        reaches_back = self.length + self.hop
        if reaches_back > _GREATEST:
            return np.full_like(time, _LEAST)
        since = _LEAST + reaches_back
        start = np.maximum(time, since) - self.length
        if self.hop > 1:
            start -= start % self.hop
        if self.start == "open":
            start += 1
        start[time < since] = _LEAST
        return start

    def entered(self, event: Int64s) -> Int64s:
        """The earliest label time whose window holds each event time, (n,); where int64 ends, the greatest int64."""
        if self.end == "closed":
            return event
        return np.minimum(event, _GREATEST - 1) + 1
