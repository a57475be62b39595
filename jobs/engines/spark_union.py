"""Labels and the events of several views as one frame, so that one shuffle brings all of an entity together.

Columns of the events have names by type and number, which the views share: a frame is as wide as the widest view.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import pyarrow as pa
from pyspark.sql import functions as F  # noqa: N812 - the library's own abbreviation
from pyspark.sql import types as T  # noqa: N812

from engines.view_groups import with_features

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from core.feature_program import Aggregate, FeatureView
    from pyspark.sql import Column, DataFrame

    from engines.view_groups import ViewGroup

    Kernel = Callable[[Iterable[pa.RecordBatch]], Iterable[pa.RecordBatch]]

BATCH_ROWS = 200_000

_VIEW = "_view"
_LABEL = -1


@dataclass(frozen=True)
class SharedColumns:
    """Where the union keeps each column of a view's events: pairs of (own name, name in the union)."""

    pairs: tuple[tuple[str, str], ...]


def union_of(group: ViewGroup, labels: DataFrame, events: list[DataFrame]) -> tuple[DataFrame, list[SharedColumns]]:
    """Labels and the events of a group's views, those without an entity left out, as one frame."""
    frames = [labels.withColumn(_VIEW, F.lit(_LABEL))]
    shared = []
    for number, (view, rows) in enumerate(zip(group.views, events, strict=True)):
        columns = _shared_columns(rows, set(view.event_keys))
        shared.append(columns)
        others = [F.col(own).alias(name) for own, name in columns.pairs]
        frames.append(with_entity(view, rows, *others, F.lit(number).alias(_VIEW)))
    return reduce(lambda left, right: left.unionByName(right, allowMissingColumns=True), frames), shared


def with_entity(view: FeatureView, events: DataFrame, *others: Column) -> DataFrame:
    """The events that have an entity: its columns, named as those of the labels, and others."""
    keys = [F.col(each.event).alias(each.label) for each in view.entity]
    present = reduce(lambda left, right: left & right, (F.col(name).isNotNull() for name in view.event_keys))
    return events.where(present).select(*keys, *others)


def kernel(group: ViewGroup, label_columns: list[str], shared: list[SharedColumns]) -> Kernel:
    """The timeline kernel over one partition of a union."""

    def evaluate(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        rows = gathered(batches)
        if rows is None:
            return
        of = rows[_VIEW].to_numpy()
        labels = rows.select(label_columns).filter(pa.array(of == _LABEL))
        if labels.num_rows == 0:
            return
        events = []
        for number, (view, columns) in enumerate(zip(group.views, shared, strict=True)):
            names = {each.label: each.event for each in view.entity} | {name: own for own, name in columns.pairs}
            of_view = rows.select(list(names)).filter(pa.array(of == number))
            events.append(of_view.rename_columns(list(names.values())))
        yield from with_features(group, events, labels).to_batches(max_chunksize=BATCH_ROWS)

    return evaluate


def with_feature_types(group: ViewGroup, labels: T.StructType) -> T.StructType:
    """Schema of labels with the columns of a group."""
    fields = []
    for view in group.views:
        integers = {each.name for each in view.operands if each.type == "integer"}
        for each in view.aggregates:
            kind = T.LongType() if _is_integer(each, integers) else T.DoubleType()
            fields += [T.StructField(column.name, kind) for column in each.columns]
    return T.StructType([*labels.fields, *fields])


def gathered(batches: Iterable[pa.RecordBatch]) -> pa.Table | None:
    """A partition as one table, None where it has no rows."""
    held = [batch for batch in batches if batch.num_rows]
    return pa.Table.from_batches(held) if held else None


def typed(frame: DataFrame) -> DataFrame:
    """Integers as bigint and fractions as double, so that both sides of a union agree."""
    return frame.select(
        *(F.col(field.name).cast(_plain(field.dataType)).alias(field.name) for field in frame.schema.fields)
    )


def _shared_columns(events: DataFrame, keys: set[str]) -> SharedColumns:
    numbers: dict[str, int] = {}
    pairs = []
    for field in events.schema.fields:
        if field.name not in keys:
            kind = field.dataType.typeName()
            numbers[kind] = numbers.get(kind, -1) + 1
            pairs.append((field.name, f"_{kind}_{numbers[kind]}"))
    return SharedColumns(tuple(pairs))


def _plain(kind: T.DataType) -> T.DataType:
    if isinstance(kind, (T.FloatType, T.DecimalType)):
        return T.DoubleType()
    return T.LongType() if isinstance(kind, (T.IntegralType, T.BooleanType)) else kind


def _is_integer(aggregate: Aggregate, integers: set[str]) -> bool:
    if aggregate.kind in ("count", "count-distinct"):
        return True
    exact = aggregate.kind not in ("mean", "share", "variance", "quantile")
    return exact and aggregate.scale == 0 and aggregate.value in integers
