"""The latest value known at a time in SQL, as one writes it by hand: the best forms found.

Of an entity's events known at t the greatest (event, known, operand) is in force. In order of known time only an event
that is not earlier than all before can be: a staircase, which rises in both times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from question import Engine, Question


LAST_VALUE: dict[Engine, str] = {"duckdb": "last_value({} IGNORE NULLS)", "spark": "last_value({}, true)"}


def asof_staircase(question: Question, _: Engine) -> str:
    """The staircase, looked up by an ASOF join; DuckDB alone."""
    (view,), (feature,) = question.views, question.features
    equal = " AND ".join(f"labels.{name} = steps.{name}" for name in view.entity)
    return (
        f"SELECT labels.*, steps.{feature.operand} AS {_column(question)} FROM labels "
        f"ASOF LEFT JOIN ({_staircase(question)}) AS steps ON {equal} AND labels.label_time >= steps.known"
    )


def staircase_in_order(question: Question, engine: Engine) -> str:
    """The staircase and the labels in one order; the last step before a label."""
    (view,), (feature,) = question.views, question.features
    key, carried = ", ".join(view.entity), [name for name in question.label_columns if name not in view.entity]
    nothing = ", ".join(f"NULL AS {name}" for name in carried)
    steps = f"SELECT {key}, known AS moment, 0 AS asks, {nothing}, {feature.operand} FROM ({_staircase(question)}) AS s"
    asking = f"SELECT {key}, label_time, 1, {', '.join(carried)}, NULL FROM labels"
    last = (
        f"{LAST_VALUE[engine].format(feature.operand)} OVER (PARTITION BY {key} ORDER BY moment, asks "
        "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    )
    return _asked(question, f"{steps} UNION ALL {asking}", last)


def running_greatest(question: Question, _: Engine) -> str:
    """Events and labels in one order; the greatest (event, known, operand) so far as a struct. Needs no staircase."""
    (view,), (feature,) = question.views, question.features
    key, carried = ", ".join(view.entity), [name for name in question.label_columns if name not in view.entity]
    nothing = ", ".join(f"NULL AS {name}" for name in carried)
    events = f"SELECT {key}, known AS moment, 0 AS asks, {nothing}, event, known, {feature.operand} FROM events"
    asking = f"SELECT {key}, label_time, 1, {', '.join(carried)}, NULL, NULL, NULL FROM labels"
    greatest = (
        f"max(CASE WHEN asks = 0 THEN struct(event, known, {feature.operand}) END) OVER (PARTITION BY {key} "
        f"ORDER BY moment, asks ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW).{feature.operand}"
    )
    return _asked(question, f"{events} UNION ALL {asking}", greatest)


def _staircase(question: Question) -> str:
    """SELECT of the steps, at most one an entity and known time."""
    (view,), (feature,) = question.views, question.features
    key, value = ", ".join(view.entity), feature.operand
    earlier = f"PARTITION BY {key} ORDER BY known, event, {value}"
    return (
        f"SELECT {key}, known, {value} FROM (SELECT {key}, known, event, {value}, "
        f"max(event) OVER ({earlier} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS latest_event, "
        f"lead(known) OVER ({earlier}) AS known_next FROM events) AS in_order "
        "WHERE event = latest_event AND known IS DISTINCT FROM known_next"
    )


def _asked(question: Question, rows: str, value: str) -> str:
    return (
        f"SELECT {', '.join([*question.label_columns, _column(question)])} FROM (SELECT asks, "
        f"{', '.join(question.label_columns)}, {value} AS {_column(question)} FROM ({rows}) AS in_order) AS found "
        "WHERE asks = 1"
    )


def _column(question: Question) -> str:
    (view,), (feature,) = question.views, question.features
    return f"{view.name}__{feature.name}"
