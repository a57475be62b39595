"""Where labels lie: how many there are on each day of their label time, and which files of their source hold them.

One narrow scan, a chunk of files at a time, tells it; so a slice of label days reads just the files that it needs, and
no list of all labels is ever in memory. Versions of one fact share their event time, thus their file's day and chunk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from core.split import TimeCounts

from engines.duckdb_sources import fetch
from engines.label_days import LABEL_DAY
from engines.slices import Slice
from engines.workers import workers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb
    import pyarrow as pa

    from engines.duckdb_sources import DuckDbSources
    from engines.training_set import CuratedFile, TrainingSetJob

CHUNK_ROWS = 100_000
"""Rows whose labels are counted together."""

READ_ROWS = 500_000
"""Rows of a source that are read at a time."""


class SetLabels(Protocol):
    """The labels of a set, wherever they are."""

    @property
    def days(self) -> TimeCounts:
        """Labels per UTC day of their label time."""
        ...

    def times(self, day: int) -> TimeCounts:
        """Labels per label time within a day."""
        ...

    def rows(self, label_days: Slice, more_columns: str = "") -> pa.Table:
        """The labels of a slice in no stated order, with more columns, given as SQL, after their own."""
        ...


class SurveyedLabels:
    """A :class:`SetLabels` of labels that stay in their files.

    Counted by (chunk of files, label day): ``chunk``, ``day`` and ``rows`` are int64, (n_pairs,).
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, sources: DuckDbSources, job: TrainingSetJob) -> None:
        """Scans the columns that label times need, chunk by chunk."""
        self._connection = connection
        self._sources = sources
        self._job = job
        self._chunks = tuple(chunks_of_days(job.label_source.files, CHUNK_ROWS))
        query = f"SELECT {LABEL_DAY} AS key, count(*) AS n FROM ({job.labels_sql()}) GROUP BY 1"
        with workers() as pool:
            counts = list(pool.map(lambda files: self._counted(files, query), self._chunks))
        self._chunk = np.repeat(np.arange(len(counts)), [len(each.times) for each in counts])
        self._day = np.concatenate([np.empty(0, dtype=np.int64), *(each.times for each in counts)])
        self._rows = np.concatenate([np.empty(0, dtype=np.int64), *(each.rows for each in counts)])

    @property
    def days(self) -> TimeCounts:
        """Labels per UTC day of their label time."""
        days, position = np.unique(self._day, return_inverse=True)
        rows = np.bincount(position, self._rows, len(days)).astype(np.int64)
        return TimeCounts(days, rows)

    def times(self, day: int) -> TimeCounts:
        """Labels per label time within a day."""
        labels = _within(self._job, Slice(day, day))
        query = f"SELECT label_time AS key, count(*) AS n FROM ({labels}) GROUP BY 1 ORDER BY 1"
        return self._counted(self._files(day, day), query)

    def rows(self, label_days: Slice, more_columns: str = "") -> pa.Table:
        """The labels of a slice in no stated order, with more columns, given as SQL, after their own."""
        with self._connection.cursor() as cursor:
            self._sources.register(
                cursor, self._job.label_source, self._files(label_days.first_day, label_days.last_day)
            )
            return fetch(cursor, f"SELECT *{more_columns} FROM ({_within(self._job, label_days)})")

    def _files(self, first_day: int, last_day: int) -> list[CuratedFile]:
        """Files that may hold labels of the days ``[first_day, last_day]``."""
        wanted = np.unique(self._chunk[(self._day >= first_day) & (self._day <= last_day)])
        return [file for index in wanted for file in self._chunks[index]]

    def _counted(self, files: Sequence[CuratedFile], query: str) -> TimeCounts:
        """The ``key`` and ``n`` of a query over some files as counts of times."""
        with self._connection.cursor() as cursor:
            self._sources.register(cursor, self._job.label_source, files)
            columns = cursor.execute(query).fetchnumpy()
        return TimeCounts(np.asarray(columns["key"], dtype=np.int64), np.asarray(columns["n"], dtype=np.int64))


def _within(job: TrainingSetJob, label_days: Slice) -> str:
    times = f"label_time >= {label_days.labels_from} AND label_time < {label_days.labels_before}"
    return f"SELECT * FROM ({job.labels_sql()}) WHERE {times}"


def chunks_of_days(files: tuple[CuratedFile, ...], rows: int) -> Iterator[tuple[CuratedFile, ...]]:
    """Cuts files, in order of day, into whole days of together about ``rows`` rows."""
    chunk: list[CuratedFile] = []
    held = 0
    for file in files:
        if held >= rows and file.day != chunk[-1].day:
            yield tuple(chunk)
            chunk, held = [], 0
        chunk.append(file)
        held += file.rows
    if chunk:
        yield tuple(chunk)
