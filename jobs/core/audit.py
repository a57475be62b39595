"""What a leak audit says: which values are not the ones that were known, and why, as the audit's report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa

from core.audit_reading import TOLD, Relaxation
from core.training_rows import iso_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from core.feature_program import Aggregate

    Bools = NDArray[np.bool_]
    Number = int | float

MOST_FINDINGS = 20
"""Findings that a report tells; it counts all."""

TOLERANCE = 1e-12
"""Relative; for values that the definition rounds more than once."""
FOREIGN_TOLERANCE = 1e-9
"""Relative; for floats of a set that others computed, in whatever order they added them up."""
SINGLE_TOLERANCE = 2.0**-22
"""Relative; for columns of single precision."""

OffendingReason = Literal["not-known", "not-happened", "outside-window", "superseded"]


@dataclass(frozen=True)
class LabelRow:
    """A row of the set: ``time`` in UTC microseconds, ``entity`` by label column."""

    time: int
    entity: Mapping[str, str | int | None]

    def to_json(self) -> dict[str, Any]:
        """As ``AuditedLabel`` of lib/contracts/audit.ts."""
        return {"time": iso_time(self.time), "entity": dict(self.entity)}

    @property
    def told(self) -> str:
        """In words."""
        return ", ".join([iso_time(self.time), *(f"{name} = {value}" for name, value in self.entity.items())])


@dataclass(frozen=True)
class OffendingRow:
    """A row of a source that should not count at the label time; times in UTC microseconds."""

    event_time: int
    known_time: int
    superseded_time: int | None
    row_key: str | None
    value: Any

    def reason_at(self, time: int) -> OffendingReason:
        """Why it should not: the first rule that holds it back."""
        if self.known_time > time:
            return "not-known"
        if self.event_time > time:
            return "not-happened"
        if self.superseded_time is not None and self.superseded_time <= time:
            return "superseded"
        return "outside-window"

    def to_json(self, time: int) -> dict[str, Any]:
        """As ``OffendingRow`` of lib/contracts/audit.ts."""
        superseded = None if self.superseded_time is None else iso_time(self.superseded_time)
        return {
            "eventTime": iso_time(self.event_time),
            "knownTime": iso_time(self.known_time),
            "supersededTime": superseded,
            "rowKey": self.row_key,
            "value": self.value,
            "reason": self.reason_at(time),
        }

    def told_at(self, time: int) -> str:
        """In words."""
        event, known = iso_time(self.event_time), iso_time(self.known_time)
        reasons: dict[OffendingReason, str] = {
            "not-known": f"of {event} was known only at {known}",
            "not-happened": f"happens only at {event}",
            "superseded": f"of {event} had been corrected",
            "outside-window": f"of {event} lies outside of the window",
        }
        return f"the row {reasons[self.reason_at(time)]}"


@dataclass(frozen=True)
class FeatureFinding:
    """A value of the set that is not the one that was known."""

    feature: str
    view: str | None
    label: LabelRow
    value_in_set: Number | None
    value_known: Number | None
    relaxation: Relaxation | None = None
    row: OffendingRow | None = None

    def to_json(self) -> dict[str, Any]:
        """As ``AuditFinding`` of lib/contracts/audit.ts."""
        return {
            "kind": "feature",
            "feature": self.feature,
            "view": self.view,
            "label": self.label.to_json(),
            "valueInSet": self.value_in_set,
            "valueKnown": self.value_known,
            "explanation": self.relaxation,
            "offendingRow": None if self.row is None else self.row.to_json(self.label.time),
            "message": self._told(),
        }

    def _told(self) -> str:
        values = f"is {_shown(self.value_in_set)} in the set, {_shown(self.value_known)} was known"
        causes = [] if self.relaxation is None else [TOLD[self.relaxation]]
        causes += [] if self.row is None else [self.row.told_at(self.label.time)]
        why = "; ".join(causes) or "no single relaxed rule gives the set's value"
        return f"{self.feature} at {self.label.told}: {values}: {why}"


@dataclass(frozen=True)
class LabelFinding:
    """A label row that no source row gives, or whose label was known before it was to be predicted."""

    kind: Literal["label-known", "label-unfounded"]
    label: LabelRow
    known_time: int | None = None

    def to_json(self) -> dict[str, Any]:
        """As ``AuditFinding`` of lib/contracts/audit.ts."""
        known = None if self.known_time is None else iso_time(self.known_time)
        told = "no row of the source gives this label row" if known is None else f"the label was known at {known}"
        base = {"kind": self.kind, "label": self.label.to_json()}
        times = {} if known is None else {"knownTime": known}
        return {**base, **times, "message": f"label at {self.label.told}: {told}"}


Finding = FeatureFinding | LabelFinding


@dataclass
class Audit:
    """An audit as it goes: what was looked at, and what was found."""

    rows_in_set: int
    rows_outside: int
    rows_audited: int
    checked: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    found: int = 0

    def report(self, about: Mapping[str, Any]) -> dict[str, Any]:
        """The ``AuditReport`` of lib/contracts/audit.ts."""
        told = [each.to_json() for each in self.findings[:MOST_FINDINGS]]
        return {
            "version": 1,
            **about,
            "passed": self.found == 0,
            "rows": {"inSet": self.rows_in_set, "outside": self.rows_outside, "audited": self.rows_audited},
            "features": {"checked": self.checked, "unchecked": self.unchecked},
            "findingCount": self.found,
            "findings": told,
            "failures": [each["message"] for each in told[:3]],
        }


def differing(in_set: pa.ChunkedArray, known: pa.ChunkedArray, tolerance: float) -> Bools:
    """Which values are not the ones that were known; NaN in the set is NULL.

    Args:
        in_set: numbers or booleans, (n_rows,).
        known: int64 or float64, (n_rows,).
        tolerance: relative, of floats; integers are compared exactly.

    Returns:
        (n_rows,), True where one is NULL and the other is not, or both are values that differ.
    """
    values, present = _numbers(in_set)
    expected, expected_present = _numbers(known)
    if pa.types.is_float32(in_set.type):
        tolerance = max(tolerance, SINGLE_TOLERANCE)
    both = present & expected_present
    if values.dtype == np.int64 and expected.dtype == np.int64:
        unequal = values != expected
    else:
        values, expected = values.astype(np.float64), expected.astype(np.float64)
        scale = np.maximum(np.abs(values), np.abs(expected))
        unequal = (values != expected) & ~(np.abs(values - expected) <= tolerance * scale)
    return (present != expected_present) | (both & unequal)


def tolerance_of(each: Aggregate) -> float:
    """How far a value may be off: 0 where the definition gives one rounding of an exact result."""
    twice_rounded = each.kind in ("variance", "quantile") or (each.scale > 0 and each.kind in ("mean", "share", "sum"))
    return TOLERANCE if twice_rounded else 0.0


def spread(differences: Mapping[str, Bools], most: int) -> list[tuple[str, int]]:
    """Chooses which differences to explain: every feature's first before any feature's second.

    Args:
        differences: by feature, (n_rows,) each.
        most: how many are chosen.

    Returns:
        Features and row numbers.
    """
    firsts = {feature: np.flatnonzero(differs)[:most] for feature, differs in differences.items()}
    turns = range(max((len(rows) for rows in firsts.values()), default=0))
    chosen = [(feature, int(rows[turn])) for turn in turns for feature, rows in firsts.items() if turn < len(rows)]
    return chosen[:most]


def _numbers(column: pa.ChunkedArray) -> tuple[NDArray[Any], Bools]:
    present = column.is_valid().to_numpy(zero_copy_only=False).astype(np.bool_)
    if pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
        values = column.cast(pa.float64()).fill_null(0.0).to_numpy(zero_copy_only=False)
        return np.nan_to_num(values, nan=0.0), present & ~np.isnan(values)
    return column.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False), present


def _shown(value: Number | None) -> str:
    return "NULL" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)
