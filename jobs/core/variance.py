"""The sample variance from exact integer sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.running_totals import check_fits, cover_total
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
    the middle of all amounts, which changes no variance and keeps them small.

    Args:
        first: first positions, (n_ranges,).
        last: positions behind the last ones, (n_ranges,).
        amount: in units of ``10 ** -scale``, (n_ranges,).
        count: how many ranges cover each position, (size,).
        scale: decimal digits.

    Returns:
        float64, (size,); arbitrary where fewer than two ranges cover.

    Raises:
        SumOverflowError: the greatest count times the greatest square exceeds int64.
    """
    middle = (int(amount.min()) + int(amount.max())) // 2 if amount.size else 0
    farthest = max(int(amount.max()) - middle, middle - int(amount.min())) if amount.size else 0
    check_fits(count, farthest**2, "square")
    distance = amount - middle
    rows = np.maximum(count, 2).astype(np.uint64)
    total = np.abs(cover_total(first, last, distance, len(count))).astype(np.uint64)
    squares = cover_total(first, last, distance**2, len(count)).astype(np.uint64)
    numerator = Wide.product(rows, squares).minus(Wide.product(total, total))
    pairs = Wide.product(rows * (rows - np.uint64(1)), np.full_like(rows, 10 ** (2 * scale)))
    return numerator.to_float64() / pairs.to_float64()
