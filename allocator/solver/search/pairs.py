r"""Pair terms against a state: sums over everybody else, exact change of a trial, tables kept.

A state may hold, for each field, a table of sums over everybody else who is placed, so that a
trial's price does not depend on how many others a person has terms with. Where most classes have
the same contact w_far with each other, the points are **gathered** by class,

.. math:: A_{h,i} = \sum_{j: \kappa(j) = h} p_{ij}, \quad
   G_{k,i} = w_{far} \sum_h A_{h,i} + \sum_{h\ near\ k} (w_{kh} - w_{far}) A_{h,i}

for person i in a cell of class k: a change that is made costs the terms of the one person twice,
and a price a few classes. Elsewhere the sums themselves are kept,

.. math:: G_{k,i} = \sum_j p_{ij} w_{k,\kappa(j)} + p_{ji} w_{\kappa(j),k}

and a change costs these terms times the classes near the cells concerned. Without tables the same
sums are added up each time.

References
----------
.. [1] Incremental evaluation of neighbourhoods for grouping problems: Lai and Hao (2016), Iterated
   maxima search for the maximally diverse grouping problem, doi 10.1016/j.ejor.2016.05.018.
"""

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled, inner
from allocator.solver.packed import (
    EXTRA,
    FAR,
    FIELD_START,
    FIELD_STRUCTURE,
    FIELD_TIER,
    GATHERED,
    HAS_EXTRA,
    KIND,
    N_FIELDS,
    N_PAIRS,
    N_PERSONS,
    NEAR,
    NEAR_AT,
    NEAR_MORE,
    NEAR_START,
    PAIR,
    PAIR_IN,
    PAIR_OTHER,
    PAIR_OUT,
    SLOT,
    WIDTH,
    cell,
    field,
    field_row,
    kind,
    pair,
    spot,
    structure,
    weight,
)
from allocator.solver.search.state import MEMBERS, PEOPLE, PLACE, SUMS, room

MOST = 6  # people whom one move can change
OLD, NEW = MOST, 2 * MOST  # where a move's old and new cells start


@inner("i8(i8[::1], i8, i8, i8)", hot=True)
def find_pair(t: IntArray, i: int, j: int, f: int) -> int:
    """Pair term of person i with person j in field f, -1 for none."""
    low, high = field_row(t, i, f), field_row(t, i, f + 1)
    if low < high and high - low == t[N_PERSONS] - 1:  # terms with everybody: no search
        return low + j - (1 if j > i else 0)
    while low < high:
        middle = (low + high) // 2
        other = pair(t, middle, PAIR_OTHER)
        if other == j:
            return middle
        if other < j:
            low = middle + 1
        else:
            high = middle
    return -1


@inner("i8(i8[::1], i8, i8, i8, i8)", hot=True)
def pair_value(t: IntArray, e: int, q: int, c: int, other: int) -> int:
    """Value of pair term e when its person is in cell c and the other one in cell `other`."""
    if c < 0 or other < 0:
        return 0
    k, h = kind(t, q, c, KIND), kind(t, q, other, KIND)
    value = pair(t, e, PAIR_OUT) * weight(t, q, k, h)
    if pair(t, e, PAIR_IN) != 0:
        value += pair(t, e, PAIR_IN) * weight(t, q, h, k)
    if c == other:
        value += (pair(t, e, PAIR_OUT) + pair(t, e, PAIR_IN)) * kind(t, q, c, EXTRA)
    return value


@inner("i8(i8[::1], i8[::1], i8, i8)", hot=True)
def _sums_of(t: IntArray, s: IntArray, f: int, k: int) -> int:
    """Where everybody's sums for class k of a field start."""
    return s[SUMS] + field(t, f, FIELD_START) + k * t[N_PERSONS]


@inner("i8(i8[::1], i8[::1], i8, i8, i8)", hot=True)
def _sum_of(t: IntArray, s: IntArray, i: int, f: int, k: int) -> int:
    """Person i's sum for class k of a field."""
    return s[spot(s, SUMS, field(t, f, FIELD_START) + k * t[N_PERSONS] + i)]


@inner("i8(i8[::1], i8[::1], i8, i8, i8)", hot=True)
def _gathered_sum(t: IntArray, s: IntArray, i: int, f: int, k: int) -> int:
    """Field f's terms of person i in class k, counted over what all classes have in common."""
    total, at = 0, structure(t, field(t, f, FIELD_STRUCTURE), NEAR_START) + k
    for x in range(t[spot(t, NEAR_AT, at)], t[spot(t, NEAR_AT, at + 1)]):
        total += _sum_of(t, s, i, f, t[spot(t, NEAR, x)]) * t[spot(t, NEAR_MORE, x)]
    return total


@inner("i8(i8[::1], i8[::1], i8, i8, i8)", hot=True)
def _near_sum(t: IntArray, s: IntArray, i: int, c: int, f: int) -> int:
    """As `pair_sum` without `_far_sum`."""
    first, last = field_row(t, i, f), field_row(t, i, f + 1)
    total = 0
    if first == last:
        return total
    q = field(t, f, FIELD_STRUCTURE)
    if field(t, f, FIELD_START) < 0:
        for e in range(first, last):
            other = s[spot(s, PLACE, pair(t, e, PAIR_OTHER))]
            if other >= 0:
                total += pair_value(t, e, q, c, other)
        return total
    k = kind(t, q, c, KIND)
    if structure(t, q, GATHERED) != 0:
        total = _gathered_sum(t, s, i, f, k)
    else:
        total = _sum_of(t, s, i, f, k)
    if structure(t, q, HAS_EXTRA) != 0 and kind(t, q, c, EXTRA) != 0:
        points = 0
        for k in range(s[room(s, c, PEOPLE)]):
            j = s[spot(s, MEMBERS, cell(t, c, SLOT) + k)]
            if j != i:
                e = find_pair(t, i, j, f)
                if e >= 0:
                    points += pair(t, e, PAIR_OUT) + pair(t, e, PAIR_IN)
        total += points * kind(t, q, c, EXTRA)
    return total


@inner("i8(i8[::1], i8[::1], i8, i8)", hot=True)
def _far_sum(t: IntArray, s: IntArray, i: int, f: int) -> int:
    """What person i's terms in field f come to in every cell, where that is kept by itself."""
    q = field(t, f, FIELD_STRUCTURE)
    if structure(t, q, FAR) == 0 or field(t, f, FIELD_START) < 0:
        return 0
    return structure(t, q, FAR) * _sum_of(t, s, i, f, structure(t, q, WIDTH))


@inner("i8(i8[::1], i8[::1], i8, i8, i8)", hot=True)
def pair_sum(t: IntArray, s: IntArray, i: int, c: int, f: int) -> int:
    """Field f's terms of person i if in cell c, with everybody else where the state has them."""
    return _near_sum(t, s, i, c, f) + _far_sum(t, s, i, f)


@inner("void(i8[::1], i8[::1], i8, i8, i8[::1], i8)", hot=True)
def add_pair_cost(t: IntArray, s: IntArray, i: int, c: int, d: IntArray, sign: int) -> None:
    """Add `sign` times the pair cost of person i in cell c; where i is does not matter."""
    for f in range(t[N_FIELDS]):
        d[field(t, f, FIELD_TIER)] += sign * pair_sum(t, s, i, c, f)


@inner("i8(i8[::1], i8[::1], i8, i8[::1], i8)", hot=True)
def _joint_change(t: IntArray, s: IntArray, f: int, move: IntArray, r: int) -> int:
    """Change of a field when r people move at once: each alone, then pairs among them corrected.

    Alone, person i is priced with j still at the old place and the other way round; together they
    are at the new places both.
    """
    change = 0
    q = field(t, f, FIELD_STRUCTURE)
    for x in range(r):
        i, old, new = move[x], move[OLD + x], move[NEW + x]
        if field_row(t, i, f) == field_row(t, i, f + 1):
            continue
        if new >= 0:
            change += _near_sum(t, s, i, new, f)
        if old >= 0:
            change -= _near_sum(t, s, i, old, f)
        if min(old, new) < 0:
            change += ((new >= 0) - (old >= 0)) * _far_sum(t, s, i, f)
        for y in range(x):
            e = find_pair(t, i, move[y], f)
            if e >= 0:
                a, b = move[OLD + y], move[NEW + y]
                change += pair_value(t, e, q, old, a) + pair_value(t, e, q, new, b)
                change -= pair_value(t, e, q, new, a) + pair_value(t, e, q, old, b)
    return change


@inner("void(i8[::1], i8[::1], i8[::1], i8, i8[::1])", hot=True)
def add_joint_change(t: IntArray, s: IntArray, move: IntArray, r: int, d: IntArray) -> None:
    """Add the change of pair cost when the first r people of a move change places at once.

    Parameters
    ----------
    move : shape (3 * MOST,), people, then their old cells, then their new ones; -1 is nowhere.
    """
    for f in range(t[N_FIELDS]):
        d[field(t, f, FIELD_TIER)] += _joint_change(t, s, f, move, r)


@inner("void(i8[::1], i8[::1], i8, i8)", hot=True)
def _add_points(to: IntArray, points: IntArray, i: int, times: int) -> None:
    """Add points of person i with everybody else, in their order, to everybody's entries."""
    for j in range(i):
        to[j] += points[j] * times
    after, rest = to[i + 1 :], points[i:]
    for j in range(len(rest)):
        after[j] += rest[j] * times


@inner("void(i8[::1], i8[::1], i8, i8, i8, i8, i8)", hot=True)
def _add_to_class(t: IntArray, s: IntArray, i: int, f: int, at: int, out: int, back: int) -> None:
    """Add the change of person i's pair terms to the sums of a class, which start at `at`."""
    n, first, last = t[N_PERSONS], field_row(t, i, f), field_row(t, i, f + 1)
    others, points = t[PAIR] + first, t[PAIR] + PAIR_OUT * t[N_PAIRS] + first
    returned, number = t[PAIR] + PAIR_IN * t[N_PAIRS] + first, last - first
    if number == n - 1:
        _add_points(s[at : at + n], t[points : points + number], i, out)
        if back != 0:
            _add_points(s[at : at + n], t[returned : returned + number], i, back)
    elif back == 0:
        for e in range(number):
            s[np.uint64(at + t[others + e])] += t[points + e] * out
    else:
        for e in range(number):
            s[np.uint64(at + t[others + e])] += t[points + e] * out + t[returned + e] * back


@compiled("void(i8[::1], i8[::1], i8, i8, i8, i8, i8)")
def _spread(t: IntArray, s: IntArray, i: int, f: int, c: int, other: int, sign: int) -> None:
    """Add `sign` times the weights near cell c, less those near `other`, to the classes near c.

    A class that is near both cells is done once, with the first of them (sign -1).
    """
    q = field(t, f, FIELD_STRUCTURE)
    k = kind(t, q, c, KIND)
    z = kind(t, q, other, KIND) if other >= 0 else -1
    at = structure(t, q, NEAR_START) + k
    for x in range(t[spot(t, NEAR_AT, at)], t[spot(t, NEAR_AT, at + 1)]):
        h = t[spot(t, NEAR, x)]
        out, back = weight(t, q, k, h), weight(t, q, h, k)
        if z >= 0:
            less, less_back = weight(t, q, z, h), weight(t, q, h, z)
            if sign > 0 and (less != 0 or less_back != 0):
                continue
            out, back = out - less, back - less_back
        if out != 0 or back != 0:
            _add_to_class(t, s, i, f, _sums_of(t, s, f, h), sign * out, sign * back)


@inner("void(i8[::1], i8[::1], i8, i8, i8, i8)", hot=True)
def _gather(t: IntArray, s: IntArray, i: int, f: int, old: int, new: int) -> None:
    """Person i's points go from the class of one cell to that of another (-1: nowhere)."""
    q = field(t, f, FIELD_STRUCTURE)
    k = kind(t, q, old, KIND) if old >= 0 else -1
    h = kind(t, q, new, KIND) if new >= 0 else -1
    if k == h:
        return
    if k >= 0:
        _add_to_class(t, s, i, f, _sums_of(t, s, f, k), -1, 0)
    if h >= 0:
        _add_to_class(t, s, i, f, _sums_of(t, s, f, h), 1, 0)
    if min(k, h) < 0 and structure(t, q, FAR) != 0:
        everywhere = _sums_of(t, s, f, structure(t, q, WIDTH))
        _add_to_class(t, s, i, f, everywhere, 1 if k < 0 else -1, 0)


@inner("void(i8[::1], i8[::1], i8, i8, i8)", hot=True)
def move_sums(t: IntArray, s: IntArray, i: int, old: int, new: int) -> None:
    """Person i has gone from one cell to another (-1: nowhere): everybody else's tables."""
    for f in range(t[N_FIELDS]):
        if field_row(t, i, f) == field_row(t, i, f + 1) or field(t, f, FIELD_START) < 0:
            continue
        if structure(t, field(t, f, FIELD_STRUCTURE), GATHERED) != 0:
            _gather(t, s, i, f, old, new)
            continue
        if old >= 0:
            _spread(t, s, i, f, old, new, -1)
        if new >= 0:
            _spread(t, s, i, f, new, old, 1)
