"""Runs the annealing of one tier: schedule, weights of later tiers, two chains side by side."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from allocator.model.shapes import IntArray
from allocator.solver.incumbent import Incumbent, active_people
from allocator.solver.search.anneal import anneal
from allocator.solver.search.state import State

CHAINS = 2
CHUNKS = 40
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
    last = max(0.02, heat / 500)
    chunk = max(1, trials // CHUNKS)
    cooling = (last / heat) ** (1.0 / max(1, chunk * CHUNKS))
    states = [inc.state(inc.options.seed * 1009 + 17 * tier + k) for k in range(CHAINS)]
    bests = [inc.placement.copy() for _ in states]
    scores = [_score(s, tier, weights) for s in states]
    home = 50 if is_moves else 10

    def advance(k: int) -> float:
        return float(
            anneal(
                inc.tables.packed,
                states[k].flat,
                bests[k],
                scores[k],
                caps,
                tier,
                weights,
                focus,
                home,
                heat,
                cooling,
                chunk,
            )
        )

    with ThreadPoolExecutor(max_workers=max(1, min(inc.options.workers, CHAINS))) as pool:
        for _ in range(CHUNKS):
            scores = list(pool.map(advance, range(CHAINS)))
            heat *= cooling**chunk
            leader = int(np.argmin(scores))
            if inc.tell("search", tier, states[leader].values):
                break
    inc.take(bests[int(np.argmin(scores))])


def _score(s: State, tier: int, weights: NDArray[np.float64]) -> float:
    return float(np.dot(weights[tier:], s.values[tier:]))


def _focus(inc: Incumbent, tier: int) -> IntArray:
    """People to try most: without a place, else with ties, else who have moved."""
    unplaced = np.flatnonzero(inc.placement < 0).astype(np.int64)
    if inc.tables.unplaced[:, tier].any() and len(unplaced):
        return unplaced
    if inc.tables.moved[:, tier].any():
        away = (inc.placement != inc.tables.current) & (inc.tables.current >= 0)
        return np.flatnonzero(away).astype(np.int64)
    return active_people(inc.tables)
