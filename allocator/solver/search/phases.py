"""Runs the annealing of one tier: schedules, weights of later tiers, two chains side by side."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocator.model.shapes import IntArray
from allocator.solver.incumbent import Incumbent, active_people
from allocator.solver.search.anneal import anneal
from allocator.solver.search.apply import load_placement
from allocator.solver.search.state import State
from allocator.solver.search.trials import (
    BEST_SCORE,
    HEAT,
    PHASE,
    ROW_BEST,
    ROW_EXACT,
    ROW_LOG,
    ROW_RISE,
    ROW_RISES,
    ROW_WEIGHT,
    TIERS,
    new_decision,
)
from allocator.solver.tables import Tables

FORBIDDEN = 1e6


class Schedule(NamedTuple):
    """How one chain cools.

    `hot`, `cold` : first and last temperature, in usual rises of a trial. `over` : the price, while
    hot, of a usual rise of an earlier tier, in usual rises of this one.
    """

    hot: float
    cold: float
    over: float


# The first chain melts everything and may go over the caps of earlier tiers for a while; the second
# keeps to them and spends its trials where most is decided. Prisons, grouping and assignment
# problems agree on this range once rises are taken by their geometric mean: a few people weigh a
# hundred times more than most, and an arithmetic mean is theirs alone.
SCHEDULES = (Schedule(2.0, 0.01, 2.0), Schedule(0.7, 0.005, FORBIDDEN))
REFINING = Schedule(0.3, 0.01, FORBIDDEN)
PILOT_TRIALS = 20_000
OVER_CAP_GROWTH = 100.0  # by which that price has grown when two thirds of a schedule are done
COLDEST = 0.02
HEAVY_SHARE = 8
MANY_PEOPLE = 2000
STEPS = 40
FIRST_STEP, MOST_GROWTH = 200, 4.0
HOME_SHARE = 10
HOME_SHARE_MOVES = 50


def tier_weights(inc: Incumbent, tier: int, tolerance: IntArray) -> NDArray[np.float64]:
    """Weights (K,) of all tiers while one is minimised.

    A later tier only breaks ties: all its points together are worth less than one of the tier's.
    Where the tier has a tolerance, a point of moving is worth what the tolerance would give back
    if it were spread over everybody's moves. A point of an earlier tier is worth more than all of
    the tier.
    """
    t = inc.tables
    weights = np.zeros(len(inc.values))
    weights[tier] = 1.0
    weights[:tier] = 4.0 * (1 + abs(float(inc.values[tier])))
    share = 0.5
    for k in range(tier + 1, len(weights)):
        share /= 4
        weights[k] = share / (1 + abs(float(inc.values[k])))
        range_points = float(t.moved[t.current >= 0, k].sum())
        if range_points > 0 and tolerance[tier] > 0:
            slack = float(tolerance[tier]) / 1000 * abs(float(inc.values[tier]))
            weights[k] = max(weights[k], slack / range_points)
    return weights


def run_phase(
    inc: Incumbent,
    tier: int,
    caps: IntArray,
    tolerance: IntArray,
    trials: int,
    seconds: float | None = None,
) -> None:
    """Anneal one tier from the incumbent and keep the best of all chains.

    Parameters
    ----------
    caps : shape (K,), values that earlier tiers may not exceed.
    trials : trial moves of each chain.
    seconds : fit the trials to so much wall-clock time instead; None to make `trials`.

    References
    ----------
    .. [1] White (1984), Concepts of scale in simulated annealing: temperatures from the changes
       that trials make.
    """
    focus, heavy = _focus(inc, tier), heavy_people(inc.tables, tier)
    exact = tolerance == 0
    few_moves = bool(inc.tables.moved[:, tier].any()) or inc.tables.has_move_limit
    rule = new_decision(
        tier,
        caps,
        np.where(exact, np.minimum(caps, inc.bounds), caps),
        tier_weights(inc, tier, tolerance),
        exact,
        HOME_SHARE_MOVES if few_moves else HOME_SHARE,
    )
    pace = Pace.start(trials, seconds)
    rises = usual_rises(inc, tier, rule, focus, min(PILOT_TRIALS, trials))
    chains = [
        Chain.start(inc, tier, rule, schedule, rises, number)
        for number, schedule in enumerate(SCHEDULES)
    ]
    if inc.passes > 1:
        _set_out_from_child(inc, tier, chains[-1])
    with ThreadPoolExecutor(max_workers=max(1, min(inc.options.workers, len(chains)))) as pool:
        for step in range(STEPS):
            number = pace.trials(step)
            list(pool.map(lambda c: c.advance(inc.tables, focus, heavy, step, number), chains))  # noqa: B023
            leader = min(chains, key=lambda chain: chain.rank)
            if inc.tell("search", tier, leader.state.values):
                break
    if inc.passes > 1:
        for chain in chains:
            inc.elite[tier].add(inc.values_at(chain.best)[: tier + 1], chain.best)
    inc.take(min(chains, key=lambda chain: chain.rank).best)


def _set_out_from_child(inc: Incumbent, tier: int, chain: "Chain") -> None:
    """Start a chain, not hot, at a child of two of the best placements of earlier passes."""
    child = inc.elite[tier].child(inc.options.seed * 1009 + inc.passes)
    if child is not None:
        load_placement(inc.tables.packed, chain.state.flat, child)
        chain.schedule = REFINING


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


def heavy_people(t: Tables, tier: int) -> IntArray:
    """Fewest people whose terms hold half of a tier's pair points; nobody where they are many."""
    size = np.where(t.pair_tier == tier, np.abs(t.pair_out) + np.abs(t.pair_in), 0)
    n = len(t.places)
    points = np.bincount(np.repeat(np.arange(n), np.diff(t.pair_ptr)), weights=size, minlength=n)
    points[t.fixed >= 0] = 0.0
    order = np.argsort(-points, kind="stable")
    number = int(np.searchsorted(np.cumsum(points[order]), points.sum() / 2)) + 1
    few = HEAVY_SHARE * number <= n <= MANY_PEOPLE  # in large prisons a ring costs too much
    return np.sort(order[:number] if few else order[:0]).astype(np.int64)


def usual_rises(
    inc: Incumbent, tier: int, rule: NDArray[np.float64], focus: IntArray, trials: int
) -> NDArray[np.float64]:
    """Usual increase of each tier over trials that increase it, shape (K,), at least 1.

    Of the tier that is minimised the geometric mean, of earlier ones the arithmetic mean.
    """
    own, state = rule.copy(), inc.state(inc.options.seed * 1009 + tier)
    nobody, best = np.zeros(0, dtype=np.int64), inc.placement.copy()
    anneal(inc.tables.packed, state.flat, best, own, focus, nobody, 1.0, trials)
    rows = own[TIERS:].reshape(-1, len(inc.values))
    number = np.maximum(1.0, rows[ROW_RISES])
    rises: NDArray[np.float64] = np.maximum(1.0, rows[ROW_RISE] / number)
    rises[tier] = np.exp(rows[ROW_LOG, tier] / number[tier])
    return rises


@dataclass(eq=False)
class Chain:
    """One annealing chain with its own state, decision data, schedule and best placement.

    `prices` : shape (phase,), a point of each earlier tier when nothing else is said.
    """

    state: State
    rule: NDArray[np.float64]
    best: IntArray
    schedule: Schedule
    rise: float
    prices: NDArray[np.float64]

    @classmethod
    def start(
        cls,
        inc: Incumbent,
        tier: int,
        rule: NDArray[np.float64],
        schedule: Schedule,
        rises: NDArray[np.float64],
        number: int,
    ) -> "Chain":
        """A chain at the incumbent."""
        state = inc.state((inc.options.seed + 7919 * inc.passes) * 1009 + 17 * tier + number)
        rise = float(rises[tier])
        best = inc.placement.copy()
        return cls(state, rule.copy(), best, schedule, rise, rise / rises[:tier])

    def heat(self, step: int) -> float:
        """Temperature when so many of all steps are done."""
        hot, cold, _ = self.schedule
        return max(COLDEST, self.rise * hot * (cold / hot) ** (step / STEPS))

    def set_prices(self, step: int) -> None:
        """What a point of each earlier tier costs over its aim.

        References
        ----------
        .. [1] Glover (2000), Multi-start and strategic oscillation methods: search on both sides of
           a limit and end inside.
        """
        start = TIERS + ROW_WEIGHT * len(self.state.values)
        growth = OVER_CAP_GROWTH ** min(1.0, 1.5 * step / STEPS)
        self.rule[start : start + len(self.prices)] = self.prices * self.schedule.over * growth

    @property
    def rank(self) -> tuple[float, ...]:
        """What its best placement is worth; less is better."""
        rows = self.rule[TIERS:].reshape(-1, len(self.state.values))
        phase = int(self.rule[PHASE])
        exact = np.flatnonzero(rows[ROW_EXACT][: phase + 1])
        return *rows[ROW_BEST][exact].tolist(), float(self.rule[BEST_SCORE])

    def advance(self, t: Tables, focus: IntArray, heavy: IntArray, step: int, trials: int) -> None:
        """One step of the schedule in so many trials."""
        self.set_prices(step)
        self.rule[HEAT] = self.heat(step)
        cooling = (self.heat(step + 1) / self.heat(step)) ** (1.0 / trials)
        anneal(t.packed, self.state.flat, self.best, self.rule, focus, heavy, cooling, trials)


def _focus(inc: Incumbent, tier: int) -> IntArray:
    """People to try most: without a place, else with ties, else who have moved."""
    unplaced = np.flatnonzero(inc.placement < 0).astype(np.int64)
    if inc.tables.unplaced[:, tier].any() and len(unplaced):
        return unplaced
    if inc.tables.moved[:, tier].any():
        away = (inc.placement != inc.tables.current) & (inc.tables.current >= 0)
        return np.flatnonzero(away).astype(np.int64)
    return active_people(inc.tables)
