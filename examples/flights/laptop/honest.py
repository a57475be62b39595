"""What the laptop script's own model scores when it is told only what was known in time.

    python train.py landing/flights --model model.ubj
    python honest.py landing/flights --model model.ubj

The question is asked two hours before the scheduled departure. A delay is known half an hour after the plane landed, at
departure + delay + flight time. The model is the script's, the test flights are the script's; only its rolling means
are taken over the 500 flights of the airport whose delays were the last to become known by then.
"""

import argparse
import json
from pathlib import Path

import pandas as pd
from train import FEATURES, ROLLING_FLIGHTS, add_features, load, measure, split_by_time
from xgboost import XGBClassifier

HORIZON = pd.Timedelta(hours=2)
MINUTES_PER_MILE = 0.12
MINUTES_TO_REPORT = 30


def known_times(flights: pd.DataFrame) -> pd.Series:
    """When each flight's delay became known: never before its scheduled departure."""
    minutes = flights["delay"] + flights["distance"] * MINUTES_PER_MILE + MINUTES_TO_REPORT
    departures = flights["scheduled_departure"]
    return (departures + pd.to_timedelta(minutes, unit="min")).clip(lower=departures)


def known_features(flights: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """The asked flights with the script's rolling means as they stood two hours before departure."""
    history = flights.assign(known=known_times(flights)).sort_values("known", kind="stable")
    asked = asked.assign(asked_at=asked["scheduled_departure"] - HORIZON)
    for airport in ("origin", "destination"):
        names = {"delay": f"{airport}_mean_delay", "late": f"{airport}_late_share"}
        rolled = history.groupby(airport, observed=True)[list(names)].rolling(ROLLING_FLIGHTS, min_periods=1).mean()
        standing = rolled.reset_index(level=0, drop=True).reindex(history.index).set_axis(list(names.values()), axis=1)
        standing[[airport, "known"]] = history[[airport, "known"]]
        asked = pd.merge_asof(
            asked.drop(columns=list(names.values())), standing, left_on="asked_at", right_on="known", by=airport
        ).drop(columns="known")
    return asked


def main() -> None:
    """Scores the saved model on both feature sets."""
    parser = argparse.ArgumentParser(description="Score the script's model with what was known in time.")
    parser.add_argument("flights", type=Path, help="the CSV files that train.py was given")
    parser.add_argument("--model", type=Path, required=True, help="the model that train.py saved")
    parser.add_argument("--json", type=Path, help="save the figures here")
    options = parser.parse_args()

    flights = add_features(load(options.flights))
    _, test = split_by_time(flights)
    model = XGBClassifier()
    model.load_model(options.model)
    if model.get_booster().num_features() != len(FEATURES):
        parser.error(f"{options.model} is not a model of train.py")

    figures = {"claimed": measure(model, test), "honest": measure(model, known_features(flights, test))}
    for name, values in figures.items():
        print(f"{name:8} test PR-AUC {values['pr_auc']}, ROC-AUC {values['roc_auc']}, base rate {values['base_rate']}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
