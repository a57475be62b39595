"""What the clocks of places show, by the standard library: the oracle of clock times in SQL."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from random import Random

ZONES = {
    "new_york": "America/New_York",
    "berlin": "Europe/Berlin",
    "lord_howe": "Australia/Lord_Howe",
    "kolkata": "Asia/Kolkata",
    "sao_paulo": "America/Sao_Paulo",
    "apia": "Pacific/Apia",
}
FIRST = datetime(1900, 1, 2, tzinfo=timezone.utc)
LAST = datetime(2199, 12, 30, tzinfo=timezone.utc)
_LAST_CHANGE = datetime(2060, 1, 1, tzinfo=timezone.utc)
_STEP = timedelta(days=3)
_INSTANT = timedelta(microseconds=1)


@cache
def changes(place: str) -> list[datetime]:
    """The moments at which a place's clocks change, from ``FIRST`` to 2060, in UTC."""
    zone = ZoneInfo(ZONES[place])
    found, moment = [], FIRST
    while moment < _LAST_CHANGE:
        after = moment + _STEP
        if _offset(moment, zone) != _offset(after, zone):
            found.append(_change(moment, after, zone))
        moment = after
    return found


def clock_times(place: str, random: Random, times: int) -> list[datetime]:
    """Clock times around each change of a place's clocks, and some at random: without a zone."""
    zone = ZoneInfo(ZONES[place])
    found = {_random_time(random).replace(tzinfo=None) for _ in range(times)}
    for change in changes(place):
        before = _shown(change - _INSTANT, zone) + _INSTANT
        after = _shown(change, zone)
        first, last = sorted((before, after))
        for end in (first, last, first + (last - first) / 2):
            found |= {end - _INSTANT, end, end + timedelta(minutes=15)}
    return sorted(found)


def moments(place: str, random: Random, times: int) -> list[datetime]:
    """Moments around each change of a place's clocks, and some at random: in UTC."""
    around = {change + shift for change in changes(place) for shift in (-_INSTANT, timedelta(), timedelta(hours=1))}
    return sorted(around | {_random_time(random) for _ in range(times)})


def meant(place: str, clock_time: datetime) -> list[datetime]:
    """The moments at which a place's clocks show a time: none, one or two, in UTC and ascending."""
    zone = ZoneInfo(ZONES[place])
    tried = {clock_time.replace(tzinfo=zone, fold=fold).astimezone(timezone.utc) for fold in (0, 1)}
    return sorted(moment for moment in tried if _shown(moment, zone) == clock_time)


def _shown(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first moment of the offset that holds after."""
    while after - before > _INSTANT:
        middle = before + (after - before) / 2
        if _offset(middle, zone) == _offset(before, zone):
            before = middle
        else:
            after = middle
    return after


def _random_time(random: Random) -> datetime:
    return FIRST + timedelta(microseconds=random.randrange((LAST - FIRST) // _INSTANT))
