"""What a tier consists of where nothing counts but who is where: points by contact, and costs."""

import numpy as np
from numpy.typing import NDArray

from allocator.solver.tables import Tables

Floats = NDArray[np.float64]
EXACT = float(1 << 53)  # whole numbers under it are exact as floats


def has_only_points(t: Tables, tier: int) -> bool:
    """True where a tier has pair points by contact, and no earlier one more than people unplaced.

    People who are kept apart are pairs as well. Costs of a person in a cell, or in none, may be
    added; what counts the people of a unit may not.
    """
    early = slice(0, tier)
    rows = t.pair_tier == tier
    shared = np.concatenate((t.group_tier, t.part_tier, t.limit_tier, t.load_tiers))
    return bool(
        (rows.any() or len(t.apart_other))
        and np.all(t.pair_level[rows] < 0)
        and not np.any(t.pair_tier < tier)
        and not np.any((shared >= 0) & (shared <= tier))
        and not np.any(t.static_tiers < tier)
        and not np.any(t.moved[:, early])
    )


def points_of(t: Tables, tier: int) -> Floats:
    """Points from each person to each other one, shape (n, n)."""
    n = len(t.places)
    rows = t.pair_tier == tier
    person = np.repeat(np.arange(n), np.diff(t.pair_ptr))
    points = np.zeros((n, n))
    np.add.at(points, (person[rows], t.pair_other[rows]), t.pair_out[rows])
    return points


def costs_of(t: Tables, tier: int) -> Floats:
    """Cost of each person in each cell, shape (n, m)."""
    n, m = len(t.places), len(t.cap)
    cost = np.zeros((n, m))
    for k in np.flatnonzero(t.static_tiers == tier).tolist():
        cost += t.static[t.static_row, :, k]
    away = np.where(t.current >= 0, t.moved[:, tier], 0)
    cost += away[:, None] * (t.current[:, None] != np.arange(m))
    return cost
