"""Expected direction of both exposures on F01 (policy presets); objectives, never assignments."""

from pathlib import Path

import pytest

from allocator.jobs.plan import make_plan
from allocator.jobs.request import PlanRequest
from allocator.model.plan import Plan
from allocator.model.vocabulary import ExposureKind
from allocator.prepare.read import ScenarioOverrides, read_scenario
from tests.little_work import little_work

F01 = Path(__file__).resolve().parents[2] / "scenarios" / "f01_grad_hs"


@pytest.fixture(scope="module")
def plans() -> dict[str, Plan]:
    found = {}
    for policy in ("status_quo", "dispersal", "concentration"):
        scenario = read_scenario(F01, ScenarioOverrides(policy=policy))
        with little_work():
            found[policy] = make_plan(scenario, PlanRequest(effort="quick"))
    return found


def spillover(plan: Plan) -> int:
    return plan.exposure[ExposureKind.SPILLOVER]


def collusion(plan: Plan) -> int:
    return plan.exposure[ExposureKind.COLLUSION]


def test_status_quo_moves_nobody(plans: dict[str, Plan]) -> None:
    assert plans["status_quo"].moves == ()
    assert plans["status_quo"].exposure == plans["status_quo"].exposure_before


def test_dispersal_lowers_collusion(plans: dict[str, Plan]) -> None:
    assert collusion(plans["dispersal"]) < collusion(plans["status_quo"])


def test_concentration_lowers_spillover_and_raises_collusion(plans: dict[str, Plan]) -> None:
    assert spillover(plans["concentration"]) < spillover(plans["status_quo"])
    assert collusion(plans["concentration"]) > collusion(plans["status_quo"])


def test_each_policy_is_worse_where_the_other_is_better(plans: dict[str, Plan]) -> None:
    assert spillover(plans["dispersal"]) > spillover(plans["concentration"])
    assert collusion(plans["dispersal"]) < collusion(plans["concentration"])


def test_plans_are_verified_and_nobody_is_left_out(plans: dict[str, Plan]) -> None:
    assert all(plan.verified and not plan.unplaced for plan in plans.values())
