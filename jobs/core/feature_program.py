"""The training-set program as typed data: the reader of what ``lib/contracts/job-program.ts`` describes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, get_args

from core.job_error import JobError

if TYPE_CHECKING:
    from collections.abc import Mapping

Engine = Literal["spark", "duckdb"]
AggregateKind = Literal["count", "sum", "mean", "share", "latest"]


@dataclass(frozen=True)
class Aggregate:
    """One value of a view; ``value`` names the operand's column, None only where a ``count`` counts all rows."""

    name: str
    kind: AggregateKind
    value: str | None


@dataclass(frozen=True)
class Window:
    """The window ``(t - microseconds, t]``; ``suffix`` ends the names of its columns."""

    suffix: str
    microseconds: int


@dataclass(frozen=True)
class FeatureView:
    """Aggregates over one entity's events; ``ttl`` of latest values in microseconds, None: no end."""

    name: str
    version: str
    entity: tuple[str, ...]
    events: Mapping[str, str]
    corrects: bool
    windows: tuple[Window, ...]
    ttl: int | None
    aggregates: tuple[Aggregate, ...]

    @property
    def operands(self) -> tuple[str, ...]:
        """Distinct operand columns, in order of first use."""
        return tuple(dict.fromkeys(each.value for each in self.aggregates if each.value is not None))

    @property
    def has_latest(self) -> bool:
        """Whether a latest value is asked for."""
        return any(each.kind == "latest" for each in self.aggregates)

    @property
    def lookback(self) -> int | None:
        """How long before a label time events can count, in microseconds; None: from the beginning."""
        if self.has_latest and self.ttl is None:
            return None
        return max([0, *(each.microseconds for each in self.windows), *([self.ttl or 0] if self.has_latest else [])])

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that the view adds, in order: aggregate by aggregate, each over every window."""
        return tuple(column for each in self.aggregates for column in self.columns_of(each))

    def columns_of(self, aggregate: Aggregate) -> tuple[str, ...]:
        """Columns of one aggregate: one for ``latest``, else one per window."""
        stem = f"{self.name}__{aggregate.name}"
        return (stem,) if aggregate.kind == "latest" else tuple(f"{stem}_{window.suffix}" for window in self.windows)


@dataclass(frozen=True)
class SplitShares:
    """Shares of the rows in order of label time, exact; embargo in microseconds."""

    train: Fraction
    validation: Fraction
    test: Fraction
    embargo: int


@dataclass(frozen=True)
class TrainingSetProgram:
    """Labels, views and split of one pipeline."""

    pipeline: str
    source: str
    columns: tuple[str, ...]
    labels: Mapping[str, str]
    entity_columns: tuple[str, ...]
    label_features: tuple[str, ...]
    views: tuple[FeatureView, ...]
    features: tuple[str, ...]
    history: int
    split: SplitShares

    @property
    def lookback(self) -> int | None:
        """Longest lookback of a view in microseconds; None: some view reads from the beginning."""
        lookbacks = [view.lookback for view in self.views]
        return None if None in lookbacks else max((each for each in lookbacks if each is not None), default=0)

    @property
    def label_keys(self) -> tuple[str, ...]:
        """Text and number columns of ``labels`` beside time, known time and label: what identifies a row's content."""
        of_views = (column for view in self.views for column in view.entity)
        return tuple(dict.fromkeys((*self.entity_columns, *of_views, *self.label_features)))


def read_training_set_program(program: Mapping[str, Any]) -> TrainingSetProgram:
    """Reads a training-set program from its parsed JSON.

    Raises:
        JobError: ``PROGRAM_INVALID``: another kind or version, or features that no view or label column gives.
    """
    if (program.get("kind"), program.get("version")) != ("training-set", 1):
        message = f"expected a training-set program of version 1, got {program.get('kind')} {program.get('version')}"
        raise _invalid(message)
    split = program["split"]
    read = TrainingSetProgram(
        pipeline=program["pipeline"],
        source=program["source"],
        columns=tuple(column["name"] for column in program["columns"]),
        labels=program["labels"],
        entity_columns=tuple(program["entityColumns"]),
        label_features=tuple(program["labelFeatures"]),
        views=tuple(_read_view(view) for view in program["views"]),
        features=tuple(program["features"]),
        history=int(program["historyMicroseconds"]),
        split=SplitShares(
            train=Fraction(str(split["train"])),
            validation=Fraction(str(split["validation"])),
            test=Fraction(str(split["test"])),
            embargo=int(split["embargoMicroseconds"]),
        ),
    )
    known = {*read.label_features, *(column for view in read.views for column in view.columns)}
    unknown = [feature for feature in read.features if feature not in known]
    if unknown:
        message = f"no view and no label column gives the features {', '.join(unknown)}"
        raise _invalid(message)
    return read


def _invalid(message: str) -> JobError:
    return JobError("PROGRAM_INVALID", message, "render the programs again with the release that runs the job")


def _read_view(view: Mapping[str, Any]) -> FeatureView:
    aggregates = tuple(Aggregate(each["name"], each["kind"], each["value"]) for each in view["aggregates"])
    for each in aggregates:
        if each.kind not in get_args(AggregateKind) or (each.kind != "count" and each.value is None):
            message = f"{view['name']}.{each.name}: {each.kind} of {each.value} is not an aggregate"
            raise _invalid(message)
    return FeatureView(
        name=view["name"],
        version=view["version"],
        entity=tuple(view["entity"]),
        events=view["events"],
        corrects=bool(view["corrects"]),
        windows=tuple(Window(each["suffix"], int(each["microseconds"])) for each in view["windows"]),
        ttl=None if view["ttl"] is None else int(view["ttl"]),
        aggregates=aggregates,
    )
