"""Re-plans after four changes: ``python -m benchmarks.replan [SCENARIO ...] [--cold]``.

Plans each scenario, then changes it and plans again from that plan: an arrival, a closed cell, a
new non-association of two cellmates, and a cell that an officer forbids to one person. Prints
seconds, departures with the bound, and the values of the tiers; with ``--cold`` also those of a
plan of the changed scenario from nothing, counting who is elsewhere than in the last plan. Every
plan has passed the judge. Figures depend on the machine: compare within one run.
"""

import argparse
import platform
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from allocator.jobs.plan import make_judged_plan
from allocator.jobs.replan import replan
from allocator.jobs.request import PlanRequest
from allocator.model.locks import Lock, LockKind, LockReason
from allocator.model.plan import Plan
from allocator.model.relations import NonAssociation
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Restriction, Status, Tier
from allocator.prepare.read import ScenarioOverrides, read_scenario

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
DEFAULT = ("training_prison", "f11_zabel")
Change = Callable[[Scenario, Plan], Scenario]


def shared_cells(plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """People of each cell that the plan gives to two or more."""
    people: dict[str, list[str]] = defaultdict(list)
    for placement in plan.placements:
        if placement.cell_id is not None:
            people[placement.cell_id].append(placement.person_id)
    return {cell: tuple(ids) for cell, ids in sorted(people.items()) if len(ids) > 1}


def middle_cell(plan: Plan) -> str:
    """The shared cell in the middle of the list, so that no size or wing is favoured."""
    cells = list(shared_cells(plan))
    return cells[len(cells) // 2]


def arrival(scenario: Scenario, plan: Plan) -> Scenario:
    """Somebody like the first person of the middle cell arrives; nothing else is known of them."""
    like = scenario.person_by_id[shared_cells(plan)[middle_cell(plan)][0]]
    new = replace(
        like, person_id="arrival", arrived_at=scenario.day, current_place=None, placed_since=None,
        last_moved_at=None, moves_last_90_days=0, out=False,
    )  # fmt: skip
    people = tuple(sorted((*scenario.people, new), key=lambda person: person.person_id))
    return replace(scenario, people=people)


def closed_cell(scenario: Scenario, plan: Plan) -> Scenario:
    """The middle cell is out of use."""
    shut = middle_cell(plan)
    cells = tuple(
        replace(cell, status=Status.INACTIVE) if cell.cell_id == shut else cell
        for cell in scenario.estate.cells
    )
    return replace(scenario, estate=replace(scenario.estate, cells=cells))


def non_association(scenario: Scenario, plan: Plan) -> Scenario:
    """Two people of the middle cell are kept apart at landing level from now on."""
    first, second = shared_cells(plan)[middle_cell(plan)][:2]
    new = NonAssociation(first, second, Restriction.LANDING)
    return replace(scenario, non_associations=(*scenario.non_associations, new))


def forbidden_cell(scenario: Scenario, plan: Plan) -> Scenario:
    """An officer refuses the middle cell for one of its people."""
    cell = middle_cell(plan)
    person = shared_cells(plan)[cell][0]
    new = Lock(person, cell, LockKind.FORBID, LockReason.CONFLICT, "officer-3", scenario.day)
    return replace(scenario, locks=(*scenario.locks, new))


def nothing(scenario: Scenario, plan: Plan) -> Scenario:
    """The same again."""
    del plan
    return scenario


CHANGES: tuple[Change, ...] = (nothing, arrival, closed_cell, non_association, forbidden_cell)


def elsewhere(plan: Plan, last: Plan) -> int:
    """People of both plans who are not in the last plan's cell."""
    then = {p.person_id: p.cell_id for p in last.placements if p.cell_id is not None}
    return sum(p.cell_id != then[p.person_id] for p in plan.placements if p.person_id in then)


def show(name: str, plan: Plan, last: Plan | None) -> None:
    """One line for a plan."""
    bounds = {entry.tier: entry.bound for entry in plan.tiers}
    departures = "-" if last is None else str(elsewhere(plan, last))
    values = " ".join(f"{t.value:,}" for t in plan.tiers if t.tier is not Tier.DEPARTURES)
    bound = bounds.get(Tier.DEPARTURES)
    print(
        f"  {name:<22} {plan.seconds:6.1f} s  departures {departures:>4} "
        f"(bound {'-' if bound is None else bound})  {plan.verdict:<9} {values}",
        flush=True,
    )


def measure(name: str, request: PlanRequest, policy: str | None, *, cold: bool) -> None:
    """All changes of one scenario."""
    scenario = read_scenario(SCENARIOS / name, ScenarioOverrides(policy=policy))
    last = make_judged_plan(scenario, request).plan
    order = ", ".join(entry.tier for entry in last.tiers)
    print(f"{name}: {len(scenario.people):,} people, {scenario.policy.name}; values of {order}")
    show("last plan", last, None)
    for change in CHANGES:
        changed = change(scenario, last)
        if change is not nothing:
            changed = replace(changed, content_hash=change.__name__)
        show(change.__name__, replan(changed, last, request).plan, last)
        if cold and change is not nothing:
            show("  from nothing", make_judged_plan(changed, request).plan, last)


def main() -> int:
    """Measure every scenario named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="*", default=DEFAULT)
    parser.add_argument("--effort", default="normal")
    parser.add_argument("--policy", default=None)
    parser.add_argument("--cold", action="store_true")
    options = parser.parse_args()
    print(f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}")
    for name in options.scenarios:
        measure(name, PlanRequest(effort=options.effort), options.policy, cold=options.cold)
    return 0


if __name__ == "__main__":
    sys.exit(main())
