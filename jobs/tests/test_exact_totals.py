"""Sums and variances of integers of any size against Python's own integers."""

from __future__ import annotations

import numpy as np
import pytest
from core.running_totals import SumOverflowError, cover_count, cover_total, require_exact
from core.variance import sample_variance
from hypothesis import given
from hypothesis import strategies as st

SIZE = 6
LEAST, GREATEST = -(1 << 63), (1 << 63) - 1
amounts = st.integers(-9, 9) | st.sampled_from([LEAST, GREATEST, 1 << 62]) | st.integers(LEAST, GREATEST)
ranges = st.tuples(st.integers(0, SIZE - 1), st.integers(1, SIZE), amounts).map(
    lambda each: (each[0], max(each[0] + 1, each[1]), each[2])
)


def arrays(covers: list[tuple[int, int, int]]) -> list[np.ndarray]:
    return [np.array([each[index] for each in covers], dtype=np.int64) for index in range(3)]


def covering(covers: list[tuple[int, int, int]], position: int) -> list[int]:
    return [amount for first, last, amount in covers if first <= position < last]


@given(st.lists(ranges, min_size=1, max_size=12))
def test_a_sum_is_exact_or_refused_by_itself_alone(covers: list[tuple[int, int, int]]) -> None:
    first, last, amount = arrays(covers)
    count = cover_count(first, last, SIZE)
    sums = [sum(covering(covers, position)) for position in range(SIZE)]

    def total_of(amount: np.ndarray) -> np.ndarray:
        return cover_total(first, last, amount, SIZE)

    total = total_of(amount)
    if all(LEAST <= each <= GREATEST for each in sums):
        require_exact(total, count, amount, total_of)
        assert total.tolist() == sums
    else:
        with pytest.raises(SumOverflowError, match="which is no 64-bit integer"):
            require_exact(total, count, amount, total_of)


@given(st.lists(ranges, min_size=1, max_size=12), st.integers(0, 9))
def test_a_variance_rounds_exact_integers_once(covers: list[tuple[int, int, int]], scale: int) -> None:
    first, last, amount = arrays(covers)
    count = cover_count(first, last, SIZE)

    variance = sample_variance(amount, None, lambda each: cover_total(first, last, each, SIZE), count, scale)

    for position in range(SIZE):
        values = covering(covers, position)
        rows = len(values)
        if rows > 1:
            numerator = rows * sum(value * value for value in values) - sum(values) ** 2
            assert variance[position] == float(numerator) / float(rows * (rows - 1) * 100**scale)
