"""Audits the label rows themselves: a row of the source gives each, and its label was not known at its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.audit import LabelFinding
from core.training_rows import LABEL

from engines.audit_job import files_of
from engines.audit_sql import ROW, SAMPLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engines.audit_job import AuditEngine, AuditJob
    from engines.audit_sample import Sample
    from engines.audit_sql import AuditSql

LABELS = "audit_labels"


def audit_labels(engine: AuditEngine, job: AuditJob, sql: AuditSql, sample: Sample) -> Iterator[LabelFinding]:
    """Finds label rows that no source row gives, and labels that were known at or before their label time.

    A row is given by a source row with its label time, entity and, where the set has them, label and label features.
    """
    source = job.program.sources[0]
    engine.read_source(source, files_of(job, source), job.slot)
    labels = f"SELECT * FROM ({job.program.labels[job.engine]}) AS made_labels"
    engine.keep(LABELS, f"{labels} WHERE label_time IN (SELECT label_time FROM {SAMPLE})")
    matched = engine.fetch(_matched_query(job, sql, sample)).to_pylist()
    for row in matched:
        if not row["given"]:
            yield LabelFinding("label-unfounded", sample.label(row[ROW]))
        elif row["known"] is not None and row["known"] <= sample.rows["label_time"][row[ROW]].as_py():
            yield LabelFinding("label-known", sample.label(row[ROW]), row["known"])


def label_features(job: AuditJob, sample: Sample) -> tuple[str, ...]:
    """Features of the label's own row that the set has."""
    return tuple(name for name in job.program.label_features if name in sample.compared)


def _matched_query(job: AuditJob, sql: AuditSql, sample: Sample) -> str:
    keys = [f"l.{name} IS NOT DISTINCT FROM s.{name}" for name in map(sql.identifier, sample.entity)]
    compared = [*label_features(job, sample), *([LABEL] if sample.has_label else [])]
    numbers = [_same_number(sql.identifier(name), job.audited.tolerance) for name in compared]
    matched = " AND ".join(["l.label_time = s.label_time", *keys, *numbers])
    return (
        f"SELECT s.{ROW}, count(l.label_time) AS given, min(l.known_time) AS known "
        f"FROM {SAMPLE} AS s LEFT JOIN {LABELS} AS l ON {matched} GROUP BY s.{ROW} ORDER BY s.{ROW}"
    )


def _same_number(name: str, tolerance: float) -> str:
    of_set, of_label = f"CAST(s.{name} AS DOUBLE)", f"CAST(l.{name} AS DOUBLE)"
    same = f"{of_set} IS NOT DISTINCT FROM {of_label}"
    if not tolerance:
        return same
    return f"({same} OR abs({of_set} - {of_label}) <= {tolerance!r} * greatest(abs({of_set}), abs({of_label})))"
