"""On which days the labels of a file lie, whatever the slot: found out once per file, and kept."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engines.kept_days import read_record
from engines.training_set import ENGINE_TIME_OF_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engines.storage import Storage
    from engines.training_set import CuratedFile, TrainingSetJob

    KnownUntil = Mapping[int, int]
    """By label day since the epoch: when the last of its labels became known, UTC microseconds."""
    SurveyFiles = Callable[[TrainingSetJob, Sequence[CuratedFile]], Sequence[KnownUntil]]

ANY_SLOT = 1 << 62
"""A slot, UTC microseconds, at which everything is known."""

LABEL_DAY = f"CAST(floor(label_time / {ENGINE_TIME_OF_DAY}) AS BIGINT)"
"""SQL of the UTC day of a label."""

IS_LABEL = "label IS NOT NULL AND label_time IS NOT NULL"
"""SQL of what makes a row of the labels' statement a label of some set."""

CALLS = 16
"""How many objects are asked for at a time."""


@dataclass(frozen=True)
class LabelDays:
    """The label days of each file of the labels' source, and which files had to be opened to find out."""

    files: tuple[tuple[CuratedFile, KnownUntil], ...]
    opened: tuple[CuratedFile, ...]

    def holding(self, day: int) -> tuple[CuratedFile, ...]:
        """Files that hold labels of a day."""
        return tuple(file for file, days in self.files if day in days)

    def known_until(self) -> dict[int, int]:
        """By label day: when the last of its labels became known."""
        latest: dict[int, int] = {}
        for _, days in self.files:
            for day, known in days.items():
                latest[day] = max(known, latest.get(day, known))
        return latest


def find_label_days(storage: Storage, job: TrainingSetJob, prefix: str, rows: str, survey: SurveyFiles) -> LabelDays:
    """Reads what is kept of each file, and opens the others.

    Args:
        storage: where findings are kept.
        job: the set.
        prefix: URI below which they are kept.
        rows: digest of what labels depend on beside files.
        survey: opens files.
    """
    files = job.label_source.files
    uris = [f"{prefix}{_digest(rows, file.sha256)}.json" for file in files]
    with ThreadPoolExecutor(CALLS) as pool:
        records = list(pool.map(lambda uri: read_record(storage, uri), uris))
        known = {uri: dict(record["days"]) for uri, record in zip(uris, records, strict=True) if record is not None}
        missing = {uri: file for uri, file in zip(uris, files, strict=True) if uri not in known}
        opened = tuple(missing.values())
        found = dict(zip(missing, survey(job, opened), strict=True)) if opened else {}
        list(pool.map(lambda uri: storage.write_bytes(uri, _record(found[uri])), found))
    days = {**known, **found}
    return LabelDays(tuple((file, days[uri]) for uri, file in zip(uris, files, strict=True)), opened)


def _record(days: KnownUntil) -> bytes:
    return json.dumps({"version": 1, "days": list(days.items())}, separators=(",", ":")).encode()


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
