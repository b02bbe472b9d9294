"""Short chains that look where a tier's few heavy people should be, before a long one cools.

Where a few people hold half of a tier's points, their units decide the value more than everything
else, and a cooling chain cannot change them once the others have settled around them: it ends in
the basin where it was when it began to settle. A scout sends them to cells at random, at any price,
lets everybody settle quickly around them and tells what came of it. The long chains set out from
the best finds.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.search.anneal import scatter
from allocator.solver.search.apply import load_placement
from allocator.solver.search.chain import FORBIDDEN, STEPS, Chain, Schedule
from allocator.solver.search.state import RNG
from allocator.solver.search.trials import ROW_CAP, ROW_WEIGHT
from allocator.solver.tables import Tables

# Trials of one scout for each person: basins show from the first number on, and are told apart
# better up to the last. Where time is short, scouts are shorter, for the sake of so many rounds.
LEAST_PER_PERSON, MOST_PER_PERSON, ROUNDS = 150, 700, 4
SHARE = 1 / 3  # of a tier's trials or seconds
SCOUTING = (Schedule(0.5, 0.02, 2.0), Schedule(0.5, 0.02, 20.0))
SETTLING = (Schedule(0.7, 0.01, 20.0), Schedule(0.7, 0.005, FORBIDDEN))
PRICE_OVER = 50.0  # usual rises of the tier, for one of an earlier tier over its cap


class Find(NamedTuple):
    """What a scout came back with: its worth with all that is over caps, less is better."""

    worth: float
    is_within: bool
    placement: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """Scouts of one tier: who is sent out, and how long it may take.

    Parameters
    ----------
    focus, heavy : people to try most, and the few who hold half of the points.
    trials : of the whole tier; `seconds` : of the whole tier, when they decide.
    trial_seconds : what a trial takes, for the first round.
    """

    tables: Tables
    focus: IntArray
    heavy: IntArray
    trials: int
    seconds: float | None
    trial_seconds: float

    @property
    def trials_each(self) -> int:
        """Trial moves of one scout."""
        n, trials = len(self.tables.places), float(self.trials)
        if self.seconds is not None:
            trials = self.seconds / self.trial_seconds
        fair = int(SHARE * trials / ROUNDS)
        return min(max(fair, LEAST_PER_PERSON * n), MOST_PER_PERSON * n)

    def run(
        self, chains: Sequence[Chain], pool: Executor, goes_on: Callable[[], bool]
    ) -> list[Find]:
        """Send scouts from every chain, round after round; finds, the best first."""
        finds: list[Find] = []
        rng = np.random.default_rng(int(chains[0].state.flat[chains[0].state.flat[RNG]]))
        trials, number = self.trials_each, 0
        began, took = time.monotonic(), trials * self.trial_seconds
        while self._has_room((number + 1) * trials, time.monotonic() - began + took):
            if not goes_on():
                break
            started = time.monotonic()
            schedule = SCOUTING[number % len(SCOUTING)]
            who = [self.heavy, *(self._some(rng, number) for _ in chains[1:])]
            base = finds[0].placement if finds else None
            finds += pool.map(
                lambda chain, people: self._scout(chain, schedule, people, base, trials),  # noqa: B023
                chains,
                who,
            )
            finds.sort(key=lambda find: find.worth)
            number, took = number + 1, time.monotonic() - started
        return finds

    def _some(self, rng: np.random.Generator, number: int) -> IntArray:
        """All heavy people in the first round; later a half of them, a quarter, down to one."""
        size = len(self.heavy)
        if number > 0:
            size >>= int(rng.integers(0, size.bit_length()))
        return np.sort(rng.choice(self.heavy, size, replace=False))

    def _has_room(self, trials: int, seconds: float) -> bool:
        if self.seconds is None:
            return trials <= SHARE * self.trials
        return seconds <= SHARE * self.seconds

    def _scout(
        self,
        chain: Chain,
        schedule: Schedule,
        people: IntArray,
        base: IntArray | None,
        trials: int,
    ) -> Find:
        chain.schedule = schedule
        if base is not None:
            load_placement(self.tables.packed, chain.state.flat, base)
        chain.rows[ROW_WEIGHT, : len(chain.prices)] = 0.0
        scatter(self.tables.packed, chain.state.flat, chain.rule, people)
        for step in range(STEPS):
            chain.advance(self.tables, self.focus, self.heavy, step, trials // STEPS)
        return _find(chain)


def _find(chain: Chain) -> Find:
    values, tier = chain.state.values, len(chain.prices)
    over = np.maximum(values[:tier] - chain.rows[ROW_CAP, :tier], 0.0)
    worth = float(values[tier]) + PRICE_OVER * float(over @ chain.prices)
    return Find(worth, not over.any(), chain.state.place.copy())


def settle(t: Tables, chains: Sequence[Chain], finds: Sequence[Find]) -> None:
    """Let the first chain set out from the best find, the others from the next within all caps.

    A find that is over a cap may never come back; so the others set out from the best placement
    within all caps that they know where no more finds are within.
    """
    within = (find.placement for find in finds[1:] if find.is_within)
    starts = [finds[0].placement, *(next(within, chain.best) for chain in chains[1:])]
    for chain, start, schedule in zip(chains, starts, SETTLING, strict=True):
        load_placement(t.packed, chain.state.flat, start)
        chain.schedule = schedule
