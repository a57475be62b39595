"""Segment-canonical boosting: a model as a chain of segments, the same bytes wherever a training was interrupted.

XGBoost keeps state that its saved model does not hold (the generators of row and column sampling), so a training that
is stopped and resumed ends in another model. Here no such state outlives a segment: segment k is a booster of its own,
seeded from the trial's seed and k, whose base margin is what the segments before it predict. A killed training takes up
the chain behind its last finished segment and cannot tell the difference. At the end the trees of all segments are
joined into one ordinary model.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

Model = dict[str, Any]
"""A model as XGBoost's JSON document."""


@dataclass(frozen=True)
class Segment:
    """Rounds `[first_round, end_round)` of a training; `number` counts from 1."""

    number: int
    first_round: int
    end_round: int
    seed: int

    @property
    def rounds(self) -> int:
        """How many rounds the segment boosts."""
        return self.end_round - self.first_round


def plan_segments(total_rounds: int, segment_rounds: int, seed: int) -> list[Segment]:
    """All segments of a training, in order; the last one takes what is left.

    >>> [(s.number, s.first_round, s.end_round) for s in plan_segments(25, 10, 7)]
    [(1, 0, 10), (2, 10, 20), (3, 20, 25)]
    """
    starts = range(0, total_rounds, segment_rounds)
    return [
        Segment(number, start, min(start + segment_rounds, total_rounds), derive_seed(seed, number))
        for number, start in enumerate(starts, start=1)
    ]


def derive_seed(seed: int, segment: int) -> int:
    """The seed of one segment, in `[0, 2**31)`: a digest, so that neighbouring trials share no sequence."""
    digest = hashlib.sha256(f"segment-seed/{seed}/{segment}".encode()).digest()
    return int.from_bytes(digest[:4], "big") & 0x7FFF_FFFF


def begin_chain(identity: Mapping[str, object]) -> "Chain":
    """An empty chain; its digest is of everything that makes two trainings the same training."""
    digest = hashlib.sha256(json.dumps(identity, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    return Chain(digest)


def chain_next(previous: str, segment_model: bytes) -> str:
    """The digest of a chain that a segment's serialised model was added to."""
    return hashlib.sha256(bytes.fromhex(previous) + hashlib.sha256(segment_model).digest()).hexdigest()


@dataclass(frozen=True)
class Chain:
    """Finished segments of one training: their serialised models in order, and the digest over all of them."""

    digest: str
    models: tuple[bytes, ...] = ()

    def extended(self, model: bytes) -> "Chain":
        """The chain with one more segment."""
        return Chain(chain_next(self.digest, model), (*self.models, model))


def join_segments(models: Sequence[Model]) -> Model:
    """One model with the trees of all segments, in order; intercept and names are those of the first.

    Args:
        models: each segment's own model, at least one; all of booster `gbtree` with the same features.

    Raises:
        ValueError: no segment, or segments that are not of one training.
    """
    if not models:
        raise ValueError("a model needs at least one segment")
    joined = deepcopy(models[0])
    target = _trees(joined)
    for model in models[1:]:
        if _shape(model) != _shape(joined):
            raise ValueError("the segments are not of one training: features or booster differ")
        _append_trees(target, _trees(model))
    target["gbtree_model_param"]["num_trees"] = str(len(target["trees"]))
    return joined


def _append_trees(target: Model, added: Model) -> None:
    offset = len(target["trees"])
    for position, tree in enumerate(added["trees"]):
        target["trees"].append({**tree, "id": offset + position})
    target["tree_info"].extend(added["tree_info"])
    target["iteration_indptr"].extend(offset + end for end in added["iteration_indptr"][1:])


def _trees(model: Model) -> Model:
    return model["learner"]["gradient_booster"]["model"]


def _shape(model: Model) -> tuple[object, ...]:
    learner = model["learner"]
    return (
        learner["gradient_booster"]["name"],
        learner["feature_names"],
        learner["learner_model_param"]["num_feature"],
        learner["objective"],
    )
