"""A training set of which some label days are kept from other sets and an engine computes the others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np
from core.split import TimeCounts

from engines.label_days import CALLS
from engines.training_set import WrittenParts, collected
from engines.written_days import place_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.split import Boundaries
    from numpy.typing import NDArray

    from engines.reuse import Reuse
    from engines.storage import Storage
    from engines.training_set import TrainingSetEngine, TrainingSetJob


class PartlyKept:
    """A :class:`engines.training_set.TrainingSetEngine` that computes only what is not kept."""

    def __init__(self, storage: Storage, reuse: Reuse, timeline: Callable[[TrainingSetJob], TrainingSetEngine]) -> None:
        """Makes an engine unless there is nothing left for it."""
        self._storage = storage
        self._reuse = reuse
        self._engine = None if reuse.job.days == () else timeline(reuse.job)

    def label_days(self) -> TimeCounts:
        """Labels per UTC day of their label time."""
        kept = self._reuse.days
        computed = TimeCounts(_int64s([]), _int64s([])) if self._engine is None else self._engine.label_days()
        times = np.concatenate([computed.times, _int64s(list(kept))])
        rows = np.concatenate([computed.rows, _int64s([day.rows for day in kept.values()])])
        order = np.argsort(times)
        return TimeCounts(times[order], rows[order])

    def label_times(self, day: int) -> TimeCounts:
        """Labels per label time within a day."""
        kept = self._reuse.days.get(day)
        if kept is not None:
            return kept.label_times(self._storage)
        if self._engine is None:
            message = f"no label lies on day {day}"
            raise LookupError(message)
        return self._engine.label_times(day)

    def write(self, boundaries: Boundaries | None) -> WrittenParts:
        """Computes and writes the days that are not kept, and makes those that are parts of the set."""
        computed = WrittenParts() if self._engine is None else self._engine.write(boundaries)
        if boundaries is None:
            return computed
        return collected(chain([computed], self._placed(boundaries)))

    def _placed(self, boundaries: Boundaries) -> Iterator[WrittenParts]:
        """Makes the kept days parts of the set, a few ahead of those that were asked for."""
        job, days = self._reuse.job, iter(self._reuse.days.values())
        with ThreadPoolExecutor(CALLS) as pool:
            while some := list(islice(days, CALLS)):
                yield from pool.map(lambda day: place_day(self._storage, job, day, boundaries), some)


def _int64s(values: list[int]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)
