"""The published files that a training set reads: of each source those in reach of the slot, by day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from core.job_error import JobError
from core.split import MICROSECONDS_PER_DAY

from engines.training_set import CuratedFile, SourceFiles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.feature_program import Source, TrainingSetProgram

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


def files_in_reach(
    program: TrainingSetProgram, manifests: Iterable[tuple[str, dict[str, Any]]], bucket: str, slot: int
) -> dict[str, SourceFiles]:
    """Picks the files of every source.

    Args:
        program: of the set.
        manifests: source and manifest of each published unit that the slot reaches; one is held at a time.
        bucket: that keys are relative to.
        slot: UTC microseconds.

    Raises:
        JobError: ``NO_ROWS``, which names the source.
    """
    published = {source.name: _Published() for source in program.sources}
    for source, manifest in manifests:
        published[source].add(manifest, bucket)
    first_label = slot - program.history
    found = {source.name: _source_files(source, published[source.name], first_label) for source in program.sources}
    labels = found[program.sources[0].name]
    if not labels.files:
        raise _no_rows(labels.name)
    return found


@dataclass
class _Published:
    """What is published of a source: its files, each with its unit, and the newest unit, which may have none."""

    files: list[tuple[str, CuratedFile]] = field(default_factory=list)
    newest: str = ""

    def add(self, manifest: dict[str, Any], bucket: str) -> None:
        """Adds a unit."""
        self.newest = max(self.newest, manifest["unit"])
        self.files += [(manifest["unit"], _curated_file(file, bucket)) for file in manifest["files"]]


def _source_files(source: Source, published: _Published, first_label: int) -> SourceFiles:
    """Picks the published files that a label from ``first_label`` on reaches; of a static table its newest unit."""
    files = published.files
    if not files:
        raise _no_rows(source.name)
    if source.kind == "static":
        reached = [file for unit, file in files if unit == published.newest]
    else:
        first = None if source.lookback is None else (first_label - source.lookback) // MICROSECONDS_PER_DAY
        reached = [file for _, file in files if first is None or file.day >= first]
    return SourceFiles(
        name=source.name,
        static=source.kind == "static",
        columns=source.columns,
        files=tuple(sorted(reached, key=lambda file: (file.day, file.uri))),
        sample=(reached or [file for _, file in files])[0],
        bytes_present=sum(file.size for _, file in files),
    )


def _curated_file(file: dict[str, Any], bucket: str) -> CuratedFile:
    day = date.fromisoformat(file["day"]).toordinal() - _EPOCH_ORDINAL
    return CuratedFile(f"s3://{bucket}/{file['key']}", day, file["size"], file["rows"], file["sha256"])


def _no_rows(source: str) -> JobError:
    return JobError(
        "NO_ROWS",
        f"no published partition of {source} lies in reach of the slot",
        "land days before the slot, or run a slot that has some",
    )
