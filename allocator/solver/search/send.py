"""Sending somebody to a cell at any price, with those who may not be there put out of the way.

A person whose own exchange is forbidden, because somebody is kept apart from them where they would
go, cannot get there in one trial move, and while that somebody has reasons to stay not in many.
"""

import numpy as np
from numpy.typing import NDArray

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled, inner
from allocator.solver.packed import (
    APART_AT,
    APART_END,
    APART_LEVEL,
    APART_OTHER,
    FIXED,
    HAS_LIMITS,
    N_TIERS,
    SLOT,
    apart,
    cell,
    person,
    spot,
    unit,
)
from allocator.solver.search.pairs import MOST
from allocator.solver.search.state import MEMBERS, N_ROOMY, PEOPLE, PLACE, ROOMY, draw, room
from allocator.solver.search.trades import has_moves, is_among, return_of_another
from allocator.solver.search.trials import BAR, attempt, put

ANY_RISE = 1e12
MOST_OUT = 50
BACK_TRIALS = 100
GIVING_TRIES = 100


@compiled("b1(i8[::1], i8[::1], f8[::1], i8, i8, i8)", allocates=True)
def _change(t: IntArray, s: IntArray, rule: NDArray[np.float64], i: int, c: int, j: int) -> bool:
    """Person i goes to cell c and j (-1: nobody) to i's cell, if no hard shape forbids it."""
    d = np.zeros(t[N_TIERS], dtype=np.int64)
    move = np.zeros(3 * MOST, dtype=np.int64)
    put(s, move, 0, i, c)
    if j >= 0:
        put(s, move, 1, j, s[spot(s, PLACE, i)])
    rule[BAR] = ANY_RISE
    return attempt(t, s, move, 2 if j >= 0 else 1, d, rule)


@inner("void(i8[::1], i8[::1], f8[::1], i8[::1], i8)", allocates=True)
def _put_out(t: IntArray, s: IntArray, rule: NDArray[np.float64], out: IntArray, o: int) -> None:
    """Leave person o without a place, unless frozen; `out` lists who is, after their number."""
    if person(t, o, FIXED) < 0 and out[0] < MOST_OUT and _change(t, s, rule, o, -1, -1):
        out[0] += 1
        out[out[0]] = o


@inner("void(i8[::1], i8[::1], f8[::1], i8[::1], i8, i8, i8)", allocates=True)
def _put_out_apart(
    t: IntArray, s: IntArray, rule: NDArray[np.float64], out: IntArray, i: int, c: int, j: int
) -> None:
    """Put out whoever is kept apart from person i in a unit of cell c; j is leaving anyway."""
    for e in range(person(t, i, APART_AT), person(t, i, APART_END)):
        o = apart(t, e, APART_OTHER)
        if o == j or s[spot(s, PLACE, o)] < 0:
            continue
        u = unit(t, apart(t, e, APART_LEVEL), c)
        if u >= 0 and u == unit(t, apart(t, e, APART_LEVEL), s[spot(s, PLACE, o)]):
            _put_out(t, s, rule, out, o)


@inner("void(i8[::1], i8[::1], f8[::1], i8[::1], i8, i8, i8)", allocates=True)
def _put_out_mates(
    t: IntArray, s: IntArray, rule: NDArray[np.float64], out: IntArray, c: int, i: int, j: int
) -> None:
    """Put out everybody of cell c but i and j."""
    for k in range(s[room(s, c, PEOPLE)] - 1, -1, -1):
        o = s[spot(s, MEMBERS, cell(t, c, SLOT) + k)]
        if o not in (i, j):
            _put_out(t, s, rule, out, o)


@inner("void(i8[::1], i8[::1], f8[::1], i8)", allocates=True)
def _bring_in(t: IntArray, s: IntArray, rule: NDArray[np.float64], o: int) -> None:
    """Person o, who is nowhere, goes to any cell with a free place that will do."""
    for _ in range(BACK_TRIALS):
        if s[N_ROOMY] == 0 or _change(t, s, rule, o, s[spot(s, ROOMY, draw(s, s[N_ROOMY]))], -1):
            return


@inner("void(i8[::1], i8[::1], f8[::1], i8, i8)", allocates=True)
def _give_moves(t: IntArray, s: IntArray, rule: NDArray[np.float64], i: int, j: int) -> None:
    """Others give up moves, at whatever rise, until there are two for persons i and j."""
    d = np.zeros(t[N_TIERS], dtype=np.int64)
    move = np.zeros(3 * MOST, dtype=np.int64)
    rule[BAR] = ANY_RISE
    for _ in range(GIVING_TRIES):
        if has_moves(t, s, i) and (j < 0 or has_moves(t, s, j)):
            return
        r = return_of_another(t, s, move, i)
        if r > 0 and not is_among(move, r, i) and not is_among(move, r, j):
            attempt(t, s, move, r, d, rule)


@compiled("b1(i8[::1], i8[::1], f8[::1], i8, i8, i8)", allocates=True)
def send(t: IntArray, s: IntArray, rule: NDArray[np.float64], i: int, c: int, j: int) -> bool:
    """Person i goes to cell c, at whatever rise, and j of that cell (-1: nobody) to i's.

    Where that is forbidden, those who are kept apart from them where they go are put out first,
    then their mates in both cells; afterwards these take any free places, or are left without.
    Where moves are limited, others give up theirs for the two.

    Parameters
    ----------
    rule : decision data; the largest rise of a trial is set in it.

    Returns
    -------
    Whether i has gone; others may have even if not.
    """
    a = s[spot(s, PLACE, i)]
    if a < 0 or a == c or i == j:
        return False
    if t[HAS_LIMITS] == 1:
        _give_moves(t, s, rule, i, j)
    if _change(t, s, rule, i, c, j):
        return True
    out = np.zeros(1 + MOST_OUT, dtype=np.int64)
    _put_out_apart(t, s, rule, out, i, c, j)
    if j >= 0:
        _put_out_apart(t, s, rule, out, j, a, i)
    gone = _change(t, s, rule, i, c, j)
    if not gone:
        _put_out_mates(t, s, rule, out, a, i, j)
        _put_out_mates(t, s, rule, out, c, i, j)
        gone = _change(t, s, rule, i, c, j)
    for k in range(out[0]):
        _bring_in(t, s, rule, out[1 + k])
    return gone
