"""A random lake of three sources, and a program that computes every kind of feature over them.

Rows are late, early, duplicate, tied, NULL, corrected in several units and exactly on window ends; the SQL is written
by hand in both engines' dialects, and :func:`view_rows` says in Python what it selects.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from curated_lake import DAY, SourceRows, iso_day, microseconds
from naive_features import Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    Rows = list[dict[str, Any]]

MINUTE = 60_000_000
HOUR = 60 * MINUTE
SLOT = "2001-01-20T06:00:00Z"
SLOT_TIME = microseconds(SLOT)
FIRST = (SLOT_TIME // DAY - 12) * DAY
LEAD = 30 * MINUTE
ZONES = ("A", "B", "AB", "é", None)
_NUDGES = (0, 0, 0, 0, 1, -1, 999_999)


def random_trips(random: Random, facts: int) -> Rows:
    """Trips of known and unknown identity, each with its corrections."""
    rows: Rows = []
    for number in range(facts):
        started = FIRST + random.randrange(12 * 24 * 2) * LEAD + random.choice(_NUDGES)
        row = {
            "started": started,
            "zone": random.choice(("A", "A", "A", *ZONES)),
            "target": random.choice(("A", "B", None)),
            "line": random.choice((1, 2, 10, -4, None)),
            "trip": random.choice((None, f"t{number}", f"t{number}")),
            "known_time": random.choice((None, *(started + hours * HOUR for hours in (-2, 0, 0, 1, 6, 24, 72)))),
            **_measures(random),
        }
        rows.append(row)
        while row["trip"] is not None and row["known_time"] is not None and random.random() < 0.4:
            later = row["known_time"] + random.choice((0, 1, HOUR, 20 * HOUR))
            row = {**row, "known_time": later, **_measures(random)}
            rows.append(row)
        if random.random() < 0.1:
            rows.append(dict(rows[-1]))
    return [
        {**row, "_unit": iso_day(row["started"] if row["known_time"] is None else row["known_time"])} for row in rows
    ]


def _measures(random: Random) -> dict[str, Any]:
    return {
        "driver": random.choice(("d", "e", "ü", "", None)),
        "riders": random.choice((None, 0, 1, 2, 3, 4, 5)),
        "fare": random.choice((None, -2.5, 0.0, 0.25, 7.75, 100.5)),
        "paid": random.choice((None, True, False)),
    }


def random_readings(random: Random, facts: int) -> Rows:
    """Readings of places, corrected and late; a few lie before every label."""
    rows: Rows = []
    for number in range(facts):
        taken = FIRST - DAY + random.randrange(13 * 24) * HOUR + random.choice(_NUDGES)
        known = taken + random.choice((0, 0, 1, 10 * MINUTE, HOUR, 30 * HOUR))
        for _ in range(random.choice((1, 1, 2, 3))):
            heat, sky = random.choice((None, -3.5, 0.0, 1e-9, 21.125, 1e18)), random.choice(("fog", "sun", None))
            reading = {"taken": taken, "place": ZONES[number % 5], "reading": f"r{number}", "heat": heat, "sky": sky}
            rows.append({**reading, "known_time": known, "_unit": iso_day(known)})
            known += random.choice((0, 1, 5 * HOUR))
    return rows


def zone_rows() -> Rows:
    """An older table that nobody must see, and the newest, which leaves out a zone and knows another by name alone."""
    older = [{"zone": zone, "area": 1, "height": 1.5, "_unit": "2001-01-02"} for zone in ("A", "B", "é", "old")]
    newest = [("A", 7, -0.5), ("AB", None, None), ("B", -3, 2.25), (None, 9, 9.0)]
    return [*older, *({"zone": z, "area": a, "height": h, "_unit": "2001-01-12"} for z, a, h in newest)]


def _columns(**kinds: str) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in kinds.items()]


TRIPS = _columns(
    started="timestamp", zone="text", target="text", line="integer", trip="text",
    driver="text", riders="integer", fare="double", paid="boolean",
)  # fmt: skip
READINGS = _columns(taken="timestamp", place="text", reading="text", heat="double", sky="text")
ZONE_TABLE = _columns(zone="text", area="integer", height="double")


def random_lake(seed: int, facts: int = 220) -> list[SourceRows]:
    """The sources, the label's first."""
    random = Random(seed)  # noqa: S311 - test data
    return [
        SourceRows("trips", TRIPS, "started", random_trips(random, facts)),
        SourceRows("readings", READINGS, "taken", random_readings(random, facts // 2)),
        SourceRows("zones", ZONE_TABLE, None, zone_rows()),
    ]


def label_rows(lake: list[SourceRows], after: int = -LEAD) -> Rows:
    """What the program's statement of labels selects: of each trip the version in force at the slot."""
    known = [row for row in lake[0].rows if row["known_time"] is not None and row["known_time"] <= SLOT_TIME]
    newest: dict[str, Mapping[str, Any]] = {}
    for row in sorted(known, key=_version):
        if row["trip"] is not None:
            newest[row["trip"]] = row
    return [
        {
            "label_time": row["started"] + after,
            "known_time": row["known_time"],
            "label": int(row["riders"] >= 3),
            "zone": row["zone"],
            "target": row["target"],
            "line": row["line"],
            "time_of_day": row["started"] % DAY,
            "own_fare": row["fare"],
        }
        for row in [*(row for row in known if row["trip"] is None), *newest.values()]
        if row["riders"] is not None
    ]


def _version(row: Mapping[str, Any]) -> tuple[Any, ...]:
    ranked = [(value is not None, value or 0) for value in (row["riders"], row["fare"], row["paid"])]
    return (row["known_time"], *ranked, (row["driver"] is not None, (row["driver"] or "").encode()))


def view_rows(lake: list[SourceRows], view: Mapping[str, Any]) -> list[Row]:
    """What a view's statement selects; a source is seen as it was known at the slot, a static table as it is newest."""
    source = next(source for source in lake if source.name == view["source"])
    names = [each["event"] for each in view["entity"]]
    if source.event is None:
        newest = max(row["_unit"] for row in source.rows)
        return [
            Row(tuple(row[name] for name in names), None, None, None, row)
            for row in source.rows
            if row["_unit"] == newest
        ]
    identity = "trip" if source.name == "trips" else "reading"
    return [
        Row(
            tuple(row[name] for name in names),
            row[str(source.event)],
            row["known_time"],
            row[identity] if view["corrects"] else None,
            _trip_columns(row) if source.name == "trips" else row,
        )
        for row in source.rows
        if row["known_time"] is not None and row["known_time"] <= SLOT_TIME
    ]


def _trip_columns(row: Mapping[str, Any]) -> dict[str, Any]:
    riders, fare, paid = row["riders"], row["fare"], row["paid"]
    return {
        **row,
        "paid": None if paid is None else int(paid),
        "cents": None if fare is None else int(fare * 100),
        "many": riders if riders is not None and riders >= 3 else None,
    }
