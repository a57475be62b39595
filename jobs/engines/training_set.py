"""What the engines share of building a training set: what they are given, what they give back, how rows are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

import pyarrow as pa
from core.distribution import Histogram, merged
from core.split import MICROSECONDS_PER_DAY, Boundaries, TimeCounts
from core.training_rows import feature_histograms, part_summary, parts_by_day

from engines.parquet_writer import write_table

if TYPE_CHECKING:
    from core.feature_program import FeatureView, TrainingSetProgram

    from engines.storage import Storage

ENGINE_TIME_OF_DAY = f"CAST({MICROSECONDS_PER_DAY} AS DOUBLE)"
"""Divides microseconds into days without integer division, which engines spell and round differently."""


@dataclass(frozen=True)
class CuratedFile:
    """A published file of the source: ``day`` is the UTC day, since the epoch, of its rows' event times."""

    uri: str
    day: int
    size: int
    rows: int


@dataclass(frozen=True)
class TrainingSetJob:
    """One training set to build; ``slot`` in UTC microseconds, ``output`` the URI below which its splits go."""

    program: TrainingSetProgram
    engine: Literal["spark", "duckdb"]
    slot: int
    files: tuple[CuratedFile, ...]
    output: str

    def labels_sql(self) -> str:
        """SELECT of the labels that take part: made within the history and known at the slot."""
        labels = self.program.labels[self.engine]
        return (
            f"SELECT * FROM ({labels}) AS made_labels WHERE label IS NOT NULL AND known_time <= {self.slot} "
            f"AND label_time >= {self.slot - self.program.history} AND label_time < {self.slot}"
        )

    def events_sql(self, view: FeatureView, labels_from: int, labels_before: int) -> str:
        """SELECT of a view's events that can count at a label time in ``[labels_from, labels_before)``."""
        columns = ["event_time", "known_time", *(["row_key"] if view.corrects else [])]
        columns += [self.identifier(name) for name in (*view.event_keys, *view.event_columns)]
        after = "" if view.lookback is None else f"AND event_time > {labels_from - view.lookback} "
        return (
            f"SELECT {', '.join(columns)} FROM ({view.events[self.engine]}) AS view_events "
            f"WHERE event_time < {labels_before} AND known_time < {labels_before} {after}"
        ).strip()

    def changed_facts_sql(self, view: FeatureView) -> str:
        """SELECT of one row key whose versions differ in entity or event time: a data error that must be told."""
        fixed = ["event_time", *(self.identifier(name) for name in view.event_keys)]
        differ = [f"min({name}) <> max({name}) OR count({name}) NOT IN (0, count(*))" for name in fixed]
        return (
            f"SELECT row_key FROM ({view.events[self.engine]}) AS view_events WHERE row_key IS NOT NULL "
            f"GROUP BY row_key HAVING {' OR '.join(differ)} LIMIT 1"
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


class TrainingSetEngine(Protocol):
    """An engine with the source and the labels of one job at hand."""

    def label_days(self) -> TimeCounts:
        """Labels per UTC day of their label time."""
        ...

    def label_times(self, day: int) -> TimeCounts:
        """Labels per label time within a day."""
        ...

    def write(self, boundaries: Boundaries) -> WrittenParts:
        """Computes every view and writes the parts of the set."""
        ...


def write_rows(storage: Storage, job: TrainingSetJob, rows: pa.Table, boundaries: Boundaries) -> WrittenParts:
    """Writes ordered rows, whole days of a split each, as one file a part; train rows are counted by feature."""
    written = WrittenParts()
    train: list[pa.Table] = []
    for part in parts_by_day(rows, job.program, boundaries):
        record = part_summary(part)
        uri = f"{job.output}{part.split}/day={part.day}/part.parquet"
        file = write_table(storage, uri, part.rows).to_json() if part.rows.num_rows else None
        written.records.append({**record, "file": file})
        if part.split == "train":
            train.append(part.rows)
    if train:
        written.histograms = feature_histograms(pa.concat_tables(train), job.program.features)
    return written
