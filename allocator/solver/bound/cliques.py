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
from allocator.solver.compiled import compiled

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
    members = np.zeros(len(left), dtype=np.int64)
    degree = linked.sum(axis=1)
    for _ in range(MOST_CLIQUES):
        start = int(np.argmax(degree))
        if degree[start] < units or fruitless == FRUITLESS:
            break
        clique = np.sort(members[: _grow(linked, left, start, members)])
        pairs = np.ix_(clique, clique)
        real = left[pairs][(left[pairs] > 0) & ~crowd.never[pairs]]
        if len(clique) <= units or len(real) == 0:
            degree[start] = -1
            fruitless += 1
            continue
        least = int(real.min())
        total += least * pairs_inside(len(clique), units)
        left[pairs] = np.maximum(0, left[pairs] - least)
        linked[pairs] = (left[pairs] > 0) | crowd.never[pairs]
        degree[clique] = np.where(degree[clique] < 0, -1, linked[clique].sum(axis=1))
        fruitless = 0
    return total


def pairs_inside(people: int, units: int) -> int:
    """Fewest pairs that share when people are spread over units."""
    each, more = divmod(people, units)
    return units * (each * (each - 1) // 2) + more * each


@compiled("i8(b1[::1], i8[::1], i8[::1])", allocates=True)
def _next(open_to: BoolArray, links: IntArray, near: IntArray) -> int:
    """Who of those still possible has most links to the others, then most points; -1: nobody."""
    best = -1
    for i in range(len(links)):
        if open_to[i] and (best < 0 or (links[i], near[i]) > (links[best], near[best])):
            best = i
    return best


@compiled("i8(b1[:,::1], i8[:,::1], i8, i8[::1])", allocates=True)
def _grow(linked: BoolArray, left: IntArray, start: int, clique: IntArray) -> int:
    """Write a clique around a person, each time with whom most others can follow; its size."""
    n = len(linked)
    open_to, near = linked[start].copy(), left[start].copy()
    links = np.zeros(n, dtype=np.int64)
    for j in range(n):
        if open_to[j]:
            links += linked[j]
    clique[0] = start
    for size in range(1, n):
        best = _next(open_to, links, near)
        if best < 0:
            return size
        clique[size] = best
        near += left[best]
        for j in range(n):
            if open_to[j] and not linked[best, j]:
                open_to[j] = False
                links -= linked[j]
    return n
