"""Derived features as they were known: expressions over the features that an audit recomputed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
from core.derived import with_derived

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engines.audit_job import AuditJob
    from engines.audit_sample import Sample


def derived_as_known(job: AuditJob, sample: Sample, known: Mapping[str, pa.ChunkedArray]) -> dict[str, pa.ChunkedArray]:
    """The derived features that the set has and whose operands are known, float64, (n_rows,) each.

    Features of the label's own row are taken as the set has them: the label rows are audited themselves.
    """
    own = {name: sample.rows[name] for name in job.program.label_features if name in sample.compared}
    rows, computable = pa.table({**own, **known}), []
    for each in job.program.derived:
        if _columns(each.expression) <= set(rows.column_names):
            rows = with_derived(rows, [each])
            computable.append(each.name)
    return {name: rows[name] for name in computable if name in sample.compared}


def _columns(node: object) -> set[str]:
    """Names of the features that an expression reads."""
    if isinstance(node, list):
        return {name for each in node for name in _columns(each)}
    if not isinstance(node, dict):
        return set()
    if node.get("kind") == "column":
        return {node["name"]}
    return {name for each in node.values() for name in _columns(each)}
