"""The study's judge against the oracle, and instances through their files."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.study.judge import Judge
from benchmarks.study.store import digest, load, save
from tests.shape_oracle import hard_ok, tier_values
from tests.solver.random_instances import random_instance


@pytest.mark.parametrize("seed", range(40))
def test_judge_agrees_with_the_oracle(seed: int) -> None:
    instance = random_instance(seed, 5, 3)
    judge, rng = Judge(instance), np.random.default_rng(seed)
    for _ in range(25):
        placement = rng.integers(-1, 3, 5).astype(np.int64)
        verdict = judge.verdict(placement)
        assert verdict.lawful == hard_ok(instance, placement.tolist())
        if "max_places" in verdict.hard:
            continue
        expected = tier_values(instance, placement.tolist())
        assert verdict.values == tuple(expected[s.tier] for s in instance.tiers)


@pytest.mark.parametrize("seed", range(12))
def test_a_stored_instance_is_the_same_instance(seed: int, tmp_path: Path) -> None:
    instance = random_instance(seed, 7, 5)
    save(instance, tmp_path / "one.npz")
    again = load(tmp_path / "one.npz")
    assert digest(again) == digest(instance)
    placement = np.random.default_rng(seed).integers(-1, 5, 7).astype(np.int64)
    assert Judge(again).verdict(placement) == Judge(instance).verdict(placement)


def test_the_digest_sees_one_changed_point() -> None:
    instance = random_instance(3, 7, 5)
    before = digest(instance)
    instance.contact[-1, 0] += 1
    assert digest(instance) != before
