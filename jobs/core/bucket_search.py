"""Looking many values up among sorted ones, from a table of where each stretch of the line begins."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]
    Positions = NDArray[np.intp]

_BUCKETS_PER_VALUE = 2
_MANY = 4
"""The table pays where this many values are looked up for each sorted one."""
_BLOCK = 1 << 16
"""Values looked up at a time: what a look-up needs of them stays in the processor's cache."""


class BucketSearch:
    """``numpy.searchsorted`` on the left: a step or two for most of many values, where bisection takes one a bit.

    The line is cut into stretches of equal length, a few for each sorted value. A look-up begins at the first value of
    its stretch; those that have to go further than one value on are bisected.
    """

    def __init__(self, ordered: Int64s) -> None:
        """Keeps the values to search.

        Args:
            ordered: from 0, rising, (n,).
        """
        self._ordered = ordered
        greatest = int(ordered[-1]) if ordered.size else 0
        self._shift = max(0, greatest.bit_length() - (_BUCKETS_PER_VALUE * ordered.size).bit_length())
        self._buckets = (greatest >> self._shift) + 1

    def find(self, values: Int64s) -> Positions:
        """Finds how many of the sorted values are less than each value, which is from 0; (n_values,)."""
        if len(values) < _MANY * len(self._ordered):
            return np.searchsorted(self._ordered, values)
        found = np.empty(len(values), dtype=np.intp)
        for begin in range(0, len(values), _BLOCK):
            block = slice(begin, begin + _BLOCK)
            found[block] = self._find_block(values[block])
        return found

    @cached_property
    def _begin(self) -> Positions:
        """How many sorted values lie before each stretch, and before the end of the line."""
        held = np.bincount(self._ordered >> self._shift, minlength=self._buckets)
        return np.concatenate(([0], np.cumsum(held)))

    @cached_property
    def _bounded(self) -> Int64s:
        """The sorted values, and one that is less than none."""
        return np.append(self._ordered, np.iinfo(np.int64).max)

    def _find_block(self, values: Int64s) -> Positions:
        found = self._begin[np.minimum(values >> self._shift, self._buckets)]
        found += self._bounded[found] < values
        further = np.flatnonzero(self._bounded[found] < values)
        found[further] = np.searchsorted(self._ordered, values[further])
        return found
