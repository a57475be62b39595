"""What every feature of a training-set program means: one label, one row and one aggregate at a time.

Written from the contract in plain Python integers, fractions and lists; shares no code with kernel or engines.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Json = Mapping[str, Any]
    Value = int | float | str | None

FOREVER = 1 << 63


@dataclass(frozen=True)
class Row:
    """A row of a view's events; None is NULL anywhere, times of a static table too."""

    entity: tuple[str | None, ...]
    event: int | None
    known: int | None
    fact: str | None
    columns: Mapping[str, Value]


@dataclass(frozen=True)
class Counted:
    """A row with what decides when it counts, and its place among rows of equal times."""

    row: Row
    event: int
    known: int
    superseded: int
    rank: tuple[Any, ...]


class NaiveView:
    """A view's features at any label."""

    def __init__(self, view: Json, rows: Sequence[Row]) -> None:
        self.view = view
        self._by_entity: dict[tuple[str | None, ...], list[Counted]] = {}
        for counted in _counted(view, rows):
            if None not in counted.row.entity:
                self._by_entity.setdefault(counted.row.entity, []).append(counted)

    def features(self, label: Mapping[str, Any]) -> dict[str, Value]:
        """The view's columns for a label, defaults applied."""
        rows = self._by_entity.get(tuple(label[each["label"]] for each in self.view["entity"]), [])
        in_force = [
            each for each in rows if self.view["timeless"] or each.known <= label["label_time"] < each.superseded
        ]
        spans = [*self.view["windows"], None]
        held = {
            index: [each for each in in_force if self._holds(span, each.event, label["label_time"])]
            for index, span in enumerate(spans)
        }
        computed = {}
        for aggregate in self.view["aggregates"]:
            for column in aggregate["columns"]:
                window = len(spans) - 1 if column["window"] is None else column["window"]
                value = _aggregate(aggregate, column, held[window])
                computed[column["name"]] = aggregate["default"] if value is None else value
        return computed

    def _holds(self, span: Json | None, event: int, time: int) -> bool:
        if self.view["timeless"]:
            return True
        if span is None:
            ttl = self.view["ttl"]
            return event <= time and (ttl is None or time < event + ttl)
        hop = span["hop"] or 1
        start = (time - span["microseconds"]) // hop * hop
        begun = event >= start if span["start"] == "closed" else event > start
        return begun and (event <= time if span["end"] == "closed" else event < time)


def _counted(view: Json, rows: Sequence[Row]) -> list[Counted]:
    """The rows that happened and were known at some time, with the known time of their successor."""
    if view["timeless"]:
        return [Counted(row, 0, 0, FOREVER, ()) for row in rows]
    timed = [(row, row.event, row.known) for row in rows if row.event is not None and row.known is not None]
    ranks = [tuple(_rank(row.columns[name]) for name in view["content"]) for row, _, _ in timed]
    superseded = [FOREVER] * len(timed)
    if view["corrects"]:
        versions: dict[str, list[tuple[int, Any, int]]] = {}
        for index, ((row, _, known), rank) in enumerate(zip(timed, ranks, strict=True)):
            if row.fact is not None:
                versions.setdefault(row.fact, []).append((known, rank, index))
        for of_fact in versions.values():
            ordered = sorted(of_fact)
            for (_, _, index), (known, _, _) in pairwise(ordered):
                superseded[index] = known
    return [
        Counted(row, event, known, end, (event, known, rank))
        for (row, event, known), rank, end in zip(timed, ranks, superseded, strict=True)
    ]


def _rank(value: Value) -> tuple[Any, ...]:
    """NULL before every value, text by its UTF-8 bytes."""
    if value is None:
        return (0,)
    return (1, value.encode() if isinstance(value, str) else value)


def _aggregate(aggregate: Json, column: Json, held: Sequence[Counted]) -> Value:
    name = aggregate["value"]
    if name is None:
        return len(held)
    having = sorted((each for each in held if each.row.columns[name] is not None), key=lambda each: each.rank)
    values: list[Any] = [each.row.columns[name] for each in having]
    kind, unit = aggregate["kind"], 10 ** aggregate["scale"]
    if kind in ("count", "count-distinct"):
        return len(values) if kind == "count" else len(set(values))
    if kind in ("mean", "share"):
        return float(sum(values)) / float(len(values) * unit) if values else None
    if kind == "variance":
        return _variance(values, unit)
    chosen = _chosen(kind, values, column["position"], aggregate["quantile"])
    return chosen if chosen is None or aggregate["scale"] == 0 else float(chosen) / float(unit)


def _chosen(kind: str, values: list[Any], position: int | None, quantile: str | None) -> Any:  # noqa: ANN401
    """What is one of the values, in order of (event, known, content), or is in their unit."""
    if not values:
        return None
    if kind == "quantile":
        return _quantile(sorted(values), Fraction(str(quantile)))
    if kind == "last-n":
        return values[-(position or 1)] if len(values) >= (position or 1) else None
    return {
        "sum": sum(values),
        "min": min(values),
        "max": max(values),
        "first": values[0],
        "last": values[-1],
        "latest": values[-1],
    }[kind]


def _variance(values: list[int], unit: int) -> float | None:
    count = len(values)
    if count < 2:
        return None
    numerator = count * sum(value * value for value in values) - sum(values) ** 2
    return float(numerator) / float(count * (count - 1) * unit * unit)


def _quantile(ordered: list[Any], quantile: Fraction) -> float:
    place = (len(ordered) - 1) * quantile
    lower, upper = (float(ordered[index]) for index in (int(place), min(int(place) + 1, len(ordered) - 1)))
    return lower + (upper - lower) * float(place - int(place))
