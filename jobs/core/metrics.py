"""Offline metrics of a binary classifier, in numpy alone: the training container has no scikit-learn."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating]
Labels = NDArray[np.number] | NDArray[np.bool_]

METRIC_NAMES = ("pr_auc", "roc_auc", "log_loss", "brier", "f1_weighted")
"""Names as the contract `Metrics` spells them."""

LOWER_IS_BETTER = frozenset({"log_loss", "brier"})

REPORTED_DECIMALS = 10
"""Metrics are rounded to this many decimals: processors differ in the last bits of a logarithm, reports must not."""


class UndefinedMetricError(ValueError):
    """The rows cannot be measured: none at all, one class only, or a score that is no probability."""


@dataclass(frozen=True)
class RankedScores:
    """Cumulative counts at every distinct score, from the highest score down.

    Attributes:
        thresholds: (n_distinct,) float64, descending; a row is positive at `score >= threshold`.
        true_positives: (n_distinct,) int64, positives at or above each threshold.
        predicted_positives: (n_distinct,) int64, rows at or above each threshold.
    """

    thresholds: NDArray[np.float64]
    true_positives: NDArray[np.int64]
    predicted_positives: NDArray[np.int64]

    @property
    def positives(self) -> int:
        """Positives among all rows."""
        return int(self.true_positives[-1])

    @property
    def rows(self) -> int:
        """All rows."""
        return int(self.predicted_positives[-1])


@dataclass(frozen=True)
class Confusion:
    """Counts of a binary decision."""

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int

    def as_contract(self) -> dict[str, int]:
        """The shape `ConfusionMatrix` of the contracts."""
        return {
            "truePositives": self.true_positives,
            "falsePositives": self.false_positives,
            "falseNegatives": self.false_negatives,
            "trueNegatives": self.true_negatives,
        }


def rank_scores(labels: Labels, scores: Scores) -> RankedScores:
    """Sorts the scores once, for every metric that depends on their order; equal scores are one step.

    Args:
        labels: (n_rows,) 0 or 1.
        scores: (n_rows,) probabilities of the positive class.

    Raises:
        UndefinedMetricError: fewer than two classes, or a score outside [0, 1].
    """
    is_positive = np.asarray(labels) > 0
    values = np.asarray(scores, dtype=np.float64)
    if not np.all((values >= 0) & (values <= 1)):
        raise UndefinedMetricError("scores must be probabilities between 0 and 1")
    positives = int(np.count_nonzero(is_positive))
    if positives in (0, len(values)):
        raise UndefinedMetricError(f"{positives} of {len(values)} rows are positive: metrics need both classes")
    order = np.argsort(-values, kind="stable")
    ranked = values[order]
    last_of_step = np.append(np.flatnonzero(ranked[1:] != ranked[:-1]), len(ranked) - 1)
    return RankedScores(
        thresholds=ranked[last_of_step],
        true_positives=np.cumsum(is_positive[order], dtype=np.int64)[last_of_step],
        predicted_positives=last_of_step.astype(np.int64) + 1,
    )


def average_precision(ranked: RankedScores) -> float:
    """Area under the precision-recall curve as the mean precision over the positives (no interpolation)."""
    precision = ranked.true_positives / ranked.predicted_positives
    gained = np.diff(ranked.true_positives, prepend=0)
    return float(np.sum(precision * gained) / ranked.positives)


def area_under_roc(ranked: RankedScores) -> float:
    """Probability that a random positive is scored above a random negative; ties count one half."""
    false_positives = ranked.predicted_positives - ranked.true_positives
    true_rate = np.concatenate([[0.0], ranked.true_positives / ranked.positives])
    false_rate = np.concatenate([[0.0], false_positives / (ranked.rows - ranked.positives)])
    return float(np.sum(np.diff(false_rate) * (true_rate[1:] + true_rate[:-1])) / 2)


def log_loss(labels: Labels, scores: Scores) -> float:
    """Mean negative log-likelihood; scores are kept one machine epsilon away from 0 and 1."""
    epsilon = np.finfo(np.float64).eps
    values = np.clip(np.asarray(scores, dtype=np.float64), epsilon, 1 - epsilon)
    return float(-np.mean(np.log(np.where(np.asarray(labels) > 0, values, 1 - values))))


def brier_score(labels: Labels, scores: Scores) -> float:
    """Mean squared difference between score and outcome."""
    outcome = (np.asarray(labels) > 0).astype(np.float64)
    return float(np.mean(np.square(np.asarray(scores, dtype=np.float64) - outcome)))


def best_f1_threshold(ranked: RankedScores) -> float:
    """The score at which the F1 of the positive class is greatest; the highest such score where several tie."""
    f1 = 2 * ranked.true_positives / (ranked.predicted_positives + ranked.positives)
    return float(ranked.thresholds[int(np.argmax(f1))])


def confusion_at(labels: Labels, scores: Scores, threshold: float) -> Confusion:
    """Counts where a row is predicted positive at `score >= threshold`."""
    is_positive = np.asarray(labels) > 0
    predicted = np.asarray(scores, dtype=np.float64) >= threshold
    true_positives = int(np.count_nonzero(is_positive & predicted))
    predicted_positives = int(np.count_nonzero(predicted))
    positives = int(np.count_nonzero(is_positive))
    return Confusion(
        true_positives=true_positives,
        false_positives=predicted_positives - true_positives,
        false_negatives=positives - true_positives,
        true_negatives=len(is_positive) - predicted_positives - positives + true_positives,
    )


def f1_weighted(confusion: Confusion) -> float:
    """F1 of both classes, weighted by their rows; a class never predicted and absent has F1 0."""
    positives = confusion.true_positives + confusion.false_negatives
    negatives = confusion.true_negatives + confusion.false_positives
    errors = confusion.false_positives + confusion.false_negatives
    weighted = positives * _f1(confusion.true_positives, errors) + negatives * _f1(confusion.true_negatives, errors)
    return weighted / (positives + negatives)


def binary_metrics(labels: Labels, scores: Scores, threshold: float) -> dict[str, float]:
    """All metrics of the contract `Metrics`; `f1_weighted` at the threshold, the others over all thresholds.

    Raises:
        UndefinedMetricError: fewer than two classes, or a score outside [0, 1].
    """
    ranked = rank_scores(labels, scores)
    values = {
        "pr_auc": average_precision(ranked),
        "roc_auc": area_under_roc(ranked),
        "log_loss": log_loss(labels, scores),
        "brier": brier_score(labels, scores),
        "f1_weighted": f1_weighted(confusion_at(labels, scores, threshold)),
    }
    return {name: round(value, REPORTED_DECIMALS) for name, value in values.items()}


def is_better(metric: str, value: float, than: float) -> bool:
    """Whether the value beats the other strictly, in the metric's own direction."""
    return value < than if metric in LOWER_IS_BETTER else value > than


def _f1(correct: int, errors: int) -> float:
    return 0.0 if correct == 0 else 2 * correct / (2 * correct + errors)
