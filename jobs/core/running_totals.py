"""Counts and sums of the ranges that cover a position: what has started less what has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]
    Positions = NDArray[np.intp]

_GREATEST = int(np.iinfo(np.int64).max)


class SumOverflowError(ArithmeticError):
    """A sum does not fit into int64."""


def cover_count(first: Positions, last: Positions, size: int) -> Int64s:
    """Counts at each of ``size`` positions the ranges ``[first, last)`` that cover it, (size,)."""
    change = np.bincount(first, minlength=size + 1)
    change -= np.bincount(last, minlength=size + 1)
    return np.cumsum(change[:size])


def cover_total(first: Positions, last: Positions, amount: Int64s, size: int) -> Int64s:
    """Sums at each of ``size`` positions the amounts of the ranges ``[first, last)`` that cover it, (size,).

    Running sums may wrap on the way: their differences are right wherever the result fits.
    """
    change = np.zeros(size + 1, dtype=np.int64)
    np.add.at(change, first, amount)
    np.subtract.at(change, last, amount)
    return np.cumsum(change[:size])


def exact_total(first: Positions, last: Positions, amount: Int64s, count: Int64s) -> Int64s:
    """Sums as :func:`cover_total` does, or refuses: whether a sum fits does not depend on other entities' rows.

    Args:
        first: first positions, (n_ranges,).
        last: positions behind the last ones, (n_ranges,).
        amount: (n_ranges,).
        count: how many ranges cover each position, (size,).

    Raises:
        SumOverflowError: a sum is not an int64.
    """
    total = cover_total(first, last, amount, len(count))
    if may_exceed(count, magnitude(amount)):
        high, low = halves_total(first, last, amount, len(count))
        beyond = np.flatnonzero(high + (low >> 32) != total >> 32)
        if beyond.size:
            where = beyond[0]
            message = f"{count[where]} rows in a window add up to {(int(high[where]) << 32) + int(low[where])}"
            raise SumOverflowError(f"{message}, which is no 64-bit integer")
    return total


def halves_total(first: Positions, last: Positions, amount: Int64s, size: int) -> tuple[Int64s, Int64s]:
    """Sums of the amounts' upper and lower 32 bits, which always fit: the sum is ``high * 2 ** 32 + low``, (size,)."""
    return cover_total(first, last, amount >> 32, size), cover_total(first, last, amount & 0xFFFFFFFF, size)


def magnitude(values: Int64s) -> int:
    """The greatest absolute value, 0 of none; of the least int64 too."""
    return max(int(values.max()), -int(values.min())) if values.size else 0


def may_exceed(count: Int64s, greatest: int) -> bool:
    """Whether sums of so many amounts, (n,), none beyond ``greatest`` in magnitude, could leave int64."""
    return int(count.max(initial=0)) * greatest > _GREATEST
