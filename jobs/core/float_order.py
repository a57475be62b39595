"""Doubles as integers of the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]
    Numbers = NDArray[Any]  # int64 or float64

_ALL_BUT_SIGN = np.iinfo(np.int64).max


def order_keys(values: Numbers) -> Int64s:
    """int64 keys in the order of the values, (n,); integers are their own."""
    return values if values.dtype == np.int64 else _flipped(values.view(np.int64))


def values_of_keys(keys: Int64s, dtype: np.dtype[np.int64] | np.dtype[np.float64]) -> Numbers:
    """The values of a dtype that :func:`order_keys` maps to these keys, (n,)."""
    return keys if dtype == np.int64 else _flipped(keys).view(np.float64)


def _flipped(bits: Int64s) -> Int64s:
    """Reverses the order of the negative doubles' bits; its own inverse."""
    return bits ^ ((bits >> 63) & _ALL_BUT_SIGN)
