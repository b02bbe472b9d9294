r"""Semidefinite bound of a partition into few units, by the boundary point method.

With Y the matrix "in one unit", P = Y - J / k is positive semidefinite for k units, and w being
places, everybody's row of Y w and the number w'Y w lie within what sizes of units allow. Any u, N,
r and s with S = C - Diag(u) - N - (r w' + w r') / 2 - s w w' positive semidefinite and N >= 0
outside the diagonal give

.. math:: \langle C, Y \rangle \ge (1 - 1/k) \sum u - \sum N / k + \sum_i \min_{a_i \le x \le b_i}
    r_i x + \min_{\alpha \le x \le \beta} s x + \langle C, J \rangle / k

where N may have any sign for pairs that never share a unit, and a, b, alpha and beta are those
limits for P. Stopping early is valid: what S lacks is paid for entry by entry, P being between
-1 / k and 1 - 1 / k.

References
----------
.. [1] Frieze, Jerrum (1997), Improved approximation algorithms for max k-cut: the relaxation.
.. [2] Povh, Rendl, Wiegele (2006), A boundary point method to solve semidefinite programs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from allocator.solver.bound.crowds import Crowd
from allocator.solver.bound.sizes import least_squares, most_squares
from allocator.solver.search.terms import Floats

ITERATIONS = 300
CHECK_EVERY = 20
FAIR_TRIAL = 40  # iterations before the other half tells how far the bound can come
RISES = 4  # like the last one, at most, between two checks
ENOUGH = 2e-5
BALANCE = 3.0
STEP = 1.6
MARGIN = 1e-7


def partition_bound(
    crowd: Crowd, known: int | None = None, iterations: int = ITERATIONS
) -> int | None:
    """Bound of all points of a crowd; None for fewer than two units or people.

    Parameters
    ----------
    known : another bound; nothing more is done when this one is not likely to be better.
    iterations : at most so many, each a few times the cube of the people.
    """
    n, units = len(crowd.points), crowd.n_units
    if n < 2 or units < 2:
        return None
    points = np.where(crowd.never, 0, crowd.points).astype(np.float64)
    np.fill_diagonal(points, 0.0)
    scale = float(np.linalg.norm(points)) / n
    if scale == 0.0:
        return 0
    method = _BoundaryPoint(points / scale, crowd.never, _limits_of(crowd))
    with threadpool_limits(1, user_api="blas"):  # small matrices: threads only wait for each other
        wanted = -np.inf if known is None else 2 * known / scale
        best = method.run(wanted, iterations) * scale / 2
    margin = MARGIN * (float(np.abs(points).sum()) + 1.0)
    return int(np.ceil(best - margin))


@dataclass(frozen=True, slots=True, eq=False)
class _Limits:
    """What sizes of units allow of P.

    Parameters
    ----------
    units : k, most units. places : shape (n,), w. low, high : shape (n,), of P w.
    squares : least and most of w'P w.
    """

    units: int
    places: Floats
    low: Floats
    high: Floats
    squares: tuple[float, float]


def _limits_of(crowd: Crowd) -> _Limits:
    """Whoever may be alone in a spare cell or without a place is a unit of that size."""
    w = crowd.places
    total, units = int(w.sum()), crowd.n_units
    low = np.where(crowd.may, crowd.sizes.low[None, :], total).min(axis=1, initial=total)
    high = np.where(crowd.may, crowd.sizes.high[None, :], 0).max(axis=1, initial=0)
    alone = crowd.free | (crowd.unplaced > 0)
    low, high = np.where(alone, w, np.maximum(low, w)), np.maximum(w, np.minimum(high, total))
    least, most = 0.0, np.inf
    if not alone.any():
        even = total**2 / units
        least = max(0.0, least_squares(crowd.sizes, total) - even)
        most = most_squares(crowd.sizes, total) - even
    part = total / units
    return _Limits(units, w.astype(np.float64), low - part, high - part, (least, max(least, most)))


class _BoundaryPoint:
    """Alternating directions on the augmented dual."""

    def __init__(self, costs: Floats, never: NDArray[np.bool_], limits: _Limits) -> None:
        self.c, self.k, self.never = costs, limits.units, never
        self.limits, self.w = limits, limits.places
        self.size = float(self.w @ self.w)
        self.square = np.outer(self.w, self.w)
        self.twice = np.concatenate((self.w, self.w))
        self.signed = np.concatenate((-self.w, self.w))
        self.own = 1.0 - 1.0 / self.k
        self.off = ~np.eye(len(costs), dtype=np.bool_)
        self.mu = 1.0
        self.r, self.s = np.zeros(len(costs)), 0.0
        self.sign = np.zeros_like(costs)

    def run(self, wanted: float, iterations: int) -> float:
        """Best valid bound of the scaled costs; it stops when `wanted` is out of reach."""
        n = len(self.c)
        p, big_s = np.zeros((n, n)), np.zeros((n, n))
        best, before = -np.inf, np.inf
        for number in range(1, iterations + 1):
            dual, u = self._dual(self.c - big_s - p / self.mu)
            negative = _negative_part(dual - p / self.mu)
            big_s = dual - p / self.mu - negative
            change = float(np.linalg.norm(self.mu * negative + p)) / self.mu
            p = -self.mu * negative
            if number % CHECK_EVERY == 0 or number == iterations:
                best = max(best, self._value(dual, u))
                reach = float((self.c * (p + 1 / self.k)).sum())
                error = self._balance(p, change)
                done = error < ENOUGH and abs(reach - best) < ENOUGH * abs(best)
                in_vain = reach + RISES * max(0.0, reach - before) < wanted
                if done or (number >= FAIR_TRIAL and in_vain):
                    break
                before = reach
        return float(best)

    def _dual(self, m: Floats) -> tuple[Floats, Floats]:
        """Costs less the multipliers, each the best for what the others and S are; u."""
        k, mu = self.k, self.mu
        sizes = self._rows() + self.s * self.square
        u = np.diag(m) - np.diag(sizes) + self.own / mu
        sign = m - sizes - 1.0 / (k * mu)
        self.sign = np.where(self.never, sign, np.maximum(0.0, sign)) * self.off
        rest = m - np.diag(u) - self.sign
        self._set_rows(rest - self.s * self.square)
        rows = self._rows()
        self.s = self._scalar(float(self.w @ (rest - rows) @ self.w))
        return self.c - np.diag(u) - self.sign - rows - self.s * self.square, u

    def _rows(self) -> Floats:
        half = np.outer(self.r, self.w) / 2
        rows: Floats = half + half.T
        return rows

    def _set_rows(self, rest: Floats) -> None:
        """The best r for what the others and S are.

        With R = r w it is max(low - w R, 0) + min(high - w R, 0) over w'w, so that R is where a sum
        of lines meets it that changes at low / w and at high / w only.
        """
        product = rest @ self.w
        low = 2 * (product + self.limits.low / self.mu)
        high = 2 * (product + self.limits.high / self.mu)
        sides = np.concatenate((low, high))
        order = np.argsort(sides / self.twice)
        sides, twice, signed = sides[order], self.twice[order], self.signed[order]
        height = float(low @ self.w) + np.concatenate(([0.0], np.cumsum(signed * sides)))
        slope = 2 * self.size + np.concatenate(([0.0], np.cumsum(signed * twice)))
        line = np.count_nonzero(height[:-1] > slope[:-1] * (sides / twice))
        total = height[line] / slope[line]
        r = np.maximum(low - self.w * total, 0.0) + np.minimum(high - self.w * total, 0.0)
        self.r = r / self.size

    def _scalar(self, product: float) -> float:
        least, most = self.limits.squares
        low = (product + least / self.mu) / self.size**2
        if low > 0 or np.isinf(most):
            return max(0.0, low)
        return min(0.0, (product + most / self.mu) / self.size**2)

    def _value(self, dual: Floats, u: Floats) -> float:
        limits, (least, most) = self.limits, self.limits.squares
        if least == most == 0.0:  # s is free and w'P w = 0: nothing is lacking along w
            along = dual @ self.w / self.size
            dual = dual - np.outer(along, self.w) - np.outer(self.w, along)
            dual = dual + self.square * (float(self.w @ along) / self.size)
        lack = _negative_part(dual)
        paid = np.where(self.never, -lack / self.k, np.minimum(self.own * lack, -lack / self.k))
        np.fill_diagonal(paid, self.own * np.diag(lack))
        total = self.own * float(u.sum()) + float(paid.sum()) - float(self.sign.sum()) / self.k
        total += float(np.where(self.r > 0, limits.low, limits.high) @ self.r)
        total += self.s * least if self.s > 0 else self.s * most if self.s < 0 else 0.0
        return total + float(self.c.sum()) / self.k

    def _balance(self, p: Floats, change: float) -> float:
        """Keep the errors of both sides alike; the larger one."""
        outside = np.where(self.never, np.abs(p + 1 / self.k), np.maximum(0.0, -p - 1 / self.k))
        rows = p @ self.w
        over = np.maximum(self.limits.low - rows, rows - self.limits.high)
        error = float(np.linalg.norm(np.diag(p) - self.own) + np.linalg.norm(outside * self.off))
        error += float(np.linalg.norm(np.maximum(0.0, over))) / self.size**0.5
        ours, theirs = error / (1 + np.linalg.norm(p)), change / (1 + np.linalg.norm(self.c))
        if ours > BALANCE * theirs:
            self.mu /= STEP
        elif theirs > BALANCE * ours:
            self.mu *= STEP
        return float(max(ours, theirs))


def _negative_part(matrix: Floats) -> Floats:
    """What a symmetric matrix lacks of being positive semidefinite, itself negative."""
    values, vectors = np.linalg.eigh(matrix)
    low = values < 0
    part: Floats = (vectors[:, low] * values[low]) @ vectors[:, low].T
    return part
