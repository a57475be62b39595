"""Derived features: expressions over features of the same row, in float64 and three-valued logic.

A value is NULL where an operand is, or where it is not finite: ``x / 0`` has no value. Booleans are 0 and 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from core.job_error import JobError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from core.feature_program import Derived

    Node = Mapping[str, Any]
    Values = Any

_ARITHMETIC = {"plus": "add", "minus": "subtract", "times": "multiply", "divided-by": "divide"}
_COMPARISON = {
    "at-least": "greater_equal",
    "more-than": "greater",
    "at-most": "less_equal",
    "less-than": "less",
    "equals": "equal",
}
_LOGIC = {"and": "and_kleene", "or": "or_kleene"}


def with_derived(rows: pa.Table, derived: Sequence[Derived]) -> pa.Table:
    """Appends derived features, each of which may read those before it: float64, (n_rows,).

    Raises:
        JobError: ``PROGRAM_INVALID``: an expression that is none over numbers; the message names the feature.
    """
    for each in derived:
        try:
            column = _number(_value(each.expression, rows))
        except (KeyError, NotImplementedError) as error:
            message = f"{each.name} cannot be computed: {error} is no number that its row has"
            raise JobError(
                "PROGRAM_INVALID", message, "render the programs again with the release that runs the job"
            ) from error
        rows = rows.append_column(each.name, column)
    return rows


def _value(node: Node, rows: pa.Table) -> Values:
    """Evaluates a node of ``lib/contracts/expression.ts``: float64 or bool, (n_rows,)."""
    return _evaluator(node["kind"])(node, rows)


def _evaluator(kind: str) -> Callable[[Node, pa.Table], Values]:
    if kind not in _EVALUATORS:
        raise NotImplementedError(kind)
    return _EVALUATORS[kind]


def _column(node: Node, rows: pa.Table) -> Values:
    return _finite(rows[node["name"]].cast(pa.float64(), safe=False))


def _literal(node: Node, rows: pa.Table) -> Values:
    if node["type"] not in ("integer", "double", "boolean"):
        raise NotImplementedError(node["type"])
    kind = pa.bool_() if node["type"] == "boolean" else pa.float64()
    return pa.repeat(pa.scalar(node["value"], kind), rows.num_rows)


def _arithmetic(node: Node, rows: pa.Table) -> Values:
    left, right = (_number(_value(node[side], rows)) for side in ("left", "right"))
    return _finite(pc.call_function(_ARITHMETIC[node["operator"]], [left, right]))


def _comparison(node: Node, rows: pa.Table) -> Values:
    left, right = (_number(_value(node[side], rows)) for side in ("left", "right"))
    return pc.call_function(_COMPARISON[node["operator"]], [left, right])


def _logic(node: Node, rows: pa.Table) -> Values:
    left, right = (_truth(_value(node[side], rows)) for side in ("left", "right"))
    return pc.call_function(_LOGIC[node["operator"]], [left, right])


def _not(node: Node, rows: pa.Table) -> Values:
    return pc.call_function("invert", [_truth(_value(node["operand"], rows))])


def _is_null(node: Node, rows: pa.Table) -> Values:
    return _value(node["operand"], rows).is_null()


def _or_else(node: Node, rows: pa.Table) -> Values:
    operand, fallback = _value(node["operand"], rows), _value(node["fallback"], rows)
    if operand.type != fallback.type:
        operand, fallback = _number(operand), _number(fallback)
    return pc.call_function("coalesce", [operand, fallback])


def _case(node: Node, rows: pa.Table) -> Values:
    branches = [(_truth(_value(each["when"], rows)), _or_null(each["value"], rows)) for each in node["branches"]]
    last = _or_null(node["otherwise"], rows)
    values = [value for _, value in branches] + [last]
    if any(pa.types.is_floating(value.type) for value in values):
        branches, last = [(when, _number(value)) for when, value in branches], _number(last)
    for when, value in reversed(branches):
        # Neither a false nor an unknown condition chooses its value.
        last = pc.call_function("if_else", [pc.call_function("coalesce", [when, pa.scalar(value=False)]), value, last])
    return last


def _or_null(node: Node | None, rows: pa.Table) -> Values:
    return pa.nulls(rows.num_rows, pa.bool_()) if node is None else _value(node, rows)


_EVALUATORS: dict[str, Callable[[Node, pa.Table], Values]] = {
    "column": _column,
    "literal": _literal,
    "arithmetic": _arithmetic,
    "comparison": _comparison,
    "logic": _logic,
    "not": _not,
    "is-null": _is_null,
    "or-else": _or_else,
    "case": _case,
}


def _finite(values: Values) -> Values:
    """What is not finite becomes NULL."""
    finite = pc.call_function("is_finite", [values])
    return pc.call_function("if_else", [finite, values, pa.scalar(None, pa.float64())])


def _number(values: Values) -> Values:
    return values.cast(pa.float64()) if pa.types.is_boolean(values.type) else values


def _truth(values: Values) -> Values:
    return values if pa.types.is_boolean(values.type) else pc.call_function("not_equal", [values, pa.scalar(0.0)])
