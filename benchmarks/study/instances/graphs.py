"""Graphs in the plane: cut in equal parts, or into as many modules as they have.

What hangs together is near, so that a good placement has whole regions in wrong company, which
single people do not leave.

References
----------
.. [1] Johnson, Aragon, McGeoch and Schevon (1989), Optimization by simulated annealing: graph
   partitioning, doi 10.1287/opre.37.6.865: random geometric graphs, where annealing does worst.
.. [2] Newman and Girvan (2004), doi 10.1103/PhysRevE.69.026113: modularity, here times the square
   of twice the number of edges.

   We took the kinds; instances are drawn anew.
"""

import numpy as np

from allocator.model.flat import flat_instance, only_inside, pair_points, size_limits
from allocator.model.instance import Instance
from allocator.model.shapes import IntArray
from benchmarks.study.instances.flat import groups_of_any_size


def equal_parts(people: int, groups: int, reach: float, slack: int, seed: int) -> Instance:
    """Fewest edges between parts, each of which is within `slack` per cent of the mean."""
    edges, ones = _in_the_plane(people, reach, seed), np.ones(people, dtype=np.int64)
    low = np.full(groups, people * (100 - slack) // (100 * groups))
    high = np.full(groups, -(-people * (100 + slack) // (100 * groups)))
    limits = size_limits(ones, low, high)
    return flat_instance(ones, high, only_inside(groups), (pair_points(-edges), limits))


def modules(people: int, reach: float, seed: int) -> Instance:
    """Largest modularity: a cell for everybody, any number in a cell."""
    edges = _in_the_plane(people, reach, seed)
    degree = edges.sum(axis=1)
    points = np.outer(degree, degree) - edges.sum() * edges
    np.fill_diagonal(points, 0)
    return groups_of_any_size(points)


def _in_the_plane(people: int, reach: float, seed: int) -> IntArray:
    """1 for two people less than `reach` apart in the unit square, shape (n, n)."""
    at = np.random.default_rng(seed).random((people, 2))
    near = ((at[:, None] - at) ** 2).sum(axis=2) < reach**2
    np.fill_diagonal(near, val=False)
    edges: IntArray = near.astype(np.int64)
    return edges
