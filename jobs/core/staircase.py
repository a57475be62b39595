"""The greatest rank reached so far, and the greatest ones below it: what is newest where nothing is ever taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]
    Positions = NDArray[np.intp]


def staircases(first: Positions, rank: Int64s, size: int) -> Iterator[Int64s]:
    """Yields at each position the greatest rank whose row has started, then the second greatest, and so on.

    The greatest only rises along the positions. So a row is second from where it is beaten, or from its start if it
    is beaten already: the next staircase is that of the rows from there on.

    Args:
        first: positions at which rows start, in ``[0, size]``, (n_rows,).
        rank: different ranks from 0, (n_rows,).
        size: number of positions.

    Yields:
        int64, (size,), rising; -1 where fewer rows have started.
    """
    while True:
        greatest = np.full(size + 1, -1, dtype=np.int64)
        np.maximum.at(greatest, first, rank)
        greatest = np.maximum.accumulate(greatest[:-1])
        yield greatest
        first = np.maximum(first, np.searchsorted(greatest, rank, side="right"))
