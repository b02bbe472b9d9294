"""From a scenario to a verified plan: prepare, solve, judge, explain. Nothing leaves unverified."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from allocator.errors import ConfigError, InternalError
from allocator.explain.conflict import explain_unplaced
from allocator.explain.placements import placement_now, placement_planned
from allocator.jobs.plan_parts import provenance_of
from allocator.jobs.ports import Planned
from allocator.jobs.request import PlanRequest
from allocator.jobs.revise import solve_revision
from allocator.model.catalogue import RuleId
from allocator.model.instance import Instance
from allocator.model.judgement import Judgement
from allocator.model.plan import (
    Conflict,
    Placement,
    Plan,
    Provenance,
    ShortfallCause,
    TierValue,
    Verdict,
)
from allocator.model.scenario import Scenario
from allocator.model.shapes import IntArray
from allocator.model.vocabulary import Tier
from allocator.prepare.instance import prepare_instance
from allocator.solver.options import Observer, Solution
from allocator.solver.solve import solve
from allocator.verify import check_plan, verify


@dataclass(frozen=True, slots=True)
class _Reasons:
    """Why somebody has no place; empty when everybody has one."""

    blocked_by: Mapping[str, Mapping[RuleId, int]]
    shortfall: Mapping[str, int]
    causes: tuple[ShortfallCause, ...]
    conflicts: tuple[Conflict, ...]


def make_plan(scenario: Scenario, request: PlanRequest, observer: Observer | None = None) -> Plan:
    """The plan alone, see `make_judged_plan`."""
    return make_judged_plan(scenario, request, observer).plan


def make_judged_plan(
    scenario: Scenario,
    request: PlanRequest,
    observer: Observer | None = None,
    last_values: Mapping[Tier, int] | None = None,
    start: Plan | None = None,
    resumed: Mapping[str, str | None] | None = None,
) -> Planned:
    """Plan a scenario and verify the result.

    A scenario with planned places is searched from there, so that a revised plan stays near them.
    The same scenario, effort, seed and version give the same plan as long as no time limit and no
    early stop cuts the work short; only `seconds` differs.

    Parameters
    ----------
    last_values : for a scenario with planned places, see `revise.solve_revision`.
    start : plan of the same data to set out from instead of the present or the planned places.
    resumed : cell by person id of a search that was cut off, and goes on from there.

    Returns
    -------
    A verified plan; or, when the search ended without one, a plan without placements (R58: the
    result is no change) whose judgement is that of the present placement.

    Raises
    ------
    ConfigError
        If the plan to set out from is of other data.
    InternalError
        If the judge's values differ from the solver's, or the judge finds a discrepancy.
    """
    started = perf_counter()
    instance = prepare_instance(scenario)
    reached = None if resumed is None else _positions(instance, resumed)
    if start is None:
        solution = solve_revision(scenario, instance, request, observer, last_values, reached)
    else:
        first = _positions(instance, _places_of(scenario, start)) if reached is None else reached
        solution = solve(instance, request.options(), observer, first)
    before = verify(scenario, placement_now(scenario))
    blank = _blank_plan(scenario, solution.verdict, before, provenance_of(scenario, request, start))
    if solution.verdict in {Verdict.INFEASIBLE, Verdict.OUT_OF_TIME}:
        return Planned(replace(blank, seconds=perf_counter() - started), before)
    placement = _placement(instance, solution)
    judgement = verify(scenario, placement)
    reasons = _reasons(scenario, instance, solution, judgement)
    plan = replace(
        blank,
        placements=_placements(scenario, placement, reasons),
        tiers=_agreed_tiers(instance, solution, judgement),
        derogations=judgement.derogations,
        exposure=judgement.exposure,
        shortfall=reasons.shortfall,
        shortfall_causes=reasons.causes,
        conflicts=reasons.conflicts,
        verified=True,
    )
    _refuse_discrepancies(scenario, plan, judgement)
    return Planned(replace(plan, seconds=perf_counter() - started), judgement)


def _places_of(scenario: Scenario, start: Plan) -> Mapping[str, str | None]:
    """Cell of each person in a plan of the same data."""
    if start.provenance.scenario_hash != scenario.content_hash:
        raise ConfigError(
            f"The plan to start from was made for other data than {scenario.name!r}. `--from` "
            "revises a plan of earlier data."
        )
    return placement_planned(start)


def _positions(instance: Instance, places: Mapping[str, str | None]) -> IntArray:
    """Position of the cell of each person, -1 for none; shape (n_persons,)."""
    at = {cell_id: position for position, cell_id in enumerate(instance.cell_ids)}
    cells = (places.get(person_id) for person_id in instance.person_ids)
    return np.array([-1 if cell is None else at[cell] for cell in cells], dtype=np.int64)


def _placement(instance: Instance, solution: Solution) -> dict[str, str | None]:
    cells = (int(cell) for cell in solution.placement)
    return {
        person_id: None if cell < 0 else instance.cell_ids[cell]
        for person_id, cell in zip(instance.person_ids, cells, strict=True)
    }


def _agreed_tiers(
    instance: Instance, solution: Solution, judgement: Judgement
) -> tuple[TierValue, ...]:
    """Tiers with the judge's value and the solver's bound; both must have computed the same."""
    tiers: list[TierValue] = []
    differences: list[str] = []
    for setting, value, bound in zip(instance.tiers, solution.values, solution.bounds, strict=True):
        judged = judgement.tiers[setting.tier]
        if judged != value:
            differences.append(f"{setting.tier}: solver {value}, judge {judged}")
        tiers.append(TierValue(setting.tier, judged, bound))
    if differences:
        raise _unverified("The solver and the judge disagree on " + "; ".join(differences))
    return tuple(tiers)


def _refuse_discrepancies(scenario: Scenario, plan: Plan, judgement: Judgement) -> None:
    found = [
        f"{breach.rule} broken at {breach.place or 'no place'} (amount {breach.amount})"
        for breach in judgement.unlawful
    ]
    found += [text for text in check_plan(scenario, plan) if text not in found]
    if found:
        raise _unverified("The judge refuses the plan: " + "; ".join(found))


def _unverified(developer_message: str) -> InternalError:
    return InternalError(
        "The plan failed its own verification, so it was not written. This is a fault of the "
        "program and not of your data; please report it with the scenario's hash.",
        developer_message,
    )


def _reasons(
    scenario: Scenario, instance: Instance, solution: Solution, judgement: Judgement
) -> _Reasons:
    if not judgement.unplaced:
        return _Reasons({}, {}, (), ())
    found = explain_unplaced(scenario, instance, solution)
    return _Reasons(found.blocked_by, found.shortfall, found.causes, found.conflicts)


def _placements(
    scenario: Scenario, placement: Mapping[str, str | None], reasons: _Reasons
) -> tuple[Placement, ...]:
    return tuple(
        Placement(
            person_id,
            scenario.person_by_id[person_id].current_place,
            cell_id,
            reasons.blocked_by.get(person_id, {}),
            scenario.person_by_id[person_id].planned_place,
        )
        for person_id, cell_id in sorted(placement.items())
    )


def _blank_plan(
    scenario: Scenario, verdict: Verdict, before: Judgement, provenance: Provenance
) -> Plan:
    return Plan(
        scenario_name=scenario.name,
        verdict=verdict,
        placements=(),
        tiers=(),
        derogations=(),
        exposure=before.exposure,
        exposure_before=before.exposure,
        shortfall={},
        conflicts=(),
        provenance=provenance,
    )
