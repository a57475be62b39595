"""Windowed aggregates with known time in SQL, as one writes them by hand: the best forms found, for both engines.

An event counts at label time t where ``known <= t`` and ``event > t - length``, that is for t in
``[known, event + length)``, and never where that is empty. Sums therefore are running sums of what begins and ends.
A statement takes labels and gives them back with the running sums ``n<i>`` and ``<operand><i>`` of each window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from question import Engine, Question, View


@dataclass(frozen=True)
class Dialect:
    """How an engine is spelled; ``number`` is the type in which it sums whole numbers fastest, exact below 2^53."""

    engine: Engine
    number: str
    text: str


DUCKDB = Dialect("duckdb", "DOUBLE", "VARCHAR")
SPARK = Dialect("spark", "BIGINT", "STRING")


def one_sort(question: Question, view: View, labels: Sequence[str], dialect: Dialect) -> str:
    """Everything that begins or ends, and the labels, in one sort for all windows: the portable best.

    An event begins in all of its windows by one row.
    """
    key = ", ".join(view.entity)
    sums = _sums(question)
    begins = _amounts(question, [f"known < event + {length}" for _, length in question.windows], "", dialect)
    longest = max(length for _, length in question.windows)
    nothing = ", ".join(f"NULL AS {name}" for name in labels if name not in view.entity)
    rows = [
        f"SELECT {key}, known AS moment, 0 AS asks, {nothing}, {begins} FROM events WHERE known < event + {longest}"
    ]
    for index, (_, length) in enumerate(question.windows):
        own = ["true" if other == index else "false" for other in range(len(question.windows))]
        ends = _amounts(question, own, "-", dialect)
        rows.append(f"SELECT {key}, event + {length}, 0, {nothing}, {ends} FROM events WHERE known < event + {length}")
    asked = ", ".join(name for name in labels if name not in view.entity)
    zeros = ", ".join(f"CAST(0 AS {dialect.number})" for _ in sums)
    rows.append(f"SELECT {key}, label_time, 1, {asked}, {zeros} FROM labels")
    running = ", ".join(f"sum({name}) OVER timeline AS {name}" for name in sums)
    return (
        f"SELECT {', '.join([*labels, *sums])} FROM (SELECT asks, {', '.join(labels)}, {running} "
        f"FROM ({' UNION ALL '.join(rows)}) AS changes "
        f"WINDOW timeline AS (PARTITION BY {key} ORDER BY moment, asks ROWS UNBOUNDED PRECEDING)) AS summed "
        "WHERE asks = 1"
    )


def two_sorts(question: Question, view: View, labels: Sequence[str], dialect: Dialect) -> str:
    """What began until t less what ended until t: running sums by known time, and by event time at ``t - length``.

    The labels carry ``id``. Two short sorts in place of a long one, then a join of the labels with their two answers.
    """
    key = ", ".join(view.entity)
    sums = _sums(question)
    longest = max(length for _, length in question.windows)
    conditions = [f"known < event + {length}" for _, length in question.windows]
    amounts = _amounts(question, conditions, "", dialect)
    nothing = ", ".join(f"CAST(NULL AS {dialect.number})" for _ in sums)
    running = ", ".join(f"sum({name}) OVER timeline AS {name}" for name in sums)

    def summed(at: str, asked: Sequence[str]) -> str:
        events = f"SELECT {key}, {at} AS moment, NULL AS id, 0 AS number, {amounts} FROM events"
        rows = [f"{events} WHERE known < event + {longest}", *asked]
        return (
            f"SELECT id, number, {', '.join(sums)} FROM (SELECT id, number, {running} FROM "
            f"({' UNION ALL '.join(rows)}) AS changes WINDOW timeline AS (PARTITION BY {key} "
            f"ORDER BY moment, id NULLS FIRST ROWS UNBOUNDED PRECEDING)) AS summed WHERE id IS NOT NULL"
        )

    began = summed("known", [f"SELECT {key}, label_time, id, 0, {nothing} FROM labels"])
    asked = [
        f"SELECT {key}, label_time - {length}, id, {index}, {nothing} FROM labels"
        for index, (_, length) in enumerate(question.windows)
    ]
    of_window = ", ".join(
        f"max({operand}{index}) FILTER (WHERE number = {index}) AS {operand}{index}"
        for index in range(len(question.windows))
        for operand in ("n", *question.operands)
    )
    ended = f"SELECT id, {of_window} FROM ({summed('event', asked)}) AS numbered GROUP BY id"
    in_window = ", ".join(f"coalesce(began.{name}, 0) - coalesce(ended.{name}, 0) AS {name}" for name in sums)
    own = ", ".join(f"labels.{name}" for name in labels)
    return (
        f"WITH began AS ({began}), ended AS ({ended}) "
        f"SELECT {own}, {in_window} FROM labels JOIN began USING (id) JOIN ended USING (id)"
    )


def asof_deltas(question: Question, view: View, labels: Sequence[str], dialect: Dialect) -> str:
    """Running sums of what begins and ends, a window at a time, looked up by an ASOF join each; DuckDB alone."""
    key = ", ".join(view.entity)
    tables, joins, sums = [], [], []
    for index, (_, length) in enumerate(question.windows):
        values = ("n", *question.operands)
        added = ", ".join(f"{'1' if name == 'n' else name} AS {name}" for name in values)
        ended = ", ".join(f"{'-1' if name == 'n' else f'-{name}'} AS {name}" for name in values)
        totals = ", ".join(f"CAST(sum({name}) AS {dialect.number}) AS {name}" for name in values)
        running = ", ".join(f"sum({name}) OVER timeline AS {name}{index}" for name in values)
        tables.append(
            f"w{index} AS (SELECT {key}, moment, {running} FROM (SELECT {key}, moment, {totals} FROM ("
            f"SELECT {key}, known AS moment, {added} FROM events WHERE known < event + {length} UNION ALL "
            f"SELECT {key}, event + {length}, {ended} FROM events WHERE known < event + {length}) GROUP BY ALL) "
            f"WINDOW timeline AS (PARTITION BY {key} ORDER BY moment ROWS UNBOUNDED PRECEDING))"
        )
        equal = " AND ".join(f"labels.{name} = w{index}.{name}" for name in view.entity)
        joins.append(f"ASOF LEFT JOIN w{index} ON {equal} AND labels.label_time >= w{index}.moment")
        sums += [f"w{index}.{name}{index}" for name in values]
    own = ", ".join(f"labels.{name}" for name in labels)
    return f"WITH {', '.join(tables)} SELECT {own}, {', '.join(sums)} FROM labels {' '.join(joins)}"


def asof_prefixes(question: Question, view: View, labels: Sequence[str], dialect: Dialect) -> str:
    """What began until t less what ended: an ASOF join at t for all windows, and one at ``t - length`` for each.

    DuckDB alone. An event that is known only after its end neither begins nor ends.
    """
    in_time = [f"known < event + {length}" for _, length in question.windows]
    began = _running(view, "known", _amounts(question, in_time, "", dialect), _sums(question))
    tables, joins, sums = [f"began AS ({began})"], [_asof(view, "began", "labels.label_time")], []
    for index, (_, length) in enumerate(question.windows):
        names = [f"{name}{index}" for name in ("n", *question.operands)]
        amounts = ", ".join(_amount(name, index, "true", "", dialect) for name in ("n", *question.operands))
        ended = _running(view, "event", amounts, names, f"WHERE {in_time[index]}")
        tables.append(f"ended{index} AS ({ended})")
        joins.append(_asof(view, f"ended{index}", f"labels.label_time - {length}"))
        sums += [f"coalesce(began.{name}, 0) - coalesce(ended{index}.{name}, 0) AS {name}" for name in names]
    own = ", ".join(f"labels.{name}" for name in labels)
    return f"WITH {', '.join(tables)} SELECT {own}, {', '.join(sums)} FROM labels {' '.join(joins)}"


def range_frames(question: Question, view: View, labels: Sequence[str], dialect: Dialect) -> str:
    """A RANGE frame a window over event time. It ignores known time, so it answers another question, and leaks."""
    key = ", ".join(view.entity)
    operands = question.operands
    nothing = ", ".join(f"NULL AS {name}" for name in labels if name not in view.entity)
    summed = ", ".join(f"CAST({name} AS {dialect.number}) AS {name}" for name in operands)
    events = f"SELECT {key}, event AS moment, 0 AS asks, {nothing}, {summed}, 1 AS n FROM events"
    asked = ", ".join(name for name in labels if name not in view.entity)
    asking = f"SELECT {key}, label_time, 1, {asked}, {', '.join('NULL' for _ in operands)}, NULL FROM labels"
    framed = [
        f"{'count' if name == 'n' else 'sum'}({name}) OVER frame{index} AS {name}{index}"
        for index in range(len(question.windows))
        for name in ("n", *operands)
    ]
    frames = [
        f"frame{index} AS (PARTITION BY {key} ORDER BY moment RANGE BETWEEN {length - 1} PRECEDING AND CURRENT ROW)"
        for index, (_, length) in enumerate(question.windows)
    ]
    return (
        f"SELECT {', '.join([*labels, *_sums(question)])} FROM (SELECT asks, {', '.join(labels)}, {', '.join(framed)} "
        f"FROM ({events} UNION ALL {asking}) AS rows_in_order WINDOW {', '.join(frames)}) AS framed WHERE asks = 1"
    )


def features(question: Question, view: View, labels: Sequence[str], summed: str) -> str:
    """SELECT of the labels and the view's features from a statement above."""
    whole = "BIGINT"
    columns = []
    for feature in question.features:
        for index, (suffix, _) in enumerate(question.windows):
            count = f"CAST(coalesce(n{index}, 0) AS {whole})"
            total = f"CAST({feature.operand}{index} AS {whole})"
            value = {
                "count": count,
                "sum": f"CASE WHEN n{index} > 0 THEN {total} END",
                "mean": f"CASE WHEN n{index} > 0 THEN CAST({total} AS DOUBLE) / CAST({count} AS DOUBLE) END",
            }[feature.kind]
            columns.append(f"{value} AS {view.name}__{feature.name}_{suffix}")
    return f"SELECT {', '.join([*labels, *columns])} FROM ({summed}) AS {view.name}_sums"


def _sums(question: Question) -> list[str]:
    return [f"{name}{index}" for index in range(len(question.windows)) for name in ("n", *question.operands)]


def _amounts(question: Question, conditions: Sequence[str], sign: str, dialect: Dialect) -> str:
    return ", ".join(
        _amount(name, index, condition, sign, dialect)
        for index, condition in enumerate(conditions)
        for name in ("n", *question.operands)
    )


def _amount(name: str, index: int, condition: str, sign: str, dialect: Dialect) -> str:
    amount = f"{sign}{'1' if name == 'n' else name}"
    return f"CAST(CASE WHEN {condition} THEN {amount} ELSE 0 END AS {dialect.number}) AS {name}{index}"


def _running(view: View, at: str, amounts: str, names: Sequence[str], where: str = "") -> str:
    """SELECT of the running sums of amounts of events, one row an entity and moment; on DuckDB."""
    key = ", ".join(view.entity)
    totals = ", ".join(f"CAST(sum({name}) AS {DUCKDB.number}) AS {name}" for name in names)
    running = ", ".join(f"sum({name}) OVER timeline AS {name}" for name in names)
    return (
        f"SELECT {key}, moment, {running} FROM (SELECT {key}, moment, {totals} FROM "
        f"(SELECT {key}, {at} AS moment, {amounts} FROM events {where}) GROUP BY {key}, moment) "
        f"WINDOW timeline AS (PARTITION BY {key} ORDER BY moment ROWS UNBOUNDED PRECEDING)"
    )


def _asof(view: View, table: str, moment: str) -> str:
    equal = " AND ".join(f"labels.{name} = {table}.{name}" for name in view.entity)
    return f"ASOF LEFT JOIN {table} ON {equal} AND {moment} >= {table}.moment"
