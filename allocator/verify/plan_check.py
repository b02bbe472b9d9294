"""Every difference between what a plan says of itself and what the judge finds."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from allocator.model.judgement import Judgement
from allocator.model.plan import Derogation, Plan, Provenance, Verdict
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import ExposureKind
from allocator.verify.judge import judge
from allocator.verify.shortfall import cause_faults
from allocator.verify.view import View


def check_plan(scenario: Scenario, plan: Plan) -> tuple[str, ...]:
    """Compare a plan with the judge's own reading of its placements.

    Returns
    -------
    tuple
        Every discrepancy in words; empty means that the plan is verified.
    """
    view = View(scenario, {p.person_id: p.cell_id for p in plan.placements})
    judgement = judge(view)
    return (
        *_origin(scenario, plan),
        *_verdict(scenario, plan),
        *_placements(scenario, plan),
        *(f"unlawful: {breach.rule}: {breach.detail}" for breach in judgement.unlawful),
        *_derogations(plan.derogations, judgement.derogations),
        *_unplaced(plan, judgement),
        *_blocked(scenario, plan),
        *_conflicts(scenario, plan, judgement),
        *_shortfall(scenario, plan, judgement),
        *(() if judgement.unlawful else cause_faults(view, plan.shortfall_causes)),
        *_tiers(plan, judgement),
        *_exposure("exposure", plan.exposure, judgement.exposure),
        *_exposure("exposure before", plan.exposure_before, view.at_present().exposure),
    )


def _origin(scenario: Scenario, plan: Plan) -> Iterator[str]:
    said, true = plan.provenance.scenario_hash, scenario.content_hash
    if said != true:
        yield f"the plan was made for other data: hash {said[:12]}, these have {true[:12]}"
    revised, last = plan.provenance.revised_plan, scenario.last_plan
    if revised != last:
        yield (
            f"the plan is said to revise {revised[:12] if revised else 'no plan'}, is judged as "
            f"a revision of {last[:12] if last else 'no plan'}"
        )
    yield from _start(plan.provenance)


def _start(said: Provenance) -> Iterator[str]:
    """How a plan says that it was made must fit the plan that it says it was made from."""
    started, revised = said.started_from, said.revised_plan
    if said.made_by.begins_at_present != (started is None):
        yield (
            f"the plan is said to be made by {said.made_by} from "
            f"{started[:12] if started else 'no plan'}"
        )
    elif said.made_by.revises and started != revised:
        yield (
            f"the plan is said to be a {said.made_by} plan that started from "
            f"{str(started)[:12]} and to revise {revised[:12] if revised else 'no plan'}"
        )


def _verdict(scenario: Scenario, plan: Plan) -> Iterator[str]:
    """Optimal means that every tier meets its bound, less what its tolerance gave back."""
    if plan.placements and plan.verdict not in {Verdict.OPTIMAL, Verdict.FEASIBLE}:
        yield f"the verdict is said to be {plan.verdict}, but people are placed"
    if plan.verdict is not Verdict.OPTIMAL:
        return
    permille = {setting.tier: setting.tolerance_permille for setting in scenario.policy.tiers}
    for entry in plan.tiers:
        bound = entry.bound
        given = 0 if bound is None else abs(bound) * permille.get(entry.tier, 0) // 1000
        if bound is None or entry.value > bound + given:
            yield (
                f"the verdict is said to be optimal, but tier {entry.tier} has a value of "
                f"{entry.value} and a bound of {bound}"
            )


def _blocked(scenario: Scenario, plan: Plan) -> Iterator[str]:
    """Reasons belong to people without a place and count cells that exist."""
    n_cells = len(scenario.estate.cells)
    for placement in plan.placements:
        if placement.blocked_by and placement.cell_id is not None:
            yield f"{placement.person_id} is placed and has reasons for being unplaced"
        for rule, cells in placement.blocked_by.items():
            if cells > n_cells:
                yield f"{rule} is said to exclude {cells} cells of {n_cells}"


def _conflicts(scenario: Scenario, plan: Plan, judgement: Judgement) -> Iterator[str]:
    """Who is in a conflict exists, and at least as many places as it says are missing."""
    cells = {cell.cell_id for cell in scenario.estate.cells}
    unplaced = set(judgement.unplaced)
    for number, conflict in enumerate(plan.conflicts, 1):
        people = set(conflict.person_ids)
        strangers = sorted(people - scenario.person_by_id.keys()) + sorted(
            set(conflict.cell_ids) - cells
        )
        yield from (
            f"conflict {number} names {key}, who or which is not there" for key in strangers
        )
        out = people & unplaced & scenario.person_by_id.keys()
        places = sum(scenario.person_by_id[key].places_needed for key in out)
        if places < conflict.missing:
            yield (
                f"conflict {number} says that {conflict.missing} cannot be placed; "
                f"of its people {places} are without a place"
            )


def _placements(scenario: Scenario, plan: Plan) -> Iterator[str]:
    times = Counter(placement.person_id for placement in plan.placements)
    yield from (f"{key} is placed {n} times" for key, n in sorted(times.items()) if n > 1)
    for placement in plan.placements:
        person = scenario.person_by_id.get(placement.person_id)
        if person is not None and placement.from_place != person.current_place:
            yield (
                f"{person.person_id} is said to come from {placement.from_place}, "
                f"is in {person.current_place}"
            )
        if person is not None and placement.planned_place != person.planned_place:
            yield (
                f"{person.person_id} is said to have been planned into {placement.planned_place}, "
                f"was planned into {person.planned_place}"
            )


def _derogations(declared: Iterable[Derogation], found: Iterable[Derogation]) -> Iterator[str]:
    said, true = Counter(map(_signature, declared)), Counter(map(_signature, found))
    yield from (f"derogation not declared: {words}" for words in sorted((true - said).elements()))
    yield from (f"derogation not found: {words}" for words in sorted((said - true).elements()))


def _signature(derogation: Derogation) -> str:
    breach = derogation.breach
    people = ", ".join(sorted(breach.person_ids))
    return (
        f"{breach.rule} at {breach.place or 'no place'} ({people}), amount {breach.amount}, "
        f"price {derogation.price}, to be signed by {derogation.signed_by or 'nobody'}"
    )


def _unplaced(plan: Plan, judgement: Judgement) -> Iterator[str]:
    said = {placement.person_id for placement in plan.unplaced}
    true = set(judgement.unplaced)
    yield from (f"{key} is unplaced and not named so" for key in sorted(true - said))
    yield from (f"{key} is named as unplaced and is not" for key in sorted(said - true))


def _shortfall(scenario: Scenario, plan: Plan, judgement: Judgement) -> Iterator[str]:
    true: Counter[str] = Counter()
    for person_id in judgement.unplaced:
        person = scenario.person_by_id[person_id]
        true[person.legal_category.value] += person.places_needed
    for category in sorted(true.keys() | plan.shortfall.keys()):
        said = plan.shortfall.get(category, 0)
        if said != true[category]:
            yield f"{category} places missing are said to be {said}, are {true[category]}"


def _tiers(plan: Plan, judgement: Judgement) -> Iterator[str]:
    said = {entry.tier: entry for entry in plan.tiers}
    for tier, value in judgement.tiers.items():
        if tier not in said:
            yield f"tier {tier} is missing; its value is {value}"
        elif said[tier].value != value:
            yield f"tier {tier} is said to be {said[tier].value}, is {value}"
    for entry in plan.tiers:
        if entry.bound is not None and entry.bound > judgement.tiers[entry.tier]:
            yield f"tier {entry.tier} has a bound of {entry.bound} above its value"


def _exposure(
    name: str, said: Mapping[ExposureKind, int], true: Mapping[ExposureKind, int]
) -> Iterator[str]:
    for kind, value in true.items():
        if said.get(kind, 0) != value:
            yield f"{name} of kind {kind} is said to be {said.get(kind, 0)}, is {value}"
