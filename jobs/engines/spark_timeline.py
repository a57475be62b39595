"""Training sets on Spark: one shuffle brings an entity's rows together, the kernel walks time, one more gathers days.

A set of join keys has partitions of its own. Of a label they get its keys and its time, and give its features on to the
partition of its day, where its columns wait: there rows are sorted and written. All move as pieces of Arrow tables
(:mod:`engines.spark_shuffle`). A task holds one partition: its share of the rows. An entity that has more goes by
slices of time to several tasks, if its views' lookback has an end.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Any

from core.feature_view import LABEL_TIME
from core.split import Boundaries, TimeCounts
from pyspark.sql import functions as F  # noqa: N812 - the library's own abbreviation

from engines.label_days import LABEL_DAY
from engines.spark_days import WRITTEN, writer, written_parts
from engines.spark_groups import DAY_PLACE, LABELS, ROW, SparkGroup, first_after, place_of
from engines.spark_rows import SparkRows
from engines.spark_samples import largest_keys, samples_of
from engines.spark_shuffle import (
    MOST_PARTITIONS,
    PIECES,
    Cut,
    Partitions,
    as_pieces,
    handed_on,
    in_partitions,
    limit_batches,
    shuffled,
    with_tables,
)
from engines.spark_slices import TaskSizes, find_slices, least_width
from engines.spark_tasks import in_tasks
from engines.training_set import TrainingSetJob, WrittenParts, check_facts
from engines.view_groups import ViewGroup, view_groups

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from engines.spark_samples import Sample
    from engines.spark_slices import TimeSlices
    from engines.storage import Storage

_OPEN_COST = 256 << 10
"""What opening a file of this machine counts as, in bytes: Spark's own sixteenfold makes tasks of a few days each."""


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
        """Registers the sources, first a sample of their files.

        Raises:
            JobError: ``ROW_KEY_CHANGED``, ``STATIC_KEY_REPEATED``.
        """
        self._job = job
        self._rows = SparkRows(spark, storage, job)
        self._parallelism = spark.sparkContext.defaultParallelism
        self._partitions = partitions
        self._sizes = sizes or TaskSizes()
        # Files stay where they are for every worker of this machine; a client of S3 is made in the worker.
        self._files = storage if storage.local_path(job.output) else None
        spark.conf.set("spark.sql.sources.parallelPartitionDiscovery.parallelism", str(2 * self._parallelism))
        if self._files is not None:  # of this machine are listed at once, without a job
            spark.conf.set("spark.sql.sources.parallelPartitionDiscovery.threshold", str(2**31 - 1))
            spark.conf.set("spark.sql.files.openCostInBytes", str(_OPEN_COST))
        limit_batches(spark)
        self._groups = view_groups(job.program.views)
        self._samples = self._samples_of_large_groups()
        self._rows.register_all()
        self._labels = self._rows.labels()
        check_facts(job, lambda query: spark.sql(query).head())

    def label_days(self) -> TimeCounts:
        """Labels per UTC day of their label time."""
        return _counts(self._labels.groupBy(_day().alias("key")))

    def label_times(self, day: int) -> TimeCounts:
        """Labels per label time within a day."""
        return _counts(self._labels.where(_day() == day).groupBy(F.col("label_time").alias("key")))

    def write(self, boundaries: Boundaries | None) -> WrittenParts:
        """Brings labels and events together by key, computes every view, and writes the parts inside of the tasks."""
        groups = self._placed_groups()
        days = self._partition_count(self._rows.count(self._job.label_source.name))
        first_day = first_after(groups)
        labels = reduce(lambda rows, group: group.placed(rows), groups, self._labels)
        labels = labels.withColumn(DAY_PLACE, place_of(_day(), days)).withColumn(ROW, F.monotonically_increasing_id())
        whole = Cut(LABELS, (*self._labels.columns, ROW), DAY_PLACE, first_day)
        sent = [as_pieces(labels, [*(group.label_cut for group in groups), whole])]
        sent += [pieces for group in groups for pieces in group.event_pieces()]
        kernels = [*(group.kernel() for group in groups), Partitions(first_day, handed_on(first_day))]
        computed = in_tasks(shuffled(sent, first_day + days), in_partitions(kernels), PIECES)
        write = with_tables(writer(self._job, boundaries, self._files))
        return written_parts(in_tasks(shuffled([computed], days), write, WRITTEN).toArrow())

    def _placed_groups(self) -> list[SparkGroup]:
        largest = largest_keys(self._samples)
        groups: list[SparkGroup] = []
        for views in self._groups:
            slices = self._slices(views, largest.get(views.label_keys, 0))
            groups.append(self._placed(views, slices, len(groups), first_after(groups)))
        return groups

    def _placed(self, group: ViewGroup, slices: TimeSlices | None, number: int, first: int) -> SparkGroup:
        """A group with its events, and the partitions of both."""
        partitions = self._partition_count(self._rows.count_of(group))
        events = self._rows.events(group)
        if slices is None:
            return SparkGroup(number, group, tuple(events), first, partitions)
        slices = replace(slices, column=f"_slice_{number}")
        sliced = [slices.of_events(view, each) for view, each in zip(group.views, events, strict=True)]
        return SparkGroup(number, slices.of_group(group), tuple(sliced), first, partitions, slices)

    def _slices(self, group: ViewGroup, largest: int) -> TimeSlices | None:
        """Slices of time where a key of the group was found to have more rows than a task aims at."""
        width = self._width(group)
        return None if width is None else find_slices(self._label_span, largest, width, self._sizes)

    def _label_span(self) -> tuple[int, int]:
        first, last = self._labels.agg(F.min(LABEL_TIME), F.max(LABEL_TIME)).collect()[0]
        return first, last

    def _width(self, group: ViewGroup) -> int | None:
        return least_width(group, self._job.labels_before - self._job.labels_from, self._sizes)

    def _samples_of_large_groups(self) -> list[Sample]:
        """Samples of the groups that may have to be sliced."""
        most = self._sizes.rows
        large = [group for group in self._groups if self._rows.count_of(group) > most and self._width(group)]
        return samples_of(self._rows, large, self._sizes.sampled_rows)

    def _partition_count(self, rows: int) -> int:
        """Partitions of about as many rows as a task aims at, so many that all cores are busy to the end."""
        rounds = max(1, -(-rows // (self._sizes.rows * self._parallelism)))
        return self._partitions or min(rounds * self._parallelism, MOST_PARTITIONS)


def _day() -> Any:  # noqa: ANN401 - a Spark column
    return F.expr(LABEL_DAY)


def _counts(groups: Any) -> TimeCounts:  # noqa: ANN401 - Spark's grouped data
    # Sorted here: Spark would sample the counts first, and sort them in jobs of their own.
    counted = groups.count().toArrow().sort_by("key")
    return TimeCounts(counted["key"].to_numpy(), counted["count"].to_numpy())
