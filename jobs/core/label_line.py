"""The labels in order of (entity, time): the positions that everything on a timeline is expressed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from core.bucket_search import BucketSearch
from core.lexicographic_order import lexicographic_order
from core.number_line import NumberLine

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]
    Positions = NDArray[np.intp]


@dataclass(frozen=True)
class Labels:
    """Whom and when the features are for.

    Attributes:
        entity: codes from 0, (n_labels,); negative: part of the key is NULL, so it is nobody's label.
        time: label times, int64 UTC microseconds, (n_labels,).
    """

    entity: Int64s
    time: Int64s


class LabelLine:
    """Labels in order; one sort serves every view whose entities are coded alike.

    Attributes:
        entities: entity codes of the labels lie below this.
        segment: the entity of each position, (n_labels,), rising; ``entities`` for nobody's labels, which come last.
        time: label times by position, (n_labels,), rising within a segment.
    """

    def __init__(self, labels: Labels) -> None:
        """Orders labels, given in any order, repeated ones allowed."""
        self.entities = int(labels.entity.max(initial=-1)) + 1
        segment = np.where(labels.entity < 0, self.entities, labels.entity)
        self._order = lexicographic_order([segment, labels.time])
        self.segment, self.time = segment[self._order], labels.time[self._order]
        self._line = NumberLine(self.time, self.entities + 1)
        self._places = BucketSearch(self._line.at(self.segment, self.time))

    @property
    def size(self) -> int:
        """Number of labels."""
        return len(self.time)

    def place(self, entity: Int64s, time: Int64s) -> Int64s:
        """Places entities at times on the line of the labels, (n,)."""
        return self._line.at(entity, time)

    def first_at(self, place: Int64s) -> Positions:
        """Finds the first position of an entity at or after a time, behind its last where there is none, by place."""
        return self._places.find(place)

    def in_given_order(self, values: NDArray[Any]) -> NDArray[Any]:
        """Brings values by position, (n_labels,), into the order in which the labels were given."""
        given = np.empty_like(values)
        given[self._order] = values
        return given
