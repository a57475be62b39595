"""The plan of segments, their seeds and their chain; the hyperparameters of a training."""

import re
from pathlib import Path

import pytest
from core.hyperparameters import CHOICES, INTEGERS, NUMBERS, HyperparameterError, read_hyperparameters
from core.segments import begin_chain, derive_seed, join_segments, plan_segments
from hypothesis import given
from hypothesis import strategies as st
from small_training_set import HYPERPARAMETERS

ROUNDS = st.integers(1, 300)


@given(ROUNDS, ROUNDS, st.integers(0, 2**31 - 1))
def test_segments_cover_every_round_once(total: int, rounds: int, seed: int) -> None:
    segments = plan_segments(total, rounds, seed)

    assert [r for s in segments for r in range(s.first_round, s.end_round)] == list(range(total))
    assert [s.number for s in segments] == list(range(1, len(segments) + 1))
    assert all(s.rounds == rounds for s in segments[:-1])


def test_seeds_differ_between_segments_and_between_trials_and_never_change() -> None:
    seeds = [derive_seed(seed, segment) for seed in range(20) for segment in range(1, 20)]

    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert derive_seed(7, 1) == 779_928_832


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=4), st.integers(0, 3), st.binary(max_size=8))
def test_a_chain_digest_depends_on_every_segment(models: list[bytes], position: int, other: bytes) -> None:
    changed = list(models)
    changed[position % len(models)] = other

    def digest(parts: list[bytes]) -> str:
        chain = begin_chain({"seed": 7})
        for part in parts:
            chain = chain.extended(part)
        return chain.digest

    assert (digest(changed) == digest(models)) == (changed == models)


def test_another_training_begins_another_chain() -> None:
    assert begin_chain({"seed": 7, "eta": 0.1}) == begin_chain({"eta": 0.1, "seed": 7})
    assert begin_chain({"seed": 7}) != begin_chain({"seed": 8})


def test_no_segment_is_no_model() -> None:
    with pytest.raises(ValueError, match="at least one segment"):
        join_segments([])


def test_every_wrong_hyperparameter_is_named_at_once() -> None:
    texts = {**HYPERPARAMETERS, "eta": "2", "max_depth": "six", "depth": "6", "objective": "reg:squarederror"}
    del texts["seed"]

    with pytest.raises(HyperparameterError) as caught:
        read_hyperparameters(texts)

    message = str(caught.value)
    for part in ("seed is missing", "eta is '2'", "max_depth is 'six'", "depth is unknown", "objective is 'reg:"):
        assert part in message


@pytest.mark.parametrize("text", ["nan", "inf", "-1", "0", ""])
def test_a_share_lies_above_0_and_up_to_1(text: str) -> None:
    with pytest.raises(HyperparameterError, match="subsample"):
        read_hyperparameters({**HYPERPARAMETERS, "subsample": text})


def test_hyperparameters_are_typed_for_xgboost() -> None:
    read = read_hyperparameters(HYPERPARAMETERS)

    assert (read.num_round, read.segment_rounds, read.seed) == (12, 3, 7)
    assert read.booster == {"max_depth": 3, "eta": 0.3, "subsample": 0.7, "colsample_bytree": 0.8}


def test_a_definition_may_set_just_what_a_training_reads() -> None:
    table = (Path(__file__).parents[2] / "lib/definition/xgboost-parameters.ts").read_text()
    body = table.partition("XGBOOST_PARAMETERS = {")[2].partition("} as const")[0]

    words = re.findall(r"^  (\w+): \{ type: 'word', values: \[(.*)\]", body, re.MULTILINE)

    assert set(re.findall(r"^  (\w+):", body, re.MULTILINE)) == {*INTEGERS, *NUMBERS, *CHOICES}
    assert {name: tuple(re.findall(r"'(\w+)'", values)) for name, values in words} == CHOICES
