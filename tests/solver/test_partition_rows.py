"""The semidefinite bound's multipliers of rows are the best ones for what the others are."""

import numpy as np
import pytest
from numpy.typing import NDArray

from allocator.solver.bound.partition import _BoundaryPoint, _Limits


@pytest.mark.parametrize("seed", range(20))
def test_rows_of_a_partition_are_where_halving_finds_them(seed: int) -> None:
    """The sum of r w that belongs to r is the one where it meets itself: found by halving here."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 30))
    w = rng.integers(1, 4, n).astype(np.float64)
    low, high = np.sort(rng.normal(0.0, 5.0, (2, n)), axis=0)
    costs = rng.normal(size=(n, n))
    never = np.zeros((n, n), dtype=np.bool_)
    one = _BoundaryPoint(costs + costs.T, never, _Limits(4, w, low, high, (0.0, np.inf)))
    one.mu = float(np.exp(rng.normal()))
    rest = rng.normal(size=(n, n)) * 10.0 ** rng.integers(-3, 4)
    one._set_rows(rest)
    below, above = (2 * (rest @ w + side / one.mu) for side in (low, high))
    least, most = -1e9, 1e9

    def of(total: float) -> NDArray[np.float64]:
        both = np.maximum(below - w * total, 0.0) + np.minimum(above - w * total, 0.0)
        return np.asarray(both / (w @ w))

    for _ in range(200):
        total = (least + most) / 2
        least, most = (total, most) if w @ of(total) > total else (least, total)
    r = of(least)
    assert one.r == pytest.approx(r, rel=1e-9, abs=1e-9 * float(np.abs(r).max()))
