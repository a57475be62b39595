"""A column by place of a timeline, with the running sums that all windows share."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from core.accumulation import Accumulation

if TYPE_CHECKING:
    from core.operand import Operand
    from core.timeline import Timeline


class PlacedColumn:
    """A column of the rows of a timeline.

    Attributes:
        operand: the column by row of the events.
        values: by place, (n_places,). What stands under a NULL is arbitrary.
        valid: False where the value is NULL, (n_places,); None where none is.
    """

    def __init__(self, timeline: Timeline, operand: Operand) -> None:
        placed = operand.take(timeline.row)
        self.operand = operand
        self.values, self.valid = placed.values, placed.valid

    @cached_property
    def present(self) -> Accumulation | None:
        """One of each row that has a value; None where all do."""
        return None if self.valid is None else Accumulation(self.valid.astype(np.int64))

    @cached_property
    def amounts(self) -> Accumulation:
        """The values, 0 of NULL; of integers alone."""
        return Accumulation(self.values if self.valid is None else np.where(self.valid, self.values, 0))
