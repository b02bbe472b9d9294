"""Bound of a tier's pair terms without a move budget, layer by layer and crowd by crowd."""

import numpy as np

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.cliques import clique_bound
from allocator.solver.bound.company import company_bound
from allocator.solver.bound.crowds import Crowd, crowds_of
from allocator.solver.bound.home import most_unplaced
from allocator.solver.bound.layers import layers_of
from allocator.solver.bound.least import least_pairs
from allocator.solver.bound.mates import support_bound
from allocator.solver.bound.partition import partition_bound
from allocator.solver.tables import Tables

MOST_PEOPLE = 1_600


def pairs_bound(t: Tables, tier: int, slack: IntArray) -> int:
    """No placement within the caps has less of a tier's pair terms than this.

    Parameters
    ----------
    slack : shape (K,), caps of the earlier tiers less the least of their terms.
    """
    here = t.pair_tier == tier
    total = 0
    for level in np.unique(t.pair_level[here]).tolist():
        rows = here & (t.pair_level == level)
        found = _level(t, rows, level, tier, slack)
        total += least_pairs(t, np.flatnonzero(rows)) if found is None else found
    return max(total, least_pairs(t, np.flatnonzero(here)))


def _level(t: Tables, rows: BoolArray, level: int, tier: int, slack: IntArray) -> int | None:
    """Bound of the terms of a level, None where contact does not nest or there are too many."""
    n = len(t.places)
    layers = layers_of(t, level)
    if n > MOST_PEOPLE or layers is None or t.pair_in[rows].any():
        return None
    points = contact_points(t, rows)
    unplaced = min(n, most_unplaced(t, tier, slack))
    total = 0
    for layer in layers:
        crowds = crowds_of(t, layer.inner, points, tier, slack, unplaced)
        if layer.is_exact:
            total += layer.step * sum(crowd_bound(crowd) for crowd in crowds)
            continue
        outer = crowds_of(t, layer.outer, points, tier, slack, unplaced)
        total += layer.step * sum(positive_bound(crowd) for crowd in crowds)
        total += layer.step * sum(support_bound(crowd) for crowd in outer)
    return total


def contact_points(t: Tables, rows: BoolArray) -> IntArray:
    """Points of symmetric pair terms, shape (n, n)."""
    n = len(t.places)
    person = np.repeat(np.arange(n), np.diff(t.pair_ptr))
    points = np.zeros((n, n), dtype=np.int64)
    points[person[rows], t.pair_other[rows]] = t.pair_out[rows]
    return points


def crowd_bound(crowd: Crowd) -> int:
    """The best bound of a crowd's points."""
    positive = positive_bound(crowd)
    best = positive + support_bound(crowd, whole=positive == 0)
    if positive == 0 or crowd.n_units == 1 or crowd.n_units >= len(crowd.points):
        return best
    partition = partition_bound(crowd)
    return best if partition is None else max(best, partition)


def positive_bound(crowd: Crowd) -> int:
    """The best bound of a crowd's positive points."""
    if not np.any(crowd.points > 0):
        return 0
    company = company_bound(crowd)
    return company if crowd.n_units == 1 else max(company, clique_bound(crowd))
