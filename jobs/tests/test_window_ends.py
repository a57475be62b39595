"""Both ends of a window, open and closed, with and without a hop: what counts at, before and after each edge."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from core.feature_program import Window
from core.feature_view import evaluate_view
from kernel_cases import event_table, every_aggregate, label_table
from naive_timeline import Row

HOUR = 60
MINUTE = 1
AT_1427 = 14 * HOUR + 27 * MINUTE

EDGES = [
    # hop, start, end, events that count of a one-hour window at 14:27
    pytest.param(None, "open", "closed", ["13:28", "14:27"], id="(13:27, 14:27]"),
    pytest.param(None, "closed", "closed", ["13:27", "14:27"], id="[13:27, 14:27]"),
    pytest.param(None, "open", "open", ["13:28", "14:26"], id="(13:27, 14:27)"),
    pytest.param(None, "closed", "open", ["13:27", "14:26"], id="[13:27, 14:27)"),
    pytest.param(10, "open", "closed", ["13:21", "14:27"], id="(13:20, 14:27]"),
    pytest.param(10, "closed", "closed", ["13:20", "14:27"], id="[13:20, 14:27]"),
    pytest.param(10, "open", "open", ["13:21", "14:26"], id="(13:20, 14:27)"),
    pytest.param(10, "closed", "open", ["13:20", "14:26"], id="[13:20, 14:27)"),
]


def counted(window: Window, events: list[int], time: int) -> list[int]:
    """The events that count, each known as it happens."""
    view = every_aggregate((window,), None, corrects=False)
    found = []
    for event in events:
        rows = [Row(("a", "b"), event, event, None, (1, None, None, None))]
        computed = evaluate_view(view, event_table(rows), label_table([(("a", "b"), time)]))
        found += [event] * computed[f"v__rows_{window.suffix}"][0].as_py()
    return found


@pytest.mark.parametrize(("hop", "start", "end", "ends"), EDGES)
def test_an_hour_before_1427(hop: int | None, start: str, end: str, ends: list[str]) -> None:
    window = Window("w", HOUR, hop, start, end)  # type: ignore[arg-type]
    first, last = (int(text[:2]) * HOUR + int(text[3:]) for text in ends)
    around = [first - 1, first, first + 1, last - 1, last, last + 1]

    assert counted(window, around, AT_1427) == around[1:-1]


@pytest.mark.parametrize("start", ["open", "closed"])
def test_a_hop_rounds_down_before_the_epoch_too(start: str) -> None:
    window = Window("w", 10, 10, start)  # type: ignore[arg-type]

    assert counted(window, list(range(-30, 0)), -3) == list(range(-19 if start == "open" else -20, -2))


@pytest.mark.parametrize(
    ("start", "end", "microseconds", "counts"),
    [
        ("open", "closed", 0, True),
        ("open", "open", 0, False),
        ("open", "open", 1, True),
        ("open", "closed", 3_599_999_999, True),
        ("open", "closed", 3_600_000_000, False),
        ("closed", "closed", 3_600_000_000, True),
        ("closed", "closed", 3_600_000_001, False),
    ],
)
def test_a_microsecond_decides(start: str, end: str, microseconds: int, counts: bool) -> None:
    event = int(datetime(2026, 3, 29, 0, 59, 59, tzinfo=timezone.utc).timestamp()) * 1_000_000 + 999_999
    window = Window("w", 3_600_000_000, None, start, end)  # type: ignore[arg-type]

    assert counted(window, [event], event + microseconds) == ([event] if counts else [])
