"""Moves given up for others, where they are limited and all of them are used.

No other way leads from one choice of movers to another without a worse placement between. In a full
prison movers hang together: who returns needs the place of somebody else who has moved.
"""

from allocator.model.shapes import IntArray
from allocator.solver.compiled import inner
from allocator.solver.packed import (
    CAP,
    CURRENT,
    N_PERSONS,
    PLACES,
    SLOT,
    cell,
    person,
    spot,
)
from allocator.solver.search.entry import limits_leave
from allocator.solver.search.pairs import NEW, OLD
from allocator.solver.search.state import LOAD, MEMBERS, PEOPLE, PLACE, draw, room
from allocator.solver.search.trials import put

LONGEST_RETURN = 3  # people who give up their moves together


@inner("b1(i8[::1], i8[::1], i8)")
def has_moves(t: IntArray, s: IntArray, i: int) -> bool:
    """True where the limits leave person i, unless away or nowhere before, another move."""
    home = person(t, i, CURRENT)
    return home < 0 or s[spot(s, PLACE, i)] != home or limits_leave(t, s, i, 2)


@inner("b1(i8[::1], i8, i8)")
def is_among(move: IntArray, r: int, i: int) -> bool:
    """True where person i is one of the r people of a move."""
    for x in range(r):  # noqa: SIM110 - a loop compiles to less
        if move[x] == i:
            return True
    return False


@inner("i8(i8[::1], i8[::1], i8[::1], i8, i8)")
def _load_after(t: IntArray, s: IntArray, move: IntArray, r: int, c: int) -> int:
    """Places taken in cell c when the r people of a move have moved."""
    load = s[room(s, c, LOAD)]
    for x in range(r):
        load += person(t, move[x], PLACES) * ((move[NEW + x] == c) - (move[OLD + x] == c))
    return load


@inner("i8(i8[::1], i8[::1], i8[::1], i8)")
def _give_up(t: IntArray, s: IntArray, move: IntArray, i: int) -> int:
    """Write a move: i returns to the present cell, whoever is in the way returns too, and so on.

    The number of people is returned, 0 where somebody in the way is at home or they are too many.
    """
    for r in range(LONGEST_RETURN):
        home = person(t, i, CURRENT)
        if home < 0 or s[spot(s, PLACE, i)] == home:
            return 0
        put(s, move, r, i, home)
        if _load_after(t, s, move, r + 1, home) <= cell(t, home, CAP):
            return r + 1
        people = s[room(s, home, PEOPLE)]
        first, i = draw(s, people), -1
        for k in range(people):
            j = s[spot(s, MEMBERS, cell(t, home, SLOT) + (first + k) % people)]
            if person(t, j, CURRENT) not in (-1, home) and not is_among(move, r + 1, j):
                i = j
                break
        if i < 0:
            return 0
    return 0


@inner("i8(i8[::1], i8[::1], i8[::1], i8)")
def return_of_another(t: IntArray, s: IntArray, move: IntArray, i: int) -> int:
    """Write that somebody drawn, not person i, gives up a move; the number of people."""
    n = t[N_PERSONS]
    first = draw(s, n)
    for k in range(n):
        o = (first + k) % n
        c = s[spot(s, PLACE, o)]
        if o != i and c >= 0 and person(t, o, CURRENT) not in (-1, c):
            return _give_up(t, s, move, o)
    return 0


@inner("i8(i8[::1], i8[::1], i8[::1], i8, i8, i8)")
def trade(t: IntArray, s: IntArray, move: IntArray, i: int, c: int, j: int) -> int:
    """Write that person i goes to cell c for moves that others give up; the number of people.

    `j` : somebody in c or -1, who goes to i's cell where c has no room. 0 is returned where nobody
    was drawn who can give up a move, or i or j would.
    """
    a, r = s[spot(s, PLACE, i)], return_of_another(t, s, move, i)
    if r == 0 or j == i or a == c or is_among(move, r, i) or is_among(move, r, j):
        return 0
    put(s, move, r, i, c)
    if j < 0 or _load_after(t, s, move, r + 1, c) <= cell(t, c, CAP):
        return r + 1
    put(s, move, r + 1, j, a)
    return r + 2
