"""What a lock costs, against brute force over the judge on prisons that can be counted out."""

from itertools import product
from typing import Any

import pytest

from allocator.jobs.lock_costs import LockCost, TierCost, decision_groups, lock_costs
from allocator.jobs.lock_task import cost_words
from allocator.jobs.request import PlanRequest
from allocator.model.locks import Lock, LockKind
from allocator.model.relations import InfluenceEdge
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import EdgeKind, EvidenceBasis, SourceGrade, Tier
from allocator.verify import verify
from tests.builders import cell, days_ago, forbid, lock, make_scenario, person

QUICK = PlanRequest(effort="quick", workers=1)


def _edge(source: str, target: str, strength: int) -> InfluenceEdge:
    return InfluenceEdge(
        source,
        target,
        EdgeKind.COERCES,
        strength,
        SourceGrade.A,
        EvidenceBasis.FACT,
        days_ago(3),
        days_ago(-90),
    )


def _prison(*locks: Lock) -> Scenario:
    """Three people who all coerce one another, unequally, in three cells, one for two."""
    return make_scenario(
        [cell("c1", 2), cell("c2", 1), cell("c3", 1)],
        [person(f"p{k}", current_place=c) for k, c in ((1, "c1"), (2, "c2"), (3, "c3"))],
        influence_edges=[_edge("p1", "p2", 3), _edge("p2", "p3", 2), _edge("p1", "p3", 1)],
        locks=locks,
    )


def _least(scenario: Scenario) -> tuple[int, ...]:
    """Values of the best lawful placement, tier by tier, found by trying all."""
    names = [p.person_id for p in scenario.people]
    cells = [*(c.cell_id for c in scenario.estate.cells), None]
    tiers = [setting.tier for setting in scenario.tiers]
    found = []
    for places in product(cells, repeat=len(names)):
        judged = verify(scenario, dict(zip(names, places, strict=True)))
        if judged.is_lawful:
            found.append(tuple(judged.tiers[tier] for tier in tiers))
    return min(found)


@pytest.mark.parametrize(
    "locks",
    [
        (lock("p1", "c1"), lock("p2", "c1")),
        (forbid("p3", "c3"), lock("p1", "c2")),
        (lock("p3", "c3"),),
        (lock("p2", "c1"), lock("p2", "c3"), forbid("p1", "c1")),
    ],
)
def test_costs_are_those_of_brute_force(locks: tuple[Lock, ...]) -> None:
    scenario = _prison(*locks)
    costs = lock_costs(scenario, QUICK)
    assert costs.best.values == _least(scenario)
    for cost in costs.costs:
        without = _prison(*(kept for kept in locks if kept not in cost.locks))
        expected = [a - b for a, b in zip(_least(scenario), _least(without), strict=True)]
        assert [tier.difference for tier in cost.tiers] == expected
        for tier in cost.tiers:
            assert tier.least is None or tier.least <= tier.difference
            assert tier.most is None or tier.difference <= tier.most


def test_two_people_locked_together_cost_the_contact_between_them() -> None:
    costs = lock_costs(_prison(lock("p1", "c1"), lock("p2", "c1")), QUICK).costs
    assert [cost.locks[0].person_id for cost in costs] == ["p1", "p2"]
    for cost in costs:
        assert cost.first is not None
        assert cost.first.tier is Tier.EXPOSURE
        assert not cost.is_kept_anyway
        assert cost_words(cost).startswith("Costs exactly ")


def test_a_lock_that_the_best_plan_keeps_anyway_costs_nothing() -> None:
    (cost,) = lock_costs(_prison(lock("p3", "c3")), QUICK).costs
    assert cost.first is None
    assert cost.is_kept_anyway
    assert cost_words(cost) == "Costs nothing, proved."


def test_a_persons_locks_go_together_and_bans_one_by_one() -> None:
    groups = decision_groups(
        _prison(
            forbid("p2", "c2"),
            lock("p2", "c1"),
            lock("p2", "c3"),
            lock("p1", "c1", LockKind.REJECT),
            lock("p3", "c1", until=days_ago(1)),
        )
    )
    assert [[x.cell_id for x in group] for group in groups] == [["c1"], ["c1", "c3"], ["c2"]]


def test_no_more_than_asked_for_are_looked_at() -> None:
    costs = lock_costs(
        _prison(lock("p1", "c1"), forbid("p2", "c3"), forbid("p3", "c2")), QUICK, most=2
    )
    assert (len(costs.costs), [g[0].person_id for g in costs.left_out]) == (2, ["p3"])


def _cost(*tiers: tuple[Any, ...]) -> LockCost:
    made = tuple(TierCost(*tier) for tier in tiers)
    return LockCost((lock("p1", "c1"),), made, is_kept_anyway=False)


@pytest.mark.parametrize(
    ("tiers", "words"),
    [
        ([(Tier.EXPOSURE, 12, 5, 7, 7, 7)], "Costs exactly 7 in tier exposure."),
        ([(Tier.EXPOSURE, 12, 5, 7, 7, 9)], "Costs at least 7 in tier exposure."),
        (
            [(Tier.EXPOSURE, 12, 5, 7, 3, 9)],
            "Costs about 7 in tier exposure, proved at least 3.",
        ),
        ([(Tier.EXPOSURE, 12, 5, 7, 0, None)], "Costs about 7 in tier exposure, not proved."),
        (
            [(Tier.EXPOSURE, 12, 5, 7, 7, 7), (Tier.MOVES, 2, 5, -3, None, None)],
            "Costs exactly 7 in tier exposure; later tiers moves -3.",
        ),
        (
            [(Tier.EXPOSURE, 5, 5, 0, 0, 2)],
            "No cost found; a better plan without it is not ruled out.",
        ),
    ],
)
def test_words_claim_no_more_than_is_proved(tiers: list[tuple[Any, ...]], words: str) -> None:
    assert cost_words(_cost(*tiers)) == words
