"""The training-set program as typed data: the reader of what ``lib/contracts/job-program.ts`` describes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, get_args

from core.job_error import JobError

if TYPE_CHECKING:
    from collections.abc import Mapping

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
class EntityColumn:
    """A text column of the events and the text column of the labels that it equals."""

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
    entity: tuple[EntityColumn, ...]
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
class TrainingSetProgram:
    """Labels, views and split of one pipeline.

    ``labels_by_row``: each row of the label's source gives its label by itself.
    """

    pipeline: str
    sources: tuple[Source, ...]
    labels: Mapping[str, str]
    entity_columns: tuple[str, ...]
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
    def label_keys(self) -> tuple[str, ...]:
        """Text and number columns of ``labels`` beside time, known time and label: what identifies a row's content."""
        of_views = (column for view in self.views for column in view.label_keys)
        return tuple(dict.fromkeys((*self.entity_columns, *of_views, *self.label_features)))


def read_training_set_program(program: Mapping[str, Any]) -> TrainingSetProgram:
    """Reads a training-set program from its parsed JSON.

    Raises:
        JobError: ``PROGRAM_INVALID``: another kind or version, or features that no view or label column gives.
    """
    if (program.get("kind"), program.get("version")) != ("training-set", 2):
        message = f"expected a training-set program of version 2, got {program.get('kind')} {program.get('version')}"
        raise _invalid(message)
    read = TrainingSetProgram(
        pipeline=program["pipeline"],
        sources=tuple(_read_source(source) for source in program["sources"]),
        labels=program["labels"],
        entity_columns=tuple(program["entityColumns"]),
        label_features=tuple(program["labelFeatures"]),
        views=tuple(_read_view(view) for view in program["views"]),
        derived=tuple(Derived(each["name"], each["expression"]) for each in program["derived"]),
        features=tuple(program["features"]),
        history=int(program["historyMicroseconds"]),
        split=_read_split(program["split"]),
        labels_by_row=bool(program.get("labelsByRow", False)),
    )
    computed = (column for view in read.views for column in view.columns)
    known = {*read.label_features, *computed, *(each.name for each in read.derived)}
    unknown = [feature for feature in read.features if feature not in known]
    if unknown:
        message = f"no view and no label column gives the features {', '.join(unknown)}"
        raise _invalid(message)
    return read


def _invalid(message: str) -> JobError:
    return JobError("PROGRAM_INVALID", message, "render the programs again with the release that runs the job")


def _read_source(source: Mapping[str, Any]) -> Source:
    lookback = source["lookbackMicroseconds"]
    return Source(
        name=source["name"],
        kind=source["kind"],
        columns=tuple(column["name"] for column in source["columns"]),
        lookback=None if lookback is None else int(lookback),
    )


def _read_split(split: Mapping[str, Any]) -> SplitShares:
    by_entity = split["kind"] == "by-entity"
    return SplitShares(
        train=Fraction(str(split["train"])),
        validation=Fraction(str(split["validation"])),
        test=Fraction(str(split["test"])),
        embargo=0 if by_entity else int(split["embargoMicroseconds"]),
        entity=tuple(split["entity"]) if by_entity else None,
    )


def _read_view(view: Mapping[str, Any]) -> FeatureView:
    return FeatureView(
        name=view["name"],
        version=view["version"],
        source=view["source"],
        entity=tuple(EntityColumn(each["event"], each["label"]) for each in view["entity"]),
        events=view["events"],
        timeless=bool(view["timeless"]),
        corrects=bool(view["corrects"]),
        operands=tuple(OperandColumn(each["name"], each["type"]) for each in view["operands"]),
        content=tuple(view["content"]),
        windows=tuple(_read_window(each) for each in view["windows"]),
        ttl=None if view["ttl"] is None else int(view["ttl"]),
        aggregates=tuple(_read_aggregate(view["name"], each) for each in view["aggregates"]),
    )


def _read_window(window: Mapping[str, Any]) -> Window:
    hop = None if window["hop"] is None else int(window["hop"])
    return Window(window["suffix"], int(window["microseconds"]), hop, window["start"], window["end"])


def _read_aggregate(view: str, aggregate: Mapping[str, Any]) -> Aggregate:
    read = Aggregate(
        name=aggregate["name"],
        kind=aggregate["kind"],
        value=aggregate["value"],
        columns=tuple(FeatureColumn(each["name"], each["window"], each["position"]) for each in aggregate["columns"]),
        scale=int(aggregate["scale"]),
        quantile=None if aggregate["quantile"] is None else Fraction(aggregate["quantile"]),
        default=aggregate["default"],
    )
    if read.kind not in get_args(AggregateKind) or (read.kind != "count" and read.value is None):
        message = f"{view}.{read.name}: {read.kind} of {read.value} is not an aggregate"
        raise _invalid(message)
    return read
