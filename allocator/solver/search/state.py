"""A placement with everything needed to price one insertion or removal in compiled code.

Like the tables, a state is one flat integer array that starts with the offsets of its parts;
`State` names them for Python. All functions keep the values equal to the tier values of the
placement (tests recompute them from the shapes). Values are exact integers.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.packed import (
    ALONE,
    APART_AT,
    APART_END,
    APART_LEVEL,
    APART_OTHER,
    CAP,
    CELL_CONTACT,
    CLASS_AT,
    CLASS_END,
    CLASS_INDEX,
    CLASS_PART,
    COMPANY,
    CONTACT_CLASS,
    COUNT_AT,
    COUNT_END,
    COUNT_GROUP,
    COUNT_WEIGHT,
    CURRENT,
    GROUP_LEVEL,
    GROUP_OR_NONE,
    GROUP_PRICE,
    GROUP_START,
    GROUP_TIER,
    GROUP_TRIANGULAR,
    HIGH,
    LIMIT_AT,
    LIMIT_END,
    LIMIT_HIGH,
    LIMIT_ID,
    LIMIT_PRICE,
    LIMIT_TIER,
    LIMIT_WEIGHT,
    LOAD_TIERS,
    LOW,
    MAX_LOAD,
    MOVED,
    N_LOADS,
    N_STATIC,
    N_TIERS,
    PAIR_AT,
    PAIR_END,
    PAIR_IN,
    PAIR_LEVEL,
    PAIR_OTHER,
    PAIR_OUT,
    PAIR_TIER,
    PART_LEVEL,
    PART_PRICE,
    PART_START,
    PART_TIER,
    PART_WIDTH,
    PLACES,
    SLOT,
    STATIC_TIERS,
    UNPLACED,
    apart,
    bound,
    cell,
    compiled,
    contact,
    count,
    group,
    klass,
    limit,
    limit_of,
    load_cost,
    may_be_in,
    pair,
    part,
    person,
    price,
    static_points,
    unit,
)  # fmt: skip
from allocator.solver.tables import DEFICIT, Tables

# Header: offsets of the parts; N_ROOMY is a number.
(
    PLACE, SLOT_OF, CELLS, MEMBERS, SHARED, COUNTS, CLASSES, USED, VALUES, ROOMY, RNG, N_ROOMY,
) = range(12)  # fmt: skip
# Columns of CELLS: places taken, people, people who must be alone, position in ROOMY or -1.
LOAD, PEOPLE, LONERS, ROOMY_AT = range(4)


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A placement and its counters; the arrays are views of `flat` and change in place.

    Parameters
    ----------
    place : shape (n,), cell or -1. cells : shape (m, 4). shared : shape (m, K), company prices of
        the people of a cell. count, classes, used : counters of groups, partitions and limits.
    values : shape (K,).
    """

    flat: IntArray
    place: IntArray
    cells: IntArray
    shared: IntArray
    count: IntArray
    classes: IntArray
    used: IntArray
    values: IntArray


def new_state(tables: Tables, seed: int) -> State:
    """State with nobody placed."""
    n, m, width = len(tables.places), len(tables.cap), tables.unplaced.shape[1]
    class_slots = int(((tables.part_classes + 1) * np.diff(tables.part_units)).sum())
    sizes = (
        n, n, 4 * m, int(tables.slot_offset[-1]), m * width, int(tables.group_offset[-1]),
        class_slots, len(tables.limit_high), width, m, 1,
    )  # fmt: skip
    offsets = 12 + np.concatenate(([0], np.cumsum(sizes)))
    flat = np.zeros(int(offsets[-1]), dtype=np.int64)
    flat[: len(sizes)] = offsets[:-1]
    views = [flat[a:b] for a, b in pairwise(offsets.tolist())]
    roomy = np.flatnonzero(tables.cap > 0)
    cells = views[CELLS].reshape(m, 4)
    cells[:, ROOMY_AT] = -1
    cells[roomy, ROOMY_AT] = np.arange(len(roomy))
    views[ROOMY][: len(roomy)] = roomy
    flat[N_ROOMY] = len(roomy)
    views[PLACE][:] = -1
    views[VALUES][:] = tables.unplaced.sum(axis=0)
    strict = np.repeat(tables.group_or_none == 0, np.diff(tables.group_offset))
    views[VALUES][DEFICIT] += int(tables.unit_low[strict].sum())
    views[RNG][0] = (seed * 0x9E3779B97F4A7C15 + 0x1234567) % (1 << 62) + 1
    return State(
        flat, views[PLACE], cells, views[SHARED].reshape(m, width), views[COUNTS],
        views[CLASSES], views[USED], views[VALUES],
    )  # fmt: skip


@compiled("i8(i8[::1], i8, i8)")
def room(s: IntArray, c: int, column: int) -> int:
    """Address of an entry of a cell."""
    return s[CELLS] + c * 4 + column


@compiled("void(i8[::1], i8[::1], i8[::1])")
def keep(t: IntArray, s: IntArray, d: IntArray) -> None:
    """Add a change to the values."""
    for k in range(t[N_TIERS]):
        s[s[VALUES] + k] += d[k]


@compiled("i8(i8[::1], i8)")
def draw(s: IntArray, below: int) -> int:
    """Integer from 0 to `below` - 1 (xorshift64*; the modulo bias is below 2**-10)."""
    x = np.uint64(s[s[RNG]])
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    s[s[RNG]] = np.int64(x)
    return int(np.int64((x * np.uint64(2685821657736338717)) >> np.uint64(11))) % below


@compiled("f8(i8[::1])")
def draw_unit(s: IntArray) -> float:
    """Real number in [0, 1)."""
    return draw(s, 1 << 52) / float(1 << 52)


@compiled("void(i8[::1], i8[::1], i8)")
def _set_room(t: IntArray, s: IntArray, c: int) -> None:
    """Keep the list of cells with a free place."""
    free = s[room(s, c, LOAD)] < cell(t, c, CAP)
    at = s[room(s, c, ROOMY_AT)]
    number = s[N_ROOMY]
    if free and at < 0:
        s[s[ROOMY] + number] = c
        s[room(s, c, ROOMY_AT)] = number
        s[N_ROOMY] = number + 1
    elif not free and at >= 0:
        last = s[s[ROOMY] + number - 1]
        s[s[ROOMY] + at] = last
        s[room(s, last, ROOMY_AT)] = at
        s[room(s, c, ROOMY_AT)] = -1
        s[N_ROOMY] = number - 1


@compiled("i8(i8, i8, i8)")
def _over(amount: int, high: int, triangular: int) -> int:
    k = amount - high
    if k <= 0:
        return 0
    return k * (k + 1) // 2 if triangular else k


@compiled("i8(i8, i8, i8)")
def _short(amount: int, low: int, or_none: int) -> int:
    if or_none and amount == 0:
        return 0
    return low - amount if amount < low else 0


@compiled("b1(i8[::1], i8[::1], i8, i8)")
def _classes_allow(t: IntArray, s: IntArray, i: int, c: int) -> bool:
    for e in range(person(t, i, CLASS_AT), person(t, i, CLASS_END)):
        q = klass(t, e, CLASS_PART)
        u = unit(t, part(t, q, PART_LEVEL), c)
        if part(t, q, PART_TIER) >= 0 or u < 0:
            continue
        start = s[CLASSES] + part(t, q, PART_START) + u * part(t, q, PART_WIDTH)
        total = s[start + part(t, q, PART_WIDTH) - 1]
        if total > s[start + klass(t, e, CLASS_INDEX)]:
            return False
    return True


@compiled("b1(i8[::1], i8[::1], i8, i8)")
def _counts_allow(t: IntArray, s: IntArray, i: int, c: int) -> bool:
    for e in range(person(t, i, COUNT_AT), person(t, i, COUNT_END)):
        g = count(t, e, COUNT_GROUP)
        u = unit(t, group(t, g, GROUP_LEVEL), c)
        if group(t, g, GROUP_TIER) >= 0 or u < 0:
            continue
        at = group(t, g, GROUP_START) + u
        if s[s[COUNTS] + at] + count(t, e, COUNT_WEIGHT) > bound(t, at, HIGH):
            return False
    return True


@compiled("b1(i8[::1], i8[::1], i8, i8)")
def _aparts_allow(t: IntArray, s: IntArray, i: int, c: int) -> bool:
    for e in range(person(t, i, APART_AT), person(t, i, APART_END)):
        other = s[s[PLACE] + apart(t, e, APART_OTHER)]
        if other < 0:
            continue
        level = apart(t, e, APART_LEVEL)
        u = unit(t, level, c)
        if u >= 0 and u == unit(t, level, other):
            return False
    return True


@compiled("b1(i8[::1], i8[::1], i8, i8)")
def _limits_allow(t: IntArray, s: IntArray, i: int, c: int) -> bool:
    if person(t, i, CURRENT) < 0 or person(t, i, CURRENT) == c:
        return True
    for e in range(person(t, i, LIMIT_AT), person(t, i, LIMIT_END)):
        k = limit(t, e, LIMIT_ID)
        used = s[s[USED] + k] + limit(t, e, LIMIT_WEIGHT)
        if limit_of(t, k, LIMIT_TIER) < 0 and used > limit_of(t, k, LIMIT_HIGH):
            return False
    return True


@compiled("b1(i8[::1], i8[::1], i8, i8)")
def may_enter(t: IntArray, s: IntArray, i: int, c: int) -> bool:
    """True when no hard shape forbids adding person i, who is nowhere, to cell c."""
    if not may_be_in(t, i, c):
        return False
    if s[room(s, c, LOAD)] + person(t, i, PLACES) > cell(t, c, CAP):
        return False
    if s[room(s, c, PEOPLE)] > 0 and (person(t, i, ALONE) or s[room(s, c, LONERS)] > 0):
        return False
    return (
        _classes_allow(t, s, i, c)
        and _counts_allow(t, s, i, c)
        and _aparts_allow(t, s, i, c)
        and _limits_allow(t, s, i, c)
    )


@compiled("void(i8[::1], i8[::1], i8, i8, i8[::1], i8)")
def add_pair_cost(t: IntArray, s: IntArray, i: int, c: int, d: IntArray, sign: int) -> None:
    """Add `sign` times the pair cost of person i, who is nowhere, in cell c."""
    own_class = cell(t, c, CONTACT_CLASS)
    for e in range(person(t, i, PAIR_AT), person(t, i, PAIR_END)):
        other = s[s[PLACE] + pair(t, e, PAIR_OTHER)]
        if other < 0:
            continue
        level = pair(t, e, PAIR_LEVEL)
        if level >= 0:
            u = unit(t, level, c)
            if u >= 0 and u == unit(t, level, other):
                d[pair(t, e, PAIR_TIER)] += sign * (pair(t, e, PAIR_OUT) + pair(t, e, PAIR_IN))
        elif other == c:
            d[pair(t, e, PAIR_TIER)] += (
                sign * (pair(t, e, PAIR_OUT) + pair(t, e, PAIR_IN)) * cell(t, c, CELL_CONTACT)
            )
        else:
            k = cell(t, other, CONTACT_CLASS)
            cost = pair(t, e, PAIR_OUT) * contact(t, own_class, k)
            if pair(t, e, PAIR_IN) != 0:
                cost += pair(t, e, PAIR_IN) * contact(t, k, own_class)
            d[pair(t, e, PAIR_TIER)] += sign * cost


@compiled("void(i8[::1], i8[::1], i8, i8, i8[::1], i8)")
def _add_group_cost(t: IntArray, s: IntArray, i: int, c: int, d: IntArray, sign: int) -> None:
    for e in range(person(t, i, COUNT_AT), person(t, i, COUNT_END)):
        g = count(t, e, COUNT_GROUP)
        u = unit(t, group(t, g, GROUP_LEVEL), c)
        if u < 0:
            continue
        at = group(t, g, GROUP_START) + u
        before = s[s[COUNTS] + at]
        after = before + count(t, e, COUNT_WEIGHT)
        low = bound(t, at, LOW)
        if low > 0:
            none = group(t, g, GROUP_OR_NONE)
            d[0] += sign * (_short(after, low, none) - _short(before, low, none))
        if group(t, g, GROUP_TIER) > 0:
            high, triangular = bound(t, at, HIGH), group(t, g, GROUP_TRIANGULAR)
            more = _over(after, high, triangular) - _over(before, high, triangular)
            d[group(t, g, GROUP_TIER)] += sign * more * group(t, g, GROUP_PRICE)
    for e in range(person(t, i, CLASS_AT), person(t, i, CLASS_END)):
        q = klass(t, e, CLASS_PART)
        if part(t, q, PART_TIER) < 0:
            continue
        u = unit(t, part(t, q, PART_LEVEL), c)
        if u < 0:
            continue
        start = part(t, q, PART_START) + u * part(t, q, PART_WIDTH)
        largest = 0
        for k in range(part(t, q, PART_WIDTH) - 1):
            largest = max(largest, s[s[CLASSES] + start + k])
        if s[s[CLASSES] + start + klass(t, e, CLASS_INDEX)] < largest:
            d[part(t, q, PART_TIER)] += sign * part(t, q, PART_PRICE)


@compiled("void(i8[::1], i8[::1], i8, i8, i8[::1], i8)")
def _add_cell_cost(t: IntArray, s: IntArray, i: int, c: int, d: IntArray, sign: int) -> None:
    for k in range(t[N_STATIC]):
        d[t[t[STATIC_TIERS] + k]] += sign * static_points(t, i, c, k)
    load = s[room(s, c, LOAD)]
    after = min(load + person(t, i, PLACES), t[MAX_LOAD] - 1)
    for k in range(t[N_LOADS]):
        more = load_cost(t, c, k, after) - load_cost(t, c, k, load)
        d[t[t[LOAD_TIERS] + k]] += sign * more
    if s[room(s, c, PEOPLE)] > 0:
        for k in range(len(d)):
            d[k] += sign * price(t, i, COMPANY, k)
            if s[room(s, c, PEOPLE)] == 1:
                d[k] += sign * s[s[SHARED] + c * t[N_TIERS] + k]
    if person(t, i, CURRENT) >= 0 and person(t, i, CURRENT) != c:
        for k in range(len(d)):
            d[k] += sign * price(t, i, MOVED, k)
        for e in range(person(t, i, LIMIT_AT), person(t, i, LIMIT_END)):
            x = limit(t, e, LIMIT_ID)
            if limit_of(t, x, LIMIT_TIER) > 0:
                used, high = s[s[USED] + x], limit_of(t, x, LIMIT_HIGH)
                more = _over(used + limit(t, e, LIMIT_WEIGHT), high, 0) - _over(used, high, 0)
                d[limit_of(t, x, LIMIT_TIER)] += sign * more * limit_of(t, x, LIMIT_PRICE)


@compiled("void(i8[::1], i8[::1], i8, i8, i8[::1], i8)")
def add_cost(t: IntArray, s: IntArray, i: int, c: int, d: IntArray, sign: int) -> None:
    """Add `sign` times the cost of person i, who is nowhere, entering c (-1: staying nowhere)."""
    if c < 0:
        for k in range(len(d)):
            d[k] += sign * price(t, i, UNPLACED, k)
        return
    _add_cell_cost(t, s, i, c, d, sign)
    _add_group_cost(t, s, i, c, d, sign)
    add_pair_cost(t, s, i, c, d, sign)


@compiled("void(i8[::1], i8[::1], i8, i8, i8)")
def shift(t: IntArray, s: IntArray, i: int, c: int, sign: int) -> None:
    """Put person i into cell c (sign 1) or take out of it (sign -1): counters only."""
    s[room(s, c, LOAD)] += sign * person(t, i, PLACES)
    if sign > 0:
        s[s[PLACE] + i] = c
        s[s[SLOT_OF] + i] = s[room(s, c, PEOPLE)]
        s[s[MEMBERS] + cell(t, c, SLOT) + s[room(s, c, PEOPLE)]] = i
        s[room(s, c, PEOPLE)] += 1
    else:
        s[s[PLACE] + i] = -1
        s[room(s, c, PEOPLE)] -= 1
        last = s[s[MEMBERS] + cell(t, c, SLOT) + s[room(s, c, PEOPLE)]]
        s[s[MEMBERS] + cell(t, c, SLOT) + s[s[SLOT_OF] + i]] = last
        s[s[SLOT_OF] + last] = s[s[SLOT_OF] + i]
    s[room(s, c, LONERS)] += sign * person(t, i, ALONE)
    for k in range(t[N_TIERS]):
        s[s[SHARED] + c * t[N_TIERS] + k] += sign * price(t, i, COMPANY, k)
    for e in range(person(t, i, COUNT_AT), person(t, i, COUNT_END)):
        g = count(t, e, COUNT_GROUP)
        u = unit(t, group(t, g, GROUP_LEVEL), c)
        if u >= 0:
            s[s[COUNTS] + group(t, g, GROUP_START) + u] += sign * count(t, e, COUNT_WEIGHT)
    for e in range(person(t, i, CLASS_AT), person(t, i, CLASS_END)):
        q = klass(t, e, CLASS_PART)
        u = unit(t, part(t, q, PART_LEVEL), c)
        if u >= 0:
            start = part(t, q, PART_START) + u * part(t, q, PART_WIDTH)
            s[s[CLASSES] + start + klass(t, e, CLASS_INDEX)] += sign
            s[s[CLASSES] + start + part(t, q, PART_WIDTH) - 1] += sign
    if person(t, i, CURRENT) >= 0 and person(t, i, CURRENT) != c:
        for e in range(person(t, i, LIMIT_AT), person(t, i, LIMIT_END)):
            s[s[USED] + limit(t, e, LIMIT_ID)] += sign * limit(t, e, LIMIT_WEIGHT)
    _set_room(t, s, c)


@compiled("void(i8[::1], i8[::1], i8, i8)")
def place_person(t: IntArray, s: IntArray, i: int, c: int) -> None:
    """Move person i from wherever they are to cell c (-1: nowhere), values kept."""
    old = s[s[PLACE] + i]
    if old >= 0:
        shift(t, s, i, old, -1)
    d = np.zeros(t[N_TIERS], dtype=np.int64)
    add_cost(t, s, i, old, d, -1)
    add_cost(t, s, i, c, d, 1)
    keep(t, s, d)
    if c >= 0:
        shift(t, s, i, c, 1)


@compiled("i8(i8[::1], i8[::1], i8[::1])")
def load_placement(t: IntArray, s: IntArray, target: IntArray) -> int:
    """Place people one by one as in `target` where that is allowed; number left out."""
    left = 0
    for i in range(len(target)):
        if s[s[PLACE] + i] >= 0:
            place_person(t, s, i, -1)
    for i in range(len(target)):
        if target[i] >= 0:
            if may_enter(t, s, i, target[i]):
                place_person(t, s, i, target[i])
            else:
                left += 1
    return left
