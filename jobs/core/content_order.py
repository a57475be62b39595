"""The total order of a training set's rows: by label time, then by content, the same under every engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from core.float_order import order_keys
from core.lexicographic_order import lexicographic_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]


def content_order(columns: Sequence[pa.ChunkedArray]) -> NDArray[np.intp]:
    """Orders rows by columns, the first the most significant: NULL first, text by its UTF-8 bytes.

    Args:
        columns: text, integers, doubles or booleans, (n_rows,) each.

    Returns:
        Row indices in order, (n_rows,). Rows that are equal in every column are interchangeable.
    """
    return lexicographic_order([key for column in columns for key in content_keys(column)])


def content_keys(column: pa.ChunkedArray) -> list[Int64s]:
    """Integers in the order of the column's values, NULL the least: a key or two, the first the more significant.

    Args:
        column: text, integers, doubles or booleans, (n_rows,).

    Returns:
        int64, (n_rows,) each.
    """
    if column.null_count == 0:
        return [_ordinals(column)]
    valid = column.is_valid().to_numpy()
    return [valid.astype(np.int64), np.where(valid, _ordinals(column), 0)]


def _ordinals(column: pa.ChunkedArray) -> Int64s:
    """Integers in the order of the column's values, (n_rows,); arbitrary where it is NULL."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return _text_ranks(column)
    if not pa.types.is_floating(column.type):
        return column.cast(pa.int64()).fill_null(0).to_numpy()
    return order_keys(column.cast(pa.float64()).fill_null(0).to_numpy())


def _text_ranks(column: pa.ChunkedArray) -> Int64s:
    """Ranks of texts by their UTF-8 bytes, int64 from 0, (n_rows,); -1 where the text is NULL."""
    encoded = column.dictionary_encode().combine_chunks()
    rank = np.empty(len(encoded.dictionary) + 1, dtype=np.int64)
    numbered = pa.table({"text": encoded.dictionary, "code": np.arange(len(encoded.dictionary))})
    rank[numbered.sort_by("text")["code"].to_numpy()] = np.arange(len(encoded.dictionary))
    rank[-1] = -1
    return rank[encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)]
