"""Runs the annealing of one tier: schedule, weights of later tiers, two chains side by side."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.model.shapes import IntArray
from allocator.solver.incumbent import Incumbent, active_people
from allocator.solver.search.anneal import anneal, score
from allocator.solver.search.state import State
from allocator.solver.search.trials import HEAT, new_decision

CHAIN_HEATS = (1.0, 4.0, 1.0, 16.0)
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


def starting_heat(inc: Incumbent, tier: int, focus: IntArray) -> float:
    """Temperature at which an ordinary person's share of the tier is easily given up."""
    share = abs(float(inc.values[tier])) / max(1, len(focus))
    return max(1.0, share / 4)


def run_phase(
    inc: Incumbent, tier: int, caps: IntArray, tolerance: IntArray, trials: int, is_moves: bool
) -> None:
    """Anneal one tier from the incumbent and keep the best of all chains.

    Parameters
    ----------
    caps : shape (K,), values that earlier tiers may not exceed.
    trials : trial moves of two chains each; up to `MANY_PEOPLE` four chains share them, half as
        long and at different heats, because such prisons have a few basins to choose from.
    """
    focus = _focus(inc, tier)
    weights = tier_weights(inc, tier, tolerance)
    heat = starting_heat(inc, tier, focus)
    heats = CHAIN_HEATS if len(inc.placement) <= MANY_PEOPLE else CHAIN_HEATS[:2]
    chunk = max(1, 2 * trials // len(heats) // CHUNKS)
    cooling = (max(0.02, heat / 500) / heat) ** (1.0 / (chunk * CHUNKS))
    rule = new_decision(tier, caps, weights, HOME_SHARE_MOVES if is_moves else HOME_SHARE)
    chains = [Chain.start(inc, tier, rule, heat * f, k) for k, f in enumerate(heats)]
    with ThreadPoolExecutor(max_workers=max(1, min(inc.options.workers, len(heats)))) as pool:
        for _ in range(CHUNKS):
            list(pool.map(lambda chain: chain.advance(inc, focus, cooling, chunk), chains))
            leader = min(chains, key=lambda chain: chain.score)
            if inc.tell("search", tier, leader.state.values):
                break
    inc.take(min(chains, key=lambda chain: chain.score).best)


@dataclass(eq=False)
class Chain:
    """One annealing chain with its own state, decision data and best placement."""

    state: State
    rule: NDArray[np.float64]
    best: IntArray
    score: float

    @classmethod
    def start(
        cls, inc: Incumbent, tier: int, rule: NDArray[np.float64], heat: float, number: int
    ) -> "Chain":
        """A chain at the incumbent, with a random sequence of its own."""
        own = rule.copy()
        own[HEAT] = heat
        state = inc.state(inc.options.seed * 1009 + 17 * tier + number)
        return cls(state, own, inc.placement.copy(), score(inc.tables.packed, state.flat, own))

    def advance(self, inc: Incumbent, focus: IntArray, cooling: float, trials: int) -> None:
        """Make some trial moves."""
        self.score = anneal(
            inc.tables.packed,
            self.state.flat,
            self.best,
            self.score,
            self.rule,
            focus,
            cooling,
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
