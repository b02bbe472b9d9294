r"""Bound of a quadratic assignment from products of choices with one another and with room.

With x_ic "person i has choice c" and y_icjd their product, any numbers alpha and beta of a pair,
and lambda and mu of at least 0, give

.. math:: Z \ge \sum_i \min_c \theta_{ic} + \sum_{i<j} \min_{c,d} \theta_{icjd} - \sum_c \mu_c Q_c

    \theta_{ic} = a_{ic} + \sum_j \alpha_{ijc} + \mu_c q_i
    - \sum_d \lambda_{icd} (Q_d - q_i [c = d])

    \theta_{icjd} = q_{icjd} - \alpha_{ijc} - \beta_{ijd} + \lambda_{icd} q_j + \lambda_{jdc} q_i

for costs a and q, places q_i and room Q_c: each x_ic times the room of each choice d, what i takes
being known. The best numbers give the linear relaxation of the first level. They are sought by a
quasi-Newton method on the same sum with soft minima, which get harder; any numbers are valid.

References
----------
.. [1] Adams, Sherali (1986), A tight linearization and an algorithm for zero-one quadratic
    programming problems.
.. [2] Pessoa, Hahn, Guignard, Zhu (2010), Algorithms for the generalized quadratic assignment
    problem combining Lagrangean decomposition and the reformulation-linearization technique.
.. [3] Nesterov (2005), Smooth minimization of non-smooth functions: the soft minima.
"""

import time
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, minimize
from scipy.sparse import csr_array
from threadpoolctl import threadpool_limits

from allocator.solver.bound.assignment import Assignment
from allocator.solver.search.terms import Floats

SOFTNESS = (0.05, 0.015)  # of the mean size of a pair's costs
ITERATIONS = 300
REMEMBERED = 10
MARGIN = 1e-7


def products_bound(
    problem: Assignment, work: float = np.inf, seconds: float | None = None
) -> int | None:
    """No assignment costs less; None where nothing is finite.

    Parameters
    ----------
    work : at most so many costs of pairs are looked at; a second is some 10**7 to 10**8.
    seconds : wall-clock time after which the numbers found so far are taken; None for no limit.
    """
    finite = np.abs(problem.pair_costs[np.isfinite(problem.pair_costs)])
    scale = float(finite.mean()) if len(finite) else 0.0
    if scale == 0.0 or np.isinf(problem.costs.min(axis=1)).any():
        return None
    if np.isinf(problem.pair_costs.min(axis=(1, 2))).any():
        return None
    dual = _Dual(problem, scale)
    iterations = int(min(ITERATIONS, work / len(SOFTNESS) / problem.pair_costs.size))
    ends = None if seconds is None else time.monotonic() + seconds
    numbers = np.zeros(dual.size)
    best = dual.value(numbers, 0.0)[0]
    with threadpool_limits(1, user_api="blas"):
        for softness in SOFTNESS:
            numbers = _climbed(dual, numbers, softness, iterations, ends)
            best = max(best, dual.value(numbers, 0.0)[0])
    total = float(finite.sum()) + float(np.abs(problem.costs[np.isfinite(problem.costs)]).sum())
    return int(np.ceil(best * scale - MARGIN * (total / len(problem.room) + 1.0)))


def _climbed(
    dual: "_Dual", numbers: Floats, softness: float, iterations: int, ends: float | None
) -> Floats:
    """Better numbers, by L-BFGS with the signs that they must have."""

    def stop(intermediate_result: object) -> None:
        if ends is not None and time.monotonic() > ends:
            raise StopIteration(intermediate_result)

    def falling(own: Floats) -> tuple[float, Floats]:
        value, slope = dual.value(own, softness)
        return -value, -slope

    found = minimize(
        falling,
        numbers,
        jac=True,
        method="L-BFGS-B",
        bounds=Bounds(np.where(np.arange(dual.size) < dual.n_free, -np.inf, 0.0), np.inf),
        callback=stop,
        options={"maxiter": iterations, "maxcor": REMEMBERED},
    )
    climbed: Floats = found.x
    return climbed


@dataclass(frozen=True, slots=True, eq=False)
class _Numbers:
    """alpha, beta : shape (E, m). by_room : lambda, shape (n, m, m). of_room : mu, shape (m,)."""

    alpha: Floats
    beta: Floats
    by_room: Floats
    of_room: Floats


class _Dual:
    """The sum as a function of all numbers, places and costs scaled to about 1."""

    def __init__(self, problem: Assignment, scale: float) -> None:
        self.n, self.m = problem.costs.shape
        self.first, self.second = problem.first, problem.second
        unit = float(problem.places.mean())
        self.q, self.room = problem.places / unit, problem.room / unit
        self.costs, self.pair_costs = problem.costs / scale, problem.pair_costs / scale
        self.left = np.broadcast_to(self.room, (self.n, self.m, self.m)).copy()
        same = np.arange(self.m)
        self.left[:, same, same] -= self.q[:, None]
        self.n_free = 2 * len(self.first) * self.m
        self.size = self.n_free + self.n * self.m**2 + self.m
        rows = np.arange(len(self.first))
        shape = (self.n, len(self.first))
        self.of_first = csr_array((np.ones(len(rows)), (self.first, rows)), shape=shape)
        self.of_second = csr_array((np.ones(len(rows)), (self.second, rows)), shape=shape)

    def value(self, numbers: Floats, softness: float) -> tuple[float, Floats]:
        """The sum with soft minima and its slope; with `softness` 0 the bound, and no slope."""
        z = self._split(numbers)
        own = self.costs + self.of_first @ z.alpha + self.of_second @ z.beta
        own += z.of_room * self.q[:, None] - (z.by_room * self.left).sum(axis=2)
        pairs = self.pair_costs - z.alpha[:, :, None] - z.beta[:, None, :]
        pairs += z.by_room[self.first] * self.q[self.second, None, None]
        pairs += z.by_room[self.second].transpose(0, 2, 1) * self.q[self.first, None, None]
        fixed = -float(z.of_room @ self.room)
        pairs = pairs.reshape(len(self.first), -1)
        if softness == 0.0:
            return fixed + float(own.min(axis=1).sum() + pairs.min(axis=1).sum()), numbers[:0]
        total, x = _soft_minima(own, softness)
        of_pairs, y = _soft_minima(pairs, softness)
        y = y.reshape(-1, self.m, self.m)
        return fixed + total + of_pairs, self._slope(x, y)

    def _split(self, numbers: Floats) -> _Numbers:
        free = numbers[: self.n_free].reshape(2, len(self.first), self.m)
        by_room = numbers[self.n_free : -self.m].reshape(self.n, self.m, self.m)
        return _Numbers(free[0], free[1], by_room, numbers[-self.m :])

    def _slope(self, x: Floats, y: Floats) -> Floats:
        """How the sum changes with each number, from how much of each minimum an entry is."""
        alpha = x[self.first] - y.sum(axis=2)
        beta = x[self.second] - y.sum(axis=1)
        weighted = (y * self.q[self.second, None, None]).reshape(len(y), -1)
        by_room = self.of_first @ weighted
        weighted = (y.transpose(0, 2, 1) * self.q[self.first, None, None]).reshape(len(y), -1)
        by_room += self.of_second @ weighted
        by_room -= (x[:, :, None] * self.left).reshape(self.n, -1)
        of_room = self.q @ x - self.room
        return np.concatenate((alpha.ravel(), beta.ravel(), by_room.ravel(), of_room))


def _soft_minima(rows: Floats, softness: float) -> tuple[float, Floats]:
    """Sum of the soft minima of rows, and how much of its minimum each entry is."""
    least = rows.min(axis=1, keepdims=True)
    part: Floats = np.exp((least - rows) / softness)
    all_parts = part.sum(axis=1, keepdims=True)
    return float((least - softness * np.log(all_parts)).sum()), part / all_parts
