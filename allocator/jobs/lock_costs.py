"""What each officer's lock costs: two verified plans, with and without it (R51).

Without a lock whatever is lawful with it stays lawful, so the better of both counts and no cost is
below nothing. Both searches set out from the same plan, and what a search without the lock finds is
carried back, so that more search is not taken for the lock's price.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocator.errors import InternalError, JobError
from allocator.jobs.request import PlanRequest
from allocator.jobs.revise import solve_revision
from allocator.model.locks import Lock
from allocator.model.plan import Verdict
from allocator.model.scenario import Scenario
from allocator.model.shapes import IntArray
from allocator.model.vocabulary import Tier
from allocator.prepare.instance import prepare_instance
from allocator.solver.options import Observer, Solution
from allocator.solver.solve import solve
from allocator.verify import verify

MOST_LOCKS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A placement that the judge confirms.

    Parameters
    ----------
    places : cell of each person by position, -1 for none; shape (n_persons,).
    values : of the tiers in the scenario's order. bounds : proved for each tier where those before
        it are as low as here; None where nothing is.
    """

    places: IntArray
    values: tuple[int, ...]
    bounds: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class TierCost:
    """One tier with and without a lock.

    Parameters
    ----------
    difference : what the lock costs, where a revision counts as equal what is good enough; below 0
        only after a tier in which it costs.
    least, most : what the optima of both differ by, as far as bounds prove it, both included; None
        where they prove nothing, and after the first tier that differs.
    """

    tier: Tier
    with_lock: int
    without: int
    difference: int
    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class LockCost:
    """What is lost by decisions that are taken back together.

    `is_kept_anyway` : the best plan without them keeps them.
    """

    locks: tuple[Lock, ...]
    tiers: tuple[TierCost, ...]
    is_kept_anyway: bool

    @property
    def first(self) -> TierCost | None:
        """The first tier that the decision makes worse; None where none was found."""
        return next((cost for cost in self.tiers if cost.difference), None)


@dataclass(frozen=True, slots=True)
class LockCosts:
    """Costs of the first decisions, and those that were not looked at."""

    best: Found
    tiers: tuple[Tier, ...]
    costs: tuple[LockCost, ...]
    left_out: tuple[tuple[Lock, ...], ...]


def decision_groups(scenario: Scenario) -> tuple[tuple[Lock, ...], ...]:
    """Current decisions as they can be taken back: a person's locks together, bans one by one.

    Somebody with two locks is in one of their cells, so taking back one of them opens nothing.
    """
    current = [lock for lock in scenario.locks if lock.is_current(scenario.day)]
    locked: dict[str, list[Lock]] = {}
    for lock in current:
        if not lock.kind.is_ban:
            locked.setdefault(lock.person_id, []).append(lock)
    groups = [*(tuple(group) for group in locked.values())]
    groups += [(lock,) for lock in current if lock.kind.is_ban]
    return tuple(sorted(groups, key=lambda g: (g[0].person_id, g[0].kind.is_ban, g[0].cell_id)))


def lock_costs(
    scenario: Scenario,
    request: PlanRequest,
    observer: Observer | None = None,
    last_values: Mapping[Tier, int] | None = None,
    most: int = MOST_LOCKS,
) -> LockCosts:
    """Price the current decisions of a scenario.

    Parameters
    ----------
    last_values : for a scenario with planned places, as `solve_revision` takes them.
    most : decisions at the most; each takes one to four solves.

    Raises
    ------
    JobError
        If no plan was found at all.
    InternalError
        If the judge does not confirm a placement.
    """
    return _Pricing(scenario, request, observer, last_values or {}).costs(most)


class _Pricing:
    """Keeps the best plan with every decision while it looks at plans without one."""

    def __init__(
        self,
        scenario: Scenario,
        request: PlanRequest,
        observer: Observer | None,
        last_values: Mapping[Tier, int],
    ) -> None:
        self.scenario = scenario
        self.request = request
        self.observer = observer
        self.last_values = last_values
        self.tiers = tuple(setting.tier for setting in scenario.tiers)
        self.targets = _targets(self.tiers, last_values)
        self.cell_at = {c.cell_id: k for k, c in enumerate(scenario.estate.cells)}

    def costs(self, most: int) -> LockCosts:
        best = self._found(self.scenario, None)
        if best is None:
            raise JobError("No plan was found in the time, so no lock has a price.")
        groups = decision_groups(self.scenario)
        looked: list[tuple[tuple[Lock, ...], Found]] = []
        for group in groups[:most]:
            if self.observer is not None and self.observer.should_stop():
                break
            free = self._found(self._without(group), best.places)
            looked.append((group, free or best))
            best = self._carried_back(best, free)
        for at, (group, free) in enumerate(looked):
            if self._needs_another_look(best, free):
                again = self._found(self._without(group), best.places)
                looked[at] = (group, again or free)
                best = self._carried_back(best, again)
        costs = tuple(self._cost(group, best, free) for group, free in looked)
        return LockCosts(best, self.tiers, costs, groups[len(looked) :])

    def _without(self, group: tuple[Lock, ...]) -> Scenario:
        kept = tuple(lock for lock in self.scenario.locks if lock not in group)
        return replace(self.scenario, locks=kept)

    def _carried_back(self, best: Found, free: Found | None) -> Found:
        """The best plan with every decision after a search from the plan without one."""
        if free is None or self.scenario.is_revision:
            return best
        if self._rank(free.values) >= self._rank(best.values):
            return best
        back = self._found(self.scenario, free.places)
        if back is None or self._rank(back.values) >= self._rank(best.values):
            return best
        return back

    def _needs_another_look(self, best: Found, free: Found) -> bool:
        """True where the search for another decision has overtaken the one without this."""
        if self.scenario.is_revision or free.bounds == free.values:
            return False
        if self.observer is not None and self.observer.should_stop():
            return False
        return self._rank(best.values) <= self._rank(free.values)

    def _cost(self, group: tuple[Lock, ...], best: Found, free: Found) -> LockCost:
        without = self._without(group)
        standing = self._judged(without, best.places)
        chosen = free
        if self._rank(standing) <= self._rank(free.values):
            chosen = Found(best.places, standing, _bounds_at(free, standing))
        costs = tuple(self._tier_costs(best, chosen))
        return LockCost(group, costs, self._is_kept(group, chosen.places))

    def _tier_costs(self, best: Found, free: Found) -> Iterator[TierCost]:
        """Costs tier by tier; bounds speak until the first tier that differs."""
        held, open_ = self._rank(best.values), self._rank(free.values)
        comparable = True
        for k, tier in enumerate(self.tiers):
            values = (best.values[k], free.values[k])
            least, most = _proved(best, free, k) if comparable else (None, None)
            yield TierCost(tier, *values, held[k] - open_[k], least, most)
            comparable = comparable and values[0] == values[1]

    def _is_kept(self, group: tuple[Lock, ...], places: IntArray) -> bool:
        at = next(
            k for k, p in enumerate(self.scenario.people) if p.person_id == group[0].person_id
        )
        cell = int(places[at])
        cells = {self.cell_at[lock.cell_id] for lock in group}
        return cell >= 0 and (cell not in cells if group[0].kind.is_ban else cell in cells)

    def _rank(self, values: Sequence[int]) -> tuple[int, ...]:
        """Values, with those of a revision that are good enough counted as equal."""
        return tuple(max(v, t) for v, t in zip(values, self.targets, strict=True))

    def _found(self, scenario: Scenario, start: IntArray | None) -> Found | None:
        """A verified placement; None where the search ended without one."""
        instance = prepare_instance(scenario)
        if scenario.is_revision:
            solution = solve_revision(
                scenario, instance, self.request, self.observer, self.last_values
            )
        else:
            solution = solve(instance, self.request.options(), self.observer, start)
        if solution.verdict in {Verdict.INFEASIBLE, Verdict.OUT_OF_TIME}:
            return None
        values = self._judged(scenario, solution.placement)
        _check_agreement(values, solution)
        return Found(solution.placement, values, solution.bounds)

    def _judged(self, scenario: Scenario, places: IntArray) -> tuple[int, ...]:
        """The judge's values of a placement.

        Raises
        ------
        InternalError
            If it breaks a hard rule.
        """
        cells = scenario.estate.cells
        judgement = verify(
            scenario,
            {
                person.person_id: cells[c].cell_id if c >= 0 else None
                for person, c in zip(scenario.people, places.tolist(), strict=True)
            },
        )
        if judgement.unlawful:
            raise InternalError("A plan failed its verification.", str(judgement.unlawful[0]))
        return tuple(judgement.tiers[tier] for tier in self.tiers)


def _targets(tiers: Sequence[Tier], last: Mapping[Tier, int]) -> tuple[int, ...]:
    """Values good enough where a plan is revised, see `revise`; 0 elsewhere counts nothing."""
    found: list[int] = []
    before = Tier.DEPARTURES in tiers
    for tier in tiers:
        before = before and tier is not Tier.DEPARTURES
        lowest = int(np.iinfo(np.int64).min)
        found.append(last.get(tier, lowest) if before and tier is not Tier.UNPLACED else lowest)
    return tuple(found)


def _check_agreement(values: tuple[int, ...], solution: Solution) -> None:
    if values != solution.values:
        raise InternalError(
            "A plan failed its verification.", f"judge {values}, solver {solution.values}"
        )


def _bounds_at(found: Found, values: Sequence[int]) -> tuple[int | None, ...]:
    """Bounds of a search that hold for other values: those whose earlier tiers are no higher."""
    holds = True
    bounds: list[int | None] = []
    for own, bound, value in zip(found.values, found.bounds, values, strict=True):
        bounds.append(bound if holds else None)
        holds = holds and value <= own
    return tuple(bounds)


def _proved(best: Found, free: Found, tier: int) -> tuple[int | None, int | None]:
    """Least and most that a tier can differ by; a bound without a lock is one with it too."""
    without = free.bounds[tier]
    proved = [bound for bound in (best.bounds[tier], without) if bound is not None]
    least = max(0, max(proved) - free.values[tier]) if proved else None
    return least, None if without is None else best.values[tier] - without
