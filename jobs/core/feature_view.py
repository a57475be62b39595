"""Evaluates one feature view: Arrow columns of events and labels in, Arrow columns of features out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from core.content_order import ordinals
from core.job_error import JobError
from core.timeline import Events, Labels, Operand, Ranges, SumOverflowError, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from core.feature_program import Aggregate, FeatureView

EVENT_TIME = "event_time"
KNOWN_TIME = "known_time"
LABEL_TIME = "label_time"
ROW_KEY = "row_key"

# Above this many combinations the codes of a key of several columns are made dense again.
_SPARSE_CODES = 1 << 31


def evaluate_view(view: FeatureView, events: pa.Table, labels: pa.Table) -> dict[str, pa.Array]:
    """Computes a view's features for every label.

    Args:
        view: what to compute.
        events: the entity columns, ``event_time`` and ``known_time`` (int64 UTC microseconds), ``row_key`` where the
            view corrects, and a column per operand. Rows without a time were never known and are left out.
        labels: the entity columns and ``label_time`` (int64 UTC microseconds), at least.

    Returns:
        The view's columns in its order, each (n_labels,) in the order of the labels: int64 for count, sum and integer
        latest values, float64 else; NULL where an aggregate but count has no rows. A mean is the exact sum divided
        by the exact count, both taken to float64.

    Raises:
        JobError: ``SUM_OVERFLOW``, ``SUM_OF_DOUBLES``; the message names the feature.
    """
    for time in (EVENT_TIME, KNOWN_TIME):
        events = events.filter(events[time].is_valid()) if events[time].null_count else events
    label_keys = labels.select(view.label_keys).rename_columns(list(view.event_keys))
    of_events, of_labels = entity_codes([events.select(view.event_keys), label_keys])
    operands = {each.name: _operand(events[each.name]) for each in view.operands}
    timeline = Timeline(
        Events(
            entity=of_events,
            event=_int64(events[EVENT_TIME]),
            known=_int64(events[KNOWN_TIME]),
            fact=entity_codes([events.select([ROW_KEY])])[0] if view.corrects else None,
            content=tuple(operands.get(name) or _content(events[name]) for name in view.content),
        ),
        Labels(of_labels, _int64(labels[LABEL_TIME])),
    )
    computed = dict(_windowed(view, timeline, operands))
    computed.update(_latest(view, timeline, operands))
    return {column: computed[column] for column in view.columns}


def entity_codes(tables: Sequence[pa.Table]) -> list[NDArray[np.int64]]:
    """Numbers the distinct rows of tables with the same columns: equal rows, wherever they are, have equal codes.

    Returns:
        int64 codes from 0 per table, (n_rows,); -1 where a column is NULL, for NULL equals nothing.
    """
    rows = sum(table.num_rows for table in tables)
    codes, cardinality = np.zeros(rows, dtype=np.int64), 1
    for name in tables[0].column_names:
        kind = tables[0].schema.field(name).type
        chunks = [chunk for table in tables for chunk in table[name].cast(kind).chunks]
        encoded = pa.chunked_array(chunks, type=kind).dictionary_encode().combine_chunks()
        distinct = max(1, len(encoded.dictionary))
        column = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        if cardinality * distinct > _SPARSE_CODES:
            dense, inverse = np.unique(codes, return_inverse=True)
            codes = np.where(codes < 0, -1, inverse)
            cardinality = len(dense)
        codes = np.where((codes < 0) | (column < 0), -1, codes * distinct + column)
        cardinality *= distinct
    return np.split(codes, np.cumsum([table.num_rows for table in tables])[:-1])


def _windowed(view: FeatureView, timeline: Timeline, operands: dict[str, Operand]) -> Iterator[tuple[str, pa.Array]]:
    aggregates = [each for each in view.aggregates if each.kind != "latest"]
    for each in aggregates:
        if each.value is not None and operands[each.value].values.dtype != np.int64:
            message = f"{view.name}__{each.name} needs integers: a sum of doubles depends on the order of its rows"
            raise JobError("SUM_OF_DOUBLES", message, "scale the column to an integer in the view's definition")
    for index, window in enumerate(view.windows if aggregates else ()):
        counts = _Counts(timeline, timeline.within(window.microseconds), operands)
        for each in aggregates:
            for column in each.columns:
                if column.window == index:
                    yield column.name, _aggregate(each, counts, column.name)


def _latest(view: FeatureView, timeline: Timeline, operands: dict[str, Operand]) -> Iterator[tuple[str, pa.Array]]:
    ranges: Ranges | None = None
    for each in view.aggregates:
        if each.kind == "latest" and each.value is not None:
            ranges = ranges or timeline.within(view.ttl)
            winner = timeline.latest(ranges, operands[each.value])
            yield each.columns[0].name, _array(winner.values, winner.valid)


class _Counts:
    """Counts and sums of one window, each computed once however many aggregates read it."""

    def __init__(self, timeline: Timeline, ranges: Ranges, operands: dict[str, Operand]) -> None:
        self.ranges = ranges
        self._timeline = timeline
        self._operands = operands
        self._counts: dict[str | None, NDArray[np.int64]] = {}
        self._totals: dict[str, NDArray[np.int64]] = {}

    def count(self, column: str | None) -> NDArray[np.int64]:
        """Rows in each window; of a column: those where it is not NULL."""
        operand = None if column is None else self._operands[column]
        key = column if operand is not None and operand.valid is not None else None
        if key not in self._counts:
            self._counts[key] = self._timeline.count(self.ranges, operand)
        return self._counts[key]

    def total(self, column: str) -> NDArray[np.int64]:
        """Exact sum of a column in each window."""
        if column not in self._totals:
            self._totals[column] = self._timeline.total(self.ranges, self._operands[column], self.count(column))
        return self._totals[column]


def _aggregate(aggregate: Aggregate, counts: _Counts, column: str) -> pa.Array:
    try:
        return _aggregated(aggregate, counts)
    except SumOverflowError as error:
        message = f"{column} overflows: {error}"
        raise JobError("SUM_OVERFLOW", message, "bound the column by a row rule, or scale it down") from error


def _aggregated(aggregate: Aggregate, counts: _Counts) -> pa.Array:
    if aggregate.kind == "count" or aggregate.value is None:
        return pa.array(counts.count(aggregate.value))
    count = counts.count(aggregate.value)
    total = counts.total(aggregate.value)
    found = count > 0
    if aggregate.kind == "sum":
        return _array(total, found)
    return _array(np.divide(total, count, out=np.zeros(len(total)), where=found), found)


def _array(values: NDArray[Any], valid: NDArray[np.bool_] | None) -> pa.Array:
    return pa.array(values, mask=None if valid is None or valid.all() else ~valid)


def _operand(column: pa.ChunkedArray) -> Operand:
    is_number = pa.types.is_floating(column.type)
    column = column.cast(pa.float64() if is_number else pa.int64())
    valid = None if column.null_count == 0 else column.is_valid().to_numpy(zero_copy_only=False)
    return Operand(column.fill_null(0).to_numpy(), valid)


def _content(column: pa.ChunkedArray) -> Operand:
    """What orders rows of equal times: a text by its rank, which keeps the order of its bytes."""
    if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
        return _operand(column)
    return Operand(ordinals(column), None)


def _int64(column: pa.ChunkedArray) -> NDArray[np.int64]:
    return column.cast(pa.int64()).to_numpy()
