"""A plan document of any placement, with the values that the judge finds; no solver is loaded."""

from collections.abc import Mapping

from allocator.model.plan import Placement, Plan, Provenance, TierValue, Verdict
from allocator.model.scenario import Scenario
from allocator.verify import verify


def plan_of(scenario: Scenario, placement: Mapping[str, str | None]) -> Plan:
    """A plan document of a placement, values as the judge finds them."""
    judged = verify(scenario, placement)
    names = (scenario.profile.name, "1", scenario.policy.name, "1", scenario.contact_weights.name)
    return Plan(
        scenario_name=scenario.name,
        verdict=Verdict.FEASIBLE,
        placements=tuple(
            Placement(p.person_id, p.current_place, placement[p.person_id], {})
            for p in scenario.people
        ),
        tiers=tuple(TierValue(tier, value, None) for tier, value in judged.tiers.items()),
        derogations=judged.derogations,
        exposure=judged.exposure,
        exposure_before=judged.exposure,
        shortfall={},
        conflicts=(),
        provenance=Provenance(
            scenario.content_hash, *names, 1, "quick", None, None, "test", "test"
        ),
        verified=True,
    )
