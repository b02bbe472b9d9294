"""The plan of an urgent placement: the present placement with one person in another cell (R59)."""

from dataclasses import replace
from time import perf_counter

from allocator.explain.placements import placement_now, read_placements
from allocator.jobs.plan_parts import provenance_of, shortfall_of
from allocator.jobs.ports import Planned
from allocator.jobs.request import PlanRequest
from allocator.model.plan import MadeBy, Placement, Plan, TierValue, Verdict
from allocator.model.scenario import Scenario
from allocator.prepare.instance import prepare_instance
from allocator.verify import check_plan, verify


def urgent_plan(scenario: Scenario, person_id: str, cell_id: str) -> Planned:
    """Everybody where they are, one person in a cell; nothing is searched, so nothing is bounded.

    Returns
    -------
    The plan with the judge's values. It is verified where the judge has nothing against it: not
    where the cell, or the present place of anybody else, breaks a hard rule.
    """
    started = perf_counter()
    before = placement_now(scenario)
    places = {**before, person_id: cell_id}
    judgement = verify(scenario, places)
    plan = Plan(
        scenario_name=scenario.name,
        verdict=Verdict.FEASIBLE,
        placements=tuple(
            Placement(
                person.person_id, person.current_place, places[person.person_id], {},
                person.planned_place,
            )
            for person in sorted(scenario.people, key=lambda person: person.person_id)
        ),
        tiers=tuple(TierValue(tier, value, None) for tier, value in judgement.tiers.items()),
        derogations=judgement.derogations,
        exposure=judgement.exposure,
        exposure_before=verify(scenario, before).exposure,
        shortfall=shortfall_of(scenario, judgement),
        conflicts=(),
        provenance=replace(
            provenance_of(scenario, PlanRequest("quick")), made_by=MadeBy.URGENT, started_from=None
        ),
        verified=True,
    )  # fmt: skip
    if judgement.unplaced:
        from allocator.explain.shortfall import causes_of_placement  # loads the solver

        after = read_placements(scenario, plan).after
        causes = causes_of_placement(scenario, prepare_instance(scenario), after)
        plan = replace(plan, shortfall_causes=causes)
    is_verified = not check_plan(scenario, plan)
    return Planned(replace(plan, verified=is_verified, seconds=perf_counter() - started), judgement)
