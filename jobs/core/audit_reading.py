"""Readings of a view's rows: which of them count at a label time, as they were known and with one rule relaxed.

The audit recomputes features by these conditions alone; it shares the program with the timeline kernel, not the code.
A value that is not the one that was known is explained by the narrowest relaxation that gives it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from core.feature_program import FeatureView, Window

Relaxation = Literal[
    "window-closed",
    "window-longer",
    "corrections-ignored",
    "correction-early",
    "future-events",
    "known-time-ignored",
    "as-of-now",
]

TOLD: dict[Relaxation, str] = {
    "window-closed": "the window includes its start",
    "window-longer": "the window is longer than declared",
    "corrections-ignored": "corrected rows still count",
    "correction-early": "a correction counts before it was known",
    "future-events": "rows count before they happened",
    "known-time-ignored": "known times are ignored",
    "as-of-now": "the value is that of today",
}
"""What each relaxation means, in words."""

SECOND, MINUTE, HOUR, DAY = 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000
DOUBLED = -1
"""Stands for a window as much longer as it is long."""


@dataclass(frozen=True)
class Reading:
    """SQL conditions over a row ``e`` and a label ``s``; None: the rule does not hold rows back.

    Attributes:
        relaxation: the rule that is relaxed; None: the definition.
        known: the row was known.
        happened: the row's event had happened.
        in_force: no later version was known.
        longer: microseconds that windows and TTL reach further back, or ``DOUBLED``.
    """

    relaxation: Relaxation | None
    known: str | None = "e.known_time <= s.label_time"
    happened: str | None = "e.event_time <= s.label_time"
    in_force: str | None = "(e.superseded_time IS NULL OR e.superseded_time > s.label_time)"
    longer: int = 0

    @property
    def takes_part(self) -> str:
        """The row counts, whatever the window."""
        return " AND ".join([each for each in (self.known, self.happened, self.in_force) if each]) or "TRUE"

    def in_window(self, window: Window) -> str:
        """The row's event lies in the window that ends at the label time.

        An event counts until ``event + length``, in a window with a closed start one microsecond longer. With a hop it
        counts until ``floor(event, hop) + hop + length``; one exactly at a hop leaves an open start a hop earlier.
        """
        length = window.microseconds + self._further(window.microseconds)
        if window.hop is None:
            reach = f"s.label_time < e.event_time + {length + (window.start == 'closed')}"
        else:
            event = f"(e.event_time - {int(window.start == 'open')})"
            past = f"(({event} % {window.hop}) + {window.hop}) % {window.hop}"
            reach = f"s.label_time < {event} - {past} + {window.hop + length}"
        return reach if window.end == "closed" or not self.happened else f"{reach} AND e.event_time < s.label_time"

    def within_ttl(self, ttl: int | None) -> str:
        """The row's event is not older than a TTL."""
        return "TRUE" if ttl is None else f"s.label_time < e.event_time + {ttl + self._further(ttl)}"

    def lookback(self, view: FeatureView) -> int | None:
        """How long before a label time rows can count, in microseconds; None: from the beginning."""
        return None if view.lookback is None else view.lookback + self._further(view.lookback)

    def _further(self, length: int) -> int:
        return length if self.longer == DOUBLED else self.longer


AS_KNOWN = Reading(None)

_FINAL = "e.superseded_time IS NULL"
_WINDOWS = (
    Reading("window-closed", longer=1),
    *(Reading("window-longer", longer=longer) for longer in (SECOND, MINUTE, HOUR, DAY, DOUBLED)),
)
_CORRECTIONS = (
    Reading("corrections-ignored", in_force=None),
    Reading("correction-early", known="e.first_known_time <= s.label_time", in_force=_FINAL),
)
_TIMES = (
    Reading("future-events", happened=None),
    Reading("known-time-ignored", known=None, in_force=_FINAL),
    Reading("known-time-ignored", known=None, in_force=None),
    Reading("as-of-now", known=None, happened=None, in_force=_FINAL),
)


def relaxed_readings(view: FeatureView) -> tuple[Reading, ...]:
    """The relaxations that can change a view's values, the narrowest first; a static table has none."""
    if view.timeless:
        return ()
    windows = _WINDOWS if view.lookback is not None or view.windows else ()
    return (*windows, *(_CORRECTIONS if view.corrects else ()), *_TIMES)
