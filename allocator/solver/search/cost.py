"""What a person's entering a cell adds to each tier, given where everybody else is."""

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled, inner
from allocator.solver.packed import (
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
    PART_LEVEL,
    PART_PRICE,
    PART_TIER,
    PLACES,
    STATIC_TIERS,
    UNPLACED,
    bound,
    count,
    group,
    klass,
    limit,
    limit_of,
    load_cost,
    part,
    person,
    price,
    spot,
    static_points,
    unit,
)
from allocator.solver.search.classes import in_class, in_largest_class
from allocator.solver.search.pairs import add_pair_cost
from allocator.solver.search.state import COUNTS, LOAD, PEOPLE, SHARED, USED, room


@compiled("i8(i8, i8, i8)")
def over(amount: int, high: int, triangular: int) -> int:
    """Breach of an upper limit: what is too much, or its triangular number."""
    k = amount - high
    if k <= 0:
        return 0
    return k * (k + 1) // 2 if triangular else k


@compiled("i8(i8, i8, i8)")
def short(amount: int, low: int, or_none: int) -> int:
    """Breach of a lower limit; `or_none`: nobody at all is no breach."""
    if or_none and amount == 0:
        return 0
    return low - amount if amount < low else 0


@inner("void(i8[::1], i8[::1], i8, i8, i8[::1], i8)", hot=True)
def _add_group_cost(t: IntArray, s: IntArray, i: int, c: int, d: IntArray, sign: int) -> None:
    for e in range(person(t, i, COUNT_AT), person(t, i, COUNT_END)):
        g = count(t, e, COUNT_GROUP)
        u = unit(t, group(t, g, GROUP_LEVEL), c)
        if u < 0:
            continue
        at = group(t, g, GROUP_START) + u
        before = s[spot(s, COUNTS, at)]
        after = before + count(t, e, COUNT_WEIGHT)
        low = bound(t, at, LOW)
        if low > 0:
            none = group(t, g, GROUP_OR_NONE)
            d[0] += sign * (short(after, low, none) - short(before, low, none))
        if group(t, g, GROUP_TIER) > 0:
            high, triangular = bound(t, at, HIGH), group(t, g, GROUP_TRIANGULAR)
            more = over(after, high, triangular) - over(before, high, triangular)
            d[group(t, g, GROUP_TIER)] += sign * more * group(t, g, GROUP_PRICE)
    for e in range(person(t, i, CLASS_AT), person(t, i, CLASS_END)):
        q = klass(t, e, CLASS_PART)
        if part(t, q, PART_TIER) < 0:
            continue
        u = unit(t, part(t, q, PART_LEVEL), c)
        if u < 0:
            continue
        if in_class(t, s, q, u, klass(t, e, CLASS_INDEX)) < in_largest_class(t, s, q, u):
            d[part(t, q, PART_TIER)] += sign * part(t, q, PART_PRICE)


@inner("void(i8[::1], i8, i8, i8[::1], i8)", hot=True)
def _add_static_cost(t: IntArray, i: int, c: int, d: IntArray, sign: int) -> None:
    for k in range(t[N_STATIC]):
        d[t[spot(t, STATIC_TIERS, k)]] += sign * static_points(t, i, c, k)


@inner("void(i8[::1], i8, i8, i8[::1], i8)", hot=True)
def add_fixed_cost(t: IntArray, i: int, c: int, d: IntArray, sign: int) -> None:
    """Add `sign` times the cost of person i in c (-1: nowhere) that depends on nobody else."""
    if c < 0:
        for k in range(len(d)):
            d[k] += sign * price(t, i, UNPLACED, k)
        return
    _add_static_cost(t, i, c, d, sign)
    if person(t, i, CURRENT) >= 0 and person(t, i, CURRENT) != c:
        for k in range(len(d)):
            d[k] += sign * price(t, i, MOVED, k)


@inner("void(i8[::1], i8, i8, i8, i8[::1])", hot=True)
def add_fixed_change(t: IntArray, i: int, old: int, new: int, d: IntArray) -> None:
    """Add what of `add_fixed_cost` is different in another cell: away in both costs the same."""
    if min(old, new) < 0 or person(t, i, CURRENT) in (old, new):
        add_fixed_cost(t, i, old, d, -1)
        add_fixed_cost(t, i, new, d, 1)
    else:
        _add_static_cost(t, i, old, d, -1)
        _add_static_cost(t, i, new, d, 1)


@inner("void(i8[::1], i8[::1], i8, i8, i8[::1], i8)", hot=True)
def _add_cell_cost(t: IntArray, s: IntArray, i: int, c: int, d: IntArray, sign: int) -> None:
    load = s[room(s, c, LOAD)]
    after = min(load + person(t, i, PLACES), t[MAX_LOAD] - 1)
    for k in range(t[N_LOADS]):
        more = load_cost(t, c, k, after) - load_cost(t, c, k, load)
        d[t[spot(t, LOAD_TIERS, k)]] += sign * more
    if s[room(s, c, PEOPLE)] > 0:
        for k in range(len(d)):
            d[k] += sign * price(t, i, COMPANY, k)
            if s[room(s, c, PEOPLE)] == 1:
                d[k] += sign * s[spot(s, SHARED, c * t[N_TIERS] + k)]
    if person(t, i, CURRENT) >= 0 and person(t, i, CURRENT) != c:
        for e in range(person(t, i, LIMIT_AT), person(t, i, LIMIT_END)):
            x = limit(t, e, LIMIT_ID)
            if limit_of(t, x, LIMIT_TIER) > 0:
                used, high = s[spot(s, USED, x)], limit_of(t, x, LIMIT_HIGH)
                more = over(used + limit(t, e, LIMIT_WEIGHT), high, 0) - over(used, high, 0)
                d[limit_of(t, x, LIMIT_TIER)] += sign * more * limit_of(t, x, LIMIT_PRICE)


@inner("void(i8[::1], i8[::1], i8, i8, i8[::1], i8)", hot=True)
def add_shared_cost(t: IntArray, s: IntArray, i: int, c: int, d: IntArray, sign: int) -> None:
    """Add `sign` times what loads, groups, classes, company and limits cost when i enters c."""
    if c >= 0:
        _add_cell_cost(t, s, i, c, d, sign)
        _add_group_cost(t, s, i, c, d, sign)


@inner("void(i8[::1], i8[::1], i8, i8, i8[::1], i8)", hot=True)
def add_cost(t: IntArray, s: IntArray, i: int, c: int, d: IntArray, sign: int) -> None:
    """Add `sign` times the cost of person i, who is nowhere, entering c (-1: staying nowhere)."""
    add_fixed_cost(t, i, c, d, sign)
    add_shared_cost(t, s, i, c, d, sign)
    if c >= 0:
        add_pair_cost(t, s, i, c, d, sign)
