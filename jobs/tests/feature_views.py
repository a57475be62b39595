"""Feature views of tests, with the columns that a compiled program would name."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from core.feature_program import Aggregate, FeatureColumn, FeatureView, JoinKey, OperandColumn, Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.feature_program import AggregateKind

Asked = tuple[str, "AggregateKind", "str | None"]


def aggregate(name: str, kind: AggregateKind, value: str | None, windows: Sequence[Window]) -> Aggregate:
    """One value over every window, or over none where it is a latest value."""
    latest = (FeatureColumn(f"v__{name}", None),)
    over = tuple(FeatureColumn(f"v__{name}_{window.suffix}", index) for index, window in enumerate(windows))
    quantile = Fraction("0.375") if kind == "quantile" else None
    return Aggregate(name, kind, value, latest if kind == "latest" else over, quantile=quantile)


def feature_view(
    entity: Sequence[str],
    aggregates: Sequence[Asked],
    windows: Sequence[Window],
    *,
    ttl: int | None,
    corrects: bool,
    operands: Sequence[OperandColumn],
) -> FeatureView:
    """A view named ``v`` over rows whose content is their operands."""
    return FeatureView(
        name="v",
        version="1",
        source="s",
        entity=tuple(JoinKey(name, name) for name in entity),
        events={},
        timeless=False,
        corrects=corrects,
        operands=tuple(operands),
        content=tuple(each.name for each in operands),
        windows=tuple(windows),
        ttl=ttl,
        aggregates=tuple(aggregate(*each, windows) for each in aggregates),
    )
