"""The shapes below the aggregates, each against brute force over the ranges that cover a position."""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import pytest
from core.bucket_search import BucketSearch
from core.distinct_cover import disjoint_by_value
from core.greatest_cover import LEAST_KEY, greatest_cover
from core.lexicographic_order import lexicographic_order
from core.number_line import NumberLine
from core.order_statistics import kth_cover
from core.running_totals import cover_count, cover_total
from core.staircase import staircases
from core.wide_integers import Wide
from hypothesis import given, settings
from hypothesis import strategies as st

SIZE = 20
Range = tuple[int, int, int]
ranges_of = st.lists(
    st.tuples(st.integers(0, SIZE - 1), st.integers(1, SIZE), st.integers(0, 9)).map(
        lambda each: (each[0], min(SIZE, each[0] + each[1]), each[2])
    ),
    max_size=25,
)
int64s = st.integers(-(1 << 63), (1 << 63) - 1) | st.sampled_from([-(1 << 63), -1, 0, 1, (1 << 63) - 1])


def columns(ranges: list[Range]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    first, last, key = (np.array([each[index] for each in ranges], dtype=np.int64) for index in range(3))
    return first, last, key


def covering(ranges: list[Range], position: int) -> list[int]:
    return [key for first, last, key in ranges if first <= position < last]


@given(ranges_of)
def test_counts_sums_and_greatest_of_what_covers(ranges: list[Range]) -> None:
    first, last, key = columns(ranges)
    covers = [covering(ranges, position) for position in range(SIZE)]

    assert cover_count(first, last, SIZE).tolist() == [len(keys) for keys in covers]
    assert cover_total(first, last, key, SIZE).tolist() == [sum(keys) for keys in covers]
    assert greatest_cover(first, last, key, SIZE).tolist() == [max(keys, default=LEAST_KEY) for keys in covers]


@given(ranges_of)
def test_counts_different_values(ranges: list[Range]) -> None:
    pieces = disjoint_by_value(*columns(ranges))

    assert cover_count(*pieces, SIZE).tolist() == [len(set(covering(ranges, position))) for position in range(SIZE)]


@given(ranges_of, st.lists(st.integers(0, 5), min_size=1, max_size=3))
def test_finds_the_kth_smallest(ranges: list[Range], asked: list[int]) -> None:
    found = kth_cover(*columns(ranges), [np.full(SIZE, k) for k in asked], SIZE)

    for k, keys in zip(asked, found, strict=True):
        covers = [sorted(covering(ranges, position)) for position in range(SIZE)]
        assert [key for key, cover in zip(keys.tolist(), covers, strict=True) if k < len(cover)] == [
            cover[k] for cover in covers if k < len(cover)
        ]


@given(st.lists(st.integers(0, SIZE), max_size=25), st.randoms(use_true_random=False))
def test_staircases_are_the_greatest_ranks_that_have_started(starts: list[int], random: Any) -> None:  # noqa: ANN401
    ranks = random.sample(range(len(starts)), len(starts))

    computed = islice(staircases(np.array(starts, dtype=np.intp), np.array(ranks, dtype=np.int64), SIZE), 3)

    for number, winners in enumerate(computed):
        for position, winner in enumerate(winners.tolist()):
            begun = sorted((rank for start, rank in zip(starts, ranks, strict=True) if start <= position), reverse=True)
            assert winner == (begun[number] if number < len(begun) else -1)


@given(st.lists(st.tuples(int64s, st.integers(0, 2), int64s), max_size=40))
def test_orders_rows_by_keys_of_any_width(rows: list[tuple[int, int, int]]) -> None:
    order = lexicographic_order([np.array([row[index] for row in rows], dtype=np.int64) for index in range(3)])

    assert order.tolist() == sorted(range(len(rows)), key=lambda index: rows[index])


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 3, 1 << 20, 1 << 44, 1 << 62]))
def test_orders_many_rows(seed: int, spread: int) -> None:
    keys = list(np.random.default_rng(seed).integers(0, spread, (3, 3_000)))

    assert lexicographic_order(keys).tolist() == np.lexsort(keys[::-1]).tolist()


@given(st.lists(int64s, max_size=6), st.lists(st.tuples(st.integers(0, 3), int64s)), st.integers(4, 1 << 40))
def test_a_number_line_keeps_the_order_against_its_own_times(
    times: list[int], pairs: list[tuple[int, int]], segments: int
) -> None:
    line = NumberLine(np.array(times, dtype=np.int64), segments)
    own = [(segment, time) for segment in range(4) for time in times]

    def places(asked: list[tuple[int, int]]) -> list[int]:
        return line.at(*(np.array([pair[index] for pair in asked], dtype=np.int64) for index in range(2))).tolist()

    for pair, place in zip(pairs, places(pairs), strict=True):
        assert [other < place for other in places(own)] == [other < pair for other in own]


uint64s = st.integers(0, (1 << 64) - 1) | st.sampled_from([0, 1, (1 << 32) - 1, 1 << 32, 1 << 63, (1 << 64) - 1])


@settings(max_examples=500)
@given(uint64s, uint64s, uint64s, uint64s)
def test_wide_integers_are_exact_and_round_once(a: int, b: int, c: int, d: int) -> None:
    left, right = sorted([(a, b), (c, d)], key=lambda pair: pair[0] * pair[1], reverse=True)

    wide = [Wide.product(*(np.array([factor], dtype=np.uint64) for factor in pair)) for pair in (left, right)]
    difference = wide[0].minus(wide[1])

    exact = left[0] * left[1] - right[0] * right[1]
    assert (int(difference.high[0]) << 64) + int(difference.low[0]) == exact
    assert difference.to_float64()[0] == float(exact)


@pytest.mark.parametrize("bits", range(53, 128))
def test_halves_round_to_even(bits: int) -> None:
    for exact in (1 << bits, (1 << bits) + (1 << (bits - 53)), (1 << bits) + (3 << (bits - 53))):
        wide = Wide(*(np.array([word], dtype=np.uint64) for word in (exact >> 64, exact & ((1 << 64) - 1))))
        assert wide.to_float64()[0] == float(exact)


@given(st.lists(st.integers(0, (1 << 63) - 1) | st.integers(0, 50), max_size=12), st.integers(0, 2**32 - 1))
def test_finds_many_values_as_bisection_does(values: list[int], seed: int) -> None:
    ordered = np.sort(np.array(values, dtype=np.int64))
    spread = [60, 1 << 63][seed % 2]
    asked = np.concatenate((np.random.default_rng(seed).integers(0, spread, 100), ordered, ordered - 1))
    asked = np.maximum(asked, 0)

    assert BucketSearch(ordered).find(asked).tolist() == np.searchsorted(ordered, asked).tolist()
