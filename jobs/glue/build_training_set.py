"""The training-set job: published partitions and labels become point-in-time-correct train, validation and test.

Runs on AWS Glue with Spark and on a laptop with either engine. Writes
``<prefix><attempt>/{train,validation,test}/day=YYYY-MM-DD/part.parquet``, ``files.json`` and ``distribution.json``,
then publishes the attempt as ``<prefix>manifest.json`` by a conditional create: where one exists, another attempt was
first, which is success too. The rows of a set, and so its files' bytes, depend on its inputs alone: label days that did
not change since another set are taken from it (``engines.reuse``).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import signal
import sys
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from core.distribution import feature_distribution
from core.job_error import JobError
from core.read_feature_program import read_training_set_program
from core.split import SPLITS, find_boundaries
from core.training_rows import LABEL, defaults, slot_microseconds, split_summary
from engines.engine_choice import open_engine
from engines.job_outcome import exit_code_of
from engines.overflow import overflow_named
from engines.partly_kept import PartlyKept
from engines.published_files import files_in_reach
from engines.reuse import Reuse, plan_reuse, rows_digest
from engines.storage_choice import storage_from_environment
from engines.training_set import TrainingSetJob, WrittenParts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.feature_program import TrainingSetProgram
    from engines.label_days import SurveyFiles
    from engines.storage import Storage


@dataclass(frozen=True)
class Arguments:
    """What the job is told: URIs of program and inputs, and the bucket and key prefix of the set."""

    program: str
    inputs: str
    bucket: str
    prefix: str
    attempt: str
    engine: Any
    execution: str

    @property
    def manifest(self) -> str:
        """URI of the manifest that publishes the set."""
        return f"s3://{self.bucket}/{self.prefix}manifest.json"

    @property
    def attempt_key(self) -> str:
        """Key prefix that this attempt writes below."""
        return f"{self.prefix}{self.attempt}/"


def main(argv: Sequence[str]) -> int:
    """Builds and publishes a training set.

    Returns:
        The exit code: 0 published, by this attempt or another; 1 the caller can fix it, told in one line on stderr.
    """
    arguments = parse_arguments(argv)
    return exit_code_of(lambda: build(arguments, storage_from_environment()))


def build(arguments: Arguments, storage: Storage) -> None:
    """Reads what is to be built, lets an engine build it, and publishes the result."""
    if storage.head(arguments.manifest) is not None:
        _tell(f"{arguments.manifest} is already published")
        return
    began = time.monotonic()
    inputs = json.loads(storage.read_bytes(arguments.inputs))
    job = read_job(arguments, inputs, storage)
    with open_engine(arguments.engine, storage) as opened, overflow_named(partial(opened.overflow, job)):
        reuse = _reuse(arguments, job, inputs.get("code"), storage, opened.label_days)
        needed = [file for source in reuse.job.sources.values() for file in source.files]
        _tell(f"{len(needed)} files, {sum(file.rows for file in needed)} rows can matter")
        engine = PartlyKept(storage, reuse, opened.timeline)
        days = engine.label_days()
        _tell(f"{days.total} labels on {len(days.times)} days ({time.monotonic() - began:.1f} s)")
        if days.total == 0:
            raise JobError(
                "NO_LABELS",
                f"no label lies in the history before {inputs['slot']} and was known by then",
                "run a later slot, land more days, or lengthen the history",
            )
        split = job.program.split
        boundaries = find_boundaries(days, engine.label_times, split) if split.entity is None else None
        written = engine.write(boundaries)
    _tell(f"{sum(record['rows'] for record in written.records)} rows written ({time.monotonic() - began:.1f} s)")
    reused = {"days": len(reuse.days), "labelDays": len(days.times), "rows": reuse.rows}
    _publish(arguments, Built(reuse.job, written, reused), inputs, storage)


def parse_arguments(argv: Sequence[str]) -> Arguments:
    """Reads the command line; arguments that are not the job's own are Glue's, and passed over."""
    parser = argparse.ArgumentParser(description="Builds a training set.", allow_abbrev=False)
    for name in ("program", "inputs", "bucket", "prefix", "attempt", "execution"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--engine", choices=("spark", "duckdb"), required=True)
    known, _ = parser.parse_known_args(argv)
    return Arguments(**vars(known))


def read_job(arguments: Arguments, inputs: dict[str, Any], storage: Storage) -> TrainingSetJob:
    """Reads program and manifests, and picks the published files that the slot reaches."""
    program = read_training_set_program(json.loads(storage.read_bytes(arguments.program)))
    slot = slot_microseconds(inputs["slot"])
    manifests = (
        (unit["source"], json.loads(storage.read_bytes(f"s3://{arguments.bucket}/{unit['manifest']}")))
        for unit in inputs["units"]
    )
    sources = files_in_reach(program, manifests, arguments.bucket, slot)
    output = f"s3://{arguments.bucket}/{arguments.attempt_key}"
    return TrainingSetJob(program, arguments.engine, slot, sources, output)


def _reuse(arguments: Arguments, job: TrainingSetJob, code: str | None, storage: Storage, survey: SurveyFiles) -> Reuse:
    """The days that other sets of this code computed; none where a day has several splits or versions of labels."""
    program = job.program
    if code is None or program.split.entity is not None or not program.labels_by_row:
        return Reuse(job, {})
    rows = rows_digest(json.loads(storage.read_bytes(arguments.program)), code)
    prefix = f"s3://{arguments.bucket}/feature-rows/{program.pipeline}/"
    return plan_reuse(storage, job, rows, prefix, survey)


@dataclass(frozen=True)
class Built:
    """A set that is written but not published: the job that was left to compute, and what of it was reused."""

    job: TrainingSetJob
    written: WrittenParts
    reused: dict[str, int]


def _publish(arguments: Arguments, built: Built, inputs: dict[str, Any], storage: Storage) -> None:
    job, written = built.job, built.written
    program = job.program
    records = sorted(written.records, key=lambda record: (SPLITS.index(record["split"]), record["day"]))
    splits = {split: split_summary([each for each in records if each["split"] == split]) for split in SPLITS}
    _require_rows(program, splits)
    files = [{**each["file"], "split": each["split"]} for each in records if each["file"]]
    distribution = [
        feature_distribution(name, counted) for name, counted in zip(program.features, written.histograms, strict=True)
    ]
    types = _feature_types(storage.read_bytes(f"s3://{arguments.bucket}/{files[0]['key']}"))
    listed = _write_json(storage, arguments, "files.json", files)
    described = _write_json(storage, arguments, "distribution.json", distribution)
    manifest = {
        "version": 1,
        "pipeline": program.pipeline,
        "slot": inputs["slot"],
        "fingerprint": inputs["fingerprint"],
        "attempt": arguments.attempt,
        "prefix": arguments.attempt_key,
        "splits": splits,
        "label": LABEL,
        "features": _features(program, types),
        "views": [{"name": view.name, "version": view.version} for view in program.views],
        "files": {**listed, "count": len(files), "bytes": sum(file["size"] for file in files)},
        "distribution": described,
        "program": _write_json(storage, arguments, "program.json", json.loads(storage.read_bytes(arguments.program))),
        "inputs": _write_json(storage, arguments, "inputs.json", inputs),
        "sources": [
            {"name": source.name, "bytesRead": source.bytes_read, "bytesPresent": source.bytes_present}
            for source in job.sources.values()
        ],
        "bytesRead": sum(source.bytes_read for source in job.sources.values()),
        "bytesPresent": sum(source.bytes_present for source in job.sources.values()),
        "reused": built.reused,
    }
    _record_views(arguments, storage)
    created = storage.create(arguments.manifest, _json_bytes(manifest))
    _tell(f"{arguments.manifest} {'published' if created else 'was published by another attempt'}")
    for split, summary in splits.items():
        _tell(f"{split}: {summary['rows']} rows, {summary['positives']} positive, {summary['purged']} purged")


def _record_views(arguments: Arguments, storage: Storage) -> None:
    """Records the meaning of every view under its version, which the first set that uses it creates."""
    for view in json.loads(storage.read_bytes(arguments.program))["views"]:
        key = f"feature-views/{view['name']}/{view['version']}.json"
        storage.create(f"s3://{arguments.bucket}/{key}", _json_bytes(_meaning(view)))


def _meaning(view: dict[str, Any]) -> dict[str, Any]:
    """A view's program without what each pipeline chooses: the label's columns, and the names of the set's columns."""
    aggregates = [
        {
            **each,
            "columns": [{"window": column["window"], "position": column["position"]} for column in each["columns"]],
        }
        for each in view["aggregates"]
    ]
    return {**view, "entity": [each["event"] for each in view["entity"]], "aggregates": aggregates}


def _features(program: TrainingSetProgram, types: dict[str, str]) -> list[dict[str, Any]]:
    """Every feature with its type, its view, what stands for NULL in it, and the expression of a derived one."""
    views = {column: view.name for view in program.views for column in view.columns}
    replaced = defaults(program)
    derived = {each.name: {"derived": each.expression} for each in program.derived}
    return [
        {
            "name": name,
            "type": types[name],
            "view": views.get(name),
            "default": replaced.get(name),
            **derived.get(name, {}),
        }
        for name in program.features
    ]


def _feature_types(file: bytes) -> dict[str, str]:
    """Logical types of a written file's numbers."""
    schema = pq.read_schema(pa.BufferReader(file))
    return {field.name: "integer" if pa.types.is_integer(field.type) else "double" for field in schema}


def _require_rows(program: TrainingSetProgram, splits: dict[str, dict[str, Any]]) -> None:
    shares = {"train": program.split.train, "validation": program.split.validation, "test": program.split.test}
    empty = [split for split, summary in splits.items() if shares[split] > 0 and summary["rows"] == 0]
    if empty:
        raise JobError(
            "SPLIT_EMPTY",
            f"no rows are left for {', '.join(empty)}: {json.dumps(splits)}",
            "lengthen the history, shorten the embargo, or give the split a greater share",
        )


def _write_json(storage: Storage, arguments: Arguments, name: str, value: object) -> dict[str, str]:
    content = _json_bytes(value)
    key = f"{arguments.attempt_key}{name}"
    storage.write_bytes(f"s3://{arguments.bucket}/{key}", content)
    return {"key": key, "sha256": hashlib.sha256(content).hexdigest()}


def _json_bytes(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    # A job that is stopped leaves no temporary file: the exit unwinds what holds one.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    code = main(sys.argv[1:])
    if code:
        sys.exit(code)
