"""The metrics against scikit-learn, which the training container does not have."""

import numpy as np
import pytest
from core.metrics import (
    UndefinedMetricError,
    best_f1_threshold,
    binary_metrics,
    confusion_at,
    is_better,
    rank_scores,
)
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle


@st.composite
def scored_rows(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Labels of both classes, and scores with many ties."""
    count = draw(st.integers(2, 60))
    labels = draw(st.lists(st.integers(0, 1), min_size=count, max_size=count).filter(lambda v: 0 < sum(v) < len(v)))
    score = st.one_of(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.floats(0, 1, width=32))
    scores = draw(st.lists(score, min_size=count, max_size=count))
    return np.array(labels), np.array(scores, dtype=np.float32)


@given(scored_rows(), st.floats(0, 1))
def test_metrics_equal_scikit_learn(rows: tuple[np.ndarray, np.ndarray], threshold: float) -> None:
    labels, scores = rows
    wide = scores.astype(np.float64)

    measured = binary_metrics(labels, scores, threshold)

    expected = {
        "pr_auc": oracle.average_precision_score(labels, wide),
        "roc_auc": oracle.roc_auc_score(labels, wide),
        "log_loss": oracle.log_loss(labels, wide, labels=[0, 1]),
        "brier": oracle.brier_score_loss(labels, wide),
        "f1_weighted": oracle.f1_score(labels, wide >= threshold, average="weighted", zero_division=0),
    }
    assert measured == pytest.approx(expected, abs=1e-9)


@given(scored_rows(), st.floats(0, 1))
def test_the_confusion_matrix_equals_scikit_learn(rows: tuple[np.ndarray, np.ndarray], threshold: float) -> None:
    labels, scores = rows

    found = confusion_at(labels, scores, threshold)

    negatives, positives = oracle.confusion_matrix(labels, scores.astype(np.float64) >= threshold, labels=[0, 1])
    assert [found.true_negatives, found.false_positives] == list(negatives)
    assert [found.false_negatives, found.true_positives] == list(positives)


@given(scored_rows())
def test_no_threshold_has_a_greater_f1_than_the_chosen_one(rows: tuple[np.ndarray, np.ndarray]) -> None:
    labels, scores = rows

    def f1(threshold: float) -> float:
        return float(oracle.f1_score(labels, scores >= threshold, zero_division=0))

    chosen = best_f1_threshold(rank_scores(labels, scores))

    assert f1(chosen) == pytest.approx(max(f1(score) for score in {*scores.tolist()}))
    assert chosen in scores.astype(np.float64)


@pytest.mark.parametrize("labels", [[0, 0], [1, 1], []])
def test_one_class_is_refused(labels: list[int]) -> None:
    with pytest.raises(UndefinedMetricError, match="both classes"):
        binary_metrics(np.array(labels), np.full(len(labels), 0.5), 0.5)


@pytest.mark.parametrize("score", [float("nan"), -0.1, 1.1])
def test_a_score_that_is_no_probability_is_refused(score: float) -> None:
    with pytest.raises(UndefinedMetricError, match="between 0 and 1"):
        rank_scores(np.array([0, 1]), np.array([0.5, score]))


def test_losses_are_better_when_lower() -> None:
    assert is_better("log_loss", 0.1, than=0.2)
    assert is_better("pr_auc", 0.2, than=0.1)
    assert not is_better("brier", 0.2, than=0.2)
