"""The fewest people without a place, then the fewest points of signatures, with proofs of both.

Search finds a placement; people and cells that are counted and not named prove a bound. Where the
two differ, the counts of the bound that are nearest to the placement say which cells to place anew.
"""

from collections import Counter
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
from allocator.solver.counting_prices import Cheapest, Nearby, cheapest
from allocator.solver.options import Progress, Solution, SolveOptions
from allocator.solver.reseat import Within, reseat
from allocator.solver.search.apply import values_of
from allocator.solver.solve import solve
from allocator.solver.tables import Tables

MOST_ROUNDS, MOST_CHANGES = 8, 6
MORE_CELLS = 2
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
        self.tables = build_tables(self.instance)
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
        for _ in range(MOST_ROUNDS):
            if self.best.is_proven or not self._follow_nearest():
                return

    def _follow_nearest(self) -> bool:
        """Try the changes of counts that are nearest to the placement; True after a gain."""
        most_left = self.best.people[1]
        least = self._counted(most_left)
        near = Nearby(self.kinds, self.signed, most_left, least, self.best.placement)
        for tried in range(MOST_CHANGES):
            change = near.next_change()
            if change is None:
                return False
            if self._reseat(change, tried):
                return True
        return False

    def _reseat(self, change: IntArray, tried: int) -> bool:
        """Place people anew in the cells that a change of counts concerns; True after a gain.

        Parameters
        ----------
        tried : changes tried before; the more, the more people and cells besides are free.
        """
        place = self.best.placement
        leavers, cells = _concerned(self.kinds, place, change)
        partners = _kept_apart(self.tables, leavers)
        homes = place[partners]
        cells = np.union1d(cells, homes[homes >= 0])
        others = np.setdiff1d(np.arange(self.instance.n_cells), cells)
        more = np.random.default_rng(tried).permutation(others)[: MORE_CELLS * tried]
        cells = np.union1d(cells, more)
        people = np.union1d(partners, _few_of_each(self.kinds, place, cells, 1 + tried))
        within = Within(people, cells, max(self.at) + 1, RESEAT_TIME)
        return self._take(reseat(self.tables, place, within))

    def _take(self, placement: IntArray) -> bool:
        """Make a placement the best one where it is better; True then."""
        values = values_of(self.tables, placement)[1:]
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


def _concerned(kinds: Kinds, placement: IntArray, change: IntArray) -> tuple[IntArray, IntArray]:
    """People who leave a kind of cells by a change of counts, and cells to try them in.

    The cells are those that they leave, and those with most room of the kinds that get people.
    """
    leavers: list[int] = []
    for p, k in np.argwhere(change < 0).tolist():
        own = np.flatnonzero((kinds.kind == p) & (placement >= 0))
        leavers += own[kinds.cell_kind[placement[own]] == k][: -int(change[p, k])].tolist()
    inside = np.bincount(placement[placement >= 0], minlength=len(kinds.cell_kind))
    cells = placement[leavers].tolist()
    for k in np.flatnonzero(np.any(change > 0, axis=0)).tolist():
        own = np.flatnonzero(kinds.cell_kind == k)
        most = int(np.maximum(0, change[:, k]).sum())
        cells += own[np.argsort(inside[own], kind="stable")][:most].tolist()
    return np.array(leavers, dtype=np.int64), np.unique(np.array(cells, dtype=np.int64))


def _kept_apart(tables: Tables, people: IntArray) -> IntArray:
    """Those who may not be in one unit with some people, cells left aside."""
    found = [np.zeros(0, dtype=np.int64)]
    for i in people.tolist():
        rows = slice(int(tables.apart_ptr[i]), int(tables.apart_ptr[i + 1]))
        found.append(tables.apart_other[rows][tables.apart_level[rows] > 0])
    return np.unique(np.concatenate(found))


def _few_of_each(kinds: Kinds, placement: IntArray, cells: IntArray, few: int) -> IntArray:
    """People of some cells and those without one; of people alike in one cell only a few."""
    people = np.flatnonzero(np.isin(placement, cells) | (placement < 0))
    pairs = np.column_stack((placement[people], kinds.kind[people]))
    _, group = np.unique(pairs, axis=0, return_inverse=True)
    seen: Counter[int] = Counter()
    chosen = []
    for i, g in zip(people.tolist(), group.reshape(-1).tolist(), strict=True):
        seen[g] += 1
        if seen[g] <= few:
            chosen.append(i)
    return np.array(chosen, dtype=np.int64)


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
