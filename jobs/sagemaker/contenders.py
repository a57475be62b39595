"""`inputs.json` of an evaluation and the archives it names: the reader of the contract `EvaluationInputs`."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.job_error import JobError
from core.metrics import METRIC_NAMES

from sagemaker.archives import METRICS_BYTES, MODEL_BYTES, RETRAIN, read_member, verify_digest
from sagemaker.container import read_json
from sagemaker.train import MODEL_FILE

METRICS_FILE = "metrics.json"

FREEZE = "freeze the evaluation again"


@dataclass(frozen=True)
class Trial:
    """A finished trial: its archive, verified, and what it measured itself."""

    index: int
    fingerprint: str
    archive: Path
    metrics: Mapping[str, Any]
    """The contract `TrialMetrics`."""

    @property
    def validation(self) -> Mapping[str, float]:
        """The contract `Metrics`, on the validation split."""
        return self.metrics["validation"]


@dataclass(frozen=True)
class Champion:
    """The champion of the moment when the evaluation was frozen."""

    version: int
    threshold: float
    features: tuple[str, ...]
    archive: Path


@dataclass(frozen=True)
class FeatureGroup:
    """Features of a view, of the label's row, or derived ones: the contract `FeatureGroup`."""

    kind: str
    name: str
    features: tuple[str, ...]


@dataclass(frozen=True)
class Evaluation:
    """What is to be compared."""

    key: str
    select_by: str
    trials: tuple[Trial, ...]
    champion_comparison: str
    champion: Champion | None
    groups: tuple[FeatureGroup, ...]


def read_evaluation(document: Path, folder: Path) -> Evaluation:
    """Reads the inputs and verifies every archive's digest.

    Args:
        document: `inputs.json`.
        folder: where the contenders' archives lie.

    Raises:
        JobError: INPUTS_INVALID, or what `archives` finds wrong.
    """
    inputs = read_json(document)
    try:
        if inputs["version"] != 1 or inputs["selectBy"] not in METRIC_NAMES or not inputs["trials"]:
            raise ValueError("version, selectBy or trials are not what this code knows")
        champion = inputs["champion"]
        if (champion is not None) != (inputs["championComparison"] == "compared"):
            raise ValueError("a champion is given exactly when it is compared")
        return Evaluation(
            key=str(inputs["key"]),
            select_by=str(inputs["selectBy"]),
            trials=tuple(_read_trial(trial, folder) for trial in inputs["trials"]),
            champion_comparison=str(inputs["championComparison"]),
            champion=None if champion is None else _read_champion(champion, folder),
            groups=tuple(
                FeatureGroup(str(group["kind"]), str(group["name"]), tuple(map(str, group["features"])))
                for group in inputs["featureGroups"]
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise JobError("INPUTS_INVALID", f"{document}: {error!r}", FREEZE) from error


def read_model(archive: Path) -> bytes:
    """The model inside a model.tar.gz, whose digest was verified before."""
    return read_member(archive, MODEL_FILE, MODEL_BYTES)


def read_trial_model(trial: Trial) -> bytes:
    """The trial's model, if it is the one that the trial's metrics are of.

    Raises:
        JobError: DIGEST_MISMATCH.
    """
    model = read_model(trial.archive)
    found, recorded = hashlib.sha256(model).hexdigest(), trial.metrics["modelSha256"]
    if found != recorded:
        message = f"{MODEL_FILE} in {trial.archive} has SHA-256 {found}, its {METRICS_FILE} records {recorded}"
        raise JobError("DIGEST_MISMATCH", message, RETRAIN)
    return model


def _read_trial(entry: Mapping[str, Any], folder: Path) -> Trial:
    output = _verified_archive(folder, entry["output"], entry["outputSha256"])
    metrics = json.loads(read_member(output, METRICS_FILE, METRICS_BYTES))
    for field in ("threshold", "modelSha256"):
        if field not in metrics:
            raise ValueError(f"{METRICS_FILE} of trial {entry['index']} lacks {field}")
    absent = [name for name in METRIC_NAMES if name not in metrics["validation"]]
    if absent:
        raise ValueError(f"{METRICS_FILE} of trial {entry['index']} lacks {', '.join(absent)}")
    model = _verified_archive(folder, entry["path"], entry["sha256"])
    return Trial(int(entry["index"]), str(entry["fingerprint"]), model, metrics)


def _read_champion(entry: Mapping[str, Any], folder: Path) -> Champion:
    return Champion(
        version=int(entry["version"]),
        threshold=float(entry["threshold"]),
        features=tuple(map(str, entry["features"])),
        archive=_verified_archive(folder, entry["path"], entry["sha256"]),
    )


def _verified_archive(folder: Path, relative: str, sha256: str) -> Path:
    archive = _locate(folder, relative)
    verify_digest(archive, sha256)
    return archive


def _locate(folder: Path, relative: str) -> Path:
    path = (folder / relative).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ValueError(f"{relative!r} lies outside the contenders")
    return path
