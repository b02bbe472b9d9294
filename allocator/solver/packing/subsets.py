"""Sets of people who may enter a cell together and fill it: depth-first, people by kind.

Whatever keeps people out of a cell, out of company or out of a unit is asked of the state, so every
hard shape but lower limits holds for each set beside those who are placed already.

References
----------
.. [1] Gupta and Ho (1999), A new heuristic algorithm for the one-dimensional bin-packing problem:
   the set that leaves the least room in one bin.
.. [2] Fleszar and Hindi (2002), New heuristics for one-dimensional bin-packing: the largest first.
"""

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled, inner
from allocator.solver.packed import CAP, PLACES, cell, person
from allocator.solver.search.apply import shift
from allocator.solver.search.entry import may_enter
from allocator.solver.search.state import LOAD, room

# A set in `found`: how many they are, then who.
SIZE, SET_HEADER = 0, 1
POOL_ROWS = 4
NODES = 500_000  # people put in to list the sets of a cell


@inner("i8(i8[::1], i8[::1], i8, i8[::1], i8[::1], i8[:, ::1])")
def candidates(
    t: IntArray, s: IntArray, c: int, people: IntArray, kind: IntArray, pool: IntArray
) -> int:
    """Write who of `people`, all nowhere, may enter a cell into row 0 of `pool`; their number.

    Row 1 gets the places that each of them and all after them need together, row 3 their kinds;
    row 2 is for who is put in.
    """
    number = 0
    for i in people:
        if may_enter(t, s, i, c):
            pool[0, number] = i
            pool[3, number] = kind[i]
            number += 1
    rest = 0
    for at in range(number - 1, -1, -1):
        rest += person(t, pool[0, at], PLACES)
        pool[1, at] = rest
    return number


@inner("i8(i8[::1], i8[::1], i8, i8[:, :], i8, i8, i8[:, ::1])")
def search_sets(
    t: IntArray,
    s: IntArray,
    c: int,
    pool: IntArray,
    least: int,
    nodes: int,
    found: IntArray,
) -> int:
    """Sets of those in `pool` that take at least `least` places of a cell; how many.

    People of one kind follow one another in the pool, and of sets that differ by names only one is
    found. At most `nodes` people are put in. The state is left as it was.

    Parameters
    ----------
    least : at least 1; with 0 only the fullest set is kept, in row 0.
    found : shape (sets, SET_HEADER + most people), a row each.

    Returns the number, or -1 less the number where the search was cut short.
    """
    left = cell(t, c, CAP) - s[room(s, c, LOAD)]
    stack, number = pool[2], pool.shape[1]
    depth, at, taken, sets = 0, 0, 0, 0
    rising = least == 0
    least = max(1, least)
    while True:
        while at < number and (
            taken + person(t, pool[0, at], PLACES) > left or not may_enter(t, s, pool[0, at], c)
        ):
            at = _next_kind(pool, at)
        if at < number and nodes > 0 and taken + pool[1, at] >= least:
            stack[depth] = at
            depth += 1
            taken += person(t, pool[0, at], PLACES)
            shift(t, s, pool[0, at], c, 1)
            nodes -= 1
            at += 1
            if taken >= least:
                row = 0 if rising else sets
                sets = row + 1
                _write(pool, depth, found[row])
                least = taken + 1 if rising else least
                if (rising and taken == left) or (not rising and sets == len(found)):
                    nodes = 0
            continue
        if depth == 0:
            return -1 - sets if nodes == 0 else sets
        depth -= 1
        at = stack[depth]
        taken -= person(t, pool[0, at], PLACES)
        shift(t, s, pool[0, at], c, -1)
        at = number if nodes == 0 else _next_kind(pool, at)


@inner("void(i8[:, :], i8, i8[::1])")
def _write(pool: IntArray, size: int, row: IntArray) -> None:
    """Write those who were put in."""
    row[SIZE] = size
    for k in range(size):
        row[SET_HEADER + k] = pool[0, pool[2, k]]


@inner("i8(i8[:, :], i8)")
def _next_kind(pool: IntArray, at: int) -> int:
    """Position of the first person of another kind behind `at`."""
    own = pool[3, at]
    while at < pool.shape[1] and pool[3, at] == own:
        at += 1
    return at


@compiled("i8(i8[::1], i8[::1], i8, i8[::1], i8[::1], i8, i8[:, ::1])", allocates=True)
def sets_of_cell(
    t: IntArray,
    s: IntArray,
    c: int,
    people: IntArray,
    kind: IntArray,
    least: int,
    found: IntArray,
) -> int:
    """All sets of `people`, who are nowhere, that take at least `least` places of a cell.

    Returns how many, or -1 less their number where there may be more.
    """
    pool = np.empty((POOL_ROWS, len(people)), dtype=np.int64)
    number = candidates(t, s, c, people, kind, pool)
    return search_sets(t, s, c, pool[:, :number], max(1, least), NODES, found)
