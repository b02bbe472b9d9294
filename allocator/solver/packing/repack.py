"""A few cells emptied and filled anew, each as full as can be, again and again.

References
----------
.. [1] Gupta and Ho (1999), A new heuristic algorithm for the one-dimensional bin-packing problem.
.. [2] Fleszar and Hindi (2002), New heuristics for one-dimensional bin-packing: whoever is hardest
   to place first, then the fullest set with them; neighbourhoods of such fillings.
"""

import numpy as np

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.compiled import compiled, inner
from allocator.solver.packed import CAP, N_PERSONS, SLOT, cell, spot
from allocator.solver.packing.subsets import POOL_ROWS, SET_HEADER, SIZE, candidates, search_sets
from allocator.solver.search.apply import shift
from allocator.solver.search.entry import may_enter
from allocator.solver.search.state import LOAD, MEMBERS, PEOPLE, PLACE, draw, room

FEWEST, MOST = 2, 6  # cells
NODES = 500  # people put in to fill a cell
PATIENCE = 16  # fillings that are as good but less uneven, for each that is kept


@inner("i8(i8[::1], i8[::1], i8)")
def _fullness(s: IntArray, cells: IntArray, number: int) -> int:
    """Squares of the loads of some cells: of equally many places taken, uneven is better."""
    total = 0
    for k in range(number):
        total += s[room(s, cells[k], LOAD)] ** 2
    return total


@inner("i8(i8[::1], i8[::1], i8)")
def _load(s: IntArray, cells: IntArray, number: int) -> int:
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


@inner("i8(i8[::1], i8[::1], i8[::1])")
def _nowhere(s: IntArray, people: IntArray, waiting: IntArray) -> int:
    """Write those of `people` who have no place to `waiting`, in their order; how many."""
    number = 0
    for i in people:
        if s[spot(s, PLACE, i)] < 0:
            waiting[number] = i
            number += 1
    return number


@inner("void(i8[::1], i8[::1], i8, i8[::1], i8[::1], i8[:, ::1], i8[:, ::1])")
def _fill(
    t: IntArray,
    s: IntArray,
    c: int,
    waiting: IntArray,
    kind: IntArray,
    pool: IntArray,
    found: IntArray,
) -> None:
    """Fill a cell with some of `waiting`, the first who may enter among them."""
    for i in waiting:
        if s[spot(s, PLACE, i)] < 0 and may_enter(t, s, i, c):
            shift(t, s, i, c, 1)
            break
    others = pool[POOL_ROWS, : _nowhere(s, waiting, pool[POOL_ROWS])]
    number = candidates(t, s, c, others, kind, pool)
    found[0, SIZE] = 0
    search_sets(t, s, c, pool[:POOL_ROWS, :number], 0, NODES, found)
    for k in range(found[0, SIZE]):
        shift(t, s, found[0, SET_HEADER + k], c, 1)


@inner("i8(i8[::1], i8[::1], b1[::1], i8[::1], i8, i8[:, ::1])")
def _empty(
    t: IntArray, s: IntArray, free: BoolArray, cells: IntArray, number: int, before: IntArray
) -> int:
    """Take who is to be placed out of the first cells and note where they were; how many."""
    moved = 0
    for k in range(number):
        c = cells[k]
        for at in range(s[room(s, c, PEOPLE)] - 1, -1, -1):
            i = s[spot(s, MEMBERS, cell(t, c, SLOT) + at)]
            if free[i]:
                before[0, moved] = i
                before[1, moved] = c
                moved += 1
                shift(t, s, i, c, -1)
    return moved


@inner("void(i8[::1], i8[::1], i8[::1], i8[:, ::1], i8)")
def _undo(t: IntArray, s: IntArray, waiting: IntArray, before: IntArray, moved: int) -> None:
    """Put everybody back where they were."""
    for i in waiting:
        if s[spot(s, PLACE, i)] >= 0:
            shift(t, s, i, s[spot(s, PLACE, i)], -1)
    for k in range(moved):
        shift(t, s, before[0, k], before[1, k], 1)


@compiled("i8(i8[::1], i8[::1], i8[::1], i8[::1], b1[::1], i8[::1], i8)", allocates=True)
def repack(
    t: IntArray,
    s: IntArray,
    order: IntArray,
    kind: IntArray,
    free: BoolArray,
    cells: IntArray,
    rounds: int,
) -> int:
    """Empty and fill cells again, keeping what takes no fewer places; rounds made.

    It ends when all of `order` have a place. Counters of the state only: its values stay behind.

    Parameters
    ----------
    order : who is to be placed, people of one kind one after another. free : shape (n,), the same.
    kind : shape (n,). cells : that may be emptied; changes places.
    """
    n = t[N_PERSONS]
    pool = np.empty((POOL_ROWS + 1, n), dtype=np.int64)
    found = np.empty((1, SET_HEADER + n), dtype=np.int64)
    waiting = np.empty(n, dtype=np.int64)
    before = np.empty((2, n), dtype=np.int64)
    for number in range(rounds):
        chosen = _choose(t, s, cells)
        load, fullness = _load(s, cells, chosen), _fullness(s, cells, chosen)
        moved = _empty(t, s, free, cells, chosen, before)
        left = _nowhere(s, order, waiting)
        for k in range(chosen):
            _fill(t, s, cells[k], waiting[:left], kind, pool, found)
        gain = _load(s, cells, chosen) - load
        worse = gain == 0 and _fullness(s, cells, chosen) < fullness and draw(s, PATIENCE) > 0
        if gain < 0 or worse:
            _undo(t, s, waiting[:left], before, moved)
        elif _nowhere(s, waiting[:left], pool[POOL_ROWS]) == 0:
            return number + 1
    return rounds
