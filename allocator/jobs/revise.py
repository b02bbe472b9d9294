"""The search for a revised plan: people are held in their planned cells and set free step by step.

A full search improves what comes before departures (derogations, protection) by wandering, and
leaves many people elsewhere for nothing. So the work is done in steps, each only where the one
before left something worse than it was in the last plan:

1. *repair*: only those whom the law drives out of their planned cells, and people without one, are
   free; all others are held.
2. *near*: so are the people of the landings that they leave or come to.
3. *search*: everybody is.

After 2 and 3 changes are undone: everybody may be in the planned cell or one that a step gave, and
nowhere else, so that only changes remain that something needs. What was accepted in the last plan
is good enough: derogations and protection need not get below it.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocator.jobs.forced import forced_departures
from allocator.jobs.request import PlanRequest
from allocator.model.catalogue import GoalId, RuleId
from allocator.model.index import ScenarioIndex
from allocator.model.instance import Instance
from allocator.model.plan import Verdict
from allocator.model.policy import TierSetting
from allocator.model.scenario import Scenario
from allocator.model.shapes import (
    CellPoints,
    Eligible,
    IntArray,
    LoadPoints,
    MovePoints,
    PairPoints,
    Shape,
)
from allocator.model.vocabulary import Level, Tier
from allocator.prepare.instance import start_placement
from allocator.solver.options import Effort, Observer, Solution, SolveOptions
from allocator.solver.solve import solve
from allocator.verify import verify

HELD = "held while a plan is revised"


@dataclass(frozen=True, slots=True)
class _Work:
    """What the three solves share.

    `targets` : value of each tier, in the instance's order, that is good enough; -1: the least.
    """

    instance: Instance
    start: IntArray
    options: SolveOptions
    observer: Observer | None
    targets: tuple[int, ...]
    started: float

    def solve(
        self, instance: Instance, start: IntArray, *, effort: Effort | None = None
    ) -> Solution:
        """Solve within the time that is left."""
        limit = self.options.time_limit_seconds
        left = None if limit is None else max(0.1, limit - (time.monotonic() - self.started))
        options = replace(
            self.options, time_limit_seconds=left, effort=effort or self.options.effort
        )
        return solve(instance, options, self.observer, start)

    def rank(self, solution: Solution) -> tuple[int, ...]:
        """Values of the tiers with what is good enough counted as equal; less is better.

        A placement that leaves a lower limit unmet, which no tier prices, comes last.
        """
        pairs = zip(solution.values, self.targets, strict=True)
        values = (max(value, target) if target >= 0 else value for value, target in pairs)
        return (int(solution.verdict is Verdict.OUT_OF_TIME), *values)


def solve_revision(
    scenario: Scenario,
    instance: Instance,
    request: PlanRequest,
    observer: Observer | None = None,
    last_values: Mapping[Tier, int] | None = None,
    resumed: IntArray | None = None,
) -> Solution:
    """A placement that departs from the planned places as little as it must.

    Parameters
    ----------
    instance : of the scenario, some of whose people have a planned place.
    last_values : values of the last plan's tiers under the same settings; without them the tiers
        before departures are taken as low as they go.
    resumed : shape (n_persons,), cell or -1: where a search that was cut off had got to; the search
        goes on from there.

    Returns
    -------
    A solution of the instance. A bound is kept where it was proved given values of the tiers before
    that are as low as the solution's; else it is unknown.
    """
    start = start_placement(scenario)
    if start is None:
        return solve(instance, request.options(), observer, resumed)
    targets = _targets(instance, last_values or {})
    work = _Work(instance, start, request.options(), observer, targets, time.monotonic())
    free = _driven_out(scenario)
    best = work.solve(_held(instance, _all_but(start, free)), start, effort=Effort.QUICK)
    if not _is_good_enough(work, best):
        near = _near(scenario, free, start, best.placement)
        found = work.solve(
            _held(instance, _all_but(start, near)), best.placement, effort=Effort.QUICK
        )
        best = _undo(work, best, found)
    if _is_good_enough(work, best):
        return _with_bounds(scenario, instance, best, None)
    search = work.solve(instance, best.placement if resumed is None else resumed)
    if search.verdict is Verdict.OPTIMAL and not any(target >= 0 for target in targets):
        return search
    return _with_bounds(scenario, instance, _undo(work, best, search), search)


def _driven_out(scenario: Scenario) -> IntArray:
    """Positions of people without a planned cell, and of all whom it makes break a hard rule."""
    cells = scenario.estate.cell_by_id
    planned = {
        p.person_id: p.planned_place if p.planned_place in cells else None for p in scenario.people
    }
    unlawful = verify(scenario, planned).unlawful
    named = {person_id for breach in unlawful for person_id in breach.person_ids}
    named |= {person_id for person_id, cell in planned.items() if cell is None}
    at = [i for i, person in enumerate(scenario.people) if person.person_id in named]
    return np.array(at, dtype=np.int64)


def _targets(instance: Instance, last: Mapping[Tier, int]) -> tuple[int, ...]:
    """The last plan's values of the tiers before departures; nobody is left out to save one."""
    found: list[int] = []
    before = True
    for setting in instance.tiers:
        before = before and setting.tier is not Tier.DEPARTURES
        counts = before and setting.tier is not Tier.UNPLACED
        found.append(last.get(setting.tier, -1) if counts else -1)
    return tuple(found)


def _is_good_enough(work: _Work, repair: Solution) -> bool:
    """True when no tier before departures is worse than in the last plan or than it can be."""
    if repair.verdict is Verdict.OUT_OF_TIME:
        return False
    for setting, value, target in zip(
        work.instance.tiers, repair.values, work.targets, strict=True
    ):
        if setting.tier is Tier.DEPARTURES:
            return True
        if value > max(0, target):
            return False
    return False


def _all_but(start: IntArray, free: IntArray) -> list[IntArray | None]:
    """The start alone for everybody but the free, who may be anywhere."""
    choices: list[IntArray | None] = [
        start[i : i + 1] if start[i] >= 0 else None for i in range(len(start))
    ]
    for i in free.tolist():
        choices[i] = None
    return choices


def _near(scenario: Scenario, free: IntArray, start: IntArray, repair: IntArray) -> IntArray:
    """The free, and everybody on a landing that one of them leaves or comes to."""
    landing = ScenarioIndex(scenario).unit_of(Level.LANDING)
    anchors = np.concatenate((start[free], repair[free]))
    touched = np.unique(landing[anchors[anchors >= 0]])
    beside = (start >= 0) & np.isin(landing[start], touched)
    return np.union1d(free, np.flatnonzero(beside)).astype(np.int64)


def _undo(work: _Work, best: Solution, found: Solution) -> Solution:
    """The best of planned, known and new places: each change has to be worth something.

    First without the tiers after departures, which is small enough to be solved whole; then whoever
    still departs may go anywhere.
    """
    places = np.stack((work.start, best.placement, found.placement), axis=1)
    choices: list[IntArray | None] = []
    for row in places:
        cells = np.unique(row[row >= 0])
        choices.append(cells if cells.size else None)
    better = min((best, found), key=work.rank)
    crossed = _until_departures(_held(work.instance, choices), _with_slack(work, better))
    fewer = work.solve(crossed, better.placement, effort=Effort.NORMAL).placement
    departing = np.flatnonzero(fewer != work.start).astype(np.int64)
    held = _held(work.instance, _all_but(work.start, departing))
    undone = work.solve(held, fewer, effort=Effort.QUICK)
    return min((best, found, undone), key=work.rank)


def _until_departures(instance: Instance, tiers: tuple[TierSetting, ...]) -> Instance:
    """The instance without the tiers after departures; `tiers` are the settings of all of them."""
    names = [setting.tier for setting in tiers]
    kept = tiers[: names.index(Tier.DEPARTURES) + 1]
    asked = {setting.tier for setting in kept}
    shapes = tuple(shape for shape in instance.shapes if _tier_of(shape) in {None, *asked})
    return replace(instance, shapes=shapes, tiers=kept)


def _tier_of(shape: Shape) -> Tier | None:
    """Tier of a goal or of a price; None for what is hard."""
    if isinstance(shape, CellPoints | PairPoints | MovePoints | LoadPoints):
        return shape.tier
    return None if shape.penalty is None else shape.penalty.tier


def _with_slack(work: _Work, reached: Solution) -> tuple[TierSetting, ...]:
    """Tolerances that let a tier go back from what was reached to what is good enough."""
    found: list[TierSetting] = []
    for setting, value, target in zip(
        work.instance.tiers, reached.values, work.targets, strict=True
    ):
        slack = (target - value) * 1000 // value if target > value > 0 else 0
        found.append(TierSetting(setting.tier, max(setting.tolerance_permille, slack)))
    return tuple(found)


def _held(instance: Instance, choices: Sequence[IntArray | None]) -> Instance:
    """The instance with some people in none but the given cells; None leaves a person free."""
    return replace(instance, shapes=(*instance.shapes, *_holds(instance, choices)))


def _holds(instance: Instance, choices: Sequence[IntArray | None]) -> Iterator[Eligible]:
    alike: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for person, cells in enumerate(choices):
        if cells is not None:
            alike[tuple(cells.tolist())].append(person)
    everywhere = np.arange(instance.n_cells, dtype=np.int64)
    for chosen, people in alike.items():
        barred = np.delete(everywhere, chosen)
        yield Eligible(
            RuleId.ONE_BED, np.array(people, dtype=np.int64), barred, penalty=None, witness=HELD
        )


def _with_bounds(
    scenario: Scenario, instance: Instance, found: Solution, full: Solution | None
) -> Solution:
    """The solution with the bounds that hold for the whole instance and not only for a part."""
    weight = scenario.policy.weights.get(GoalId.LAST_PLAN, 0)
    counted = {
        Tier.UNPLACED: 0,
        Tier.DEPARTURES: weight * forced_departures(scenario, instance),
    }
    bounds: list[int | None] = []
    is_given = True
    for k, setting in enumerate(instance.tiers):
        known = full.bounds[k] if full is not None and is_given else None
        least = counted.get(setting.tier)
        bounds.append(max((b for b in (known, least) if b is not None), default=None))
        is_given = is_given and full is not None and found.values[k] <= full.values[k]
    verdict = Verdict.OPTIMAL if tuple(bounds) == found.values else found.verdict
    if verdict is Verdict.OPTIMAL and tuple(bounds) != found.values:
        verdict = Verdict.FEASIBLE
    return replace(found, bounds=tuple(bounds), verdict=verdict)
