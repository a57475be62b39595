"""What was found in landing units: checks, conservation of rows, and the two reports."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.ingest_program import Check, IngestInputs, IngestProgram

OTHER_REASONS = "other reasons"
_SHOWN = 10
_LISTED_REASONS = 50
_EXACT_INTEGERS = 2**53


@dataclass(frozen=True)
class UnitOutcome:
    """What an engine saw in one landing unit and wrote of it.

    Attributes:
        source: Name of the source.
        unit: Name of the landing unit.
        rows: Records that were read, damaged ones included.
        reasons: Quarantined rows by reason.
        measures: One value per check of the program, in its order; None where SQL gave NULL.
        files: ``DataFile`` documents of the accepted rows, with ``day``.
        quarantine_files: ``DataFile`` documents of the quarantined rows.
    """

    source: str
    unit: str
    rows: int
    reasons: Mapping[str, int]
    measures: tuple[float | None, ...]
    files: tuple[Mapping[str, Any], ...]
    quarantine_files: tuple[Mapping[str, Any], ...]

    @property
    def accepted(self) -> int:
        """Rows in the files of accepted rows."""
        return sum(file["rows"] for file in self.files)

    @property
    def quarantined(self) -> int:
        """Rows in the quarantine files."""
        return sum(file["rows"] for file in self.quarantine_files)

    @property
    def is_conserved(self) -> bool:
        """Whether every row that was read is in exactly one file, and every quarantined row has its reason counted."""
        return self.rows == self.accepted + self.quarantined and self.quarantined == sum(self.reasons.values())


def plain_number(value: Any) -> float | None:  # noqa: ANN401 - whatever number type an engine's driver gives
    """The value as both engines and JSON have it: an integer where it is whole, None for NULL, NaN and infinities.

    >>> plain_number(12.0), plain_number(0.5), plain_number(float("nan")), plain_number(None)
    (12, 0.5, None, None)
    """
    if value is None:
        return None
    number = float(value)
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) <= _EXACT_INTEGERS else number


def check_result(check: Check, measure: float | None) -> dict[str, Any]:
    """The ``CheckResult`` of one check: a measure that is NULL fails; both bounds are inclusive."""
    passed = (
        measure is not None
        and (check.minimum is None or measure >= check.minimum)
        and (check.maximum is None or measure <= check.maximum)
    )
    return {
        "name": check.name,
        "measure": measure,
        "min": check.minimum,
        "max": check.maximum,
        "passed": passed,
    }


def ingest_report(
    inputs: IngestInputs, attempt: str, program: IngestProgram, outcomes: Sequence[UnitOutcome]
) -> dict[str, Any]:
    """The ``IngestReport``: every unit of the inputs, in their order."""
    by_unit = {(outcome.source, outcome.unit): outcome for outcome in outcomes}
    checks = {source.source: source.checks for source in program.sources}
    return {
        "version": 2,
        "batch": inputs.batch,
        "attempt": attempt,
        "units": [
            _unit_report(by_unit[unit.source, unit.unit], unit.fingerprint, checks[unit.source])
            for unit in inputs.units
        ],
    }


def quality_report(report: Mapping[str, Any]) -> dict[str, Any]:
    """The ``QualityReport`` of an ``IngestReport``: the verdict, totals, and what people look at first."""
    units = report["units"]
    failures = [_failure(unit, check) for unit in units for check in unit["checks"] if not check["passed"]]
    reasons: Counter[str] = Counter()
    for unit in units:
        reasons.update(unit["reasons"])
    return {
        "version": 1,
        "passed": not failures,
        "rows": sum(unit["rows"] for unit in units),
        "accepted": sum(unit["accepted"] for unit in units),
        "quarantined": sum(unit["quarantined"] for unit in units),
        "units": len(units),
        "failures": failures[:_SHOWN],
        "failureCount": len(failures),
        "reasons": [{"reason": reason, "rows": rows} for reason, rows in _most_frequent(reasons)[:_SHOWN]],
    }


def _failure(unit: Mapping[str, Any], check: Mapping[str, Any]) -> str:
    measure = "NULL" if check["measure"] is None else check["measure"]
    return f"{unit['source']}/{unit['unit']}: {check['name']} was {measure}"


def _most_frequent(reasons: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(reasons.items(), key=lambda item: (-item[1], item[0]))


def _listed(reasons: Mapping[str, int]) -> dict[str, int]:
    """The most frequent reasons by name, the rest as one sum: reasons may quote values, so there may be many."""
    ordered = _most_frequent(reasons)
    listed = dict(sorted(ordered[:_LISTED_REASONS]))
    others = sum(rows for _, rows in ordered[_LISTED_REASONS:])
    return {**listed, OTHER_REASONS: others} if others else listed


def _unit_report(outcome: UnitOutcome, fingerprint: str, checks: Sequence[Check]) -> dict[str, Any]:
    results = [check_result(check, measure) for check, measure in zip(checks, outcome.measures, strict=True)]
    return {
        "source": outcome.source,
        "unit": outcome.unit,
        "fingerprint": fingerprint,
        "rows": outcome.rows,
        "accepted": outcome.accepted,
        "quarantined": outcome.quarantined,
        "reasons": _listed(outcome.reasons),
        "checks": results,
        "files": list(outcome.files),
        "quarantineFiles": list(outcome.quarantine_files),
    }
