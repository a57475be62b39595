"""Views that are computed together: those on the same columns of the labels share their order and their codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
from core.feature_view import evaluate_views

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.feature_program import FeatureView


@dataclass(frozen=True)
class ViewGroup:
    """Views that join the same label columns, in the same order."""

    label_keys: tuple[str, ...]
    views: tuple[FeatureView, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that the views add."""
        return tuple(column for view in self.views for column in view.columns)


def view_groups(views: Iterable[FeatureView]) -> tuple[ViewGroup, ...]:
    """Groups views by the label columns that they join, in order of the first of each."""
    groups: dict[tuple[str, ...], list[FeatureView]] = {}
    for view in views:
        groups.setdefault(view.label_keys, []).append(view)
    return tuple(ViewGroup(keys, tuple(of_keys)) for keys, of_keys in groups.items())


def with_features(group: ViewGroup, events: Sequence[pa.Table], labels: pa.Table) -> pa.Table:
    """Appends the columns of a group's views, whose events are given in their order, to the labels."""
    for name, column in evaluate_views(group.views, events, labels).items():
        labels = labels.append_column(name, pa.chunked_array([column]))
    return labels
