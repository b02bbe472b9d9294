"""Prisons that cannot lawfully hold their people: shortfall, derogations, smallest conflict."""

from pathlib import Path

from allocator.jobs.plan import make_plan
from allocator.jobs.request import PlanRequest
from allocator.model.catalogue import RuleId
from allocator.model.plan import Plan
from allocator.model.vocabulary import Tier
from allocator.prepare.read import read_scenario
from tests.little_work import little_work

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


def quick_plan(name: str) -> Plan:
    with little_work():
        return make_plan(read_scenario(SCENARIOS / name), PlanRequest(effort="quick"))


def bound(plan: Plan, tier: Tier) -> int | None:
    return next(t.bound for t in plan.tiers if t.tier is tier)


def test_remand_places_missing_in_f05() -> None:
    plan = quick_plan("f05_spuza_r")
    in_use = 462 - 7
    assert plan.shortfall == plan.places_missing == {"remand": 709 - in_use}
    assert len(plan.unplaced) == bound(plan, Tier.UNPLACED) == 709 - in_use
    conflict = plan.conflicts[0]
    assert conflict.missing == 709 - in_use
    assert RuleId.CAPACITY in conflict.rules
    assert all(placement.blocked_by for placement in plan.unplaced)


def test_space_derogations_name_every_person_in_f10() -> None:
    plan = quick_plan("f10_tepe")
    people = {p for d in plan.derogations for p in d.breach.person_ids}
    assert plan.unplaced == ()
    assert plan.verified
    space = [d for d in plan.derogations if d.breach.rule is RuleId.SPACE_FLOOR]
    assert space
    assert all(d.breach.person_ids and d.signed_by for d in space)
    assert people <= {p.person_id for p in plan.placements}
    assert (bound(plan, Tier.DEROGATIONS) or 0) > 0


def test_remand_is_short_in_f06_although_the_total_is_fine() -> None:
    plan = quick_plan("f06_state_bh")
    assert plan.shortfall == plan.places_missing == {"remand": len(plan.unplaced)}
    assert len(plan.unplaced) == bound(plan, Tier.UNPLACED)
    assert len(plan.unplaced) >= 73 - 50
