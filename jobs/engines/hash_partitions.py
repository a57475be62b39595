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
from engines.label_survey import chunks_of_days
from engines.slices import partition_count
from engines.view_groups import with_features

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    import duckdb
    from core.feature_program import FeatureView

    from engines.arrow_spill import ArrowSpill
    from engines.duckdb_sources import DuckDbSources
    from engines.slices import Cut, Sizes
    from engines.training_set import CuratedFile, TrainingSetJob
    from engines.view_groups import ViewGroup

READ_ROWS = 500_000
"""Events that are read and partitioned at a time."""

_SLICE = "_slice"
_POSITION = "_position"
_BUCKET = "_bucket"


class HashPartitions:
    """The partitioned groups of a set, from their labels to their features."""

    def __init__(self, job: TrainingSetJob, cut: Cut, labels: int, sizes: Sizes, spill: ArrowSpill) -> None:
        """Decides how many partitions each group has."""
        self._job = job
        self._groups = cut.partitioned
        self._spill = spill
        self._counts = [partition_count(job, group, labels, sizes) for group in self._groups]
        self._no_events: dict[str, pa.Table] = {}

    def bucket_columns(self) -> str:
        """SQL that appends the partition of each label, a column a group, to a SELECT list."""
        columns = []
        for index, (group, count) in enumerate(zip(self._groups, self._counts, strict=True)):
            # A label without an entity meets no event, wherever it is.
            without = f"WHEN {self._any_null(group.label_keys)} THEN label_time % {count}"
            hashed = f"CASE {without} ELSE {self._hashed(group.label_keys, count)} END"
            columns.append(f", CAST({hashed} AS USMALLINT) AS {_BUCKET}{index}")
        return "".join(columns)

    def add_labels(self, slice_index: int, labels: pa.Table) -> None:
        """Takes the ordered labels of a slice, which have the columns of :meth:`bucket_columns`."""
        position = pa.array(np.arange(labels.num_rows))
        for index, group in enumerate(self._groups):
            narrow = labels.select([*group.label_keys, "label_time"])
            narrow = narrow.append_column(_SLICE, pa.repeat(pa.scalar(slice_index, pa.int64()), labels.num_rows))
            narrow = narrow.append_column(_POSITION, position)
            self._add_pieces(f"labels-{index}", narrow, labels[f"{_BUCKET}{index}"])

    def compute(self, connection: duckdb.DuckDBPyConnection, sources: DuckDbSources, pool: Executor) -> None:
        """Computes the features of all labels, group by group."""
        for index, (group, count) in enumerate(zip(self._groups, self._counts, strict=True)):
            for number, view in enumerate(group.views):
                self._partition_events(connection, sources, pool, f"events-{index}-{number}", view, count)
            for _ in pool.map(lambda bucket, at=index: self._compute_partition(at, bucket), range(count)):
                pass

    def with_features(self, slice_index: int, labels: pa.Table) -> pa.Table:
        """Appends the features of a slice's labels, which come in the order that they had in :meth:`add_labels`."""
        for index, group in enumerate(self._groups):
            found = self._spill.take(f"features-{index}-{slice_index}")
            if found is None:
                continue
            place = np.empty(found.num_rows, dtype=np.intp)
            place[found[_POSITION].to_numpy()] = np.arange(found.num_rows)
            ordered = found.select(group.columns).take(pa.array(place))
            for name in group.columns:
                labels = labels.append_column(name, ordered[name])
        return labels

    def _partition_events(
        self,
        connection: duckdb.DuckDBPyConnection,
        sources: DuckDbSources,
        pool: Executor,
        name: str,
        view: FeatureView,
        count: int,
    ) -> None:
        job = self._job
        source = job.sources[view.source]
        events = job.events_sql(view, job.slot - job.program.history, job.slot)
        bucket = f"CAST({self._hashed(view.event_keys, count)} AS USMALLINT) AS {_BUCKET}"
        query = f"SELECT *, {bucket} FROM ({events}) WHERE NOT ({self._any_null(view.event_keys)})"

        def partition(files: Sequence[CuratedFile]) -> None:
            with connection.cursor() as cursor:
                sources.register(cursor, source, files)
                rows = fetch(cursor, query)
            events = rows.drop_columns([_BUCKET])
            self._no_events[name] = events.slice(0, 0)
            self._add_pieces(name, events, rows[_BUCKET])

        # Without files a scan of none tells the columns.
        for _ in pool.map(partition, list(chunks_of_days(source.files, READ_ROWS)) or [()]):
            pass

    def _compute_partition(self, index: int, bucket: int) -> None:
        group = self._groups[index]
        labels = self._spill.take(f"labels-{index}-{bucket}")
        events = [self._events(f"events-{index}-{number}", bucket) for number in range(len(group.views))]
        if labels is None:
            return
        rows = with_features(group, events, labels)
        self._add_pieces(f"features-{index}", rows.select([_POSITION, *group.columns]), rows[_SLICE])

    def _events(self, name: str, bucket: int) -> pa.Table:
        found = self._spill.take(f"{name}-{bucket}")
        return self._no_events[name] if found is None else found

    def _add_pieces(self, name: str, rows: pa.Table, bucket: pa.ChunkedArray) -> None:
        """Adds to each bucket's table the rows that it has."""
        self._spill.add({f"{name}-{number}": piece for number, piece in _pieces(rows, bucket)})

    def _hashed(self, columns: Sequence[str], count: int) -> str:
        quoted = ", ".join(self._job.identifier(column) for column in columns)
        return f"hash({quoted}) % {count}"

    def _any_null(self, columns: Sequence[str]) -> str:
        return " OR ".join(f"{self._job.identifier(column)} IS NULL" for column in columns)


def _pieces(rows: pa.Table, bucket: pa.ChunkedArray) -> list[tuple[int, pa.Table]]:
    codes = bucket.to_numpy()
    order = np.argsort(codes, kind="stable")
    ordered, codes = rows.take(pa.array(order)), codes[order]
    cuts = np.concatenate(([0], np.flatnonzero(np.diff(codes)) + 1, [len(codes)]))
    return [
        (int(codes[first]), ordered.slice(first, last - first))
        for first, last in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)
        if first < last
    ]
