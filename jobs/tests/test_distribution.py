"""Reference distributions: right shares, exact integer deciles, independent of how rows were parted."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from core.distribution import feature_distribution, histogram, merged
from hypothesis import given
from hypothesis import strategies as st

numbers = st.lists(st.floats(-1e9, 1e9, allow_nan=False) | st.integers(-10_000, 10_000).map(float), max_size=60)


@given(numbers, st.integers(0, 5), st.integers(1, 7))
def test_any_parting_of_the_rows_gives_the_same(values: list[float], nulls: int, parts: int) -> None:
    whole = histogram(np.array(values), nulls)
    pieces = [histogram(np.array(values[part::parts]), nulls if part == 0 else 0) for part in range(parts)]

    assert feature_distribution("x", merged(pieces)) == feature_distribution("x", whole)


@given(numbers, st.integers(0, 5))
def test_shares_are_those_of_the_rows_between_the_edges(values: list[float], nulls: int) -> None:
    described = feature_distribution("x", histogram(np.array(values), nulls))

    ends = [-np.inf, *described["edges"], np.inf]
    rows = len(values) + nulls
    assert described["shares"] == [
        sum(low < value <= high for value in values) / rows if rows else 0.0 for low, high in pairwise(ends)
    ]
    assert rows == 0 or abs(sum(described["shares"]) + described["nullShare"] - 1) < 1e-12


@given(st.lists(st.integers(-2048, 2048), min_size=1, max_size=80))
def test_edges_of_integers_are_their_deciles(values: list[int]) -> None:
    ordered = sorted(values)

    described = feature_distribution("x", histogram(np.array(values), 0))

    assert described["edges"] == sorted({ordered[-(-decile * len(values) // 10) - 1] for decile in range(1, 10)})


def test_edges_of_other_numbers_lie_within_a_thousandth() -> None:
    values = np.random.default_rng(3).normal(50, 30, 5000)

    described = feature_distribution("x", histogram(values, 0))

    exact = np.quantile(values, [decile / 10 for decile in range(1, 10)], method="inverted_cdf")
    np.testing.assert_allclose(described["edges"], exact, rtol=1e-3)


def test_a_column_of_nulls_has_one_empty_bin() -> None:
    assert feature_distribution("x", histogram(np.array([]), 4)) == {
        "name": "x", "edges": [], "shares": [0.0], "nullShare": 1.0
    }  # fmt: skip
