"""The peers' linear model against every placement of tiny instances."""

import numpy as np
import pytest

from allocator.model.shapes import IntArray
from benchmarks.study.judge import Judge
from benchmarks.study.peers.cpsat_monolith import CpSatMonolith
from benchmarks.study.peers.method import Method
from tests.shape_oracle import every_placement
from tests.solver.random_instances import random_instance


def check_optimum(method: Method, seed: int) -> None:
    instance = random_instance(seed, 4, 3)
    judge, reported = Judge(instance), list[IntArray]()
    verdicts = [judge.verdict(np.array(p, dtype=np.int64)) for p in every_placement(instance)]
    best = min((v.values for v in verdicts if v.lawful), default=None)
    outcome = method.run(instance, 120.0, 1, reported.append)
    if best is None:
        assert not reported
        return
    assert judge.verdict(reported[-1]).values == best
    assert outcome.proved


@pytest.mark.parametrize("seed", range(25))
def test_cpsat_finds_and_proves_the_optimum(seed: int) -> None:
    check_optimum(CpSatMonolith(), seed)


@pytest.mark.parametrize("seed", range(25))
def test_highs_finds_and_proves_the_optimum(seed: int) -> None:
    pytest.importorskip("highspy")
    from benchmarks.study.peers.highs_monolith import HighsMonolith

    check_optimum(HighsMonolith(), seed)
