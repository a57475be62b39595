"""Every kind of feature over a lake of several sources against the definition, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from curated_lake import SourceRows, arguments, publish, read_json, read_rows
from every_feature_lake import HOUR, LEAD, SLOT, SLOT_TIME, label_rows, random_lake, view_rows
from every_feature_program import BY_ENTITY, VIEWS, program
from glue import build_training_set
from naive_set import SPLITS, naive_set

if TYPE_CHECKING:
    from engines.file_storage import FileStorage


def expected(lake: list[SourceRows], described: dict[str, Any], after: int = -LEAD) -> dict[str, list[dict[str, Any]]]:
    """The set by definition, with the columns that are written, and what was purged."""
    events = {view["name"]: view_rows(lake, view) for view in described["views"]}
    parts = naive_set(described, label_rows(lake, after), events, SLOT_TIME)
    entities = [each["name"] for each in described["entityColumns"]]
    columns = ["label_time", "known_time", "label", *entities, *described["features"]]
    return {name: [{column: row[column] for column in columns} for row in rows] for name, rows in parts.items()}


def computed(storage: FileStorage, prefix: str) -> dict[str, list[dict[str, Any]]]:
    return {split: read_rows(storage, prefix, split) for split in SPLITS}


@pytest.mark.parametrize("seed", range(3))
def test_equals_the_definition_row_by_row(storage: FileStorage, seed: int) -> None:
    lake, described = random_lake(seed), program()
    publish(storage, lake, described, SLOT)

    assert build_training_set.main(arguments("duckdb", "set/")) == 0

    wanted = expected(lake, described)
    assert computed(storage, "set/") == {split: wanted[split] for split in SPLITS}
    summaries = read_json(storage, "set/manifest.json")["splits"]
    assert sum(summary["purged"] for summary in summaries.values()) == len(wanted["purged"]) > 0


def test_the_lake_leaves_no_feature_without_both_values_and_null() -> None:
    parts = expected(random_lake(0), program())
    rows = [row for rows in parts.values() for row in rows]
    never_null = {"time_of_day", *(name for name in program()["features"] if "__trips_" in name)}

    for name in program()["features"]:
        assert len({row[name] for row in rows}) > 1, name
    absent = {name for name in program()["features"] if any(row[name] is None for row in rows)}
    defaults = {
        column["name"]
        for view in program()["views"]
        for each in view["aggregates"]
        for column in each["columns"]
        if each["default"] is not None or each["kind"].startswith("count")
    }
    assert absent == set(program()["features"]) - never_null - defaults


def test_entities_go_to_one_part_each_and_nothing_is_purged(storage: FileStorage) -> None:
    lake, described = random_lake(11), program(split=BY_ENTITY)
    publish(storage, lake, described, SLOT)

    assert build_training_set.main(arguments("duckdb", "set/")) == 0

    wanted, found = expected(lake, described), computed(storage, "set/")
    assert wanted["purged"] == []
    assert found == {split: wanted[split] for split in SPLITS}
    entities = [{(row["zone"], row["line"]) for row in rows} for rows in found.values()]
    assert all(entities)
    assert len(set.union(*entities)) == sum(map(len, entities))


def test_labels_may_be_made_long_after_their_event(storage: FileStorage) -> None:
    lake, after = random_lake(13), 30 * HOUR
    described = program(after=after, views=[view for view in VIEWS if view["source"] != "trips"])
    publish(storage, lake, described, SLOT)

    assert build_training_set.main(arguments("duckdb", "set/")) == 0

    wanted = expected(lake, described, after)
    assert computed(storage, "set/") == {split: wanted[split] for split in SPLITS}
