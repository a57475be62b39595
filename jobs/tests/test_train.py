"""Training under SageMaker's contract: one model, wherever it was interrupted."""

import hashlib
import json
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import xgboost
from core.metrics import binary_metrics
from hypothesis import given, settings
from hypothesis import strategies as st
from sagemaker import train
from sagemaker.boosting import load_booster
from sagemaker.container import Container, run_job
from sagemaker.split_files import find_split, read_features, read_labels
from small_training_set import (
    FEATURES,
    copy_prefix,
    make_table,
    make_training_container,
    start_job,
    write_hyperparameters,
    write_split,
)

SEGMENTS = 4


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """The jobs of this module share the machine with everything else that is tested."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SM_NUM_CPUS", "1")
        yield


@pytest.fixture(autouse=True)
def restored_signal() -> Iterator[None]:
    handler = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, handler)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training that nothing interrupted, on one thread."""
    base = make_training_container(tmp_path_factory.mktemp("whole"))
    process = start_job("train", base)
    _, errors = process.communicate(timeout=600)
    assert process.returncode == 0, errors
    return base


def model_of(base: Path) -> bytes:
    return (base / "model/xgboost-model").read_bytes()


def metrics_of(base: Path) -> dict:
    return json.loads((base / "output/data/metrics.json").read_text())


def train_here(base: Path) -> int:
    return run_job(train.JOB, Container(base))


def test_model_and_metrics_are_written_where_sagemaker_takes_them_from(finished: Path) -> None:
    metrics = metrics_of(finished)

    assert [path.name for path in (finished / "model").iterdir()] == ["xgboost-model"]
    assert metrics["modelSha256"] == hashlib.sha256(model_of(finished)).hexdigest()
    assert (metrics["version"], metrics["rounds"], metrics["seed"]) == (1, 12, 7)
    assert metrics["libraries"]["xgboost"] == xgboost.__version__


def test_the_model_loads_by_its_path_as_the_stock_inference_container_loads_it(finished: Path) -> None:
    booster = xgboost.Booster(model_file=str(finished / "model/xgboost-model"))

    assert booster.num_boosted_rounds() == 12
    assert booster.feature_names == list(FEATURES)


def test_metrics_are_those_of_the_saved_model_on_validation(finished: Path) -> None:
    split = find_split(finished / "input/data/validation")
    features = xgboost.DMatrix(read_features(split, FEATURES), feature_names=list(FEATURES))
    metrics = metrics_of(finished)

    scores = load_booster(model_of(finished), 1).predict(features)

    assert metrics["validation"] == binary_metrics(read_labels(split), scores, metrics["threshold"])
    assert metrics["validation"]["roc_auc"] > 0.7


def test_two_threads_give_the_same_bytes_as_one(finished: Path, tmp_path: Path) -> None:
    shutil.copytree(finished / "input", tmp_path / "input")

    process = start_job("train", tmp_path, threads=2)
    _, errors = process.communicate(timeout=600)

    assert process.returncode == 0, errors
    assert model_of(tmp_path) == model_of(finished)


@pytest.mark.parametrize("segments", range(SEGMENTS + 1))
def test_resuming_behind_any_segment_ends_in_the_same_bytes(finished: Path, tmp_path: Path, segments: int) -> None:
    shutil.copytree(finished / "input", tmp_path / "input")
    copy_prefix(finished / "checkpoints", tmp_path / "checkpoints", segments)

    assert train_here(tmp_path) == 0

    assert model_of(tmp_path) == model_of(finished)
    assert metrics_of(tmp_path) == metrics_of(finished)


@pytest.mark.parametrize("segments", [1, 3])
def test_a_job_killed_at_a_segment_loses_at_most_that_segment(finished: Path, tmp_path: Path, segments: int) -> None:
    shutil.copytree(finished / "input", tmp_path / "input")
    killed = start_job("train", tmp_path)
    assert killed.stdout is not None
    for _ in range(segments):
        assert killed.stdout.readline().startswith("round ")
    killed.kill()
    killed.wait()

    restarted = start_job("train", tmp_path)
    output, errors = restarted.communicate(timeout=600)

    assert restarted.returncode == 0, errors
    assert (
        f"resumed behind round {segments * 3}" in output or len(list((tmp_path / "checkpoints").iterdir())) > segments
    )
    assert model_of(tmp_path) == model_of(finished)


@settings(max_examples=15)
@given(data=st.data())
def test_a_damaged_checkpoint_is_ignored(
    finished: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    base = tmp_path_factory.mktemp("damaged")
    shutil.copytree(finished / "input", base / "input")
    shutil.copytree(finished / "checkpoints", base / "checkpoints")
    path = sorted((base / "checkpoints").iterdir())[data.draw(st.integers(0, SEGMENTS - 1), label="segment")]
    content = bytearray(path.read_bytes())
    position = data.draw(st.integers(0, len(content) - 1), label="position")
    if data.draw(st.booleans(), label="truncated"):
        del content[position:]
    else:
        content[position] ^= data.draw(st.integers(1, 255), label="flip")
    path.write_bytes(bytes(content))

    assert train_here(base) == 0

    assert model_of(base) == model_of(finished)


def test_checkpoints_of_another_training_are_ignored(finished: Path, tmp_path: Path) -> None:
    shutil.copytree(finished / "input", tmp_path / "input")
    shutil.copytree(finished / "checkpoints", tmp_path / "checkpoints")
    write_hyperparameters(tmp_path, seed="8")

    assert train_here(tmp_path) == 0

    assert model_of(tmp_path) != model_of(finished)


def test_a_draft_of_a_killed_writer_is_removed(finished: Path, tmp_path: Path) -> None:
    shutil.copytree(finished / "input", tmp_path / "input")
    draft = tmp_path / "checkpoints/.segment-0001.checkpoint.draft"
    draft.parent.mkdir()
    draft.write_bytes(b"half")

    assert train_here(tmp_path) == 0

    assert not draft.exists()


def test_a_stop_request_ends_the_job_behind_its_segment(finished: Path, tmp_path: Path) -> None:
    shutil.copytree(finished / "input", tmp_path / "input")
    write_hyperparameters(tmp_path, num_round="3000")
    process = start_job("train", tmp_path)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)

    output, errors = process.communicate(timeout=600)

    assert process.returncode == train.EXIT_STOPPED, errors
    assert "stopped at round" in output
    assert not (tmp_path / "model").exists()
    assert not (tmp_path / "output/failure").exists()
    assert (tmp_path / "checkpoints/segment-0001.checkpoint").exists()


def test_sampling_draws_differently_in_every_segment(tmp_path: Path) -> None:
    trees = []
    for name, seed in (("a", "1"), ("b", "2")):
        base = make_training_container(tmp_path / name, seed=seed)
        assert train_here(base) == 0
        trees.append(load_booster(model_of(base), 1).get_dump())

    assert trees[0] != trees[1]
    assert len(set(trees[0])) == len(trees[0])


@pytest.mark.parametrize("rounds", ["1", "11", "12"])
def test_a_joined_model_scores_as_the_sum_of_its_segments(tmp_path: Path, rounds: str) -> None:
    base = make_training_container(tmp_path, num_round=rounds)
    assert train_here(base) == 0
    split = find_split(base / "input/data/validation")
    features = read_features(split, FEATURES)
    margin = None
    for path in sorted((base / "checkpoints").iterdir()):
        segment = load_booster(path.read_bytes().partition(b"\n")[2], 1)
        margin = segment.inplace_predict(features, predict_type="margin", base_margin=margin)

    joined = load_booster(model_of(base), 1)

    assert joined.num_boosted_rounds() == int(rounds)
    np.testing.assert_array_equal(joined.inplace_predict(features, predict_type="margin"), margin)


def write_failing(base: Path, problem: str) -> None:
    part = base / "input/data/train/day=2001-01-01/part.parquet"
    if problem == "no rows":
        shutil.rmtree(base / "input/data/train")
    elif problem == "not parquet":
        part.write_bytes(b"PAR1 no")
    elif problem == "no metadata":
        pq.write_table(make_table(10, 1).replace_schema_metadata(None), part)
    elif problem == "text feature":
        pq.write_table(make_table(10, 1, ("origin",)), part)
        shutil.rmtree(base / "input/data/validation")
        shutil.copytree(part.parent, base / "input/data/validation")
        for day in ("02", "03", "04"):
            shutil.rmtree(base / f"input/data/train/day=2001-01-{day}")
    elif problem == "one class":
        for path in (base / "input/data/train").rglob("*.parquet"):
            table = make_table(50, 1)
            only = table.filter([value == 0 for value in table["label"].to_pylist()])
            pq.write_table(only, path)


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        ("no rows", "DATA_MISSING"),
        ("not parquet", "DATA_UNREADABLE"),
        ("no metadata", "DATA_INCONSISTENT"),
        ("text feature", "FEATURE_TYPE"),
        ("one class", "ONE_CLASS"),
    ],
)
def test_a_failure_says_why_where_sagemaker_reports_it_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], problem: str, reason: str
) -> None:
    base = make_training_container(tmp_path)
    write_failing(base, problem)

    assert train_here(base) == 1

    assert (base / "output/failure").read_text().startswith(f"ERROR {reason}: ")
    assert f"ERROR {reason}" in capsys.readouterr().err
    assert not (base / "model").exists()


def test_an_unknown_hyperparameter_fails_the_job(tmp_path: Path) -> None:
    base = make_training_container(tmp_path, depth="6")

    assert train_here(base) == 1

    assert "depth is unknown" in (base / "output/failure").read_text()


def test_what_nobody_foresaw_is_reported_too(tmp_path: Path) -> None:
    base = make_training_container(tmp_path)
    (base / "checkpoints").write_text("a file where a folder belongs")

    with pytest.raises(OSError, match="checkpoints"):
        train_here(base)

    assert (base / "output/failure").read_text().startswith("ERROR UNEXPECTED")


def test_null_becomes_nan_and_integers_and_booleans_become_floats(tmp_path: Path) -> None:
    write_split(tmp_path, 2, seed=5)
    split = find_split(tmp_path)

    matrix = read_features(split, ("flag", "signal", "count"))

    frame = pq.ParquetDataset(tmp_path).read().to_pandas()
    assert matrix.dtype == np.float32
    np.testing.assert_array_equal(matrix[:, 0], frame["flag"].astype(np.float32))
    np.testing.assert_array_equal(matrix[:, 1], frame["signal"].astype(np.float32))
    np.testing.assert_array_equal(matrix[:, 2], frame["count"].astype(np.float32))
    assert np.isnan(matrix).any()
