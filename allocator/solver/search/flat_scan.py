"""Trials of one person with all cells and with everybody else, in one go.

A trial that rises by less than the heat times a draw from the exponential distribution is accepted,
which is the rule of Metropolis. As nothing changes before one is, a row of trials is a few
additions over arrays, of which the processor does several at a time: ten to thirty trials in the
time of one by itself. The first that is accepted ends the scan, so that whoever can move easily
moves once, and most of the time is left for the others.

It pays where few have to be told of a move: groups without contact between them. With contact
between many classes telling takes longer than trying, and trials by themselves find as much.

References
----------
.. [1] Metropolis et al. (1953), Equation of state calculations by fast computing machines, doi
   10.1063/1.1699114.
"""

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled, inlined
from allocator.solver.search.flat_moves import make
from allocator.solver.search.flat_state import (
    CROSS,
    DRAWS,
    HAS_OWN,
    HEAT,
    HIGH,
    HOLDS,
    KIND,
    LUCK,
    NEVER,
    NOW,
    NUMBERS,
    ORDER,
    OWN,
    PLACE,
    POINTS,
    SUMS,
    TAKEN,
    THERE,
    WEIGHT,
    Real,
    Whole,
    between,
    cost_in,
    empty_tried,
    has_room,
    is_open,
    send,
)
from allocator.solver.search.state import draw
from allocator.solver.search.terms import Floats

BLOCK = 64  # people who are tried before it is asked whether somebody was accepted
BY_ITSELF, AT_ONCE = 4, 32  # trials' time that a scan takes, and people for another one


@inlined
def scan_work(q: Whole) -> int:
    """In how many single trials' time a scan is made, about."""
    return BY_ITSELF + (q[PLACE].shape[1] + q[KIND].shape[1]) // AT_ONCE


@compiled(
    "i8(f8[::1], f8[::1], i8[::1], f8[::1], f8[::1], f8[::1], f8[::1], f8[::1], f8)", fast=True
)
def _accepted(  # noqa: PLR0913, PLR0917 - a compiled function takes no structures
    there: Floats,
    cross: Floats,
    place: IntArray,
    sums: Floats,
    own: Floats,
    now: Floats,
    points: Floats,
    luck: Floats,
    heat: float,
) -> int:
    """How many of a block of people would change places with somebody.

    Parameters
    ----------
    there, cross : shape (m,), as THERE and CROSS. The others are of the block: cells, costs in the
        somebody's class and cell, costs now, points with the somebody, and luck.
    """
    number = 0
    for x in range(len(place)):
        c = np.uint64(place[x])
        rise = there[c] + cross[c] * points[x] + sums[x] + own[x] - now[x]
        if rise < heat * luck[x]:
            number += 1
    return number


@inlined
def _nth(q: Whole, f: Real, position: int, shift: int) -> int:
    """Cell at a position of the order, that of the first empty ones being `shift` further on."""
    return q[ORDER][0, position if position < f[NUMBERS][0, TAKEN] else position + shift]


@inlined
def _price_cells(q: Whole, f: Real, s: IntArray, i: int) -> tuple[int, int]:
    """Write THERE and CROSS of a person; how many cells are tried, and how far on empty ones are.

    Of empty cells as many are tried as there are kinds.
    """
    a, now = q[PLACE][0, i], f[NOW][0, i]
    cells, inside = int(f[NUMBERS][0, TAKEN]) + empty_tried(f), between(q, f, a, a)
    shift = draw(s, q[ORDER].shape[1] - cells + 1)
    for x in range(cells):
        c = _nth(q, f, x, shift)
        f[THERE][0, c] = cost_in(q, f, i, c) - now if is_open(q, f, i, c) else NEVER
        f[CROSS][0, c] = 2.0 * between(q, f, a, c) - between(q, f, c, c) - inside
    f[THERE][0, a] = NEVER
    return cells, shift


@inlined
def _go(q: Whole, f: Real, best: IntArray, i: int, c: int) -> bool:
    """Let a person go to a cell if the limits allow it."""
    if not has_room(q, i, c):
        return False
    send(q, 0, i, c)
    return make(q, f, 1, f[THERE][0, c], best)


@inlined
def _swap(q: Whole, f: Real, best: IntArray, i: int, j: int, rise: float) -> bool:
    """Let two people change places if the limits allow it."""
    a, b, more = q[PLACE][0, i], q[PLACE][0, j], q[WEIGHT][0, i] - q[WEIGHT][0, j]
    if q[HOLDS][0, b] + more > q[HIGH][0, b] or q[HOLDS][0, a] - more > q[HIGH][0, a]:
        return False
    send(q, 0, i, b)
    send(q, 1, j, a)
    return make(q, f, 2, rise, best)


@inlined
def _rise(q: Whole, f: Real, i: int, j: int) -> float:
    """By how much the value rises when two people change places."""
    a, c = q[PLACE][0, i], q[PLACE][0, j]
    here = cost_in(q, f, j, a) - f[NOW][0, j]
    return f[THERE][0, c] + f[CROSS][0, c] * f[POINTS][i, j] + here


@inlined
def _any_accepted(q: Whole, f: Real, i: int, first: int, size: int, luck: int) -> bool:
    """Whether a person would change places with one of so many people from the first on."""
    a, end = q[PLACE][0, i], first + size
    own = f[OWN][a if f[NUMBERS][0, HAS_OWN] != 0.0 else 0]
    return _accepted(
        f[THERE][0], f[CROSS][0], q[PLACE][0, first:end], f[SUMS][q[KIND][0, a], first:end],
        own[first:end], f[NOW][0, first:end], f[POINTS][i, first:end],
        f[LUCK][0, luck : luck + size], f[NUMBERS][0, HEAT],
    ) > 0  # fmt: skip


@inlined
def _try_cells(
    q: Whole, f: Real, s: IntArray, i: int, best: IntArray, cells: int, shift: int
) -> bool:
    """Try a person in cells with room, until a move is accepted."""
    start, luck, heat = draw(s, cells), draw(s, DRAWS), f[NUMBERS][0, HEAT]
    for x in range(cells):
        position = start + x if start + x < cells else start + x - cells
        c = _nth(q, f, position, shift)
        if f[THERE][0, c] < heat * f[LUCK][0, luck + x] and _go(q, f, best, i, c):
            return True
    return False


@inlined
def _try_people(q: Whole, f: Real, s: IntArray, i: int, best: IntArray) -> bool:
    """Try a person in exchange with everybody else, until one exchange is accepted."""
    n, heat = q[PLACE].shape[1], f[NUMBERS][0, HEAT]
    start, luck, done = draw(s, n), draw(s, DRAWS), 0
    while done < n:
        first = start + done if start + done < n else start + done - n
        size = min(BLOCK, n - first, n - done)
        if _any_accepted(q, f, i, first, size, luck + done):
            for x in range(size):
                rise = _rise(q, f, i, first + x)
                accepted = rise < heat * f[LUCK][0, luck + done + x]
                if accepted and _swap(q, f, best, i, first + x, rise):
                    return True
        done += size
    return False


@inlined
def scan(q: Whole, f: Real, s: IntArray, i: int, best: IntArray) -> None:
    """Try a person in cells with room and in exchange with everybody; make what is accepted first.

    Cells or people come first, by their numbers. (A loop: what is inlined twice compiles twice.)
    """
    cells, shift = _price_cells(q, f, s, i)
    cells_first, moved = draw(s, cells + q[PLACE].shape[1]) < cells, False
    for turn in range(2):
        if moved:
            break
        if (turn == 0) == cells_first:
            moved = _try_cells(q, f, s, i, best, cells, shift)
        else:
            moved = _try_people(q, f, s, i, best)
