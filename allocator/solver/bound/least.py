"""Terms at their least: what no placement at all can go below, without any search."""

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.tables import DEFICIT, Tables


def trivial_bounds(t: Tables) -> IntArray:
    """Sum over terms of the least each can be, shape (K,); 0 where no term can be negative."""
    bounds = np.zeros(t.unplaced.shape[1], dtype=np.int64)
    for tier in range(1, len(bounds)):
        bounds[tier] += least_pairs(t, np.flatnonzero(t.pair_tier == tier))
        bounds[tier] += least_static(t, tier) + least_load(t, tier)
    bounds[DEFICIT] = 0
    return bounds


def least_pairs(t: Tables, here: IntArray) -> int:
    """Least of the pair terms in the rows `here`, both rows of each pair, in one tier.

    Half the sum of everybody's own least: the best company that fits in a cell, then the rest.

    At most (largest capacity - 1) others share a cell with a person; for the others the largest
    weight between two cells counts. Each pair is counted from both sides, hence the half.
    """
    if len(here) == 0:
        return 0
    apart = np.minimum(0, _least_product(t, here, (t.pair_out[here], t.pair_in[here]), t.contact))
    both = (t.pair_out[here] + t.pair_in[here],)
    together = np.minimum(apart, _least_product(t, here, both, t.cell_contact))
    person = np.repeat(np.arange(len(t.places)), np.diff(t.pair_ptr))[here]
    gain = together - apart
    order = np.lexsort((gain, person))
    start = np.searchsorted(person[order], person[order], side="left")
    rank = np.arange(len(order)) - start
    company = max(0, int(t.cap.max(initial=0)) - 1)
    total = int(apart.sum()) + int(gain[order][rank < company].sum())
    return -(-total // 2)


def _least_product(
    t: Tables, here: IntArray, points: tuple[IntArray, ...], weights: IntArray
) -> IntArray:
    """Least that points times a contact weight can be, for each term; shared units count 0 or 1."""
    shared = t.pair_level[here] >= 0
    low = np.where(shared, 0, int(weights.min(initial=0)))
    high = np.where(shared, 1, int(weights.max(initial=0)))
    least = [np.minimum(p * low, p * high) for p in points]
    total: IntArray = np.sum(least, axis=0, dtype=np.int64)
    return total


def least_static(t: Tables, tier: int) -> int:
    """Least that points of people in cells can be in a tier, each alone."""
    columns = np.flatnonzero(t.static_tiers == tier)
    if len(columns) == 0:
        return 0
    least = np.minimum(0, t.static[:, :, columns[0]].min(axis=1, initial=0)).astype(np.int64)
    return int(least[t.static_row].sum())


def least_load(t: Tables, tier: int) -> int:
    """Least that costs of load can be in a tier, cell by cell."""
    columns = np.flatnonzero(t.load_tiers == tier)
    if len(columns) == 0:
        return 0
    costs = t.load_cost[:, columns[0], :]
    least = np.minimum(0, (costs - costs[:, :1]).min(axis=1, initial=0))
    return int(least[t.load_row].sum())
