"""Ingest on DuckDB: units in batches, each read as one Arrow stream, typed once and written in order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
from core.job_error import JobError
from core.quality import UnitOutcome, plain_number

from engines.base import (
    QUARANTINE_ORDER,
    QUARANTINE_SCHEMA,
    IngestWork,
    accepted_order,
    outcome_files,
    read_object,
    write_accepted,
    write_quarantined,
)
from engines.csv_reader import raw_schema
from engines.duckdb_engine import connect
from engines.duckdb_overflow import OVERFLOWS
from engines.overflow import overflow, overflow_named
from engines.storage import disk_full

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.ingest_program import LandingUnit

BATCH_BYTES = 16 << 20
_BATCHES_AT_ONCE = 2
_ROWS_A_BATCH = 65_536


class DuckDbEngine:
    """The laptop's engine."""

    def ingest(self, works: Sequence[IngestWork]) -> Iterator[UnitOutcome]:
        """Ingests batch by batch, one being written while the next is read; a unit greater than memory spills."""
        with _errors_named(), connect() as connection, ThreadPoolExecutor(_BATCHES_AT_ONCE) as pool:

            def ingest_batch(batch: tuple[IngestWork, Sequence[LandingUnit]]) -> list[UnitOutcome]:
                with connection.cursor() as cursor:
                    return list(_Batch(cursor, *batch).outcomes())

            for outcomes in pool.map(ingest_batch, ((work, units) for work in works for units in _batches(work.units))):
                yield from outcomes


class _Batch:
    """Some landing units that are ingested together."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, work: IngestWork, units: Sequence[LandingUnit]) -> None:
        self._connection = connection
        self._work = work
        self._units = units

    def outcomes(self) -> Iterator[UnitOutcome]:
        """Types the rows, writes the files, measures the checks."""
        self._create_views()
        measures = self._measures("GROUP BY _unit")
        nothing = self._measures("WHERE false")[None]
        reasons = self._reasons()
        program = self._work.program
        columns = ["_unit", "day", *program.curated_columns]
        accepted = list(write_accepted(self._work, self._sorted("accepted", columns, accepted_order(program))))
        columns = ["_unit", *QUARANTINE_SCHEMA.names]
        quarantined = list(write_quarantined(self._work, self._sorted("quarantined", columns, QUARANTINE_ORDER)))
        for unit in self._units:
            rows, values = measures.get(unit.unit, nothing)
            yield UnitOutcome(
                source=unit.source,
                unit=unit.unit,
                rows=rows,
                reasons=reasons.get(unit.unit, {}),
                measures=tuple(plain_number(value) for value in values),
                files=outcome_files(accepted, unit.unit),
                quarantine_files=outcome_files(quarantined, unit.unit),
            )

    def _create_views(self) -> None:
        statements = self._work.program
        raw = pa.RecordBatchReader.from_batches(raw_schema(statements.column_names), self._raw_batches())
        self._connection.register("raw", raw)
        with overflow_named(self._known_time):
            self._connection.execute(f"CREATE OR REPLACE TEMP TABLE typed AS {statements.typed['duckdb']}")
        self._connection.unregister("raw")
        self._connection.execute(f"CREATE OR REPLACE TEMP VIEW accepted AS {statements.accepted['duckdb']}")
        self._connection.execute(f"CREATE OR REPLACE TEMP VIEW quarantined AS {statements.quarantined['duckdb']}")

    def _known_time(self, error: Exception) -> JobError | None:
        """Of the typed rows nothing but the known time is computed."""
        return overflow(f"the known time of {self._work.program.source}") if isinstance(error, OVERFLOWS) else None

    def _raw_batches(self) -> Iterator[pa.RecordBatch]:
        for unit in self._units:
            for listed in unit.objects:
                yield from read_object(self._work, unit.unit, listed)

    def _measures(self, rest: str) -> dict[str | None, tuple[int, tuple[Any, ...]]]:
        """By unit, under None where there is no row: the number of rows, and the value of each check's measure."""
        selected = ["any_value(_unit)", "count(*)", *(check.measure["duckdb"] for check in self._work.program.checks)]
        rows = self._connection.execute(f"SELECT {', '.join(selected)} FROM typed {rest}").fetchall()
        return {row[0]: (row[1], row[2:]) for row in rows}

    def _reasons(self) -> dict[str, dict[str, int]]:
        rows = self._connection.execute(
            "SELECT _unit, _reason, count(*) FROM quarantined GROUP BY _unit, _reason"
        ).fetchall()
        found: dict[str, dict[str, int]] = {}
        for unit, reason, count in rows:
            found.setdefault(unit, {})[reason] = count
        return found

    def _sorted(self, view: str, columns: Sequence[str], order: Sequence[str]) -> pa.RecordBatchReader:
        selected = ", ".join(_quoted(name) for name in columns)
        keys = ", ".join(f"{_quoted(name)} ASC NULLS FIRST" for name in order)
        statement = f"SELECT {selected} FROM {view} ORDER BY {keys}"
        return self._connection.execute(statement).to_arrow_reader(_ROWS_A_BATCH)


def _batches(units: Sequence[LandingUnit]) -> Iterator[list[LandingUnit]]:
    """Consecutive units of together at most ``BATCH_BYTES``, at least one."""
    batch: list[LandingUnit] = []
    for unit in units:
        if batch and sum(member.size for member in batch) + unit.size > BATCH_BYTES:
            yield batch
            batch = []
        batch.append(unit)
    if batch:
        yield batch


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def _errors_named() -> Iterator[None]:
    """Turns DuckDB's errors into job errors: one that it carried out of a reader is found again."""
    try:
        yield
    except duckdb.Error as error:
        text = str(error)
        if "No space left on device" in text or "max_temp_directory_size" in text:
            raise disk_full("DuckDB's temporary files") from error
        fix = "raise HUNDREDFOLD_MEMORY_LIMIT" if isinstance(error, duckdb.OutOfMemoryException) else "report it"
        raise JobError.found_in(text) or JobError("ENGINE_FAILED", f"DuckDB: {text}", fix) from error
