"""Runs the annealing of one tier: schedule, weights of later tiers, two chains side by side."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.model.shapes import IntArray
from allocator.solver.incumbent import Incumbent, active_people
from allocator.solver.search.anneal import anneal
from allocator.solver.search.state import State
from allocator.solver.search.trials import (
    BEST_SCORE,
    BEST_VALUE,
    HEAT,
    RISE,
    RISES,
    TIERS,
    new_decision,
)
from allocator.solver.tables import DEFICIT, Tables

# Each chain's first and last temperature, in units of the mean rise of a trial: wide ranges suit
# prisons, whose points differ by orders of magnitude, narrow ones grouping and assignment problems.
SCHEDULES = ((0.15, 0.001), (0.15, 0.03), (0.4, 0.001), (0.3, 0.01))
PILOT_TRIALS = 20_000
SHORT_RISES = 2.0  # price of one person too few in a unit, in mean rises
COLDEST = 0.02
HEAVY_SHARE = 8
MANY_PEOPLE = 2000
CHUNKS = 40
HOME_SHARE = 10
HOME_SHARE_MOVES = 50


def tier_weights(inc: Incumbent, tier: int, tolerance: IntArray) -> NDArray[np.float64]:
    """Weights (K,) of all tiers while one is minimised.

    A later tier only breaks ties: all its points together are worth less than one of the tier's.
    Where the tier has a tolerance, a point of moving is worth what the tolerance would give back
    if it were spread over everybody's moves. A point of an earlier tier that has no tolerance is
    worth more than the whole tier, so that a lucky gain there is kept.
    """
    t = inc.tables
    weights = np.zeros(len(inc.values))
    weights[tier] = 1.0
    weights[:tier] = np.where(tolerance[:tier] > 0, 0.0, 4.0 * (1 + abs(float(inc.values[tier]))))
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
    inc: Incumbent, tier: int, caps: IntArray, tolerance: IntArray, trials: int, is_moves: bool
) -> None:
    """Anneal one tier from the incumbent and keep the best of all chains.

    Parameters
    ----------
    caps : shape (K,), values that earlier tiers may not exceed.
    trials : trial moves of two chains each; up to `MANY_PEOPLE` four chains share them, half as
        long and cooled differently, because such prisons have a few basins to choose from.

    References
    ----------
    .. [1] White (1984), Concepts of scale in simulated annealing: temperatures from the changes
       that trials make.
    """
    focus, heavy = _focus(inc, tier), heavy_people(inc.tables, tier)
    weights = tier_weights(inc, tier, tolerance)
    schedules = SCHEDULES if len(inc.placement) <= MANY_PEOPLE else SCHEDULES[::2]
    chunk = max(1, 2 * trials // len(schedules) // CHUNKS)
    rule = new_decision(
        tier,
        caps,
        weights,
        HOME_SHARE_MOVES if is_moves else HOME_SHARE,
        early=not _has_shared_costs(inc.tables, tier),
        strict=bool(tolerance[tier] == 0),
    )
    rise = mean_rise(inc, tier, rule, focus, min(PILOT_TRIALS, trials))
    if tier != DEFICIT:
        rule[TIERS + len(caps)] = SHORT_RISES * rise
    chains = [
        Chain.start(inc, tier, rule, (hot * rise, cold * rise), chunk * CHUNKS, number)
        for number, (hot, cold) in enumerate(schedules)
    ]
    with ThreadPoolExecutor(max_workers=max(1, min(inc.options.workers, len(chains)))) as pool:
        for _ in range(CHUNKS):
            list(pool.map(lambda chain: chain.advance(inc, focus, heavy, chunk), chains))
            leader = min(chains, key=lambda chain: chain.rank)
            if inc.tell("search", tier, leader.state.values):
                break
    inc.take(min(chains, key=lambda chain: chain.rank).best)


def _has_shared_costs(t: Tables, tier: int) -> bool:
    """True when loads, groups, classes, company or limits have a price in a tier, or are it."""
    tiers = (t.load_tiers, t.group_tier, t.part_tier, t.limit_tier)
    priced = any(bool(np.any(x == tier)) for x in tiers) or bool(t.alone_price[:, tier].any())
    return tier == DEFICIT or priced


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


def mean_rise(
    inc: Incumbent, tier: int, rule: NDArray[np.float64], focus: IntArray, trials: int
) -> float:
    """Mean increase of the tier over trials that increase it, in points, at least 1."""
    pilot = Chain.start(inc, tier, rule, (0.0, 0.0), 1, len(SCHEDULES))
    pilot.advance(inc, focus, np.zeros(0, dtype=np.int64), trials)
    return max(1.0, float(pilot.rule[RISE] / max(1.0, pilot.rule[RISES])))


@dataclass(eq=False)
class Chain:
    """One annealing chain with its own state, decision data, cooling and best placement."""

    state: State
    rule: NDArray[np.float64]
    best: IntArray
    cooling: float

    @classmethod
    def start(
        cls,
        inc: Incumbent,
        tier: int,
        rule: NDArray[np.float64],
        heats: tuple[float, float],
        trials: int,
        number: int,
    ) -> "Chain":
        """A chain at the incumbent, cooled from the first heat to the second in `trials` moves."""
        own = rule.copy()
        own[HEAT] = heats[0]
        coldest = max(COLDEST, heats[1])
        cooling = min(1.0, coldest / max(COLDEST, heats[0])) ** (1.0 / max(1, trials))
        state = inc.state((inc.options.seed + 7919 * inc.passes) * 1009 + 17 * tier + number)
        return cls(state, own, inc.placement.copy(), cooling)

    @property
    def rank(self) -> tuple[float, float]:
        """What its best placement is worth; less is better."""
        return float(self.rule[BEST_VALUE]), float(self.rule[BEST_SCORE])

    def advance(self, inc: Incumbent, focus: IntArray, heavy: IntArray, trials: int) -> None:
        """Make some trial moves."""
        anneal(
            inc.tables.packed,
            self.state.flat,
            self.best,
            self.rule,
            focus,
            heavy,
            self.cooling,
            trials,
        )


def _focus(inc: Incumbent, tier: int) -> IntArray:
    """People to try most: without a place, else with ties, else who have moved."""
    unplaced = np.flatnonzero(inc.placement < 0).astype(np.int64)
    if inc.tables.unplaced[:, tier].any() and len(unplaced):
        return unplaced
    if inc.tables.moved[:, tier].any():
        away = (inc.placement != inc.tables.current) & (inc.tables.current >= 0)
        return np.flatnonzero(away).astype(np.int64)
    return active_people(inc.tables)
