"""A bound on what placing all but a few heavy people costs, whose places are given.

A price for each group of cells gives it: each of the others takes the cheapest group, and room is
paid for. Prices rise where room is short.

References
----------
.. [1] Held, Wolfe and Crowder (1974), Validation of subgradient optimization, doi
   10.1007/BF01580223: steps by the distance to a target, which here is the best value so far.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from allocator.model.shapes import IntArray
from allocator.solver.compiled import inlined, inner
from allocator.solver.search.terms import Floats

Whole: TypeAlias = tuple[IntArray, ...]
Real: TypeAlias = tuple[Floats, ...]

# Whole numbers, all of two dimensions. Given: class of each group of cells; where heavy people may
# be (h, b); where each row of light people starts (rows + 1), and what is open to it (rows, b);
# counted groups. Kept: the group of cells of each heavy person, which group of a class is cheapest
# for a row (rows, k), and which class for a light person.
KIND, AT, MAY, START, OPEN, UNIT, COUNT, HIGH, CHEAPEST, CHOICE = range(10)
# Floats. Given: points of heavy people with light ones (h, n), among themselves (h, h), cost with
# people who stay by class (h, k), contact (k, k), places that a row's people and that heavy ones
# take. Kept: room (b,), price of it; cost of each light person by class (k, n). Scratch: the least
# paid for room by row and class, the least cost of each light person, slopes, best prices.
(
    POINTS, AMONG, STAYING, CONTACT, TAKES, WEIGHT, ROOM, PRICE, COST, PAID, LEAST, SLOPE, BEST,
) = range(13)  # fmt: skip
INTS, FLOATS = "UniTuple(i8[:,::1], 10)", "UniTuple(f8[:,::1], 13)"

SHRINK, PATIENCE = 0.6, 3  # of steps, after so many that gained nothing
ANY = 1e300
ENOUGH = 0.5


def new_arrays(
    given: tuple[NDArray[np.generic], ...],
    limits: tuple[IntArray, IntArray, IntArray],
    points: tuple[Floats, ...],
) -> tuple[Whole, Real]:
    """Arrays for `descend`.

    Parameters
    ----------
    given : whole numbers from KIND to OPEN.
    limits : what heavy people count (d, h), units (d, b), and what these may hold (d, units).
    points : floats from POINTS to ROOM.
    """
    n, k = points[POINTS].shape[1], len(points[CONTACT])
    rows, b = len(given[OPEN]), len(given[KIND])
    weights, unit, high = limits
    whole = (*given, unit, weights, high, np.zeros((rows, k)), np.zeros(n))
    real = (
        *points, np.zeros(b), np.zeros((k, n)), np.zeros((rows, k)), np.zeros(n), np.zeros(b),
        np.zeros(b),
    )  # fmt: skip
    return (
        tuple(np.ascontiguousarray(np.atleast_2d(a), dtype=np.int64) for a in whole),
        tuple(np.ascontiguousarray(np.atleast_2d(a), dtype=np.float64) for a in real),
    )


@inlined
def _price_rows(q: Whole, f: Real) -> None:
    """The least that each row of people pays for room in each class, and in which group."""
    paid, price = f[PAID], f[PRICE][0]
    paid[:] = ANY
    for r in range(paid.shape[0]):
        for b in range(len(price)):
            asked, k = price[b] * f[TAKES][0, r], q[KIND][0, b]
            if q[OPEN][r, b] != 0 and asked < paid[r, k]:
                paid[r, k] = asked
                q[CHEAPEST][r, k] = b


@inner(f"void({INTS}, {FLOATS}, i8, i8)", allocates=True)
def _offer(q: Whole, f: Real, r: int, k: int) -> None:
    """The people of a row take a class if that is cheaper than what they have."""
    start, end, paid = q[START][0, r], q[START][0, r + 1], f[PAID][r, k]
    least, choice, cost = f[LEAST][0, start:end], q[CHOICE][0, start:end], f[COST][k, start:end]
    for i in range(len(least)):
        value = cost[i] + paid
        choice[i] = k if value < least[i] else choice[i]
        least[i] = min(value, least[i])


@inlined
def _choose(q: Whole, f: Real) -> float:
    """Everybody takes the cheapest class: what they cost; SLOPE says how much each group holds."""
    least, paid, slope = f[LEAST][0], f[PAID], f[SLOPE][0]
    least[:] = ANY
    slope[:] = 0.0
    total = 0.0
    for r in range(paid.shape[0]):
        for k in range(paid.shape[1]):
            if paid[r, k] < ANY:
                _offer(q, f, r, k)
        for i in range(q[START][0, r], q[START][0, r + 1]):
            total += least[i]
            slope[q[CHEAPEST][r, q[CHOICE][0, i]]] += f[TAKES][0, r]
    return total


@inlined
def _slopes(f: Real) -> float:
    """How much more than its room each group would hold, 0 where free room is free anyway."""
    slope, norm = f[SLOPE][0], 0.0
    for b in range(len(slope)):
        slope[b] -= f[ROOM][0, b]
        if slope[b] < 0.0 and f[PRICE][0, b] <= 0.0:
            slope[b] = 0.0
        norm += slope[b] * slope[b]
    return norm


@inner(f"f8({INTS}, {FLOATS}, f8, f8, i8, i8[::1])", allocates=True)
def raise_bound(
    q: Whole, f: Real, target: float, rise: float, most: int, passes: IntArray
) -> float:
    """Best bound on the cost of light people that so many passes find; PRICE belongs to it.

    Parameters
    ----------
    target : the bound need not be higher. rise : share of the bound by which it is thought too low
        where there is no target.
    passes : shape (1,), counts them.
    """
    price, room, kept, slope = f[PRICE][0], f[ROOM][0], f[BEST][0], f[SLOPE][0]
    best, size, bad = -ANY, 1.0, 0
    for _ in range(most):
        passes[0] += 1
        _price_rows(q, f)
        value = _choose(q, f)
        for b in range(len(price)):
            value -= price[b] * room[b]
        norm = _slopes(f)
        if value > best:
            best, bad = value, 0
            kept[:] = price
        else:
            bad += 1
        if best >= target or norm == 0.0:
            break
        if bad == PATIENCE:
            size, bad = size * SHRINK, 0
            price[:] = kept
            continue
        goal = target if target < ANY else best + rise * abs(best)
        step = size * max(goal - value, ENOUGH) / norm
        for b in range(len(price)):
            price[b] = max(0.0, price[b] + step * slope[b])
    price[:] = kept
    return best
