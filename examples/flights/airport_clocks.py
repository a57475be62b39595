"""What the clocks of the airports showed: their offsets from UTC, by IANA time zone."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import airportsdata
import pyarrow as pa


class UnknownAirportError(ValueError):
    """airportsdata knows no time zone for the airports that the text names."""


def airport_clocks(airports: Sequence[str], first: date, end: date) -> pa.Table:
    """Offsets from UTC: columns `airport`, `valid_from` (local clock time) and `utc_offset` (`-05:00`).

    Raises:
        UnknownAirportError: an airport that airportsdata does not know.
    """
    known = airportsdata.load("IATA")
    unknown = sorted(set(airports) - known.keys())
    if unknown:
        raise UnknownAirportError(", ".join(unknown))
    zones = {airport: known[airport]["tz"] for airport in airports}
    changes = {zone: list(offset_changes(ZoneInfo(zone), first, end)) for zone in set(zones.values())}
    rows = [(airport, *change) for airport, zone in zones.items() for change in changes[zone]]
    names, moments, offsets = zip(*rows, strict=True)
    return pa.table({"airport": names, "valid_from": pa.array(moments, pa.timestamp("us")), "utc_offset": offsets})


def offset_changes(zone: ZoneInfo, first: date, end: date) -> Iterator[tuple[datetime, str]]:
    """The clock times in `[first, end)` from which another offset holds, to the minute; the first is `first` itself.

    A clock time that happens twice is taken as its first occurrence, one that is skipped has the offset from before.
    """
    minute = timedelta(minutes=1)
    clock = datetime.combine(first, datetime.min.time())
    yield clock, offset_text(zone, clock)
    for _ in range((end - first).days):
        low, clock = clock, clock + timedelta(days=1)
        if offset_text(zone, low) == offset_text(zone, clock):
            continue
        high = clock
        while high - low > minute:
            middle = low + (high - low) // minute // 2 * minute
            low, high = (middle, high) if offset_text(zone, middle) == offset_text(zone, low) else (low, middle)
        yield high, offset_text(zone, high)


def offset_text(zone: ZoneInfo, clock: datetime) -> str:
    """The zone's offset at a clock time as ISO 8601 writes it, `-05:00`."""
    return clock.replace(tzinfo=zone).isoformat()[len("2001-01-01T00:00:00") :]
