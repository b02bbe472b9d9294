"""Pigeonholes: of people who all have points with each other some share, if units are few.

Of c people over k units at least as many pairs share as the balanced split has inside its parts.
A clique is charged its smallest points for that many pairs; these points are taken from each of
its pairs, and what is left is packed again.

References
----------
.. [1] Turán (1941), On an extremal problem in graph theory: fewest pairs inside k parts.
"""

import numpy as np

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.crowds import Crowd

MOST_CLIQUES = 3_000
MOST_UNITS = 60
FRUITLESS = 15


def clique_bound(crowd: Crowd) -> int:
    """Bound of the positive points of a crowd; 0 or more."""
    units = crowd.n_units
    left = np.maximum(crowd.points, 0)
    if len(left) <= units or units > MOST_UNITS:
        return 0
    linked = (left > 0) | crowd.never
    np.fill_diagonal(linked, val=False)
    total = fruitless = 0
    tried = np.zeros(len(left), dtype=np.bool_)
    for _ in range(MOST_CLIQUES):
        degree = np.where(tried, -1, linked.sum(axis=1))
        start = int(np.argmax(degree))
        if degree[start] < units or fruitless == FRUITLESS:
            break
        clique = _grow(linked, left, start)
        pairs = np.ix_(clique, clique)
        real = left[pairs][(left[pairs] > 0) & ~crowd.never[pairs]]
        if len(clique) <= units or len(real) == 0:
            tried[start] = True
            fruitless += 1
            continue
        least = int(real.min())
        total += least * pairs_inside(len(clique), units)
        left[pairs] = np.maximum(0, left[pairs] - least)
        linked[pairs] = (left[pairs] > 0) | crowd.never[pairs]
        fruitless = 0
    return total


def pairs_inside(people: int, units: int) -> int:
    """Fewest pairs that share when people are spread over units."""
    each, more = divmod(people, units)
    return units * (each * (each - 1) // 2) + more * each


def _grow(linked: BoolArray, left: IntArray, start: int) -> IntArray:
    """A clique around a person: next comes who has most links to those still possible."""
    clique = [start]
    open_to = linked[start].copy()
    while open_to.any():
        inside = np.flatnonzero(open_to)
        links = linked[np.ix_(inside, inside)].sum(axis=1)
        best = inside[np.lexsort((-left[clique][:, inside].sum(axis=0), -links))[0]]
        clique.append(int(best))
        open_to &= linked[best]
    return np.sort(np.array(clique, dtype=np.int64))
