"""What every plan says however it was made: where it comes from, which places are missing."""

from importlib.metadata import version

from allocator import __version__
from allocator.jobs.request import PlanRequest
from allocator.model.judgement import Judgement
from allocator.model.plan import MadeBy, Plan, Provenance
from allocator.model.scenario import Scenario
from allocator.prepare.last_plan import plan_hash


def provenance_of(
    scenario: Scenario, request: PlanRequest, start: Plan | None = None
) -> Provenance:
    """What is needed to make the plan again; `start` is the plan that a search sets out from."""
    made_by, started_from = MadeBy.SEARCH, scenario.last_plan
    if start is not None:
        made_by, started_from = MadeBy.ONWARD, plan_hash(start)
    elif started_from is not None:
        made_by = MadeBy.REVISION
    return Provenance(
        scenario_hash=scenario.content_hash,
        profile=scenario.profile.name,
        profile_version=scenario.profile.version,
        policy=scenario.policy.name,
        policy_version=scenario.policy.version,
        contact_weights=scenario.contact_weights.name,
        seed=request.seed,
        effort=request.effort,
        max_moves=scenario.max_moves,
        time_limit_seconds=request.time_limit_seconds,
        software_version=__version__,
        solver_version=f"ortools {version('ortools')}",
        revised_plan=scenario.last_plan,
        made_by=made_by,
        started_from=started_from,
    )


def shortfall_of(scenario: Scenario, judgement: Judgement) -> dict[str, int]:
    """Places that the people without one need, by legal category."""
    missing: dict[str, int] = {}
    for person_id in judgement.unplaced:
        person = scenario.person_by_id[person_id]
        category = person.legal_category.value
        missing[category] = missing.get(category, 0) + person.places_needed
    return missing
