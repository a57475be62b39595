"""The greatest of the keys whose ranges cover a position."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]
    Positions = NDArray[np.intp]

LEAST_KEY = np.iinfo(np.int64).min


def greatest_cover(first: Positions, last: Positions, key: Int64s, size: int) -> Int64s:
    """Finds at each position the greatest key of the ranges ``[first, last)`` that cover it.

    A range of length n is covered by two, overlapping, of the greatest power of two within n. Going down the powers,
    what covers a block covers both of its halves: O((size + ranges) log size) whole-array operations.

    Args:
        first: first positions, (n_ranges,).
        last: positions behind the last ones, beyond ``first``, (n_ranges,).
        key: int64, (n_ranges,).
        size: number of positions.

    Returns:
        int64, (size,); LEAST_KEY where no range covers.
    """
    level = (np.frexp((last - first).astype(np.float64))[1] - 1).astype(np.int8)
    greatest = np.full(size, LEAST_KEY, dtype=np.int64)
    for power in range(int(level.max(initial=-1)), -1, -1):
        step = 1 << power
        np.maximum(greatest[step:], greatest[:-step].copy(), out=greatest[step:])
        at_level = np.flatnonzero(level == power)
        np.maximum.at(greatest, first[at_level], key[at_level])
        np.maximum.at(greatest, last[at_level] - step, key[at_level])
    return greatest
