"""The bytes of a set of every kind of feature do not depend on how either engine cuts the work.

Two partitions, which the session of the tests makes of its own accord, are compared in ``test_landed_lake``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from core.split import find_boundaries
from curated_lake import arguments, publish, read_json, written_files
from engines import duckdb_engine
from engines.duckdb_timeline import DuckDbTimeline
from engines.file_storage import FileStorage
from engines.slices import Sizes
from engines.storage_choice import OBJECT_ROOT
from every_feature_lake import SLOT, random_lake
from every_feature_program import BY_ENTITY, BY_TIME, VIEWS, program
from glue import build_training_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engines.training_set import TrainingSetEngine, TrainingSetJob
    from pyspark.sql import SparkSession

# Two sets of join keys, with and without corrections, with and without an end of time, and a static table.
FEWER = [view for view in VIEWS if view["name"] in ("zone_trips", "route_trips", "zone_readings", "zone_facts")]
WHOLE = Sizes(1 << 40, 1, most_reads=10**9)
WORKERS = [
    pytest.param(Sizes(1 << 40, 1, most_reads=0), id="one partition"),
    pytest.param(Sizes(1 << 40, 2, most_reads=0), id="two partitions on two threads"),
    pytest.param(Sizes(1 << 40, 8, most_reads=0), id="eight partitions on eight threads"),
    pytest.param(Sizes(1, 8, most_reads=10**9), id="a slice for every label day"),
    pytest.param(Sizes(400_000, 2), id="slices and partitions"),
    pytest.param(Sizes(400_000, 2, held_labels=1 << 40), id="slices and partitions of held labels"),
    pytest.param(Sizes(1, 8, most_reads=10**9, held_labels=1 << 40), id="a slice of held labels for every label day"),
]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FileStorage]:
    """A lake with the sets that one slice wrote: by time below ``by-time/``, by entity below ``by-entity/``."""
    root = tmp_path_factory.mktemp("lake")
    storage = FileStorage(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(OBJECT_ROOT, str(root))
        for split in (BY_ENTITY, BY_TIME):
            publish(storage, random_lake(12), program(split=split, views=FEWER), SLOT)
            write_by_duckdb(storage, f"{split['kind']}/", WHOLE)
        yield storage


def job_of(storage: FileStorage, prefix: str) -> TrainingSetJob:
    given = build_training_set.parse_arguments(arguments("duckdb", prefix))
    return build_training_set.read_job(given, read_json(storage, "inputs.json"), storage)


def write_by_duckdb(storage: FileStorage, prefix: str, sizes: Sizes) -> None:
    job = job_of(storage, prefix)
    with duckdb_engine.connect() as connection:
        write(DuckDbTimeline(connection, storage, job, sizes), job)


def write(engine: TrainingSetEngine, job: TrainingSetJob) -> None:
    by_entity = job.program.split.entity is not None
    days = engine.label_days()
    engine.write(None if by_entity else find_boundaries(days, engine.label_times, job.program.split))


@pytest.mark.parametrize("sizes", WORKERS)
def test_duckdb_partitions_and_slices_do_not_show(published: FileStorage, sizes: Sizes) -> None:
    prefix = f"{sizes.bytes}-{sizes.threads}-{sizes.most_reads}/"

    write_by_duckdb(published, prefix, sizes)

    assert len(written_files(published, f"{prefix}a/")) > 8
    assert written_files(published, f"{prefix}a/") == written_files(published, "by-time/a/")


@pytest.mark.parametrize(("partitions", "split"), [(1, BY_TIME), (8, BY_ENTITY)])
def test_spark_partitions_do_not_show(
    published: FileStorage, spark: SparkSession, partitions: int, split: dict[str, object]
) -> None:
    from engines.spark_timeline import SparkTimeline  # noqa: PLC0415 - needs the optional PySpark

    publish(published, random_lake(12), program(split=split, views=FEWER), SLOT)
    job = replace(job_of(published, f"spark-{partitions}/"), engine="spark")

    write(SparkTimeline(spark, published, job, partitions), job)

    assert written_files(published, f"spark-{partitions}/a/") == written_files(published, f"{split['kind']}/a/")
