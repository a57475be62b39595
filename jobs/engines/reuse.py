"""Which label days of a set were computed before, with exactly the rows that they would have now.

The rows of a label day are a function of the program, the code, the files that hold its labels and the files in each
view's reach of it; a digest of these is the key that the day is kept under. The slot has no part in it: a day counts
only where all its labels in these files were known by then, so that no later slot sees others.
"""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from core.split import MICROSECONDS_PER_DAY
from core.training_rows import iso_day

from engines.kept_days import KeptDay, find_day
from engines.label_days import CALLS, find_label_days

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.feature_program import FeatureView

    from engines.label_days import LabelDays, SurveyFiles
    from engines.storage import Storage
    from engines.training_set import CuratedFile, SourceFiles, TrainingSetJob


@dataclass(frozen=True)
class Reuse:
    """What is left to compute, as a job of its own, and by label day what was computed before."""

    job: TrainingSetJob
    days: Mapping[int, KeptDay]

    @property
    def rows(self) -> int:
        """Number of rows that were computed before."""
        return sum(day.rows for day in self.days.values())


def rows_digest(program: Mapping[str, Any], code: str) -> str:
    """Digest of what the rows of any label day depend on beside files: program (but for slots and splits), code."""
    meaning = {name: program[name] for name in program if name not in ("pipeline", "historyMicroseconds", "split")}
    return _digest([meaning, code])


def plan_reuse(storage: Storage, job: TrainingSetJob, rows: str, prefix: str, survey: SurveyFiles) -> Reuse:
    """Finds the days that are kept, and narrows the job to the others and to the files in their reach.

    Args:
        storage: where days are kept.
        job: the whole set, split by time, of labels that each come from one row.
        rows: from :func:`rows_digest`.
        prefix: URI below which the pipeline's days are kept, ends in ``/``.
        survey: opens files of the labels.
    """
    labels = find_label_days(storage, job, f"{prefix}surveys/", rows, survey)
    from_day, to_day = (job.slot - job.program.history) // MICROSECONDS_PER_DAY, (job.slot - 1) // MICROSECONDS_PER_DAY
    known = {day: until for day, until in sorted(labels.known_until().items()) if from_day <= day <= to_day}
    keys = _Keys(job, rows, labels)
    prefixes = {day: f"{prefix}{keys.of(day)}/" for day, until in known.items() if _is_settled(job, day, until)}
    with ThreadPoolExecutor(CALLS) as pool:
        found = zip(prefixes, pool.map(lambda place: find_day(storage, place), prefixes.values()), strict=True)
        kept = {day: _in_history(storage, job, day, each) for day, each in found if each is not None}
    computed = tuple(day for day in known if day not in kept)
    places = {iso_day(day): prefixes[day] for day in computed if day in prefixes and _begins_in_history(job, day)}
    sources = {name: _narrowed(job, source, computed, labels) for name, source in job.sources.items()}
    days = {day: each for day, each in kept.items() if each.rows}
    return Reuse(replace(job, sources=sources, days=computed, kept=places), days)


def _is_settled(job: TrainingSetJob, day: int, known_until: int) -> bool:
    """Whether a day is over and no later slot knows more of its labels from the same files."""
    return (day + 1) * MICROSECONDS_PER_DAY <= job.slot and known_until <= job.slot


def _begins_in_history(job: TrainingSetJob, day: int) -> bool:
    return job.slot - job.program.history <= day * MICROSECONDS_PER_DAY


def _in_history(storage: Storage, job: TrainingSetJob, day: int, kept: KeptDay) -> KeptDay:
    """What the set takes of a kept day: the history may begin within it."""
    return kept if _begins_in_history(job, day) else kept.starting(storage, job.slot - job.program.history)


class _Keys:
    """Keys of label days."""

    def __init__(self, job: TrainingSetJob, rows: str, labels: LabelDays) -> None:
        self._job = job
        self._rows = rows
        self._labels = labels
        self._reached: dict[tuple[str, int | None, int], str] = {}

    def of(self, day: int) -> str:
        """Digest of everything that the rows of a settled day depend on."""
        views = [self._reach(view, day) for view in self._job.program.views]
        return _digest([self._rows, _contents(self._labels.holding(day)), views])

    def _reach(self, view: FeatureView, day: int) -> str:
        """Digest of a view's files in reach of a day, found once for views that reach as far."""
        place = (view.source, first_event_day(view, day), day)
        if place not in self._reached:
            files = self._job.sources[view.source].between(place[1], day)
            self._reached[place] = _digest(_contents(files))
        return self._reached[place]


def first_event_day(view: FeatureView, day: int) -> int | None:
    """First day of event times that a view reaches from a label day; None: from the beginning."""
    return None if view.lookback is None else (day * MICROSECONDS_PER_DAY - view.lookback) // MICROSECONDS_PER_DAY


def _narrowed(job: TrainingSetJob, source: SourceFiles, days: Sequence[int], labels: LabelDays) -> SourceFiles:
    """A source with only the files that the days need."""
    needed: set[CuratedFile] = set()
    is_labels = source.name == job.label_source.name
    views = {view.lookback: view for view in job.program.views if view.source == source.name}.values()
    for day in days:
        needed.update(labels.holding(day) if is_labels else ())
        for view in views:
            needed.update(source.between(first_event_day(view, day), day))
    files = tuple(file for file in source.files if file in needed)
    return replace(source, files=files, surveyed=labels.opened if is_labels else ())


def _contents(files: Sequence[CuratedFile]) -> list[str]:
    return sorted(file.sha256 for file in files)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
