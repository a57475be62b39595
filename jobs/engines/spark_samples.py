"""Samples on Spark: how many rows the largest key has is found in every so-many-th file of the sources."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from pyspark.sql import functions as F  # noqa: N812 - the library's own abbreviation

from engines.spark_sources import with_entity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyspark.sql import DataFrame

    from engines.spark_rows import SparkRows
    from engines.view_groups import ViewGroup

WeighedRows = tuple["DataFrame", int]
"""Rows, and how many each of them stands for."""


@dataclass(frozen=True)
class Sample:
    """Some labels, and some events of each view of a group."""

    group: ViewGroup
    labels: WeighedRows
    events: tuple[WeighedRows, ...]


def samples_of(rows: SparkRows, groups: Sequence[ViewGroup], sampled: int) -> list[Sample]:
    """About so many rows of each source that the groups or the labels read; the views of Spark stay the samples."""
    if not groups:
        return []
    names = {rows.job.label_source.name, *(view.source for group in groups for view in group.views)}
    weights = {name: rows.register_some(name, sampled) for name in sorted(names)}
    return [_sample(rows, group, weights) for group in groups]


def _sample(rows: SparkRows, group: ViewGroup, weights: Mapping[str, int]) -> Sample:
    events = zip(rows.events(group), (weights[view.source] for view in group.views), strict=True)
    return Sample(group, (rows.labels(), weights[rows.job.label_source.name]), tuple(events))


def largest_keys(samples: Sequence[Sample]) -> dict[tuple[str, ...], int]:
    """Most rows of a key of each group, labels and events of each view together, by the group's label columns.

    A group without rows has none. Keys are told apart by a hash of 64 bits, so that one job counts them all.
    """
    counted: list[DataFrame] = []
    for number, sample in enumerate(samples):
        keys = [sample.group.label_keys, *(view.event_keys for view in sample.group.views)]
        rows = zip(keys, [sample.labels, *sample.events], strict=True)
        counted += [_keys(number, own, weighed) for own, weighed in rows]
    if not counted:
        return {}
    together = reduce(lambda left, right: left.union(right), counted).groupBy("number", "entity")
    most = together.agg(F.sum("weight").alias("rows")).groupBy("number").agg(F.max("rows"))
    return {samples[number].group.label_keys: rows for number, rows in most.collect()}


def _keys(number: int, keys: Sequence[str], rows: WeighedRows) -> DataFrame:
    """The entity of each row that has one, and how many rows it stands for."""
    frame, weight = rows
    columns = [F.lit(number).alias("number"), F.xxhash64(*keys).alias("entity"), F.lit(weight).alias("weight")]
    return with_entity(keys, frame).select(*columns)
