"""The laptop script's features against a loop over flights, as departed and as known."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "laptop"))

import honest
import train


@pytest.fixture
def flights(monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """A few hundred flights between three airports, and windows of four flights."""
    monkeypatch.setattr(train, "ROLLING_FLIGHTS", 4)
    monkeypatch.setattr(honest, "ROLLING_FLIGHTS", 4)
    random = np.random.default_rng(3)
    count = 300
    minutes = np.sort(random.choice(6_000, count, replace=False))
    frame = pd.DataFrame(
        {
            "scheduled_departure": pd.Timestamp("2001-01-01", tz="UTC") + pd.to_timedelta(minutes, unit="min"),
            "local_hour": 1,
            "weekday": 1,
            "delay": random.integers(-20, 400, count),
            "distance": random.integers(100, 3_000, count),
            "origin": pd.Categorical(random.choice(["JFK", "LAX", "ORD"], count)),
            "destination": pd.Categorical(random.choice(["JFK", "LAX", "ORD"], count)),
        }
    )
    frame["late"] = (frame["delay"] >= 15).astype(int)
    return frame


@pytest.mark.parametrize("airport", ["origin", "destination"])
def test_the_script_takes_the_flights_that_departed_before(flights: pd.DataFrame, airport: str) -> None:
    featured = train.add_features(flights.copy())

    for position, row in featured.iterrows():
        before = flights.iloc[:position]
        delays = before[before[airport] == row[airport]]["delay"].tail(4)
        expected = delays.mean() if len(delays) else np.nan
        assert row[f"{airport}_mean_delay"] == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("airport", ["origin", "destination"])
def test_the_honest_features_take_what_was_known_two_hours_before(flights: pd.DataFrame, airport: str) -> None:
    asked = train.add_features(flights.copy()).tail(120)

    featured = honest.known_features(flights, asked)

    assert list(featured["delay"]) == list(asked["delay"])
    known = flights["scheduled_departure"] + pd.to_timedelta(
        np.maximum(0, flights["delay"] + flights["distance"] * 0.12 + 30), unit="min"
    )
    for _, row in featured.iterrows():
        in_time = (known <= row["scheduled_departure"] - pd.Timedelta(hours=2)) & (flights[airport] == row[airport])
        last = flights[in_time].assign(known=known).sort_values("known").tail(4)
        assert row[f"{airport}_mean_delay"] == pytest.approx(last["delay"].mean(), nan_ok=True)
        assert row[f"{airport}_late_share"] == pytest.approx(last["late"].mean(), nan_ok=True)


def test_nothing_lies_between_train_and_test(flights: pd.DataFrame) -> None:
    first, last = train.split_by_time(flights)

    assert len(first) + len(last) == len(flights)
    assert first["scheduled_departure"].max() < last["scheduled_departure"].min()


def test_a_folder_without_flights_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="holds no CSV file"):
        train.load(tmp_path)
