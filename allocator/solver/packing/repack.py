"""A few cells emptied and filled anew, each as full as can be, again and again.

References
----------
.. [1] Gupta and Ho (1999), A new heuristic algorithm for the one-dimensional bin-packing problem.
.. [2] Fleszar and Hindi (2002), New heuristics for one-dimensional bin-packing: whoever is hardest
   to place first, then the fullest set with them; neighbourhoods of such fillings.
"""

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled, inner
from allocator.solver.packed import CAP, FIXED, N_PERSONS, PLACES, SLOT, cell, person
from allocator.solver.packing.subsets import SET_HEADER, SIZE, candidates, search_sets
from allocator.solver.search.apply import shift
from allocator.solver.search.entry import may_enter
from allocator.solver.search.state import LOAD, MEMBERS, PEOPLE, PLACE, draw, room

FEWEST, MOST = 2, 6  # cells


@inner("i8(i8[::1], i8[::1], i8[::1], i8)")
def _fullness(t: IntArray, s: IntArray, cells: IntArray, number: int) -> int:
    """Squares of the loads of some cells: of equally many places taken, uneven is better."""
    total = 0
    for k in range(number):
        total += s[room(s, cells[k], LOAD)] ** 2
    return total


@inner("i8(i8[::1], i8[::1], i8[::1], i8)")
def _load(t: IntArray, s: IntArray, cells: IntArray, number: int) -> int:
    total = 0
    for k in range(number):
        total += s[room(s, cells[k], LOAD)]
    return total


@inner("i8(i8[::1], i8[::1], i8[::1])", allocates=True)
def _choose(t: IntArray, s: IntArray, cells: IntArray) -> int:
    """Bring some cells to the front, half of the time one that has room first; how many."""
    number = min(len(cells), FEWEST + draw(s, MOST - FEWEST + 1))
    for k in range(number):
        at = k + draw(s, len(cells) - k)
        if k == 0 or draw(s, 2) == 0:
            for _ in range(len(cells)):
                c = cells[at]
                if s[room(s, c, LOAD)] < cell(t, c, CAP):
                    break
                at = k + (at + 1 - k) % (len(cells) - k)
        cells[k], cells[at] = cells[at], cells[k]
    return number


@inner("void(i8[::1], i8[::1], i8, i8[::1], i8[::1], i8, i8[:, ::1], i8[:, ::1])", allocates=True)
def _fill(
    t: IntArray,
    s: IntArray,
    c: int,
    waiting: IntArray,
    kind: IntArray,
    nodes: int,
    pool: IntArray,
    found: IntArray,
) -> None:
    """Fill a cell with some of `waiting`, the first who may enter among them."""
    for i in waiting:
        if s[s[PLACE] + i] < 0 and may_enter(t, s, i, c):
            shift(t, s, i, c, 1)
            break
    number = 0
    for i in waiting:
        if s[s[PLACE] + i] < 0:
            pool[2, number] = i
            number += 1
    others = pool[2, :number].copy()
    number = candidates(t, s, c, others, pool)
    found[0, SIZE] = 0
    search_sets(t, s, c, pool, number, kind, 1, nodes, True, found)  # noqa: FBT003
    for k in range(found[0, SIZE]):
        shift(t, s, found[0, SET_HEADER + k], c, 1)


@compiled(
    "i8(i8[::1], i8[::1], i8[::1], i8[::1], b1[::1], i8[::1], i8, i8)", allocates=True
)
def repack(
    t: IntArray,
    s: IntArray,
    order: IntArray,
    kind: IntArray,
    free: IntArray,
    cells: IntArray,
    rounds: int,
    nodes: int,
) -> int:
    """Empty and fill cells again, keeping what takes no fewer places; rounds made.

    It ends when all of `order` have a place. Counters of the state only: its values stay behind.

    Parameters
    ----------
    order : who is to be placed, people of one kind one after another. free : shape (n,), the same.
    cells : that may be emptied; changes places. nodes : people put in for each filling, at most.
    """
    n = t[N_PERSONS]
    pool = np.empty((3, n), dtype=np.int64)
    found = np.empty((1, SET_HEADER + n), dtype=np.int64)
    waiting = np.empty(n, dtype=np.int64)
    before = np.empty((2, n), dtype=np.int64)
    for number in range(rounds):
        chosen = _choose(t, s, cells)
        load, fullness = _load(t, s, cells, chosen), _fullness(t, s, cells, chosen)
        moved = 0
        for k in range(chosen):
            c = cells[k]
            for at in range(s[room(s, c, PEOPLE)] - 1, -1, -1):
                i = s[s[MEMBERS] + cell(t, c, SLOT) + at]
                if free[i]:
                    before[0, moved] = i
                    before[1, moved] = c
                    moved += 1
                    shift(t, s, i, c, -1)
        left = 0
        for i in order:
            if s[s[PLACE] + i] < 0:
                waiting[left] = i
                left += 1
        for k in range(chosen):
            _fill(t, s, cells[k], waiting[:left], kind, nodes, pool, found)
        gain = _load(t, s, cells, chosen) - load
        if gain < 0 or (gain == 0 and _fullness(t, s, cells, chosen) < fullness):
            for k in range(left):
                c = s[s[PLACE] + waiting[k]]
                if c >= 0:
                    shift(t, s, waiting[k], c, -1)
            for k in range(moved):
                shift(t, s, before[0, k], before[1, k], 1)
            continue
        out = 0
        for k in range(left):
            out += s[s[PLACE] + waiting[k]] < 0
        if out == 0:
            return number + 1
    return rounds
