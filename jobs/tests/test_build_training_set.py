"""The training-set job as a whole: against the definition row by row, and engine against engine, byte for byte."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from core.split import find_boundaries
from engines import duckdb_engine
from engines.duckdb_timeline import DuckDbTimeline
from engines.slices import Sizes
from glue import build_training_set
from random_lake import (
    BUCKET,
    DAY,
    HOUR,
    PREFIX,
    SLOT_TIME,
    Flight,
    arguments,
    naive_training_set,
    program,
    publish_lake,
    random_flights,
    view,
)

if TYPE_CHECKING:
    from engines.file_storage import FileStorage
    from engines.training_set import TrainingSetJob, WrittenParts
    from pyspark.sql import SparkSession

WHOLE = Sizes(1 << 40, 1)
SPLITS = ("train", "validation", "test")


def read_json(storage: FileStorage, key: str) -> Any:  # noqa: ANN401
    return json.loads(storage.read_bytes(f"s3://{BUCKET}/{key}"))


def read_split(storage: FileStorage, split: str, prefix: str = PREFIX) -> list[dict[str, Any]]:
    """Rows of a split, in the order of its files and of each file; times as microseconds."""
    manifest = read_json(storage, f"{prefix}manifest.json")
    rows = []
    for file in read_json(storage, manifest["files"]["key"]):
        if file["split"] == split:
            content = storage.read_bytes(f"s3://{BUCKET}/{file['key']}")
            table = pq.read_table(pa.BufferReader(content))
            for name in ("label_time", "known_time"):
                times = table[name].cast(pa.int64())
                table = table.set_column(table.column_names.index(name), name, times)
            rows += table.to_pylist()
    return rows


def files_below(storage: FileStorage, prefix: str) -> dict[str, bytes]:
    """Parquet files and distribution below a prefix, by relative name."""
    root = Path(str(storage.local_path(f"s3://{BUCKET}/{prefix}")))
    named = {str(path.relative_to(root)): path for path in sorted(root.rglob("*")) if path.is_file()}
    return {name: path.read_bytes() for name, path in named.items() if name != "files.json"}


@pytest.mark.parametrize("seed", range(6))
def test_equals_the_definition_row_by_row(storage: FileStorage, seed: int) -> None:
    flights = random_flights(seed)
    described = program(split={**program()["split"], "embargoMicroseconds": seed * HOUR})
    publish_lake(storage, flights, described)

    assert build_training_set.main(arguments("duckdb")) == 0

    expected = naive_training_set(flights, described)
    columns = ["label_time", "known_time", "label", "origin", "destination", *described["features"]]
    for split in SPLITS:
        assert read_split(storage, split) == [{name: row[name] for name in columns} for row in expected[split]]
    manifest = read_json(storage, f"{PREFIX}manifest.json")
    assert sum(summary["purged"] for summary in manifest["splits"].values()) == len(expected["purged"]) > 0


@pytest.mark.parametrize("seed", range(3))
def test_no_train_label_was_unknown_when_validation_begins(storage: FileStorage, seed: int) -> None:
    publish_lake(storage, random_flights(seed + 50), program())

    assert build_training_set.main(arguments("duckdb")) == 0

    validation_from = min(row["label_time"] for row in read_split(storage, "validation"))
    test_from = min(row["label_time"] for row in read_split(storage, "test"))
    assert max(row["known_time"] for row in read_split(storage, "train")) <= validation_from
    assert max(row["known_time"] for row in read_split(storage, "validation")) <= test_from
    assert max(row["known_time"] for row in read_split(storage, "test")) <= SLOT_TIME


def test_manifest_describes_what_was_written(storage: FileStorage) -> None:
    described = program()
    publish_lake(storage, random_flights(1), described)

    assert build_training_set.main(arguments("duckdb")) == 0

    manifest = read_json(storage, f"{PREFIX}manifest.json")
    files = storage.read_bytes(f"s3://{BUCKET}/{manifest['files']['key']}")
    assert manifest["files"]["sha256"] == hashlib.sha256(files).hexdigest()
    assert manifest["files"]["count"] == len(json.loads(files))
    for file in json.loads(files):
        content = storage.read_bytes(f"s3://{BUCKET}/{file['key']}")
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["size"], file["sha256"])
        metadata = pq.read_schema(pa.BufferReader(content)).metadata
        assert json.loads(metadata[b"hundredfold"]) == {"label": "label", "features": described["features"]}
    distribution = read_json(storage, manifest["distribution"]["key"])
    assert [feature["name"] for feature in distribution] == described["features"]
    assert {feature["name"]: feature["type"] for feature in manifest["features"]} == {
        name: "integer" if any(part in name for part in ("flights", "__delay", "last_delay", "time_of")) else "double"
        for name in described["features"]
    }
    for split in SPLITS:
        rows = read_split(storage, split)
        summary = manifest["splits"][split]
        assert (summary["rows"], summary["positives"]) == (len(rows), sum(row["label"] for row in rows))
        assert summary["from"] <= summary["to"]


def test_a_published_set_stays_as_it_is(storage: FileStorage) -> None:
    publish_lake(storage, random_flights(2), program())
    assert build_training_set.main(arguments("duckdb", "first")) == 0
    before = storage.read_bytes(f"s3://{BUCKET}/{PREFIX}manifest.json")

    assert build_training_set.main(arguments("duckdb", "second")) == 0

    assert storage.read_bytes(f"s3://{BUCKET}/{PREFIX}manifest.json") == before
    assert storage.head(f"s3://{BUCKET}/{PREFIX}second/files.json") is None


def test_attempts_give_the_same_bytes(storage: FileStorage) -> None:
    publish_lake(storage, random_flights(2), program())

    assert build_training_set.main(arguments("duckdb", "a", "sets/one/")) == 0
    assert build_training_set.main(arguments("duckdb", "b", "sets/two/")) == 0

    assert files_below(storage, "sets/one/a/") == files_below(storage, "sets/two/b/")


def built(storage: FileStorage, prefix: str) -> TrainingSetJob:
    """The job of the published lake, with another place for its output."""
    given = build_training_set.parse_arguments(arguments("duckdb", "a", prefix))
    return build_training_set.read_job(given, read_json(storage, "inputs.json"), storage)


def written_by_duckdb(storage: FileStorage, prefix: str, sizes: Sizes) -> WrittenParts:
    job = built(storage, prefix)
    with duckdb_engine.connect() as connection:
        engine = DuckDbTimeline(connection, storage, job, sizes)
        return engine.write(find_boundaries(engine.label_days(), engine.label_times, job.program.split))


@pytest.mark.parametrize(
    "sizes",
    [
        pytest.param(Sizes(1, 1, most_reads=10**9), id="a slice a day"),
        pytest.param(Sizes(1 << 30, 2, most_reads=0), id="two partitions"),
        pytest.param(Sizes(20_000, 2, most_reads=0), id="partitions of several slices"),
        pytest.param(Sizes(20_000, 2), id="as it costs least"),
    ],
)
def test_slices_and_partitions_do_not_show(storage: FileStorage, sizes: Sizes) -> None:
    publish_lake(storage, random_flights(3), program())

    whole = written_by_duckdb(storage, "sets/whole/", WHOLE)
    parts = written_by_duckdb(storage, "sets/parts/", sizes)

    assert files_below(storage, "sets/whole/a/") == files_below(storage, "sets/parts/a/")
    assert [each.counts.tolist() for each in whole.histograms] == [each.counts.tolist() for each in parts.histograms]


def test_spark_gives_the_same_bytes(storage: FileStorage, spark: SparkSession) -> None:  # noqa: ARG001
    publish_lake(storage, random_flights(4, 600), program())

    assert build_training_set.main(arguments("duckdb", "a", "sets/duckdb/")) == 0
    assert build_training_set.main(arguments("spark", "a", "sets/spark/")) == 0

    duckdb = files_below(storage, "sets/duckdb/a/")
    assert files_below(storage, "sets/spark/a/") == duckdb
    assert {name.split("/")[0] for name in duckdb} == {*SPLITS, "distribution.json", "inputs.json", "program.json"}


@pytest.mark.parametrize("partitions", [1, 5])
def test_spark_partitions_do_not_show(storage: FileStorage, spark: SparkSession, partitions: int) -> None:
    from engines.spark_timeline import SparkTimeline  # noqa: PLC0415 - needs the optional PySpark

    publish_lake(storage, random_flights(6, 120), program())
    written_by_duckdb(storage, "sets/duckdb/", WHOLE)

    job = replace(built(storage, "sets/spark/"), engine="spark")
    engine = SparkTimeline(spark, storage, job, partitions)
    engine.write(find_boundaries(engine.label_days(), engine.label_times, job.program.split))

    assert files_below(storage, "sets/spark/a/") == files_below(storage, "sets/duckdb/a/")


def test_days_out_of_reach_are_not_read(storage: FileStorage) -> None:
    described = program(views=[view("origin", ["origin"])], historyMicroseconds=4 * DAY)
    publish_lake(storage, random_flights(7), described)

    reached = {file.day for file in built(storage, PREFIX).sources["flights"].files}

    assert min(reached) == (SLOT_TIME - 4 * DAY - 2 * DAY) // DAY
    assert build_training_set.main(arguments("duckdb")) == 0
    expected = naive_training_set(random_flights(7), described)
    assert len(read_split(storage, "train")) == len(expected["train"])


def flight(hours: int, **changes: Any) -> Flight:  # noqa: ANN401
    departure = SLOT_TIME - 5 * DAY + hours * HOUR
    given = {"delay": 20, "level": None, "origin": "A", "destination": "C", "key": None, "known": departure + HOUR}
    return Flight(departure=departure, **{**given, **changes})


FAILURES = [
    pytest.param([flight(1, delay=None)], {}, "NO_LABELS", id="no label"),
    pytest.param([flight(hour, known=SLOT_TIME) for hour in range(10)], {}, "SPLIT_EMPTY", id="everything purged"),
    pytest.param([flight(1, key="k"), flight(2, key="k")], {}, "ROW_KEY_CHANGED", id="a version moves in time"),
    pytest.param([flight(1, key="k"), flight(1, key="k", origin=None)], {}, "ROW_KEY_CHANGED", id="loses its entity"),
    pytest.param([flight(hour, delay=1 << 62) for hour in (1, 2, 9)], {}, "SUM_OVERFLOW", id="sums overflow"),
    pytest.param([flight(1)], {"features": ["nobody__gives"]}, "PROGRAM_INVALID", id="unknown feature"),
    pytest.param([flight(1)], {"version": 1}, "PROGRAM_INVALID", id="program of another version"),
]


@pytest.mark.parametrize(("flights", "changes", "code"), FAILURES)
def test_what_is_wrong_is_one_line_with_its_fix(
    storage: FileStorage,
    capsys: pytest.CaptureFixture[str],
    flights: list[Flight],
    changes: dict[str, Any],
    code: str,
) -> None:
    publish_lake(storage, flights, program(**changes))

    assert build_training_set.main(arguments("duckdb")) == 1

    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"ERROR {code}: ")
    assert "(fix: " in line
    assert storage.head(f"s3://{BUCKET}/{PREFIX}manifest.json") is None


def test_a_failure_inside_of_a_spark_task_is_told_the_same(
    storage: FileStorage,
    spark: SparkSession,  # noqa: ARG001
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Each route has one flight a day, so that of the two keys' tasks, of which either may be the first, only one fails.
    places = [(1, "B"), (2, "C"), (9, "D")]
    publish_lake(storage, [flight(hour, delay=1 << 62, destination=to) for hour, to in places], program())

    assert build_training_set.main(arguments("spark")) == 1

    assert "ERROR SUM_OVERFLOW: origin__delay_2d overflows" in capsys.readouterr().err.splitlines()[-1]


def test_runs_as_a_script_with_arguments_of_glue_beside_its_own(storage: FileStorage) -> None:
    publish_lake(storage, random_flights(8, 60), program())
    jobs = Path(build_training_set.__file__).parent.parent

    done = subprocess.run(
        [
            sys.executable,
            str(jobs / "glue" / "build_training_set.py"),
            *arguments("duckdb"),
            "--JOB_NAME",
            "j",
            "--TempDir",
            "t",
        ],
        env={**os.environ, "PYTHONPATH": str(jobs)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert f"s3://{BUCKET}/{PREFIX}manifest.json published" in done.stdout
