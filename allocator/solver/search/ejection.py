"""People without a cell are given one, and whoever may not be there with them is put out.

Where many may not share a cell, the last few find no room by moves that each leave everybody in
place. So a walk goes on among placements that lack somebody: in each step it takes the person and
the cell for which the fewest have to leave, and these may not return to it for a while.

References
----------
.. [1] Blöchliger and Zufferey (2008), A graph coloring heuristic using partial solutions and a
   reactive tabu scheme, doi 10.1016/j.cor.2006.05.014.
"""

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled, inlined
from allocator.solver.search.flat_moves import make
from allocator.solver.search.flat_state import (
    APART,
    APART_COST,
    FLOATS,
    HIGH,
    HOLDS,
    INTS,
    MEMBER,
    NUMBER,
    NUMBERS,
    OUTSIDE,
    OWN,
    SLOT,
    WEIGHT,
    WHO,
    Real,
    Whole,
    change_of,
    has_room,
    is_open,
    send,
)
from allocator.solver.search.state import draw

LOOKED_AT = 16  # people without a cell in each step
SHARE_AWAY, AT_RANDOM = 0.6, 10  # steps of staying away: so many of those without a cell, and more
# Of a walk: steps so far, fewest and most people without a cell in this period, and for how many
# more steps whoever left a cell stays away. These are more after each period in which the number
# hardly changed, and slowly fewer again.
STEP, LEAST, MOST, LONGER = range(4)
PERIOD, HARDLY, MORE, FEWER = 1000, 1, 10, 1
MOST_PUT_OUT = 24  # in one step


@inlined
def _must_leave(q: Whole, f: Real, i: int, c: int) -> int:
    """How many have to leave a cell for a person: who may not be there with them, or one for room.

    Costs of the tier are less than half of what two people cost who may not share a cell.
    """
    apart = int(f[OWN][c, i] / f[APART_COST][0, c] + 0.5)
    return apart if apart > 0 or has_room(q, i, c) else 1


@inlined
def _choose(
    q: Whole, f: Real, s: IntArray, until: IntArray, step: int, out: int
) -> tuple[int, int]:
    """The person outside and the cell for which the fewest must leave; a cell of -1 for none."""
    number, least, ties, person, cell = q[NUMBER][0, out], 1 << 30, 0, -1, -1
    first = draw(s, number)
    for x in range(min(number, LOOKED_AT)):
        at = first + x if first + x < number else first + x - number
        i = q[MEMBER][0, q[SLOT][0, out] + at]
        for c in range(q[NUMBER].shape[1]):
            if c == out or not is_open(q, f, i, c):
                continue
            leave = _must_leave(q, f, i, c)
            if leave > least or (leave > 0 and until[i, c] > step):
                continue
            ties = ties + 1 if leave == least else 1
            if leave < least or draw(s, ties) == 0:
                least, person, cell = leave, i, c
    return person, cell


@inlined
def _put_in(q: Whole, f: Real, s: IntArray, i: int, c: int, out: int) -> int:
    """Write that a person goes to a cell and others leave it; how many move, 0 for too many."""
    first, number = q[SLOT][0, c], q[NUMBER][0, c]
    send(q, 0, i, c)
    movers, free = 1, q[HIGH][0, c] - q[HOLDS][0, c] - q[WEIGHT][0, i]
    for at in range(first, first + number):
        j = q[MEMBER][0, at]
        if f[APART][i, j] != 0.0:
            if movers == MOST_PUT_OUT:
                return 0
            send(q, movers, j, out)
            free += q[WEIGHT][0, j]
            movers += 1
    if free < 0 and movers == 1:
        j = q[MEMBER][0, first + draw(s, number)]
        send(q, 1, j, out)
        movers = 2
    return movers


@inlined
def _look_back(walk: IntArray, lacking: int) -> None:
    """Note how many lack a cell; after each period change for how long people stay away."""
    walk[LEAST], walk[MOST] = min(walk[LEAST], lacking), max(walk[MOST], lacking)
    if walk[STEP] % PERIOD == 0:
        stuck = walk[MOST] - walk[LEAST] <= HARDLY
        walk[LONGER] = walk[LONGER] + MORE if stuck else max(0, walk[LONGER] - FEWER)
        walk[LEAST] = walk[MOST] = lacking


@compiled(f"void({INTS}, {FLOATS}, i8[::1], i8[:,::1], i8[::1], i8[::1], i8)")
def put_out(
    q: Whole,
    f: Real,
    s: IntArray,
    until: IntArray,
    walk: IntArray,
    best: IntArray,
    steps: int,
) -> None:
    """Make steps of a walk; the best placement goes to `best`, shape (n,).

    Parameters
    ----------
    q, f : as `settle` and earlier calls left them. s : a state, for its random numbers.
    until : shape (n, m), the step from which a person may be put into a cell again.
    walk : shape (4,); both zeros before the first call.
    """
    out = int(f[NUMBERS][0, OUTSIDE])
    for _ in range(steps):
        lacking = q[NUMBER][0, out]
        if lacking == 0:
            return
        walk[STEP] += 1
        _look_back(walk, lacking)
        i, c = _choose(q, f, s, until, walk[STEP], out)
        if c < 0:
            continue
        away = walk[STEP] + int(SHARE_AWAY * lacking) + draw(s, AT_RANDOM) + walk[LONGER]
        movers = _put_in(q, f, s, i, c, out)
        if movers == 0 or not make(q, f, movers, change_of(q, f, movers), best):
            until[i, c] = away
            continue
        for x in range(1, movers):
            until[q[WHO][0, x], c] = away
