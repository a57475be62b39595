"""Where labels lie: how many there are on each day of their label time, and which files of their source hold them.

One narrow scan, a chunk of files at a time, tells it; so a slice of label days reads just the files that it needs, and
no list of all labels is ever in memory. Versions of one fact share their event time, thus their file's day and chunk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from core.split import MICROSECONDS_PER_DAY, TimeCounts

from engines.label_days import LABEL_DAY
from engines.workers import workers

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb
    from numpy.typing import NDArray

    from engines.duckdb_sources import DuckDbSources
    from engines.training_set import CuratedFile, TrainingSetJob

CHUNK_ROWS = 100_000


@dataclass(frozen=True)
class LabelSurvey:
    """Labels counted by (chunk of files, label day): ``chunk``, ``day`` and ``rows`` are int64, (n_pairs,)."""

    chunks: tuple[tuple[CuratedFile, ...], ...]
    chunk: NDArray[np.int64]
    day: NDArray[np.int64]
    rows: NDArray[np.int64]

    @property
    def days(self) -> TimeCounts:
        """Labels per UTC day of their label time."""
        days, position = np.unique(self.day, return_inverse=True)
        rows = np.bincount(position, self.rows, len(days)).astype(np.int64)
        return TimeCounts(days, rows)

    def files(self, first_day: int, last_day: int) -> list[CuratedFile]:
        """Files that may hold labels of the days ``[first_day, last_day]``."""
        wanted = np.unique(self.chunk[(self.day >= first_day) & (self.day <= last_day)])
        return [file for index in wanted for file in self.chunks[index]]


def survey_labels(connection: duckdb.DuckDBPyConnection, sources: DuckDbSources, job: TrainingSetJob) -> LabelSurvey:
    """Scans the columns that label times need, file by file."""
    source = job.label_source
    chunks = tuple(chunks_of_days(source.files, CHUNK_ROWS))
    query = f"SELECT {LABEL_DAY} AS key, count(*) AS n FROM ({job.labels_sql()}) GROUP BY 1"

    def count(files: tuple[CuratedFile, ...]) -> TimeCounts:
        with connection.cursor() as cursor:
            sources.register(cursor, source, files)
            return counted(cursor, query)

    with workers() as pool:
        counts = list(pool.map(count, chunks))
    pairs = [len(each.times) for each in counts]
    return LabelSurvey(
        chunks,
        np.repeat(np.arange(len(chunks)), pairs),
        np.concatenate([each.times for each in counts]),
        np.concatenate([each.rows for each in counts]),
    )


def label_times(
    connection: duckdb.DuckDBPyConnection,
    sources: DuckDbSources,
    job: TrainingSetJob,
    survey: LabelSurvey,
    day: int,
) -> TimeCounts:
    """Labels per label time within a day."""
    first = day * MICROSECONDS_PER_DAY
    within = f"label_time >= {first} AND label_time < {first + MICROSECONDS_PER_DAY}"
    with connection.cursor() as cursor:
        sources.register(cursor, job.label_source, survey.files(day, day))
        query = (
            f"SELECT label_time AS key, count(*) AS n FROM ({job.labels_sql()}) WHERE {within} GROUP BY 1 ORDER BY 1"
        )
        return counted(cursor, query)


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


def counted(connection: duckdb.DuckDBPyConnection, query: str) -> TimeCounts:
    """The ``key`` and ``n`` of a query as counts of times."""
    columns = connection.execute(query).fetchnumpy()
    return TimeCounts(np.asarray(columns["key"], dtype=np.int64), np.asarray(columns["n"], dtype=np.int64))
