"""Grouping problems: diverse groups, capacitated clusters, cliques, points of either sign.

References
----------
.. [1] Fan, Chen, Ma and Zeng (2011) and Gallego, Laguna, Martí and Duarte (2013): maximally diverse
   grouping with equal and unequal groups, integer points 0-100 (RanInt) and Euclidean ones (Geo).
.. [2] Deng and Bard (2011); Martínez-Gavara et al. (2017): capacitated clustering, Sparse82
   (82 nodes, 8 clusters, 25 to 75) and RanReal240 (240 nodes, 12 clusters, 75 to 125).
.. [3] Grötschel and Wakabayashi (1989), A cutting plane algorithm for a clustering problem; Brusco
   and Köhn (2009): clique partitioning, random points -100 to 100.

   We took sizes, ranges and limits; instances are drawn anew, with points in whole numbers.
"""

import numpy as np

from allocator.model.flat import flat_instance, only_inside, pair_points, size_limits
from allocator.model.instance import Instance
from allocator.model.shapes import IntArray
from benchmarks.study.instances.flat import groups_of_any_size, sparse, symmetric


def diverse_groups(
    people: int, groups: int, *, geometric: bool, unequal: bool, seed: int
) -> Instance:
    """Most points within groups; as costs, the points are negative."""
    rng = np.random.default_rng(seed)
    points = _euclidean(rng, people) if geometric else symmetric(rng, people, 0, 100)
    mean = people // groups
    spread = max(1, mean // 3) if unequal else 0
    low = mean - rng.integers(0, spread + 1, groups)
    high = mean + rng.integers(0, spread + 1, groups)
    ones = np.ones(people, dtype=np.int64)
    limits = size_limits(ones, low.astype(np.int64), high.astype(np.int64))
    return flat_instance(
        ones, high.astype(np.int64), only_inside(groups), (pair_points(-points), limits)
    )


def _euclidean(rng: np.random.Generator, n: int) -> IntArray:
    """Distances of points in 7 dimensions, coordinates 0-10, times 10 and rounded."""
    at = rng.random((n, 7)) * 10
    apart = np.sqrt(((at[:, None, :] - at[None, :, :]) ** 2).sum(axis=2))
    points: IntArray = np.rint(10 * apart).astype(np.int64)
    return points


def clusters(
    people: int, groups: int, limits: tuple[int, int], weights: int, share: float, seed: int
) -> Instance:
    """Most points within clusters whose weight is within the limits.

    `weights` : places are 1 to this. `share` : share of the pairs that have points.
    """
    rng = np.random.default_rng(seed)
    places = rng.integers(1, weights + 1, people).astype(np.int64)
    low, high = (np.full(groups, limit, dtype=np.int64) for limit in limits)
    points = sparse(rng, people, share, (1, 100))
    return flat_instance(
        places,
        high,
        only_inside(groups),
        (pair_points(-points), size_limits(places, low, high)),
    )


def signed_groups(people: int, groups: int, reach: int, seed: int) -> Instance:
    """Every pair has points of either sign; units of unequal size with lower limits."""
    rng = np.random.default_rng(seed)
    points = symmetric(rng, people, -reach, reach)
    mean = people // groups
    low = rng.integers(mean // 2, mean, groups).astype(np.int64)
    high = rng.integers(mean + 1, mean + mean // 2 + 2, groups).astype(np.int64)
    ones = np.ones(people, dtype=np.int64)
    return flat_instance(
        ones, high, only_inside(groups), (pair_points(points), size_limits(ones, low, high))
    )


def cliques(people: int, reach: int, seed: int) -> Instance:
    """Clique partitioning: points of either sign, a cell for everybody, any number in a cell."""
    return groups_of_any_size(symmetric(np.random.default_rng(seed), people, -reach, reach))


def wide_people(people: int, cells: int, seed: int) -> Instance:
    """People who need one to three places, sparse points of either sign, cells of two to seven."""
    rng = np.random.default_rng(seed)
    places = rng.choice([1, 1, 1, 2, 3], people).astype(np.int64)
    caps = rng.integers(2, 8, cells).astype(np.int64)
    while caps.sum() < 1.08 * places.sum():
        caps[int(rng.integers(cells))] += 1
    points = sparse(rng, people, 0.1, (-20, 50))
    return flat_instance(places, caps, only_inside(cells), (pair_points(points),))
