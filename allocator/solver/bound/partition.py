r"""Semidefinite bound of a partition into few units, by the boundary point method.

With Y the matrix "in one unit", P = Y - J / k is positive semidefinite for k units. Any u, N and s
with S = C - Diag(u) - N - s J positive semidefinite, N >= 0 outside the diagonal and s >= 0 give

.. math:: \langle C, Y \rangle \ge (1 - 1/k) \sum u - \sum N / k + s \beta
    + \langle C, J \rangle / k

where N may have any sign for pairs that never share a unit, and n^2 / k + beta is the least sum of
squared sizes. Stopping early is valid: u is lowered by what S lacks.

References
----------
.. [1] Frieze, Jerrum (1997), Improved approximation algorithms for max k-cut: the relaxation.
.. [2] Povh, Rendl, Wiegele (2006), A boundary point method to solve semidefinite programs.
"""

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from allocator.model.shapes import IntArray
from allocator.solver.bound.crowds import Crowd

Floats = NDArray[np.float64]

MOST_PEOPLE = 62
ITERATIONS = 300
CHECK_EVERY = 20
BALANCE = 3.0
STEP = 1.6
MARGIN = 1e-7


def partition_bound(crowd: Crowd) -> int | None:
    """Bound of all points of a crowd; None for one unit only, or too many people."""
    n, units = len(crowd.points), crowd.n_units
    if not 2 <= n <= MOST_PEOPLE or units < 2:
        return None
    points = np.where(crowd.never, 0, crowd.points).astype(np.float64)
    np.fill_diagonal(points, 0.0)
    scale = float(np.linalg.norm(points)) / n
    if scale == 0.0:
        return 0
    method = _BoundaryPoint(points / scale, crowd, units)
    with threadpool_limits(1, user_api="blas"):  # small matrices: threads only wait for each other
        best = method.run() * scale / 2
    margin = MARGIN * (float(np.abs(points).sum()) + 1.0)
    return int(np.ceil(best - margin))


def _extra_squares(crowd: Crowd, units: int) -> float:
    """Least sum of squared sizes less n^2 / k, where blocks have too little room for equal ones."""
    if crowd.free.any() or crowd.unplaced:
        return 0.0
    n = len(crowd.points)
    room: IntArray = np.bincount(crowd.block, weights=crowd.cap, minlength=units).astype(np.int64)
    size = np.zeros(units, dtype=np.int64)
    for _ in range(min(n, int(room.sum()))):
        size[np.argmin(np.where(size < room, size, n + 1))] += 1
    return max(0.0, float((size**2).sum()) - n * n / units)


class _BoundaryPoint:
    """Alternating directions on the augmented dual."""

    def __init__(self, costs: Floats, crowd: Crowd, units: int) -> None:
        self.c, self.k = costs, units
        self.own = 1.0 - 1.0 / units
        self.never = crowd.never
        self.beta = _extra_squares(crowd, units)
        self.off = ~np.eye(len(costs), dtype=np.bool_)
        self.mu = 1.0
        self.s = 0.0

    def run(self) -> float:
        """Best valid bound of the scaled costs."""
        n = len(self.c)
        p, big_s = np.zeros((n, n)), np.zeros((n, n))
        best = -np.inf
        for number in range(ITERATIONS):
            dual, u, sign = self._dual(self.c - big_s - p / self.mu)
            values, vectors = np.linalg.eigh(dual - p / self.mu)
            low = values < 0
            negative = (vectors[:, low] * values[low]) @ vectors[:, low].T
            big_s = dual - p / self.mu - negative
            change = float(np.linalg.norm(self.mu * negative + p)) / self.mu
            p = -self.mu * negative
            if number % CHECK_EVERY == CHECK_EVERY - 1:
                best = max(best, self._value(dual, u, sign))
                self._balance(p, change)
        return float(best)

    def _dual(self, m: Floats) -> tuple[Floats, Floats, Floats]:
        """Costs less the multipliers that are best for the other half; u; N."""
        n, k, mu = len(m), self.k, self.mu
        u = np.diag(m) - self.s + self.own / mu
        sign = m - self.s - 1.0 / (k * mu)
        sign = np.where(self.never, sign, np.maximum(0.0, sign)) * self.off
        rest = m - np.diag(u) - sign
        self.s = max(0.0, float(rest.mean()) + self.beta / (mu * n * n))
        return self.c - np.diag(u) - sign - self.s, u, sign

    def _value(self, dual: Floats, u: Floats, sign: Floats) -> float:
        lack = min(0.0, float(np.linalg.eigvalsh(dual)[0]))
        total = self.own * (float(u.sum()) + len(u) * lack) - float(sign.sum()) / self.k
        return total + self.s * self.beta + float(self.c.sum()) / self.k

    def _balance(self, p: Floats, change: float) -> None:
        """Keep the errors of both sides alike."""
        outside = np.where(self.never, np.abs(p + 1 / self.k), np.maximum(0.0, -p - 1 / self.k))
        error = float(np.linalg.norm(np.diag(p) - self.own) + np.linalg.norm(outside * self.off))
        ours, theirs = error / (1 + np.linalg.norm(p)), change / (1 + np.linalg.norm(self.c))
        if ours > BALANCE * theirs:
            self.mu /= STEP
        elif theirs > BALANCE * ours:
            self.mu *= STEP
