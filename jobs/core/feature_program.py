"""The training-set program as typed data: what ``lib/contracts/job-program.ts`` describes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

Engine = Literal["spark", "duckdb"]
AggregateKind = Literal[
    "count",
    "count-distinct",
    "sum",
    "mean",
    "share",
    "variance",
    "min",
    "max",
    "first",
    "last",
    "last-n",
    "quantile",
    "latest",
]
WindowEnd = Literal["open", "closed"]


@dataclass(frozen=True)
class FeatureColumn:
    """An output column: ``window`` indexes the windows, None for ``latest``; ``position`` of ``last-n`` from 1."""

    name: str
    window: int | None
    position: int | None = None


@dataclass(frozen=True)
class Aggregate:
    """One value of a view.

    Attributes:
        name: for people; the columns have names of their own.
        kind: what is computed.
        value: the operand's column, None only where a ``count`` counts all rows.
        columns: what it adds to the set, in order.
        scale: the operand counts units of ``10 ** -scale``.
        quantile: the fraction in [0, 1] of a ``quantile``, exact.
        default: what stands where there is no value.
    """

    name: str
    kind: AggregateKind
    value: str | None
    columns: tuple[FeatureColumn, ...]
    scale: int = 0
    quantile: Fraction | None = None
    default: float | None = None


@dataclass(frozen=True)
class Window:
    """The window ``(t - microseconds, t]``, or with other ends or a hop as ``WindowProgram`` describes it."""

    suffix: str
    microseconds: int
    hop: int | None = None
    start: WindowEnd = "open"
    end: WindowEnd = "closed"

    @property
    def lookback(self) -> int:
        """How long before a label time events can count, in microseconds: an event is later than that."""
        return self.microseconds + (self.hop or 0) + (1 if self.start == "closed" else 0)


@dataclass(frozen=True)
class JoinKey:
    """A column of the events and the column of the labels that it equals."""

    event: str
    label: str


@dataclass(frozen=True)
class OperandColumn:
    """A column of the events that aggregates read."""

    name: str
    type: Literal["integer", "double", "text"]


@dataclass(frozen=True)
class FeatureView:
    """Aggregates over one entity's events; ``ttl`` of latest values in microseconds, None: no end.

    ``content`` orders rows of equal times; ``timeless``: a static table, whose rows are known at every time.
    """

    name: str
    version: str
    source: str
    entity: tuple[JoinKey, ...]
    events: Mapping[str, str]
    timeless: bool
    corrects: bool
    operands: tuple[OperandColumn, ...]
    content: tuple[str, ...]
    windows: tuple[Window, ...]
    ttl: int | None
    aggregates: tuple[Aggregate, ...]

    @property
    def event_keys(self) -> tuple[str, ...]:
        """Entity columns of the events."""
        return tuple(each.event for each in self.entity)

    @property
    def label_keys(self) -> tuple[str, ...]:
        """Entity columns of the labels, in the order of :attr:`event_keys`."""
        return tuple(each.label for each in self.entity)

    @property
    def event_columns(self) -> tuple[str, ...]:
        """Columns of the events beside entity, times and row key, each once."""
        return tuple(dict.fromkeys((*(each.name for each in self.operands), *self.content)))

    @property
    def has_latest(self) -> bool:
        """Whether a latest value is asked for."""
        return any(each.kind == "latest" for each in self.aggregates)

    @property
    def lookback(self) -> int | None:
        """How long before a label time events can count, in microseconds; None: from the beginning."""
        if self.timeless or (self.has_latest and self.ttl is None):
            return None
        return max([0, *(each.lookback for each in self.windows), *([self.ttl or 0] if self.has_latest else [])])

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that the view adds, in order: aggregate by aggregate, each over its windows."""
        return tuple(column.name for each in self.aggregates for column in each.columns)


@dataclass(frozen=True)
class SplitShares:
    """Shares of the rows, exact: in order of label time, or of the entities where ``entity`` names label columns.

    Attributes:
        train: of the rows or entities.
        validation: of the rows or entities.
        test: of the rows or entities.
        embargo: of a split by time, microseconds; 0 of one by entity.
        entity: columns whose equal values go to one part; None: split by time.
    """

    train: Fraction
    validation: Fraction
    test: Fraction
    embargo: int
    entity: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Source:
    """A source that is read; rows of a ``static`` one have no times.

    ``lookback``: how far before a label time rows are read, in microseconds; None: from the beginning.
    """

    name: str
    kind: Literal["events", "static"]
    columns: tuple[str, ...]
    lookback: int | None


@dataclass(frozen=True)
class Derived:
    """A feature computed of features before it: an expression tree as ``lib/contracts/expression.ts`` describes it."""

    name: str
    expression: Mapping[str, Any]


@dataclass(frozen=True)
class EntityColumn:
    """A column that tells whom a row is of: int64 or text, of one type in labels and events."""

    name: str
    type: Literal["integer", "text"]


@dataclass(frozen=True)
class TrainingSetProgram:
    """Labels, views and split of one pipeline.

    ``labels_by_row``: each row of the label's source gives its label by itself.
    """

    pipeline: str
    sources: tuple[Source, ...]
    labels: Mapping[str, str]
    entity_columns: tuple[EntityColumn, ...]
    label_features: tuple[str, ...]
    views: tuple[FeatureView, ...]
    derived: tuple[Derived, ...]
    features: tuple[str, ...]
    history: int
    split: SplitShares
    labels_by_row: bool = False

    @property
    def lookback(self) -> int | None:
        """Longest lookback of a view in microseconds; None: some view reads from the beginning."""
        lookbacks = [view.lookback for view in self.views if not view.timeless]
        return None if None in lookbacks else max((each for each in lookbacks if each is not None), default=0)

    @property
    def entity_names(self) -> tuple[str, ...]:
        """Names of the entity columns: those that views join, and those that a split keeps together."""
        return tuple(column.name for column in self.entity_columns)

    @property
    def label_keys(self) -> tuple[str, ...]:
        """Text and number columns of ``labels`` beside time, known time and label: what identifies a row's content."""
        return tuple(dict.fromkeys((*self.entity_names, *self.label_features)))
