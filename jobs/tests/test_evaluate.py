"""Evaluation under SageMaker's processing contract: which trial is best, what is refused."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from runpy import run_path
from typing import Any

import numpy as np
import pytest
from core.ablation import Measured
from core.metrics import METRIC_NAMES, binary_metrics, confusion_at
from sagemaker import evaluate, train
from sagemaker.boosting import load_booster
from sagemaker.container import Container, run_job
from sagemaker.split_files import find_split, read_features, read_labels
from small_training_set import FEATURES, make_training_container, pack, start_job, write_split

CHAMPION_FEATURES = ("count", "signal")


def train_contender(base: Path, **hyperparameters: str) -> tuple[bytes, bytes]:
    container = make_training_container(base, **hyperparameters)
    assert run_job(train.JOB, Container(container)) == 0
    return (base / "model/xgboost-model").read_bytes(), (base / "output/data/metrics.json").read_bytes()


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """The jobs of this module share the machine with everything else that is tested."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SM_NUM_CPUS", "1")
        yield


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[bytes, bytes]]:
    """Model and metrics of two trials; the second learned longer."""
    return [
        train_contender(tmp_path_factory.mktemp("trial"), num_round=rounds, segment_rounds=rounds)
        for rounds in ("1", "12")
    ]


class ProcessingContainer:
    """A processing container before its job starts, with two trials and a champion."""

    def __init__(self, base: Path, trained: list[tuple[bytes, bytes]]) -> None:
        self.base = base
        self.contenders = base / "processing/input/contenders"
        write_split(base / "processing/input/test", 2, seed=300)
        self.inputs: dict[str, Any] = {
            "version": 1,
            "key": "evaluation-key",
            "trials": [self.trial(index, *contents) for index, contents in enumerate(trained)],
            "championComparison": "compared",
            "champion": None,
            "selectBy": "pr_auc",
            "featureGroups": [
                {"kind": "view", "name": "signals", "features": ["signal", "count"]},
                {"kind": "label", "name": "label", "features": ["noise", "flag"]},
            ],
        }
        self.inputs["champion"] = {
            "path": "champion/model.tar.gz",
            "sha256": pack(self.contenders / "champion/model.tar.gz", "xgboost-model", trained[0][0]),
            "version": 4,
            "threshold": 0.4,
            "features": list(FEATURES),
        }

    def trial(self, index: int, model: bytes, metrics: bytes) -> dict[str, Any]:
        """Packs a trial's archives; returns its entry in the inputs."""
        folder = self.contenders / str(index)
        return {
            "path": f"{index}/model.tar.gz",
            "sha256": pack(folder / "model.tar.gz", "xgboost-model", model),
            "output": f"{index}/output.tar.gz",
            "outputSha256": pack(folder / "output.tar.gz", "./metrics.json", metrics),
            "index": index,
            "fingerprint": f"fingerprint-{index}",
        }

    def run(self) -> int:
        """Runs the job on the inputs as they are now."""
        path = self.base / "processing/input/inputs/inputs.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.inputs))
        return run_job(evaluate.JOB, Container(self.base))

    @property
    def report(self) -> dict[str, Any]:
        """What the job wrote."""
        return json.loads((self.base / "processing/output/report.json").read_text())

    @property
    def reason(self) -> str:
        """Why the job failed."""
        return (self.base / "output/message").read_text()


@pytest.fixture
def container(tmp_path: Path, trained: list[tuple[bytes, bytes]]) -> ProcessingContainer:
    return ProcessingContainer(tmp_path, trained)


def test_the_best_trial_by_validation_is_measured_on_the_test_split(
    container: ProcessingContainer, trained: list[tuple[bytes, bytes]]
) -> None:
    assert container.run() == 0

    report = container.report
    test = find_split(container.base / "processing/input/test")
    labels, metrics = read_labels(test), json.loads(trained[1][1])
    scores = load_booster(trained[1][0], 1).inplace_predict(read_features(test, FEATURES))
    assert report["test"] == {"rows": 400, "baseRate": pytest.approx(labels.mean())}
    assert report["candidate"] == {
        "index": 1,
        "fingerprint": "fingerprint-1",
        "validation": metrics["validation"],
        "test": binary_metrics(labels, scores, metrics["threshold"]),
        "threshold": metrics["threshold"],
        "confusion": confusion_at(labels, scores, metrics["threshold"]).as_contract(),
        "modelSha256": metrics["modelSha256"],
    }
    assert [trial["index"] for trial in report["trials"]] == [0, 1]


def test_a_view_carries_what_its_features_told(container: ProcessingContainer) -> None:
    assert container.run() == 0

    signals, label = container.report["ablation"]
    assert (signals["kind"], signals["name"], signals["features"]) == ("view", "signals", ["signal", "count"])
    assert set(signals["drop"]) == set(METRIC_NAMES)
    assert signals["drop"]["pr_auc"] > 0.1 > abs(label["drop"]["pr_auc"])
    assert signals["drop"]["log_loss"] > 0.1


def test_shuffled_rows_of_a_group_stay_together_and_are_put_back() -> None:
    matrix = np.arange(40, dtype=np.float32).reshape(10, 4)
    labels = np.array([0, 1] * 5, dtype=np.float32)
    seen: list[Any] = []

    def score(rows: Any) -> Any:  # noqa: ANN401
        seen.append(rows.copy())
        return np.full(len(rows), 0.5)

    before = binary_metrics(labels, np.full(10, 0.5), 0.5)
    drop = Measured(matrix, labels, score, 0.5, before).drop([1, 3])

    assert set(drop.values()) == {0.0}
    [shuffled] = seen
    assert (shuffled[:, 3] - shuffled[:, 1] == 2).all()
    assert sorted(shuffled[:, 1]) == sorted(matrix[:, 1])
    assert (shuffled[:, [0, 2]] == matrix[:, [0, 2]]).all()
    assert (shuffled[:, 1] != matrix[:, 1]).any()
    assert (matrix == np.arange(40).reshape(10, 4)).all()


def test_the_champion_is_measured_at_its_own_threshold_on_its_own_features(container: ProcessingContainer) -> None:
    container.run()
    first = container.report["champion"]
    container.inputs["champion"]["threshold"] = 0.9
    container.run()

    assert first["version"] == 4
    assert set(first["test"]) == set(METRIC_NAMES)
    assert container.report["champion"]["test"]["f1_weighted"] != first["test"]["f1_weighted"]
    assert container.report["champion"]["test"]["pr_auc"] == first["test"]["pr_auc"]


def test_the_order_of_the_champions_features_is_its_own(container: ProcessingContainer) -> None:
    container.run()
    straight = container.report["champion"]["test"]
    container.inputs["champion"]["features"].reverse()
    container.run()

    assert container.report["champion"]["test"] != straight


@pytest.mark.parametrize("comparison", ["no-champion", "trained-on-this-future", "missing-columns"])
def test_a_champion_that_is_not_compared_is_not_scored(container: ProcessingContainer, comparison: str) -> None:
    container.inputs.update(championComparison=comparison, champion=None)

    assert container.run() == 0

    assert container.report["champion"] is None
    assert container.report["championComparison"] == comparison


def test_of_trials_that_tie_the_lowest_index_is_the_candidate(
    tmp_path: Path, trained: list[tuple[bytes, bytes]]
) -> None:
    container = ProcessingContainer(tmp_path, [trained[1], trained[1]])
    container.inputs["trials"].reverse()

    assert container.run() == 0

    assert container.report["candidate"]["index"] == 0


def test_a_loss_selects_the_lowest(container: ProcessingContainer, trained: list[tuple[bytes, bytes]]) -> None:
    container.inputs["selectBy"] = "log_loss"

    assert container.run() == 0

    losses = [json.loads(metrics)["validation"]["log_loss"] for _, metrics in trained]
    assert container.report["candidate"]["index"] == losses.index(min(losses))


def test_the_report_has_the_same_bytes_as_a_process_on_two_threads(container: ProcessingContainer) -> None:
    container.run()
    report = container.base / "processing/output/report.json"
    here = report.read_bytes()
    report.unlink()

    process = start_job("evaluate", container.base, threads=2)
    _, errors = process.communicate(timeout=600)

    assert process.returncode == 0, errors
    assert report.read_bytes() == here


@pytest.mark.parametrize("archive", ["0/output.tar.gz", "0/model.tar.gz", "1/model.tar.gz", "champion/model.tar.gz"])
def test_an_archive_that_is_not_the_recorded_one_is_refused(container: ProcessingContainer, archive: str) -> None:
    path = container.contenders / archive
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))

    assert container.run() == 1

    assert container.reason.startswith("ERROR DIGEST_MISMATCH")
    assert not (container.base / "processing/output/report.json").exists()


def test_a_model_that_is_not_the_one_its_metrics_are_of_is_refused(
    container: ProcessingContainer, trained: list[tuple[bytes, bytes]]
) -> None:
    container.inputs["trials"][1] = container.trial(1, trained[0][0], trained[1][1])

    assert container.run() == 1

    assert "its metrics.json records" in container.reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"trials": []}, "INPUTS_INVALID"),
        ({"selectBy": "accuracy"}, "INPUTS_INVALID"),
        ({"version": 2}, "INPUTS_INVALID"),
        ({"champion": None}, "INPUTS_INVALID"),
        ({"featureGroups": [{"kind": "view", "name": "weather", "features": ["rain"]}]}, "FEATURES_MISSING"),
    ],
)
def test_inputs_that_this_code_does_not_know_are_refused(
    container: ProcessingContainer, change: dict[str, Any], reason: str
) -> None:
    container.inputs.update(change)

    assert container.run() == 1

    assert container.reason.startswith(f"ERROR {reason}: ")


@pytest.mark.parametrize("path", ["../../outside/model.tar.gz", "/etc/passwd"])
def test_a_contender_outside_its_folder_is_refused(container: ProcessingContainer, path: str) -> None:
    container.inputs["trials"][0]["path"] = path

    assert container.run() == 1

    assert "outside the contenders" in container.reason


def test_a_champion_whose_features_the_set_lacks_is_refused(container: ProcessingContainer) -> None:
    container.inputs["champion"]["features"][0] = "weather"

    assert container.run() == 1

    assert "lacks weather" in container.reason


def test_a_champion_with_other_features_than_recorded_is_refused(container: ProcessingContainer) -> None:
    container.inputs["champion"]["features"] = list(CHAMPION_FEATURES)

    assert container.run() == 1

    assert "4 features, 2 are recorded" in container.reason


def test_bytes_that_are_no_model_are_refused(container: ProcessingContainer) -> None:
    archive = container.contenders / "champion/model.tar.gz"
    container.inputs["champion"]["sha256"] = pack(archive, "xgboost-model", b"no model")

    assert container.run() == 1

    assert container.reason.startswith("ERROR MODEL_UNREADABLE")


def test_a_missing_test_split_is_named(container: ProcessingContainer) -> None:
    shutil.rmtree(container.base / "processing/input/test")

    assert container.run() == 1

    assert container.reason.startswith("ERROR DATA_MISSING")


@pytest.mark.parametrize("arguments", [[], ["deploy"], ["train", "evaluate"]])
def test_an_unknown_command_is_a_usage_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main = run_path(str(Path(__file__).parents[1] / "__main__.py"))["main"]

    assert main(arguments) == 2
    assert "train | evaluate" in capsys.readouterr().err
