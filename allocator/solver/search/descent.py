"""Search over the classes of a few heavy people, everybody else being priced by a bound.

A price for each group of cells gives a bound from below on what placing the light people costs:
each takes the cheapest group, and room is paid for. Prices rise where room is short. A change that
cannot be for the better is given up as soon as the bound says so, mostly at once.

References
----------
.. [1] Held, Wolfe and Crowder (1974), Validation of subgradient optimization, doi
   10.1007/BF01580223: steps by the distance to a target, which here is the best value so far.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from allocator.model.shapes import IntArray
from allocator.solver.packed import compiled, inlined
from allocator.solver.search.state import draw, draw_unit
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

# Passes for a first value, for a look at a change, and to settle the value of one that is made.
FULL_PASSES, LOOK_PASSES, SETTLING_PASSES = 60, 15, 6
RISE, SMALL_RISE = 0.02, 0.003  # of a bound, by which it is thought too low without a target
HOT, COLD = 0.006, 0.0002  # first and last heat, of the value
STEPS = 60  # changes for each heavy person while it cools; then only what is better is made
STALLED = 2  # times as many draws as there are changes, none for the better, end a search
MOST_PASSES = 20_000
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


@compiled(f"void({INTS}, {FLOATS}, i8, i8)", allocates=True)
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


@compiled(f"f8({INTS}, {FLOATS}, f8, f8, i8, i8[::1])", allocates=True)
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


@inlined
def _cost_of_heavy(q: Whole, f: Real) -> float:
    """What heavy people cost with one another and with those who stay."""
    at, kind, total = q[AT][0], q[KIND][0], 0.0
    for h in range(len(at)):
        total += f[STAYING][h, kind[at[h]]]
        for g in range(h):
            total += f[AMONG][h, g] * f[CONTACT][kind[at[h]], kind[at[g]]]
    return total


@inlined
def _holds(q: Whole, f: Real) -> bool:
    """True where no group of cells and no unit holds too much."""
    at, room = q[AT][0], f[ROOM][0]
    for b in range(len(room)):
        if room[b] < 0.0:
            return False
    for d in range(q[UNIT].shape[0]):
        for h in range(len(at)):
            u, holds = q[UNIT][d, at[h]], 0
            if q[COUNT][d, h] == 0 or u < 0:
                continue
            for g in range(len(at)):
                if q[UNIT][d, at[g]] == u:
                    holds += q[COUNT][d, g]
            if holds > q[HIGH][d, u]:
                return False
    return True


@inlined
def _put(q: Whole, f: Real, h: int, b: int) -> None:
    """Heavy person h goes to group b; costs of light people are not brought up to date."""
    f[ROOM][0, q[AT][0, h]] += f[WEIGHT][0, h]
    f[ROOM][0, b] -= f[WEIGHT][0, h]
    q[AT][0, h] = b


@compiled(f"void({INTS}, {FLOATS}, i8, i8, i8)", allocates=True)
def _tell(q: Whole, f: Real, h: int, a: int, b: int) -> None:
    """Bring the costs of light people up to date, h having gone from group a (-1: none) to b."""
    near, points = f[CONTACT], f[POINTS][h]
    for c in range(len(near)):
        times = near[c, q[KIND][0, b]] - (near[c, q[KIND][0, a]] if a >= 0 else 0.0)
        if times != 0.0:
            cost = f[COST][c]
            for i in range(len(cost)):
                cost[i] += points[i] * times


@compiled(f"void({INTS}, {FLOATS}, i8, i8)", allocates=True)
def _exchange(q: Whole, f: Real, h: int, g: int) -> None:
    """Two heavy people exchange groups, with costs."""
    a, b = q[AT][0, h], q[AT][0, g]
    _put(q, f, h, b)
    _put(q, f, g, a)
    _tell(q, f, h, a, b)
    _tell(q, f, g, b, a)


@compiled(f"void({INTS}, {FLOATS}, i8, i8)", allocates=True)
def _relocate(q: Whole, f: Real, h: int, b: int) -> None:
    """A heavy person goes to a group, with costs."""
    a = q[AT][0, h]
    _put(q, f, h, b)
    _tell(q, f, h, a, b)


@compiled(f"b1({INTS}, {FLOATS}, i8[::1], i8[::1])", allocates=True)
def _change(q: Whole, f: Real, s: IntArray, change: IntArray) -> bool:
    """Make a lawful relocation or exchange; False where what was drawn is none.

    Parameters
    ----------
    change : who, with whom (-1: nobody), and from which group of cells.
    """
    at, kind = q[AT][0], q[KIND][0]
    h, g, b = draw(s, len(at)), -1, draw(s, len(kind))
    a = at[h]
    if draw(s, 2) == 0:
        g = draw(s, len(at))
        b = at[g]
    if kind[a] == kind[b] or q[MAY][h, b] == 0 or (g >= 0 and q[MAY][g, a] == 0):
        return False
    _put(q, f, h, b)
    if g >= 0:
        _put(q, f, g, a)
    lawful = _holds(q, f)
    _put(q, f, h, a)
    if g >= 0:
        _put(q, f, g, b)
    if lawful and g >= 0:
        _exchange(q, f, h, g)
    elif lawful:
        _relocate(q, f, h, b)
    change[0], change[1], change[2] = h, g, a
    return lawful


@inlined
def _undo(q: Whole, f: Real, change: IntArray) -> None:
    """Take a change back."""
    if change[1] >= 0:
        _exchange(q, f, change[0], change[1])
    else:
        _relocate(q, f, change[0], change[2])


@compiled(f"f8({INTS}, {FLOATS}, f8, i8[::1])", allocates=True)
def _look(q: Whole, f: Real, value: float, passes: IntArray) -> float:
    """What the classes are worth, in full only if that may be less than a value."""
    own = _cost_of_heavy(q, f)
    now = own + raise_bound(q, f, value - own, 0.0, LOOK_PASSES, passes)
    if now < value - ENOUGH:
        now = own + raise_bound(q, f, ANY, SMALL_RISE, SETTLING_PASSES, passes)
    return now


@compiled(f"f8({INTS}, {FLOATS}, i8[::1], i8)", allocates=True)
def descend(q: Whole, f: Real, s: IntArray, shakes: int) -> float:
    """Relocate and exchange heavy people, cooling from little heat to none; AT is changed.

    Parameters
    ----------
    s : a state, for its random numbers. shakes : random changes that are tried before.

    Returns
    -------
    What the heavy people's classes are worth: a bound from below that is nearly met.
    """
    passes, change = np.zeros(1, dtype=np.int64), np.zeros(3, dtype=np.int64)
    f[COST][:] = 0.0
    for h in range(q[AT].shape[1]):
        _tell(q, f, h, -1, q[AT][0, h])
    for _ in range(shakes):
        _change(q, f, s, change)
    value = _cost_of_heavy(q, f) + raise_bound(q, f, ANY, RISE, FULL_PASSES, passes)
    prices, fails = f[PRICE][0].copy(), 0
    heat, cooling = HOT * abs(value), (COLD / HOT) ** (1.0 / (STEPS * q[AT].shape[1]))
    while fails < STALLED * q[MAY].size and passes[0] < MOST_PASSES:
        fails += 1
        if not _change(q, f, s, change):
            continue
        heat *= cooling
        hot = heat > COLD * abs(value)
        bar = -heat * np.log(1.0 - draw_unit(s)) if hot else 0.0
        now = _look(q, f, value + bar, passes)
        if now < value + bar - ENOUGH:
            value = now
            fails = 0
            prices[:] = f[PRICE][0]
        else:
            f[PRICE][0][:] = prices
            _undo(q, f, change)
    return value
