"""Whatever searches reports lawful placements only, each better than the one before."""

from collections.abc import Callable

import numpy as np
import pytest

from allocator.model.shapes import IntArray
from benchmarks.study.child import Reports, steps_of, warm_up
from benchmarks.study.files import instance_of
from benchmarks.study.instances.assignment import quadratic
from benchmarks.study.instances.grouping import signed_groups
from benchmarks.study.judge import Judge
from benchmarks.study.peers.annealing import Annealing
from benchmarks.study.peers.energy import tier_weights
from benchmarks.study.peers.first_fit import FirstFit
from benchmarks.study.peers.method import Method, UnsupportedError
from benchmarks.study.peers.ours import Ours
from benchmarks.study.specs import BY_NAME
from tests.solver.random_instances import random_instance


def alns() -> Method:
    pytest.importorskip("alns")
    from benchmarks.study.peers.alns_peer import Alns

    return Alns()


@pytest.mark.parametrize("make", [Ours, Annealing, alns])
@pytest.mark.parametrize("seed", [2, 3, 5])
def test_reports_get_better_and_beat_first_fit(make: Callable[[], Method], seed: int) -> None:
    instance = quadratic(17, 5, 75, seed)
    judge, first, reported = Judge(instance), list[IntArray](), list[IntArray]()
    FirstFit().run(instance, 1.0, 1, lambda p: first.append(p.copy()))
    warm_up(make(), seed)
    make().run(instance, 0.3, seed, lambda p: reported.append(p.copy()))
    verdicts = [judge.verdict(placement) for placement in reported]
    assert len(verdicts) > 1
    assert all(verdict.lawful for verdict in verdicts)
    values = [verdict.values for verdict in verdicts]
    assert values == sorted(set(values), reverse=True)
    assert values[-1] < judge.verdict(first[-1]).values


def test_lower_limits_are_met_in_the_end() -> None:
    instance, reported = signed_groups(31, 3, 9, 7), list[IntArray]()
    warm_up(Annealing(), 1)
    Annealing().run(instance, 0.3, 1, lambda p: reported.append(p.copy()))
    assert Judge(instance).verdict(reported[-1]).lawful


def test_the_way_of_a_run_has_lawful_steps_only() -> None:
    instance, reports = quadratic(17, 5, 75, 2), Reports()
    FirstFit().run(instance, 1.0, 1, reports)
    [(_, lawful)] = reports.seen
    reports(np.zeros_like(lawful))
    reports(lawful)
    judge = Judge(instance)
    assert not judge.verdict(np.zeros_like(lawful)).lawful
    assert [values for _, values in steps_of(judge, reports)] == [judge.verdict(lawful).values] * 2


def test_an_earlier_tier_outweighs_the_dearest_breach_of_the_next() -> None:
    instance = random_instance(5, 7, 5)
    weights = tier_weights(instance, 11.0)
    prices = [getattr(shape, "penalty", None) for shape in instance.shapes]
    tiers = [setting.tier for setting in instance.tiers]
    for penalty in filter(None, prices):
        number = tiers.index(penalty.tier) + 1
        assert weights[number - 1] > penalty.price * weights[number]
    assert np.all(np.diff(weights) < 0)


def test_timefold_says_what_it_lacks() -> None:
    from benchmarks.study.peers.timefold_peer import refuse_unknown

    refuse_unknown(quadratic(7, 3, 60, 1))
    with pytest.raises(UnsupportedError, match="has no"):
        refuse_unknown(instance_of(BY_NAME["prison_60"]))
