"""Aggregates of the leak audit as SQL over the rows that count, on either engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.feature_program import Aggregate, Engine, FeatureColumn

RANK = "row_rank"
"""Column that orders an entity's rows by event time, known time and content."""


@dataclass(frozen=True)
class AggregateSql:
    """Renders the aggregates of one engine; rows are those of ``e`` that ``kept``, a FILTER clause, lets through."""

    engine: Engine

    def column(self, each: Aggregate, column: FeatureColumn, value: str, kept: str) -> str:
        """A column's value: what is no count is divided by 10 ** scale, in float64.

        Args:
            each: the aggregate.
            column: which of its columns.
            value: its operand, not NULL in the rows that are kept; of no account for a count of rows.
            kept: the FILTER clause.
        """
        if each.kind in ("count", "count-distinct"):
            return f"count({'DISTINCT ' + value if each.kind == 'count-distinct' else '*'}) {kept}"
        result = self._total(each, value, kept) or self._picked(each, column, value, kept)
        if not each.scale:
            return f"CAST({result} AS BIGINT)" if each.kind == "sum" else result
        power = 2 * each.scale if each.kind == "variance" else each.scale
        return f"CAST({result} AS DOUBLE) / CAST({10**power} AS DOUBLE)"

    def _total(self, each: Aggregate, value: str, kept: str) -> str | None:
        """Sums, exact, and what is made of them."""
        number, total = f"CAST(count(*) {kept} AS DOUBLE)", f"sum({self._exact(value)}) {kept}"
        if each.kind == "sum":
            return total
        if each.kind in ("mean", "share"):
            return f"CAST({total} AS DOUBLE) / NULLIF({number}, 0)"
        if each.kind == "variance":
            squares = f"sum({self._exact(value)} * {self._exact(value)}) {kept}"
            deviation = f"CAST({squares} * (count(*) {kept}) - ({total}) * ({total}) AS DOUBLE)"
            return f"{deviation} / NULLIF({number} * ({number} - 1), 0)"
        return None

    def _picked(self, each: Aggregate, column: FeatureColumn, value: str, kept: str) -> str:
        """Values of single rows, and quantiles between them."""
        if each.kind in ("min", "max"):
            return f"{each.kind}({value}) {kept}"
        if each.kind == "quantile":
            name = "percentile" if self.engine == "spark" else "quantile_cont"
            return f"{name}(CAST({value} AS DOUBLE), {float(each.quantile or 0)!r}) {kept}"
        if each.kind == "last-n":
            return self._newest(value, column.position or 1, kept)
        end = "min" if each.kind == "first" else "max"
        return f"{f'{end}_by' if self.engine == 'spark' else f'arg_{end}'}({value}, e.{RANK}) {kept}"

    def _newest(self, value: str, position: int, kept: str) -> str:
        if self.engine == "spark":
            ordered = f"sort_array(collect_list(struct(e.{RANK} AS place, {value} AS held)) {kept}, false)"
            return f"try_element_at({ordered}, {position}).held"
        return f"(arg_max({value}, e.{RANK}, {position}) {kept})[{position}]"

    def _exact(self, value: str) -> str:
        return f"CAST({value} AS {'DECIMAL(38, 0)' if self.engine == 'spark' else 'HUGEINT'})"
