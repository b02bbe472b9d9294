"""Changes of a state: one person in or out, or a whole placement."""

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled, inner
from allocator.solver.packed import (
    ALONE,
    CAP,
    CLASS_AT,
    CLASS_END,
    CLASS_INDEX,
    CLASS_PART,
    COMPANY,
    COUNT_AT,
    COUNT_END,
    COUNT_GROUP,
    COUNT_WEIGHT,
    CURRENT,
    GROUP_LEVEL,
    GROUP_START,
    LIMIT_AT,
    LIMIT_END,
    LIMIT_ID,
    LIMIT_WEIGHT,
    N_TIERS,
    PART_LEVEL,
    PLACES,
    SLOT,
    cell,
    count,
    group,
    klass,
    limit,
    part,
    person,
    price,
    spot,
    unit,
)
from allocator.solver.search.classes import count_class
from allocator.solver.search.cost import add_cost
from allocator.solver.search.entry import may_enter
from allocator.solver.search.pairs import move_sums
from allocator.solver.search.state import (
    COUNTS,
    LOAD,
    LONERS,
    MEMBERS,
    N_ROOMY,
    N_TAKEN,
    PEOPLE,
    PLACE,
    ROOMY,
    ROOMY_AT,
    SHARED,
    SLOT_OF,
    TAKEN,
    TAKEN_AT,
    USED,
    keep,
    new_state,
    room,
)
from allocator.solver.tables import Tables


@inner("void(i8[::1], i8, b1, i8, i8, i8)")
def _set_listed(s: IntArray, c: int, wanted: bool, entries: int, column: int, size: int) -> None:
    """Keep cell c in or out of a list: its entries, the cells' positions in it, and its length."""
    at = s[room(s, c, column)]
    number = s[size]
    if wanted and at < 0:
        s[spot(s, entries, number)] = c
        s[room(s, c, column)] = number
        s[size] = number + 1
    elif not wanted and at >= 0:
        last = s[spot(s, entries, number - 1)]
        s[spot(s, entries, at)] = last
        s[room(s, last, column)] = at
        s[room(s, c, column)] = -1
        s[size] = number - 1


@compiled("void(i8[::1], i8[::1], i8, i8, i8)")
def shift(t: IntArray, s: IntArray, i: int, c: int, sign: int) -> None:
    """Put person i into cell c (sign 1) or take out of it (sign -1): counters only."""
    s[room(s, c, LOAD)] += sign * person(t, i, PLACES)
    if sign > 0:
        s[spot(s, PLACE, i)] = c
        s[spot(s, SLOT_OF, i)] = s[room(s, c, PEOPLE)]
        s[spot(s, MEMBERS, cell(t, c, SLOT) + s[room(s, c, PEOPLE)])] = i
        s[room(s, c, PEOPLE)] += 1
    else:
        s[spot(s, PLACE, i)] = -1
        s[room(s, c, PEOPLE)] -= 1
        last = s[spot(s, MEMBERS, cell(t, c, SLOT) + s[room(s, c, PEOPLE)])]
        s[spot(s, MEMBERS, cell(t, c, SLOT) + s[spot(s, SLOT_OF, i)])] = last
        s[spot(s, SLOT_OF, last)] = s[spot(s, SLOT_OF, i)]
    s[room(s, c, LONERS)] += sign * person(t, i, ALONE)
    for k in range(t[N_TIERS]):
        s[spot(s, SHARED, c * t[N_TIERS] + k)] += sign * price(t, i, COMPANY, k)
    for e in range(person(t, i, COUNT_AT), person(t, i, COUNT_END)):
        g = count(t, e, COUNT_GROUP)
        u = unit(t, group(t, g, GROUP_LEVEL), c)
        if u >= 0:
            s[spot(s, COUNTS, group(t, g, GROUP_START) + u)] += sign * count(t, e, COUNT_WEIGHT)
    for e in range(person(t, i, CLASS_AT), person(t, i, CLASS_END)):
        q = klass(t, e, CLASS_PART)
        u = unit(t, part(t, q, PART_LEVEL), c)
        if u >= 0:
            count_class(t, s, q, u, klass(t, e, CLASS_INDEX), sign)
    if person(t, i, CURRENT) >= 0 and person(t, i, CURRENT) != c:
        for e in range(person(t, i, LIMIT_AT), person(t, i, LIMIT_END)):
            s[spot(s, USED, limit(t, e, LIMIT_ID))] += sign * limit(t, e, LIMIT_WEIGHT)
    _set_listed(s, c, s[room(s, c, LOAD)] < cell(t, c, CAP), ROOMY, ROOMY_AT, N_ROOMY)
    _set_listed(s, c, s[room(s, c, PEOPLE)] > 0, TAKEN, TAKEN_AT, N_TAKEN)


@compiled("void(i8[::1], i8[::1], i8, i8)", allocates=True)
def place_person(t: IntArray, s: IntArray, i: int, c: int) -> None:
    """Move person i from wherever they are to cell c (-1: nowhere), values kept."""
    old = s[spot(s, PLACE, i)]
    if old >= 0:
        shift(t, s, i, old, -1)
    d = np.zeros(t[N_TIERS], dtype=np.int64)
    add_cost(t, s, i, old, d, -1)
    add_cost(t, s, i, c, d, 1)
    keep(t, s, d)
    if c >= 0:
        shift(t, s, i, c, 1)
    move_sums(t, s, i, old, c)


@compiled("i8(i8[::1], i8[::1], i8[::1])")
def load_placement(t: IntArray, s: IntArray, target: IntArray) -> int:
    """Place people one by one as in `target` where that is allowed; number left out.

    Whoever is there already stays: that must be lawful together.
    """
    left = 0
    for i in range(len(target)):
        if s[spot(s, PLACE, i)] >= 0 and s[spot(s, PLACE, i)] != target[i]:
            place_person(t, s, i, -1)
    for i in range(len(target)):
        if target[i] >= 0 and s[spot(s, PLACE, i)] < 0:
            if may_enter(t, s, i, target[i]):
                place_person(t, s, i, target[i])
            else:
                left += 1
    return left


def values_of(tables: Tables, placement: IntArray) -> IntArray:
    """Tier values of a placement, shape (K,); people whom a hard shape keeps out are unplaced."""
    state = new_state(tables, 1)
    load_placement(tables.packed, state.flat, placement)
    return state.values
