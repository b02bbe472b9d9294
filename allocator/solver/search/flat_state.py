"""A placement of a flat problem with what everybody would cost in each class of cells.

Arrays come in two tuples, whole numbers and floats, since compiled functions take few arguments.
Floats hold whole numbers under 2**53; nothing is rounded.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from allocator.model.shapes import IntArray
from allocator.solver.compiled import inlined
from allocator.solver.search.flat import Flat
from allocator.solver.search.terms import Floats

Whole: TypeAlias = tuple[IntArray, ...]
Real: TypeAlias = tuple[Floats, ...]

# Whole numbers, all of two dimensions. Given: class of each cell; people with points with somebody,
# person by person, from FIRST on; cells open to each row of people and everybody's row; limits.
# Kept: what each unit holds, everybody's cell and position in MEMBER, the people of each cell from
# SLOT on and their number, cells in an order in which those with people come first, and where each
# stands there; the cells of each class by size, and scratch for moves: who goes where from where.
(
    KIND, FIRST, OTHER, OPEN, ROW, WEIGHT, UNIT, LOW, HIGH, OR_NONE,
    HOLDS, PLACE, AT, MEMBER, SLOT, NUMBER, ORDER, STANDS, CELLS_OF, WHO, TO, FROM,
) = range(22)  # fmt: skip
# Floats. Given: points, contact, their turned parts, inside, who is kept apart and at what cost, as
# in `Flat`. Kept: cost of everybody in each class of cells, what a cell has on top, both with all
# others as they are; in groups everybody's cost where they are; numbers. Scratch, cell by cell:
# what somebody would cost more there, and what their points with somebody there change by when both
# change places. Luck: draws from the exponential distribution.
(
    POINTS, CONTACT, TURNED_POINTS, TURNED_CONTACT, INSIDE, APART, APART_COST,
    SUMS, OWN, NOW, NUMBERS, THERE, CROSS, LUCK,
) = range(14)  # fmt: skip
# Numbers: value and best value against the start, heat, kinds of empty cells, how many cells have
# people and may have, 1 where classes have no contact with each other, where each has one cell
# besides (groups), where OWN is kept, where people are kept apart, where all cells are open to all,
# where contact has a direction; the cell that means having none, -1 where there is no such one.
(
    VALUE, BEST, HEAT, KINDS, TAKEN, MOST, DIAGONAL, GROUPS, HAS_OWN, HAS_APART, ALL_OPEN, DIRECTED,
    OUTSIDE,
) = range(13)  # fmt: skip
N_NUMBERS = 13
DRAWS = 8192  # of luck, from each of which on a row of cells or people may begin
NEVER = 1e18  # more than anything costs

INTS = "UniTuple(i8[:,::1], 22)"
FLOATS = "UniTuple(f8[:,::1], 14)"


def new_flat_state(one: Flat, kinds: float) -> tuple[Whole, Real]:
    """Tables for a problem; `settle` must load a placement before they are used.

    Parameters
    ----------
    kinds : how many kinds of cells there are; of more empty cells no more are tried.
    """
    n, m = len(one.points), len(one.kind)
    first, other = _neighbours(one)
    numbers = np.zeros(N_NUMBERS)
    numbers[KINDS], numbers[MOST] = min(kinds, m), m
    numbers[DIAGONAL], numbers[GROUPS] = one.is_diagonal, one.is_of_groups
    numbers[OUTSIDE] = one.outside
    numbers[HAS_APART] = one.apart.size > 0
    numbers[HAS_OWN] = bool(one.cost.size or one.inside.any() or one.apart.size)
    numbers[DIRECTED] = one.turned_points.size > 0
    numbers[ALL_OPEN] = bool(np.all(one.open_rows[one.row] == 1))
    whole = (
        *_rows(one.kind, first, other), np.ascontiguousarray(one.open_rows), *_rows(one.row),
        one.weight, one.unit, one.low, one.high, *_rows(one.or_none),
        np.zeros_like(one.high), *_rows(np.zeros(n), np.zeros(n), np.zeros(one.slots[-1])),
        *_rows(one.slots, np.zeros(m), np.arange(m), np.arange(m)), _cells_of(one),
        *_rows(np.zeros(n), np.zeros(n), np.zeros(n)),
    )  # fmt: skip
    own = np.zeros((m if numbers[HAS_OWN] else 1, n))
    real = (
        one.points, np.ascontiguousarray(one.contact), np.ascontiguousarray(one.turned_points),
        np.ascontiguousarray(one.turned_contact), one.inside.reshape(1, -1), one.apart,
        one.apart_cost.reshape(1, -1),
        np.zeros((len(one.contact), n)), own, np.zeros((1, n)), numbers.reshape(1, -1),
        np.full((1, m), NEVER), np.zeros((1, m)), _luck(DRAWS + max(n, m)),
    )  # fmt: skip
    return whole, real


def _luck(number: int) -> Floats:
    """The same draws in every run; where one begins among them is drawn anew each time."""
    return np.random.default_rng(0).exponential(size=(1, number))


def _rows(*arrays: NDArray[np.generic]) -> Whole:
    return tuple(np.ascontiguousarray(a, dtype=np.int64).reshape(1, -1) for a in arrays)


def _neighbours(one: Flat) -> tuple[IntArray, IntArray]:
    """With whom each person has points or is kept apart: first position of each, and the others."""
    tied = one.points != 0.0
    for more in (one.turned_points, one.apart):
        if more.size:
            tied |= more != 0.0
    person, other = np.nonzero(tied)
    first = np.searchsorted(person, np.arange(len(tied) + 1))
    return first.astype(np.int64), other.astype(np.int64)


def _cells_of(one: Flat) -> IntArray:
    """Cells of each class, smallest first, -1 behind the last; shape (k, largest class)."""
    size = one.high[0, : len(one.kind)]
    order = np.lexsort((size, one.kind))
    number = np.bincount(one.kind, minlength=len(one.contact))
    table = np.full((len(number), int(number.max())), -1, dtype=np.int64)
    start = np.concatenate(([0], np.cumsum(number)[:-1]))
    table[one.kind[order], np.arange(len(order)) - start[one.kind[order]]] = order
    return table


def settle(one: Flat, q: Whole, f: Real, place: IntArray) -> None:
    """Load a placement, shape (n,), within all limits; values count from it."""
    n, m = len(place), len(one.kind)
    place = np.where(place < 0, one.outside, place)
    q[PLACE][0] = place
    for limit in range(len(one.weight)):
        units = one.unit[limit, place]
        q[HOLDS][limit] = np.bincount(
            units[units >= 0], one.weight[limit, units >= 0], len(q[HOLDS][limit])
        )
    number = np.bincount(place, minlength=m)
    q[NUMBER][0] = number
    people = np.argsort(place, kind="stable")
    rank = np.arange(n) - np.repeat(np.cumsum(number) - number, number)
    q[AT][0, people] = one.slots[place[people]] + rank
    q[MEMBER][0, q[AT][0]] = np.arange(n)
    order = np.argsort(number == 0, kind="stable")
    q[ORDER][0], q[STANDS][0, order] = order, np.arange(m)
    within = np.zeros((n, len(one.contact)))
    within[np.arange(n), one.kind[place]] = 1.0
    f[SUMS][:] = one.contact @ (within.T @ one.points)
    if one.turned_points.size:
        f[SUMS][:] -= one.turned_contact @ (within.T @ one.turned_points)
    if f[NUMBERS][0, HAS_OWN]:
        company = np.zeros((n, m))
        company[np.arange(n), place] = 1.0
        f[OWN][:] = (company.T @ one.points) * one.inside[:, None] + (
            one.cost.T if one.cost.size else 0.0
        )
        if one.apart.size:
            f[OWN][:] += (company.T @ one.apart) * one.apart_cost[:, None]
    f[NOW][0] = f[SUMS][one.kind[place], np.arange(n)]
    if f[NUMBERS][0, HAS_OWN]:
        f[NOW][0] += f[OWN][place, np.arange(n)]
    f[NUMBERS][0, [VALUE, BEST]] = 0.0
    f[NUMBERS][0, TAKEN] = np.count_nonzero(number)


@inlined
def is_open(q: Whole, f: Real, i: int, c: int) -> bool:
    """True where a person may be in a cell."""
    return f[NUMBERS][0, ALL_OPEN] != 0.0 or q[OPEN][q[ROW][0, i], c] != 0


@inlined
def between(q: Whole, f: Real, c: int, d: int) -> float:
    """What points are multiplied by for people in two cells."""
    near = f[CONTACT][q[KIND][0, c], q[KIND][0, d]]
    return near + f[INSIDE][0, c] if c == d else near


@inlined
def cost_in(q: Whole, f: Real, i: int, c: int) -> float:
    """Cost of a person in a cell while all others stay."""
    cost = f[SUMS][q[KIND][0, c], i]
    return cost + f[OWN][c, i] if f[NUMBERS][0, HAS_OWN] != 0.0 else cost


@inlined
def has_room(q: Whole, i: int, c: int) -> bool:
    """True where a person's places are free in a cell."""
    return q[HOLDS][0, c] + q[WEIGHT][0, i] <= q[HIGH][0, c]


@inlined
def empty_tried(f: Real) -> int:
    """How many empty cells are tried: no more than there are kinds of cells, and may be opened."""
    z = f[NUMBERS][0]
    return max(0, min(int(z[MOST] - z[TAKEN]), int(z[KINDS])))


@inlined
def send(q: Whole, x: int, i: int, c: int) -> None:
    """Write that a person is number x of those who move, and where they go."""
    q[WHO][0, x] = i
    q[TO][0, x] = c


@inlined
def _turned(q: Whole, f: Real, a: int, b: int, c: int, d: int) -> float:
    """Turned contact from b to d and from a to c, less that from b to c and from a to d."""
    near, kind = f[TURNED_CONTACT], q[KIND][0]
    more = near[kind[b], kind[d]] + near[kind[a], kind[c]]
    return more - near[kind[b], kind[c]] - near[kind[a], kind[d]]


@inlined
def _apart(f: Real, a: int, b: int, c: int, d: int) -> float:
    """What changes for two people kept apart by going at once, from a to b and from c to d."""
    cost, change = f[APART_COST][0], 0.0
    if b == d:
        change += cost[b]
    if b == c:
        change -= cost[b]
    if a == d:
        change -= cost[a]
    if a == c:
        change += cost[a]
    return change


@inlined
def change_of(q: Whole, f: Real, movers: int) -> float:
    """Change of value when the first of WHO go to the cells in TO, all at once."""
    who, to, place = q[WHO][0], q[TO][0], q[PLACE][0]
    change = 0.0
    for x in range(movers):
        i, b = who[x], to[x]
        a = place[i]
        change += cost_in(q, f, i, b) - cost_in(q, f, i, a)
        for y in range(x):
            points = f[POINTS][i, who[y]]
            if points != 0.0:
                c, d = place[who[y]], to[y]
                both = between(q, f, b, d) - between(q, f, b, c)
                change += points * (both - between(q, f, a, d) + between(q, f, a, c))
            if f[NUMBERS][0, HAS_APART] != 0.0 and f[APART][i, who[y]] != 0.0:
                change += _apart(f, a, b, place[who[y]], to[y])
            if f[NUMBERS][0, DIRECTED] != 0.0:
                change += f[TURNED_POINTS][i, who[y]] * _turned(q, f, a, b, place[who[y]], to[y])
    return change


@inlined
def _keeps(q: Whole, limit: int, unit: int, movers: int) -> bool:
    """True where a unit is within a limit after the first of WHO have gone to TO."""
    who, to, place = q[WHO][0], q[TO][0], q[PLACE][0]
    units, weight = q[UNIT][limit], q[WEIGHT][limit]
    holds = q[HOLDS][limit, unit]
    for x in range(movers):
        if units[to[x]] == unit:
            holds += weight[who[x]]
        if units[place[who[x]]] == unit:
            holds -= weight[who[x]]
    few = holds < q[LOW][limit, unit] and not (holds == 0 and q[OR_NONE][0, limit] != 0)
    return holds <= q[HIGH][limit, unit] and not few


@inlined
def may_move(q: Whole, f: Real, movers: int) -> bool:
    """True where all of WHO may be in their cells of TO and every limit still holds."""
    who, to, place = q[WHO][0], q[TO][0], q[PLACE][0]
    if f[NUMBERS][0, ALL_OPEN] == 0.0:
        for x in range(movers):
            if q[OPEN][q[ROW][0, who[x]], to[x]] == 0:
                return False
    for limit in range(q[UNIT].shape[0]):
        units = q[UNIT][limit]
        for x in range(movers):
            u, v = units[place[who[x]]], units[to[x]]
            if u == v:
                continue
            if v >= 0 and not _keeps(q, limit, v, movers):
                return False
            if u >= 0 and not _keeps(q, limit, u, movers):
                return False
    return True
