"""Search over the classes of a few heavy people, everybody else being priced by a bound.

A change that cannot be for the better is given up as soon as the bound says so, mostly at once.
"""

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled, inlined, inner
from allocator.solver.search.room_prices import (
    AMONG,
    ANY,
    AT,
    CONTACT,
    COST,
    COUNT,
    ENOUGH,
    FLOATS,
    HIGH,
    INTS,
    KIND,
    MAY,
    POINTS,
    PRICE,
    ROOM,
    STAYING,
    UNIT,
    WEIGHT,
    Real,
    Whole,
    raise_bound,
)
from allocator.solver.search.state import draw, draw_unit

# Passes for a first value, for a look at a change, and to settle the value of one that is made.
FULL_PASSES, LOOK_PASSES, SETTLING_PASSES = 60, 15, 6
RISE, SMALL_RISE = 0.02, 0.003  # of a bound, by which it is thought too low without a target
HOT, COLD = 0.006, 0.0002  # first and last heat, of the value
STEPS = 60  # changes for each heavy person while it cools; then only what is better is made
STALLED = 2  # times as many draws as there are changes, none for the better, end a search
MOST_PASSES = 20_000


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


@inner(f"void({INTS}, {FLOATS}, i8, i8, i8)", allocates=True)
def _tell(q: Whole, f: Real, h: int, a: int, b: int) -> None:
    """Bring the costs of light people up to date, h having gone from group a (-1: none) to b."""
    near, points = f[CONTACT], f[POINTS][h]
    for c in range(len(near)):
        times = near[c, q[KIND][0, b]] - (near[c, q[KIND][0, a]] if a >= 0 else 0.0)
        if times != 0.0:
            cost = f[COST][c]
            for i in range(len(cost)):
                cost[i] += points[i] * times


@inlined
def _tell_of_change(q: Whole, f: Real, h: int, g: int, a: int, b: int) -> None:
    """As `_tell`, h having gone from group a to b and g (-1: nobody) the other way."""
    _tell(q, f, h, a, b)
    if g >= 0:
        _tell(q, f, g, b, a)


@inner(f"b1({INTS}, {FLOATS}, i8[::1], i8[::1])", allocates=True)
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
    change[0], change[1], change[2] = h, g, a
    _put(q, f, h, b)
    if g >= 0:
        _put(q, f, g, a)
    if _holds(q, f):
        _tell_of_change(q, f, h, g, a, b)
        return True
    _put(q, f, h, a)
    if g >= 0:
        _put(q, f, g, b)
    return False


@inner(f"void({INTS}, {FLOATS}, i8[::1])", allocates=True)
def _undo(q: Whole, f: Real, change: IntArray) -> None:
    """Take a change back."""
    h, g, a = change[0], change[1], change[2]
    b = q[AT][0, h]
    _put(q, f, h, a)
    if g >= 0:
        _put(q, f, g, b)
    _tell_of_change(q, f, h, g, b, a)


@inner(f"f8({INTS}, {FLOATS}, f8, i8[::1])", allocates=True)
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
