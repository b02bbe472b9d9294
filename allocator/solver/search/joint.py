"""What a trial changes besides pairs, priced from the counters before anything is touched.

A trial moves a few people at once. Every shape that counts people (loads and company of cells,
groups, classes, limits of moves) is looked at once for each unit that it concerns, with all who
enter and all who leave. In a full prison most trials end here: half of them break a hard shape.
"""

from allocator.model.shapes import IntArray
from allocator.solver.compiled import inner
from allocator.solver.packed import (
    ALONE,
    APART_AT,
    APART_END,
    APART_LEVEL,
    APART_OTHER,
    COMPANY,
    CURRENT,
    HAS_APART,
    HAS_CELL_COSTS,
    HAS_CLASSES,
    HAS_COMPANY,
    HAS_COUNTS,
    HAS_LIMITS,
    LIMIT_AT,
    LIMIT_END,
    LIMIT_HIGH,
    LIMIT_ID,
    LIMIT_PRICE,
    LIMIT_TIER,
    LIMIT_WEIGHT,
    LOAD_TIERS,
    MAX_LOAD,
    N_LOADS,
    N_TIERS,
    PLACES,
    apart,
    limit,
    limit_of,
    load_cost,
    person,
    price,
    spot,
    unit,
)
from allocator.solver.search.cost import over
from allocator.solver.search.joint_units import add_classes, add_counts
from allocator.solver.search.pairs import NEW, OLD
from allocator.solver.search.state import LOAD, LONERS, PEOPLE, PLACE, SHARED, USED, room


@inner("b1(i8[::1], i8[::1], i8[::1], i8)", hot=True)
def _keeps_apart(t: IntArray, s: IntArray, move: IntArray, r: int) -> bool:
    """True when nobody ends up in a unit with somebody to be kept apart from."""
    for x in range(r):
        c = move[NEW + x]
        if c < 0:
            continue
        for e in range(person(t, move[x], APART_AT), person(t, move[x], APART_END)):
            j, level = apart(t, e, APART_OTHER), apart(t, e, APART_LEVEL)
            other = s[spot(s, PLACE, j)]
            for y in range(r):
                if move[y] == j:
                    other = move[NEW + y]
            if other >= 0:
                u = unit(t, level, c)
                if u >= 0 and u == unit(t, level, other):
                    return False
    return True


@inner("b1(i8[::1], i8[::1], i8[::1], i8, i8, i8[::1])", hot=True)
def _add_cell(t: IntArray, s: IntArray, move: IntArray, r: int, c: int, d: IntArray) -> bool:
    """Price a cell's load and company; False where somebody who must be alone is not."""
    load, people = s[room(s, c, LOAD)], s[room(s, c, PEOPLE)]
    after, number, loners = load, people, s[room(s, c, LONERS)]
    for x in range(r):
        step = (move[NEW + x] == c) - (move[OLD + x] == c)
        number += step
        after += step * person(t, move[x], PLACES)
        loners += step * person(t, move[x], ALONE)
    if loners > 0 and number > 1:
        return False
    for k in range(t[N_LOADS]):
        end = min(after, t[MAX_LOAD] - 1)
        d[t[spot(t, LOAD_TIERS, k)]] += load_cost(t, c, k, end) - load_cost(t, c, k, load)
    for k in range(t[N_TIERS] if t[HAS_COMPANY] else 0):
        points = s[spot(s, SHARED, c * t[N_TIERS] + k)]
        if people > 1:
            d[k] -= points
        if number > 1:
            d[k] += points
            for x in range(r):
                step = (move[NEW + x] == c) - (move[OLD + x] == c)
                d[k] += step * price(t, move[x], COMPANY, k)
    return True


@inner("b1(i8[::1], i8[::1], i8[::1], i8, i8[::1])", hot=True)
def _add_cells(t: IntArray, s: IntArray, move: IntArray, r: int, d: IntArray) -> bool:
    """Price every cell that somebody leaves or enters, once."""
    for x in range(2 * r):
        c = move[OLD + x] if x < r else move[NEW + x - r]
        is_first = c >= 0
        for y in range(x):
            is_first = is_first and c != (move[OLD + y] if y < r else move[NEW + y - r])
        if is_first and not _add_cell(t, s, move, r, c, d):
            return False
    return True


@inner("i8(i8[::1], i8[::1], i8, i8)", hot=True)
def _more_away(t: IntArray, move: IntArray, y: int, k: int) -> int:
    """Weight by which the y-th person counts more in limit k."""
    home = person(t, move[y], CURRENT)
    old, new = move[OLD + y], move[NEW + y]
    step = (new >= 0 and new != home) - (old >= 0 and old != home)
    if home < 0 or step == 0:
        return 0
    for e in range(person(t, move[y], LIMIT_AT), person(t, move[y], LIMIT_END)):
        if limit(t, e, LIMIT_ID) == k:
            return step * limit(t, e, LIMIT_WEIGHT)
    return 0


@inner("b1(i8[::1], i8[::1], i8[::1], i8, i8[::1])", hot=True)
def _add_limits(t: IntArray, s: IntArray, move: IntArray, r: int, d: IntArray) -> bool:
    """Price the limits on moves; False where a hard one breaks."""
    for x in range(r):
        for e in range(person(t, move[x], LIMIT_AT), person(t, move[x], LIMIT_END)):
            k = limit(t, e, LIMIT_ID)
            more, is_first = _more_away(t, move, x, k), True
            if more == 0:
                continue
            for y in range(r):
                other = _more_away(t, move, y, k) if y != x else 0
                is_first = is_first and (y > x or other == 0)
                more += other
            if not is_first:
                continue
            used, high, tier = (
                s[spot(s, USED, k)],
                limit_of(t, k, LIMIT_HIGH),
                limit_of(t, k, LIMIT_TIER),
            )
            if tier < 0 and more > 0 and used + more > high:
                return False
            if tier > 0:
                points = over(used + more, high, 0) - over(used, high, 0)
                d[tier] += points * limit_of(t, k, LIMIT_PRICE)
    return True


@inner("b1(i8[::1], i8[::1], i8[::1], i8, i8[::1])", hot=True)
def add_shared_change(t: IntArray, s: IntArray, move: IntArray, r: int, d: IntArray) -> bool:
    """Add what loads, company, groups, classes and limits change when r people move at once.

    Parameters
    ----------
    move : people, old cells and new cells as in `pairs.add_joint_change`; room and eligibility are
        not looked at.
    d : shape (K,), changed in place, in part only where a hard shape breaks.

    Returns
    -------
    False where a hard shape would break.
    """
    return (
        (t[HAS_LIMITS] == 0 or _add_limits(t, s, move, r, d))
        and (t[HAS_APART] == 0 or _keeps_apart(t, s, move, r))
        and (t[HAS_CLASSES] == 0 or add_classes(t, s, move, r, d))
        and (t[HAS_COUNTS] == 0 or add_counts(t, s, move, r, d))
        and (t[HAS_CELL_COSTS] == 0 or _add_cells(t, s, move, r, d))
    )
