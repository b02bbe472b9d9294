"""Groups and classes of units when a few people change places at once."""

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled, inner
from allocator.solver.packed import (
    CLASS_AT,
    CLASS_END,
    CLASS_INDEX,
    CLASS_PART,
    COUNT_AT,
    COUNT_END,
    COUNT_GROUP,
    COUNT_WEIGHT,
    GROUP_LEVEL,
    GROUP_OR_NONE,
    GROUP_PRICE,
    GROUP_START,
    GROUP_TIER,
    GROUP_TRIANGULAR,
    HIGH,
    LOW,
    PART_LEVEL,
    PART_PRICE,
    PART_TIER,
    bound,
    count,
    group,
    klass,
    part,
    person,
    spot,
    unit,
)
from allocator.solver.search.classes import count_class, in_classes, in_largest_class
from allocator.solver.search.cost import over, short
from allocator.solver.search.pairs import NEW, OLD
from allocator.solver.search.state import COUNTS


@inner("i8(i8[::1], i8, i8)", hot=True)
def _unit_or_none(t: IntArray, level: int, c: int) -> int:
    """Unit of a cell, -1 for none or no cell."""
    return unit(t, level, c) if c >= 0 else -1


@inner("i8(i8[::1], i8[::1], i8, i8, i8)", hot=True)
def _steps_in(t: IntArray, move: IntArray, y: int, level: int, u: int) -> int:
    """1 when the y-th person enters unit u, -1 when the person leaves it, else 0."""
    old, new = move[OLD + y], move[NEW + y]
    return (_unit_or_none(t, level, new) == u) - (_unit_or_none(t, level, old) == u)


@inner("i8(i8[::1], i8[::1], i8, i8, i8)", hot=True)
def _changed_unit(t: IntArray, move: IntArray, x: int, level: int, side: int) -> int:
    """Unit that the x-th person leaves (side 0) or enters (side 1), -1 where there is none."""
    left = _unit_or_none(t, level, move[OLD + x])
    entered = _unit_or_none(t, level, move[NEW + x])
    if left == entered:
        return -1
    return left if side == 0 else entered


@inner("i8(i8[::1], i8, i8)", hot=True)
def _weight_in(t: IntArray, i: int, g: int) -> int:
    """Weight with which a person counts in a group, 0 for none."""
    for e in range(person(t, i, COUNT_AT), person(t, i, COUNT_END)):
        if count(t, e, COUNT_GROUP) == g:
            return count(t, e, COUNT_WEIGHT)
    return 0


@compiled("b1(i8[::1], i8[::1], i8, i8, i8, i8[::1])")
def _add_count(t: IntArray, s: IntArray, g: int, u: int, more: int, d: IntArray) -> bool:
    """Price a group's having so much more in a unit; False where it is too much."""
    at = group(t, g, GROUP_START) + u
    before = s[spot(s, COUNTS, at)]
    after, high, low = before + more, bound(t, at, HIGH), bound(t, at, LOW)
    tier = group(t, g, GROUP_TIER)
    if tier < 0 and more > 0 and after > high:
        return False
    if low > 0:
        none = group(t, g, GROUP_OR_NONE)
        d[0] += short(after, low, none) - short(before, low, none)
    if tier > 0:
        triangular = group(t, g, GROUP_TRIANGULAR)
        points = over(after, high, triangular) - over(before, high, triangular)
        d[tier] += points * group(t, g, GROUP_PRICE)
    return True


@inner("b1(i8[::1], i8[::1], i8[::1], i8, i8[::1])", hot=True)
def add_counts(t: IntArray, s: IntArray, move: IntArray, r: int, d: IntArray) -> bool:
    """Price the groups of those who change units; False where a hard limit breaks."""
    for x in range(r):
        for e in range(person(t, move[x], COUNT_AT), person(t, move[x], COUNT_END)):
            g = count(t, e, COUNT_GROUP)
            level = group(t, g, GROUP_LEVEL)
            for side in range(2):
                u = _changed_unit(t, move, x, level, side)
                if u < 0:
                    continue
                more, is_first = (2 * side - 1) * count(t, e, COUNT_WEIGHT), True
                for y in range(r):
                    if y != x:
                        step = _steps_in(t, move, y, level, u)
                        weight = _weight_in(t, move[y], g) if step != 0 else 0
                        is_first = is_first and (y > x or weight == 0)
                        more += step * weight
                if is_first and not _add_count(t, s, g, u, more, d):
                    return False
    return True


@inner("i8(i8[::1], i8, i8, i8)", hot=True)
def _class_in(t: IntArray, i: int, q: int, at: int) -> int:
    """A person's class in a partition, -1 for none; `at` is the number of the likely entry."""
    first, end = person(t, i, CLASS_AT), person(t, i, CLASS_END)
    if first + at < end and klass(t, first + at, CLASS_PART) == q:
        return klass(t, first + at, CLASS_INDEX)
    for e in range(first, end):
        if klass(t, e, CLASS_PART) == q:
            return klass(t, e, CLASS_INDEX)
    return -1


@inner("b1(i8[::1], i8[::1], i8, i8, i8, i8)", hot=True)
def _is_exchange(t: IntArray, move: IntArray, r: int, x: int, at: int, e: int) -> bool:
    """True where two people of one class, that of entry e, change places: nothing is different."""
    return (
        r == 2
        and move[OLD] == move[NEW + 1]
        and move[OLD + 1] == move[NEW]
        and _class_in(t, move[1 - x], klass(t, e, CLASS_PART), at) == klass(t, e, CLASS_INDEX)
    )


@inner("i8(i8[::1], i8[::1], i8, i8)", hot=True)
def _mixed_in(t: IntArray, s: IntArray, q: int, u: int) -> int:
    """How many people of a unit are not of its largest class."""
    return in_classes(t, s, q, u) - in_largest_class(t, s, q, u)


@inner("i8(i8[::1], i8[::1], i8[::1], i8, i8, i8, i8)", hot=True)
def _mixed_after(t: IntArray, s: IntArray, move: IntArray, r: int, q: int, u: int, at: int) -> int:
    """The same once the move is made, which is counted for the moment."""
    mixed = 0
    for sign in range(1, -2, -2):
        for y in range(r):
            step = sign * _steps_in(t, move, y, part(t, q, PART_LEVEL), u)
            own = _class_in(t, move[y], q, at) if step != 0 else -1
            if own >= 0:
                count_class(t, s, q, u, own, step)
        if sign > 0:
            mixed = _mixed_in(t, s, q, u)
    return mixed


@inner("b1(i8[::1], i8[::1], i8, i8, i8, i8)", hot=True)
def _is_done(t: IntArray, move: IntArray, x: int, q: int, u: int, at: int) -> bool:
    """True where one of the first x people changes the classes of a unit too."""
    for y in range(x):
        moves = _steps_in(t, move, y, part(t, q, PART_LEVEL), u) != 0
        if moves and _class_in(t, move[y], q, at) >= 0:
            return True
    return False


@inner("b1(i8[::1], i8[::1], i8[::1], i8, i8[::1])", hot=True)
def add_classes(t: IntArray, s: IntArray, move: IntArray, r: int, d: IntArray) -> bool:
    """Price the partitions of those who change units; False where a hard one would be mixed."""
    for x in range(r):
        first = person(t, move[x], CLASS_AT)
        for e in range(first, person(t, move[x], CLASS_END)):
            q, at = klass(t, e, CLASS_PART), e - first
            if _is_exchange(t, move, r, x, at, e):
                continue
            for side in range(2):
                u = _changed_unit(t, move, x, part(t, q, PART_LEVEL), side)
                if u < 0 or _is_done(t, move, x, q, u, at):
                    continue
                mixed, tier = _mixed_after(t, s, move, r, q, u, at), part(t, q, PART_TIER)
                if tier >= 0:
                    d[tier] += (mixed - _mixed_in(t, s, q, u)) * part(t, q, PART_PRICE)
                elif mixed > 0:
                    return False
    return True
