"""Derived features against the meaning of expressions, value by value in plain Python."""

from __future__ import annotations

import math
from typing import Any

import pyarrow as pa
import pytest
from core.derived import with_derived
from core.feature_program import Derived
from core.job_error import JobError
from hypothesis import given
from hypothesis import strategies as st

Value = float | bool | None
NUMBERS = st.one_of(
    st.none(), st.sampled_from([0.0, -0.0, 1.0, 1e308, 5e-324, -2.5]), st.floats(-1e6, 1e6), st.integers(-9, 9)
)


def column(name: str) -> dict[str, Any]:
    return {"kind": "column", "name": name, "type": "double"}


def literal(value: float | bool) -> dict[str, Any]:
    kind = "boolean" if isinstance(value, bool) else "integer" if isinstance(value, int) else "double"
    return {"kind": "literal", "type": kind, "value": value}


LITERALS = st.one_of(st.integers(-3, 3), st.floats(-1e3, 1e3)).map(literal)
LEAVES = st.one_of(st.sampled_from(["a", "b"]).map(column), LITERALS)


def numeric(children: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    operators = st.sampled_from(["plus", "minus", "times", "divided-by"])
    arithmetic = st.fixed_dictionaries(
        {"kind": st.just("arithmetic"), "operator": operators, "left": children, "right": children}
    )
    or_else = st.fixed_dictionaries({"kind": st.just("or-else"), "operand": children, "fallback": children})
    comparison = st.fixed_dictionaries(
        {"kind": st.just("comparison"), "operator": st.just("more-than"), "left": children, "right": children}
    )
    return st.one_of(arithmetic, or_else, case_of(comparison, children))


def case_of(
    conditions: st.SearchStrategy[dict[str, Any]], values: st.SearchStrategy[dict[str, Any]]
) -> st.SearchStrategy[dict[str, Any]]:
    branch = st.fixed_dictionaries({"when": conditions, "value": st.none() | values})
    first = st.fixed_dictionaries({"when": conditions, "value": values})
    branches = st.tuples(first, branch) | st.tuples(first)
    return st.fixed_dictionaries(
        {"kind": st.just("case"), "branches": branches.map(list), "otherwise": st.none() | values}
    )


NUMERIC = st.recursive(LEAVES, numeric, max_leaves=6)
COMPARISON = st.fixed_dictionaries(
    {
        "kind": st.just("comparison"),
        "operator": st.sampled_from(["at-least", "more-than", "at-most", "less-than", "equals"]),
        "left": NUMERIC,
        "right": NUMERIC,
    }
)
IS_NULL = st.fixed_dictionaries({"kind": st.just("is-null"), "operand": NUMERIC})
LOGICAL = st.recursive(
    st.one_of(COMPARISON, IS_NULL, st.booleans().map(literal)),
    lambda children: st.one_of(
        st.fixed_dictionaries(
            {"kind": st.just("logic"), "operator": st.sampled_from(["and", "or"]), "left": children, "right": children}
        ),
        st.fixed_dictionaries({"kind": st.just("not"), "operand": children}),
        case_of(children, children),
    ),
    max_leaves=5,
)


def finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def oracle(node: dict[str, Any], row: dict[str, float | None]) -> Value:
    """The value of a node in one row, by its definition."""
    if node["kind"] == "column":
        value = row[node["name"]]
        return None if value is None else float(value)
    if node["kind"] == "literal":
        return node["value"] if isinstance(node["value"], bool) else float(node["value"])
    if node["kind"] == "case" or "operand" in node:
        return chosen(node, row) if node["kind"] == "case" else of_one(node, oracle(node["operand"], row), row)
    left, right = oracle(node["left"], row), oracle(node["right"], row)
    if node["kind"] == "logic":
        return logic(node["operator"], left, right)
    if left is None or right is None:
        return None
    return compared(node["operator"], left, right) if node["kind"] == "comparison" else computed(node, left, right)


def chosen(node: dict[str, Any], row: dict[str, float | None]) -> Value:
    taken = next((each["value"] for each in node["branches"] if oracle(each["when"], row)), node["otherwise"])
    return None if taken is None else oracle(taken, row)


def of_one(node: dict[str, Any], value: Value, row: dict[str, float | None]) -> Value:
    if node["kind"] == "is-null":
        return value is None
    if node["kind"] == "or-else":
        return oracle(node["fallback"], row) if value is None else value
    return None if value is None else not value


def logic(operator: str, left: Value, right: Value) -> Value:
    decides = operator == "or"
    if decides in (left, right):
        return decides
    return None if left is None or right is None else not decides


def compared(operator: str, left: float, right: float) -> bool:
    return {
        "at-least": left >= right,
        "more-than": left > right,
        "at-most": left <= right,
        "less-than": left < right,
        "equals": left == right,
    }[operator]


def computed(node: dict[str, Any], left: float, right: float) -> float | None:
    match node["operator"]:
        case "plus":
            return finite(left + right)
        case "minus":
            return finite(left - right)
        case "times":
            return finite(left * right)
    return None if right == 0 else finite(left / right)


@given(node=st.one_of(NUMERIC, LOGICAL), rows=st.lists(st.tuples(NUMBERS, NUMBERS), max_size=6))
def test_equals_the_definition_value_by_value(node: dict[str, Any], rows: list[tuple[float | None, ...]]) -> None:
    table = pa.table({name: pa.array([row[at] for row in rows], pa.float64()) for at, name in enumerate("ab")})

    derived = with_derived(table, [Derived("c", node)])["c"]

    expected = [oracle(node, {"a": row[0], "b": row[1]}) for row in rows]
    assert derived.type == pa.float64()
    assert derived.to_pylist() == [None if value is None else float(value) for value in expected]


def test_reads_features_before_it_also_derived_ones_and_integers() -> None:
    doubled = {"kind": "arithmetic", "operator": "times", "left": column("n"), "right": literal(2)}
    halved = {"kind": "arithmetic", "operator": "divided-by", "left": column("doubled"), "right": column("n")}

    rows = with_derived(
        pa.table({"n": pa.array([0, 3, None], pa.int64())}), [Derived("doubled", doubled), Derived("ratio", halved)]
    )

    assert rows["doubled"].to_pylist() == [0.0, 6.0, None]
    assert rows["ratio"].to_pylist() == [None, 2.0, None]


def test_whole_numbers_never_wrap_for_they_are_computed_as_doubles() -> None:
    most = 2**63 - 1
    rows = pa.table({"n": pa.array([most, -most, 3], pa.int64())})
    operations = {"plus": 2.0**64, "times": 2.0**126, "minus": 0.0}
    derived = [
        Derived(name, {"kind": "arithmetic", "operator": name, "left": column("n"), "right": column("n")})
        for name in operations
    ]

    computed = with_derived(rows, derived)

    assert {name: computed[name].to_pylist()[0] for name in operations} == operations
    assert computed["plus"].to_pylist() == [2.0**64, -(2.0**64), 6.0]


@pytest.mark.parametrize(
    "expression",
    [column("nobody"), {"kind": "matches", "operand": column("n"), "pattern": "x"}, {**literal(1), "type": "duration"}],
)
def test_an_expression_that_is_no_number_is_told_with_its_feature(expression: dict[str, Any]) -> None:
    with pytest.raises(JobError, match="PROGRAM_INVALID: ratio cannot be computed"):
        with_derived(pa.table({"n": [1]}), [Derived("ratio", expression)])
