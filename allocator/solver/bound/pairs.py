"""Bound of a tier's pair terms without a move budget, layer by layer and crowd by crowd."""

from dataclasses import replace

import numpy as np

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.cliques import clique_bound
from allocator.solver.bound.company import company_bound
from allocator.solver.bound.crowds import Crowd, crowds_of
from allocator.solver.bound.home import most_unplaced
from allocator.solver.bound.layers import layers_of
from allocator.solver.bound.least import least_pairs
from allocator.solver.bound.mates import support_bound
from allocator.solver.bound.partition import FAIR_TRIAL, ITERATIONS, partition_bound
from allocator.solver.tables import Tables

MOST_PEOPLE = 1_600
FEW_PEOPLE = 62


def pairs_bound(t: Tables, tier: int, slack: IntArray, cubes: float = 0.0) -> int:
    """No placement within the caps has less of a tier's pair terms than this.

    Parameters
    ----------
    slack : shape (K,), caps of the earlier tiers less the least of their terms.
    cubes : work for semidefinite bounds of many people, in cubes of people times iterations; at
        least a third of a second for 10**9. Few people get theirs anyway.
    """
    here = t.pair_tier == tier
    total = 0
    for level in np.unique(t.pair_level[here]).tolist():
        rows = here & (t.pair_level == level)
        parts = _parts(t, rows, level, tier, slack)
        if parts is None:
            total += least_pairs(t, np.flatnonzero(rows))
            continue
        many = [len(part.points) for _, part in parts if len(part.points) > FEW_PEOPLE]
        iterations = int(cubes / max(1, sum(size**3 for size in many)))
        if iterations < FAIR_TRIAL * len(many):  # layers of large prisons, which converge slowly
            iterations = 0
        total += sum(step * crowd_bound(part, iterations) for step, part in parts)
    return max(total, least_pairs(t, np.flatnonzero(here)))


def _parts(
    t: Tables, rows: BoolArray, level: int, tier: int, slack: IntArray
) -> list[tuple[int, Crowd]] | None:
    """Crowds of the layers of a level with their steps; where contact does not nest, by sign.

    None where there are too many people or no layers.
    """
    n = len(t.places)
    layers = layers_of(t, level)
    if n > MOST_PEOPLE or layers is None or t.pair_in[rows].any():
        return None
    points = contact_points(t, rows)
    unplaced = min(n, most_unplaced(t, tier, slack))
    parts: list[tuple[int, Crowd]] = []
    for layer in layers:
        crowds = crowds_of(t, layer.inner, points, tier, slack, unplaced)
        if layer.is_exact:
            parts += [(layer.step, crowd) for crowd in crowds]
            continue
        outer = crowds_of(t, layer.outer, points, tier, slack, unplaced)
        for crowd in crowds:
            parts.append((layer.step, replace(crowd, points=np.maximum(crowd.points, 0))))
        for crowd in outer:
            parts.append((layer.step, replace(crowd, points=np.minimum(crowd.points, 0))))
    return parts


def contact_points(t: Tables, rows: BoolArray, of: IntArray | None = None) -> IntArray:
    """A column of pair terms by person and other, shape (n, n); the points of symmetric ones."""
    n = len(t.places)
    person = np.repeat(np.arange(n), np.diff(t.pair_ptr))
    points = np.zeros((n, n), dtype=np.int64)
    points[person[rows], t.pair_other[rows]] = (t.pair_out if of is None else of)[rows]
    return points


def crowd_bound(crowd: Crowd, iterations: int = 0) -> int:
    """The best bound of a crowd's points; `iterations` of the semidefinite one for many people."""
    positive = positive_bound(crowd)
    best = positive + support_bound(crowd, whole=positive == 0)
    few = len(crowd.points) <= FEW_PEOPLE
    allowed = ITERATIONS if few else min(iterations, ITERATIONS)
    in_units_of_their_own = crowd.n_units >= len(crowd.points) and not np.any(crowd.points < 0)
    if not allowed or in_units_of_their_own or not crowd.points.any():
        return best
    partition = partition_bound(crowd, None if few else best, allowed)
    return best if partition is None else max(best, partition)


def positive_bound(crowd: Crowd) -> int:
    """The best bound of a crowd's positive points."""
    if not np.any(crowd.points > 0):
        return 0
    company = company_bound(crowd)
    return company if crowd.n_units == 1 else max(company, clique_bound(crowd))
