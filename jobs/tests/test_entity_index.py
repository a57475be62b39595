"""Codes of the labels' keys: equal keys alike, different keys apart, whatever their columns."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from core.entity_index import EntityIndex
from hypothesis import given
from hypothesis import strategies as st


def test_keys_never_run_together() -> None:
    table = pa.table({"left": ["1", "11", "1", None, "1"], "right": ["11", "1", "11", "1", None]})

    codes = EntityIndex(table).labels

    assert codes[0] == codes[2] != codes[1]
    assert codes[3:].tolist() == [-1, -1]


@pytest.mark.parametrize("step", [1, 1 << 40])
def test_wide_keys_stay_apart(step: int) -> None:
    count = 20_000
    numbers = np.arange(count) * step
    columns = {f"k{index}": pa.array(np.roll(numbers, index)) for index in range(4)}

    codes = EntityIndex(pa.table(columns)).labels

    assert sorted(codes.tolist()) == list(range(count))


parts = st.sampled_from(["a", "b", "ab", "", None])
extremes = st.sampled_from([-(1 << 63), -5, 0, 5, (1 << 63) - 1, None])


@given(st.lists(st.tuples(parts, extremes)), st.lists(st.tuples(parts, extremes)))
def test_rows_have_the_code_of_the_labels_with_an_equal_key(
    labels: list[tuple[str | None, int | None]], rows: list[tuple[str | None, int | None]]
) -> None:
    def table(keys: list[tuple[str | None, int | None]]) -> pa.Table:
        return pa.table(
            {"t": pa.array([k[0] for k in keys], pa.string()), "n": pa.array([k[1] for k in keys], pa.int64())}
        )

    index = EntityIndex(table(labels))

    of_label = dict(zip(labels, index.labels.tolist(), strict=True))
    assert all((code < 0) == (None in key) for key, code in of_label.items())
    assert len(set(of_label.values()) - {-1}) == len([key for key in of_label if None not in key])
    assert index.find(table(rows)).tolist() == [of_label.get(key, -1) for key in rows]
