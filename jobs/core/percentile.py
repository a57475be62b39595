"""Percentiles as SQL's PERCENTILE_CONT: linear between the two nearest values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from core.float_order import order_keys, values_of_keys
from core.lexicographic_order import lexicographic_order
from core.order_statistics import kth_cover

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]
    Float64s = NDArray[np.float64]
    Numbers = NDArray[Any]  # int64 or float64
    Positions = NDArray[np.intp]

_GREATEST = int(np.iinfo(np.int64).max)


def percentile(first: Positions, last: Positions, value: Numbers, count: Int64s, quantile: Fraction) -> Float64s:
    """Computes at each position a percentile of the values of the ranges ``[first, last)`` that cover it.

    It is ``lower + (upper - lower) * fraction`` in doubles: the whole part of ``(n - 1) * quantile`` is the place of
    ``lower`` among the n values in order, the rest the fraction, exact and rounded once.

    Args:
        first: first positions, (n_ranges,).
        last: positions behind the last ones, beyond ``first``, (n_ranges,).
        value: (n_ranges,).
        count: how many ranges cover each position, (size,).
        quantile: in [0, 1].

    Returns:
        float64, (size,); arbitrary where no range covers.
    """
    greatest = np.maximum(count - 1, 0)
    place, fraction = _places(greatest, quantile)
    code, code_keys = _compact_keys(order_keys(value))
    asked = [place, np.minimum(place + 1, greatest)]
    found = kth_cover(first, last, code, asked, len(count))
    lower, upper = (values_of_keys(code_keys(each), value.dtype).astype(np.float64) for each in found)
    return _between(lower, upper, fraction)


def _between(lower: Float64s, upper: Float64s, fraction: Float64s) -> Float64s:
    """``lower + (upper - lower) * fraction``, by halves where the distance itself exceeds the doubles."""
    half_way = (upper / 2 - lower / 2) * fraction
    far = np.abs(upper / 2 - lower / 2) > np.finfo(np.float64).max / 2
    distance = np.where(far, 0, upper) - np.where(far, 0, lower)
    return np.where(far, lower + half_way + half_way, lower + distance * fraction)


def _places(greatest: Int64s, quantile: Fraction) -> tuple[Int64s, Float64s]:
    """Whole part and fraction of ``greatest * quantile``, exactly; in Python's integers where int64 is too short."""
    fits = int(greatest.max(initial=0)) * quantile.numerator <= _GREATEST and quantile.denominator <= _GREATEST
    products = greatest.astype(np.int64 if fits else object) * quantile.numerator
    place, rest = products // quantile.denominator, products % quantile.denominator
    return place.astype(np.int64), (rest / quantile.denominator).astype(np.float64)


def _compact_keys(keys: Int64s) -> tuple[Int64s, Callable[[Int64s], Int64s]]:
    """Codes from 0 in the order of the keys and of few bits, and the function back to the keys.

    Distances from the least key where they have no more bits than the number of keys, else ranks among the distinct.
    """
    least, greatest = (int(keys.min()), int(keys.max())) if keys.size else (0, 0)
    if (greatest - least).bit_length() <= len(keys).bit_length():
        return keys - least, lambda codes: codes + least
    order = lexicographic_order([keys])
    ordered = keys[order]
    is_new = np.concatenate(([True], ordered[1:] != ordered[:-1]))
    codes = np.empty(len(keys), dtype=np.int64)
    codes[order] = np.cumsum(is_new) - 1
    distinct = ordered[is_new]
    return codes, lambda codes: distinct.take(codes, mode="clip")
