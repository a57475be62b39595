"""Each kind of aggregate over a column of a window, by label position.

Results of integers are integers, of doubles doubles; a mean, a share, a variance and a percentile are doubles, and so
is whatever has a scale but a count. Quotients are of exact integers, each rounded once to a double.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from core.distinct_cover import disjoint_by_value
from core.float_order import order_keys, values_of_keys
from core.greatest_cover import greatest_cover
from core.operand import Operand
from core.percentile import percentile
from core.running_totals import cover_count

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from core.feature_program import Aggregate, AggregateKind
    from core.window_rows import WindowColumn

    Numbers = NDArray[Any]  # int64 or float64
    Computed = list[Operand]

SUMMED: tuple[AggregateKind, ...] = ("sum", "mean", "share", "variance")
"""Kinds that add up: over integers alone, for a sum of doubles depends on the order of its rows."""


def aggregate_column(aggregate: Aggregate, column: WindowColumn) -> Computed:
    """Computes an aggregate of a column.

    Returns:
        What stands at each label position, (n_labels,); of ``last-n`` one for each position from 1, else one.

    Raises:
        SumOverflowError: an exact sum might not fit into int64.
    """
    return _KINDS[aggregate.kind](aggregate, column)


def _count(_: Aggregate, column: WindowColumn) -> Computed:
    return [Operand(column.rows.count)]


def _count_distinct(_: Aggregate, column: WindowColumn) -> Computed:
    ranges = column.rows.ranges
    pieces = disjoint_by_value(ranges.first, ranges.last, order_keys(column.values))
    return [Operand(cover_count(*pieces, column.rows.size))]


def _sum(aggregate: Aggregate, column: WindowColumn) -> Computed:
    return [Operand(column.total, column.rows.count > 0).scaled(aggregate.scale)]


def _mean(aggregate: Aggregate, column: WindowColumn) -> Computed:
    count = column.rows.count
    return [Operand(column.total / (np.maximum(count, 1) * 10**aggregate.scale), count > 0)]


def _variance(aggregate: Aggregate, column: WindowColumn) -> Computed:
    return [Operand(column.variance(aggregate.scale), column.rows.count > 1)]


def _min(aggregate: Aggregate, column: WindowColumn) -> Computed:
    return [_extreme(column, aggregate.scale, np.invert)]


def _max(aggregate: Aggregate, column: WindowColumn) -> Computed:
    return [_extreme(column, aggregate.scale, np.positive)]


def _extreme(column: WindowColumn, scale: int, direction: np.ufunc) -> Operand:
    """The value whose key is greatest in a direction; inverting the bits of an integer reverses the order."""
    ranges = column.rows.ranges
    keys = direction(order_keys(column.values))
    greatest = direction(greatest_cover(ranges.first, ranges.last, keys, column.rows.size))
    found = column.rows.count > 0
    return Operand(values_of_keys(np.where(found, greatest, 0), column.values.dtype), found).scaled(scale)


def _first(aggregate: Aggregate, column: WindowColumn) -> Computed:
    return [column.of(column.rows.oldest).scaled(aggregate.scale)]


def _newest(aggregate: Aggregate, column: WindowColumn) -> Computed:
    how_many = max((each.position or 1 for each in aggregate.columns), default=1)
    return [column.of(rows).scaled(aggregate.scale) for rows in column.rows.newest(how_many)]


def _quantile(aggregate: Aggregate, column: WindowColumn) -> Computed:
    quantile = aggregate.quantile or Fraction(0)
    ranges, count = column.rows.ranges, column.rows.count
    computed = percentile(ranges.first, ranges.last, column.values, count, quantile)
    return [Operand(computed, count > 0).scaled(aggregate.scale)]


_KINDS: Mapping[AggregateKind, Callable[[Aggregate, WindowColumn], Computed]] = {
    "count": _count,
    "count-distinct": _count_distinct,
    "sum": _sum,
    "mean": _mean,
    "share": _mean,
    "variance": _variance,
    "min": _min,
    "max": _max,
    "first": _first,
    "last": _newest,
    "last-n": _newest,
    "latest": _newest,
    "quantile": _quantile,
}
