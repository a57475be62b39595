"""The total order of a training set's rows: by label time, then by content, the same under every engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]

_LARGEST_KEY = (1 << 63) - 1


def content_order(columns: Sequence[pa.ChunkedArray]) -> NDArray[np.intp]:
    """Orders rows by columns, the first the most significant: NULL first, text by its UTF-8 bytes.

    Args:
        columns: text, integers, doubles or booleans, (n_rows,) each.

    Returns:
        Row indices in order, (n_rows,). Rows that are equal in every column are interchangeable.
    """
    return _order([ordinals(column) for column in columns])


def _order(keys: list[Int64s]) -> NDArray[np.intp]:
    """Packs as many leading keys into one integer as fit, sorts by it, then orders just the ties by what is left."""
    packed, used = _packed(keys)
    order = np.argsort(packed)
    if used == len(keys):
        return order
    ordered = packed[order]
    same = np.concatenate(([False], ordered[1:] == ordered[:-1], [False]))
    tied = np.flatnonzero(same[1:] | same[:-1])
    if tied.size:
        rows = order[tied]
        group = np.cumsum(~same[tied])
        _, dense = np.unique(keys[used][rows], return_inverse=True)
        order[tied] = rows[_order([group, dense, *(key[rows] for key in keys[used + 1 :])])]
    return order


def _packed(keys: list[Int64s]) -> tuple[Int64s, int]:
    packed = keys[0] if keys[0].size else np.zeros(0, dtype=np.int64)
    if packed.size == 0:
        return packed, len(keys)
    width = int(packed.max()) - int(packed.min()) + 1
    for used, key in enumerate(keys[1:], start=1):
        least, span = int(key.min()), int(key.max()) - int(key.min()) + 1
        if width * span > _LARGEST_KEY:
            return packed, used
        packed = (packed - int(packed.min())) * span + (key - least)
        width *= span
    return packed, len(keys)


def ordinals(column: pa.ChunkedArray) -> Int64s:
    """Integers in the order of the column's values, NULL the least."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        encoded = column.dictionary_encode().combine_chunks()
        rank = np.empty(len(encoded.dictionary) + 1, dtype=np.int64)
        rank[0] = 0
        numbered = pa.table({"text": encoded.dictionary, "code": np.arange(len(encoded.dictionary))})
        rank[1 + numbered.sort_by("text")["code"].to_numpy()] = np.arange(1, len(encoded.dictionary) + 1)
        return rank[1 + encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)]
    values = _integers(column)
    if column.null_count == 0:
        return values
    distinct, position = np.unique(values, return_inverse=True)
    return np.where(column.is_valid().to_numpy(zero_copy_only=False), position + 1, 0) if distinct.size else values


def _integers(column: pa.ChunkedArray) -> NDArray[Any]:
    if not pa.types.is_floating(column.type):
        return column.cast(pa.int64()).fill_null(0).to_numpy()
    bits = column.cast(pa.float64()).fill_null(0).to_numpy().view(np.int64)
    return bits ^ ((bits >> 63) & _LARGEST_KEY)
