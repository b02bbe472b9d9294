"""Prices of the rows of a relaxation, and what choices cost with them: a bound, and which to keep.

Subgradient steps find prices from which a linear programme needs few of the choices; those that its
dual values price below their person's are added until there are none. Whole numbers then make the
bound exact.

References
----------
.. [1] Held, Wolfe and Crowder (1974), Validation of subgradient optimization: the step lengths.
.. [2] Fisher (1981), The Lagrangian relaxation method: any prices give a bound, so that rounding
   and an early end cost quality and never validity.
"""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.linear.choices import Choices, Rows

STEPS, PATIENCE = 200, 8
CHEAPEST = 6  # choices of each person with which the programme begins
ROUNDS = 12
LARGEST = 2**60
FINEST = 2**20
ROUNDING = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """The relaxation with prices.

    Parameters
    ----------
    bound : lower bound of the sum of the choices' costs.
    above : shape (L,), how much any solution with a choice is above `exact`, in parts of `scale`.
    exact : the bound in parts of `scale`.
    x : shape (L,), how much of each choice the programme takes; 0 where it was not solved.
    """

    bound: int
    above: IntArray
    exact: int
    scale: int
    x: np.ndarray

    def may_reach(self, value: int) -> BoolArray:
        """Choices, shape (L,), of which some solution may cost at most `value`."""
        return self.above <= value * self.scale - self.exact


def price(choices: Choices, cost: IntArray, rows: Rows, known: IntArray, seconds: float) -> Priced:
    """Prices by subgradient steps and a linear programme over some of the choices.

    Parameters
    ----------
    cost : shape (L,). known : the choices of a placement, from which the steps take their length.
    seconds : no linear programme is begun later.
    """
    ends = time.monotonic() + seconds
    weights = _steps(choices, cost, rows, float(cost[known].sum()))
    left = cost + rows.matrix.T @ weights
    used = np.union1d(np.flatnonzero(choices.cheapest(left, CHEAPEST)), known)
    x = np.zeros(len(cost))
    for _ in range(ROUNDS):
        found = _programme(choices, cost, rows, used, max(0.1, ends - time.monotonic()))
        if found is None:
            break
        x[:] = 0.0
        x[used], person_price, weights = found
        left = cost + rows.matrix.T @ weights - person_price[choices.person]
        short = np.flatnonzero(left < -ROUNDING * (1 + np.abs(cost).max(initial=0)))
        new = np.setdiff1d(short, used)
        if not len(new) or time.monotonic() > ends:
            break
        used = np.union1d(used, new)
    return _exact(choices, cost, rows, weights, x)


def _steps(choices: Choices, cost: IntArray, rows: Rows, target: float) -> np.ndarray:
    """Prices of the rows, shape (R,), at least 0."""
    size = np.maximum(1, abs(rows.matrix).max(axis=1).toarray().reshape(-1))
    matrix, most = rows.matrix.multiply(1.0 / size[:, None]).tocsr(), rows.most / size
    turned = matrix.T.tocsr()
    prices = np.zeros(len(size))
    best, found, theta, fruitless = -np.inf, prices, 1.0, 0
    for _ in range(STEPS if len(size) else 0):
        left = cost + turned @ prices
        chosen = _first_least(choices, left)
        value = float(left[chosen].sum() - prices @ most)
        fruitless = 0 if value > best else fruitless + 1
        if value > best:
            best, found = value, prices
        elif fruitless % PATIENCE == 0:
            theta /= 2
        x = np.zeros(len(cost))
        x[chosen] = 1.0
        over = matrix @ x - most
        over[(over < 0) & (prices <= 0)] = 0.0
        norm = float(over @ over)
        if norm == 0.0 or target <= value:
            break
        prices = np.maximum(0.0, prices + theta * (target - value) / norm * over)
    weights: np.ndarray = found / size
    return weights


def _first_least(choices: Choices, left: np.ndarray) -> IntArray:
    """Each person's first choice with the least of `left`, shape (n,)."""
    least = np.minimum.reduceat(left, choices.first)
    at = np.flatnonzero(left == least[choices.person])
    return at[np.flatnonzero(np.diff(choices.person[at], prepend=-1))]


def _programme(
    choices: Choices, cost: IntArray, rows: Rows, used: IntArray, seconds: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Solution over some choices, prices of people and of rows; None where it was not solved."""
    n, person = len(choices.first), choices.person[used]
    one: Any = coo_array((np.ones(len(used)), (person, np.arange(len(used)))), shape=(n, len(used)))
    limits: Any = rows.matrix[:, used]
    found: Any = linprog(
        cost[used].astype(np.float64),
        A_ub=limits.astype(np.float64) if len(rows.most) else None,
        b_ub=rows.most.astype(np.float64) if len(rows.most) else None,
        A_eq=one.tocsr(),
        b_eq=np.ones(n),
        method="highs-ds",
        options={"time_limit": seconds},
    )
    if found.status != 0:
        return None
    weights = -np.asarray(found.ineqlin.marginals) if len(rows.most) else np.zeros(0)
    return found.x, found.eqlin.marginals, np.maximum(0.0, weights)


def _exact(
    choices: Choices, cost: IntArray, rows: Rows, weights: np.ndarray, x: np.ndarray
) -> Priced:
    """The bound and what is above it in whole numbers."""
    n, size = len(choices.first), abs(rows.matrix)
    largest = n * (np.abs(cost).max(initial=0) + (size.T @ weights).max(initial=0.0) + 1)
    largest += float(np.abs(rows.most) @ weights)
    scale = max(1, int(min(FINEST, LARGEST / max(1.0, largest))))
    prices = np.rint(weights * scale).astype(np.int64)
    left = cost * scale + rows.matrix.T @ prices
    above = choices.above_least(left)
    exact = int((left - above)[choices.first].sum()) - int(prices @ rows.most)
    return Priced(-(-exact // scale), above, exact, scale, x)
