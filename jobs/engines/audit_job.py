"""What a leak audit is given: a program, the published sources, and a training set, ours or anybody's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, Protocol

from core.job_error import JobError
from core.training_rows import slot_microseconds

from engines.training_set import CuratedFile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa
    from core.feature_program import Engine, Source, TrainingSetProgram

    from engines.storage import Storage

SET = "audited_set"
"""Name under which an engine has the set's rows."""

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class AuditedSet:
    """Where a set's rows are, and what its columns are called.

    Attributes:
        files: URIs or paths.
        format: of the files.
        columns: the set's name of a feature or label column, where it is not the program's.
        label_time: the set's name of the label time.
        tolerance: relative; floats that differ by less are equal.
    """

    files: tuple[str, ...]
    format: Literal["parquet", "csv"]
    columns: Mapping[str, str]
    label_time: str
    tolerance: float = 0.0

    def column(self, name: str) -> str:
        """The set's name of a column of the program."""
        return self.columns.get(name, name)


@dataclass(frozen=True)
class AuditJob:
    """One audit; ``slot`` in UTC microseconds, ``rows`` the size of the sample, None: every row."""

    program: TrainingSetProgram
    engine: Engine
    slot: int
    sources: Mapping[str, tuple[CuratedFile, ...]]
    audited: AuditedSet
    rows: int | None

    @property
    def reached(self) -> tuple[int, int]:
        """Label times ``[first, before)`` whose windows the published sources cover."""
        return self.slot - self.program.history, self.slot


class AuditEngine(Protocol):
    """What an audit needs of an engine: named rows, and SQL over them."""

    def read_set(self, audited: AuditedSet) -> pa.Schema:
        """Names the set's rows ``SET``; gives their columns."""
        ...

    def read_source(self, source: Source, files: Sequence[CuratedFile], known_until: int | None) -> None:
        """Names a source's rows by its name: those known at a time, or all; times are UTC without a zone."""
        ...

    def give(self, name: str, rows: pa.Table) -> None:
        """Names rows."""
        ...

    def keep(self, name: str, query: str) -> None:
        """Names the rows of a query, computed once."""
        ...

    def fetch(self, query: str) -> pa.Table:
        """The rows of a query."""
        ...

    def is_overflow(self, error: Exception) -> bool:
        """Whether an error says that a whole number left its 64 bits."""
        ...


def published_files(
    inputs: Mapping[str, Any], bucket: str, storage: Storage, sources: Sequence[Source]
) -> dict[str, tuple[CuratedFile, ...]]:
    """The files of every source that a training set reads, in order of day; of a static table its newest unit.

    Args:
        inputs: ``TrainingSetInputs``.
        bucket: of the units' manifests.
        storage: holds them.
        sources: of the program.
    """
    found = {}
    for source in sources:
        units = [unit for unit in inputs["units"] if unit["source"] == source.name]
        newest = max((unit["unit"] for unit in units), default=None)
        read = [unit for unit in units if source.kind == "events" or unit["unit"] == newest]
        manifests = [json.loads(storage.read_bytes(f"s3://{bucket}/{unit['manifest']}")) for unit in read]
        files = [_curated_file(bucket, file) for manifest in manifests for file in manifest["files"]]
        found[source.name] = tuple(sorted(files, key=lambda file: (file.day, file.uri)))
    return found


def slot_of(inputs: Mapping[str, Any]) -> int:
    """UTC microseconds of the slot up to which sources were published."""
    return slot_microseconds(inputs["slot"])


def files_of(job: AuditJob, source: Source) -> tuple[CuratedFile, ...]:
    """The published files of a source.

    Raises:
        JobError: ``NO_ROWS``.
    """
    files = job.sources.get(source.name, ())
    if not files:
        message = f"no published partition of {source.name} is at hand"
        raise JobError("NO_ROWS", message, "run the pipeline once, so that its sources are ingested")
    return files


def _curated_file(bucket: str, file: Mapping[str, Any]) -> CuratedFile:
    return CuratedFile(
        uri=f"s3://{bucket}/{file['key']}",
        day=date.fromisoformat(file["day"]).toordinal() - _EPOCH_ORDINAL,
        size=file["size"],
        rows=file["rows"],
        sha256=file["sha256"],
    )
