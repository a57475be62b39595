"""Numbers at their limits: sums that do not fit and doubles that are not finite are errors; nothing loses digits."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest
from core.feature_program import Aggregate, FeatureColumn, FeatureView, JoinKey, OperandColumn, Window
from core.feature_view import evaluate_view
from core.job_error import JobError

GREATEST = (1 << 63) - 1


def evaluate(kind: str, values: list[Any], scale: int = 0, quantile: str = "0.5") -> Any:  # noqa: ANN401
    """An aggregate over values that happened at one time."""
    operand = OperandColumn("x", "double" if any(isinstance(value, float) for value in values) else "integer")
    column = FeatureColumn("v__feature_w", 0)
    aggregate = Aggregate("feature", kind, "x", (column,), scale, Fraction(quantile))  # type: ignore[arg-type]
    entity = (JoinKey("key", "key"),)
    window = Window("w", 10)
    view = FeatureView("v", "1", "s", entity, {}, False, False, (operand,), ("x",), (window,), None, (aggregate,))
    times = pa.array([0] * len(values), pa.int64())
    events = pa.table({"key": ["a"] * len(values), "event_time": times, "known_time": times, "x": values})
    computed = evaluate_view(view, events, pa.table({"key": ["a"], "label_time": pa.array([0], pa.int64())}))
    return computed["v__feature_w"][0].as_py()


@pytest.mark.parametrize("kind", ["sum", "mean"])
@pytest.mark.parametrize("values", [[GREATEST, 1], [-GREATEST, -2]])
def test_a_sum_that_does_not_fit_is_an_error_that_names_the_feature(kind: str, values: list[int]) -> None:
    why = f"2 rows in a window add up to {sum(values)}, which is no 64-bit integer"

    with pytest.raises(JobError, match=f"v__feature_w overflows: {why}") as error:
        evaluate(kind, values)

    assert error.value.code == "SUM_OVERFLOW"


@pytest.mark.parametrize("kind", ["min", "max", "latest", "quantile", "count-distinct"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_double_that_is_not_finite_is_an_error_that_names_the_feature(kind: str, value: float) -> None:
    with pytest.raises(JobError, match="v__feature_w reads x: 1 of 2 values are NaN or infinite") as error:
        evaluate(kind, [1.0, value])

    assert error.value.code == "NOT_FINITE"


@pytest.mark.parametrize("kind", ["sum", "mean", "share", "variance"])
def test_a_sum_of_doubles_is_an_error_that_names_the_feature(kind: str) -> None:
    with pytest.raises(JobError, match="v__feature_w needs integers"):
        evaluate(kind, [1.0])


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("min", [-GREATEST - 1, GREATEST], -GREATEST - 1),
        ("max", [-GREATEST - 1], -GREATEST - 1),
        ("max", [GREATEST, 0], GREATEST),
        ("count-distinct", [GREATEST, -GREATEST - 1, GREATEST], 2),
        ("last", [GREATEST, GREATEST - 1], GREATEST),
        ("variance", [10**17, 10**17 + 1, 10**17 + 2], 1.0),
        ("variance", [GREATEST, GREATEST - 2], 2.0),
        ("variance", [-(1 << 33), 1 << 33], float(1 << 67)),
        ("mean", [-GREATEST - 1], float(-GREATEST - 1)),
        ("quantile", [GREATEST, GREATEST], float(GREATEST)),
        ("quantile", [-1e308, 1e308], 0.0),
        ("min", [1e-320, 5e-324], 5e-324),
    ],
)
def test_results_at_the_limits(kind: str, values: list[Any], expected: float) -> None:
    assert evaluate(kind, values) == expected


def test_minus_zero_is_zero() -> None:
    assert str(evaluate("min", [-0.0])) == "0.0"
    assert evaluate("count-distinct", [-0.0, 0.0]) == 1


def test_a_scale_divides_once() -> None:
    assert evaluate("sum", [1, 2], scale=1) == 0.3
    assert evaluate("mean", [1, 2], scale=9) == 3 / (2 * 10**9)
    assert evaluate("variance", [0, 10**9], scale=9) == 0.5
    assert evaluate("quantile", [1, 2], scale=1) == 1.5 / 10


def test_a_quantile_is_the_decimal_that_was_written() -> None:
    assert evaluate("quantile", list(range(11)), quantile="0.7") == 7.0
    assert evaluate("quantile", list(range(11)), quantile="0.70000000000000000000000001") == 7.0
    assert evaluate("quantile", [5], quantile="1") == 5.0
