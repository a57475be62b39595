"""The order of rows by several integer keys, by sorting integers alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]
    UInt64s = NDArray[np.uint64]

_WORD = 64


def lexicographic_order(keys: Sequence[Int64s]) -> NDArray[np.intp]:
    """Orders rows by keys, the first the most significant; rows equal in every key keep their order.

    The leading bits of the keys and the row number share one word, since words sort several times faster than indices
    do. What still ties in those bits is ordered by the bits that are left.

    Args:
        keys: at least one, int64, (n_rows,) each.

    Returns:
        Row indices in order, (n_rows,).
    """
    rows = len(keys[0])
    if rows == 0:
        return np.zeros(0, dtype=np.intp)
    number_bits = (rows - 1).bit_length()
    packed, rest = _packed(keys, _WORD - number_bits)
    packed <<= np.uint64(number_bits)
    packed |= np.arange(rows, dtype=np.uint64)
    packed.sort()
    order = (packed & np.uint64((1 << number_bits) - 1)).view(np.intp)
    if rest:
        packed >>= np.uint64(number_bits)
        _order_ties(order, packed, rest)
    return order


def tied_neighbours(ordered: NDArray[np.generic]) -> tuple[NDArray[np.intp], Int64s]:
    """Positions of ordered values that equal a neighbour, and a number per group of equal ones, in order."""
    same = np.concatenate(([False], ordered[1:] == ordered[:-1], [False]))
    tied = np.flatnonzero(same[1:] | same[:-1])
    return tied, np.cumsum(~same[tied])


def _packed(keys: Sequence[Int64s], room: int) -> tuple[UInt64s, list[Int64s]]:
    """As many leading bits of the keys as there is room for, in order, and keys of what is left of them."""
    packed = np.zeros(len(keys[0]), dtype=np.uint64)
    for position, key in enumerate(keys):
        offset = key.view(np.uint64) - key.min().view(np.uint64)
        bits = int(offset.max()).bit_length()
        used = min(bits, room)
        packed <<= np.uint64(used)
        packed |= offset >> np.uint64(bits - used)
        room -= used
        if used < bits:
            low = key if used == 0 else (offset & np.uint64((1 << (bits - used)) - 1)).view(np.int64)
            return packed, [low, *keys[position + 1 :]]
    return packed, []


def _order_ties(order: NDArray[np.intp], ordered: UInt64s, rest: list[Int64s]) -> None:
    """Orders, in place, what equal neighbours of ``ordered`` stand for by the keys that are left."""
    tied, group = tied_neighbours(ordered)
    if tied.size:
        rows = order[tied]
        order[tied] = rows[lexicographic_order([group, *(key[rows] for key in rest)])]
