"""Derived features as they were known: expressions over the features that an audit recomputed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from core.audit import differing
from core.derived import with_derived

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from engines.audit_job import AuditJob
    from engines.audit_sample import Sample

    Bools = NDArray[np.bool_]


def derived_as_known(
    job: AuditJob, sample: Sample, known: Mapping[str, pa.ChunkedArray], differences: Mapping[str, Bools]
) -> Iterator[tuple[str, pa.ChunkedArray, Bools]]:
    """The derived features that the set has and whose operands are known, in the order of their computation.

    An operand is the set's own value where that is the known one, also if another last digit was computed of it: what
    an expression makes of it may differ by any amount. Features of the label's own row are audited themselves.

    Yields:
        Name, values as known, float64, (n_rows,), and where the set's differ, (n_rows,).
    """
    own = {name: sample.rows[name] for name in job.program.label_features if name in sample.compared}
    compared = {name: _agreed(sample.rows[name], known[name], differs) for name, differs in differences.items()}
    rows = pa.table({**own, **known, **compared})
    for each in job.program.derived:
        if not _columns(each.expression) <= set(rows.column_names):
            continue
        values = with_derived(rows, [each])[each.name]
        if each.name in sample.compared:
            differs = differing(sample.rows[each.name], values, job.audited.tolerance)
            yield each.name, values, differs
            values = _agreed(sample.rows[each.name], values, differs)
        rows = rows.append_column(each.name, values)


def _agreed(in_set: pa.ChunkedArray, known: pa.ChunkedArray, differs: Bools) -> pa.ChunkedArray:
    """The set's values where they do not differ from the known ones, else these."""
    return pc.call_function("if_else", [pa.array(differs), known, in_set.cast(known.type)])


def _columns(node: object) -> set[str]:
    """Names of the features that an expression reads."""
    if isinstance(node, list):
        return {name for each in node for name in _columns(each)}
    if not isinstance(node, dict):
        return set()
    if node.get("kind") == "column":
        return {node["name"]}
    return {name for each in node.values() for name in _columns(each)}
