"""Whom the search of a tier tries most."""

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.incumbent import Incumbent, active_people
from allocator.solver.tables import Tables

HEAVY_SHARE = 8
MANY_PEOPLE = 2000


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


def focus_of(inc: Incumbent, tier: int) -> IntArray:
    """People to try most: without a place, else with ties, else who have moved."""
    unplaced = np.flatnonzero(inc.placement < 0).astype(np.int64)
    if inc.tables.unplaced[:, tier].any() and len(unplaced):
        return unplaced
    if inc.tables.moved[:, tier].any():
        away = (inc.placement != inc.tables.current) & (inc.tables.current >= 0)
        return np.flatnonzero(away).astype(np.int64)
    return active_people(inc.tables)
