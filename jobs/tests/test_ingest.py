from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from engines.file_storage import INCOMPLETE, FileStorage
from glue.ingest import main
from ingest_corpus import DAMAGED, HEADER, INPUTS_URI, PROGRAM, arguments, land, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import SparkSession

GOOD_ROW = b"2001-01-05T10:00:00Z,1,0.5,true,JFK\n"


def table(content: bytes) -> list[dict[str, Any]]:
    return pq.read_table(pa.BufferReader(content)).to_pylist()


def document(storage: FileStorage, name: str) -> dict[str, Any]:
    return json.loads(written(storage)[f"curated/{name}"])


def run_failing(engine: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that a failing job writes to stderr."""
    assert main(arguments(engine)) == 1
    # Spark's own process may log beside it.
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("ERROR ")]
    assert len(lines) == 1
    return lines[0]


def temporary_files(storage: FileStorage) -> list[Path]:
    return [*(Path(str(storage.local_path("s3://data/x"))).parent.parent / INCOMPLETE).glob("*")]


@pytest.fixture
def both_engines(spark: SparkSession) -> tuple[str, ...]:
    """Once Spark runs, either engine may be asked for."""
    assert spark.range(1).count() == 1
    return ("duckdb", "spark")


def test_both_engines_write_the_same_bytes_and_reports_of_a_damaged_corpus(
    storage: FileStorage, both_engines: tuple[str, ...]
) -> None:
    land(storage, DAMAGED)
    found = []
    for engine in both_engines:
        assert main(arguments(engine)) == 0
        found.append(written(storage))

    assert found[0].keys() == found[1].keys()
    assert found[0] == found[1]


def test_accepted_rows_are_typed_and_in_order_by_unit_and_utc_day(storage: FileStorage) -> None:
    land(storage, DAMAGED)

    assert main(arguments("duckdb")) == 0

    files = {key: table(content) for key, content in written(storage).items() if key.startswith("curated/unit=")}
    assert [*files] == [
        "curated/unit=2001-01-05/day=2001-01-05/part.parquet",
        "curated/unit=2001-01-05/day=2001-01-06/part.parquet",
        "curated/unit=2001-01-07/day=2001-01-07/part.parquet",
    ]
    rows = files["curated/unit=2001-01-05/day=2001-01-05/part.parquet"]
    assert [(row["amount"], row["ratio"], row["open"], row["place"]) for row in rows] == [
        (1, 0.0, True, None),
        (1, 0.0, True, "Aachen"),
        (1, 0.0, True, "Ålesund"),
        (1, 0.5, True, "JFK"),
        (1, 0.5, True, "JFK"),
        (3, None, None, "two\r\nlines"),
    ]
    next_day = files["curated/unit=2001-01-05/day=2001-01-06/part.parquet"]
    assert next_day[0]["sold_at"].isoformat() == "2001-01-06T04:30:00+00:00"
    assert next_day[0]["known_time"].isoformat() == "2001-01-06T06:00:00+00:00"
    assert next_day[0]["place"] == 'New "York", NY'


def test_quarantined_rows_keep_reason_origin_and_raw_record(storage: FileStorage) -> None:
    land(storage, DAMAGED)

    assert main(arguments("duckdb")) == 0

    rows = table(written(storage)["quarantine/unit=2001-01-05/part.parquet"])
    assert [(row["_object"][-5:], row["_line"], row["_reason"], row["_record"]) for row in rows] == [
        ("a.csv", 7, "expected 5 fields, found 4", "2001-01-05T10:00:00Z,4,1.5,true"),
        ("a.csv", 8, "expected 5 fields, found 6", "2001-01-05T10:00:00Z,5,1.5,true,JFK,more"),
        ("b.csv", 6, "sold_at: wrong type", "yesterday,1,0.5,true,JFK"),
        ("b.csv", 7, "amount: wrong type", "2001-01-05T10:00:00Z,one,0.5,true,JFK"),
        ("b.csv", 8, "ratio: wrong type", "2001-01-05T10:00:00Z,1,half,true,JFK"),
        ("b.csv", 9, "open: wrong type", "2001-01-05T10:00:00Z,1,0.5,maybe,JFK"),
        ("b.csv", 10, "sold_at: missing", ",1,0.5,true,JFK"),
        ("b.csv", 11, "amount: negative", "2001-01-05T10:00:00Z,-1,0.5,true,JFK"),
        ("b.csv", 12, "not UTF-8", "2001-01-05T10:00:00Z,1,0.5,true,J\\xff\\xfeK"),
        ("b.csv", 13, "broken quoting", '2001-01-05T10:00:00Z,1,0.5,true,5" pipe'),
        ("b.csv", 14, "broken quoting", '2001-01-05T10:00:00Z,1,0.5,true,"open'),
        ("b.csv", 15, "last line without line break", "2001-01-05T10:00:00Z,1,0.5,tr"),
    ]


def test_reports_conserve_rows_and_measure_every_unit_even_an_empty_one(storage: FileStorage) -> None:
    land(storage, DAMAGED)

    assert main(arguments("duckdb")) == 0

    report, quality = document(storage, "report.json"), document(storage, "quality.json")
    counts = {unit["unit"]: (unit["rows"], unit["accepted"], unit["quarantined"]) for unit in report["units"]}
    assert counts == {"2001-01-05": (19, 7, 12), "2001-01-06": (0, 0, 0), "2001-01-07": (1, 1, 0)}
    empty = report["units"][1]
    assert [(check["measure"], check["passed"]) for check in empty["checks"]] == [
        (0, False),
        (None, False),
        (None, False),
    ]
    assert (empty["files"], empty["quarantineFiles"]) == ([], [])
    assert (report["batch"], report["attempt"], report["source"]) == ("b1", "a1", "sales")
    assert (quality["passed"], quality["rows"], quality["accepted"], quality["quarantined"]) == (False, 20, 8, 12)
    assert quality["failures"] == [
        "2001-01-06: rowCount >= 2 was 0",
        "2001-01-06: quarantined <= 0.9 was NULL",
        "2001-01-06: mean amount in [1, 5] was NULL",
        "2001-01-07: rowCount >= 2 was 1",
        "2001-01-07: mean amount in [1, 5] was 9",
    ]
    assert quality["reasons"][0] == {"reason": "broken quoting", "rows": 2}


def test_the_report_names_each_file_with_its_size_and_digest(storage: FileStorage) -> None:
    land(storage, DAMAGED)

    assert main(arguments("duckdb")) == 0

    units = document(storage, "report.json")["units"]
    listed = [file for unit in units for file in [*unit["files"], *unit["quarantineFiles"]]]
    for file in listed:
        content = storage.read_bytes(f"s3://data/{file['key']}")
        assert (file["size"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        assert file["rows"] == len(table(content))
    assert len(listed) == len([key for key in written(storage) if key.endswith(".parquet")])


def test_a_second_attempt_over_the_same_inputs_writes_the_same_bytes(storage: FileStorage) -> None:
    land(storage, DAMAGED)

    assert main(arguments("duckdb", "a1")) == 0
    assert main(arguments("duckdb", "a2")) == 0

    first, second = written(storage, "a1"), written(storage, "a2")
    assert {**first, "curated/report.json": b""} == {**second, "curated/report.json": b""}
    assert first["curated/report.json"] == second["curated/report.json"].replace(b"/a2/", b"/a1/").replace(
        b'"attempt":"a2"', b'"attempt":"a1"'
    )


def test_how_units_are_batched_does_not_show(storage: FileStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    land(storage, DAMAGED)
    assert main(arguments("duckdb", "a1")) == 0
    together = written(storage, "a1")

    monkeypatch.setattr("engines.duckdb_ingest.BATCH_BYTES", 1)
    assert main(arguments("duckdb", "a1")) == 0

    assert written(storage, "a1") == together


def test_progress_is_told_unit_by_unit(storage: FileStorage, capsys: pytest.CaptureFixture[str]) -> None:
    land(storage, DAMAGED)

    assert main(arguments("duckdb")) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [f"ingested {count} of 3 units" for count in (1, 2, 3)]
    assert lines[3] == "20 rows: 8 accepted, 12 quarantined; 5 checks failed"


def test_no_units_give_empty_reports(storage: FileStorage) -> None:
    land(storage, {})

    assert main(arguments("duckdb")) == 0

    assert document(storage, "report.json")["units"] == []
    assert document(storage, "quality.json")["passed"]


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
@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_an_object_that_changes_while_it_is_read_is_an_error_on_both_engines(
    storage: FileStorage,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    engine: str,
    before: bool,
    request: pytest.FixtureRequest,
) -> None:
    if engine == "spark":
        request.getfixturevalue("spark")
    land(storage, {"2001-01-05": {"a.csv": HEADER + GOOD_ROW}})
    root = Path(str(storage.local_path("s3://data/x"))).parent.parent
    # The first opening reads the header, the second the rows.
    monkeypatch.setattr("glue.ingest.storage_from_environment", lambda: ChangingStorage(root, 2, before=before))

    line = run_failing(engine, capsys)

    assert line.startswith("ERROR OBJECT_CHANGED: s3://data/raw/sales/2001-01-05/a.csv is not the object")
    assert "curated/quality.json" not in written(storage)


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


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_a_program_that_loses_rows_is_an_error(
    storage: FileStorage, capsys: pytest.CaptureFixture[str], engine: str, request: pytest.FixtureRequest
) -> None:
    if engine == "spark":
        request.getfixturevalue("spark")
    losing = json.loads(json.dumps(PROGRAM).replace("WHERE _reason IS NULL", "WHERE _reason IS NULL AND amount < 3"))
    land(storage, DAMAGED, losing)

    line = run_failing(engine, capsys)

    assert line.startswith("ERROR ROWS_NOT_CONSERVED: unit 2001-01-05: 19 rows, 6 accepted, 12 quarantined")


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_a_statement_that_the_engine_refuses_is_one_line(
    storage: FileStorage, capsys: pytest.CaptureFixture[str], engine: str, request: pytest.FixtureRequest
) -> None:
    if engine == "spark":
        request.getfixturevalue("spark")
    land(storage, DAMAGED, json.loads(json.dumps(PROGRAM).replace("FROM raw", "FROM rows_that_are_not_there")))

    assert run_failing(engine, capsys).startswith("ERROR ENGINE_FAILED: ")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "training-set"}, "PROGRAM_INVALID"),
        ({"version": 2}, "PROGRAM_INVALID"),
        ({"source": "other"}, "INPUTS_INVALID"),
        ({"format": {"kind": "csv", "delimiter": "", "quote": '"'}}, "PROGRAM_INVALID"),
        ({"format": {"kind": "csv", "delimiter": '"', "quote": '"'}}, "PROGRAM_INVALID"),
        ({"columns": [{"name": "sold_at", "type": "date"}]}, "PROGRAM_INVALID"),
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
