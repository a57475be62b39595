"""What stops an ingest: one line on stderr with its fix, exit code 1, and nothing half-written."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pytest
from engines.file_storage import INCOMPLETE, FileStorage
from glue.ingest import main
from ingest_corpus import DAMAGED, HEADER, INPUTS_URI, PROGRAM, SALES, arguments, land, written

if TYPE_CHECKING:
    from collections.abc import Iterator

GOOD_ROW = b"2001-01-05T10:00:00Z,1,0.5,true,JFK\n"


def run_failing(engine: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that a failing job writes to stderr."""
    assert main(arguments(engine)) == 1
    # Spark's own process may log beside it.
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("ERROR ")]
    assert len(lines) == 1
    return lines[0]


def temporary_files(storage: FileStorage) -> list[Path]:
    return [*(Path(str(storage.local_path("s3://data/x"))).parent.parent / INCOMPLETE).glob("*")]


def test_a_changed_header_is_an_error_before_anything_is_written(
    storage: FileStorage, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = HEADER.replace(b"ratio", b"rate") + GOOD_ROW
    land(storage, {"2001-01-05": {"a.csv": HEADER + GOOD_ROW, "b.csv": changed}, "2001-01-06": {"a.csv": changed}})

    line = run_failing("duckdb", capsys)

    assert line.startswith("ERROR HEADER_CHANGED: the header of raw/sales/2001-01-05/b.csv differs")
    assert "missing ratio; unknown rate; 1 more of 3 objects are wrong as well" in line
    assert "(fix: land the file with the header sold_at,amount,ratio,open,place" in line
    assert written(storage) == {}


@pytest.mark.parametrize("content", [HEADER + GOOD_ROW * 2, b"", None])
def test_an_object_that_is_not_the_listed_one_is_an_error(
    storage: FileStorage, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    land(storage, {"2001-01-05": {"a.csv": HEADER + GOOD_ROW}})
    uri = "s3://data/raw/sales/2001-01-05/a.csv"
    if content is None:
        Path(str(storage.local_path(uri))).unlink()
    else:
        storage.write_bytes(uri, content)

    line = run_failing("duckdb", capsys)

    assert line.startswith(f"ERROR {'OBJECT_MISSING' if content is None else 'OBJECT_CHANGED'}: {uri}")
    assert written(storage) == {}


class ChangingStorage(FileStorage):
    """Replaces an object when it is opened for the n-th time, just before or just after."""

    def __init__(self, root: Path, opening: int, *, before: bool) -> None:
        super().__init__(root)
        self._left = opening
        self._before = before

    @contextmanager
    def open_input(self, uri: str, etag: str | None = None) -> Iterator[IO[bytes]]:
        """Counts the openings of landed objects."""
        self._left -= uri.endswith(".csv")
        change = self._left == 0 and uri.endswith(".csv")
        if change and self._before:
            self.write_bytes(uri, HEADER)
        with super().open_input(uri, etag) as stream:
            if change:
                self.write_bytes(uri, HEADER)
            yield stream


@pytest.mark.parametrize("before", [True, False])
def test_an_object_that_changes_while_it_is_read_is_an_error_on_both_engines(
    storage: FileStorage,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    engine: str,
    before: bool,
) -> None:
    land(storage, {"2001-01-05": {"a.csv": HEADER + GOOD_ROW}})
    root = Path(str(storage.local_path("s3://data/x"))).parent.parent
    # The first opening reads the header, the second the rows.
    monkeypatch.setattr("glue.ingest.storage_from_environment", lambda: ChangingStorage(root, 2, before=before))

    line = run_failing(engine, capsys)

    assert line.startswith("ERROR OBJECT_CHANGED: s3://data/raw/sales/2001-01-05/a.csv is not the object")
    assert "ingest/quality.json" not in written(storage)


class FullStorage(FileStorage):
    """A disk that is full when Parquet is written: every write goes to the device that has no room."""

    @contextmanager
    def open_output(self, uri: str) -> Iterator[IO[bytes]]:
        """A stream that fails as a real one does."""
        with super().open_output(uri) as stream:
            if not uri.endswith(".parquet"):
                yield stream
                return
            with Path("/dev/full").open("wb", buffering=0) as full:
                yield full


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_full_disk_stops_the_job_with_a_fix_and_leaves_no_temporary_file(
    storage: FileStorage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    land(storage, DAMAGED)
    root = Path(str(storage.local_path("s3://data/x"))).parent.parent
    monkeypatch.setattr("glue.ingest.storage_from_environment", lambda: FullStorage(root))

    line = run_failing("duckdb", capsys)

    assert line.startswith("ERROR DISK_FULL: no space left for s3://data/")
    assert "(fix: free disk space" in line
    assert written(storage) == {}
    assert temporary_files(storage) == []


def test_a_program_that_loses_rows_is_an_error(
    storage: FileStorage, capsys: pytest.CaptureFixture[str], engine: str
) -> None:
    losing = json.loads(json.dumps(PROGRAM).replace("WHERE _reason IS NULL", "WHERE _reason IS NULL AND amount < 3"))
    land(storage, DAMAGED, losing)

    line = run_failing(engine, capsys)

    assert line.startswith("ERROR ROWS_NOT_CONSERVED: unit sales/2001-01-05: 19 rows, 6 accepted, 12 quarantined")


def test_a_known_time_that_overflows_is_named(
    storage: FileStorage, capsys: pytest.CaptureFixture[str], engine: str
) -> None:
    later = "CASE WHEN amount * 9007199254740991 % 7 < 9 THEN sold_at END"
    overflowing = json.loads(json.dumps(PROGRAM).replace("sold_at + INTERVAL 90 MINUTE", later))
    rows = HEADER + GOOD_ROW + GOOD_ROW.replace(b",1,", b",2000,")
    land(storage, {"2001-01-05": {"a.csv": rows}}, overflowing)

    line = run_failing(engine, capsys)

    assert line.startswith(
        "ERROR EXPRESSION_OVERFLOW: the known time of sales overflows: a whole number leaves 64 bits"
    )
    assert written(storage) == {}


def test_a_statement_that_the_engine_refuses_is_one_line(
    storage: FileStorage, capsys: pytest.CaptureFixture[str], engine: str
) -> None:
    land(storage, DAMAGED, json.loads(json.dumps(PROGRAM).replace("FROM raw", "FROM rows_that_are_not_there")))

    assert run_failing(engine, capsys).startswith("ERROR ENGINE_FAILED: ")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "training-set"}, "PROGRAM_INVALID"),
        ({"version": 1}, "PROGRAM_INVALID"),
        ({"sources": [SALES, {**SALES, "source": "other"}]}, "ARGUMENTS_INVALID"),
        ({"sources": [{**SALES, "source": "other"}]}, "INPUTS_INVALID"),
        ({"sources": [{**SALES, "kind": "table"}]}, "PROGRAM_INVALID"),
        ({"sources": [{**SALES, "format": {"kind": "csv", "delimiter": "", "quote": '"'}}]}, "PROGRAM_INVALID"),
        ({"sources": [{**SALES, "format": {"kind": "csv", "delimiter": '"', "quote": '"'}}]}, "PROGRAM_INVALID"),
        ({"sources": [{**SALES, "columns": [{"name": "sold_at", "type": "date"}]}]}, "PROGRAM_INVALID"),
    ],
)
def test_a_program_that_is_not_of_this_job_is_refused(
    storage: FileStorage, capsys: pytest.CaptureFixture[str], change: dict[str, Any], code: str
) -> None:
    land(storage, DAMAGED, {**PROGRAM, **change})

    assert run_failing("duckdb", capsys).startswith(f"ERROR {code}: ")


def test_inputs_that_are_no_json_and_arguments_that_are_missing_are_named(
    storage: FileStorage, capsys: pytest.CaptureFixture[str]
) -> None:
    land(storage, DAMAGED)
    storage.write_bytes(INPUTS_URI, b"{")

    assert run_failing("duckdb", capsys).startswith(f"ERROR DOCUMENT_INVALID: {INPUTS_URI} is no JSON document")
    assert main(["--engine", "duckdb"]) == 1
    assert "ERROR ARGUMENTS_INVALID: the following arguments are required: --program" in capsys.readouterr().err
