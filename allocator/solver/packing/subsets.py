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

# Header of a set in `found`; its people follow.
TAKEN, SIZE = range(2)
SET_HEADER = 2


@inner("i8(i8[::1], i8[::1], i8, i8[::1], i8[:, ::1])")
def candidates(t: IntArray, s: IntArray, c: int, people: IntArray, pool: IntArray) -> int:
    """Write who of `people`, all nowhere, may enter a cell into row 0 of `pool`; their number.

    Row 1 gets the places that each of them and all after them need together.
    """
    number = 0
    for i in people:
        if may_enter(t, s, i, c):
            pool[0, number] = i
            number += 1
    rest = 0
    for at in range(number - 1, -1, -1):
        rest += person(t, pool[0, at], PLACES)
        pool[1, at] = rest
    return number


@inner("i8(i8[::1], i8[::1], i8, i8[:, ::1], i8, i8[::1], i8, i8, b1, i8[:, ::1])")
def search_sets(
    t: IntArray,
    s: IntArray,
    c: int,
    pool: IntArray,
    number: int,
    kind: IntArray,
    least: int,
    nodes: int,
    rising: bool,  # noqa: FBT001 - compiled
    found: IntArray,
) -> int:
    """Sets of the first `number` of `pool` that take at least `least` places of a cell; how many.

    People of one kind follow one another in the pool, and of sets that differ by names only one is
    found. At most `nodes` people are put in. The state is left as it was.

    Parameters
    ----------
    kind : shape (n,). rising : keep the fullest set only, in row 0.
    found : shape (sets, SET_HEADER + most people), a row each.

    Returns the number, or -1 less the number where the search was cut short.
    """
    left = cell(t, c, CAP) - s[room(s, c, LOAD)]
    stack = pool[2]
    depth, at, taken, sets = 0, 0, 0, 0
    while True:
        while at < number and (
            taken + person(t, pool[0, at], PLACES) > left
            or not may_enter(t, s, pool[0, at], c)
        ):
            at = _next_kind(pool, number, kind, at)
        if at < number and nodes > 0 and taken + pool[1, at] >= least:
            stack[depth] = at
            depth += 1
            taken += person(t, pool[0, at], PLACES)
            shift(t, s, pool[0, at], c, 1)
            nodes -= 1
            at += 1
            if taken >= least:
                row = 0 if rising else sets
                found[row, TAKEN] = taken
                found[row, SIZE] = depth
                for k in range(depth):
                    found[row, SET_HEADER + k] = pool[0, stack[k]]
                sets = row + 1
                if rising:
                    least = taken + 1
                if (rising and taken == left) or (not rising and sets == len(found)):
                    nodes = 0
            continue
        if depth == 0:
            return -1 - sets if nodes == 0 else sets
        depth -= 1
        at = stack[depth]
        taken -= person(t, pool[0, at], PLACES)
        shift(t, s, pool[0, at], c, -1)
        at = number if nodes == 0 else _next_kind(pool, number, kind, at)


@inner("i8(i8[:, ::1], i8, i8[::1], i8)")
def _next_kind(pool: IntArray, number: int, kind: IntArray, at: int) -> int:
    """Position of the first person of another kind behind `at`."""
    own = kind[pool[0, at]]
    while at < number and kind[pool[0, at]] == own:
        at += 1
    return at


@compiled(
    "i8(i8[::1], i8[::1], i8, i8[::1], i8[::1], i8, i8, i8[:, ::1])", allocates=True
)
def sets_of_cell(
    t: IntArray,
    s: IntArray,
    c: int,
    people: IntArray,
    kind: IntArray,
    least: int,
    nodes: int,
    found: IntArray,
) -> int:
    """All sets of `people`, who are nowhere, that take at least `least` places of a cell.

    Returns how many, or -1 less their number where there may be more.
    """
    pool = np.empty((3, len(people)), dtype=np.int64)
    number = candidates(t, s, c, people, pool)
    return search_sets(t, s, c, pool, number, kind, least, nodes, False, found)  # noqa: FBT003
