"""Changes of several people at once: the steps from one basin to another.

Which wing holds which class, group or heavily weighted person decides most of a tier, and single
moves cannot change it where every state between is worse or forbidden.
"""

import numpy as np
from numpy.typing import NDArray

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled, inner
from allocator.solver.packed import (
    N_CELLS,
    N_LEVELS,
    N_PERSONS,
    N_TIERS,
    spot,
    unit,
)
from allocator.solver.search.apply import place_person
from allocator.solver.search.entry import may_enter
from allocator.solver.search.state import PLACE, VALUES, draw, keep
from allocator.solver.search.trials import accepts

MOST_PEOPLE = 400


@inner("i8(i8[::1], i8[::1], i8, i8, i8, i8)")
def _first_open(t: IntArray, s: IntArray, i: int, level: int, u: int, start: int) -> int:
    """First cell of unit u, from `start` on and round again, that person i may enter; -1: none."""
    m = t[N_CELLS]
    for k in range(m):
        c = (start + k) % m
        if unit(t, level, c) == u and may_enter(t, s, i, c):
            return c
    return -1


@inner("i8(i8[::1], i8, i8)")
def _start_of(t: IntArray, level: int, u: int) -> int:
    """First cell of a unit."""
    for c in range(t[N_CELLS]):
        if unit(t, level, c) == u:
            return c
    return 0


@compiled("i8(i8[::1], i8[::1], i8, i8, i8, i8[::1])")
def _people_of(t: IntArray, s: IntArray, level: int, u: int, v: int, people: IntArray) -> int:
    """List the people of two units; their number, 0 where there are too many for the list."""
    number = 0
    for i in range(t[N_PERSONS]):
        c = s[spot(s, PLACE, i)]
        if c >= 0 and (unit(t, level, c) == u or unit(t, level, c) == v):
            if number == len(people):
                return 0
            people[number] = i
            number += 1
    return number


@inner("b1(i8[::1], i8[::1], i8, i8, i8, i8[::1], i8[::1])")
def _resettle(
    t: IntArray, s: IntArray, level: int, u: int, v: int, people: IntArray, old: IntArray
) -> bool:
    """Put people, who are nowhere, into the other unit or else their own; False if one fits not."""
    m = t[N_CELLS]
    shift = _start_of(t, level, v) - _start_of(t, level, u)
    for k in range(len(people)):
        is_u = unit(t, level, old[k]) == u
        start = (old[k] + (shift if is_u else -shift) + m) % m
        c = _first_open(t, s, people[k], level, v if is_u else u, start)
        if c < 0:
            c = _first_open(t, s, people[k], level, u if is_u else v, old[k])
        if c < 0:
            return False
        place_person(t, s, people[k], c)
    return True


@compiled("void(i8[::1], i8[::1], i8[::1], i8[::1])")
def _put_back(t: IntArray, s: IntArray, people: IntArray, old: IntArray) -> None:
    for k in range(len(people)):
        place_person(t, s, people[k], -1)
    for k in range(len(people)):
        place_person(t, s, people[k], old[k])


@compiled("b1(i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], f8[::1])", allocates=True)
def _settle(
    t: IntArray,
    s: IntArray,
    people: IntArray,
    old: IntArray,
    values: IntArray,
    rule: NDArray[np.float64],
) -> bool:
    """Decide on a change that has been made; people go back to `old` if it is not accepted."""
    d = s[s[VALUES] : s[VALUES] + t[N_TIERS]] - values
    s[s[VALUES] : s[VALUES] + t[N_TIERS]] = values
    taken = accepts(t, s, d, rule)
    keep(t, s, d)
    if not taken:
        _put_back(t, s, people, old)
    return taken


@inner("i8(i8[::1], i8[::1], f8[::1])", allocates=True)
def exchange_units(t: IntArray, s: IntArray, rule: NDArray[np.float64]) -> int:
    """The people of two units of one level change units, as far as each may; cells in order.

    Whoever may not enter the other unit stays in the own one; if somebody fits in neither, or the
    change is not accepted, all is as before.

    Returns
    -------
    Number of people of both units, negative where all is as before.
    """
    if t[N_LEVELS] < 2:
        return 0
    level = 1 + draw(s, t[N_LEVELS] - 1)
    u, v = unit(t, level, draw(s, t[N_CELLS])), unit(t, level, draw(s, t[N_CELLS]))
    listed = np.empty(MOST_PEOPLE, dtype=np.int64)
    number = _people_of(t, s, level, u, v, listed) if u >= 0 and v >= 0 and u != v else 0
    if number == 0:
        return 0
    people, old = listed[:number], np.empty(number, dtype=np.int64)
    values = s[s[VALUES] : s[VALUES] + t[N_TIERS]].copy()
    for k in range(number):
        old[k] = s[spot(s, PLACE, people[k])]
        place_person(t, s, people[k], -1)
    if not _resettle(t, s, level, u, v, people, old):
        _put_back(t, s, people, old)
        return -number
    return number if _settle(t, s, people, old, values, rule) else -number
