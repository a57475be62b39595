"""Evaluates a run: the best trial by validation, and the champion, on the same test split.

A processing job: reads `test`, `inputs/inputs.json` and `contenders` below `processing/input`, writes
`processing/output/report.json` (the contract `EvaluationReport`), whose bytes are a function of the inputs.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xgboost
from core.ablation import Measured
from core.job_error import JobError
from core.metrics import UndefinedMetricError, binary_metrics, confusion_at, is_better

from sagemaker.archives import RETRAIN
from sagemaker.boosting import Floats, load_booster
from sagemaker.container import Container, Job, json_bytes, write_atomically
from sagemaker.contenders import (
    Champion,
    Evaluation,
    FeatureGroup,
    Trial,
    read_evaluation,
    read_model,
    read_trial_model,
)
from sagemaker.split_files import REBUILD, SplitFiles, find_split, read_features, read_labels
from sagemaker.train import thread_count


@dataclass(frozen=True)
class TestSplit:
    """The frozen test split, in memory.

    Attributes:
        files: where its columns are.
        labels: (n_rows,), 0 or 1.
    """

    files: SplitFiles
    labels: Floats


def run(container: Container) -> int:
    """Scores the contenders and writes the report.

    Raises:
        JobError: inputs, archives or data are not what they should be.
    """
    inputs = container.processing_input("inputs") / "inputs.json"
    evaluation = read_evaluation(inputs, container.processing_input("contenders"))
    files = find_split(container.processing_input("test"))
    test = TestSplit(files, read_labels(files))
    try:
        report = _report(evaluation, test)
    except UndefinedMetricError as error:
        raise JobError("ONE_CLASS", f"test: {error}", "widen the history or change the label") from error
    write_atomically(container.processing_output / "report.json", json_bytes(report))
    candidate = report["candidate"]
    print(f"trial {candidate['index']}: test pr_auc {candidate['test']['pr_auc']:.4f}", flush=True)
    return 0


JOB = Job(run, reason_file="message")


def best_trial(trials: Sequence[Trial], metric: str) -> Trial:
    """The trial that is best by validation; the lowest index of several that tie."""
    best, *others = sorted(trials, key=lambda trial: trial.index)
    for trial in others:
        if is_better(metric, trial.validation[metric], best.validation[metric]):
            best = trial
    return best


def _report(evaluation: Evaluation, test: TestSplit) -> dict[str, Any]:
    trials = sorted(evaluation.trials, key=lambda trial: trial.index)
    best = best_trial(trials, evaluation.select_by)
    measured = _measure_trial(best, test)
    return {
        "version": 1,
        "key": evaluation.key,
        "test": {"rows": len(test.labels), "baseRate": round(float(np.mean(test.labels, dtype=np.float64)), 10)},
        "candidate": _candidate(best, measured),
        "trials": [
            {"index": trial.index, "fingerprint": trial.fingerprint, "validation": trial.validation} for trial in trials
        ],
        "championComparison": evaluation.champion_comparison,
        "champion": None if evaluation.champion is None else _measure_champion(evaluation.champion, test),
        "ablation": _ablation(evaluation.groups, measured, test.files.features),
    }


def _measure_trial(trial: Trial, test: TestSplit) -> Measured:
    return _measure(read_trial_model(trial), test.files.features, float(trial.metrics["threshold"]), test)


def _candidate(trial: Trial, measured: Measured) -> dict[str, Any]:
    scores = measured.score(measured.matrix)
    return {
        "index": trial.index,
        "fingerprint": trial.fingerprint,
        "validation": trial.validation,
        "test": measured.metrics,
        "threshold": measured.threshold,
        "confusion": confusion_at(measured.labels, scores, measured.threshold).as_contract(),
        "modelSha256": trial.metrics["modelSha256"],
    }


def _ablation(groups: Sequence[FeatureGroup], measured: Measured, features: Sequence[str]) -> list[dict[str, Any]]:
    """What each group carries of the candidate's test metrics: one more prediction of the split for each."""
    unknown = [name for group in groups for name in group.features if name not in features]
    if unknown:
        raise JobError("FEATURES_MISSING", f"the test split lacks {', '.join(unknown)}", REBUILD)
    ablation = []
    for group in groups:
        drop = measured.drop([features.index(name) for name in group.features])
        print(f"{group.name} carries {drop['pr_auc']:.4f} of test pr_auc", flush=True)
        ablation.append({"kind": group.kind, "name": group.name, "features": list(group.features), "drop": drop})
    return ablation


def _measure_champion(champion: Champion, test: TestSplit) -> dict[str, Any]:
    metrics = _measure(read_model(champion.archive), champion.features, champion.threshold, test).metrics
    print(f"champion {champion.version}: test pr_auc {metrics['pr_auc']:.4f}", flush=True)
    return {"version": champion.version, "test": metrics}


def _measure(model: bytes, features: Sequence[str], threshold: float, test: TestSplit) -> Measured:
    absent = [name for name in features if name not in test.files.columns]
    if absent:
        raise JobError("FEATURES_MISSING", f"the test split lacks {', '.join(absent)}", REBUILD)
    booster = _booster(model, features)
    matrix = read_features(test.files, features)
    metrics = binary_metrics(test.labels, booster.inplace_predict(matrix), threshold)
    return Measured(matrix, test.labels, booster.inplace_predict, threshold, metrics)


def _booster(model: bytes, features: Sequence[str]) -> xgboost.Booster:
    try:
        booster = load_booster(model, thread_count(os.environ))
    except xgboost.core.XGBoostError as error:
        raise JobError("MODEL_UNREADABLE", f"a contender's model does not load: {error}", RETRAIN) from error
    if booster.num_features() != len(features):
        message = f"a contender's model has {booster.num_features()} features, {len(features)} are recorded for it"
        raise JobError("FEATURES_MISSING", message, RETRAIN)
    return booster
