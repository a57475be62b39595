"""What groups of features carry: how much worse a model scores once a group's rows are shuffled together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.metrics import LOWER_IS_BETTER, REPORTED_DECIMALS, binary_metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

SEED = 20_011


@dataclass(frozen=True)
class Measured:
    """A model on a split.

    Attributes:
        matrix: features as the model reads them, (n_rows, n_features).
        labels: (n_rows,), 0 or 1.
        score: the model.
        threshold: of the metrics that need one.
        metrics: the contract `Metrics` on these rows.
    """

    matrix: Floats
    labels: Floats
    score: Callable[[Floats], Floats]
    threshold: float
    metrics: Mapping[str, float]

    def drop(self, columns: Sequence[int]) -> dict[str, float]:
        """How much worse each metric becomes when columns take their values from other rows, all from the same one.

        Args:
            columns: positions of the group's features; their values are put back.

        Returns:
            The contract `Metrics`, each in its own direction: positive where the shuffled rows score worse.
        """
        kept = self.matrix[:, columns].copy()
        self.matrix[:, columns] = kept[np.random.default_rng(SEED).permutation(len(kept))]
        shuffled = binary_metrics(self.labels, self.score(self.matrix), self.threshold)
        self.matrix[:, columns] = kept
        return {name: _worse(name, value, shuffled[name]) for name, value in self.metrics.items()}


def _worse(metric: str, before: float, after: float) -> float:
    lost = after - before if metric in LOWER_IS_BETTER else before - after
    return round(lost, REPORTED_DECIMALS)
