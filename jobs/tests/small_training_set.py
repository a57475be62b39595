"""A small training set and the containers of the jobs that use it, for the tests of the SageMaker jobs."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

JOBS = Path(__file__).parents[1]

FEATURES = ("signal", "noise", "count", "flag")

HYPERPARAMETERS = {
    "objective": "binary:logistic",
    "num_round": "12",
    "segment_rounds": "3",
    "seed": "7",
    "max_depth": "3",
    "eta": "0.3",
    "subsample": "0.7",
    "colsample_bytree": "0.8",
}


def make_table(rows: int, seed: int, features: tuple[str, ...] = FEATURES) -> pa.Table:
    """Rows with NULLs, integers, booleans and context columns; the label depends on `signal` and `count`."""
    random = np.random.default_rng(seed)
    signal, noise = random.normal(size=rows), random.normal(size=rows)
    count = random.integers(0, 9, rows)
    label = (signal + 0.3 * count + random.normal(size=rows) > 1.5).astype(np.int64)
    columns = {
        "label_time": pa.array(np.arange(rows)),
        "origin": pa.array(["SFO"] * rows),
        "label": pa.array(label),
        "signal": pa.array(signal, mask=random.random(rows) < 0.1),
        "noise": pa.array(noise),
        "count": pa.array(count, mask=random.random(rows) < 0.05),
        "flag": pa.array(random.random(rows) < 0.5),
    }
    metadata = {b"hundredfold": json.dumps({"label": "label", "features": list(features)}).encode()}
    return pa.table(columns).replace_schema_metadata(metadata)


def write_split(folder: Path, days: int, seed: int) -> None:
    """One file a day, as the training-set job writes them."""
    for day in range(days):
        path = folder / f"day=2001-01-{day + 1:02d}" / "part.parquet"
        path.parent.mkdir(parents=True)
        pq.write_table(make_table(200, seed + day), path)


def make_training_container(base: Path, **changed: str) -> Path:
    """A training container before its job starts."""
    write_split(base / "input/data/train", 4, seed=100)
    write_split(base / "input/data/validation", 2, seed=200)
    write_hyperparameters(base, **changed)
    return base


def write_hyperparameters(base: Path, **changed: str) -> None:
    config = base / "input/config"
    config.mkdir(parents=True, exist_ok=True)
    (config / "hyperparameters.json").write_text(json.dumps({**HYPERPARAMETERS, **changed}))


def start_job(command: str, base: Path, threads: int = 1) -> subprocess.Popen[str]:
    """The job as a process, as a container or the local shell starts it."""
    environment = {**os.environ, "SAGEMAKER_BASE_DIR": str(base), "SM_NUM_CPUS": str(threads)}
    return subprocess.Popen(
        [sys.executable, str(JOBS), command],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def pack(archive: Path, name: str, content: bytes) -> str:
    """Writes a .tar.gz with one member; returns the archive's SHA-256."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive, "w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    return hashlib.sha256(archive.read_bytes()).hexdigest()


def copy_prefix(checkpoints: Path, target: Path, segments: int) -> None:
    """The checkpoints that a job killed after so many segments leaves."""
    target.mkdir(parents=True)
    for path in sorted(checkpoints.iterdir())[:segments]:
        shutil.copy(path, target / path.name)
