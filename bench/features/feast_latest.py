"""The latest value by Feast's own offline store on DuckDB: a contender.

Asked for what is its best: values whose created time is after the label's time are left out, an option of this store.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from feast import Entity, FeatureStore, FeatureView, Field, FileSource, ValueType
from feast.types import Int64
from question import Question, read_arguments

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMS = ("known", "as-is")
CONFIGURATION = """
project: contender
registry: {folder}/registry.db
provider: local
offline_store: {{type: duckdb}}
online_store: {{type: sqlite, path: {folder}/online.db}}
entity_key_serialization_version: 3
"""


def main(arguments: Sequence[str]) -> None:
    """Answers by ``get_historical_features``; the labels are a frame, as Feast wants them."""
    question, form, output = read_arguments(arguments, FORMS)
    with tempfile.TemporaryDirectory(prefix="contender-feast-") as folder:
        pq.write_table(answer(question, form, Path(folder)), output, compression="zstd", compression_level=1)


def answer(question: Question, form: str, folder: Path) -> pa.Table:
    """The labels in their order with the value that Feast gives."""
    (view,), (feature,) = question.views, question.features
    (folder / "feature_store.yaml").write_text(CONFIGURATION.format(folder=folder))
    store = FeatureStore(str(folder))
    entities = [Entity(name=name, join_keys=[name], value_type=ValueType.INT64) for name in view.entity]
    source = FileSource(path=events_glob(question), timestamp_field="happened", created_timestamp_column="known_time")
    features = FeatureView(
        name=view.name,
        entities=entities,
        ttl=timedelta(days=0),
        schema=[Field(name=str(feature.operand), dtype=Int64)],
        source=source,
    )
    store.apply([*entities, features])
    asked = labels_of(question)
    known = {"filter_by_created_timestamp": True} if form == "known" else {}
    given = store.get_historical_features(asked.to_pandas(), [f"{view.name}:{feature.operand}"], **known).to_arrow()
    return in_order(question, given)


def events_glob(question: Question) -> str:
    """The pattern of the files, which lie in a folder a day."""
    return str(Path(question.files[0]).parents[2] / "*" / "*" / "part.parquet")


def labels_of(question: Question) -> pa.Table:
    """The labels, their time under the name that Feast wants."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        files = ", ".join(f"'{file}'" for file in question.files)
        connection.execute(f"CREATE VIEW source AS FROM read_parquet([{files}], hive_partitioning = false)")
        return connection.execute(
            "SELECT * EXCLUDE (label_time), make_timestamp(label_time) AS event_timestamp "
            f"FROM ({question.labels['duckdb']})"
        ).to_arrow_table()


def in_order(question: Question, given: pa.Table) -> pa.Table:
    """What Feast gave under the names of the answer and in its order."""
    (view,), (feature,) = question.views, question.features
    names = {"event_timestamp": "label_time", str(feature.operand): f"{view.name}__{feature.name}"}
    table = given.rename_columns([names.get(name, name) for name in given.column_names])
    table = table.select([*question.label_columns, f"{view.name}__{feature.name}"])
    index = table.column_names.index("known_time")
    table = table.set_column(index, "known_time", table["known_time"].cast(pa.timestamp("us")))
    return table.sort_by([(name, "ascending") for name in question.order().split(", ")])


if __name__ == "__main__":
    main(sys.argv[1:])
