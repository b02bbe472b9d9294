r"""Pair terms against a state: sums over everybody else, exact change of a trial, tables kept.

A state may hold, for each field, the table of sums over everybody else who is placed,

.. math:: G_{k,i} = \sum_j p_{ij} w_{k,\kappa(j)} + p_{ji} w_{\kappa(j),k}

for person i in a cell of class k. Reading it makes a trial's price independent of how many others a
person has terms with; a change that is made costs the terms of the one person times the classes
near the cells concerned. Without tables the same sums are added up each time.

References
----------
.. [1] Incremental evaluation of neighbourhoods for grouping problems: Lai and Hao (2016), Iterated
   maxima search for the maximally diverse grouping problem, doi 10.1016/j.ejor.2016.05.018.
"""

from allocator.model.shapes import IntArray
from allocator.solver.packed import (
    EXTRA,
    FIELD_START,
    FIELD_STRUCTURE,
    FIELD_TIER,
    HAS_EXTRA,
    HAS_TABLE,
    KIND,
    N_FIELDS,
    N_PERSONS,
    NEAR,
    NEAR_AT,
    NEAR_START,
    PAIR_IN,
    PAIR_OTHER,
    PAIR_OUT,
    SLOT,
    cell,
    compiled,
    field,
    field_row,
    kind,
    pair,
    structure,
    weight,
)
from allocator.solver.search.state import MEMBERS, PEOPLE, PLACE, SUMS, room


@compiled("i8(i8[::1], i8, i8, i8)")
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


@compiled("i8(i8[::1], i8, i8, i8, i8)")
def pair_value(t: IntArray, e: int, q: int, c: int, other: int) -> int:
    """Value of pair term e when its person is in cell c and the other one in cell `other`."""
    k, h = kind(t, q, c, KIND), kind(t, q, other, KIND)
    value = pair(t, e, PAIR_OUT) * weight(t, q, k, h)
    if pair(t, e, PAIR_IN) != 0:
        value += pair(t, e, PAIR_IN) * weight(t, q, h, k)
    if c == other:
        value += (pair(t, e, PAIR_OUT) + pair(t, e, PAIR_IN)) * kind(t, q, c, EXTRA)
    return value


@compiled("i8(i8[::1], i8[::1], i8, i8, i8)")
def pair_sum(t: IntArray, s: IntArray, i: int, c: int, f: int) -> int:
    """Field f's terms of person i if in cell c, with everybody else where the state has them."""
    first, last = field_row(t, i, f), field_row(t, i, f + 1)
    total = 0
    if first == last:
        return total
    q = field(t, f, FIELD_STRUCTURE)
    if t[HAS_TABLE] == 0:
        for e in range(first, last):
            other = s[s[PLACE] + pair(t, e, PAIR_OTHER)]
            if other >= 0:
                total += pair_value(t, e, q, c, other)
        return total
    total = s[s[SUMS] + field(t, f, FIELD_START) + kind(t, q, c, KIND) * t[N_PERSONS] + i]
    if structure(t, q, HAS_EXTRA) != 0 and kind(t, q, c, EXTRA) != 0:
        points = 0
        for k in range(s[room(s, c, PEOPLE)]):
            j = s[s[MEMBERS] + cell(t, c, SLOT) + k]
            if j != i:
                e = find_pair(t, i, j, f)
                if e >= 0:
                    points += pair(t, e, PAIR_OUT) + pair(t, e, PAIR_IN)
        total += points * kind(t, q, c, EXTRA)
    return total


@compiled("void(i8[::1], i8[::1], i8, i8, i8[::1], i8)")
def add_pair_cost(t: IntArray, s: IntArray, i: int, c: int, d: IntArray, sign: int) -> None:
    """Add `sign` times the pair cost of person i in cell c; where i is does not matter."""
    for f in range(t[N_FIELDS]):
        d[field(t, f, FIELD_TIER)] += sign * pair_sum(t, s, i, c, f)


@compiled("void(i8[::1], i8[::1], i8, i8, i8, i8[::1])")
def add_exchange(t: IntArray, s: IntArray, i: int, j: int, c: int, d: IntArray) -> None:
    """Add the change of pair cost when i takes the cell of j and j goes to c (-1: nowhere)."""
    a, b = s[s[PLACE] + i], s[s[PLACE] + j]
    for f in range(t[N_FIELDS]):
        q = field(t, f, FIELD_STRUCTURE)
        change = pair_sum(t, s, i, b, f) - pair_sum(t, s, j, b, f)
        if a >= 0:
            change -= pair_sum(t, s, i, a, f)
        if c >= 0:
            change += pair_sum(t, s, j, c, f)
        e = find_pair(t, i, j, f)
        if e >= 0:
            change -= pair_value(t, e, q, b, b)
            if a >= 0:
                change += pair_value(t, e, q, a, b)
            if c >= 0:
                change += pair_value(t, e, q, b, c)
                if a >= 0:
                    change -= pair_value(t, e, q, a, c)
        d[field(t, f, FIELD_TIER)] += change


@compiled("void(i8[::1], i8[::1], i8, i8, i8)")
def shift_sums(t: IntArray, s: IntArray, i: int, c: int, sign: int) -> None:
    """Person i has come into cell c (sign 1) or gone from it (-1): everybody else's tables."""
    if t[HAS_TABLE] == 0 or c < 0:
        return
    n = t[N_PERSONS]
    for f in range(t[N_FIELDS]):
        first, last = field_row(t, i, f), field_row(t, i, f + 1)
        if first == last:
            continue
        q = field(t, f, FIELD_STRUCTURE)
        k = kind(t, q, c, KIND)
        at = t[NEAR_AT] + structure(t, q, NEAR_START) + k
        for z in range(t[at], t[at + 1]):
            h = t[t[NEAR] + z]
            out, back = sign * weight(t, q, k, h), sign * weight(t, q, h, k)
            row = s[SUMS] + field(t, f, FIELD_START) + h * n
            for e in range(first, last):
                points = pair(t, e, PAIR_OUT) * out + pair(t, e, PAIR_IN) * back
                s[row + pair(t, e, PAIR_OTHER)] += points
