"""Labels that fit into memory: read once, whatever is asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from core.split import MICROSECONDS_PER_DAY, TimeCounts

from engines.duckdb_sources import fetch
from engines.label_survey import READ_ROWS, chunks_of_days
from engines.workers import workers

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

    from engines.duckdb_sources import DuckDbSources
    from engines.slices import Slice
    from engines.training_set import CuratedFile, TrainingSetJob

_HELD = "held_labels"


class HeldLabels:
    """All labels of a set in memory, as a :class:`engines.label_survey.SetLabels`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, sources: DuckDbSources, job: TrainingSetJob) -> None:
        """Reads them, in pieces side by side, and puts them in order of label day."""
        source = job.label_source

        def read(files: tuple[CuratedFile, ...]) -> pa.Table:
            with connection.cursor() as cursor:
                sources.register(cursor, source, files)
                return fetch(cursor, job.labels_sql())

        with workers() as pool:
            # Without files a scan of none tells the columns.
            rows = pa.concat_tables(pool.map(read, list(chunks_of_days(source.files, READ_ROWS)) or [()]))
        self._connection = connection
        days = rows["label_time"].to_numpy() // MICROSECONDS_PER_DAY
        order = np.argsort(days, kind="stable")
        self._rows, self._day = rows.take(pa.array(order)).combine_chunks(), days[order]

    @property
    def bytes(self) -> int:
        """Size of what is held."""
        return self._rows.nbytes

    @property
    def days(self) -> TimeCounts:
        """Labels per UTC day of their label time."""
        return _counted(self._day)

    def times(self, day: int) -> TimeCounts:
        """Labels per label time within a day."""
        return _counted(self._between(day, day)["label_time"].to_numpy())

    def rows(self, label_days: Slice, more_columns: str = "") -> pa.Table:
        """The labels of a slice in no stated order, with more columns, given as SQL, after their own."""
        rows = self._between(label_days.first_day, label_days.last_day)
        if not more_columns:
            return rows
        with self._connection.cursor() as cursor:
            cursor.register(_HELD, rows)
            return fetch(cursor, f"SELECT *{more_columns} FROM {_HELD}")

    def _between(self, first_day: int, last_day: int) -> pa.Table:
        first, last = np.searchsorted(self._day, (first_day, last_day + 1))
        return self._rows.slice(first, last - first)


def _counted(values: NDArray[np.int64]) -> TimeCounts:
    return TimeCounts(*np.unique(values, return_counts=True))
