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

CHAINS = 2
CHUNKS = 40
HOME_SHARE = 10
HOME_SHARE_MOVES = 50
TIE_BREAK = 1e-4


def later_weights(inc: Incumbent, tier: int, tolerance: IntArray) -> NDArray[np.float64]:
    """Weights (K,) of a tier and the ones after it.

    A point of the next tier is worth what the tolerance would give back if it were spread evenly
    over all the points that tier could have; every later one only breaks ties.
    """
    t = inc.tables
    weights = np.zeros(len(inc.values))
    weights[tier] = 1.0
    for k in range(tier + 1, len(weights)):
        weights[k] = TIE_BREAK * 0.1 ** (k - tier - 1)
        range_points = float(t.moved[t.current >= 0, k].sum())
        if range_points > 0:
            slack = max(float(tolerance[tier]), 1.0) / 1000 * float(inc.values[tier])
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
    trials : trial moves of each chain.
    """
    focus = _focus(inc, tier)
    weights = later_weights(inc, tier, tolerance)
    heat = starting_heat(inc, tier, focus)
    chunk = max(1, trials // CHUNKS)
    cooling = (max(0.02, heat / 500) / heat) ** (1.0 / (chunk * CHUNKS))
    rule = new_decision(tier, caps, weights, HOME_SHARE_MOVES if is_moves else HOME_SHARE)
    chains = [Chain.start(inc, tier, rule, heat, k) for k in range(CHAINS)]
    with ThreadPoolExecutor(max_workers=max(1, min(inc.options.workers, CHAINS))) as pool:
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
