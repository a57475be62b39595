"""Audits features: recomputes every view's by naive range joins, and explains the values that differ."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from core.audit import MOST_FINDINGS, FeatureFinding, OffendingRow, differing, spread, tolerance_of
from core.audit_reading import AS_KNOWN, Reading, relaxed_readings
from core.split import MICROSECONDS_PER_DAY

from engines.audit_job import files_of
from engines.audit_sql import ROW, SAMPLE, LabelRows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    from core.feature_program import Aggregate, FeatureView, Source
    from numpy.typing import NDArray

    from engines.audit_job import AuditEngine, AuditJob
    from engines.audit_sample import Sample
    from engines.audit_sql import AuditSql

_CANDIDATES = "audit_candidates"
_REACHED = "audit_reached"
_EXPLAINED = "audit_explained"
_MOST_ROWS = 1_000
Value = tuple[str, int]
"""A feature and a row of the sample."""

_PICKS = ("latest", "first", "last", "last-n", "min", "max")


@dataclass(frozen=True)
class FeatureAudit:
    """Recomputes and explains the features of one audit."""

    engine: AuditEngine
    job: AuditJob
    sql: AuditSql
    sample: Sample

    def recomputed(self, view: FeatureView) -> dict[str, pa.ChunkedArray]:
        """The view's features as they were known, defaults applied, (n_rows,) each, in the order of the sample."""
        times = self.sample.rows["label_time"].to_numpy()
        lookback = AS_KNOWN.lookback(view)
        labels, events = LabelRows(SAMPLE), None
        if lookback is not None and not view.timeless:
            width, reached = self.sql.reach(lookback)
            self.engine.keep(_REACHED, reached)
            labels, events = LabelRows(_REACHED, width), (int(times.min()) - lookback, int(times.max()))
        self._gather(view, labels, events)
        return self._features(view, AS_KNOWN, labels)

    def differences(self, view: FeatureView, known: Mapping[str, pa.ChunkedArray]) -> dict[str, NDArray[np.bool_]]:
        """Where the set's values are not these, by feature."""
        rows = self.sample.rows
        return {
            column.name: differing(rows[column.name], known[column.name], self._tolerance(each))
            for each in view.aggregates
            for column in each.columns
            if column.name in self.sample.compared
        }

    def explained(
        self, differences: Mapping[str, NDArray[np.bool_]], known: Mapping[str, pa.ChunkedArray]
    ) -> Iterator[FeatureFinding]:
        """Findings for the differences that a report tells, each with what explains it."""
        chosen = spread(differences, MOST_FINDINGS)
        for view in self.job.program.views:
            of_view = [(feature, row) for feature, row in chosen if feature in view.columns]
            if of_view:
                yield from self._explained(view, of_view, known)
        derived = {each.name for each in self.job.program.derived}
        for feature, row in chosen:
            if feature in derived:
                yield self._finding(feature, None, row, known)

    def _explained(
        self, view: FeatureView, chosen: Sequence[Value], known: Mapping[str, pa.ChunkedArray]
    ) -> Iterator[FeatureFinding]:
        numbers = sorted({row for _, row in chosen})
        labels = self.sample.rows.select([ROW, "label_time", *self.sample.entity]).take(pa.array(numbers))
        self.engine.give(_EXPLAINED, labels)
        self._gather(view, LabelRows(_EXPLAINED), None)
        readings = self._explanations(view, chosen, numbers)
        for feature, row in chosen:
            reading = readings.get((feature, row))
            finding = self._finding(feature, view.name, row, known)
            offending = None if view.timeless else self._offending(view, feature, row, reading)
            yield replace(finding, relaxation=None if reading is None else reading.relaxation, row=offending)

    def _finding(
        self, feature: str, view: str | None, row: int, known: Mapping[str, pa.ChunkedArray]
    ) -> FeatureFinding:
        return FeatureFinding(
            feature=feature,
            view=view,
            label=self.sample.label(row),
            value_in_set=_number(self.sample.rows[feature][row]),
            value_known=_number(known[feature][row]),
        )

    def _explanations(self, view: FeatureView, chosen: Sequence[Value], numbers: Sequence[int]) -> dict[Value, Reading]:
        """For every value a relaxed reading that gives it: of several, the one that gives most of the values."""
        rows = self.sample.rows.take(pa.array(numbers))
        tolerances = {column.name: self._tolerance(each) for each in view.aggregates for column in each.columns}
        given: list[tuple[Reading, set[Value]]] = []
        for reading in relaxed_readings(view):
            values = self._features(view, reading, LabelRows(_EXPLAINED))
            same = {feature: ~differing(rows[feature], values[feature], tolerances[feature]) for feature, _ in chosen}
            given.append((reading, {(feature, row) for feature, row in chosen if same[feature][numbers.index(row)]}))
            if len(given[-1][1]) == len(chosen):
                break  # No wider reading gives more.
        return _covered(given)

    def _offending(self, view: FeatureView, feature: str, row: int, reading: Reading | None) -> OffendingRow | None:
        query = self.sql.offending(view, feature, (reading, AS_KNOWN), _CANDIDATES, (LabelRows(_EXPLAINED), row))
        rows = self.engine.fetch(f"{query} LIMIT {_MOST_ROWS}").to_pylist()
        picked = [each for each in rows if self._gives(view, feature, row, each["operand"])]
        return next((OffendingRow(*each.values()) for each in [*picked, *rows]), None)

    def _gives(self, view: FeatureView, feature: str, row: int, operand: Any) -> bool:  # noqa: ANN401 - of any type
        """Whether a feature that picks one row's value has picked this one."""
        each = _aggregate_of(view, feature)
        value = _number(self.sample.rows[feature][row])
        return each.kind in _PICKS and value is not None and operand is not None and operand / 10**each.scale == value

    def _gather(self, view: FeatureView, labels: LabelRows, events: tuple[int, int] | None) -> None:
        """Names the view's rows that label rows can reach ``_CANDIDATES``."""
        source = next(each for each in self.job.program.sources if each.name == view.source)
        self._read(source, events)
        self.engine.keep(_CANDIDATES, self.sql.candidates(view, labels, events))

    def _read(self, source: Source, events: tuple[int, int] | None) -> None:
        files = files_of(self.job, source)
        if events is not None:
            first, last = (time // MICROSECONDS_PER_DAY for time in events)
            files = tuple(file for file in files if first <= file.day <= last) or files[:1]
        self.engine.read_source(source, files, None)

    def _features(self, view: FeatureView, reading: Reading, labels: LabelRows) -> dict[str, pa.ChunkedArray]:
        values = self.engine.fetch(self.sql.features(view, reading, _CANDIDATES, labels))
        return {
            column.name: _with_default(values[column.name], each) for each in view.aggregates for column in each.columns
        }

    def _tolerance(self, each: Aggregate) -> float:
        return max(tolerance_of(each), self.job.audited.tolerance)


def _covered(given: Sequence[tuple[Reading, set[Value]]]) -> dict[Value, Reading]:
    """Explains values by as few readings as it takes: the one that gives most first, the narrower of equals."""
    found: dict[Value, Reading] = {}
    while True:
        reading, values = max(given, key=lambda each: len(each[1] - found.keys()), default=(AS_KNOWN, set()))
        if not values - found.keys():
            return found
        found.update(dict.fromkeys(values - found.keys(), reading))


def _with_default(values: pa.ChunkedArray, each: Aggregate) -> pa.ChunkedArray:
    if each.default is None:
        return values
    if pa.types.is_integer(values.type) and not float(each.default).is_integer():
        values = values.cast(pa.float64())
    return values.fill_null(pa.scalar(each.default).cast(values.type))


def _aggregate_of(view: FeatureView, feature: str) -> Aggregate:
    return next(each for each in view.aggregates if any(column.name == feature for column in each.columns))


def _number(value: pa.Scalar) -> int | float | None:
    number = value.as_py()
    return int(number) if isinstance(number, bool) else None if number != number else number  # noqa: PLR0124
