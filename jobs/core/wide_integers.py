"""Unsigned integers of 128 bits as two words, for the few places where a product of two int64 must stay exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    UInt64s = NDArray[np.uint64]

_HALF = np.uint64(32)
_LOW_HALF = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True)
class Wide:
    """``high * 2 ** 64 + low``, uint64, (n,) each."""

    high: UInt64s
    low: UInt64s

    @staticmethod
    def product(left: UInt64s, right: UInt64s) -> Wide:
        """Multiplies exactly, by the four products of the halves."""
        left_high, left_low = left >> _HALF, left & _LOW_HALF
        right_high, right_low = right >> _HALF, right & _LOW_HALF
        low = left_low * right_low
        middle = left_high * right_low + (low >> _HALF)
        other = left_low * right_high + (middle & _LOW_HALF)
        return Wide(left_high * right_high + (middle >> _HALF) + (other >> _HALF), left * right)

    def minus(self, other: Wide) -> Wide:
        """Subtracts what is not greater."""
        borrow = (self.low < other.low).astype(np.uint64)
        return Wide(self.high - other.high - borrow, self.low - other.low)

    def to_float64(self) -> NDArray[np.float64]:
        """The nearest double, ties to even: the leading word with a last bit that stands for all that follow."""
        bits = np.clip(np.frexp(self.high.astype(np.float64))[1], 1, 64)  # of the high word, or one more
        free = (64 - bits).astype(np.uint64)
        carried = np.where(free == 0, 0, self.low >> np.minimum(np.uint64(64) - free, np.uint64(63)))
        leading = (self.high << free) | carried | ((self.low << free) != 0).astype(np.uint64)
        wide = np.ldexp(leading.astype(np.float64), bits)
        return np.where(self.high == 0, self.low.astype(np.float64), wide)
