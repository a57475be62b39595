"""The script that a team has before Hundredfold: one CSV, pandas, a random search. Will a flight arrive late?

    python train.py landing/flights

It is written as such scripts are, with care and in good faith, and it has their flaw: its rolling means take the delays
of the flights that departed before, and many of those have not landed yet when the prediction is due. `honest.py` shows
what that is worth.
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import pandas as pd
from scipy.stats import loguniform, uniform
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import RandomizedSearchCV
from xgboost import XGBClassifier

LATE_MINUTES = 15
ROLLING_FLIGHTS = 500
FEATURES = [
    "local_hour",
    "weekday",
    "distance",
    "origin",
    "destination",
    "origin_mean_delay",
    "origin_late_share",
    "destination_mean_delay",
    "destination_late_share",
]
SEARCH_SPACE = {
    "max_depth": [4, 6, 8],
    "learning_rate": loguniform(0.03, 0.3),
    "subsample": uniform(0.6, 0.4),
}


def load(source: Path) -> pd.DataFrame:
    """All flights of a CSV file, or of a folder of them, in order of their scheduled departure (UTC)."""
    paths = sorted(source.rglob("*.csv")) if source.is_dir() else [source]
    if not paths or not all(path.is_file() for path in paths):
        sys.exit(f"error: {source} holds no CSV file; land the flights first with examples/flights/land.py")
    flights = pd.concat([pd.read_csv(path) for path in paths], ignore_index=True)
    flights["weekday"] = pd.to_datetime(flights["scheduled_departure"].str[:19]).dt.dayofweek
    flights["scheduled_departure"] = pd.to_datetime(flights["scheduled_departure"], utc=True)
    flights = flights.drop_duplicates().sort_values("scheduled_departure", kind="stable", ignore_index=True)
    flights["late"] = (flights["delay"] >= LATE_MINUTES).astype(int)
    for airport in ("origin", "destination"):
        flights[airport] = flights[airport].astype("category")
    return flights


def add_features(flights: pd.DataFrame) -> pd.DataFrame:
    """Mean delay and late share of the airport's previous flights."""
    for airport in ("origin", "destination"):
        previous = flights.groupby(airport, observed=True)
        flights[f"{airport}_mean_delay"] = previous["delay"].transform(rolling_mean)
        flights[f"{airport}_late_share"] = previous["late"].transform(rolling_mean)
    return flights


def rolling_mean(values: pd.Series) -> pd.Series:
    """Mean of the rows before each row."""
    return pd.Series(values.shift().rolling(ROLLING_FLIGHTS, min_periods=1).mean())


def split_by_time(flights: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The last 15 % are the test."""
    cut = flights["scheduled_departure"].quantile(0.85)
    is_test = flights["scheduled_departure"] >= cut
    return flights.loc[~is_test], flights.loc[is_test]


def search(train: pd.DataFrame, trials: int, rounds: int) -> XGBClassifier:
    """The best of some random settings by three-fold cross-validation, fitted on everything."""
    model = XGBClassifier(tree_method="hist", enable_categorical=True, n_estimators=rounds, n_jobs=-1, random_state=7)
    searched = RandomizedSearchCV(
        model, SEARCH_SPACE, n_iter=trials, cv=3, scoring="average_precision", random_state=7, verbose=1
    )
    searched.fit(train[FEATURES], train["late"])
    print("best:", ", ".join(f"{name} {value:.3g}" for name, value in searched.best_params_.items()))
    return searched.best_estimator_


def measure(model: XGBClassifier, rows: pd.DataFrame) -> dict[str, float]:
    """How well the model ranks the rows."""
    scores = model.predict_proba(rows[FEATURES])[:, 1]
    return {
        "pr_auc": round(float(average_precision_score(rows["late"], scores)), 4),
        "roc_auc": round(float(roc_auc_score(rows["late"], scores)), 4),
        "base_rate": round(float(rows["late"].mean()), 4),
    }


def main() -> None:
    """Trains, measures, prints."""
    parser = argparse.ArgumentParser(description="Predict late flights from CSV files, on one laptop.")
    parser.add_argument("flights", type=Path, help="CSV file, or a folder of them")
    parser.add_argument("--trials", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--model", type=Path, help="save the model here (.ubj)")
    parser.add_argument("--json", type=Path, help="save the figures here")
    options = parser.parse_args()

    started = time.perf_counter()
    flights = add_features(load(options.flights))
    train, test = split_by_time(flights)
    features_seconds = time.perf_counter() - started
    print(f"{len(train):,} flights to train on, {len(test):,} to test on, features after {features_seconds:.1f} s")

    model = search(train, options.trials, options.rounds)
    figures = {
        **measure(model, test),
        "trials": options.trials,
        "rounds": options.rounds,
        "features_seconds": round(features_seconds, 1),
        "wall_seconds": round(time.perf_counter() - started, 1),
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(f"test PR-AUC {figures['pr_auc']} at a base rate of {figures['base_rate']}, ROC-AUC {figures['roc_auc']}")
    print(f"{figures['wall_seconds']} s, at most {figures['peak_megabytes']} MB")
    if options.model:
        model.save_model(options.model)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
