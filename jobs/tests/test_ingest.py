from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from glue.ingest import main
from ingest_corpus import DAMAGED, arguments, land, written

if TYPE_CHECKING:
    from engines.file_storage import FileStorage
    from pyspark.sql import SparkSession


def table(content: bytes) -> list[dict[str, Any]]:
    return pq.read_table(pa.BufferReader(content)).to_pylist()


def document(storage: FileStorage, name: str) -> dict[str, Any]:
    return json.loads(written(storage)[f"ingest/{name}"])


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
    assert (report["batch"], report["attempt"], report["units"][0]["source"]) == ("b1", "a1", "sales")
    assert (quality["passed"], quality["rows"], quality["accepted"], quality["quarantined"]) == (False, 20, 8, 12)
    assert quality["failures"] == [
        "sales/2001-01-06: rowCount >= 2 was 0",
        "sales/2001-01-06: quarantined <= 0.9 was NULL",
        "sales/2001-01-06: mean amount in [1, 5] was NULL",
        "sales/2001-01-07: rowCount >= 2 was 1",
        "sales/2001-01-07: mean amount in [1, 5] was 9",
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
    assert {**first, "ingest/report.json": b""} == {**second, "ingest/report.json": b""}
    assert first["ingest/report.json"] == second["ingest/report.json"].replace(b"/a2/", b"/a1/").replace(
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
