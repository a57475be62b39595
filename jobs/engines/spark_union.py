"""Labels and the events of several views as one frame, so that one shuffle brings all of an entity together.

All columns but the keys have names by type and number, which labels and views share: a frame is as wide as the widest,
for a NULL takes as much room as a number, in the shuffle and on the way to Python.
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
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from core.feature_program import Aggregate, FeatureView
    from pyspark.sql import Column, DataFrame

    from engines.view_groups import ViewGroup

    _Names = tuple[tuple[str, str], ...]
    Kernel = Callable[[Iterable[pa.RecordBatch]], Iterable[pa.RecordBatch]]

BATCH_ROWS = 200_000

_VIEW = "_view"
_LABEL = -1


@dataclass(frozen=True)
class UnionNames:
    """What the union calls the columns of the labels and of each view's events: (own name, name in the union)."""

    labels: _Names
    events: tuple[_Names, ...]


def union_of(group: ViewGroup, labels: DataFrame, events: list[DataFrame]) -> tuple[DataFrame, UnionNames]:
    """Labels and the events of a group's views, those without an entity left out, as one frame."""
    of_labels = _union_names(labels, {key: key for key in group.label_keys})
    frames = [labels.select(*_renamed(of_labels), F.lit(_LABEL).alias(_VIEW))]
    of_events = []
    for number, (view, rows) in enumerate(zip(group.views, events, strict=True)):
        names = _union_names(rows, {each.event: each.label for each in view.entity})
        of_events.append(names)
        frames.append(with_entity(view, rows).select(*_renamed(names), F.lit(number).alias(_VIEW)))
    together = reduce(lambda left, right: left.unionByName(right, allowMissingColumns=True), frames)
    return together, UnionNames(of_labels, tuple(of_events))


def with_entity(view: FeatureView, events: DataFrame) -> DataFrame:
    """The events that have an entity."""
    present = (F.col(name).isNotNull() for name in view.event_keys)
    return events.where(reduce(lambda left, right: left & right, present))


def kernel(group: ViewGroup, names: UnionNames) -> Kernel:
    """The timeline kernel over one partition of a union."""

    def evaluate(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        labels, events = _apart(gathered(batches), names)
        if labels.num_rows:
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


def _apart(rows: pa.Table | None, names: UnionNames) -> tuple[pa.Table, list[pa.Table]]:
    """Labels and each view's events of a partition, in their own names; no label where there is no row."""
    if rows is None:
        return pa.table({}), []
    of = rows[_VIEW].to_numpy()

    def part(number: int, columns: _Names) -> pa.Table:
        chosen = rows.select([name for _, name in columns]).filter(pa.array(of == number))
        return chosen.rename_columns([own for own, _ in columns])

    return part(_LABEL, names.labels), [part(number, columns) for number, columns in enumerate(names.events)]


def _union_names(rows: DataFrame, keys: Mapping[str, str]) -> _Names:
    """The union's name of each column: given for keys, else a number among the columns of its type."""
    numbers: dict[str, int] = {}
    pairs = []
    for field in rows.schema.fields:
        if field.name in keys:
            pairs.append((field.name, keys[field.name]))
            continue
        kind = field.dataType.typeName()
        numbers[kind] = numbers.get(kind, -1) + 1
        pairs.append((field.name, f"_{kind}_{numbers[kind]}"))
    return tuple(pairs)


def _renamed(names: _Names) -> list[Column]:
    return [F.col(own).alias(name) for own, name in names]


def _plain(kind: T.DataType) -> T.DataType:
    if isinstance(kind, (T.FloatType, T.DecimalType)):
        return T.DoubleType()
    return T.LongType() if isinstance(kind, (T.IntegralType, T.BooleanType)) else kind


def _is_integer(aggregate: Aggregate, integers: set[str]) -> bool:
    if aggregate.kind in ("count", "count-distinct"):
        return True
    exact = aggregate.kind not in ("mean", "share", "variance", "quantile")
    return exact and aggregate.scale == 0 and aggregate.value in integers
