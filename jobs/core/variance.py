"""The sample variance from exact integer sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.running_totals import cover_total, halves_total, may_exceed
from core.wide_integers import Wide

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]
    Positions = NDArray[np.intp]


def sample_variance(
    first: Positions, last: Positions, amount: Int64s, count: Int64s, scale: int
) -> NDArray[np.float64]:
    """Computes at each position the sample variance of the amounts of the ranges that cover it.

    It is ``(n * sum of squares - square of the sum) / (n * (n - 1) * 10 ** (2 * scale))``: numerator and denominator
    are exact integers, each rounded once to a double, and so is their quotient. Squares are taken of the distance from
    the middle of all amounts, which changes no variance and keeps them small, so that 128 bits nearly always hold them.

    Args:
        first: first positions, (n_ranges,).
        last: positions behind the last ones, (n_ranges,).
        amount: in units of ``10 ** -scale``, (n_ranges,).
        count: how many ranges cover each position, (size,).
        scale: decimal digits.

    Returns:
        float64, (size,); arbitrary where fewer than two ranges cover.
    """
    middle = (int(amount.min()) + int(amount.max()) + 1) // 2 if amount.size else 0
    distance = amount - middle
    rows = np.maximum(count, 2)
    farthest = max(int(amount.max()) - middle, middle - int(amount.min())) if amount.size else 0
    if may_exceed(count, farthest**2):
        numerator = _wide_numerator(first, last, distance, rows)
    else:
        total = np.abs(cover_total(first, last, distance, len(count))).astype(np.uint64)
        squares = cover_total(first, last, distance**2, len(count)).astype(np.uint64)
        numerator = Wide.product(rows.astype(np.uint64), squares).minus(Wide.product(total, total)).to_float64()
    pairs = (rows * (rows - 1)).astype(np.uint64)
    return numerator / Wide.product(pairs, np.full_like(pairs, 10 ** (2 * scale))).to_float64()


def _wide_numerator(first: Positions, last: Positions, distance: Int64s, rows: Int64s) -> NDArray[np.float64]:
    """``n * sum of squares - square of the sum`` where 128 bits may be too few: in Python's integers, (size,)."""
    high, low = halves_total(first, last, distance, len(rows))
    total = (high.astype(object) << 32) + low
    magnitude = np.abs(distance).view(np.uint64)  # of the least int64 too: its absolute value wraps to its own bits
    square = Wide.product(magnitude, magnitude)
    squares = 0
    for shift, word in ((64, square.high), (0, square.low)):
        halves = ((shift + 32, word >> np.uint64(32)), (shift, word & np.uint64(0xFFFFFFFF)))
        for place, half in halves:
            squares += cover_total(first, last, half.astype(np.int64), len(rows)).astype(object) << place
    return (rows * squares - total * total).astype(np.float64)
