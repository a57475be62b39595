"""The oracle of the timeline kernel: DESIGN's definition of what counts when, one row and one label at a time.

Written from the definition, in plain Python integers, fractions and lists; shares no code with the kernel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fractions import Fraction


@dataclass(frozen=True)
class Row:
    """A row of a source: None is NULL anywhere."""

    entity: tuple[Any, ...]
    event: int | None
    known: int | None
    fact: str | None
    operands: tuple[Any, ...]


@dataclass(frozen=True)
class Span:
    """A window up to a label time: from ``length`` before, rounded down to a multiple of ``hop`` where there is one."""

    length: int | None
    hop: int | None = None
    start: str = "open"
    end: str = "closed"

    def holds(self, event: int, time: int) -> bool:
        """Whether an event is in the window of a label time."""
        if event > time or (event == time and self.end == "open"):
            return False
        if self.length is None:
            return True
        start = time - self.length
        if self.hop is not None:
            while start % self.hop != 0:
                start -= 1
        return event > start or (event == start and self.start == "closed")


def rank(value: object) -> tuple[bool, object]:
    """NULL before every value."""
    return (value is not None, 0 if value is None else value)


def content(row: Row) -> tuple[Any, ...]:
    return tuple(rank(value) for value in row.operands)


def superseded_at(row_index: int, rows: list[Row]) -> float:
    """The known time of the row's successor among the versions of its fact, infinity where there is none."""
    row = rows[row_index]
    if row.fact is None:
        return float("inf")
    versions = [
        (other.known, content(other), index)
        for index, other in enumerate(rows)
        if other.fact == row.fact and other.known is not None and other.event is not None
    ]
    later = [version for version in sorted(versions) if version > (row.known, content(row), row_index)]
    return later[0][0] if later else float("inf")


def in_force(rows: list[Row], entity: tuple[Any, ...], time: int, window: int | None) -> list[Row]:
    """The rows of an entity that count at a label time in ``(time - window, time]``."""
    return in_span(rows, entity, time, Span(window))


def in_span(rows: list[Row], entity: tuple[Any, ...], time: int, span: Span) -> list[Row]:
    """The rows of an entity that count at a label time."""
    if any(part is None for part in entity):
        return []
    return [
        row
        for index, row in enumerate(rows)
        if row.entity == entity
        and row.event is not None
        and row.known is not None
        and row.known <= time
        and row.event <= time
        and span.holds(row.event, time)
        and time < superseded_at(index, rows)
    ]


def by_age(rows: list[Row]) -> list[Row]:
    """The oldest first, by (event, known, content)."""
    return sorted(rows, key=lambda row: (row.event, row.known, content(row)))


def percentile(values: list[Any], quantile: Fraction) -> float:
    """SQL's PERCENTILE_CONT in doubles."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * quantile
    lower, upper = (float(ordered[min(index, len(ordered) - 1)]) for index in (int(place), int(place) + 1))
    return lower + (upper - lower) * float(place - int(place))


def variance(values: list[int], scale: int) -> float | None:
    """The sample variance: exact numerator over exact denominator, in doubles."""
    n = len(values)
    if n < 2:
        return None
    numerator = n * sum(value * value for value in values) - sum(values) ** 2
    return float(numerator) / float(n * (n - 1) * 100**scale)


@dataclass(frozen=True)
class Asked:
    """An aggregate of the operand at an index; None counts all rows."""

    kind: str
    operand: int | None
    scale: int = 0
    quantile: Fraction | None = None
    position: int = 1


def aggregate(kind: str, operand: int | None, rows: list[Row]) -> Any:  # noqa: ANN401
    """An aggregate, in its operand's own unit, over the rows that count."""
    return value_of(Asked(kind, operand), rows)


def value_of(asked: Asked, rows: list[Row]) -> Any:  # noqa: ANN401
    """An aggregate over the rows that count; NULLs take no part, and nothing but a count is made of no value."""
    if asked.operand is None:
        return len(rows)
    having = by_age([row for row in rows if row.operands[asked.operand] is not None])
    values = [row.operands[asked.operand] for row in having]
    if asked.kind in ("count", "count-distinct"):
        return len(values if asked.kind == "count" else set(values))
    if not values:
        return None
    if asked.kind in ("mean", "share"):
        return float(sum(values)) / float(len(values) * 10**asked.scale)
    value = variance(values, asked.scale) if asked.kind == "variance" else _one_value(asked, values)
    scaled = asked.scale != 0 and asked.kind != "variance" and value is not None
    return float(value) / float(10**asked.scale) if scaled else value


def _one_value(asked: Asked, values: list[Any]) -> Any:  # noqa: ANN401
    """An aggregate in the operand's own unit; ``values`` are the oldest first."""
    if asked.kind == "quantile":
        assert asked.quantile is not None
        return percentile(values, asked.quantile)
    if asked.kind == "last-n":
        return values[-asked.position] if asked.position <= len(values) else None
    return {
        "sum": lambda: sum(values),
        "min": lambda: min(values),
        "max": lambda: max(values),
        "first": lambda: values[0],
        "last": lambda: values[-1],
        "latest": lambda: values[-1],
    }[asked.kind]()
