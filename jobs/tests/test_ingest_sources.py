"""One ingest job over two sources of events and a static table, by the program that TypeScript renders for them."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from glue.ingest import main
from rendered_statements import program

if TYPE_CHECKING:
    from engines.file_storage import FileStorage

SOURCES = ("stays", "weather", "hotels")
LANDED: dict[tuple[str, str], bytes] = {
    ("stays", "2001-01-05"): b"arrival,hotel,nights\n"
    b"2001-01-05T23:30:00-05:00,Astra,7\n"
    b"2001-01-05T09:00:00Z,Bela,1\n"
    b"2001-01-05T09:00:00Z,,1\n",
    ("stays", "2001-01-06"): b"arrival,hotel,nights\n2001-01-06T09:00:00Z,Astra,2\n",
    ("weather", "2001-01-05"): b"taken,town,rain,wind\n"
    b"2001-01-05T00:00:00Z,Oslo,NaN,1.5\n"
    b"2001-01-05T01:00:00Z,Oslo,-INF,1.5\n"
    b"2001-01-05T02:00:00Z,Oslo,infinity,1.5\n"
    b"2001-01-05T03:00:00Z,Oslo,0.5,NaN\n"
    b"2001-01-05T04:00:00Z,Oslo,+nan,1.5\n"
    b"2001-01-05T05:00:00Z,Oslo,,\n",
    ("hotels", "1999-12-31"): b"hotel,stars,town\nBela,3,Oslo\nAstra,5,\n,4,Oslo\n",
}


def run(storage: FileStorage, engine: str, landed: dict[tuple[str, str], bytes]) -> None:
    """Lands the files and runs the job, which must end well whatever its reports say."""
    units = []
    for (source, unit), content in landed.items():
        key = f"raw/{source}/{unit}/a.csv"
        storage.write_bytes(f"s3://data/{key}", content)
        etag = hashlib.md5(content, usedforsecurity=False).hexdigest()
        fingerprint = hashlib.sha256(key.encode()).hexdigest()[:32]
        objects = [{"key": key, "size": len(content), "etag": etag}]
        units.append({"source": source, "unit": unit, "fingerprint": fingerprint, "objects": objects})
    storage.write_bytes("s3://data/i.json", json.dumps({"version": 2, "batch": "b", "units": units}).encode())
    storage.write_bytes("s3://data/p.json", json.dumps(program("stays")["ingest"]).encode())
    given = {
        "program": "s3://data/p.json",
        "inputs": "s3://data/i.json",
        "reports": f"s3://data/ingest/long-stays/b/{engine}/",
        "curated": ",".join(f"s3://data/curated/{source}/data/b/{engine}/" for source in SOURCES),
        "quarantine": ",".join(f"s3://data/quarantine/{source}/b/{engine}/" for source in SOURCES),
        "attempt": engine,
        "engine": engine,
        "execution": "run-1",
    }
    assert main([part for name, value in given.items() for part in (f"--{name}", value)]) == 0


def report(storage: FileStorage, engine: str, name: str) -> dict[str, Any]:
    return json.loads(storage.read_bytes(f"s3://data/ingest/long-stays/b/{engine}/{name}.json"))


def rows(storage: FileStorage, key: str) -> list[dict[str, Any]]:
    return pq.read_table(pa.BufferReader(storage.read_bytes(f"s3://data/{key}"))).to_pylist()


def without_engine(document: dict[str, Any], engine: str) -> str:
    return json.dumps(document).replace(f"/{engine}/", "/ENGINE/").replace(f'"attempt": "{engine}"', "")


@pytest.mark.usefixtures("spark")
def test_both_engines_write_the_same_files_and_reports_of_all_sources(storage: FileStorage) -> None:
    reports = []
    for engine in ("duckdb", "spark"):
        run(storage, engine, LANDED)
        reports.append(without_engine(report(storage, engine, "report"), engine))

    # Digests of the files' bytes are in the reports.
    assert reports[0] == reports[1]
    assert report(storage, "duckdb", "quality") == report(storage, "spark", "quality")


def test_each_unit_lies_below_the_prefix_of_its_source(storage: FileStorage) -> None:
    run(storage, "duckdb", LANDED)

    units = report(storage, "duckdb", "report")["units"]
    found = {f"{unit['source']}/{unit['unit']}": (unit["rows"], unit["accepted"], unit["reasons"]) for unit in units}
    assert found == {
        "hotels/1999-12-31": (3, 2, {"hotel: missing": 1}),
        "stays/2001-01-05": (3, 2, {"hotel: missing": 1}),
        "stays/2001-01-06": (1, 1, {}),
        "weather/2001-01-05": (6, 4, {'rain: not a number: "+nan"': 1, 'wind: not a number: "NaN"': 1}),
    }
    keys = [file["key"] for unit in units for file in [*unit["files"], *unit["quarantineFiles"]]]
    assert keys == [
        "curated/hotels/data/b/duckdb/unit=1999-12-31/day=1999-12-31/part.parquet",
        "quarantine/hotels/b/duckdb/unit=1999-12-31/part.parquet",
        "curated/stays/data/b/duckdb/unit=2001-01-05/day=2001-01-05/part.parquet",
        "curated/stays/data/b/duckdb/unit=2001-01-05/day=2001-01-06/part.parquet",
        "quarantine/stays/b/duckdb/unit=2001-01-05/part.parquet",
        "curated/stays/data/b/duckdb/unit=2001-01-06/day=2001-01-06/part.parquet",
        "curated/weather/data/b/duckdb/unit=2001-01-05/day=2001-01-05/part.parquet",
        "quarantine/weather/b/duckdb/unit=2001-01-05/part.parquet",
    ]


def test_a_static_table_has_its_declared_columns_alone_by_key(storage: FileStorage) -> None:
    run(storage, "duckdb", LANDED)

    assert rows(storage, "curated/hotels/data/b/duckdb/unit=1999-12-31/day=1999-12-31/part.parquet") == [
        {"hotel": "Astra", "stars": 5, "town": None},
        {"hotel": "Bela", "stars": 3, "town": "Oslo"},
    ]


def test_what_is_not_finite_is_null_only_where_that_is_declared(storage: FileStorage) -> None:
    run(storage, "duckdb", LANDED)

    accepted = rows(storage, "curated/weather/data/b/duckdb/unit=2001-01-05/day=2001-01-05/part.parquet")
    assert [(row["taken"].hour, row["rain"], row["wind"]) for row in accepted] == [
        (0, None, 1.5),
        (1, None, 1.5),
        (2, None, 1.5),
        (5, None, None),
    ]


def test_a_key_that_repeats_fails_a_check_of_that_name(storage: FileStorage, engine: str) -> None:
    repeated = b"hotel,stars,town\nAstra,5,Oslo\nAstra,4,Oslo\nBela,3,\nAstra,x,Oslo\n,1,\n,2,\n"

    run(storage, engine, {**LANDED, ("hotels", "1999-12-31"): repeated})

    quality = report(storage, engine, "quality")
    assert not quality["passed"]
    assert quality["failures"] == ["hotels/1999-12-31: rows that repeat a key (hotel) <= 0 was 1"]


def test_a_source_without_new_units_is_not_touched(storage: FileStorage) -> None:
    run(storage, "duckdb", {key: content for key, content in LANDED.items() if key[0] == "weather"})

    assert [unit["source"] for unit in report(storage, "duckdb", "report")["units"]] == ["weather"]
    assert report(storage, "duckdb", "quality")["passed"]
