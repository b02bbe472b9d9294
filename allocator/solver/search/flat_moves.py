"""People of a flat problem change cells: lists, limits, and what everybody costs after it.

Few trials are accepted, but what is has to be told to all who have points with whoever moved, so
this decides how many are. Nothing is rounded: costs are whole numbers.
"""

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled, inlined, inner
from allocator.solver.search.flat_state import (
    APART,
    APART_COST,
    AT,
    BEST,
    CONTACT,
    DIAGONAL,
    DIRECTED,
    FIRST,
    FLOATS,
    FROM,
    GROUPS,
    HAS_APART,
    HAS_OWN,
    HOLDS,
    INSIDE,
    INTS,
    KIND,
    MEMBER,
    NOW,
    NUMBER,
    NUMBERS,
    ORDER,
    OTHER,
    OWN,
    PLACE,
    POINTS,
    SLOT,
    STANDS,
    SUMS,
    TAKEN,
    TO,
    TURNED_CONTACT,
    TURNED_POINTS,
    UNIT,
    VALUE,
    WEIGHT,
    WHO,
    Real,
    Whole,
    cost_in,
    may_move,
)
from allocator.solver.search.terms import Floats

MANY = 6  # part of all people who have points with a person, from which on all are gone through


@inlined
def _stand(q: Whole, c: int, position: int) -> None:
    """Let a cell change its position in the order with the one that stands there."""
    order, stands = q[ORDER][0], q[STANDS][0]
    other, old = order[position], stands[c]
    order[position], order[old] = c, other
    stands[c], stands[other] = position, old


@inlined
def _leave(q: Whole, f: Real, i: int) -> None:
    """Take a person out of the cell's list and its limits; PLACE still names the cell."""
    a, at, member, number = q[PLACE][0, i], q[AT][0], q[MEMBER][0], q[NUMBER][0]
    number[a] -= 1
    last = member[q[SLOT][0, a] + number[a]]
    member[at[i]], at[last] = last, at[i]
    for limit in range(q[UNIT].shape[0]):
        unit = q[UNIT][limit, a]
        if unit >= 0:
            q[HOLDS][limit, unit] -= q[WEIGHT][limit, i]
    if number[a] == 0:
        f[NUMBERS][0, TAKEN] -= 1.0
        _stand(q, a, int(f[NUMBERS][0, TAKEN]))


@inlined
def _enter(q: Whole, f: Real, i: int, b: int) -> None:
    """Put a person, who has left, into a cell."""
    at, number = q[SLOT][0, b] + q[NUMBER][0, b], q[NUMBER][0]
    q[AT][0, i], q[MEMBER][0, at], q[PLACE][0, i] = at, i, b
    number[b] += 1
    for limit in range(q[UNIT].shape[0]):
        unit = q[UNIT][limit, b]
        if unit >= 0:
            q[HOLDS][limit, unit] += q[WEIGHT][limit, i]
    if number[b] == 1:
        _stand(q, b, int(f[NUMBERS][0, TAKEN]))
        f[NUMBERS][0, TAKEN] += 1.0


@compiled("void(f8[::1], f8[::1], f8, i8[::1], i8, i8)")
def _add(row: Floats, points: Floats, times: float, other: IntArray, first: int, end: int) -> None:
    """Add a multiple of a person's points to a row, where OTHER from `first` on has them."""
    if times == 0.0:
        return
    if MANY * (end - first) > len(points):
        for j in range(len(points)):
            row[j] += points[j] * times
    else:
        for e in range(first, end):
            row[other[e]] += points[other[e]] * times


@inlined
def _tell_classes(
    q: Whole, f: Real, points: Floats, near: Floats, k: int, h: int, ends: tuple[int, int]
) -> None:
    """Bring the costs in all classes up to date for a person with these points from k to h."""
    sums, other = f[SUMS], q[OTHER][0]
    if MANY * (ends[1] - ends[0]) > len(points):
        for c in range(near.shape[0]):
            _add(sums[c], points, near[h, c] - near[k, c], other, ends[0], ends[1])
    else:
        for e in range(ends[0], ends[1]):
            j = other[e]
            for c in range(near.shape[0]):
                sums[c, j] += points[j] * (near[h, c] - near[k, c])


@inlined
def _tell(q: Whole, f: Real, i: int, a: int, b: int) -> None:
    """Bring the costs of all who have points with a person up to date, who goes from a to b."""
    k, h, near = q[KIND][0, a], q[KIND][0, b], f[CONTACT]
    points, other = f[POINTS][i], q[OTHER][0]
    first, end = q[FIRST][0, i], q[FIRST][0, i + 1]
    if k != h and f[NUMBERS][0, DIAGONAL] != 0.0:
        _add(f[SUMS][k], points, -near[k, k], other, first, end)
        _add(f[SUMS][h], points, near[h, h], other, first, end)
    elif k != h:
        _tell_classes(q, f, points, near, k, h, (first, end))
        if f[NUMBERS][0, DIRECTED] != 0.0:
            _tell_classes(q, f, f[TURNED_POINTS][i], f[TURNED_CONTACT], k, h, (first, end))
    if f[NUMBERS][0, HAS_OWN] != 0.0:
        _add(f[OWN][a], points, -f[INSIDE][0, a], other, first, end)
        _add(f[OWN][b], points, f[INSIDE][0, b], other, first, end)
        if f[NUMBERS][0, HAS_APART] != 0.0:
            _add(f[OWN][a], f[APART][i], -f[APART_COST][0, a], other, first, end)
            _add(f[OWN][b], f[APART][i], f[APART_COST][0, b], other, first, end)


@inlined
def _note(q: Whole, f: Real, movers: int) -> None:
    """What people of groups cost now who are in the cells that the first of WHO left or came to."""
    for x in range(movers):
        for c in (q[FROM][0, x], q[TO][0, x]):
            for at in range(q[SLOT][0, c], q[SLOT][0, c] + q[NUMBER][0, c]):
                j = q[MEMBER][0, at]
                f[NOW][0, j] = cost_in(q, f, j, c)


@inlined
def _move_all(q: Whole, f: Real, movers: int) -> None:
    """Let the first of WHO go to their cells in TO."""
    who, to, away = q[WHO][0], q[TO][0], q[FROM][0]
    for x in range(movers):
        away[x] = q[PLACE][0, who[x]]
        _leave(q, f, who[x])
    for x in range(movers):
        _tell(q, f, who[x], away[x], to[x])
        _enter(q, f, who[x], to[x])
    if f[NUMBERS][0, GROUPS] != 0.0:
        _note(q, f, movers)


@inner(f"b1({INTS}, {FLOATS}, i8, f8, i8[::1])")
def make(q: Whole, f: Real, movers: int, change: float, best: IntArray) -> bool:
    """Let the first of WHO go to their cells in TO if all limits allow it.

    Parameters
    ----------
    change : of the value. best : shape (n,), where the best placement so far is kept.
    """
    if not may_move(q, f, movers):
        return False
    z = f[NUMBERS][0]
    _move_all(q, f, movers)
    z[VALUE] += change
    if z[VALUE] < z[BEST] - 0.5:
        z[BEST] = z[VALUE]
        for i in range(len(best)):
            best[i] = q[PLACE][0, i]
    return True
