"""Short cold chains that look where a tier's few heavy people should be, before a long one cools.

Where a few people hold half of a tier's points, their units decide the value more than everything
else, and a cooling chain cannot change them once the others have settled around them: it ends in
the basin where it was when it began to settle. A scout sends one of them elsewhere, at any price,
keeps all of them there until the others have settled around them, and tells what came of it. What
is better is where the next one starts, and in the end where the long chains set out from.

References
----------
.. [1] Lourenço, Martin and Stützle (2003), Iterated local search: better local optima as starts. We
   change only those who decide most, and settle the others first.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.packed import FIXED, PERSON, PERSON_COLUMNS
from allocator.solver.search.apply import load_placement
from allocator.solver.search.chain import FORBIDDEN, Chain, Schedule
from allocator.solver.search.send import send
from allocator.solver.search.state import RNG
from allocator.solver.search.trials import ROW_CAP, ROW_WEIGHT
from allocator.solver.tables import Tables

# Trials for each person: around those who were sent out, then of everybody.
AROUND, ALL = 30, 20
SHARE = 1 / 3  # of a tier's trials or seconds
SENDING_TRIES = 20
SCOUTS_A_ROUND = 8  # of each chain, between looks at the clock
SETTLING_STEPS = 8
SCOUTING = Schedule(0.05, 0.01, 20.0)
SETTLING = (Schedule(0.7, 0.01, 20.0), Schedule(0.7, 0.005, FORBIDDEN))
SETTLED = 0.01  # share of a value, less than which is gained where the others have settled


class Find(NamedTuple):
    """What a scout came back with; less is better, first of what is over caps.

    `over` : the price of all that is over caps. `value` : of the tier.
    """

    over: float
    value: int
    placement: IntArray

    @property
    def rank(self) -> tuple[float, int]:
        """What finds are compared by."""
        return self.over, self.value

    @classmethod
    def of(cls, chain: Chain) -> "Find":
        """Where a chain is now."""
        values, tier = chain.state.values, len(chain.prices)
        over = np.maximum(values[:tier] - chain.rows[ROW_CAP, :tier], 0.0)
        return cls(float(over @ chain.prices), int(values[tier]), chain.state.place.copy())


@dataclass(eq=False)
class Scout:
    """A chain that sends people out, one scout after the other, from the best find so far.

    Parameters
    ----------
    own : the tables' packed array, in which the heavy people are frozen while others settle.
    """

    search: "Search"
    chain: Chain
    own: IntArray
    rng: np.random.Generator
    best: Find
    is_settled: bool = False

    @classmethod
    def start(cls, search: "Search", chain: Chain, seed: int) -> "Scout":
        """A scout where a chain is."""
        chain.schedule = SCOUTING
        own, rng = search.tables.packed.copy(), np.random.default_rng(seed)
        return cls(search, chain, own, rng, Find.of(chain))

    def go(self, number: int) -> None:
        """So many scouts one after the other."""
        for _ in range(number):
            load_placement(self.search.tables.packed, self.chain.state.flat, self.best.placement)
            if self.is_settled:
                self._send()
            self._settle()
            find = Find.of(self.chain)
            self.is_settled |= self.best.value - find.value < SETTLED * abs(self.best.value)
            self.best = min(self.best, find, key=lambda find: find.rank)

    def _send(self) -> None:
        """One heavy person changes places with another, a fellow of a counted group or anybody."""
        t, flat = self.search.tables, self.chain.state.flat
        place = self.chain.state.place
        self.chain.rows[ROW_WEIGHT, : len(self.chain.prices)] = 0.0
        for _ in range(SENDING_TRIES):
            i, j, c = self._drawn(place)
            if send(t.packed, flat, self.chain.rule, i, c, j):
                break

    def _drawn(self, place: IntArray) -> tuple[int, int, int]:
        """Whom to send, with whom to change places (-1: nobody), and where to."""
        i = int(self.rng.choice(self.search.heavy))
        others = (self.search.heavy, self.search.fellows[i])[int(self.rng.integers(2))]
        if self.rng.integers(3) and len(others):
            j = int(self.rng.choice(others))
            return i, j, int(place[j])
        c = int(self.rng.integers(len(self.search.tables.cap)))
        there = np.flatnonzero(place == c)
        return i, int(self.rng.choice(there)) if len(there) else -1, c

    def _settle(self) -> None:
        """The others settle around the heavy people, then everybody does while it gets colder."""
        search, n = self.search, len(self.search.tables.places)
        heavy, place = search.heavy, self.chain.state.place
        at = self.own[PERSON] + heavy * PERSON_COLUMNS + FIXED
        self.own[at] = place[heavy]
        self.chain.advance(self.own, search.light, heavy[:0], (0.0, 0.0), AROUND * n)
        self.own[at] = -1
        for step in range(SETTLING_STEPS):
            span = step / SETTLING_STEPS, (step + 1) / SETTLING_STEPS
            trials = ALL * n // SETTLING_STEPS
            self.chain.advance(self.own, search.focus, heavy, span, trials)


@dataclass(frozen=True, eq=False)
class Search:
    """Scouts of one tier: who is sent out, and how long it may take.

    Parameters
    ----------
    focus, heavy : people to try most, and the few who hold half of the points.
    trials : of the whole tier; `seconds` : of the whole tier, when they decide.
    """

    tables: Tables
    focus: IntArray
    heavy: IntArray
    trials: int
    seconds: float | None

    @cached_property
    def light(self) -> IntArray:
        """People to try most who are not heavy."""
        return np.setdiff1d(self.focus, self.heavy)

    @cached_property
    def fellows(self) -> dict[int, IntArray]:
        """Everybody who is counted in a group with a heavy person."""
        t = self.tables
        person = np.repeat(np.arange(len(t.places)), np.diff(t.count_ptr))
        groups = {i: t.count_group[t.count_ptr[i] : t.count_ptr[i + 1]] for i in self.heavy}
        counted = {i: np.unique(person[np.isin(t.count_group, own)]) for i, own in groups.items()}
        return {int(i): counted[i][counted[i] != i] for i in self.heavy}

    def run(
        self, chains: Sequence[Chain], pool: Executor, goes_on: Callable[[], bool]
    ) -> list[Find]:
        """Send scouts from every chain, round after round; the best find of each, best first."""
        began = time.monotonic()
        seeds = np.random.default_rng(
            int(chains[0].state.flat[chains[0].state.flat[RNG]])
        ).integers(1 << 31, size=len(chains))
        scouts = [
            Scout.start(self, chain, int(seed)) for chain, seed in zip(chains, seeds, strict=True)
        ]
        done = 0
        while (number := self._affordable(done, time.monotonic() - began)) > 0 and goes_on():
            list(pool.map(lambda scout: scout.go(number), scouts))
            done += number
        return sorted((scout.best for scout in scouts), key=lambda find: find.rank) if done else []

    def _affordable(self, done: int, seconds: float) -> int:
        """How many scouts each chain may send before the next look at the clock."""
        if self.seconds is None:
            each = (AROUND + ALL) * len(self.tables.places)
            return min(SCOUTS_A_ROUND, int(SHARE * self.trials) // each - done)
        if done == 0:
            return 1
        return min(SCOUTS_A_ROUND, int((SHARE * self.seconds - seconds) * done / seconds))


def settle(t: Tables, chains: Sequence[Chain], finds: Sequence[Find]) -> None:
    """Let the first chain set out from the best find, the others from the next within all caps.

    A find that is over a cap may never come back; so the others set out from the best placement
    within all caps that they know where no more finds are within.
    """
    within = (find.placement for find in finds[1:] if find.over == 0.0)
    starts = [finds[0].placement, *(next(within, chain.best) for chain in chains[1:])]
    for chain, start, schedule in zip(chains, starts, SETTLING, strict=True):
        load_placement(t.packed, chain.state.flat, start)
        chain.schedule = schedule
