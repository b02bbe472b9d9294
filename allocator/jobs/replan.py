"""Warm re-planning: a changed scenario from the last plan, changing as little as it must."""

from collections.abc import Mapping
from dataclasses import replace
from time import perf_counter

from allocator.explain.placements import placement_planned
from allocator.jobs.plan import make_judged_plan
from allocator.jobs.plan_parts import provenance_of
from allocator.jobs.ports import Planned, Planner
from allocator.jobs.request import PlanRequest
from allocator.model.plan import MadeBy, Plan, Provenance, TierValue
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Tier
from allocator.prepare.last_plan import with_last_plan
from allocator.solver.options import Observer
from allocator.verify import check_plan, verify

SETTINGS = (
    "profile",
    "profile_version",
    "policy",
    "policy_version",
    "contact_weights",
    "max_moves",
)


def replan(
    scenario: Scenario,
    last_plan: Plan,
    request: PlanRequest,
    observer: Observer | None = None,
    planner: Planner | None = None,
    resumed: Mapping[str, str | None] | None = None,
) -> Planned:
    """Plan a scenario that has changed since its last plan.

    Legality comes first, then as few departures from the last plan as possible, then the policy's
    other goals among those (R76); a policy may order its tiers otherwise. Where nothing has
    changed, neither data nor settings, the last plan stands as it is and nothing is searched: a
    lucky search would otherwise change what was announced.

    Parameters
    ----------
    last_plan : a plan of an earlier version of the scenario: people may be new or missing, cells
        closed or gone. Its values count as good enough for the tiers before departures when it
        was made under the same settings.
    planner : makes the plan, None for the real one.
    resumed : see `make_judged_plan`.

    Returns
    -------
    As `make_judged_plan`; the plan names the one it revises and carries its places.

    Raises
    ------
    ConfigError
        If the last plan places nobody of the scenario.
    InternalError
        As `make_judged_plan`.
    """
    revised = with_last_plan(scenario, last_plan)
    now = provenance_of(revised, request)
    is_comparable = last_plan.verified and _agree(now, last_plan.provenance)
    if is_comparable and now.scenario_hash == last_plan.provenance.scenario_hash:
        standing = _standing(revised, last_plan, request)
        if standing is not None:
            return standing
    if planner is not None:
        return planner(revised, request, observer)
    values = comparable_values(revised, last_plan, request)
    return make_judged_plan(revised, request, observer, values, resumed=resumed)


def comparable_values(
    revised: Scenario, last_plan: Plan, request: PlanRequest
) -> dict[Tier, int] | None:
    """Tiers of a verified last plan of the same settings; None where they do not compare."""
    now = provenance_of(revised, request)
    if not last_plan.verified or not _agree(now, last_plan.provenance):
        return None
    return {entry.tier: entry.value for entry in last_plan.tiers}


def _agree(now: Provenance, then: Provenance) -> bool:
    """True when two plans were made under the same settings, so that their values compare."""
    return all(getattr(now, key) == getattr(then, key) for key in SETTINGS)


def _standing(scenario: Scenario, last_plan: Plan, request: PlanRequest) -> Planned | None:
    """The last plan as its own revision; None where the judge does not confirm it.

    It is the only placement without departures, so that bounds at or below its values hold.
    """
    started = perf_counter()
    plan = replace(
        last_plan,
        placements=tuple(replace(p, planned_place=p.cell_id) for p in last_plan.placements),
        tiers=_with_departures(scenario, last_plan),
        provenance=replace(provenance_of(scenario, request), made_by=MadeBy.STANDING),
    )
    if check_plan(scenario, plan):
        return None
    judgement = verify(scenario, placement_planned(plan))
    return Planned(replace(plan, seconds=perf_counter() - started), judgement)


def _with_departures(scenario: Scenario, last_plan: Plan) -> tuple[TierValue, ...]:
    known = {entry.tier: entry for entry in last_plan.tiers}
    known[Tier.DEPARTURES] = TierValue(Tier.DEPARTURES, 0, 0)
    return tuple(known[s.tier] for s in scenario.tiers if s.tier in known)
