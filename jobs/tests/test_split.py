"""Splits: exact boundaries, undivided ties, no label in training that was not known; entities go to one part."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from core.feature_program import SplitShares
from core.split import (
    MICROSECONDS_PER_DAY,
    NEVER,
    SPLITS,
    Boundaries,
    TimeCounts,
    entity_codes,
    entity_part,
    find_boundaries,
    known_in_time,
    split_codes,
)
from hypothesis import given
from hypothesis import strategies as st

HOUR = 3_600_000_000


def shares_of(train: str, validation: str, embargo: int = 0) -> SplitShares:
    exact = Fraction(train), Fraction(validation)
    return SplitShares(*exact, 1 - sum(exact), embargo)


def boundaries_of(label_times: list[int], shares: SplitShares) -> Boundaries:
    def counts(times: list[int]) -> TimeCounts:
        distinct, rows = np.unique(np.array(times, dtype=np.int64), return_counts=True)
        return TimeCounts(distinct, rows)

    days = counts([time // MICROSECONDS_PER_DAY for time in label_times])
    return find_boundaries(
        days, lambda day: counts([time for time in label_times if time // MICROSECONDS_PER_DAY == day]), shares
    )


hours = st.lists(st.integers(-40, 200).map(lambda hour: hour * HOUR), min_size=1, max_size=40)
tenths = st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda parts: sum(parts) <= 10)


@given(hours, tenths)
def test_a_part_begins_at_the_label_time_of_its_first_row(times: list[int], parts: tuple[int, int]) -> None:
    train, validation = parts
    ordered = sorted(times)

    found = boundaries_of(times, shares_of(f"0.{train}", f"0.{validation}"))

    first, second = train * len(times) // 10, (train + validation) * len(times) // 10
    assert found.validation_from == (ordered[first] if first < len(times) else NEVER)
    assert found.test_from == (ordered[second] if second < len(times) else NEVER)


@given(hours, tenths, st.integers(0, 30).map(lambda hour: hour * HOUR), st.data())
def test_no_label_of_a_part_was_unknown_when_the_next_begins(
    times: list[int], parts: tuple[int, int], embargo: int, data: st.DataObject
) -> None:
    delays = data.draw(
        st.lists(st.integers(0, 60).map(lambda hour: hour * HOUR), min_size=len(times), max_size=len(times))
    )
    label_times = np.array(times)
    known = label_times + np.array(delays)
    bounds = boundaries_of(times, shares_of(f"0.{parts[0]}", f"0.{parts[1]}"))

    codes = split_codes(label_times, bounds)
    kept = known_in_time(codes, known, bounds, embargo)

    for code, time, until, stays in zip(codes, times, known.tolist(), kept, strict=True):
        later = [bounds.validation_from, bounds.test_from][code:]
        assert (time >= bounds.validation_from) + (time >= bounds.test_from) == code
        assert stays == (SPLITS[code] == "test" or later[0] == NEVER or until <= later[0] - embargo)


def test_a_share_of_seven_tenths_is_exact() -> None:
    found = boundaries_of([hour * HOUR for hour in range(1000)], shares_of("0.7", "0.15"))

    assert (found.validation_from, found.test_from) == (700 * HOUR, 850 * HOUR)


@pytest.mark.parametrize(
    ("values", "place"),
    [
        pytest.param([7, None], 0x3D98B853846B5332, id="an integer and NULL"),
        pytest.param(["é"], 0x0B657BE394B1D432, id="a text beyond ASCII"),
        pytest.param(["a", "b"], 0x0473EF2DC0D324AB, id="two texts"),
    ],
)
def test_an_entity_has_the_part_that_its_hash_says(values: list[str | int | None], place: int) -> None:
    exact = Fraction(place, 1 << 64)
    rest = 1 - exact

    assert entity_part(values, SplitShares(exact, rest, Fraction(0), 0, ("e",))) == 1
    assert entity_part(values, SplitShares(exact + Fraction(1, 1 << 64), Fraction(0), Fraction(0), 0, ("e",))) == 0
    assert entity_part(values, SplitShares(Fraction(0), exact, rest, 0, ("e",))) == 2


@given(
    entities=st.lists(st.tuples(st.sampled_from(["a", "ab", None]), st.integers(0, 40) | st.none())),
    train=st.integers(0, 9),
)
def test_rows_of_an_entity_go_to_the_part_of_their_values(entities: list[tuple[str, int]], train: int) -> None:
    shares = SplitShares(Fraction(train, 10), Fraction(1, 10), Fraction(9 - train, 10), 0, ("text", "number"))
    table = pa.table(
        {
            "text": pa.array([text for text, _ in entities], pa.string()),
            "number": pa.array([number for _, number in entities], pa.int64()),
        }
    )

    assert entity_codes(table, shares).tolist() == [entity_part(entity, shares) for entity in entities]
