"""The k-th smallest of the keys whose ranges cover a position, by a wavelet matrix over their starts and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.lexicographic_order import lexicographic_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]
    Positions = NDArray[np.intp]


class _Sequence:
    """Keys in order of the positions at which their ranges start, or end: one level of a wavelet matrix at a time.

    Each level orders the keys stably by one more bit, from the greatest down. The keys that agree in the bits so far
    stand together, and how many of them lie before a place of the first order is a difference of two places here.
    """

    def __init__(self, position: Positions, key: Int64s, size: int, asked: int) -> None:
        self._keys = key[lexicographic_order([position])]
        before = np.cumsum(np.bincount(position, minlength=size)[:size])
        self.place = [before] * asked

    def zeros(self, bit: int) -> list[Int64s]:
        """How many keys before each place have a zero in this bit; the next level begins with those."""
        is_zero = (self._keys >> bit) & 1 == 0
        before = np.concatenate(([0], np.cumsum(is_zero)))
        self._keys = np.concatenate((self._keys[is_zero], self._keys[~is_zero]))
        return [before[place] for place in self.place]


def kth_cover(first: Positions, last: Positions, key: Int64s, asked: Sequence[Int64s], size: int) -> list[Int64s]:
    """Finds at each position the k-th smallest key of the ranges ``[first, last)`` that cover it.

    Of the keys that share their leading bits, those that cover a position are the ones started by then less the ones
    ended: bit by bit the walk goes to the zeros where more than k of them cover, else to the ones with k less.

    Args:
        first: first positions, (n_ranges,).
        last: positions behind the last ones, beyond ``first``, (n_ranges,).
        key: from 0, (n_ranges,).
        asked: for each question k at every position, from 0, (size,); where no more than k ranges cover, the answer
            is arbitrary.
        size: number of positions.

    Returns:
        Keys, (size,) for each question.
    """
    starts, ends = (_Sequence(position, key, size, len(asked)) for position in (first, last))
    remaining = list(asked)
    found = [np.zeros(size, dtype=np.int64) for _ in asked]
    for bit in reversed(range(int(key.max(initial=0)).bit_length())):
        zeros = int(np.count_nonzero((key >> bit) & 1 == 0))
        of_starts, of_ends = starts.zeros(bit), ends.zeros(bit)
        for question, k in enumerate(remaining):
            covering = of_starts[question] - of_ends[question]
            is_one = k >= covering
            remaining[question] = k - np.where(is_one, covering, 0)
            found[question] += is_one.astype(np.int64) << bit
            for sequence, before in ((starts, of_starts), (ends, of_ends)):
                place = sequence.place[question]
                sequence.place[question] = np.where(is_one, zeros + place - before[question], before[question])
    return found
