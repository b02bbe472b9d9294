"""Simulated annealing of a flat problem: many more trials than the general search makes."""

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled, inlined
from allocator.solver.search.flat_moves import make
from allocator.solver.search.flat_scan import scan, scan_work
from allocator.solver.search.flat_state import (
    APART,
    APART_COST,
    CELLS_OF,
    FIRST,
    FLOATS,
    GROUPS,
    HAS_APART,
    HEAT,
    HIGH,
    HOLDS,
    INTS,
    LOW,
    MEMBER,
    NUMBER,
    NUMBERS,
    ORDER,
    OTHER,
    OUTSIDE,
    PLACE,
    SLOT,
    TAKEN,
    TO,
    UNIT,
    WEIGHT,
    WHO,
    Real,
    Whole,
    change_of,
    empty_tried,
    has_room,
    send,
)
from allocator.solver.search.state import draw, draw_unit

CHAINS_EVERY, CELLS_EVERY, CONTENTS_EVERY, CLASSES_EVERY = 8, 64, 400, 2000
MOST_OF_CHAIN, MOST_OF_CELLS, MOST_OF_CLASSES = 24, 16, 120  # people who change cells at once
TRIES = 3
FEW_TIES = 6  # for each of which there are at least so many people
HOPELESS = 30.0  # times the heat that no trial rises
SINGLES = 4  # trials by themselves after each scan


@inlined
def _pick_cell(q: Whole, f: Real, s: IntArray) -> int:
    """Any cell with people, or one of as many empty ones as there are kinds of cells."""
    taken, m = int(f[NUMBERS][0, TAKEN]), q[ORDER].shape[1]
    empty = empty_tried(f)
    position = draw(s, taken + empty)
    if position >= taken and m - taken > empty:
        position = taken + draw(s, m - taken)
    return q[ORDER][0, position]


@inlined
def _pick_target(q: Whole, f: Real, s: IntArray, i: int) -> int:
    """Any cell, or every other time that of somebody with whom a person of few ties has points."""
    first, ties = q[FIRST][0, i], q[FIRST][0, i + 1] - q[FIRST][0, i]
    if ties > 0 and FEW_TIES * ties < q[PLACE].shape[1] and draw(s, 2) == 0:
        return q[PLACE][0, q[OTHER][0, first + draw(s, ties)]]
    return _pick_cell(q, f, s)


@inlined
def _make_room(q: Whole, s: IntArray, i: int, j: int) -> int:
    """Where an exchange of two people of unequal places overfills a cell, a third one joins it."""
    weight, a, b = q[WEIGHT][0], q[PLACE][0, i], q[PLACE][0, j]
    more = weight[i] - weight[j]
    full = b if more > 0 else a
    if more == 0 or q[HOLDS][0, full] + abs(more) <= q[HIGH][0, full]:
        return 2
    k = q[MEMBER][0, q[SLOT][0, full] + draw(s, q[NUMBER][0, full])]
    if k in (i, j):
        return 2
    send(q, 2, k, a if full == b else b)
    return 3


@inlined
def _propose(q: Whole, f: Real, s: IntArray, i: int) -> int:
    """Write a move of a person, perhaps with one or two others; how many move, 0 for none."""
    a = q[PLACE][0, i]
    if draw(s, 3) == 0:
        for _ in range(TRIES):
            c = _pick_cell(q, f, s)
            if c != a and has_room(q, i, c):
                send(q, 0, i, c)
                return 1
        return 0
    b = _pick_target(q, f, s, i)
    if a == b or q[NUMBER][0, b] == 0:
        return 0
    j = q[MEMBER][0, q[SLOT][0, b] + draw(s, q[NUMBER][0, b])]
    send(q, 0, i, b)
    if has_room(q, i, b) and draw(s, 2) == 0:
        return 1
    if draw(s, 8) == 0:
        c = _pick_cell(q, f, s)
        if c not in (a, b) and has_room(q, j, c):
            send(q, 1, j, c)
            return 2
    send(q, 1, j, a)
    return _make_room(q, s, i, j)


@inlined
def _add_people(q: Whole, a: int, b: int, movers: int, most: int) -> int:
    """Write that all people of a cell go to another one; how many move then, 0 for too many."""
    number = q[NUMBER][0, a]
    if movers + number > most:
        return 0
    for x in range(number):
        send(q, movers + x, q[MEMBER][0, q[SLOT][0, a] + x], b)
    return movers + number


@inlined
def _propose_cells(q: Whole, f: Real, s: IntArray) -> int:
    """Write that all people of two cells change cells."""
    a, b = _pick_cell(q, f, s), _pick_cell(q, f, s)
    if a == b or q[NUMBER][0, a] + q[NUMBER][0, b] > MOST_OF_CELLS:
        return 0
    return _add_people(q, b, a, _add_people(q, a, b, 0, MOST_OF_CELLS), MOST_OF_CELLS)


@inlined
def _limits_alike(q: Whole, a: int, b: int) -> bool:
    """True where the same limits hold for two cells, so that it is all one who is in which."""
    for limit in range(q[UNIT].shape[0]):
        u, v, low, high = q[UNIT][limit, a], q[UNIT][limit, b], q[LOW][limit], q[HIGH][limit]
        if (u < 0) != (v < 0) or (u >= 0 and (low[u] != low[v] or high[u] != high[v])):
            return False
    return True


@inlined
def _propose_contents(q: Whole, s: IntArray) -> int:
    """Write that two groups change cells, of which one may then grow and the other one shrink."""
    a, b = draw(s, q[NUMBER].shape[1]), draw(s, q[NUMBER].shape[1])
    if a == b or _limits_alike(q, a, b):
        return 0
    most = min(MOST_OF_CLASSES, q[PLACE].shape[1])
    return _add_people(q, b, a, _add_people(q, a, b, 0, most), most)


@inlined
def _propose_classes(q: Whole, s: IntArray) -> int:
    """Write that all people of two classes of cells change classes, cell by cell by size."""
    k, h = draw(s, q[CELLS_OF].shape[0]), draw(s, q[CELLS_OF].shape[0])
    if k == h or q[CELLS_OF].shape[1] == 1:
        return 0
    movers, most = 0, min(MOST_OF_CLASSES, q[PLACE].shape[1])
    for x in range(q[CELLS_OF].shape[1]):
        a, b = q[CELLS_OF][k, x], q[CELLS_OF][h, x]
        if a < 0 or b < 0:
            break
        for c, d in ((a, b), (b, a)):
            before = movers
            movers = _add_people(q, c, d, movers, most)
            if movers < before:
                return 0
    return movers


@inlined
def _propose_chain(q: Whole, f: Real, s: IntArray, i: int) -> int:
    """Write that a person goes to a cell, and back come all who may not be there with them.

    So do all in the first cell who may not be with these, and on: a Kempe chain.
    """
    a, b, k = q[PLACE][0, i], _pick_target(q, f, s, i), 0
    send(q, 0, i, b)
    movers = int(a != b)
    while k < movers:
        person, c = q[WHO][0, k], q[TO][0, k]
        for at in range(q[SLOT][0, c], q[SLOT][0, c] + q[NUMBER][0, c]):
            j = q[MEMBER][0, at]
            if f[APART][person, j] * f[APART_COST][0, c] != 0.0 and not _goes(q, j, movers):
                if movers == MOST_OF_CHAIN:
                    return 0
                send(q, movers, j, a if c == b else b)
                movers += 1
        k += 1
    return movers


@inlined
def _goes(q: Whole, j: int, movers: int) -> bool:
    """True where somebody is among the first of WHO."""
    x = 0
    while x < movers and q[WHO][0, x] != j:
        x += 1
    return x < movers


@inlined
def _draw_person(q: Whole, s: IntArray, linked: IntArray) -> int:
    """Anybody, or three times in four one of `linked`."""
    if len(linked) > 0 and draw(s, 4) > 0:
        return linked[draw(s, len(linked))]
    return draw(s, q[PLACE].shape[1])


@inlined
def _draw_outside(q: Whole, f: Real, s: IntArray, linked: IntArray) -> int:
    """Anybody, or every other time somebody of those without a cell where there are any."""
    c = int(f[NUMBERS][0, OUTSIDE])
    if c >= 0 and q[NUMBER][0, c] > 0 and draw(s, 2) == 0:
        return q[MEMBER][0, q[SLOT][0, c] + draw(s, q[NUMBER][0, c])]
    return _draw_person(q, s, linked)


@inlined
def _try_one(q: Whole, f: Real, s: IntArray, linked: IntArray, trial: int, best: IntArray) -> None:
    """Make a trial by itself."""
    heat, groups = f[NUMBERS][0, HEAT], f[NUMBERS][0, GROUPS] != 0.0
    apart = f[NUMBERS][0, HAS_APART] != 0.0
    if groups and trial % CONTENTS_EVERY == CONTENTS_EVERY - 1:
        movers = _propose_contents(q, s)
    elif trial % CLASSES_EVERY == CLASSES_EVERY - 1:
        movers = _propose_classes(q, s)
    elif apart and trial % CHAINS_EVERY == CHAINS_EVERY - 1:
        movers = _propose_chain(q, f, s, _draw_outside(q, f, s, linked))
    elif trial % CELLS_EVERY == CELLS_EVERY - 1:
        movers = _propose_cells(q, f, s)
    else:
        movers = _propose(q, f, s, _draw_person(q, s, linked))
    if movers == 0:
        return
    change = change_of(q, f, movers)
    if change > 0.0 and (change > HOPELESS * heat or draw_unit(s) >= np.exp(-change / heat)):
        return
    make(q, f, movers, change, best)


@compiled(f"void({INTS}, {FLOATS}, i8[::1], i8[::1], i8[::1], f8, i8)")
def anneal_flat(
    q: Whole,
    f: Real,
    s: IntArray,
    linked: IntArray,
    best: IntArray,
    cooling: float,
    trials: int,
) -> None:
    """Make trial moves, or scans in their time; the best placement goes to `best`, shape (n,).

    Parameters
    ----------
    q, f : as `settle` and earlier calls left them; HEAT is multiplied by `cooling` each trial.
    s : a state, for its random numbers. linked : people tried three times in four.
    """
    scans = f[NUMBERS][0, GROUPS] != 0.0
    work, done, trial = scan_work(q), 0, 0
    cooled = cooling**work
    while done < trials:
        if scans:
            f[NUMBERS][0, HEAT] *= cooled
            scan(q, f, s, _draw_person(q, s, linked), best)
            done += work
        for _ in range(SINGLES):
            f[NUMBERS][0, HEAT] *= cooling
            _try_one(q, f, s, linked, trial, best)
            trial, done = trial + 1, done + 1
