"""People and places matched tier by tier: the whole problem where nobody matters to anybody else.

Everybody takes equally many places, costs of a cell's load are convex, and no shape ties people
together. A cell is then as many places as it holds, each with a cost of its own, and the relaxation
is integral: an optimal matching is the optimum. Later tiers choose among the optimal matchings of
the earlier ones, which are those of tight pairs only.

References
----------
.. [1] Crouse (2016), On implementing 2D rectangular assignment algorithms: what SciPy's function
   does; we find the dual values from its matching by shortest paths.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from allocator.model.shapes import IntArray
from allocator.solver.linear.choices import is_linear
from allocator.solver.tables import Tables

MOST_ENTRIES = 8_000_000
EXACT = 2**53  # whole numbers below are exact in floating point


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """Places, one row each of what a cell holds, then one for everybody who has no place.

    `cell` : shape (S + n,), -1 for no place. `rank` : how many people the cell holds before.
    """

    cell: IntArray
    rank: IntArray


def optimal_matching(t: Tables, tolerance: IntArray, start: IntArray) -> IntArray | None:
    """Placement of shape (n,) with the least values tier by tier; None where it is no matching.

    Of those with the same values one with most people where `start`, shape (n,), has them.

    Parameters
    ----------
    tolerance : shape (K,), per mille of a tier's value that later tiers may give back.
    """
    if not _is_matching(t) or np.any(tolerance[:-1]) or not len(t.places):
        return None
    slots = _slots(t)
    if len(t.places) * len(slots.cell) > MOST_ENTRIES:
        return None
    costs = [_costs(t, slots, k) for k in range(1, len(tolerance))]
    costs = [c for c in costs if np.ptp(c, axis=1).any()] or [np.zeros_like(costs[0])]
    away = slots.cell[None, :] != start[:, None]
    nearest = costs[-1] * (len(start) + 1) + away
    chosen = _match(_barred(t, slots), [*costs[:-1], nearest])
    if chosen is None:
        chosen = _match(_barred(t, slots), costs)
    return None if chosen is None else slots.cell[chosen]


def _is_matching(t: Tables) -> bool:
    counted = len(t.count_group) or len(t.limit_id)
    return is_linear(t) and not counted and len(np.unique(t.places)) == 1 and _convex(t)


def _convex(t: Tables) -> bool:
    size = int(t.places[0])
    rises = np.diff(t.load_cost[:, :, ::size], axis=2)
    return not np.any(np.diff(rises, axis=2) < 0)


def _slots(t: Tables) -> Slots:
    n = len(t.places)
    number = np.clip(t.cap // t.places[0], 0, n)
    cell = np.repeat(np.arange(len(number)), number)
    rank = np.arange(len(cell)) - np.repeat(np.cumsum(number) - number, number)
    nowhere = np.full(n, -1, dtype=np.int64)
    return Slots(np.concatenate((cell, nowhere)), np.concatenate((rank, np.zeros_like(nowhere))))


def _barred(t: Tables, slots: Slots) -> np.ndarray:
    """Pairs that cannot be, shape (n, S + n)."""
    barred: np.ndarray = (t.elig[t.elig_row] == 0)[:, slots.cell]
    fixed = np.flatnonzero(t.fixed >= 0)
    barred[fixed] |= slots.cell[None, :] != t.fixed[fixed, None]
    barred[:, slots.cell < 0] = False
    return barred


def _costs(t: Tables, slots: Slots, tier: int) -> np.ndarray:
    """Costs of a tier for every person and place, shape (n, S + n)."""
    n = len(t.places)
    cell, rank = slots.cell[:-n], slots.rank[:-n]
    costs = np.zeros((n, len(slots.cell)))
    for k in np.flatnonzero(t.static_tiers == tier).tolist():
        costs[:, :-n] += t.static[t.static_row][:, cell, k]
    elsewhere = (t.current[:, None] >= 0) & (t.current[:, None] != cell[None, :])
    costs[:, :-n] += np.where(elsewhere, t.moved[:, tier, None], 0)
    for k in np.flatnonzero(t.load_tiers == tier).tolist():
        table, size = t.load_cost[t.load_row[cell], k], int(t.places[0])
        at = np.arange(len(cell))
        costs[:, :-n] += table[at, (rank + 1) * size] - table[at, rank * size]
    costs[:, -n:] = t.unplaced[:, tier, None]
    return costs


def _match(barred: np.ndarray, costs: list[np.ndarray]) -> IntArray | None:
    """Place of everybody, least in the first costs, then in the second; None if they are too large.

    Of a tier's optimal matchings, all use tight pairs only, and every place of negative dual value:
    each of these earns the next tier more than all of its costs.
    """
    n, width = barred.shape
    barred, wanted = barred.copy(), np.zeros(width)
    chosen = np.arange(width - n, width, dtype=np.int64)
    for number, cost in enumerate(costs):
        low = cost.min(axis=1, keepdims=True)
        prize = n * float((cost - low).max()) + 1
        if 2 * n * prize >= EXACT:
            return None
        own = np.where(barred, np.inf, cost - low - prize * wanted)
        chosen = linear_sum_assignment(own)[1].astype(np.int64)
        if number + 1 < len(costs):
            dual = _dual_of_places(own, chosen)
            left = own - dual[None, :]
            barred = left > left[np.arange(n), chosen][:, None]
            wanted = (dual < 0).astype(np.float64)
    return chosen


def _dual_of_places(cost: np.ndarray, chosen: IntArray) -> np.ndarray:
    """Dual values of places, at most 0, for an optimal matching; 0 for places without a person."""
    paid = cost[np.arange(len(chosen)), chosen]
    dual = np.zeros(cost.shape[1])
    while True:
        lower = np.minimum(dual, (cost + (dual[chosen] - paid)[:, None]).min(axis=0))
        if np.array_equal(lower, dual):
            return dual
        dual = lower
