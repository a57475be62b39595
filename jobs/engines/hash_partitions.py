"""Views that look back far, by hash partitions of their entity: every row of events and labels is read once.

Labels come in with their slice and their position in it, and go out with them beside their features; so a slice finds
the features of its labels again by position, whatever partition computed them. A partition has all rows of its
entities, hence its memory is that of its share of the rows, or of the rows of its greatest entity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from engines.duckdb_sources import fetch
from engines.label_survey import READ_ROWS, chunks_of_days
from engines.memory import give_back
from engines.row_pieces import row_pieces
from engines.view_groups import with_features

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from concurrent.futures import Executor

    import duckdb
    from core.feature_program import FeatureView

    from engines.arrow_spill import ArrowSpill
    from engines.duckdb_sources import DuckDbSources
    from engines.slices import Slice
    from engines.training_set import CuratedFile, TrainingSetJob
    from engines.view_groups import ViewGroup

_SLICE = "_slice"
_POSITION = "_position"
_BUCKET = "_bucket"


class HashPartitions:
    """The partitioned groups of a set, from their labels to their features."""

    def __init__(
        self,
        job: TrainingSetJob,
        connection: duckdb.DuckDBPyConnection,
        sources: DuckDbSources,
        spill: ArrowSpill,
        groups: tuple[tuple[ViewGroup, int], ...],
    ) -> None:
        """Takes the groups, each with the number of its partitions."""
        self._job = job
        self._connection = connection
        self._sources = sources
        self._spill = spill
        self._groups = groups
        self._no_events: dict[str, pa.Table] = {}

    def compute(self, slices: Sequence[Slice], labels_of: Callable[[Slice, str], pa.Table], pool: Executor) -> None:
        """Computes the features of all labels, group by group.

        Args:
            slices: of the set.
            labels_of: gives the ordered labels of a slice, with more columns that are given as SQL.
            pool: what computes slices and partitions side by side.
        """
        buckets = self._bucket_columns()
        _finish(pool.map(lambda each: self._add_labels(each, labels_of(each, buckets)), slices))
        for index, (group, count) in enumerate(self._groups):
            for number, view in enumerate(group.views):
                self._partition_events(pool, f"events-{index}-{number}", view, count)
            _finish(pool.map(lambda bucket, at=index: self._compute_partition(at, bucket), range(count)))

    def take_labels(self, label_days: Slice) -> pa.Table:
        """The ordered labels of a slice, once."""
        return _must(self._spill.take(f"ordered-{label_days.first_day}"))

    def _bucket_columns(self) -> str:
        """SQL that appends the partition of each label, a column a group, to a SELECT list."""
        columns = []
        for index, (group, count) in enumerate(self._groups):
            # A label without an entity meets no event, wherever it is.
            without = f"WHEN {self._any_null(group.label_keys)} THEN hash(label_time) % {count}"
            hashed = f"CASE {without} ELSE {self._hashed(group.label_keys, count)} END"
            columns.append(f", CAST({hashed} AS USMALLINT) AS {_BUCKET}{index}")
        return "".join(columns)

    def _add_labels(self, label_days: Slice, labels: pa.Table) -> None:
        """Takes the ordered labels of a slice, which have the columns of :meth:`_bucket_columns`."""
        day = pa.repeat(pa.scalar(label_days.first_day, pa.int64()), labels.num_rows)
        position = pa.array(np.arange(labels.num_rows))
        for index, (group, _) in enumerate(self._groups):
            narrow = labels.select([*group.label_keys, "label_time"])
            narrow = narrow.append_column(_SLICE, day).append_column(_POSITION, position)
            self._add_pieces(f"labels-{index}", narrow, labels[f"{_BUCKET}{index}"])
        own = labels.drop_columns([f"{_BUCKET}{index}" for index in range(len(self._groups))])
        self._spill.add({f"ordered-{label_days.first_day}": own})

    def with_features(self, label_days: Slice, labels: pa.Table) -> pa.Table:
        """Appends the features of the labels that :meth:`take_labels` gave."""
        for index, (group, _) in enumerate(self._groups):
            found = _must(self._spill.take(f"features-{index}-{label_days.first_day}"))
            place = np.empty(found.num_rows, dtype=np.intp)
            place[found[_POSITION].to_numpy()] = np.arange(found.num_rows)
            ordered = found.select(group.columns).take(pa.array(place))
            for name in group.columns:
                labels = labels.append_column(name, ordered[name])
        return labels

    def _partition_events(self, pool: Executor, name: str, view: FeatureView, count: int) -> None:
        job = self._job
        source = job.sources[view.source]
        events = job.events_sql(view, job.labels_from, job.labels_before)
        bucket = f"CAST({self._hashed(view.event_keys, count)} AS USMALLINT) AS {_BUCKET}"
        query = f"SELECT *, {bucket} FROM ({events}) WHERE NOT ({self._any_null(view.event_keys)})"

        def partition(files: Sequence[CuratedFile]) -> None:
            with self._connection.cursor() as cursor:
                self._sources.register(cursor, source, files)
                rows = fetch(cursor, query)
            events = rows.drop_columns([_BUCKET])
            self._no_events[name] = events.slice(0, 0)
            self._add_pieces(name, events, rows[_BUCKET])

        # Without files a scan of none tells the columns.
        _finish(pool.map(partition, list(chunks_of_days(source.files, READ_ROWS)) or [()]))

    def _compute_partition(self, index: int, bucket: int) -> None:
        group, _ = self._groups[index]
        labels = self._spill.take(f"labels-{index}-{bucket}")
        events = [self._events(f"events-{index}-{number}", bucket) for number in range(len(group.views))]
        if labels is None:
            return
        rows = with_features(group, events, labels)
        self._add_pieces(f"features-{index}", rows.select([_POSITION, *group.columns]), rows[_SLICE])
        give_back()

    def _events(self, name: str, bucket: int) -> pa.Table:
        found = self._spill.take(f"{name}-{bucket}")
        return self._no_events[name] if found is None else found

    def _add_pieces(self, name: str, rows: pa.Table, bucket: pa.ChunkedArray) -> None:
        """Adds to each bucket's table the rows that it has."""
        self._spill.add({f"{name}-{number}": piece for number, piece in row_pieces(rows, bucket)})

    def _hashed(self, columns: Sequence[str], count: int) -> str:
        quoted = ", ".join(self._job.identifier(column) for column in columns)
        return f"hash({quoted}) % {count}"

    def _any_null(self, columns: Sequence[str]) -> str:
        return " OR ".join(f"{self._job.identifier(column)} IS NULL" for column in columns)


def _must(table: pa.Table | None) -> pa.Table:
    """A table that was added before."""
    if table is None:
        message = "a slice has labels and features"
        raise LookupError(message)
    return table


def _finish(tasks: Iterable[None]) -> None:
    """Waits for tasks; the first error is raised."""
    for _ in tasks:
        pass
