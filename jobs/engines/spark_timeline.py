"""Training sets on Spark: one shuffle a view brings an entity's events and labels together, the kernel walks time.

Labels carry their columns, and the features computed so far, through each shuffle; the last shuffle gathers the rows of
each split and day where they are sorted and written. No row passes through Python one by one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from core.distribution import Histogram
from core.feature_view import evaluate_view
from core.job_error import JobError
from core.split import Boundaries, TimeCounts
from core.training_rows import ordered_labels, typed_labels
from pyspark import StorageLevel
from pyspark.sql import functions as F  # noqa: N812 - the library's own abbreviation
from pyspark.sql import types as T  # noqa: N812

from engines.storage_choice import storage_from_environment
from engines.training_set import ENGINE_TIME_OF_DAY, TrainingSetJob, WrittenParts, write_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from core.feature_program import Aggregate, FeatureView
    from pyspark.sql import DataFrame, SparkSession

    from engines.storage import Storage

    Kernel = Callable[[Iterable[pa.RecordBatch]], Iterable[pa.RecordBatch]]

PARTITION_ROWS = 1_000_000
"""Rows of events and labels that one partition aims at; a task holds one partition in memory."""

_BATCH_ROWS = 100_000
_EVENT = "_event_"
_IS_LABEL = "_is_label"
_WRITTEN_SCHEMA = "record string, feature int, vals array<double>, counts array<bigint>, nulls bigint"


class SparkTimeline:
    """A :class:`engines.training_set.TrainingSetEngine` over a Spark session."""

    def __init__(
        self, spark: SparkSession, storage: Storage, job: TrainingSetJob, partitions: int | None = None
    ) -> None:
        """Registers the source and keeps the labels, which boundaries and features both read, until they are written.

        Raises:
            JobError: ``ROW_KEY_CHANGED`` when versions of one fact differ in entity or event time.
        """
        self._spark = spark
        self._job = job
        rows = sum(file.rows for file in job.files)
        parallelism = spark.sparkContext.defaultParallelism
        self._partitions = partitions or max(parallelism, -(-2 * rows // PARTITION_ROWS))
        # Files stay where they are for every worker of this machine; a client of S3 is made in the worker.
        self._files = storage if storage.local_path(job.output) else None
        spark.conf.set("spark.sql.sources.parallelPartitionDiscovery.parallelism", str(2 * parallelism))
        self._register(storage)
        self._labels = _typed(spark.sql(job.labels_sql())).persist(StorageLevel.MEMORY_AND_DISK)
        for view in job.program.views:
            changed = spark.sql(job.changed_facts_sql(view)).head() if view.corrects else None
            if changed:
                message = f"versions of row key {changed[0]!r} differ in entity or event time (view {view.name})"
                raise JobError("ROW_KEY_CHANGED", message, "quarantine such rows by a row rule of the source")

    def label_days(self) -> TimeCounts:
        """Labels per UTC day of their label time."""
        return _counts(self._labels.groupBy(_day().alias("key")))

    def label_times(self, day: int) -> TimeCounts:
        """Labels per label time within a day."""
        return _counts(self._labels.where(_day() == day).groupBy(F.col("label_time").alias("key")))

    def write(self, boundaries: Boundaries) -> WrittenParts:
        """Computes every view, one shuffle each, and writes the parts inside of the tasks."""
        rows = self._labels
        for view in self._job.program.views:
            rows = self._with_features(rows, view)
        split = [F.col("label_time") >= first for first in (boundaries.validation_from, boundaries.test_from)]
        gathered = rows.repartition(self._partitions, *split, _day())
        written = gathered.mapInArrow(_writer(self._job, boundaries, self._files), _WRITTEN_SCHEMA).toArrow()
        self._labels.unpersist()
        return _collected(written)

    def _with_features(self, labels: DataFrame, view: FeatureView) -> DataFrame:
        """Appends a view's columns to the labels."""
        job = self._job
        events = _typed(self._spark.sql(job.events_sql(view, job.slot - job.program.history, job.slot)))
        operand_types = {field.name: field.dataType for field in events.schema.fields}
        features = [
            T.StructField(column.name, _feature_type(each, operand_types))
            for each in view.aggregates
            for column in each.columns
        ]
        events = events.withColumnsRenamed({each.event: each.label for each in view.entity})
        own = [name for name in events.columns if name not in view.label_keys]
        marked = events.withColumnsRenamed({name: _EVENT + name for name in own}).withColumn(_IS_LABEL, F.expr("false"))
        together = labels.withColumn(_IS_LABEL, F.expr("true")).unionByName(marked, allowMissingColumns=True)
        return together.repartition(self._partitions, *view.label_keys).mapInArrow(
            _kernel(view, labels.columns, own), T.StructType([*labels.schema.fields, *features])
        )

    def _register(self, storage: Storage) -> None:
        """Names the source's files; rows are those known at the slot."""
        program = self._job.program
        paths = [storage.local_path(file.uri) or file.uri for file in self._job.files]
        source = self._spark.read.parquet(*paths).select(*program.sources[0].columns, "known_time")
        known = source.where(F.unix_micros("known_time") <= self._job.slot)
        known.createOrReplaceTempView(program.sources[0].name)


def _kernel(view: FeatureView, label_columns: list[str], event_columns: list[str]) -> Kernel:
    """The timeline kernel over one partition of labels and events."""

    def evaluate(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        rows = _gathered(batches)
        if rows is None:
            return
        is_label = rows[_IS_LABEL].to_numpy()
        labels = rows.filter(pa.array(is_label)).select(label_columns)
        of_events = rows.filter(pa.array(~is_label))
        names = {**{each.label: each.event for each in view.entity}, **{_EVENT + name: name for name in event_columns}}
        events = of_events.select(list(names)).rename_columns(list(names.values()))
        for name, column in evaluate_view(view, events, labels).items():
            labels = labels.append_column(name, pa.chunked_array([column]))
        yield from labels.to_batches(max_chunksize=_BATCH_ROWS)

    return evaluate


def _writer(job: TrainingSetJob, boundaries: Boundaries, files: Storage | None) -> Kernel:
    """Sorts and writes the parts of one partition; gives their records, and histograms of what was train."""

    def write(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        rows = _gathered(batches)
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


def _gathered(batches: Iterable[pa.RecordBatch]) -> pa.Table | None:
    """A partition as one table, None where it has no rows."""
    held = [batch for batch in batches if batch.num_rows]
    return pa.Table.from_batches(held) if held else None


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


def _typed(frame: DataFrame) -> DataFrame:
    """Integers as bigint and fractions as double, so that both sides of a union agree."""
    return frame.select(
        *(F.col(field.name).cast(_plain(field.dataType)).alias(field.name) for field in frame.schema.fields)
    )


def _plain(kind: T.DataType) -> T.DataType:
    if isinstance(kind, (T.FloatType, T.DecimalType)):
        return T.DoubleType()
    return T.LongType() if isinstance(kind, (T.IntegralType, T.BooleanType)) else kind


def _feature_type(aggregate: Aggregate, operands: dict[str, T.DataType]) -> T.DataType:
    if aggregate.kind == "latest" and aggregate.value is not None:
        return operands[aggregate.value]
    return T.LongType() if aggregate.kind in ("count", "sum") else T.DoubleType()


def _day() -> Any:  # noqa: ANN401 - a Spark column
    return F.expr(f"CAST(floor(label_time / {ENGINE_TIME_OF_DAY}) AS BIGINT)")


def _counts(groups: Any) -> TimeCounts:  # noqa: ANN401 - Spark's grouped data
    counted = groups.count().orderBy("key").toArrow()
    return TimeCounts(counted["key"].to_numpy(), counted["count"].to_numpy())
