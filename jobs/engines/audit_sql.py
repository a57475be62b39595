"""SQL of the leak audit: features by a range join of labels and rows, as the definition reads, on either engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engines.audit_aggregates import RANK, AggregateSql

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.audit_reading import Reading
    from core.feature_program import Aggregate, Engine, FeatureColumn, FeatureView

ROW = "audit_row"
SAMPLE = "audit_sample"
"""The audited label rows: ``audit_row`` bigint, ``label_time`` bigint microseconds, label columns as text."""

OFFENDING_COLUMNS = ("event_time", "known_time", "superseded_time", "row_key", "operand")


@dataclass(frozen=True)
class AuditSql:
    """Renders the statements of one engine."""

    engine: Engine

    def identifier(self, name: str) -> str:
        """A name as the engine quotes it."""
        quote = "`" if self.engine == "spark" else '"'
        return f"{quote}{name.replace(quote, 2 * quote)}{quote}"

    def candidates(self, view: FeatureView, sample: str, events: tuple[int, int] | None) -> str:
        """SELECT of the rows of a view whose entity is sampled, with what orders and supersedes them.

        Args:
            view: whose rows.
            sample: name of the label rows.
            events: first and last event time that matters, microseconds, both inclusive; None: all.
        """
        keys = [self.identifier(key) for key in view.event_keys]
        same = " AND ".join(
            f"e.{key} = s.{self.identifier(label)}" for key, label in zip(keys, view.label_keys, strict=True)
        )
        content = ", ".join(f"{self.identifier(name)} NULLS FIRST" for name in view.content)
        chosen = self._placed(view, events)
        return (
            f"SELECT *, {self._order(view, keys, content)}, {self._versions(view, content)} FROM ({chosen}) AS e "
            f"SEMI JOIN {sample} AS s ON {same}"
        )

    def features(self, view: FeatureView, reading: Reading, rows: str, sample: str) -> str:
        """SELECT of ``audit_row`` and the view's columns for every label row of a sample.

        Args:
            view: whose columns.
            reading: which rows count.
            rows: name of the view's candidates.
            sample: name of the label rows.
        """
        columns = [
            f"{self._aggregate(view, each, column, reading)} AS {self.identifier(column.name)}"
            for each in view.aggregates
            for column in each.columns
        ]
        joined = " AND ".join(self._joined(view, reading))
        return (
            f"SELECT s.{ROW}, {', '.join(columns)} FROM {sample} AS s LEFT JOIN {rows} AS e ON {joined} "
            f"GROUP BY s.{ROW} ORDER BY s.{ROW}"
        )

    def offending(
        self,
        view: FeatureView,
        column: str,
        readings: tuple[Reading | None, Reading],
        rows: str,
        label: tuple[str, int],
    ) -> str:
        """SELECT of the first row, by known time, event time and content, that a relaxed reading alone lets in.

        Args:
            view: whose rows.
            column: the feature.
            readings: the relaxed one, None for any row that was not known; and the definition.
            rows: name of the view's candidates.
            label: name of the label rows, and which of them.

        Returns:
            ``OFFENDING_COLUMNS`` of every such row, in order.
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
            f"FROM {label[0]} AS s JOIN {rows} AS e ON {' AND '.join(self._same(view))} "
            f"WHERE s.{ROW} = {label[1]} AND {let_in} AND {present} "
            f"ORDER BY e.known_time, e.event_time{', ' if order else ''}{order}"
        )

    def _placed(self, view: FeatureView, events: tuple[int, int] | None) -> str:
        rows = f"SELECT * FROM ({view.events[self.engine]}) AS view_events"
        if view.timeless:
            return rows
        within = "" if events is None else f" AND event_time >= {events[0]} AND event_time <= {events[1]}"
        return f"{rows} WHERE event_time IS NOT NULL AND known_time IS NOT NULL{within}"

    def _order(self, view: FeatureView, keys: Sequence[str], content: str) -> str:
        times = [] if view.timeless else ["event_time", "known_time"]
        order = ", ".join([*times, *([content] if content else [])]) or "1"
        return f"row_number() OVER (PARTITION BY {', '.join(keys)} ORDER BY {order}) AS {RANK}"

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

    def _same(self, view: FeatureView) -> list[str]:
        return [f"e.{self.identifier(each.event)} = s.{self.identifier(each.label)}" for each in view.entity]

    def _joined(self, view: FeatureView, reading: Reading) -> Iterable[str]:
        yield from self._same(view)
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


def _column_of(view: FeatureView, name: str) -> tuple[Aggregate, FeatureColumn]:
    return next((each, column) for each in view.aggregates for column in each.columns if column.name == name)
