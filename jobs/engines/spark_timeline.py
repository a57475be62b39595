"""Training sets on Spark: one shuffle a set of join keys brings an entity's rows together, the kernel walks time.

Labels carry their columns, and the features computed so far, through each shuffle; the last shuffle gathers the rows of
each day where they are sorted and written. No row passes through Python one by one. A task holds one partition: its
share of the rows. An entity that has more goes by slices of time to several tasks, if its views' lookback has an end.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from core.distribution import Histogram
from core.split import Boundaries, TimeCounts
from core.training_rows import ordered_labels, typed_labels
from pyspark import StorageLevel
from pyspark.sql import functions as F  # noqa: N812 - the library's own abbreviation

from engines.label_days import LABEL_DAY
from engines.spark_slices import SLICE, TaskSizes, find_slices
from engines.spark_sources import register
from engines.spark_union import BATCH_ROWS, gathered, kernel, typed, union_of, with_feature_types
from engines.storage_choice import storage_from_environment
from engines.training_set import TrainingSetJob, WrittenParts, check_facts
from engines.view_groups import ViewGroup, view_groups
from engines.written_days import write_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyspark.sql import DataFrame, SparkSession

    from engines.spark_slices import TimeSlices
    from engines.spark_union import Kernel
    from engines.storage import Storage

_WRITTEN_SCHEMA = "record string, feature int, vals array<double>, counts array<bigint>, nulls bigint"


class SparkTimeline:
    """A :class:`engines.training_set.TrainingSetEngine` over a Spark session."""

    def __init__(
        self,
        spark: SparkSession,
        storage: Storage,
        job: TrainingSetJob,
        partitions: int | None = None,
        sizes: TaskSizes | None = None,
    ) -> None:
        """Registers the sources and keeps the labels, which boundaries and features both read, until they are written.

        Raises:
            JobError: ``ROW_KEY_CHANGED``, ``STATIC_KEY_REPEATED``.
        """
        self._spark = spark
        self._job = job
        self._parallelism = spark.sparkContext.defaultParallelism
        self._partitions = partitions
        self._sizes = sizes or TaskSizes()
        # Files stay where they are for every worker of this machine; a client of S3 is made in the worker.
        self._files = storage if storage.local_path(job.output) else None
        spark.conf.set("spark.sql.sources.parallelPartitionDiscovery.parallelism", str(2 * self._parallelism))
        spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(BATCH_ROWS))
        for source in job.sources.values():
            register(spark, storage, source, source.files, job.slot)
        self._labels = typed(spark.sql(job.labels_sql())).persist(StorageLevel.MEMORY_AND_DISK)
        check_facts(job, lambda query: spark.sql(query).head())

    def label_days(self) -> TimeCounts:
        """Labels per UTC day of their label time."""
        return _counts(self._labels.groupBy(_day().alias("key")))

    def label_times(self, day: int) -> TimeCounts:
        """Labels per label time within a day."""
        return _counts(self._labels.where(_day() == day).groupBy(F.col("label_time").alias("key")))

    def write(self, boundaries: Boundaries | None) -> WrittenParts:
        """Computes every view, one shuffle for each set of join keys, and writes the parts inside of the tasks."""
        rows = self._labels
        for group in view_groups(self._job.program.views):
            rows = self._with_features(rows, group)
        gathered_days = rows.repartition(self._partition_count(self._rows(self._job.label_source.name)), _day())
        written = gathered_days.mapInArrow(_writer(self._job, boundaries, self._files), _WRITTEN_SCHEMA).toArrow()
        self._labels.unpersist()
        return _collected(written)

    def _with_features(self, labels: DataFrame, group: ViewGroup) -> DataFrame:
        """Appends the columns of a group's views to the labels."""
        job = self._job
        reach = (job.labels_from, job.labels_before)
        events = [typed(self._spark.sql(job.events_sql(view, *reach))) for view in group.views]
        rows = self._rows(job.label_source.name, *(view.source for view in group.views))
        slices = self._slices(group, events) if rows > self._sizes.rows else None
        if slices:
            events = [slices.of_events(view, each) for view, each in zip(group.views, events, strict=True)]
            group, labels = slices.of_group(group), slices.of_labels(labels)
        together, names = union_of(group, labels, events)
        computed = together.repartition(self._partition_count(rows), *group.label_keys).mapInArrow(
            kernel(group, names), with_feature_types(group, labels.schema)
        )
        return computed.drop(SLICE)

    def _slices(self, group: ViewGroup, events: list[DataFrame]) -> TimeSlices | None:
        history = self._job.labels_before - self._job.labels_from
        return find_slices(group, self._labels, events, history, self._sizes)

    def _partition_count(self, rows: int) -> int:
        return self._partitions or max(self._parallelism, -(-rows // self._sizes.rows))

    def _rows(self, *sources: str) -> int:
        """Rows of the files of sources, as often as they are named."""
        return sum(file.rows for name in sources for file in self._job.sources[name].files)


def _writer(job: TrainingSetJob, boundaries: Boundaries | None, files: Storage | None) -> Kernel:
    """Sorts and writes the parts of one partition; gives their records, and histograms of what was train."""

    def write(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        rows = gathered(batches)
        if rows is None:
            return
        labels = ordered_labels(_with_typed_labels(rows, job), job.program)
        written = write_rows(files or storage_from_environment(), job, labels, boundaries)
        yield from _written_table(written).to_batches()

    return write


def _with_typed_labels(rows: pa.Table, job: TrainingSetJob) -> pa.Table:
    typed = typed_labels(rows, job.program)
    for name in rows.column_names:
        if name not in typed.column_names:
            typed = typed.append_column(name, rows[name])
    return typed


def _written_table(written: WrittenParts) -> pa.Table:
    records = [{"record": json.dumps(record)} for record in written.records]
    counted = [
        {"feature": index, "vals": each.values.tolist(), "counts": each.counts.tolist(), "nulls": each.nulls}
        for index, each in enumerate(written.histograms)
    ]
    kinds: list[tuple[str, pa.DataType]] = [
        ("record", pa.string()),
        ("feature", pa.int32()),
        ("vals", pa.list_(pa.float64())),
        ("counts", pa.list_(pa.int64())),
        ("nulls", pa.int64()),
    ]
    return pa.Table.from_pylist([*records, *counted], schema=pa.schema(kinds))


def _collected(rows: pa.Table) -> WrittenParts:
    """What all tasks wrote: a task's histograms follow each other, feature by feature."""
    collected = WrittenParts()
    histograms: list[Histogram] = []
    for row in rows.to_pylist():
        if row["record"] is not None:
            collected.records.append(json.loads(row["record"]))
        else:
            values, counts = np.array(row["vals"], dtype=np.float64), np.array(row["counts"], dtype=np.int64)
            histograms.append(Histogram(values, counts, row["nulls"]))
            if row["feature"] == 0 and len(histograms) > 1:
                collected.add(WrittenParts(histograms=histograms[:-1]))
                histograms = histograms[-1:]
    collected.add(WrittenParts(histograms=histograms))
    return collected


def _day() -> Any:  # noqa: ANN401 - a Spark column
    return F.expr(LABEL_DAY)


def _counts(groups: Any) -> TimeCounts:  # noqa: ANN401 - Spark's grouped data
    counted = groups.count().orderBy("key").toArrow()
    return TimeCounts(counted["key"].to_numpy(), counted["count"].to_numpy())
