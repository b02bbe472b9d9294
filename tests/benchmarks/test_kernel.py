"""The peers' incremental costs against the judge: every step must add up."""

import numpy as np
import pytest

from allocator.model.instance import Instance
from benchmarks.study.instances.assignment import contact_table, dense_tree, quadratic
from benchmarks.study.instances.grouping import clusters, signed_groups
from benchmarks.study.judge import Judge
from benchmarks.study.kernel.compile import compile_model
from benchmarks.study.kernel.start import first_fit
from benchmarks.study.kernel.walk import anneal
from tests.solver.random_instances import random_instance

MADE = {
    "dense_tree": dense_tree(23, 2, 3, 1),
    "gqap": quadratic(13, 5, 75, 1),
    "contact": contact_table(30, 5, 3, 1),
    "signed": signed_groups(23, 3, 20, 1),
    "clusters": clusters(20, 3, (7, 25), 3, 0.5, 1),
}


def check_walk(instance: Instance, seed: int) -> None:
    judge, model = Judge(instance), compile_model(instance)
    work, now = first_fit(model)
    best, place = now.copy(), work.place.copy()
    weights = np.where(np.arange(len(now)) == 0, 3.0, 1.0)
    for step in range(4):
        verdict = judge.verdict(work.place)
        assert verdict.values == tuple(now[1:])
        assert all("lower limit" in text for text in verdict.hard)
        assert verdict.lawful == (now[0] == 0)
        anneal(model, work, 300, weights, 20.0, seed + step, now, best, place)
    assert judge.verdict(place).values == tuple(best[1:])
    assert tuple(best) <= tuple(now)


@pytest.mark.parametrize("seed", range(60))
def test_any_shape(seed: int) -> None:
    check_walk(random_instance(seed, 7, 4), seed)


@pytest.mark.parametrize("name", MADE)
def test_families(name: str) -> None:
    check_walk(MADE[name], 5)
