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
    HEAT,
    PHASE,
    ROW_BEST,
    ROW_EXACT,
    ROW_RISE,
    ROW_RISES,
    ROW_WEIGHT,
    TIERS,
    new_decision,
)
from allocator.solver.tables import DEFICIT, Tables

FORBIDDEN = 1e6
# Each chain's first and last temperature, in units of the mean rise of a trial. A few people weigh
# a hundred times more than most and settle first, at heats where the others still change places
# freely: a cold start keeps them where earlier tiers happened to leave them. The last one refines.
# With few trials for each person there is no time to cool from such heats. The last number is
# the price, while hot, of a mean rise of an earlier tier over its cap, in mean rises of this tier:
# some chains may go over caps, others never do, for the first may not find the way back.
SCHEDULES = (
    (16.0, 0.001, FORBIDDEN),
    (0.4, 0.001, FORBIDDEN),
    (4.0, 0.003, 2.0),
    (0.15, 0.003, FORBIDDEN),
)
COOL_SCHEDULES = (  # also for tiers without contact, where nobody weighs much more than others
    (0.15, 0.001, FORBIDDEN),
    (0.15, 0.03, FORBIDDEN),
    (0.4, 0.001, FORBIDDEN),
    (0.3, 0.01, 2.0),
)
MELTING = 3000  # trials of a chain for each person below which nothing is melted
PILOT_TRIALS = 20_000
OVER_CAP_GROWTH = 100.0  # by which that price has grown when two thirds of a schedule are done
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
    schedules = _schedules(inc.tables, tier, trials)
    chunk = max(1, 2 * trials // len(schedules) // CHUNKS)
    rule = new_decision(
        tier,
        caps,
        weights,
        tolerance == 0,
        HOME_SHARE_MOVES if is_moves else HOME_SHARE,
        early=not _has_shared_costs(inc.tables, tier),
    )
    rises = mean_rises(inc, tier, rule, focus, min(PILOT_TRIALS, trials))
    rise = float(rises[tier])
    chains = [
        Chain.start(inc, tier, rule, (hot * rise, cold * rise), chunk * CHUNKS, number, over)
        for number, (hot, cold, over) in enumerate(schedules)
    ]
    with ThreadPoolExecutor(max_workers=max(1, min(inc.options.workers, len(chains)))) as pool:
        for number in range(CHUNKS):
            for chain in chains:
                chain.set_prices(rise / rises[:tier], number / CHUNKS)
            list(pool.map(lambda chain: chain.advance(inc, focus, heavy, chunk), chains))
            leader = min(chains, key=lambda chain: chain.rank)
            if inc.tell("search", tier, leader.state.values):
                break
    inc.take(min(chains, key=lambda chain: chain.rank).best)


def _schedules(t: Tables, tier: int, trials: int) -> tuple[tuple[float, float, float], ...]:
    n = len(t.places)
    if n > MANY_PEOPLE:
        return COOL_SCHEDULES[::2]
    has_contact = bool(np.any((t.pair_tier == tier) & (t.pair_level < 0)))
    melts = has_contact and 2 * trials >= MELTING * len(SCHEDULES) * n
    return SCHEDULES if melts else COOL_SCHEDULES


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


def mean_rises(
    inc: Incumbent, tier: int, rule: NDArray[np.float64], focus: IntArray, trials: int
) -> NDArray[np.float64]:
    """Mean increase of each tier over trials that increase it, shape (K,), at least 1."""
    pilot = Chain.start(inc, tier, rule, (0.0, 0.0), 1, len(SCHEDULES))
    pilot.advance(inc, focus, np.zeros(0, dtype=np.int64), trials)
    rows = pilot.rule[TIERS:].reshape(-1, len(inc.values))
    rises: NDArray[np.float64] = np.maximum(1.0, rows[ROW_RISE] / np.maximum(1.0, rows[ROW_RISES]))
    return rises


@dataclass(eq=False)
class Chain:
    """One annealing chain with its own state, decision data, cooling and best placement."""

    state: State
    rule: NDArray[np.float64]
    best: IntArray
    cooling: float
    over_cap: float

    @classmethod
    def start(
        cls,
        inc: Incumbent,
        tier: int,
        rule: NDArray[np.float64],
        heats: tuple[float, float],
        trials: int,
        number: int,
        over_cap: float = FORBIDDEN,
    ) -> "Chain":
        """A chain at the incumbent, cooled from the first heat to the second in `trials` moves."""
        own = rule.copy()
        own[HEAT] = heats[0]
        coldest = max(COLDEST, heats[1])
        cooling = min(1.0, coldest / max(COLDEST, heats[0])) ** (1.0 / max(1, trials))
        state = inc.state((inc.options.seed + 7919 * inc.passes) * 1009 + 17 * tier + number)
        return cls(state, own, inc.placement.copy(), cooling, over_cap)

    def set_prices(self, rise: NDArray[np.float64], done: float) -> None:
        """What a point of each earlier tier costs over its cap when a share of the work is done.

        Parameters
        ----------
        rise : shape (phase,), mean rise of the tier that is minimised in those of earlier ones.

        References
        ----------
        .. [1] Glover (2000), Multi-start and strategic oscillation methods: search on both sides of
           a limit and end inside.
        """
        start = TIERS + ROW_WEIGHT * len(self.state.values)
        price = self.over_cap * OVER_CAP_GROWTH ** min(1.0, 1.5 * done)
        self.rule[start : start + len(rise)] = rise * price

    @property
    def rank(self) -> tuple[float, ...]:
        """What its best placement is worth; less is better."""
        rows = self.rule[TIERS:].reshape(-1, len(self.state.values))
        phase = int(self.rule[PHASE])
        exact = np.flatnonzero(rows[ROW_EXACT][: phase + 1])
        return *rows[ROW_BEST][exact].tolist(), float(self.rule[BEST_SCORE])

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
