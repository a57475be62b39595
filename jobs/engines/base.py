"""What an engine does for the ingest job: the interface of Spark and DuckDB, and what both share."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from engines.csv_reader import CsvObject, read_csv
from engines.parquet_writer import DataFile, write_batches
from engines.storage import Storage, changed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from core.ingest_program import LandingUnit, ListedObject, SourceProgram
    from core.quality import UnitOutcome

EngineName = Literal["spark", "duckdb"]

_ARROW_TYPES = {
    "text": pa.string(),
    "integer": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "timestamp": pa.timestamp("us", tz="UTC"),
}
QUARANTINE_SCHEMA = pa.schema(
    [
        pa.field("_object", pa.string()),
        pa.field("_line", pa.int64()),
        pa.field("_reason", pa.string()),
        pa.field("_record", pa.string()),
    ]
)


@dataclass(frozen=True)
class IngestWork:
    """One job's work on a source: ``bucket`` holds the listed objects; ``curated`` and ``quarantine`` are prefixes."""

    program: SourceProgram
    units: tuple[LandingUnit, ...]
    bucket: str
    curated: str
    quarantine: str
    storage: Storage


class Engine(Protocol):
    """Runs the statements of a program over raw rows; rows, files and reports do not depend on the engine."""

    def ingest(self, works: Sequence[IngestWork]) -> Iterator[UnitOutcome]:
        """Reads, types, checks and writes every unit of each source; outcomes come as units are finished.

        Raises:
            JobError: ``OBJECT_CHANGED``, ``OBJECT_MISSING``, ``HEADER_CHANGED``, ``DISK_FULL``, ``ENGINE_FAILED``.
        """
        ...


def read_object(work: IngestWork, unit: str, listed: ListedObject) -> Iterator[pa.RecordBatch]:
    """The raw rows of one listed object, and of no other version of it.

    Raises:
        JobError: ``OBJECT_CHANGED``, ``OBJECT_MISSING``, ``HEADER_CHANGED``.
    """
    uri = f"s3://{work.bucket}/{listed.key}"
    program = work.program
    source = CsvObject(unit, listed.key, program.column_names, program.delimiter, program.quote)
    with work.storage.open_input(uri, listed.etag) as stream:
        yield from read_csv(stream, source)
        if stream.tell() != listed.size:
            raise changed(uri, f"{listed.size} bytes", f"{stream.tell()} bytes")


def accepted_schema(program: SourceProgram) -> pa.Schema:
    """The columns of a curated file; unit and day are in its key."""
    types = {column.name: column.type for column in program.columns}
    fields = ((name, _ARROW_TYPES[types.get(name, "timestamp")]) for name in program.curated_columns)
    return pa.schema([pa.field(name, kind) for name, kind in fields])


def accepted_order(program: SourceProgram) -> list[str]:
    """The total order of curated rows: unit, day, the program's order, then every other column."""
    return list(dict.fromkeys(["_unit", "day", *program.order_by, *program.curated_columns]))


QUARANTINE_ORDER = ["_unit", "_object", "_line", "_reason", "_record"]


def write_accepted(work: IngestWork, batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[str, str, DataFile]]:
    """Writes rows in ``accepted_order``, a file for each unit and day; gives unit, day and file of each."""
    schema = accepted_schema(work.program)
    for (unit, day), group in _runs(batches, ("_unit", "day")):
        uri = f"{work.curated}unit={unit}/day={day}/part.parquet"
        yield unit, day, write_batches(work.storage, uri, schema, (_with_schema(batch, schema) for batch in group))


def write_quarantined(work: IngestWork, batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[str, str, DataFile]]:
    """Writes rows in ``QUARANTINE_ORDER``, a file for each unit; gives unit, an empty day and file of each."""
    for (unit,), group in _runs(batches, ("_unit",)):
        uri = f"{work.quarantine}unit={unit}/part.parquet"
        rows = (_with_schema(batch, QUARANTINE_SCHEMA) for batch in group)
        yield unit, "", write_batches(work.storage, uri, QUARANTINE_SCHEMA, rows)


def _runs(
    batches: Iterable[pa.RecordBatch], names: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Iterator[pa.RecordBatch]]]:
    """Consecutive rows with equal values of the named columns, as one stream of batches per combination."""
    slices = (piece for batch in batches for piece in _slices(batch, names))
    for key, group in itertools.groupby(slices, key=lambda piece: piece[0]):
        yield key, (piece for _, piece in group)


def _slices(batch: pa.RecordBatch, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], pa.RecordBatch]]:
    if batch.num_rows == 0:
        return
    ends = sorted(
        {
            int(end)
            for name in names
            for end in pc.call_function("run_end_encode", [batch.column(name)]).run_ends.to_numpy()
        }
    )
    for start, end in itertools.pairwise([0, *ends]):
        yield tuple(batch.column(name)[start].as_py() for name in names), batch.slice(start, end - start)


def _with_schema(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [_with_type(batch.column(field.name), field.type) for field in schema], schema=schema
    )


def _with_type(values: pa.Array, wanted: pa.DataType) -> pa.Array:
    """The values in the type of the file; minus zero, which equals zero in every order, becomes zero."""
    cast = values.cast(wanted)
    return pc.call_function("add", [cast, 0.0]) if pa.types.is_floating(wanted) else cast


def outcome_files(written: Iterable[tuple[str, str, DataFile]], unit: str) -> tuple[dict[str, Any], ...]:
    """The unit's files as documents, ascending by key; with ``day`` where there is one."""
    own = sorted((entry for entry in written if entry[0] == unit), key=lambda entry: entry[2].key)
    return tuple({**file.to_json(), **({"day": day} if day else {})} for _, day, file in own)
