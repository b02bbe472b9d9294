"""One annealing chain: how it cools, what it may exceed, how its trials fit the time."""

import time
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocator.model.shapes import IntArray
from allocator.solver.search.anneal import anneal
from allocator.solver.search.apply import load_placement
from allocator.solver.search.state import State
from allocator.solver.search.trials import (
    BEST_SCORE,
    HEAT,
    PHASE,
    ROW_BEST,
    ROW_CAP,
    ROW_EXACT,
    ROW_WEIGHT,
    TIERS,
)

STEPS = 40
FIRST_STEP, MOST_GROWTH = 200, 4.0
OVER_CAP_GROWTH = 100.0  # by which that price has grown when two thirds of a schedule are done
COLDEST = 0.02
FORBIDDEN = 1e6


class Schedule(NamedTuple):
    """How one chain cools.

    `hot`, `cold` : first and last temperature, in usual rises of a trial. `over` : the price, while
    hot, of a usual rise of an earlier tier, in usual rises of this one.
    """

    hot: float
    cold: float
    over: float


class Terrain(NamedTuple):
    """What trials are made on: packed tables, whom to try most, the few heavy people."""

    packed: IntArray
    focus: IntArray
    heavy: IntArray


@dataclass(eq=False)
class Pace:
    """How many trials each step makes: the same number, or what fits the seconds that are left."""

    number: int
    ends: float | None
    last: float

    @classmethod
    def start(cls, trials: int, seconds: float | None) -> "Pace":
        """From now on."""
        now = time.monotonic()
        if seconds is None:
            return cls(max(1, trials // STEPS), None, now)
        return cls(FIRST_STEP, now + seconds, now)

    def trials(self, step: int) -> int:
        """Trials of each chain in a step that begins now."""
        now = time.monotonic()
        if self.ends is not None and step > 0:
            share = max(0.0, self.ends - now) / (STEPS - step) / max(1e-6, now - self.last)
            self.number = max(FIRST_STEP, int(self.number * min(MOST_GROWTH, share)))
        self.last = now
        return self.number


@dataclass(eq=False)
class Chain:
    """One annealing chain with its own state, decision data, schedule and best placement.

    `prices` : shape (phase,), a point of each earlier tier when nothing else is said. `busy` :
    processor seconds of its last step.
    """

    state: State
    rule: NDArray[np.float64]
    best: IntArray
    schedule: Schedule
    rise: float
    prices: NDArray[np.float64]
    busy: float = 0.0

    @classmethod
    def start(
        cls,
        state: State,
        rule: NDArray[np.float64],
        schedule: Schedule,
        rises: NDArray[np.float64],
    ) -> "Chain":
        """A chain at the placement of a state, which is its own from now on."""
        tier = int(rule[PHASE])
        rise = float(rises[tier])
        return cls(state, rule.copy(), state.place.copy(), schedule, rise, rise / rises[:tier])

    def heat(self, share: float) -> float:
        """Temperature when so much of the schedule is done, 0 to 1."""
        hot, cold, _ = self.schedule
        return max(COLDEST, self.rise * hot * (cold / hot) ** share)

    def set_prices(self, share: float) -> None:
        """What a point of each earlier tier costs over its aim when so much is done.

        Where caps are never exceeded, no gain in a later one of these tiers pays for it.

        References
        ----------
        .. [1] Glover (2000), Multi-start and strategic oscillation methods: search on both sides of
           a limit and end inside.
        """
        growth = OVER_CAP_GROWTH ** min(1.0, 1.5 * share)
        over = self.schedule.over
        tiers_left = np.arange(len(self.prices), 0, -1) if over >= FORBIDDEN else 1
        self.rows[ROW_WEIGHT, : len(self.prices)] = self.prices * over**tiers_left * growth

    @property
    def rows(self) -> NDArray[np.float64]:
        """The decision data's rows of tiers, shape (rows, K), to be changed in place."""
        return self.rule[TIERS:].reshape(-1, len(self.state.values))

    def best_values(self, start: IntArray) -> IntArray:
        """Tier values of its best placement, shape (K,); `start` while that is the first one."""
        found = self.rows[ROW_BEST]
        return found.astype(np.int64) if np.isfinite(found).all() else start

    @property
    def keeps_caps(self) -> bool:
        """True where its state is within the caps of earlier tiers."""
        earlier = int(self.rule[PHASE])
        return bool(np.all(self.state.values[:earlier] <= self.rows[ROW_CAP, :earlier]))

    @property
    def rank(self) -> tuple[float, ...]:
        """What its best placement is worth; less is better."""
        rows = self.rows
        phase = int(self.rule[PHASE])
        exact = np.flatnonzero(rows[ROW_EXACT][: phase + 1])
        return *rows[ROW_BEST][exact].tolist(), float(self.rule[BEST_SCORE])

    def advance(self, terrain: Terrain, span: tuple[float, float], trials: int) -> None:
        """Go from one share of the schedule to another in so many trials."""
        began, ends = self.heat(span[0]), self.heat(span[1])
        self.set_prices(span[0])
        self.rule[HEAT] = began
        cooling = (ends / began) ** (1.0 / max(1, trials))
        packed, focus, heavy = terrain
        anneal(packed, self.state.flat, self.best, self.rule, focus, heavy, cooling, trials)

    @property
    def parts(self) -> dict[str, Any]:
        """What it consists of, for a chain of another kind that takes its place."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def show(self, terrain: Terrain, placement: IntArray) -> None:
        """Take note of a placement, shape (n,), that was found elsewhere; the state goes there."""
        nobody = np.zeros(0, dtype=np.int64)
        load_placement(terrain.packed, self.state.flat, placement)
        anneal(
            terrain.packed, self.state.flat, self.best, self.rule, terrain.focus, nobody, 1.0, 0
        )  # fmt: skip
