"""Scenarios with one goal, and what a placement costs in them."""

from collections.abc import Mapping
from typing import Any

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Tier
from allocator.prepare.instance import prepare_instance
from tests.builders import OFF, make_scenario
from tests.shape_oracle import tier_values

WEIGHTS = dict(zip(GoalId, (2, 3, 5, 7, 11, 13, 17, 19, 23, 29), strict=True))
ALL_OFF = dict.fromkeys(RuleId, OFF)


def scenario_for(
    goal: GoalId, *args: Any, policy: Mapping[str, Any] | None = None, **kw: Any
) -> Scenario:
    """A scenario without rules in which only one goal has a weight."""
    known = {"weights": {goal: WEIGHTS[goal]}} | dict(policy or {})
    return make_scenario(*args, settings=ALL_OFF, policy=known, **kw)


def values(scenario: Scenario, **placement: str) -> dict[Tier, int]:
    """Tier values that are not 0."""
    instance = prepare_instance(scenario)
    cells = [
        instance.cell_ids.index(placement[p]) if p in placement else -1 for p in instance.person_ids
    ]
    found = tier_values(instance, cells)
    return {tier: v for tier, v in found.items() if v and tier is not Tier.UNPLACED}
