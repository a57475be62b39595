"""The split: where it lies, who belongs to which part, and whose label was known too late.

By time, rows are split in order of label time. The boundaries are label times themselves, so rows with equal label
times are never parted: train is ``t < validation_from``, validation ``validation_from <= t < test_from``, test the
rest.

By entity, whole entities go to one part, by a stable hash of their values; nothing is purged.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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


def entity_codes(entities: pa.Table, shares: SplitShares) -> NDArray[np.int8]:
    """Index into SPLITS of the part that each row's entity belongs to.

    Args:
        entities: text and integer columns, (n_rows,) each: rows with equal values, NULLs equal too, go to one part.
        shares: of the entities.

    Returns:
        int8, (n_rows,). Only distinct entities are hashed.
    """
    columns = [column.combine_chunks().dictionary_encode("encode") for column in entities.columns]
    code = np.zeros(entities.num_rows, dtype=np.int64)
    for column in columns:
        code = code * len(column.dictionary) + column.indices.to_numpy()
        _, code = np.unique(code, return_inverse=True)
    _, first = np.unique(code, return_index=True)
    distinct = entities.take(pa.array(first))
    parts = [entity_part(values, shares) for values in zip(*(c.to_pylist() for c in distinct.columns), strict=True)]
    return np.array(parts, dtype=np.int8)[code]


def entity_part(values: Sequence[str | int | None], shares: SplitShares) -> int:
    """Index into SPLITS of one entity: where the first 8 bytes of the SHA-256 of its JSON lie in [0, 1)."""
    text = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))
    place = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    return sum(place >= share * (1 << 64) for share in (shares.train, shares.train + shares.validation))


def _limit(boundary: int, embargo: int) -> int:
    return boundary if boundary == NEVER else boundary - embargo
