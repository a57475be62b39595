"""What SageMaker promises a container: where its folders are, and how it says why it failed.

Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo.html (2026-11-20) and
https://docs.aws.amazon.com/sagemaker/latest/dg/build-your-own-processing-container.html (2026-11-20).
"""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.job_error import JobError

BASE_DIRECTORY = "SAGEMAKER_BASE_DIR"
"""Environment variable that moves the container's root, for runs outside a container."""

DEFAULT_BASE = "/opt/ml"

FAILURE_CHARACTERS = 1_024
"""SageMaker reports no more of a failure file than this."""

EXIT_FAILED = 1


@dataclass(frozen=True)
class Container:
    """The folders of a training container and of a processing container, below one base."""

    base: Path

    @classmethod
    def at(cls, base: str) -> "Container":
        """The container whose `/opt/ml` is the folder."""
        return cls(Path(base))

    @property
    def hyperparameters(self) -> Path:
        """JSON object whose values are all texts."""
        return self.base / "input/config/hyperparameters.json"

    def channel(self, name: str) -> Path:
        """A training job's input channel."""
        return self.base / "input/data" / name

    @property
    def checkpoints(self) -> Path:
        """Copied to S3 while the job runs, and from S3 when it starts."""
        return self.base / "checkpoints"

    @property
    def model(self) -> Path:
        """Becomes model.tar.gz."""
        return self.base / "model"

    @property
    def output_data(self) -> Path:
        """Becomes output.tar.gz."""
        return self.base / "output/data"

    def processing_input(self, name: str) -> Path:
        """A processing job's input."""
        return self.base / "processing/input" / name

    @property
    def processing_output(self) -> Path:
        """A processing job's output."""
        return self.base / "processing/output"


@dataclass(frozen=True)
class Job:
    """A job and where, below `output/`, SageMaker looks for the reason when it fails."""

    run: Callable[[Container], int]
    reason_file: str


def run_job(job: Job, container: Container) -> int:
    """Runs a job; what stops it is written where SageMaker reports it from, and to stderr.

    Raises:
        Exception: whatever is no `JobError` goes on, so that its traceback reaches the log.
    """
    try:
        return job.run(container)
    except JobError as error:
        print(error, file=sys.stderr)
        _write_reason(container, job, str(error))
        return EXIT_FAILED
    except BaseException as error:
        _write_reason(container, job, f"ERROR UNEXPECTED: {type(error).__name__}: {error}")
        raise


def _write_reason(container: Container, job: Job, reason: str) -> None:
    path = container.base / "output" / job.reason_file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(reason[:FAILURE_CHARACTERS], encoding="utf-8")


def write_atomically(path: Path, content: bytes) -> None:
    """Makes the file appear whole or not at all, also across a crash of the machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def json_bytes(document: object) -> bytes:
    """A JSON document as bytes that depend on nothing but its content; NaN and infinities are refused."""
    return (json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False) + "\n").encode()


def read_json(path: Path) -> Any:  # noqa: ANN401 - the reader of each document checks its shape
    """Reads a JSON document.

    Raises:
        JobError: INPUT_UNREADABLE where the file is missing or holds no JSON.
    """
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise JobError("INPUT_UNREADABLE", f"{path}: {error}", "check the inputs that the job was given") from error
