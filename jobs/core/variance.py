"""The sample variance from exact integer sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.running_totals import halves_total, may_exceed
from core.wide_integers import Wide

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.running_totals import Summation

    Int64s = NDArray[np.int64]
    Bools = NDArray[np.bool_]


def sample_variance(
    amount: Int64s, valid: Bools | None, total_of: Summation, count: Int64s, scale: int
) -> NDArray[np.float64]:
    """Computes at each position the sample variance of the amounts of the rows that are there.

    It is ``(n * sum of squares - square of the sum) / (n * (n - 1) * 10 ** (2 * scale))``: numerator and denominator
    are exact integers, each rounded once to a double, and so is their quotient. Squares are taken of the distance from
    the middle of all amounts, which changes no variance and keeps them small, so that 128 bits nearly always hold them.

    Args:
        amount: of every row, in units of ``10 ** -scale``, (n_rows,).
        valid: which rows have an amount, (n_rows,); None: all.
        total_of: sums amounts of the rows that are at each position.
        count: how many rows with an amount are at each position, (size,).
        scale: decimal digits.

    Returns:
        float64, (size,); arbitrary where there are fewer than two rows.
    """
    held = amount if valid is None else amount[valid]
    middle = (int(held.min()) + int(held.max()) + 1) // 2 if held.size else 0
    farthest = max(int(held.max()) - middle, middle - int(held.min())) if held.size else 0
    distance = amount - middle if valid is None else np.where(valid, amount - middle, 0)
    rows = np.maximum(count, 2)
    if may_exceed(count, farthest**2):
        numerator = _wide_numerator(distance, total_of, rows)
    else:
        total = np.abs(total_of(distance)).astype(np.uint64)
        squares = total_of(distance**2).astype(np.uint64)
        numerator = Wide.product(rows.astype(np.uint64), squares).minus(Wide.product(total, total)).to_float64()
    pairs = (rows * (rows - 1)).astype(np.uint64)
    return numerator / Wide.product(pairs, np.full_like(pairs, 10 ** (2 * scale))).to_float64()


def _wide_numerator(distance: Int64s, total_of: Summation, rows: Int64s) -> NDArray[np.float64]:
    """``n * sum of squares - square of the sum`` where 128 bits may be too few: in Python's integers, (size,)."""
    high, low = halves_total(distance, total_of)
    total = (high.astype(object) << 32) + low
    magnitude = np.abs(distance).view(np.uint64)  # of the least int64 too: its absolute value wraps to its own bits
    square = Wide.product(magnitude, magnitude)
    squares = 0
    for shift, word in ((64, square.high), (0, square.low)):
        halves = ((shift + 32, word >> np.uint64(32)), (shift, word & np.uint64(0xFFFFFFFF)))
        for place, half in halves:
            squares += total_of(half.astype(np.int64)).astype(object) << place
    return (rows * squares - total * total).astype(np.float64)
