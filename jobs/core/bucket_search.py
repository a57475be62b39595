"""Looking many values up among sorted ones, from a table of where each stretch of the line begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]
    Positions = NDArray[np.intp]

_BUCKETS_PER_VALUE = 4
_BLOCK = 1 << 16
"""Values looked up at a time: what a look-up needs of them stays in the processor's cache."""


class BucketSearch:
    """``numpy.searchsorted`` on the left, in one step or two for most values where bisection takes as many as bits.

    The line is cut into stretches of equal length, about four for each sorted value. A look-up begins at the first
    value of its stretch; those that have to go further than one value on are bisected.
    """

    def __init__(self, ordered: Int64s) -> None:
        """Makes the table.

        Args:
            ordered: from 0, rising, (n,).
        """
        self._ordered = ordered
        self._bounded = np.append(ordered, np.iinfo(np.int64).max)
        greatest = int(self._bounded[-2]) if ordered.size else 0
        self._shift = max(0, greatest.bit_length() - (_BUCKETS_PER_VALUE * ordered.size).bit_length())
        self._buckets = (greatest >> self._shift) + 1
        held = np.bincount(ordered >> self._shift, minlength=self._buckets)
        self._begin = np.concatenate(([0], np.cumsum(held)))

    def find(self, values: Int64s) -> Positions:
        """Finds how many of the sorted values are less than each value, which is from 0; (n_values,)."""
        found = np.empty(len(values), dtype=np.intp)
        for begin in range(0, len(values), _BLOCK):
            block = slice(begin, begin + _BLOCK)
            found[block] = self._find_block(values[block])
        return found

    def _find_block(self, values: Int64s) -> Positions:
        found = self._begin[np.minimum(values >> self._shift, self._buckets)]
        found += self._bounded[found] < values
        further = np.flatnonzero(self._bounded[found] < values)
        found[further] = np.searchsorted(self._ordered, values[further])
        return found
