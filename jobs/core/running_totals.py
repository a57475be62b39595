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
    """A sum might not fit into int64: rows in a window times the greatest magnitude of a value exceed it."""


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


def magnitude(values: Int64s) -> int:
    """The greatest absolute value, 0 of none; of the least int64 too."""
    return max(int(values.max()), -int(values.min())) if values.size else 0


def check_fits(count: Int64s, greatest: int, what: str = "magnitude") -> None:
    """Refuses sums that could leave int64.

    Args:
        count: how many amounts each sum has, (n,).
        greatest: no amount's absolute value exceeds it.
        what: the word for it.

    Raises:
        SumOverflowError: greatest count times ``greatest`` exceeds int64.
    """
    rows = int(count.max(initial=0))
    if rows * greatest > _GREATEST:
        message = f"{rows} rows in a window times the {what} {greatest} exceed a 64-bit integer"
        raise SumOverflowError(message)
