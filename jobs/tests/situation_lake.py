"""The lake and the program of all situations, so that one job answers them."""

from __future__ import annotations

from typing import Any

from curated_lake import DAY, SourceRows, iso_day, source_schema
from every_feature_program import aggregate, both, columns_of, view, window
from situations import HOUR, NOON, SITUATIONS, STATIC_ROWS, Rows


def _columns(**kinds: str) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in kinds.items()]


LABELS = _columns(subject="text", other="text", happened="timestamp", number="integer")
EVENTS = _columns(
    subject="text", other="text", happened="timestamp", fact="text",
    amount="integer", level="double", word="text", large="integer",
)  # fmt: skip
FIXED = _columns(subject="text", size="integer", height="double")
OPERANDS = {"amount": "integer", "level": "double", "word": "text", "large": "integer"}
WINDOWS = [window("1h", HOUR), window("closed", HOUR, start="closed"), window("open", HOUR, end="open")]
KINDS = {"mean": "mean", "spread": "variance", "least": "min", "most": "max", "oldest": "first", "newest": "last"}


def label_rows() -> Rows:
    """The labels of all situations, numbered in their order."""
    asked = [(each.of_labels, NOON + time) for each in SITUATIONS for time in each.labels]
    return [
        {"subject": subject, "other": other, "happened": at, "number": number, "known_time": at, "_unit": iso_day(at)}
        for number, ((subject, other), at) in enumerate(asked)
    ]


def lake() -> list[SourceRows]:
    """Labels, events and a static table of all situations."""
    events = [
        {
            **each,
            "subject": of.of_rows[0],
            "other": of.of_rows[1],
            "happened": NOON + each["happened"],
            "known_time": known(each),
        }
        for of in SITUATIONS
        for each in of.rows
    ]
    fixed = [
        {"subject": subject, "size": size, "height": height, "_unit": "2001-03-26"}
        for subject, (size, height) in STATIC_ROWS.items()
    ]
    return [
        SourceRows("labels", LABELS, "happened", label_rows()),
        SourceRows("events", EVENTS, "happened", [{**each, "_unit": iso_day(each["happened"])} for each in events]),
        SourceRows("fixed", FIXED, None, fixed),
    ]


def known(each: dict[str, Any]) -> int | None:
    return None if each["known"] is None else NOON + each["known"]


def program(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """The program that all situations are of."""
    entity = {"subject": "subject", "other": "other"}
    columns = "subject, other, MICROS(happened) AS event_time, MICROS(known_time) AS known_time, fact AS row_key"
    given = {"events": both(f"SELECT {columns}, {', '.join(OPERANDS)} FROM events"), "operands": OPERANDS}
    plain = [
        aggregate("count", "rows"),
        aggregate("count", "amounts", "amount", over=[0]),
        aggregate("count-distinct", "words", "word", over=[0]),
        aggregate("count-distinct", "levels", "level", over=[0]),
        aggregate("sum", "total", "amount"),
        aggregate("sum", "large", "large", over=[0]),
        *(aggregate(kind, name, "amount", over=[0]) for name, kind in KINDS.items()),
        aggregate("quantile", "median", "amount", quantile="0.5", over=[0]),
        aggregate("last-n", "recent", "amount", count=2, over=[0]),
        aggregate("latest", "latest", "amount"),
        aggregate("latest", "level", "level"),
    ]
    corrected = [
        aggregate("count", "rows", over=[0]),
        aggregate("sum", "total", "amount", over=[0]),
        aggregate("latest", "latest", "amount"),
    ]
    fixed = [aggregate("latest", "size", "size"), aggregate("latest", "height", "height", default=-1)]
    views = [
        view("plain", "events", entity, plain, windows=WINDOWS, ttl=2 * HOUR, **given),
        view("corrected", "events", entity, corrected, windows=WINDOWS, corrects=True, **given),
        view(
            "fixed", "fixed", {"subject": "subject"}, fixed, timeless=True,
            events=both("SELECT subject, size, height FROM fixed"), operands={"size": "integer", "height": "double"},
        ),
    ]  # fmt: skip
    return {
        "kind": "training-set",
        "version": 3,
        "pipeline": "situations",
        "sources": [
            source_schema("labels", "events", LABELS, views),
            source_schema("events", "events", EVENTS, views),
            source_schema("fixed", "static", FIXED, views),
        ],
        "labels": both(
            "SELECT MICROS(happened) AS label_time, MICROS(known_time) AS known_time, CAST(1 AS INT) AS label, "
            "subject, other, number FROM labels"
        ),
        "entityColumns": [{"name": "subject", "type": "text"}, {"name": "other", "type": "text"}],
        "labelFeatures": ["number"],
        "views": views,
        "derived": [],
        "features": ["number", *(name for each in views for name in columns_of(each))],
        "historyMicroseconds": 30 * DAY,
        "split": {"kind": "by-time", "train": 1, "validation": 0, "test": 0, "embargoMicroseconds": 0},
        **changes,
    }
