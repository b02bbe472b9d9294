"""A chain that walks by tabu search, in one-to-one assignments, from children of the best.

Annealing spends most of its trials where nothing is accepted any more; where points and contact
have no pattern it ends a per cent above short walks whose starts keep what two good placements
agree on. Where they have one, such as distances on a grid, both do equally well.

References
----------
.. [1] Benlic and Hao (2015), Memetic search for the quadratic assignment problem, doi
   10.1016/j.eswa.2014.08.011: uniform crossover and short tabu walks.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.search import tabu
from allocator.solver.search.alike import renamed
from allocator.solver.search.assignment import Assignment
from allocator.solver.search.chain import Chain, Terrain
from allocator.solver.search.elite import Elite
from allocator.solver.search.terms import Floats
from allocator.solver.search.trials import PHASE

EXCHANGES_A_TRIAL = 60.0  # as many are looked at in the time of a trial of annealing
EXCHANGES_A_START = 20_000.0  # as many are looked at in the time that it takes to begin a walk
MOST_CHANGE = 4.0  # of this number from step to step
COMMUNITY = 12
PATIENCE = 120  # walks without a better best, after which the community is alike and begins anew


class Kind(NamedTuple):
    """How a walk goes; all but the last one in people.

    `shortest`, `longest` : tenures. `steps` : the walk ends so many after its last gain, or later
    if gains come slowly, `share` : when the steps after it make up so much of the walk.
    """

    shortest: float
    longest: float
    steps: float
    share: float


# Walks take turns. Where nothing has a pattern, patient ones with short tenures go further; where
# there is one, a walk is soon where it can get, and many starts count; and one good placement far
# from all others is found by long tenures.
KINDS = Kind(0.1, 0.25, 10.0, 0.5), Kind(0.9, 1.1, 3.0, 0.3)


@dataclass(eq=False, kw_only=True)
class Walker(Chain):
    """A chain whose trials are steps of walks; its state is loaded with what they find.

    Parameters
    ----------
    problem : what is walked on. elite : where walks start, and what they found.
    alike : sets of cells that differ by name only.
    """

    problem: Assignment
    elite: Elite
    alike: tuple[IntArray, ...]
    rng: np.random.Generator
    tables: Floats = field(init=False)
    moves: Floats = field(init=False)
    numbers: Floats = field(init=False)
    cells: IntArray = field(init=False)
    found: IntArray = field(init=False)
    walks: int = 0
    debt: float = 0.0
    exchanges: float = EXCHANGES_A_TRIAL

    @classmethod
    def of(
        cls, chain: Chain, problem: Assignment, elite: Elite, alike: tuple[IntArray, ...], seed: int
    ) -> "Walker":
        """In place of a chain, from where that is."""
        elite.most = COMMUNITY
        rng = np.random.default_rng(seed)
        return cls(**chain.parts, problem=problem, elite=elite, alike=alike, rng=rng)

    def __post_init__(self) -> None:
        """Tables for walks, the first one begins."""
        one, m = self.problem, len(self.problem.flow)
        self.tables = np.zeros((tabu.TABLES, m, m))
        self.tables[[tabu.FLOW, tabu.CONTACT, tabu.COST]] = one.flow, one.contact, one.cost
        self.moves, self.numbers = np.zeros((tabu.MOVES, m)), np.zeros(tabu.NUMBERS)
        self.numbers[tabu.WALL], self.numbers[tabu.DIRECTED] = one.wall / 2.0, one.directed
        self._set_out(self.state.place)

    def advance(self, terrain: Terrain, span: tuple[float, float], trials: int) -> None:
        """Walk for about as long as so many trials of annealing take."""
        del span
        m = len(self.cells)
        step = m * (m - 1) / 2
        self.debt += trials * self.exchanges / step
        while self.debt >= 1.0:
            steps = min(int(self.debt), self._left)
            tabu.walk(
                self.tables, self.moves, self.numbers, self.state.flat, self.cells,
                self.found, self.problem.people, steps,
            )  # fmt: skip
            self.debt -= steps
            if self._left == 0:
                self._show(terrain)
                self._set_out(self._child())
                self.debt -= EXCHANGES_A_START / step
        self._show(terrain)

    @property
    def _kind(self) -> Kind:
        return KINDS[self.walks % len(KINDS)]

    @property
    def _left(self) -> int:
        """Steps of the walk that are left unless it gains something."""
        time, latest = self.numbers[tabu.TIME], self.numbers[tabu.LATEST]
        ends = max(latest + self._kind.steps * len(self.cells), latest / (1.0 - self._kind.share))
        return max(0, int(np.ceil(ends - time)))

    def keep_pace(self, other: Chain) -> None:
        """Make more or fewer steps from now on, so that both take the same time."""
        ratio = other.busy / max(1e-6, self.busy)
        self.exchanges *= min(MOST_CHANGE, max(1.0 / MOST_CHANGE, ratio))

    def _show(self, terrain: Terrain) -> None:
        """Show the walk's best so far to the chain and the elite."""
        found = self.found[: self.problem.people]
        self.show(terrain, found)
        if np.array_equal(self.state.place, found):
            self.elite.add(self.state.values[: int(self.rule[PHASE]) + 1], found)

    def _set_out(self, start: IntArray) -> None:
        """Begin a walk at a placement of the people; those made up get the other cells."""
        is_free = np.ones(len(self.problem.flow), dtype=np.bool_)
        is_free[start] = False
        self.cells = np.concatenate((start, np.flatnonzero(is_free)))
        self.found = self.cells.copy()
        self.walks += 1
        tenures = self._kind.shortest, self._kind.longest
        self.numbers[[tabu.SHORT, tabu.LONG]] = np.multiply(tenures, len(self.cells))
        self.moves[:] = 0.0
        tabu.prepare(self.tables, self.numbers, self.cells)

    def _child(self) -> IntArray:
        """A start that keeps what two of the best agree on; any while there are few."""
        self.elite.children += 1
        if self.elite.children > PATIENCE:
            self.elite.members = []
        members, m = self.elite.members, len(self.problem.flow)
        if len(members) < self.elite.most:
            return self.rng.permutation(m)[: self.problem.people]
        first, second = self.rng.choice(len(members), 2, replace=False)
        mother = members[first][1]
        return crossed(mother, renamed(members[second][1], mother, self.alike), m, self.rng)


def crossed(mother: IntArray, father: IntArray, m: int, rng: np.random.Generator) -> IntArray:
    """Where both agree their cell, else one of the two cells if it is free, else any free one.

    Parameters
    ----------
    mother, father : shape (n,), different cells of m for all.
    """
    agreed = mother == father
    child = np.where(agreed, mother, -1)
    free = np.ones(m, dtype=np.bool_)
    free[mother[agreed]] = False
    for i in rng.permutation(np.flatnonzero(~agreed)).tolist():
        for c in rng.permutation([mother[i], father[i]]).tolist():
            if child[i] < 0 and free[c]:
                child[i], free[c] = c, False
    nowhere = np.flatnonzero(child < 0)
    child[nowhere] = rng.permutation(np.flatnonzero(free))[: len(nowhere)]
    return child.astype(np.int64)
