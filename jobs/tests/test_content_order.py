"""The total order of rows against Python's own sort."""

from __future__ import annotations

import struct

import pyarrow as pa
from core.content_order import content_order
from hypothesis import given
from hypothesis import strategies as st

wide = st.integers(-(1 << 63), (1 << 63) - 1)
rows = st.lists(
    st.tuples(
        st.integers(0, 2) | wide,
        st.none() | st.sampled_from(["", "a", "B", "é", "aa", "\U0001f600", "\uffff"]),
        st.none() | wide | st.integers(0, 1),
        st.none() | st.sampled_from([0.0, -0.0, 1.5, -2.5, float("inf"), float("-inf")]),
        st.none() | wide | st.integers(0, 1),
    ),
    max_size=30,
)


def rank(value: object) -> tuple[bool, object]:
    if isinstance(value, float):
        bits = struct.unpack("<q", struct.pack("<d", value))[0]
        return (True, bits if bits >= 0 else bits ^ ((1 << 63) - 1))
    return (value is not None, value.encode() if isinstance(value, str) else value or 0)


@given(rows)
def test_orders_as_a_sort_of_tuples(values: list[tuple[object, ...]]) -> None:
    kinds = [pa.int64(), pa.string(), pa.int64(), pa.float64(), pa.int64()]
    columns = [pa.chunked_array([[row[index] for row in values]], type=kind) for index, kind in enumerate(kinds)]

    order = content_order(columns)

    ordered = [tuple(rank(value) for value in values[index]) for index in order]
    assert ordered == sorted(tuple(rank(value) for value in row) for row in values)
    assert sorted(order.tolist()) == list(range(len(values)))
