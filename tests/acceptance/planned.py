"""A real plan of a small scenario, asked about as a reader would."""

from collections.abc import Mapping

from allocator.explain.breakdown import Breakdown, break_down
from allocator.explain.readers import Reader
from allocator.jobs.plan import make_judged_plan
from allocator.jobs.ports import Planned
from allocator.jobs.request import PlanRequest
from allocator.model.catalogue import RuleId
from allocator.model.scenario import Scenario

QUICK = PlanRequest(effort="quick", workers=1)


def planned(scenario: Scenario) -> Planned:
    """A verified plan with its judgement."""
    return make_judged_plan(scenario, QUICK)


def places(scenario: Scenario) -> dict[str, str | None]:
    """Where a plan puts everybody, None for the unplaced."""
    return {p.person_id: p.cell_id for p in planned(scenario).plan.placements}


def why_unplaced(scenario: Scenario) -> Mapping[str, set[RuleId]]:
    """The rules that a plan gives for each unplaced person."""
    return {p.person_id: set(p.blocked_by) for p in planned(scenario).plan.unplaced}


def told(scenario: Scenario) -> Breakdown:
    """Everything that the report of a plan shows."""
    return break_down(scenario, planned(scenario).plan, Reader.SECURITY)
