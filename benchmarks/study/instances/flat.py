"""What the families without a prison share: random matrices of points, groups of any size."""

import numpy as np

from allocator.model.flat import flat_instance, only_inside, pair_points
from allocator.model.instance import Instance
from allocator.model.shapes import IntArray


def symmetric(rng: np.random.Generator, n: int, low: int, high: int) -> IntArray:
    """A random symmetric matrix of low..high with an empty diagonal."""
    upper = np.triu(rng.integers(low, high + 1, (n, n)), 1)
    return (upper + upper.T).astype(np.int64)


def sparse(rng: np.random.Generator, n: int, share: float, values: tuple[int, int]) -> IntArray:
    """As `symmetric`, with only a share of the pairs; values are never 0."""
    points = symmetric(rng, n, *values)
    points[points == 0] = 1
    kept = np.triu(rng.random((n, n)) < share, 1)
    return np.where(kept | kept.T, points, 0).astype(np.int64)


def groups_of_any_size(points: IntArray) -> Instance:
    """A cell for everybody, any number in a cell; `points` of each pair, shape (n, n)."""
    n = len(points)
    ones = np.ones(n, dtype=np.int64)
    return flat_instance(ones, np.full(n, n), only_inside(n), (pair_points(points),))
