"""A training set by definition: labels in force at the slot, their features, derived features, split and purge."""

from __future__ import annotations

import hashlib
import json
import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from expression_oracle import evaluate
from naive_features import NaiveView, Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Json = Mapping[str, Any]
    Label = dict[str, Any]

SPLITS = ("train", "validation", "test")


def naive_set(
    program: Json, labels: Sequence[Label], events: Mapping[str, Sequence[Row]], slot: int
) -> dict[str, list[Label]]:
    """Computes the rows of each part in order, and what was purged.

    Args:
        program: a ``TrainingSetProgram``.
        labels: what its statement selects, a dict a row.
        events: for each view what its statement selects.
        slot: UTC microseconds.
    """
    kept = [
        dict(label)
        for label in labels
        if label["label"] is not None
        and label["label_time"] is not None
        and label["known_time"] is not None
        and label["known_time"] <= slot
        and slot - program["historyMicroseconds"] <= label["label_time"] < slot
    ]
    views = [NaiveView(view, events[view["name"]]) for view in program["views"]]
    for label in kept:
        for view in views:
            label.update(view.features(label))
        for each in program["derived"]:
            label[each["name"]] = derived(each["expression"], label)
    kept.sort(key=lambda label: _content(program, label))
    return _parts(program, kept)


def derived(expression: Json, label: Label) -> float | None:
    """An expression over features as doubles; what is not finite is NULL, a boolean 0 or 1."""
    doubles = {name: float(value) if isinstance(value, int) else value for name, value in label.items()}
    value: Any = evaluate(expression, doubles)
    return None if value is None or not math.isfinite(value) else float(value)


def share_of(entity: Sequence[int | str | None]) -> Fraction:
    """Where an entity lies in [0, 1): the first eight bytes of the SHA-256 of its JSON."""
    text = json.dumps(list(entity), ensure_ascii=False, separators=(",", ":"))
    return Fraction(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"), 1 << 64)


def _parts(program: Json, rows: list[Label]) -> dict[str, list[Label]]:
    split = program["split"]
    train, validation = (Fraction(str(split[name])) for name in ("train", "validation"))
    parts: dict[str, list[Label]] = {name: [] for name in (*SPLITS, "purged")}
    if split["kind"] == "by-entity":
        for row in rows:
            share = share_of([row[name] for name in split["entity"]])
            parts[SPLITS[int(share >= train) + int(share >= train + validation)]].append(row)
        return parts
    times = [row["label_time"] for row in rows]
    first, second = (
        times[int(share * len(rows))] if share * len(rows) < len(rows) else math.inf
        for share in (train, train + validation)
    )
    for row in rows:
        number = int(row["label_time"] >= first) + int(row["label_time"] >= second)
        limit = (first, second, math.inf)[number] - split["embargoMicroseconds"]
        parts[SPLITS[number] if row["known_time"] <= limit else "purged"].append(row)
    return parts


def _content(program: Json, label: Label) -> tuple[Any, ...]:
    of_views = (each["label"] for view in program["views"] for each in view["entity"])
    names = dict.fromkeys((*(each["name"] for each in program["entityColumns"]), *of_views, *program["labelFeatures"]))
    values = [label[name] for name in names]
    ranks = [(0,) if value is None else (1, value.encode() if isinstance(value, str) else value) for value in values]
    return (label["label_time"], *ranks, label["known_time"], label["label"])
