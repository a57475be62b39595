"""Hyperparameters of a training job: SageMaker passes every value as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

OBJECTIVE = "binary:logistic"
"""The one objective whose scores the metrics of a run are defined for."""


class HyperparameterError(ValueError):
    """A hyperparameter is missing, unknown or out of range; the text lists every problem."""


@dataclass(frozen=True)
class Bounds:
    """Values of a number; ends are inclusive unless `open_low`."""

    low: float
    high: float
    open_low: bool = False

    def holds(self, value: float) -> bool:
        """Whether the value lies within; NaN never does."""
        return (self.low < value if self.open_low else self.low <= value) and value <= self.high

    def __str__(self) -> str:
        """As interval notation, for messages."""
        return f"{'(' if self.open_low else '['}{self.low:g}, {self.high:g}]"


_MOST = 3.4e38
"""XGBoost holds its parameters as float32."""

_SHARE = Bounds(0, 1, open_low=True)
_POSITIVE = Bounds(0, _MOST)

INTEGERS: Mapping[str, Bounds] = {
    "max_depth": Bounds(0, 64),
    "max_leaves": Bounds(0, 2**31 - 1),
    "max_bin": Bounds(2, 65_536),
}
NUMBERS: Mapping[str, Bounds] = {
    "eta": _SHARE,
    "subsample": _SHARE,
    "colsample_bytree": _SHARE,
    "colsample_bylevel": _SHARE,
    "colsample_bynode": _SHARE,
    "min_child_weight": _POSITIVE,
    "gamma": _POSITIVE,
    "lambda": _POSITIVE,
    "alpha": _POSITIVE,
    "max_delta_step": _POSITIVE,
    "scale_pos_weight": Bounds(0, _MOST, open_low=True),
}
CHOICES: Mapping[str, tuple[str, ...]] = {"grow_policy": ("depthwise", "lossguide"), "tree_method": ("hist",)}
"""XGBoost parameters that a trial may set, https://xgboost.readthedocs.io/en/release_3.0.0/parameter.html (2026-11-20).

The quantile matrix knows `hist` alone.
"""

_TRAINING: Mapping[str, Bounds] = {
    "num_round": Bounds(1, 100_000),
    "segment_rounds": Bounds(1, 100_000),
    "seed": Bounds(0, 2**31 - 1),
}
_BOUNDS: Mapping[str, Bounds] = {**_TRAINING, **INTEGERS, **NUMBERS}


@dataclass(frozen=True)
class TrainingParameters:
    """What a trial trains: `booster` holds XGBoost's own parameters, typed."""

    num_round: int
    segment_rounds: int
    seed: int
    booster: Mapping[str, int | float | str]


def read_hyperparameters(texts: Mapping[str, str]) -> TrainingParameters:
    """Types and checks the texts of `hyperparameters.json`.

    Raises:
        HyperparameterError: naming every unknown, missing and impossible value at once.
    """
    missing = [f"{name} is missing" for name in _TRAINING if name not in texts]
    wrong = [problem for name, text in texts.items() if (problem := _problem(name, text)) is not None]
    if missing or wrong:
        raise HyperparameterError("; ".join([*missing, *sorted(wrong)]))
    booster = texts.keys() - _TRAINING.keys() - {"objective"}
    return TrainingParameters(
        num_round=int(texts["num_round"]),
        segment_rounds=int(texts["segment_rounds"]),
        seed=int(texts["seed"]),
        booster={name: _value(name, texts[name]) for name in sorted(booster)},
    )


def _problem(name: str, text: str) -> str | None:
    bounds = _BOUNDS.get(name)
    if bounds is not None:
        return None if _lies_within(name, text, bounds) else f"{name} is {text!r}, expected a number in {bounds}"
    allowed = {"objective": (OBJECTIVE,), **CHOICES}.get(name)
    if allowed is None:
        return f"{name} is unknown, known are {', '.join(sorted([*_BOUNDS, 'objective', *CHOICES]))}"
    return None if text in allowed else f"{name} is {text!r}, allowed are {', '.join(allowed)}"


def _lies_within(name: str, text: str, bounds: Bounds) -> bool:
    try:
        return bounds.holds(_value(name, text))
    except ValueError:
        return False


def _value(name: str, text: str) -> Any:  # noqa: ANN401 - int, float or str by the tables above
    if name in INTEGERS or name in _TRAINING:
        return int(text)
    return float(text) if name in NUMBERS else text
