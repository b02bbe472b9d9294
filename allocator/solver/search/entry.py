"""Whether a person may enter a cell: every hard shape, cheapest first, against the state."""

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled, inner
from allocator.solver.packed import (
    ALONE,
    APART_AT,
    APART_END,
    APART_LEVEL,
    APART_OTHER,
    CAP,
    CLASS_AT,
    CLASS_END,
    CLASS_INDEX,
    CLASS_PART,
    COUNT_AT,
    COUNT_END,
    COUNT_GROUP,
    COUNT_WEIGHT,
    CURRENT,
    GROUP_LEVEL,
    GROUP_START,
    GROUP_TIER,
    HIGH,
    LIMIT_AT,
    LIMIT_END,
    LIMIT_HIGH,
    LIMIT_ID,
    LIMIT_TIER,
    LIMIT_WEIGHT,
    PART_LEVEL,
    PART_TIER,
    PLACES,
    apart,
    bound,
    cell,
    count,
    group,
    klass,
    limit,
    limit_of,
    may_be_in,
    part,
    person,
    spot,
    unit,
)
from allocator.solver.search.classes import in_class, in_classes
from allocator.solver.search.state import COUNTS, LOAD, LONERS, PEOPLE, PLACE, USED, room


@inner("b1(i8[::1], i8[::1], i8, i8)")
def _classes_allow(t: IntArray, s: IntArray, i: int, c: int) -> bool:
    for e in range(person(t, i, CLASS_AT), person(t, i, CLASS_END)):
        q = klass(t, e, CLASS_PART)
        u = unit(t, part(t, q, PART_LEVEL), c)
        if part(t, q, PART_TIER) >= 0 or u < 0:
            continue
        if in_classes(t, s, q, u) > in_class(t, s, q, u, klass(t, e, CLASS_INDEX)):
            return False
    return True


@inner("b1(i8[::1], i8[::1], i8, i8)")
def _counts_allow(t: IntArray, s: IntArray, i: int, c: int) -> bool:
    for e in range(person(t, i, COUNT_AT), person(t, i, COUNT_END)):
        g = count(t, e, COUNT_GROUP)
        u = unit(t, group(t, g, GROUP_LEVEL), c)
        if group(t, g, GROUP_TIER) >= 0 or u < 0:
            continue
        at = group(t, g, GROUP_START) + u
        if s[spot(s, COUNTS, at)] + count(t, e, COUNT_WEIGHT) > bound(t, at, HIGH):
            return False
    return True


@inner("b1(i8[::1], i8[::1], i8, i8)")
def _aparts_allow(t: IntArray, s: IntArray, i: int, c: int) -> bool:
    for e in range(person(t, i, APART_AT), person(t, i, APART_END)):
        other = s[spot(s, PLACE, apart(t, e, APART_OTHER))]
        if other < 0:
            continue
        level = apart(t, e, APART_LEVEL)
        u = unit(t, level, c)
        if u >= 0 and u == unit(t, level, other):
            return False
    return True


@inner("b1(i8[::1], i8[::1], i8, i8)")
def limits_leave(t: IntArray, s: IntArray, i: int, moves: int) -> bool:
    """True where hard limits leave room for so many more moves of person i, or of people alike."""
    for e in range(person(t, i, LIMIT_AT), person(t, i, LIMIT_END)):
        k = limit(t, e, LIMIT_ID)
        used = s[spot(s, USED, k)] + moves * limit(t, e, LIMIT_WEIGHT)
        if limit_of(t, k, LIMIT_TIER) < 0 and used > limit_of(t, k, LIMIT_HIGH):
            return False
    return True


@inner("b1(i8[::1], i8[::1], i8, i8)")
def _limits_allow(t: IntArray, s: IntArray, i: int, c: int) -> bool:
    at_home = person(t, i, CURRENT) < 0 or person(t, i, CURRENT) == c
    return at_home or limits_leave(t, s, i, 1)


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
