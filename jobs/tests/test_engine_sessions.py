from __future__ import annotations

from typing import TYPE_CHECKING

from engines.duckdb_engine import connect
from engines.spark_engine import own_session, session

if TYPE_CHECKING:
    import pytest
    from pyspark.sql import SparkSession


def test_duckdb_is_in_utc_bounded_and_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUNDREDFOLD_MEMORY_LIMIT", "512MiB")

    with connect() as connection:
        settings = dict(connection.execute("SELECT name, value FROM duckdb_settings()").fetchall())

    assert settings["TimeZone"] == "UTC"
    assert settings["memory_limit"] == "256.0 MiB"  # the other half is for arrays
    assert settings["autoinstall_known_extensions"] == "false"


def test_spark_takes_the_session_that_exists_and_leaves_it_running(spark: SparkSession) -> None:
    with own_session() as taken:
        assert taken.sparkContext is spark.sparkContext
        assert taken.conf.get("spark.sql.session.timeZone") == "UTC"
        assert taken.conf.get("spark.sql.ansi.enabled") == "true"

    assert session().range(3).count() == 3
