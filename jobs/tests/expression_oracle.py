"""What an expression tree of ``lib/definition/expression.ts`` means, in plain Python: the oracle of its SQL."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Value = int | float | bool | str | None

_UNIT = {"second": 1_000_000, "minute": 60_000_000, "hour": 3_600_000_000, "day": 86_400_000_000}
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_LONGEST = 9_000_000_000_000_000


def evaluate(tree: Mapping[str, Any], row: Mapping[str, Value]) -> Value:
    """The value of an expression in a row; timestamps and durations are microseconds, None is SQL's NULL."""
    return _EVALUATORS[tree["kind"]](tree, row)


def _literal(tree: Mapping[str, Any], _row: Mapping[str, Value]) -> Value:
    return float(tree["value"]) if tree["type"] == "double" else tree["value"]


def _both(tree: Mapping[str, Any], row: Mapping[str, Value]) -> tuple[Any, Any] | None:
    left, right = evaluate(tree["left"], row), evaluate(tree["right"], row)
    return None if left is None or right is None else (left, right)


def _arithmetic(tree: Mapping[str, Any], row: Mapping[str, Value]) -> Value:
    sides = _both(tree, row)
    if sides is None:
        return None
    left, right = sides
    if tree["operator"] == "divided-by":
        return _divided(float(left), float(right))
    if isinstance(left, float) or isinstance(right, float):
        left, right = float(left), float(right)
    return {"plus": lambda: left + right, "minus": lambda: left - right, "times": lambda: left * right}[
        tree["operator"]
    ]()


def _divided(left: float, right: float) -> float | None:
    return None if right == 0 else left / right


def _comparison(tree: Mapping[str, Any], row: Mapping[str, Value]) -> bool | None:
    sides = _both(tree, row)
    if sides is None:
        return None
    left, right = (_rank(side) for side in sides)
    return {
        "at-least": left >= right,
        "more-than": left > right,
        "at-most": left <= right,
        "less-than": left < right,
        "equals": left == right,
    }[tree["operator"]]


def _rank(value: Value) -> tuple[bool, Value]:
    """SQL's order of doubles: NaN equals itself and is greater than every number."""
    is_nan = isinstance(value, float) and math.isnan(value)
    return (is_nan, 0 if is_nan else value)


def _logic(tree: Mapping[str, Any], row: Mapping[str, Value]) -> bool | None:
    sides = [evaluate(tree["left"], row), evaluate(tree["right"], row)]
    decisive = tree["operator"] == "or"
    if decisive in sides:
        return decisive
    return None if None in sides else not decisive


def _not(tree: Mapping[str, Any], row: Mapping[str, Value]) -> bool | None:
    operand = evaluate(tree["operand"], row)
    return None if operand is None else not operand


def _or_else(tree: Mapping[str, Any], row: Mapping[str, Value]) -> Value:
    operand, fallback = evaluate(tree["operand"], row), evaluate(tree["fallback"], row)
    return fallback if operand is None else operand


def _not_before(tree: Mapping[str, Any], row: Mapping[str, Value]) -> Value:
    times: list[Any] = [evaluate(tree["operand"], row), evaluate(tree["earliest"], row)]
    return None if None in times else max(times)


def _calendar(tree: Mapping[str, Any], row: Mapping[str, Value]) -> int | None:
    operand: Any = evaluate(tree["operand"], row)
    if operand is None:
        return None
    moment = _EPOCH + timedelta(microseconds=operand)
    shown = moment.astimezone(ZoneInfo(tree.get("zone", "UTC")))
    return shown.isoweekday() if tree["field"] == "weekday" else shown.hour


def _duration(tree: Mapping[str, Any], row: Mapping[str, Value]) -> int | None:
    amount: Any = evaluate(tree["amount"], row)
    unit = _UNIT[tree["unit"]]
    if amount is None or not abs(amount) <= _LONGEST // unit:
        return None
    return amount * unit if isinstance(amount, int) else math.floor(amount * float(unit) + 0.5)


def _matches(tree: Mapping[str, Any], row: Mapping[str, Value]) -> bool | None:
    operand: Any = evaluate(tree["operand"], row)
    return None if operand is None else re.fullmatch(tree["pattern"], operand, re.DOTALL) is not None


def _case(tree: Mapping[str, Any], row: Mapping[str, Value]) -> Value:
    values = [branch["value"] for branch in tree["branches"]] + [tree["otherwise"]]
    whens = [branch["when"] for branch in tree["branches"]]
    taken = next((value for when, value in zip(whens, values, strict=False) if evaluate(when, row)), tree["otherwise"])
    return None if taken is None else evaluate(taken, row)


def _cast(tree: Mapping[str, Any], row: Mapping[str, Value]) -> Value:
    operand: Any = evaluate(tree["operand"], row)
    if operand is None or tree["type"] == "double":
        return None if operand is None else float(operand)
    return int(operand) if not isinstance(operand, float) or abs(operand) <= 2**53 else None


def _call(tree: Mapping[str, Any], row: Mapping[str, Value]) -> Value:
    values: list[Any] = [evaluate(part, row) for part in tree["arguments"]]
    name = tree["function"]
    if name == "nullif":
        return None if values[0] is None or values[0] == values[1] else values[0]
    if None in values:
        return None
    if any(isinstance(value, float) for value in values):
        values = [float(value) for value in values]
    return _FUNCTIONS[name](*values)


def _whole(rounding: Callable[[float], int]) -> Callable[[float], int | None]:
    return lambda value: rounding(value) if abs(value) <= 2**53 else None


_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "abs": abs,
    "floor": _whole(math.floor),
    "ceil": _whole(math.ceil),
    "sqrt": lambda value: math.sqrt(value) if value >= 0 else None,
    # SQL's remainder has the sign of the dividend.
    "mod": lambda left, right: None if right == 0 else abs(left) % abs(right) * (-1 if left < 0 else 1),
    "least": lambda left, right: min(left, right, key=_rank),
    "greatest": lambda left, right: max(left, right, key=_rank),
    "length": len,
}


def _sql(tree: Mapping[str, Any], row: Mapping[str, Value]) -> Value:
    value = evaluate(tree["expression"], row)
    return float(value) if tree["type"] == "double" and value is not None else value


_EVALUATORS: dict[str, Callable[[Mapping[str, Any], Mapping[str, Value]], Value]] = {
    "column": lambda tree, row: row[tree["name"]],
    "literal": _literal,
    "arithmetic": _arithmetic,
    "comparison": _comparison,
    "logic": _logic,
    "not": _not,
    "is-null": lambda tree, row: evaluate(tree["operand"], row) is None,
    "or-else": _or_else,
    "not-before": _not_before,
    "calendar": _calendar,
    "duration": _duration,
    "matches": _matches,
    "call": _call,
    "case": _case,
    "cast": _cast,
    "sql": _sql,
}
