"""Counts and sums of the ranges that cover a position: what has started less what has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]
    Summation = Callable[[Int64s], Int64s]
    """From amounts of rows, (n_rows,), to their sums at positions, (size,), which may wrap."""
    Positions = NDArray[np.intp]

_GREATEST = int(np.iinfo(np.int64).max)


class SumOverflowError(ArithmeticError):
    """A sum does not fit into int64."""


def cover_count(first: Positions, last: Positions, size: int) -> Int64s:
    """Counts at each of ``size`` positions the ranges ``[first, last)`` that cover it, (size,).

    A range whose ``last`` lies before its ``first`` counts less one between the two.
    """
    change = np.bincount(first, minlength=size + 1)
    change -= np.bincount(last, minlength=size + 1)
    return np.cumsum(change[:size])


def cover_total(first: Positions, last: Positions, amount: Int64s, size: int) -> Int64s:
    """Sums at each of ``size`` positions the amounts of the ranges ``[first, last)`` that cover it, (size,).

    A range whose ``last`` lies before its ``first`` takes its amount away between the two. Running sums may wrap on the
    way: their differences are right wherever the result fits.
    """
    change = np.zeros(size + 1, dtype=np.int64)
    np.add.at(change, first, amount)
    np.subtract.at(change, last, amount)
    return np.cumsum(change[:size])


def require_exact(total: Int64s, count: Int64s, amount: Int64s, total_of: Summation) -> None:
    """Refuses sums that do not fit, whatever other entities' rows are.

    Args:
        total: sums, wrapped where they do not fit, (size,).
        count: how many amounts each is of, (size,).
        amount: amounts of all rows, (n_rows,).
        total_of: sums other amounts of these rows likewise.

    Raises:
        SumOverflowError: a sum is not an int64.
    """
    if may_exceed(count, magnitude(amount)):
        high, low = halves_total(amount, total_of)
        beyond = np.flatnonzero(high + (low >> 32) != total >> 32)
        if beyond.size:
            where = beyond[0]
            message = f"{count[where]} rows in a window add up to {(int(high[where]) << 32) + int(low[where])}"
            raise SumOverflowError(f"{message}, which is no 64-bit integer")


def halves_total(amount: Int64s, total_of: Summation) -> tuple[Int64s, Int64s]:
    """Sums of the amounts' upper and lower 32 bits, which always fit: the sum is ``high * 2 ** 32 + low``, (size,)."""
    return total_of(amount >> 32), total_of(amount & 0xFFFFFFFF)


def magnitude(values: Int64s) -> int:
    """The greatest absolute value, 0 of none; of the least int64 too."""
    return max(int(values.max()), -int(values.min())) if values.size else 0


def may_exceed(count: Int64s, greatest: int) -> bool:
    """Whether sums of so many amounts, (n,), none beyond ``greatest`` in magnitude, could leave int64."""
    return int(count.max(initial=0)) * greatest > _GREATEST
