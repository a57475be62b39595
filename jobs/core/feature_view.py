"""Evaluates feature views: Arrow columns of events and labels in, Arrow columns of features out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from core.aggregates import SUMMED
from core.contenders import asks_newest_alone, contenders
from core.content_order import content_keys
from core.entity_index import EntityIndex, distinct_codes
from core.job_error import JobError
from core.label_line import LabelLine, Labels
from core.operand import NotFiniteError, Operand, operand_of
from core.static_rows import RepeatedKeyError, static_rows
from core.timeline import Events, Timeline
from core.view_windows import AggregateError, view_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from core.feature_program import FeatureView, OperandColumn

EVENT_TIME = "event_time"
KNOWN_TIME = "known_time"
LABEL_TIME = "label_time"
ROW_KEY = "row_key"


def evaluate_view(view: FeatureView, events: pa.Table, labels: pa.Table) -> dict[str, pa.Array]:
    """Computes one view's features for every label, as :func:`evaluate_views` does."""
    return evaluate_views([view], [events], labels)


def evaluate_views(views: Sequence[FeatureView], events: Sequence[pa.Table], labels: pa.Table) -> dict[str, pa.Array]:
    """Computes the features of views on the same columns of the labels, whose order and codes they share.

    Args:
        views: what to compute, at least one; all join the same columns of the labels, in the same order.
        events: for each view a table of its entity columns, ``event_time`` and ``known_time`` (int64 UTC microseconds;
            not of a timeless view), ``row_key`` where it corrects, and its operands and content columns. Rows without a
            time were never known and are left out.
        labels: the label columns and ``label_time`` (int64 UTC microseconds), at least.

    Returns:
        The views' columns in their order, each (n_labels,) in the order of the labels: int64 for counts and for what
        else is of integers without a scale, float64 else; NULL where an aggregate but a count has no rows.

    Raises:
        JobError: ``SUM_OVERFLOW``, ``SUM_OF_DOUBLES``, ``NOT_FINITE``, ``STATIC_KEY_REPEATED``; the message names the
            feature, or the view.
    """
    entities = EntityIndex(labels.select(views[0].label_keys))
    line = LabelLine(Labels(entities.labels, _int64(labels[LABEL_TIME])))
    computed: dict[str, pa.Array] = {}
    for view, table in zip(views, events, strict=True):
        _check_sums(view)
        of_view = dict(_static(view, table, entities) if view.timeless else _timed(view, table, entities, line))
        computed.update((column, of_view[column]) for column in view.columns)
    return computed


def _timed(
    view: FeatureView, table: pa.Table, entities: EntityIndex, line: LabelLine
) -> Iterator[tuple[str, pa.Array]]:
    """A view's columns over rows that happened and became known."""
    for time in (EVENT_TIME, KNOWN_TIME):
        table = table.filter(table[time].is_valid()) if table[time].null_count else table
    operands, events = _operands(view, table), _events(view, table, entities)
    if asks_newest_alone(view):
        rows = contenders(events, _choices(operands), line)
        operands, events = {name: each.take(rows) for name, each in operands.items()}, events.take(rows)
    timeline = Timeline(events, line)
    try:
        for name, at_position in view_columns(view, timeline, operands):
            valid = None if at_position.valid is None else line.in_given_order(at_position.valid)
            yield name, _array(Operand(line.in_given_order(at_position.values), valid))
    except AggregateError as error:
        message = f"{error.column} overflows: {error.__cause__}"
        raise JobError("SUM_OVERFLOW", message, "bound the column by a row rule, or scale it down") from error


def _choices(operands: Mapping[str, Operand]) -> list[NDArray[np.bool_] | None]:
    """Which rows have a value in each column, once for all columns that every row has a value in."""
    some: list[NDArray[np.bool_] | None] = [each.valid for each in operands.values() if each.valid is not None]
    return some if len(some) == len(operands) else [None, *some]


def _events(view: FeatureView, table: pa.Table, entities: EntityIndex) -> Events:
    def content(rows: NDArray[np.intp]) -> Sequence[NDArray[np.int64]]:
        return [key for name in view.content for key in content_keys(table[name].take(pa.array(rows)))]

    return Events(
        entity=entities.find(table.select(view.event_keys)),
        event=_int64(table[EVENT_TIME]),
        known=_int64(table[KNOWN_TIME]),
        fact=distinct_codes(table[ROW_KEY]) if view.corrects else None,
        content=content,
    )


def _static(view: FeatureView, table: pa.Table, entities: EntityIndex) -> Iterator[tuple[str, pa.Array]]:
    """A static table's values: of the row of each label's entity, whatever the time."""
    operands = _operands(view, table)
    keys = table.select(view.event_keys)
    try:
        rows = static_rows(entities.find(keys), entities.labels)
    except RepeatedKeyError as error:
        message = f"{view.name}: two rows of {view.source} have the key {keys.slice(error.row, 1).to_pylist()[0]}"
        raise JobError("STATIC_KEY_REPEATED", message, "keep one row a key in the newest unit of the table") from error
    for each in view.aggregates:
        if each.value is not None:
            found = operands[each.value].at(rows).scaled(each.scale)
            yield from ((column.name, _array(found)) for column in each.columns)


def _operands(view: FeatureView, table: pa.Table) -> dict[str, Operand]:
    return {column.name: _operand(view, column, table[column.name]) for column in view.operands}


def _operand(view: FeatureView, column: OperandColumn, values: pa.ChunkedArray) -> Operand:
    try:
        return operand_of(values)
    except NotFiniteError as error:
        readers = [each.columns[0].name for each in view.aggregates if each.value == column.name]
        message = f"{readers[0]} reads {column.name}: {error}"
        raise JobError(
            "NOT_FINITE", message, "declare the column double({ notFinite: 'null' }), or quarantine"
        ) from error


def _check_sums(view: FeatureView) -> None:
    doubles = {column.name for column in view.operands if column.type == "double"}
    for each in view.aggregates:
        if each.kind in SUMMED and each.value in doubles:
            message = f"{each.columns[0].name} needs integers: a sum of doubles depends on the order of its rows"
            raise JobError("SUM_OF_DOUBLES", message, "scale the column to an integer in the view's definition")


def _array(operand: Operand) -> pa.Array:
    return pa.array(operand.values, mask=None if operand.valid is None or operand.valid.all() else ~operand.valid)


def _int64(column: pa.ChunkedArray) -> NDArray[np.int64]:
    return column.cast(pa.int64()).to_numpy()
