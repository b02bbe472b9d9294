"""The fewest people without a place, then the fewest points of signatures, with proofs of both.

Search finds a placement; people and cells that are counted and not named prove a bound. Where the
two differ, the counts of the bound that are nearest to the placement say which cells to place anew.
"""

from dataclasses import dataclass, replace

import numpy as np

from allocator.explain.repair.minimal_sets import Set
from allocator.explain.repair.oracle import QUICK, fewest_left, tier_of
from allocator.explain.repair.problem import Problem
from allocator.model.plan import Verdict
from allocator.model.shapes import IntArray
from allocator.model.vocabulary import Tier
from allocator.solver.compile import build_tables
from allocator.solver.counting_kinds import Kinds
from allocator.solver.counting_prices import Cheapest, cheapest, counts_of, nearest
from allocator.solver.options import Progress, Solution, SolveOptions
from allocator.solver.reseat import reseat
from allocator.solver.search.apply import values_of
from allocator.solver.solve import solve

MOST_ROUNDS = 4
MOST_PEOPLE = 250
RESEAT_TIME = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """Fewest people left out and derogation points: bounds and values of one placement.

    Parameters
    ----------
    people, points : at least, and found. placement : shape (n_persons,), cell or -1.
    is_lawful : the placement breaks nothing that holds.
    options : for problems like this one: more work is worth while where it proves something.
    """

    people: tuple[int, int]
    points: tuple[int, int]
    placement: IntArray
    is_lawful: bool
    options: SolveOptions

    @property
    def is_proven(self) -> bool:
        """True when no placement is better in either."""
        return self.people[0] == self.people[1] and self.points[0] == self.points[1]


def find_best_optimum(problem: Problem) -> Optimum:
    """With everything signed, by quick work and by more where that proves what quick work does not.

    The options say which of the two to use for problems like this one.
    """
    quick = find_optimum(problem, problem.everything, QUICK)
    if quick.is_proven:
        return replace(quick, options=SolveOptions())
    more = find_optimum(problem, problem.everything, SolveOptions(), quick.placement)
    return more if more.is_proven else quick


def find_optimum(
    problem: Problem, signed: Set, options: SolveOptions, start: IntArray | None = None
) -> Optimum:
    """The fewest people without a place with some groups signed, then the fewest points.

    Parameters
    ----------
    options : of the search where quick work and the counts do not prove what they find.
    start : shape (n_persons,), cell or -1: a placement to set out from.
    """
    search = _Search(problem, signed, options)
    search.look(QUICK, start)
    if options != QUICK and not search.best.is_proven:
        search.look(options, search.best.placement)
    return search.best


class _Search:
    """The best placement of one problem so far, and the counts that bound it."""

    def __init__(self, problem: Problem, signed: Set, options: SolveOptions) -> None:
        self.problem, self.signed, self.options = problem, signed, options
        self.instance = problem.signed(signed)
        self.kinds = Kinds(problem.instance, problem.guarded())
        self.at = [tier_of(problem, tier) for tier in (Tier.UNPLACED, Tier.DEROGATIONS)]
        self._least: dict[int, Cheapest] = {}
        self.best = Optimum((0, 0), (0, 0), np.zeros(0, dtype=np.int64), False, options)

    def look(self, options: SolveOptions, start: IntArray | None) -> None:
        """Search from a placement, then from its counts, until the bounds are met."""
        observer = None
        if len(self.best.placement):
            observer = _StopAt(self.at, (self.best.people[0], self.best.points[0]))
        solution = solve(self.instance, options, observer, start)
        self._note(solution)
        if self.best.is_lawful and not self.best.is_proven:
            self._follow_counts()

    def _note(self, solution: Solution) -> None:
        """Take a solution that is better than the best one, and what it proves."""
        derogations = self.at[1]
        fewest = fewest_left(self.problem, self.signed, solution)
        found = solution.values[derogations]
        least = max(0, solution.bounds[derogations] or 0)
        if least < found:
            least = max(least, self._counted(fewest.found).bound)
        lawful = solution.verdict in {Verdict.OPTIMAL, Verdict.FEASIBLE}
        is_worse = (fewest.found, found) > (self.best.people[1], self.best.points[1])
        if not self.best.is_lawful or (lawful and not is_worse):
            people, points = (fewest.least, fewest.found), (least, found)
            self.best = Optimum(people, points, solution.placement, lawful, self.options)

    def _counted(self, most_left: int) -> Cheapest:
        if most_left not in self._least:
            self._least[most_left] = cheapest(self.kinds, self.signed, most_left)
        return self._least[most_left]

    def _follow_counts(self) -> None:
        """Place the cells anew in which the counts of the bound differ from the placement."""
        most_left = self.best.people[1]
        least = self._counted(most_left)
        for _ in range(MOST_ROUNDS):
            wanted = nearest(self.kinds, self.signed, most_left, least, self.best.placement)
            if wanted is None or self.best.is_proven:
                return
            cells = _cells_between(self.kinds, self.best.placement, wanted)
            if len(cells) == 0 or not self._reseat(cells):
                return

    def _reseat(self, cells: IntArray) -> bool:
        """Place the people of some cells anew; True when that gained something."""
        tiers = max(self.at) + 1
        placement = reseat(self.instance, self.best.placement, cells, tiers, RESEAT_TIME)
        values = values_of(build_tables(self.instance), placement)[1:]
        left, points = (int(values[k]) for k in self.at)
        if (left, points) >= (self.best.people[1], self.best.points[1]):
            return False
        self.best = replace(
            self.best,
            people=(self.best.people[0], left),
            points=(self.best.points[0], points),
            placement=placement,
        )
        return True


def _cells_between(kinds: Kinds, placement: IntArray, wanted: IntArray) -> IntArray:
    """Cells of the kinds in which a placement differs from the counts wanted.

    Where too many people live in them: cells of whoever has to leave, and those with most room of
    the kinds that they go to.
    """
    change = wanted - counts_of(kinds, placement)
    cells = np.flatnonzero(np.any(change != 0, axis=0)[kinds.cell_kind])
    inside = np.bincount(placement[placement >= 0], minlength=len(kinds.cell_kind))
    if inside[cells].sum() <= MOST_PEOPLE:
        return cells
    chosen: list[int] = []
    for p, k in np.argwhere(change < 0).tolist():
        here = (kinds.kind == p) & (placement >= 0)
        homes = placement[here][kinds.cell_kind[placement[here]] == k]
        chosen += homes[: -int(change[p, k])].tolist()
    for k in np.flatnonzero(np.any(change > 0, axis=0)).tolist():
        own = np.flatnonzero(kinds.cell_kind == k)
        most = int(np.maximum(0, change[:, k]).sum())
        chosen += own[np.argsort(inside[own], kind="stable")][:most].tolist()
    return np.unique(np.array(chosen, dtype=np.int64))


class _StopAt:
    """Ends a search once the bounds are met."""

    def __init__(self, tiers: list[int], wanted: tuple[int, int]) -> None:
        self._tiers, self._wanted, self._is_met = tiers, wanted, False

    def on_progress(self, progress: Progress) -> None:
        """Compare the best values with the bounds."""
        found = tuple(progress.values[k] for k in self._tiers)
        self._is_met = self._is_met or found <= self._wanted

    def should_stop(self) -> bool:
        """True when nothing better can be found."""
        return self._is_met
