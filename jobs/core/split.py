"""The split by time: where it lies, who belongs to which part, and whose label was known too late.

Rows are split in order of label time. The boundaries are label times themselves, so rows with equal label times are
never parted: train is ``t < validation_from``, validation ``validation_from <= t < test_from``, test the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from core.feature_program import SplitShares

    Int64s = NDArray[np.int64]

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")

MICROSECONDS_PER_DAY = 86_400_000_000
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class TimeCounts:
    """How many rows there are at each time, or on each UTC day since the epoch: ``times`` ascending, (n_times,)."""

    times: Int64s
    rows: Int64s

    @property
    def total(self) -> int:
        """Number of rows."""
        return int(self.rows.sum())

    def locate(self, row: int) -> tuple[int, int]:
        """Finds a row, numbered from 0 in order of time.

        Returns:
            The time that it has, and its number among the rows of that time.
        """
        after = np.cumsum(self.rows)
        index = int(np.searchsorted(after, row, side="right"))
        return int(self.times[index]), row - int(after[index] - self.rows[index])


@dataclass(frozen=True)
class Boundaries:
    """First label time of validation and of test, UTC microseconds; NEVER for a part that no row reaches."""

    validation_from: int
    test_from: int


def find_boundaries(days: TimeCounts, counts_in_day: Callable[[int], TimeCounts], shares: SplitShares) -> Boundaries:
    """Finds the exact label times at which a split by time begins its later parts.

    Args:
        days: rows per UTC day of the label time.
        counts_in_day: rows per label time within a day of ``days``; asked for two days at most.
        shares: parts of the rows; a part begins with row ``floor(shares before it * rows)``.
    """

    def label_time_of(row: int) -> int:
        if row >= days.total:
            return NEVER
        day, within = days.locate(row)
        return counts_in_day(day).locate(within)[0]

    return Boundaries(
        validation_from=label_time_of(int(shares.train * days.total)),
        test_from=label_time_of(int((shares.train + shares.validation) * days.total)),
    )


def split_codes(label_times: Int64s, boundaries: Boundaries) -> NDArray[np.int8]:
    """Index into SPLITS of the part that each label time belongs to, (n_rows,)."""
    codes = (label_times >= boundaries.validation_from).astype(np.int8)
    return codes + (label_times >= boundaries.test_from).astype(np.int8)


def known_in_time(codes: NDArray[np.int8], known: Int64s, boundaries: Boundaries, embargo: int) -> NDArray[np.bool_]:
    """Which rows stay: their label was known when the next part begins, or an embargo earlier.

    Args:
        codes: as from :func:`split_codes`, (n_rows,).
        known: when each label became known, UTC microseconds, (n_rows,).
        boundaries: of the split.
        embargo: microseconds; widens what is purged.

    Returns:
        False for the rows to purge, (n_rows,). Nothing follows the last part, so all its rows stay.
    """
    limits = np.array([_limit(boundaries.validation_from, embargo), _limit(boundaries.test_from, embargo), NEVER])
    return known <= limits[codes]


def _limit(boundary: int, embargo: int) -> int:
    return boundary if boundary == NEVER else boundary - embargo
