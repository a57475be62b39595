"""Training sets on DuckDB, a slice of label days at a time: the database scans and filters, the kernel walks time."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from core.feature_view import evaluate_view
from core.job_error import JobError
from core.split import MICROSECONDS_PER_DAY, Boundaries, TimeCounts
from core.training_rows import ordered_labels, typed_labels

from engines.training_set import ENGINE_TIME_OF_DAY, TrainingSetJob, WrittenParts, write_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from engines.storage import Storage

SLICE_ROWS = 400_000
"""Labels that one slice aims at; two slices are in memory at a time, each with the events of its lookback."""

_LABELS = "hundredfold_labels"


@dataclass(frozen=True)
class _Slice:
    """Label days ``[first_day, last_day]`` since the epoch."""

    first_day: int
    last_day: int

    @property
    def labels_from(self) -> int:
        return self.first_day * MICROSECONDS_PER_DAY

    @property
    def labels_before(self) -> int:
        return (self.last_day + 1) * MICROSECONDS_PER_DAY


class DuckDbTimeline:
    """A :class:`engines.training_set.TrainingSetEngine` over an open connection."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, storage: Storage, job: TrainingSetJob, slice_rows: int = SLICE_ROWS
    ) -> None:
        """Registers the source and makes the labels, once.

        Raises:
            JobError: ``ROW_KEY_CHANGED`` when versions of one fact differ in entity or event time.
        """
        self._connection = connection
        self._storage = storage
        self._job = job
        self._slice_rows = slice_rows
        self._register(connection, job.files[0].day, job.files[-1].day)
        connection.execute(f"CREATE OR REPLACE TABLE {_LABELS} AS {job.labels_sql()}")
        for view in job.program.views:
            changed = connection.execute(job.changed_facts_sql(view)).fetchone() if view.corrects else None
            if changed:
                message = f"versions of row key {changed[0]!r} differ in entity or event time (view {view.name})"
                raise JobError("ROW_KEY_CHANGED", message, "quarantine such rows by a row rule of the source")

    def label_days(self) -> TimeCounts:
        """Labels per UTC day of their label time."""
        return self._counts(f"CAST(floor(label_time / {ENGINE_TIME_OF_DAY}) AS BIGINT)", "true")

    def label_times(self, day: int) -> TimeCounts:
        """Labels per label time within a day."""
        first = day * MICROSECONDS_PER_DAY
        return self._counts("label_time", f"label_time >= {first} AND label_time < {first + MICROSECONDS_PER_DAY}")

    def write(self, boundaries: Boundaries) -> WrittenParts:
        """Computes and writes slice by slice, as many at a time as there are cores (numpy releases the GIL)."""
        slices = list(_slices(self.label_days(), self._slice_rows))
        written = WrittenParts()
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            for part in pool.map(lambda each: self._write_slice(each, boundaries), slices):
                written.add(part)
        return written

    def _write_slice(self, label_days: _Slice, boundaries: Boundaries) -> WrittenParts:
        program = self._job.program
        with self._connection.cursor() as cursor:
            within = f"label_time >= {label_days.labels_from} AND label_time < {label_days.labels_before}"
            labels = _fetch(cursor, f"SELECT * FROM {_LABELS} WHERE {within}")
            rows = ordered_labels(typed_labels(labels, program), program)
            self._register(cursor, *self._event_days(label_days))
            for view in program.views:
                events = _fetch(cursor, self._job.events_sql(view, label_days.labels_from, label_days.labels_before))
                for name, column in evaluate_view(view, events, rows).items():
                    rows = rows.append_column(name, pa.chunked_array([column]))
        return write_rows(self._storage, self._job, rows, boundaries)

    def _event_days(self, label_days: _Slice) -> tuple[int, int]:
        lookback = self._job.program.lookback
        first = self._job.files[0].day
        if lookback is not None:
            first = max(first, (label_days.labels_from - lookback) // MICROSECONDS_PER_DAY)
        return first, label_days.last_day

    def _register(self, connection: duckdb.DuckDBPyConnection, first_day: int, last_day: int) -> None:
        """Names the source's files of some days; times are UTC without a zone, rows those known at the slot."""
        connection.execute("SET TimeZone = 'UTC'")
        job = self._job
        uris = [file.uri for file in job.files if first_day <= file.day <= last_day]
        # Without a file in the days asked for, any file gives the columns and no rows.
        paths = [self._storage.local_path(uri) for uri in uris or [job.files[0].uri]]
        scan = f"read_parquet([{', '.join(_text(path) for path in paths if path)}])"
        kinds = connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
        zoned = {name for name, kind, *_ in kinds if kind == "TIMESTAMP WITH TIME ZONE"}
        names = {name: job.identifier(name) for name in (*job.program.sources[0].columns, "known_time")}
        columns = [
            f"make_timestamp(epoch_us({quoted})) AS {quoted}" if name in zoned else quoted
            for name, quoted in names.items()
        ]
        known = f"epoch_us(known_time) <= {job.slot}" if uris else "false"
        selected = f"SELECT {', '.join(columns)} FROM {scan} WHERE {known}"
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {job.identifier(job.program.sources[0].name)} AS {selected}")

    def _counts(self, key: str, condition: str) -> TimeCounts:
        query = f"SELECT {key} AS key, count(*) AS n FROM {_LABELS} WHERE {condition} GROUP BY 1 ORDER BY 1"
        counted = self._connection.execute(query).fetchnumpy()
        return TimeCounts(np.asarray(counted["key"], dtype=np.int64), np.asarray(counted["n"], dtype=np.int64))


def _slices(days: TimeCounts, slice_rows: int) -> Iterator[_Slice]:
    """Cuts label days into slices of about equal numbers of rows, a whole number of days each."""
    if not days.total:
        return
    number = np.cumsum(days.rows) - 1
    size = -(-days.total // -(-days.total // slice_rows))
    cuts = np.flatnonzero(np.diff(number // size)) + 1
    for first, last in zip([0, *cuts], [*cuts, len(days.times)], strict=True):
        yield _Slice(int(days.times[first]), int(days.times[last - 1]))


def _fetch(connection: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    return connection.execute(query).to_arrow_table()


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
