"""SQL of the leak audit: features by a range join of labels and rows, as the definition reads, on either engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engines.audit_aggregates import RANK, AggregateSql

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.audit_reading import Reading
    from core.feature_program import Aggregate, Engine, FeatureColumn, FeatureView

ROW = "audit_row"
SAMPLE = "audit_sample"
"""The audited label rows: ``audit_row`` bigint, ``label_time`` bigint microseconds, the label columns."""

_ORDERED = ("first", "last", "last-n", "latest")
_BUCKETS = 4
"""Time buckets that a view's lookback is cut into: label rows meet only rows of buckets that they reach."""


@dataclass(frozen=True)
class LabelRows:
    """Label rows under a name; with a ``width`` they are repeated for each time bucket that they reach."""

    name: str
    width: int | None = None

    @property
    def sample(self) -> str:
        """Name of the label rows, each once."""
        return self.name if self.width is None else SAMPLE


@dataclass(frozen=True)
class AuditSql:
    """Renders the statements of one engine."""

    engine: Engine

    def identifier(self, name: str) -> str:
        """A name as the engine quotes it."""
        quote = "`" if self.engine == "spark" else '"'
        return f"{quote}{name.replace(quote, 2 * quote)}{quote}"

    def reach(self, lookback: int) -> tuple[int, str]:
        """Width of time buckets, and SELECT of ``SAMPLE`` with a row for each bucket that a label row reaches."""
        width = max(1, -(-lookback // _BUCKETS))
        offsets = ", ".join(f"({number * width})" for number in range(-(-lookback // width) + 1))
        bucket = f"{_floor('s.label_time', width)} - o.back AS bucket"
        return width, f"SELECT s.*, {bucket} FROM {SAMPLE} AS s CROSS JOIN (VALUES {offsets}) AS o(back)"

    def candidates(self, view: FeatureView, labels: LabelRows, events: tuple[int, int] | None) -> str:
        """SELECT of the rows of a view that label rows can reach, with what orders and supersedes them.

        Args:
            view: whose rows.
            labels: the label rows.
            events: first and last event time that matters, microseconds, both inclusive; None: all.
        """
        content = ", ".join(f"{self.identifier(name)} NULLS FIRST" for name in view.content)
        added = [self._order(view, content), self._versions(view, content)]
        return (
            f"SELECT *, {', '.join(added)} FROM ({self._placed(view, labels, events)}) AS e "
            f"SEMI JOIN {labels.name} AS s ON {' AND '.join(self._same(view, labels))}"
        )

    def features(self, view: FeatureView, reading: Reading, rows: str, labels: LabelRows) -> str:
        """SELECT of ``audit_row`` and the view's columns for every label row.

        Args:
            view: whose columns.
            reading: which rows count.
            rows: name of the view's candidates.
            labels: the label rows.
        """
        columns = [
            f"{self._aggregate(view, each, column, reading)} AS {self.identifier(column.name)}"
            for each in view.aggregates
            for column in each.columns
        ]
        # The range conditions belong to an inner join, which every engine can hash by entity; only then the rest.
        joined = " AND ".join(self._joined(view, reading, labels))
        met = f"SELECT s.{ROW} AS met_row, e.* FROM {labels.name} AS s JOIN {rows} AS e ON {joined}"
        return (
            f"SELECT s.{ROW}, {', '.join(columns)} FROM {labels.sample} AS s LEFT JOIN ({met}) AS e "
            f"ON e.met_row = s.{ROW} GROUP BY s.{ROW} ORDER BY s.{ROW}"
        )

    def offending(
        self,
        view: FeatureView,
        column: str,
        readings: tuple[Reading | None, Reading],
        rows: str,
        label: tuple[LabelRows, int],
    ) -> str:
        """SELECT of the first row, by known time, event time and content, that a relaxed reading alone lets in.

        Args:
            view: whose rows.
            column: the feature.
            readings: the relaxed one, None for any row that was not known; and the definition.
            rows: name of the view's candidates.
            label: name of the label rows, and which of them.

        Returns:
            Event time, known time, superseded time, row key and operand of every such row, in order.
        """
        each, place = _column_of(view, column)
        relaxed, known = readings
        let_in = "e.known_time > s.label_time"
        if relaxed is not None:
            let_in = f"{self._counts(view, place, relaxed)} AND NOT ({self._counts(view, place, known)})"
        operand = "CAST(NULL AS BIGINT)" if each.value is None else f"e.{self.identifier(each.value)}"
        present = "TRUE" if each.value is None else f"{operand} IS NOT NULL"
        row_key = "e.row_key" if view.corrects else "CAST(NULL AS STRING)"
        order = ", ".join(f"e.{self.identifier(name)} NULLS FIRST" for name in view.content)
        return (
            f"SELECT e.event_time, e.known_time, e.superseded_time, {row_key} AS row_key, {operand} AS operand "
            f"FROM {label[0].name} AS s JOIN {rows} AS e ON {' AND '.join(self._same(view, label[0]))} "
            f"WHERE s.{ROW} = {label[1]} AND {let_in} AND {present} "
            f"ORDER BY e.known_time, e.event_time{', ' if order else ''}{order}"
        )

    def _placed(self, view: FeatureView, labels: LabelRows, events: tuple[int, int] | None) -> str:
        bucket = "" if labels.width is None else f", {_floor('event_time', labels.width)} AS bucket"
        rows = f"SELECT *{bucket} FROM ({view.events[self.engine]}) AS view_events"
        if view.timeless:
            return rows
        within = "" if events is None else f" AND event_time >= {events[0]} AND event_time <= {events[1]}"
        return f"{rows} WHERE event_time IS NOT NULL AND known_time IS NOT NULL{within}"

    def _order(self, view: FeatureView, content: str) -> str:
        """Rank in the entity by event time, known time and content, where a value is picked by it; 1 elsewhere."""
        if view.timeless or not any(each.kind in _ORDERED for each in view.aggregates):
            return f"1 AS {RANK}"
        keys = ", ".join(self.identifier(key) for key in view.event_keys)
        order = ", ".join(["event_time", "known_time", *([content] if content else [])])
        return f"row_number() OVER (PARTITION BY {keys} ORDER BY {order}) AS {RANK}"

    def _versions(self, view: FeatureView, content: str) -> str:
        if view.timeless:
            return "CAST(NULL AS BIGINT) AS superseded_time"
        if not view.corrects:
            return "CAST(NULL AS BIGINT) AS superseded_time, known_time AS first_known_time"
        order = f"known_time{', ' if content else ''}{content}"
        return (
            f"CASE WHEN row_key IS NULL THEN NULL ELSE lead(known_time) OVER (PARTITION BY row_key ORDER BY {order}) "
            "END AS superseded_time, CASE WHEN row_key IS NULL THEN known_time ELSE "
            "min(known_time) OVER (PARTITION BY row_key) END AS first_known_time"
        )

    def _same(self, view: FeatureView, labels: LabelRows) -> list[str]:
        keys = [f"e.{self.identifier(each.event)} = s.{self.identifier(each.label)}" for each in view.entity]
        return [*keys, *([] if labels.width is None else ["e.bucket = s.bucket"])]

    def _joined(self, view: FeatureView, reading: Reading, labels: LabelRows) -> Iterable[str]:
        yield from self._same(view, labels)
        if view.timeless:
            return
        yield reading.takes_part
        lookback = reading.lookback(view)
        if lookback is not None:
            yield f"s.label_time <= e.event_time + {lookback}"

    def _counts(self, view: FeatureView, column: FeatureColumn, reading: Reading) -> str:
        return f"{reading.takes_part} AND {self._reached(view, column, reading)}"

    def _reached(self, view: FeatureView, column: FeatureColumn, reading: Reading) -> str:
        if view.timeless:
            return "TRUE"
        if column.window is None:
            return reading.within_ttl(view.ttl)
        return reading.in_window(view.windows[column.window])

    def _aggregate(self, view: FeatureView, each: Aggregate, column: FeatureColumn, reading: Reading) -> str:
        value = "" if each.value is None else f"e.{self.identifier(each.value)}"
        conditions = [self._reached(view, column, reading), f"e.{RANK} IS NOT NULL"]
        conditions += [f"{value} IS NOT NULL"] if value else []
        kept = f"FILTER (WHERE {' AND '.join(conditions)})"
        return AggregateSql(self.engine).column(each, column, value, kept)


def _floor(time: str, width: int) -> str:
    """A time rounded down to a multiple of a width, before 1970 too."""
    return f"{time} - (({time} % {width}) + {width}) % {width}"


def _column_of(view: FeatureView, name: str) -> tuple[Aggregate, FeatureColumn]:
    return next((each, column) for each in view.aggregates for column in each.columns if column.name == name)
