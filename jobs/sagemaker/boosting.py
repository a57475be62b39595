"""XGBoost under segment-canonical training: the matrix, one segment, the joined model."""

import json
from collections.abc import Mapping, Sequence

import numpy as np
import xgboost
from core.hyperparameters import OBJECTIVE
from core.segments import Chain, Segment, join_segments
from numpy.typing import NDArray

Floats = NDArray[np.float32]

DEFAULT_MAX_BIN = 256

CUT_SAMPLE_ROWS = 2**18
"""Rows that the bins' edges are computed from, evenly spaced over the split: a thousand rows a bin. Sketching every row
took 6.1 s of 2.1 million x 30 on two threads; sketching the sample and binning all rows takes 3.5 s."""


def quantile_matrix(
    features: Floats, labels: Floats, names: Sequence[str], options: Mapping[str, int]
) -> xgboost.QuantileDMatrix:
    """Bins a split: a byte or two a value, a quarter of the float32 matrix, which is needed no longer.

    Args:
        features: (n_rows, n_features), NaN where a value is missing.
        labels: (n_rows,), 0 or 1.
        names: the features' names, in column order.
        options: `max_bin` and `nthread`.
    """
    stride = max(1, len(labels) // CUT_SAMPLE_ROWS)
    if stride == 1:
        return xgboost.QuantileDMatrix(features, labels, feature_names=names, **options)
    sample = xgboost.QuantileDMatrix(
        np.ascontiguousarray(features[::stride]), labels[::stride], feature_names=names, **options
    )
    return xgboost.QuantileDMatrix(features, labels, feature_names=names, ref=sample, **options)


class SegmentTrainer:
    """Boosts one segment after the other on a training matrix.

    Between segments it holds the training rows' margin, so that a segment costs its own rounds only. The margin is a
    float32 sum in the order of the trees, the same whether it grew with the training or is predicted from checkpoints.
    """

    def __init__(self, matrix: xgboost.QuantileDMatrix, parameters: Mapping[str, int | float | str]) -> None:
        self._matrix = matrix
        self._parameters = {
            **parameters,
            "objective": OBJECTIVE,
            "tree_method": "hist",
            "booster": "gbtree",
            "disable_default_eval_metric": 1,
        }

    def catch_up(self, chain: Chain) -> None:
        """Makes the matrix's margin that of the finished segments."""
        for model in chain.models:
            self._advance(load_booster(model, int(self._parameters["nthread"])))

    def train(self, segment: Segment) -> bytes:
        """The segment's own trees, as a model in UBJ."""
        booster = xgboost.Booster({**self._parameters, "seed": segment.seed}, [self._matrix])
        for iteration in range(segment.rounds):
            booster.update(self._matrix, iteration)
        self._advance(booster)
        return bytes(booster.save_raw("ubj"))

    def _advance(self, booster: xgboost.Booster) -> None:
        self._matrix.set_base_margin(booster.predict(self._matrix, output_margin=True))


class ValidationMargin:
    """Margin of the validation rows over the segments so far, for the progress of a training."""

    def __init__(self, features: Floats) -> None:
        self._features = features
        self._margin: Floats | None = None

    def add(self, model: bytes, nthread: int) -> None:
        """Adds one segment's trees."""
        booster = load_booster(model, nthread)
        self._margin = booster.inplace_predict(self._features, predict_type="margin", base_margin=self._margin)

    @property
    def scores(self) -> NDArray[np.floating]:
        """(n_rows,) probabilities of the positive class; one half before the first segment."""
        margin = np.zeros(len(self._features), np.float32) if self._margin is None else self._margin
        return 1 / (1 + np.exp(-margin))


def join_models(chain: Chain) -> bytes:
    """The chain as one ordinary XGBoost model in UBJ, as the stock inference container loads it."""
    documents = [json.loads(load_booster(model, 1).save_raw("json")) for model in chain.models]
    return bytes(load_booster(json.dumps(join_segments(documents)).encode(), 1).save_raw("ubj"))


def load_booster(model: bytes, nthread: int) -> xgboost.Booster:
    """A booster from a serialised model; never from a pickle.

    Raises:
        xgboost.core.XGBoostError: the bytes are no model.
    """
    booster = xgboost.Booster({"nthread": nthread})
    booster.load_model(bytearray(model))
    return booster
