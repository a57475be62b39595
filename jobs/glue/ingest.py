"""The Glue job that turns landed CSV into typed, checked Parquet with a report; on the laptop the same script runs.

Arguments: ``--program URI --inputs URI --reports URI --curated URI,… --quarantine URI,… --attempt ID
--engine spark|duckdb --execution NAME``; Glue's own arguments are ignored. One run ingests units of all sources:
``--curated`` and ``--quarantine`` have one prefix for each source of the program, in its order. Publishes nothing:
``<reports>quality.json`` is written last.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from core.ingest_program import IngestInputs, IngestProgram
from core.job_error import JobError
from core.quality import UnitOutcome, ingest_report, quality_report
from engines.base import IngestWork
from engines.landing import verify_headers, verify_versions
from engines.storage import bucket_and_key
from engines.storage_choice import storage_from_environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engines.base import Engine
    from engines.storage import Storage


class _Arguments(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise JobError("ARGUMENTS_INVALID", message, f"use {' '.join(self.format_usage().split()[1:])}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the job: 0 when reports are written, whatever they say; 1 with one line on stderr when it failed."""
    try:
        _run(_parsed(arguments))
    except JobError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _Arguments(prog="ingest", allow_abbrev=False, add_help=False)
    for name in ("program", "inputs", "reports", "curated", "quarantine", "attempt", "execution"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--engine", required=True, choices=["spark", "duckdb"])
    return parser.parse_known_args(arguments)[0]


def _run(arguments: argparse.Namespace) -> None:
    storage = storage_from_environment()
    inputs = IngestInputs.from_json(_document(storage, arguments.inputs))
    program = IngestProgram.from_json(_document(storage, arguments.program))
    reports = _prefix(arguments.reports)
    works = _works(arguments, program, inputs, storage)
    verify_versions(works)
    verify_headers(works)
    outcomes = _counted(_engine(arguments.engine).ingest(works), len(inputs.units)) if works else []
    verify_versions(works)
    report = ingest_report(inputs, arguments.attempt, program, outcomes)
    quality = quality_report(report)
    _write(storage, f"{reports}report.json", report)
    _write(storage, f"{reports}quality.json", quality)
    verdict = "passed" if quality["passed"] else f"{quality['failureCount']} checks failed"
    print(f"{quality['rows']} rows: {quality['accepted']} accepted, {quality['quarantined']} quarantined; {verdict}")


def _works(
    arguments: argparse.Namespace, program: IngestProgram, inputs: IngestInputs, storage: Storage
) -> list[IngestWork]:
    """The work on each source that has units; sources without one are left out."""
    names = [source.source for source in program.sources]
    unknown = sorted({unit.source for unit in inputs.units} - set(names))
    if unknown:
        message = f"the program is of {', '.join(names)}, the inputs also of {', '.join(unknown)}"
        raise JobError("INPUTS_INVALID", message, "give inputs of the program's sources")
    curated = _prefixes("curated", arguments.curated, names)
    quarantine = _prefixes("quarantine", arguments.quarantine, names)
    works = [
        IngestWork(
            program=source,
            units=tuple(unit for unit in inputs.units if unit.source == source.source),
            bucket=bucket_and_key(arguments.inputs)[0],
            curated=curated[source.source],
            quarantine=quarantine[source.source],
            storage=storage,
        )
        for source in program.sources
    ]
    return [work for work in works if work.units]


def _counted(outcomes: Iterable[UnitOutcome], total: int) -> list[UnitOutcome]:
    """Collects the outcomes, showing progress, and holds each to the conservation of rows."""
    finished: list[UnitOutcome] = []
    for outcome in outcomes:
        if not outcome.is_conserved:
            counts = f"{outcome.rows} rows, {outcome.accepted} accepted, {outcome.quarantined} quarantined"
            raise JobError(
                "ROWS_NOT_CONSERVED",
                f"unit {outcome.source}/{outcome.unit}: {counts}",
                "the program's statements must put each row of typed into either accepted or quarantined",
            )
        finished.append(outcome)
        print(f"ingested {len(finished)} of {total} units", flush=True)
    return finished


def _engine(name: str) -> Engine:
    if name == "spark":
        from engines.spark_ingest import SparkEngine  # noqa: PLC0415 - each engine's library may be absent

        return SparkEngine()
    from engines.duckdb_ingest import DuckDbEngine  # noqa: PLC0415

    return DuckDbEngine()


def _prefixes(argument: str, uris: str, sources: Sequence[str]) -> dict[str, str]:
    """The prefix of each source, in the program's order."""
    prefixes = [_prefix(uri) for uri in uris.split(",")]
    if len(prefixes) != len(sources):
        message = f"--{argument} has {len(prefixes)} prefixes for the {len(sources)} sources {', '.join(sources)}"
        raise JobError("ARGUMENTS_INVALID", message, "give one prefix for each source of the program, in its order")
    return dict(zip(sources, prefixes, strict=True))


def _prefix(uri: str) -> str:
    bucket_and_key(uri)
    if not uri.endswith("/"):
        raise JobError("URI_INVALID", f"{uri} is no prefix", "end it with /")
    return uri


def _document(storage: Storage, uri: str) -> dict[str, Any]:
    try:
        return json.loads(storage.read_bytes(uri))
    except ValueError as error:
        raise JobError("DOCUMENT_INVALID", f"{uri} is no JSON document: {error}", "write it again") from error


def _write(storage: Storage, uri: str, document: dict[str, Any]) -> None:
    storage.write_bytes(uri, (json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n").encode())


if __name__ == "__main__":
    # A job that is stopped leaves no temporary file: the exit unwinds what holds one.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    code = main()
    if code:
        sys.exit(code)
