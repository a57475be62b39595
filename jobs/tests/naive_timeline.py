"""The oracle of the timeline kernel: DESIGN's definition of what counts when, one row and one label at a time.

Written from the definition, in plain Python integers and lists; shares no code with the kernel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """A row of a source: None is NULL anywhere."""

    entity: tuple[Any, ...]
    event: int | None
    known: int | None
    fact: str | None
    operands: tuple[Any, ...]


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
        and (window is None or time - window < row.event)
        and time < superseded_at(index, rows)
    ]


def aggregate(kind: str, operand: int | None, rows: list[Row]) -> float | None:
    """An aggregate over rows that count; ``latest`` takes the greatest (event, known, content) that has a value."""
    if operand is None:
        return len(rows)
    having = [row for row in rows if row.operands[operand] is not None]
    if kind == "count":
        return len(having)
    if not having:
        return None
    if kind == "latest":
        return max(having, key=lambda row: (row.event, row.known, content(row))).operands[operand]
    total = sum(row.operands[operand] for row in having)
    return total if kind == "sum" else total / len(having)
