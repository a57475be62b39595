"""What the engines share of building a training set: what they are given, what they give back, how rows are written."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, Protocol

from core.distribution import Histogram, merged
from core.job_error import JobError
from core.split import MICROSECONDS_PER_DAY, Boundaries, TimeCounts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from core.feature_program import FeatureView, TrainingSetProgram

_MERGED_AT_ONCE = 64
"""Parts whose histograms are in memory at a time."""

ENGINE_TIME_OF_DAY = f"CAST({MICROSECONDS_PER_DAY} AS DOUBLE)"
"""Divides microseconds into days without integer division, which engines spell and round differently."""


@dataclass(frozen=True, slots=True)
class CuratedFile:
    """A published file of the source: ``day`` is the UTC day, since the epoch, of its rows' event times."""

    uri: str
    day: int
    size: int
    rows: int
    sha256: str


@dataclass(frozen=True)
class SourceFiles:
    """What the set reads of one source.

    Attributes:
        name: as the statements call it.
        static: whether its rows have no times.
        columns: that the statements may read, without ``known_time``.
        files: in reach of the slot, by day; of a static table its newest unit, whole.
        sample: a file in reach, or where there is none any file of the source: it tells the columns.
        bytes_present: size of all its published files that the slot's inputs list.
        surveyed: files that were opened to see on which days their labels lie.
    """

    name: str
    static: bool
    columns: tuple[str, ...]
    files: tuple[CuratedFile, ...]
    sample: CuratedFile
    bytes_present: int
    surveyed: tuple[CuratedFile, ...] = ()

    @property
    def bytes_read(self) -> int:
        """Size of the files that are opened."""
        return sum(file.size for file in {*self.files, *self.surveyed})

    def between(self, first_day: int | None, last_day: int) -> tuple[CuratedFile, ...]:
        """Files with event times on the days ``[first_day, last_day]``; None: from the beginning."""
        if self.static:
            return self.files
        start = 0 if first_day is None else bisect_left(self.files, first_day, key=_day)
        return self.files[start : bisect_right(self.files, last_day, key=_day)]


@dataclass(frozen=True)
class TrainingSetJob:
    """One training set to build; ``slot`` in UTC microseconds, ``output`` the URI below which its splits go.

    ``sources``: every source that is read, by name; the label's is the first. ``days``: the label days, ascending,
    that are computed; None: all of the history. ``kept``: where whole days of these are kept for other sets, as URI
    prefixes by ISO day.
    """

    program: TrainingSetProgram
    engine: Literal["spark", "duckdb"]
    slot: int
    sources: Mapping[str, SourceFiles]
    output: str
    days: tuple[int, ...] | None = None
    kept: Mapping[str, str] = field(default_factory=dict)

    @property
    def labels_from(self) -> int:
        """First label time that can take part, UTC microseconds."""
        first = self.slot - self.program.history
        return max(first, self.days[0] * MICROSECONDS_PER_DAY) if self.days else first

    @property
    def labels_before(self) -> int:
        """First label time that is too late, UTC microseconds."""
        return min(self.slot, (self.days[-1] + 1) * MICROSECONDS_PER_DAY) if self.days else self.slot

    @property
    def label_source(self) -> SourceFiles:
        """The source that the labels are selected from."""
        return self.sources[self.program.sources[0].name]

    def labels_sql(self) -> str:
        """SELECT of the labels that take part: made within the history, on the days, and known at the slot."""
        labels = self.program.labels[self.engine]
        return (
            f"SELECT * FROM ({labels}) AS made_labels WHERE label IS NOT NULL AND known_time <= {self.slot} "
            f"AND label_time >= {self.labels_from} AND label_time < {self.labels_before}{self._on_days()}"
        )

    def _on_days(self) -> str:
        runs = consecutive(self.days or ())
        if len(runs) < 2:
            return ""
        times = [(first * MICROSECONDS_PER_DAY, (last + 1) * MICROSECONDS_PER_DAY) for first, last in runs]
        within = " OR ".join(f"label_time >= {first} AND label_time < {before}" for first, before in times)
        return f" AND ({within})"

    def events_sql(self, view: FeatureView, labels_from: int, labels_before: int) -> str:
        """SELECT of a view's events that can count at a label time in ``[labels_from, labels_before)``."""
        times = [] if view.timeless else ["event_time", "known_time"]
        columns = [*times, *(["row_key"] if view.corrects else [])]
        columns += [self.identifier(name) for name in (*view.event_keys, *view.event_columns)]
        selected = f"SELECT {', '.join(columns)} FROM ({view.events[self.engine]}) AS view_events"
        if view.timeless:
            return selected
        after = "" if view.lookback is None else f" AND event_time > {labels_from - view.lookback}"
        return f"{selected} WHERE event_time < {labels_before} AND known_time < {labels_before}{after}"

    def changed_facts_sql(self, view: FeatureView) -> str:
        """SELECT of one row key whose versions differ in entity or event time: a data error that must be told."""
        fixed = ["event_time", *(self.identifier(name) for name in view.event_keys)]
        differ = [f"min({name}) <> max({name}) OR count({name}) NOT IN (0, count(*))" for name in fixed]
        return (
            f"SELECT row_key FROM ({view.events[self.engine]}) AS view_events WHERE row_key IS NOT NULL "
            f"GROUP BY row_key HAVING {' OR '.join(differ)} LIMIT 1"
        )

    def repeated_key_sql(self, view: FeatureView) -> str:
        """SELECT of one key that a static table has twice: no row of it could be told to be the right one."""
        keys = ", ".join(self.identifier(name) for name in view.event_keys)
        present = " AND ".join(f"{self.identifier(name)} IS NOT NULL" for name in view.event_keys)
        return (
            f"SELECT {keys} FROM ({view.events[self.engine]}) AS view_events WHERE {present} "
            f"GROUP BY {keys} HAVING count(*) > 1 LIMIT 1"
        )

    def identifier(self, name: str) -> str:
        """A name as the engine quotes it."""
        quote = "`" if self.engine == "spark" else '"'
        return f"{quote}{name.replace(quote, 2 * quote)}{quote}"


@dataclass
class WrittenParts:
    """What was written: a record per part (its summary, and ``file`` as DataFile or None), a histogram per feature."""

    records: list[dict[str, Any]] = field(default_factory=list)
    histograms: list[Histogram] = field(default_factory=list)

    def add(self, other: WrittenParts) -> None:
        """Takes in what another task wrote."""
        self.records += other.records
        if not self.histograms:
            self.histograms = other.histograms
        elif other.histograms:
            pairs = zip(self.histograms, other.histograms, strict=True)
            self.histograms = [merged(pair) for pair in pairs]


def collected(parts: Iterable[WrittenParts]) -> WrittenParts:
    """What several tasks wrote, as one."""
    whole = WrittenParts()
    remaining = iter(parts)
    while some := list(islice(remaining, _MERGED_AT_ONCE)):
        whole.records += [record for each in some for record in each.records]
        counted = [each.histograms for each in (whole, *some) if each.histograms]
        whole.histograms = [merged(of_feature) for of_feature in zip(*counted, strict=True)]
    return whole


def consecutive(days: Sequence[int]) -> list[tuple[int, int]]:
    """First and last day of each run of ascending days without a gap.

    >>> consecutive([3, 4, 7])
    [(3, 4), (7, 7)]
    """
    firsts = [day for day, before in zip(days, [None, *days], strict=False) if before is None or day != before + 1]
    lasts = [day for day, after in zip(days, [*days[1:], None], strict=False) if after is None or day != after - 1]
    return list(zip(firsts, lasts, strict=True))


class TrainingSetEngine(Protocol):
    """An engine with the source and the labels of one job at hand."""

    def label_days(self) -> TimeCounts:
        """Labels per UTC day of their label time."""
        ...

    def label_times(self, day: int) -> TimeCounts:
        """Labels per label time within a day."""
        ...

    def write(self, boundaries: Boundaries | None) -> WrittenParts:
        """Computes every view and writes the parts of the set; without boundaries it is split by entity."""
        ...


def check_facts(job: TrainingSetJob, first_row: Callable[[str], Sequence[Any] | None]) -> None:
    """Whether facts keep entity and event time, and static tables have one row a key.

    Args:
        job: the set.
        first_row: gives the first row of a SELECT, None where there is none.

    Raises:
        JobError: ``ROW_KEY_CHANGED``, ``STATIC_KEY_REPEATED``.
    """
    for view in job.program.views:
        changed = first_row(job.changed_facts_sql(view)) if view.corrects else None
        if changed:
            message = f"versions of row key {changed[0]!r} differ in entity or event time (view {view.name})"
            raise JobError("ROW_KEY_CHANGED", message, "quarantine such rows by a row rule of the source")
        repeated = first_row(job.repeated_key_sql(view)) if view.timeless else None
        if repeated:
            key = ", ".join(f"{name} = {value!r}" for name, value in zip(view.event_keys, repeated, strict=True))
            message = f"two rows of {view.source} have the key {key} (view {view.name})"
            raise JobError("STATIC_KEY_REPEATED", message, "keep one row a key in the newest unit of the table")


def _day(file: CuratedFile) -> int:
    return file.day
