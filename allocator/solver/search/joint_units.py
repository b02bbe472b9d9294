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
    PART_START,
    PART_TIER,
    PART_WIDTH,
    bound,
    count,
    group,
    klass,
    part,
    person,
    unit,
)
from allocator.solver.search.cost import over, short
from allocator.solver.search.pairs import NEW, OLD
from allocator.solver.search.state import CLASSES, COUNTS


@inner("i8(i8[::1], i8, i8)")
def _unit_or_none(t: IntArray, level: int, c: int) -> int:
    """Unit of a cell, -1 for none or no cell."""
    return unit(t, level, c) if c >= 0 else -1


@inner("i8(i8[::1], i8[::1], i8, i8, i8)")
def _steps_in(t: IntArray, move: IntArray, y: int, level: int, u: int) -> int:
    """1 when the y-th person enters unit u, -1 when the person leaves it, else 0."""
    old, new = move[OLD + y], move[NEW + y]
    return (_unit_or_none(t, level, new) == u) - (_unit_or_none(t, level, old) == u)


@inner("i8(i8[::1], i8[::1], i8, i8, i8)")
def _changed_unit(t: IntArray, move: IntArray, x: int, level: int, side: int) -> int:
    """Unit that the x-th person leaves (side 0) or enters (side 1), -1 where there is none."""
    left = _unit_or_none(t, level, move[OLD + x])
    entered = _unit_or_none(t, level, move[NEW + x])
    if left == entered:
        return -1
    return left if side == 0 else entered


@inner("i8(i8[::1], i8, i8)")
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
    before = s[s[COUNTS] + at]
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


@inner("b1(i8[::1], i8[::1], i8[::1], i8, i8[::1])")
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


@inner("i8(i8[::1], i8, i8)")
def _class_in(t: IntArray, i: int, q: int) -> int:
    """A person's class in a partition, -1 for none."""
    for e in range(person(t, i, CLASS_AT), person(t, i, CLASS_END)):
        if klass(t, e, CLASS_PART) == q:
            return klass(t, e, CLASS_INDEX)
    return -1


@inner("b1(i8[::1], i8[::1], i8[::1], i8, i8, i8, i8[::1])")
def _add_class(
    t: IntArray, s: IntArray, move: IntArray, r: int, q: int, u: int, d: IntArray
) -> bool:
    """Price people of other classes than a unit's largest; False where none may be."""
    width, level = part(t, q, PART_WIDTH), part(t, q, PART_LEVEL)
    start = s[CLASSES] + part(t, q, PART_START) + u * width
    total = largest = most = 0
    for k in range(width - 1):
        now = s[start + k]
        then = now
        for y in range(r):
            step = _steps_in(t, move, y, level, u)
            if step != 0 and _class_in(t, move[y], q) == k:
                then += step
        total += then
        largest, most = max(largest, now), max(most, then)
    tier = part(t, q, PART_TIER)
    if tier < 0:
        return total <= most
    mixed = s[start + width - 1] - largest
    d[tier] += (total - most - mixed) * part(t, q, PART_PRICE)
    return True


@inner("b1(i8[::1], i8[::1], i8[::1], i8, i8[::1])")
def add_classes(t: IntArray, s: IntArray, move: IntArray, r: int, d: IntArray) -> bool:
    """Price the partitions of those who change units; False where a hard one would be mixed."""
    for x in range(r):
        for e in range(person(t, move[x], CLASS_AT), person(t, move[x], CLASS_END)):
            q = klass(t, e, CLASS_PART)
            level = part(t, q, PART_LEVEL)
            for side in range(2):
                u = _changed_unit(t, move, x, level, side)
                if u < 0:
                    continue
                is_first = True
                for y in range(x):
                    seen = _steps_in(t, move, y, level, u) != 0 and _class_in(t, move[y], q) >= 0
                    is_first = is_first and not seen
                if is_first and not _add_class(t, s, move, r, q, u, d):
                    return False
    return True
