"""Views on one set of join keys on Spark: the partitions of labels and events, and what is computed there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import pyarrow as pa
from core.feature_view import LABEL_TIME, evaluate_views
from pyspark.sql import functions as F  # noqa: N812 - the library's own abbreviation
from pyspark.sql.pandas.types import to_arrow_schema

from engines.spark_shuffle import Cut, Partitions, as_pieces, pieces, with_tables
from engines.spark_sources import with_entity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyspark.sql import Column, DataFrame

    from engines.spark_shuffle import Frames
    from engines.spark_slices import TimeSlices
    from engines.view_groups import ViewGroup

LABELS = 0
"""Number of the frame of labels. Others follow: of a group's events in its partitions, of features in those of days."""

ROW = "_row"
"""Tells a label from all others."""

DAY_PLACE = "_place_day"
"""The partition that a label's day is written in."""


@dataclass(frozen=True)
class SparkGroup:
    """A group of views, and the partitions in which its features are computed.

    Attributes:
        number: of the group, from 0.
        views: the group, on the columns that labels and events have; where time is sliced, the slice is one.
        events: of each view.
        first: its first partition; other groups have those before and after.
        partitions: their number.
        slices: of time, or None.
    """

    number: int
    views: ViewGroup
    events: tuple[DataFrame, ...]
    first: int
    partitions: int
    slices: TimeSlices | None = None

    @property
    def place(self) -> str:
        """Name of the column that tells a row's partition."""
        return f"_place_{self.number}"

    @property
    def features(self) -> int:
        """Number of the frame of its features."""
        return LABELS + 1 + self.number

    def placed(self, labels: DataFrame) -> DataFrame:
        """The labels with the column that tells their partition; those without an entity meet no event anywhere."""
        sliced = labels if self.slices is None else self.slices.of_labels(labels)
        keys = self.views.label_keys
        without = reduce(lambda left, right: left | right, (F.col(name).isNull() for name in keys))
        spread = F.when(without, F.hash(LABEL_TIME)).otherwise(F.hash(*keys))
        return sliced.withColumn(self.place, place_of(spread, self.partitions))

    @property
    def label_cut(self) -> Cut:
        """What the group needs of the labels."""
        return Cut(LABELS, (*self.views.label_keys, LABEL_TIME, ROW, DAY_PLACE), self.place, self.first)

    def event_pieces(self) -> list[DataFrame]:
        """The events that have an entity, as pieces."""
        return [
            as_pieces(
                with_entity(view.event_keys, rows).withColumn(self.place, self._hashed(view.event_keys)),
                [Cut(number, tuple(rows.columns), self.place, self.first)],
            )
            for number, (view, rows) in enumerate(zip(self.views.views, self.events, strict=True), LABELS + 1)
        ]

    def kernel(self) -> Partitions:
        """The timeline kernel in its partitions: hands the features of labels on to the partitions of their days."""
        views = self.views
        schemas = [to_arrow_schema(rows.schema) for rows in self.events]
        sent = Cut(self.features, (ROW, *views.columns), DAY_PLACE)

        def evaluate(frames: Frames) -> Iterator[pa.RecordBatch]:
            labels = frames.get(LABELS)
            if labels is None:
                return
            events = [frames.get(number, schema.empty_table()) for number, schema in enumerate(schemas, LABELS + 1)]
            features = pa.table(evaluate_views(views.views, events, labels))
            for name in (ROW, DAY_PLACE):
                features = features.append_column(name, labels[name])
            yield from pieces(features, sent)

        return Partitions(self.first, with_tables(evaluate))

    def _hashed(self, keys: Sequence[str]) -> Column:
        return place_of(F.hash(*keys), self.partitions)


def first_after(groups: Sequence[SparkGroup]) -> int:
    """The first partition after those of groups, which are given in order."""
    return groups[-1].first + groups[-1].partitions if groups else 0


def place_of(number: Column, partitions: int) -> Column:
    """The partition of a number, as the shuffle takes it."""
    return F.pmod(number, F.lit(partitions)).cast("smallint")
