"""Reads a training-set program from its JSON: what ``lib/contracts/job-program.ts`` describes, as typed data."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, get_args

from core.feature_program import (
    Aggregate,
    AggregateKind,
    Derived,
    EntityColumn,
    FeatureColumn,
    FeatureView,
    JoinKey,
    OperandColumn,
    Source,
    SplitShares,
    TrainingSetProgram,
    Window,
)
from core.job_error import JobError

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_training_set_program(program: Mapping[str, Any]) -> TrainingSetProgram:
    """Reads a training-set program from its parsed JSON.

    Raises:
        JobError: ``PROGRAM_INVALID``: another kind or version, or features that no view or label column gives.
    """
    if (program.get("kind"), program.get("version")) != ("training-set", 3):
        message = f"expected a training-set program of version 3, got {program.get('kind')} {program.get('version')}"
        raise _invalid(message)
    read = TrainingSetProgram(
        pipeline=program["pipeline"],
        sources=tuple(_read_source(source) for source in program["sources"]),
        labels=program["labels"],
        entity_columns=tuple(EntityColumn(each["name"], each["type"]) for each in program["entityColumns"]),
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
        entity=tuple(JoinKey(each["event"], each["label"]) for each in view["entity"]),
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
