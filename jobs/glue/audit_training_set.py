"""The leak audit: a sample of a training set's rows is recomputed by naive range joins, and differences are explained.

Runs on AWS Glue with Spark and on a laptop with either engine. The set is one of ours, by its manifest, or Parquet or
CSV files of anybody. The report goes to a file, or is published as ``<prefix>report.json`` by a conditional create.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.audit import FOREIGN_TOLERANCE, MOST_FINDINGS, Audit
from core.job_error import JobError
from core.read_feature_program import read_training_set_program
from engines.audit_derived import derived_as_known
from engines.audit_features import FeatureAudit
from engines.audit_job import AuditedSet, AuditEngine, AuditJob, published_files, slot_of
from engines.audit_labels import audit_labels, label_features
from engines.audit_overflow import named_overflow
from engines.audit_sample import take_sample
from engines.audit_sql import AuditSql
from engines.job_outcome import exit_code_of
from engines.overflow import overflow_named
from engines.storage import bucket_and_key
from engines.storage_choice import storage_from_environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa
    from engines.storage import Storage

_SUFFIXES = {".parquet": "parquet", ".csv": "csv"}


@dataclass(frozen=True)
class Arguments:
    """What the job is told: URIs of program and inputs, the set, how much of it, and where the report goes."""

    program: str
    inputs: str
    training_set: str
    rows: int | None
    columns: dict[str, str]
    label_time: str
    engine: Any
    bucket: str | None
    prefix: str | None
    output: str | None


def main(argv: Sequence[str]) -> int:
    """Audits a training set.

    Returns:
        The exit code: 0 the report is written, whatever it says; 1 the caller can fix it, told in one line on stderr.
    """
    arguments = parse_arguments(argv)
    return exit_code_of(lambda: audit(arguments, storage_from_environment()))


def audit(arguments: Arguments, storage: Storage) -> None:
    """Reads what is to be audited, lets an engine compute, and writes the report."""
    began = time.monotonic()
    job = read_job(arguments, storage)
    with _engine(job, storage) as engine, overflow_named(partial(named_overflow, engine, job)):
        audited = audit_rows(engine, job)
    about = {"pipeline": job.program.pipeline, "trainingSet": arguments.training_set, "engine": job.engine}
    report = audited.report(about)
    _write(arguments, storage, json.dumps(report, separators=(",", ":")).encode())
    _tell(
        f"audited {audited.rows_audited} rows x {len(audited.checked)} features: "
        f"{audited.found or 'no'} findings ({time.monotonic() - began:.1f} s)"
    )


def audit_rows(engine: AuditEngine, job: AuditJob) -> Audit:
    """Audits label rows and features of the sample."""
    sql = AuditSql(job.engine)
    sample = take_sample(engine, job, sql)
    audited = Audit(rows_in_set=sample.in_set, rows_outside=sample.outside, rows_audited=sample.rows.num_rows)
    of_labels = list(audit_labels(engine, job, sql, sample))
    features = FeatureAudit(engine, job, sql, sample)
    known: dict[str, pa.ChunkedArray] = {}
    differences = {}
    for view in job.program.views:
        if set(view.columns) & set(sample.compared):
            of_view = features.recomputed(view)
            known.update(of_view)
            differences.update(features.differences(view, of_view))
    for name, values, differs in derived_as_known(job, sample, dict(known), dict(differences)):
        known[name], differences[name] = values, differs
    audited.checked = [name for name in job.program.features if name in {*differences, *label_features(job, sample)}]
    audited.unchecked = [name for name in job.program.features if name not in audited.checked]
    audited.found = len(of_labels) + sum(int(differs.sum()) for differs in differences.values())
    of_features = list(features.explained(differences, known))
    audited.findings = [*of_features[: MOST_FINDINGS - len(of_labels[:5])], *of_labels]
    return audited


def parse_arguments(argv: Sequence[str]) -> Arguments:
    """Reads the command line; arguments that are not the job's own are Glue's, and passed over."""
    parser = argparse.ArgumentParser(description="Audits a training set for leaks.", allow_abbrev=False)
    for name in ("program", "inputs", "training-set"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--engine", choices=("spark", "duckdb"), required=True)
    parser.add_argument("--rows", type=_row_count, required=True)
    parser.add_argument("--columns", type=_columns, default={})
    parser.add_argument("--label-time", default="label_time")
    for name in ("bucket", "prefix", "output"):
        parser.add_argument(f"--{name}")
    known, _ = parser.parse_known_args(argv)
    if (known.output is None) == (known.bucket is None or known.prefix is None):
        parser.error("give either --output or --bucket and --prefix")
    return Arguments(**vars(known))


def _row_count(text: str) -> int | None:
    if text == "all":
        return None
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a number of rows from 1 nor 'all'")
    return int(text)


def _columns(text: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in text.split(",") if pair]
    if any(not name or not column for name, _, column in pairs):
        raise argparse.ArgumentTypeError(f"{text!r} is no list of NAME=COLUMN")
    return {name: column for name, _, column in pairs}


def read_job(arguments: Arguments, storage: Storage) -> AuditJob:
    """Reads program, inputs and the set's manifest or files."""
    program = read_training_set_program(json.loads(_read_bytes(arguments.program, storage)))
    inputs = json.loads(storage.read_bytes(arguments.inputs))
    unknown = [name for name in arguments.columns if name not in {*program.features, *program.label_keys, "label"}]
    if unknown:
        message = f"--columns maps {', '.join(unknown)}, which the pipeline {program.pipeline} does not have"
        raise JobError(
            "COLUMN_UNKNOWN", message, f"its columns are {', '.join((*program.label_keys, *program.features))}"
        )
    return AuditJob(
        program=program,
        engine=arguments.engine,
        slot=slot_of(inputs),
        sources=published_files(inputs, bucket_and_key(arguments.inputs)[0], storage, program.sources),
        audited=_audited_set(arguments, storage),
        rows=arguments.rows,
    )


def _read_bytes(uri: str, storage: Storage) -> bytes:
    """An object, or a file of this machine."""
    return storage.read_bytes(uri) if uri.startswith("s3://") else Path(uri).read_bytes()


def _audited_set(arguments: Arguments, storage: Storage) -> AuditedSet:
    given = arguments.training_set
    if given.endswith(".json"):
        bucket, _ = bucket_and_key(given)
        manifest = json.loads(storage.read_bytes(given))
        listed = json.loads(storage.read_bytes(f"s3://{bucket}/{manifest['files']['key']}"))
        files = tuple(f"s3://{bucket}/{file['key']}" for file in listed)
        return AuditedSet(files, "parquet", arguments.columns, arguments.label_time)
    files = _found_files(given)
    kind = "csv" if files[0].endswith(".csv") else "parquet"
    return AuditedSet(files, kind, arguments.columns, arguments.label_time, FOREIGN_TOLERANCE)


def _found_files(given: str) -> tuple[str, ...]:
    place = Path(given)
    found = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.suffix in _SUFFIXES)
    kinds = {_SUFFIXES.get(path.suffix, path.suffix) for path in found}
    if not found or len(kinds) > 1 or not kinds <= set(_SUFFIXES.values()):
        message = f"{given} holds {' and '.join(sorted(kinds)) or 'neither Parquet nor CSV'} files"
        raise JobError("SET_UNREADABLE", message, "give a file or a folder of .parquet or of .csv files")
    return tuple(str(path) for path in found)


@contextmanager
def _engine(job: AuditJob, storage: Storage) -> Iterator[AuditEngine]:
    """The engine that was asked for; the other one need not be installed."""
    if job.engine == "duckdb":
        from engines.duckdb_audit import DuckDbAudit  # noqa: PLC0415
        from engines.duckdb_engine import connect  # noqa: PLC0415

        with connect() as connection:
            yield DuckDbAudit(connection, storage)
    else:
        from engines.spark_audit import SparkAudit  # noqa: PLC0415
        from engines.spark_engine import own_session  # noqa: PLC0415

        with own_session() as spark:
            yield SparkAudit(spark, storage)


def _write(arguments: Arguments, storage: Storage, report: bytes) -> None:
    if arguments.output is not None:
        Path(arguments.output).write_bytes(report)
        return
    uri = f"s3://{arguments.bucket}/{arguments.prefix}report.json"
    created = storage.create(uri, report)
    _tell(f"{uri} {'published' if created else 'was published by another attempt'}")


def _tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    # A job that is stopped leaves no temporary file: the exit unwinds what holds one.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    code = main(sys.argv[1:])
    if code:
        sys.exit(code)
