"""Every bad situation that rows can be in at run time, each with its one stated answer.

A situation is an entity of its own in one lake, so that one job answers them all. Times are microseconds relative to
NOON of a day; unless a row says another, it was known when it happened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from curated_lake import DAY, microseconds

HOUR = 3_600_000_000
NOON = microseconds("2001-03-25T12:00:00Z")
SLOT = "2001-03-27T00:00:00Z"
LARGE = (1 << 62) - 1

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Situation:
    """Rows and label times of one entity, and for each label the features of which it tells something."""

    name: str
    rows: Rows
    expected: list[dict[str, Any]]
    labels: list[int] = field(default_factory=lambda: [0])
    entity: tuple[str | None, str | None] | None = None
    labelled: tuple[str | None, str | None] | None = None

    @property
    def of_rows(self) -> tuple[str | None, str | None]:
        """The entity that the rows have."""
        return self.entity or (self.name, "x")

    @property
    def of_labels(self) -> tuple[str | None, str | None]:
        """The entity that the labels have."""
        return self.labelled or self.of_rows


def row(at: int, amount: int | None = 1, **given: Any) -> dict[str, Any]:  # noqa: ANN401
    """A row that happened at a time; ``known`` when it is another, ``fact`` its row key."""
    return {
        "happened": at,
        "amount": amount,
        "known": at,
        "fact": None,
        "level": None,
        "word": None,
        "large": None,
        **given,
    }


NOTHING = {
    "plain__rows_1h": 0,
    "plain__amounts_1h": 0,
    "plain__words_1h": 0,
    **dict.fromkeys([f"plain__{name}_1h" for name in ("total", "mean", "spread", "least", "most", "median", "large")]),
    **dict.fromkeys(["plain__oldest_1h", "plain__newest_1h", "plain__recent_1h_1", "plain__recent_1h_2"]),
    "plain__latest": None,
    "plain__level": None,
    "corrected__rows_1h": 0,
    "corrected__total_1h": None,
    "corrected__latest": None,
    "fixed__size": None,
    "fixed__height": -1.0,
}
COUNTS_ONE = {"plain__rows_1h": 1, "plain__latest": 1, "corrected__rows_1h": 1}
COUNTS_NONE = {"plain__rows_1h": 0, "corrected__rows_1h": 0}

TIES = [
    Situation(
        "tie ends in content",
        [row(-1, 2), row(-1, 1)],
        [
            {
                "plain__oldest_1h": 1,
                "plain__newest_1h": 2,
                "plain__recent_1h_1": 2,
                "plain__recent_1h_2": 1,
                "plain__latest": 2,
            }
        ],
    ),
    Situation(
        "a NULL that ties is passed over",
        [row(-1, None), row(-1, 5)],
        [{"plain__rows_1h": 2, "plain__amounts_1h": 1, "plain__newest_1h": 5, "plain__oldest_1h": 5}],
    ),
    Situation(
        "values of one tie come from one row where it has both",
        [row(-1, 1, level=9.0), row(-1, 2, level=3.0)],
        [{"plain__latest": 2, "plain__level": 3.0}],
    ),
    Situation(
        "equal rows without a key are two facts",
        [row(-1, 4), row(-1, 4)],
        [{"plain__rows_1h": 2, "plain__total_1h": 8, "plain__spread_1h": 0.0, "plain__recent_1h_2": 4}],
    ),
    Situation(
        "of equal event times the later known wins",
        [row(-5, 7, known=-2), row(-5, 9, known=-3)],
        [{"plain__latest": 7, "plain__oldest_1h": 9}],
    ),
    Situation(
        "a later event wins over a later known time",
        [row(-5, 7, known=-1), row(-4, 9, known=-4)],
        [{"plain__latest": 9, "plain__newest_1h": 9}],
    ),
]
VERSIONS = [
    Situation(
        "equal row key and known time: the greatest content holds",
        [row(-9, 30, known=-2, fact="f1"), row(-9, 20, known=-2, fact="f1")],
        [{"corrected__rows_1h": 1, "corrected__total_1h": 30, "plain__rows_1h": 2}],
    ),
    Situation(
        "equal row key and all else: one fact",
        [row(-9, 30, fact="f2"), row(-9, 30, fact="f2")],
        [{"corrected__rows_1h": 1, "corrected__total_1h": 30, "plain__total_1h": 60}],
    ),
    Situation(
        "a correction to NULL takes the value and keeps the fact",
        [row(-9, 30, fact="f3"), row(-9, None, known=-5, fact="f3")],
        [{"corrected__rows_1h": 1, "corrected__total_1h": None, "corrected__latest": None}],
    ),
    Situation(
        "a correction that lands first is not revived by what it corrects",
        [row(-9, 40, known=-5, fact="f4"), row(-9, 30, known=-7, fact="f4")],
        [{"corrected__total_1h": 40}, {"corrected__total_1h": 30}],
        labels=[0, -6],
    ),
    Situation(
        "a correction holds from the microsecond in which it is known",
        [row(-9, 30, fact="f5"), row(-9, 31, known=-5, fact="f5")],
        [{"corrected__total_1h": 30}, {"corrected__total_1h": 31}],
        labels=[-6, -5],
    ),
    Situation(
        "a correction known before the event replaces it whole",
        [row(-9, 30, known=-20, fact="f6"), row(-9, 31, known=-15, fact="f6")],
        [{"corrected__rows_1h": 0}, {"corrected__rows_1h": 1, "corrected__total_1h": 31}],
        labels=[-10, -9],
    ),
]
KEYS = [
    Situation("a NULL in the label's key", [row(-1)], [NOTHING], labelled=(None, "x")),
    Situation("a NULL on both sides", [row(-1)], [NOTHING], entity=("null on both sides", None)),
    Situation("an empty text is a key", [row(-1)], [COUNTS_ONE], entity=("", "")),
    Situation("keys do not run together", [row(-1)], [COUNTS_NONE], entity=("ab", "c"), labelled=("a", "bc")),
    Situation("keys are case and accent sensitive", [row(-1)], [COUNTS_NONE], entity=("É", "y"), labelled=("é", "y")),
]
TIMES = [
    Situation("a NULL known time was never known", [row(-1, known=None)], [NOTHING]),
    Situation("a label before any history", [row(1)], [NOTHING]),
    Situation("no rows at all", [], [NOTHING]),
    Situation("repeated labels are rows of their own", [row(-1)], [COUNTS_ONE, COUNTS_ONE], labels=[0, 0]),
    Situation(
        "the microseconds around a label and around the start of its window",
        [row(-HOUR, 1), row(-HOUR + 1, 2), row(0, 4), row(1, 8)],
        [{"plain__total_1h": 6, "plain__total_closed": 7, "plain__total_open": 2}],
    ),
    Situation(
        "the microseconds around a known time",
        [row(-9, 1, known=0), row(-9, 2, known=1), row(-9, 4, known=-1)],
        [{"plain__total_1h": 5}],
    ),
    Situation("announced, and not happened", [row(1, known=-9)], [COUNTS_NONE]),
    Situation("known in its last microsecond", [row(-HOUR + 1, known=0)], [COUNTS_ONE]),
    Situation("known when it has left", [row(-HOUR, known=0)], [{**COUNTS_NONE, "plain__latest": 1}]),
    Situation("the end of a time to live", [row(-2 * HOUR)], [{"plain__latest": None}, {"plain__latest": 1}], [0, -1]),
    Situation(
        "the day on which clocks change has no other hours",
        [row(-11 * HOUR, 1), row(-10 * HOUR - 1, 2), row(-10 * HOUR, 4)],
        [{"plain__total_1h": 6}],
        labels=[-10 * HOUR],
    ),
]
VALUES = [
    Situation("the variance of one value", [row(-1, 5)], [{"plain__spread_1h": None, "plain__mean_1h": 5.0}]),
    Situation("the variance of two values", [row(-1, 5), row(-2, 8)], [{"plain__spread_1h": 4.5}]),
    Situation("NULL is no value to count", [row(-1, word=None), row(-2, word="a")], [{"plain__words_1h": 1}]),
    Situation(
        "texts that look alike are distinct",
        [row(-1, word="a"), row(-2, word="A"), row(-3, word="a "), row(-4, word=""), row(-5, word="a")],
        [{"plain__words_1h": 4}],
    ),
    Situation("minus zero is zero", [row(-1, level=-0.0), row(-2, level=0.0)], [{"plain__levels_1h": 1}]),
    Situation("a percentile between two values", [row(-1, 1), row(-2, 2)], [{"plain__median_1h": 1.5}]),
    Situation(
        "sums are exact where doubles are not",
        [row(-1, large=1 << 60), row(-2, large=1)],
        [{"plain__large_1h": (1 << 60) + 1}],
    ),
    Situation(
        "a sum that just fits, beside entities with more rows",
        [row(-1, large=LARGE), row(-2, large=LARGE), row(-3, large=1)],
        [{"plain__large_1h": (1 << 63) - 1}],
    ),
]
STATIC = [
    Situation("a static row is known at every time", [], [{"fixed__size": 7, "fixed__height": 1.5}] * 2, [-DAY, 0]),
    Situation("a static row without values", [], [{"fixed__size": None, "fixed__height": -1.0}]),
    Situation("a static key that is not there", [], [{"fixed__size": None, "fixed__height": -1.0}]),
]
SITUATIONS: list[Situation] = [*TIES, *VERSIONS, *KEYS, *TIMES, *VALUES, *STATIC]
STATIC_ROWS = {
    "a static row is known at every time": (7, 1.5),
    "a static row without values": (None, None),
    None: (99, 99.0),
}
