"""The greatest number of points of which the terms that bounds count are multiples."""

import numpy as np
from numpy.typing import NDArray

from allocator.solver.tables import Tables

CELL_LEVEL = 0


def grain_of(t: Tables, tier: int) -> int:
    """A number, at least 1, that divides every term of a tier but priced counts in cells.

    These are at least 0 and bounds by movers leave them out, so they may be rounded up to a
    multiple.
    """
    groups = (t.group_tier == tier) & (t.group_level != CELL_LEVEL)
    parts = (t.part_tier == tier) & (t.part_level != CELL_LEVEL)
    pairs = t.pair_tier == tier
    terms: list[NDArray[np.integer]] = [
        t.unplaced[:, tier],
        t.moved[:, tier],
        t.alone_price[:, tier],
        t.static[:, :, t.static_tiers == tier],
        t.load_cost[:, t.load_tiers == tier],
        t.pair_out[pairs],
        t.pair_in[pairs],
        t.group_price[groups],
        t.part_price[parts],
        t.limit_price[t.limit_tier == tier],
    ]
    return max(1, int(np.gcd.reduce([int(np.gcd.reduce(a, axis=None)) for a in terms if a.size])))
