"""How a training set is cut to fit into memory: slices of label days, and views that go by hash partitions instead.

A slice reads its labels and, of every view, the events that its lookback reaches. Where slices would read the rows of a
view more than ``MOST_READS`` times on average, because it looks back without end or far beyond a slice, its labels and
events are partitioned by the hash of their entity: both are then read once, written and read back at most once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from core.split import MICROSECONDS_PER_DAY, TimeCounts

from engines.view_groups import ViewGroup, view_groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.feature_program import FeatureView
    from numpy.typing import NDArray

    from engines.training_set import SourceFiles, TrainingSetJob

MOST_READS = 3
LEAST_SLICE_BYTES = 64 << 20
MOST_PARTITIONS = 4_096

# What a row takes while it is computed, above its columns: codes, orders, ranges and sums of the kernel.
_EVENT_BYTES = 160
_LABEL_BYTES = 160
_COLUMN_BYTES = 16


@dataclass(frozen=True)
class Slice:
    """Label days ``[first_day, last_day]`` since the epoch."""

    first_day: int
    last_day: int

    @property
    def labels_from(self) -> int:
        """First label time, UTC microseconds."""
        return self.first_day * MICROSECONDS_PER_DAY

    @property
    def labels_before(self) -> int:
        """First label time after the slice, UTC microseconds."""
        return (self.last_day + 1) * MICROSECONDS_PER_DAY

    def first_event_day(self, view: FeatureView) -> int | None:
        """First day of event times that the view reaches; None: from the beginning."""
        return None if view.lookback is None else (self.labels_from - view.lookback) // MICROSECONDS_PER_DAY


@dataclass(frozen=True)
class Cut:
    """The slices, the groups of views that are computed in them, and those that are computed by partitions."""

    slices: tuple[Slice, ...]
    sliced: tuple[ViewGroup, ...]
    partitioned: tuple[ViewGroup, ...]


@dataclass(frozen=True)
class Sizes:
    """What there is room for.

    Attributes:
        bytes: that a slice or a partition may take.
        threads: how many are computed at a time.
        most_reads: how often slices may read a row on average.
        held_labels: bytes of labels that may be held while they are computed.
    """

    bytes: int
    threads: int
    most_reads: float = MOST_READS
    held_labels: int = 0


def cut_set(job: TrainingSetJob, days: TimeCounts, sizes: Sizes) -> Cut:
    """Finds slices and strategy; what it finds never shows in the rows of the set."""
    sliced = list(job.program.views)
    while True:
        reaches = [_Reach(job.sources[view.source], view, days) for view in sliced]
        slices = tuple(_slices(job, days, reaches, sizes))
        often = {each.view.name for each in reaches if each.reads(slices, days) > sizes.most_reads}
        if not often:
            break
        sliced = [view for view in sliced if view.name not in often]
    kept = {view.name for view in sliced}
    partitioned = (view for view in job.program.views if view.name not in kept)
    return Cut(slices, view_groups(sliced), view_groups(partitioned))


def partition_count(job: TrainingSetJob, group: ViewGroup, labels: int, sizes: Sizes) -> int:
    """How many hash partitions a group needs so that one fits: at least one a thread."""
    needed = labels * (_LABEL_BYTES + _COLUMN_BYTES * (len(group.label_keys) + len(group.columns)))
    for view in group.views:
        needed += sum(file.rows for file in job.sources[view.source].files) * _event_bytes(view)
    return int(np.clip(-(-needed // sizes.bytes), sizes.threads, MOST_PARTITIONS))


class _Reach:
    """How many rows of a view's source label days read."""

    def __init__(self, source: SourceFiles, view: FeatureView, days: TimeCounts) -> None:
        self.view = view
        self.rows = sum(file.rows for file in source.files)
        file_days = np.array([file.day for file in source.files], dtype=np.int64)
        until = np.concatenate(([0], np.cumsum([file.rows for file in source.files], dtype=np.int64)))
        # Rows up to each label day, and those before what it looks back to, both (n_days,).
        self.through = until[np.searchsorted(file_days, days.times, side="right")]
        self.before = np.zeros_like(self.through)
        if view.timeless:
            self.through = np.full_like(self.through, self.rows)
        elif view.lookback is not None:
            first = (days.times * MICROSECONDS_PER_DAY - view.lookback) // MICROSECONDS_PER_DAY
            self.before = until[np.searchsorted(file_days, first)]

    def reads(self, slices: Sequence[Slice], days: TimeCounts) -> float:
        """How often slices read a row of the source on average; a static table may always be read again."""
        if self.view.timeless or not self.rows:
            return 0
        first = np.searchsorted(days.times, [each.first_day for each in slices])
        last = np.searchsorted(days.times, [each.last_day for each in slices])
        return float((self.through[last] - self.before[first]).sum()) / self.rows


def _slices(job: TrainingSetJob, days: TimeCounts, reaches: Sequence[_Reach], sizes: Sizes) -> Iterator[Slice]:
    """Takes label days, in order, into a slice until it is full; a slice has a whole number of days, at least one."""
    if not days.total:
        return
    label_bytes = days.rows * _label_row_bytes(job)
    events = {each.view.name: each for each in reaches}
    groups = [[events[view.name] for view in group.views] for group in view_groups(each.view for each in reaches)]
    through = [_total(group, "through") for group in groups]
    before = [_total(group, "before") for group in groups]
    total = int(label_bytes.sum()) + max((int(each[-1]) for each in through), default=0)
    limit = min(sizes.bytes, max(total // (2 * sizes.threads), LEAST_SLICE_BYTES))
    start, labels = 0, 0
    for index, needed in enumerate(label_bytes.tolist()):
        held = max((int(upto[index] - past[start]) for upto, past in zip(through, before, strict=True)), default=0)
        if index > start and labels + needed + held > limit:
            yield Slice(int(days.times[start]), int(days.times[index - 1]))
            start, labels = index, 0
        labels += needed
    yield Slice(int(days.times[start]), int(days.times[-1]))


def _total(group: Sequence[_Reach], which: str) -> NDArray[np.int64]:
    """Bytes of the rows of all views of a group, (n_days,)."""
    return np.sum([getattr(each, which) * _event_bytes(each.view) for each in group], axis=0)


def _event_bytes(view: FeatureView) -> int:
    return _EVENT_BYTES + _COLUMN_BYTES * (2 + len(view.event_keys) + len(view.event_columns))


def label_bytes(job: TrainingSetJob) -> int:
    """What a label takes as the statement gives it, its texts by guess."""
    return _COLUMN_BYTES * (3 + len(job.program.label_keys))


def _label_row_bytes(job: TrainingSetJob) -> int:
    program = job.program
    computed = sum(len(view.columns) for view in program.views) + len(program.derived)
    return _LABEL_BYTES + _COLUMN_BYTES * (3 + len(program.label_keys) + computed)
