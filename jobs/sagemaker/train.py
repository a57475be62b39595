"""Trains one trial: SageMaker's training contract around segment-canonical XGBoost.

Reads `input/config/hyperparameters.json` and the channels `train` and `validation`; keeps finished segments under
`checkpoints/`; writes `model/xgboost-model` (UBJ) and `output/data/metrics.json` (the contract `TrialMetrics`).
"""

import hashlib
import os
import platform
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from types import FrameType

import numpy as np
import pyarrow as pa
import xgboost
from core.hyperparameters import HyperparameterError, TrainingParameters, read_hyperparameters
from core.job_error import JobError
from core.metrics import (
    UndefinedMetricError,
    average_precision,
    best_f1_threshold,
    binary_metrics,
    rank_scores,
)
from core.segments import Chain, Segment, begin_chain, plan_segments

from sagemaker.boosting import (
    DEFAULT_MAX_BIN,
    Floats,
    SegmentTrainer,
    ValidationMargin,
    join_models,
    load_booster,
    quantile_matrix,
)
from sagemaker.checkpoints import restore_chain, save_chain
from sagemaker.container import Container, Job, json_bytes, read_json, write_atomically
from sagemaker.split_files import REBUILD, SplitFiles, find_split, read_features, read_labels

EXIT_STOPPED = 128 + signal.SIGTERM
"""Asked to stop before the model was whole; the finished segments are kept."""

MODEL_FILE = "xgboost-model"
"""The name that SageMaker's XGBoost inference container looks for."""


class StopRequest:
    """SIGTERM, which SageMaker sends 120 s before it kills a container, remembered until a segment ends."""

    def __init__(self) -> None:
        self.received = False
        signal.signal(signal.SIGTERM, self._receive)

    def _receive(self, _number: int, _frame: FrameType | None) -> None:
        self.received = True


def run(container: Container) -> int:
    """Trains the trial to its end, from its checkpoints if there are any.

    Returns:
        0 when model and metrics are written, `EXIT_STOPPED` when a stop was asked for before.

    Raises:
        JobError: what is wrong with hyperparameters or data.
    """
    stop = StopRequest()
    parameters = _read_parameters(container)
    nthread = thread_count(os.environ)
    pa.set_cpu_count(nthread)
    train, validation = find_split(container.channel("train")), find_split(container.channel("validation"))
    if train.features != validation.features:
        raise JobError("DATA_INCONSISTENT", "train and validation name different features", REBUILD)
    measure = Validation(validation, nthread)
    chain = restore_chain(container.checkpoints, begin_chain(_identity(parameters, train)))
    chain = _finish_chain(container, chain, Training(parameters, train, measure, nthread, stop))
    if len(chain.models) < len(_segments(parameters)):
        return EXIT_STOPPED
    _write_outputs(container, join_models(chain), parameters, measure)
    return 0


JOB = Job(run, reason_file="failure")


class Validation:
    """The validation split: progress after every segment, the metrics at the end."""

    def __init__(self, split: SplitFiles, nthread: int) -> None:
        self._nthread = nthread
        self._labels = read_labels(split)
        _require_both_classes("validation", self._labels)
        self._features = read_features(split, split.features)
        self._margin = ValidationMargin(self._features)

    def follow(self, model: bytes) -> None:
        """Takes a segment into the progress."""
        self._margin.add(model, self._nthread)

    @property
    def pr_auc(self) -> float:
        """Of the segments so far."""
        return average_precision(rank_scores(self._labels, self._margin.scores))

    def measure(self, model: bytes) -> tuple[dict[str, float], float]:
        """Metrics and chosen threshold of the joined model, as it will be read from its file."""
        scores = load_booster(model, self._nthread).inplace_predict(self._features)
        threshold = best_f1_threshold(rank_scores(self._labels, scores))
        return binary_metrics(self._labels, scores, threshold), threshold


@dataclass(frozen=True)
class Training:
    """What boosting a chain needs; the training split itself is read only where a segment is missing."""

    parameters: TrainingParameters
    split: SplitFiles
    validation: Validation
    nthread: int
    stop: StopRequest

    def trainer(self) -> SegmentTrainer:
        """Reads and bins the training split."""
        max_bin = int(self.parameters.booster.get("max_bin", DEFAULT_MAX_BIN))
        labels = read_labels(self.split)
        _require_both_classes("train", labels)
        features = read_features(self.split, self.split.features)
        options = {"max_bin": max_bin, "nthread": self.nthread}
        matrix = quantile_matrix(features, labels, self.split.features, options)
        return SegmentTrainer(matrix, {**self.parameters.booster, **options})


def _finish_chain(container: Container, chain: Chain, training: Training) -> Chain:
    segments = _segments(training.parameters)
    for model in chain.models:
        training.validation.follow(model)
    if chain.models:
        print(f"resumed behind round {segments[len(chain.models) - 1].end_round}", flush=True)
    remaining = segments[len(chain.models) :]
    if not remaining or training.stop.received:
        return chain
    trainer = training.trainer()
    trainer.catch_up(chain)
    for segment in remaining:
        if training.stop.received:
            print(f"stopped at round {segment.first_round}, the checkpoints are kept", flush=True)
            break
        chain = chain.extended(trainer.train(segment))
        save_chain(container.checkpoints, chain)
        _report_progress(chain, segment, training)
    return chain


def _report_progress(chain: Chain, segment: Segment, training: Training) -> None:
    training.validation.follow(chain.models[-1])
    rounds = f"round {segment.end_round} of {training.parameters.num_round}"
    print(f"{rounds}, validation pr_auc {training.validation.pr_auc:.4f}", flush=True)


def _write_outputs(container: Container, model: bytes, parameters: TrainingParameters, validation: Validation) -> None:
    metrics, threshold = validation.measure(model)
    document = {
        "version": 1,
        "rounds": parameters.num_round,
        "seed": parameters.seed,
        "validation": metrics,
        "threshold": threshold,
        "modelSha256": hashlib.sha256(model).hexdigest(),
        "libraries": _libraries(),
    }
    write_atomically(container.output_data / "metrics.json", json_bytes(document))
    write_atomically(container.model / MODEL_FILE, model)


def thread_count(environment: Mapping[str, str]) -> int:
    """Threads to use: what SageMaker or the shell grants, else every processor."""
    granted = environment.get("SM_NUM_CPUS", "")
    return max(1, int(granted)) if granted.isdigit() else os.cpu_count() or 1


def _read_parameters(container: Container) -> TrainingParameters:
    texts = read_json(container.hyperparameters)
    try:
        return read_hyperparameters(texts)
    except HyperparameterError as error:
        raise JobError("HYPERPARAMETERS", str(error), "correct the trial's hyperparameters") from error


def _segments(parameters: TrainingParameters) -> list[Segment]:
    return plan_segments(parameters.num_round, parameters.segment_rounds, parameters.seed)


def _identity(parameters: TrainingParameters, train: SplitFiles) -> dict[str, object]:
    return {
        "num_round": parameters.num_round,
        "segment_rounds": parameters.segment_rounds,
        "seed": parameters.seed,
        "booster": dict(parameters.booster),
        "features": train.features,
        "files": [rows for _, rows in train.files],
        "xgboost": xgboost.__version__,
    }


def _require_both_classes(split: str, labels: Floats) -> None:
    try:
        rank_scores(labels, np.zeros_like(labels))
    except UndefinedMetricError as error:
        raise JobError("ONE_CLASS", f"{split}: {error}", "widen the history or change the label") from error


def _libraries() -> dict[str, str]:
    return {
        "numpy": np.__version__,
        "pyarrow": pa.__version__,
        "python": platform.python_version(),
        "xgboost": xgboost.__version__,
    }
