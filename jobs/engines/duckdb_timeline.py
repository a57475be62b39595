"""Training sets on DuckDB: the database scans and filters, the kernel walks time, in slices and partitions."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from core.training_rows import label_order, typed_labels

from engines.arrow_spill import ArrowSpill
from engines.duckdb_sources import DuckDbSources, fetch
from engines.hash_partitions import HashPartitions
from engines.held_labels import HeldLabels
from engines.label_survey import SurveyedLabels
from engines.memory import Memory, give_back, memory
from engines.slices import Sizes, cut_set, label_bytes, partition_count
from engines.training_set import TrainingSetJob, WrittenParts, check_facts
from engines.view_groups import with_features
from engines.workers import THREADS, workers
from engines.written_days import write_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb
    import pyarrow as pa
    from core.split import Boundaries, TimeCounts

    from engines.label_survey import SetLabels
    from engines.slices import Slice
    from engines.storage import Storage
    from engines.view_groups import ViewGroup


class DuckDbTimeline:
    """A :class:`engines.training_set.TrainingSetEngine` over an open connection."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        storage: Storage,
        job: TrainingSetJob,
        sizes: Sizes | None = None,
    ) -> None:
        """Registers the sources and counts the labels.

        Raises:
            JobError: ``ROW_KEY_CHANGED``, ``STATIC_KEY_REPEATED``.
        """
        self._connection = connection
        self._storage = storage
        self._job = job
        self._memory = memory()
        self._sizes = sizes or _sizes(self._memory)
        self._sources = DuckDbSources(connection, storage, job)
        if any(view.corrects or view.timeless for view in job.program.views):
            self._sources.register_all(connection)
            check_facts(job, lambda query: connection.execute(query).fetchone())
        self._held = 0
        self._labels = self._set_labels()

    def label_days(self) -> TimeCounts:
        """Labels per UTC day of their label time."""
        return self._labels.days

    def label_times(self, day: int) -> TimeCounts:
        """Labels per label time within a day."""
        return self._labels.times(day)

    def write(self, boundaries: Boundaries | None) -> WrittenParts:
        """Computes and writes slice by slice, as many at a time as there are cores."""
        days = self._labels.days
        cut = cut_set(self._job, days, self._sizes)
        written = WrittenParts()
        with tempfile.TemporaryDirectory(prefix="hundredfold-spill-") as folder, workers() as pool:
            spill = ArrowSpill(Path(folder), self._memory.handed_on - self._held)
            counts = [partition_count(self._job, group, days.total, self._sizes) for group in cut.partitioned]
            groups = zip(cut.partitioned, counts, strict=True)
            partitions = HashPartitions(self._job, self._connection, self._sources, spill, tuple(groups))
            labels_of = self._ordered_labels
            if cut.partitioned:
                partitions.compute(cut.slices, self._ordered_labels, pool)
                labels_of = partitions.take_labels

            def write(label_days: Slice) -> WrittenParts:
                labels = self._with_events(cut.sliced, label_days, labels_of(label_days))
                rows = partitions.with_features(label_days, labels)
                part = write_rows(self._storage, self._job, rows, boundaries)
                give_back()
                return part

            for part in pool.map(write, cut.slices):
                written.add(part)
        return written

    def _set_labels(self) -> SetLabels:
        """Held where their share of the memory certainly has room for all rows of their source."""
        job = self._job
        most = sum(file.rows for file in job.label_source.files) * label_bytes(job)
        if most > self._sizes.held_labels:
            return SurveyedLabels(self._connection, self._sources, job)
        held = HeldLabels(self._connection, self._sources, job)
        self._held = held.bytes
        return held

    def _ordered_labels(self, label_days: Slice, more_columns: str = "") -> pa.Table:
        """The ordered labels of a slice, with more columns after their own."""
        program = self._job.program
        rows = self._labels.rows(label_days, more_columns)
        labels = typed_labels(rows, program)
        for name in rows.column_names:
            if name not in labels.column_names:
                labels = labels.append_column(name, rows[name])
        return labels.take(label_order(labels, program))

    def _with_events(self, groups: Sequence[ViewGroup], label_days: Slice, labels: pa.Table) -> pa.Table:
        """Appends the features of groups whose events lie in reach of the slice."""
        job = self._job
        for group in groups:
            events = []
            with self._connection.cursor() as cursor:
                for view in group.views:
                    source = job.sources[view.source]
                    files = source.between(label_days.first_event_day(view), label_days.last_day)
                    self._sources.register(cursor, source, files)
                    query = job.events_sql(view, label_days.labels_from, label_days.labels_before)
                    events.append(fetch(cursor, query))
            labels = with_features(group, events, labels)
        return labels


def _sizes(memory: Memory) -> Sizes:
    return Sizes(memory.arrays // THREADS, THREADS, held_labels=memory.handed_on // 2)
