"""Codes for entities: the distinct keys of the labels, numbered, and the rows that have one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]

_LARGEST_TABLE = 1 << 24
"""Numbers that spread no further are looked up in a table, others by bisection."""


class EntityIndex:
    """The distinct keys of one or several columns of the labels.

    Attributes:
        labels: the code of each label, int64 from 0, (n_labels,); -1 where a column is NULL, for NULL equals nothing.
    """

    def __init__(self, keys: pa.Table) -> None:
        """Numbers the distinct rows of the labels' key columns."""
        self._columns = [_distinct_values(column) for column in keys.columns]
        self._pairs: list[_Numbers] = []
        codes = self._columns[0].find(keys.column(0))
        for values, column in zip(self._columns[1:], keys.columns[1:], strict=True):
            pairs = _paired(codes, values.find(column), values.size)
            self._pairs.append(_Numbers(pairs[pairs >= 0]))
            codes = self._pairs[-1].find(pairs)
        self.labels = codes

    def find(self, keys: pa.Table) -> Int64s:
        """Finds rows' codes by the same columns in the same order.

        Returns:
            int64, (n_rows,); -1 where a column is NULL or no label has that key.
        """
        codes = self._columns[0].find(keys.column(0))
        for distinct, values, column in zip(self._pairs, self._columns[1:], keys.columns[1:], strict=True):
            codes = distinct.find(_paired(codes, values.find(column), values.size))
        return codes


def distinct_codes(column: pa.ChunkedArray) -> Int64s:
    """Numbers the distinct values of a column: int64 from 0, (n_rows,); -1 where it is NULL."""
    codes = column.dictionary_encode().combine_chunks().indices
    return codes.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)


def _paired(codes: Int64s, of_column: Int64s, size: int) -> Int64s:
    """One number for each pair of codes below ``size`` in the second; -1 where either is."""
    return np.where((codes < 0) | (of_column < 0), -1, codes * size + of_column)


class _Numbers:
    """The distinct values among integers."""

    def __init__(self, values: Int64s) -> None:
        self._distinct = np.unique(values)
        self.size = len(self._distinct)
        least, greatest = (int(self._distinct[0]), int(self._distinct[-1])) if self.size else (0, -1)
        self._least, self._spread = least, greatest - least + 1
        self._table: NDArray[np.int32] | None = None
        if self._spread <= _LARGEST_TABLE:
            self._table = np.full(self._spread + 1, -1, dtype=np.int32)
            self._table[self._distinct - least] = np.arange(self.size, dtype=np.int32)

    def find(self, values: Int64s) -> Int64s:
        """The number of each value, (n,); -1 where it is none of them."""
        if self._table is not None:
            offset = values.view(np.uint64) - np.int64(self._least).view(np.uint64)
            return self._table[np.minimum(offset, np.uint64(self._spread)).view(np.int64)].astype(np.int64)
        place = np.minimum(np.searchsorted(self._distinct, values), self.size - 1)
        return np.where(self._distinct[place] == values, place, -1)


class _Integers:
    """The distinct values of an integer column."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        self._distinct = _Numbers(column.drop_null().cast(pa.int64()).to_numpy())
        self.size = self._distinct.size

    def find(self, values: pa.ChunkedArray) -> Int64s:
        """The number of each value, (n,); -1 where it is NULL or none of them."""
        if values.null_count == 0:
            return self._distinct.find(values.cast(pa.int64()).to_numpy())
        found = self._distinct.find(values.cast(pa.int64()).fill_null(0).to_numpy())
        return np.where(values.is_valid().to_numpy(), found, -1)


class _Texts:
    """The distinct values of a text column."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        self._distinct = column.unique().drop_null()
        self.size = len(self._distinct)

    def find(self, values: pa.ChunkedArray) -> Int64s:
        """The number of each value, (n,); -1 where it is NULL or none of them."""
        among = pc.SetLookupOptions(value_set=self._distinct)
        found = pc.call_function("index_in", [values.cast(self._distinct.type)], among)
        return found.fill_null(-1).to_numpy().astype(np.int64)


def _distinct_values(column: pa.ChunkedArray) -> _Integers | _Texts:
    return _Integers(column) if pa.types.is_integer(column.type) else _Texts(column)
