"""Whom the search of a tier tries most."""

import numpy as np
from numpy.typing import NDArray

from allocator.model.shapes import IntArray
from allocator.solver.incumbent import Incumbent
from allocator.solver.shares import person_share
from allocator.solver.tables import Tables

HEAVY_SHARE = 8
MANY_PEOPLE = 2000
BY_SHARE = 2  # times that an average share of the tier names somebody where moves are limited


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
    """People to try most: without a place, else who have moved, else with ties.

    Where moves are limited there are far more of them than trials: those with ties are named as
    often as their share of the tier says, and at least once.
    """
    unplaced = np.flatnonzero(inc.placement < 0).astype(np.int64)
    if inc.tables.unplaced[:, tier].any() and len(unplaced):
        return unplaced
    if inc.tables.moved[:, tier].any():
        away = (inc.placement != inc.tables.current) & (inc.tables.current >= 0)
        return np.flatnonzero(away).astype(np.int64)
    active = _active_people(inc.tables)
    if not inc.tables.has_move_limit:
        return active
    return _by_share(active, person_share(inc, tier)[active])


def _by_share(people: IntArray, share: NDArray[np.float64]) -> IntArray:
    """People named as often as their share says, once where nobody has any."""
    if not share.any():
        return people
    times = np.ceil(BY_SHARE * share / share.mean()).astype(np.int64)
    return np.repeat(people, np.maximum(1, times))


def _active_people(t: Tables) -> IntArray:
    """People whose placement matters to somebody else: pair terms, conflicts or classes."""
    linked = np.diff(t.pair_ptr) + np.diff(t.apart_ptr)
    return np.flatnonzero((linked > 0) & (t.fixed < 0)).astype(np.int64)
