"""Trial moves: each prices a small change, decides, and applies it or leaves all as it was."""

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.packed import CAP, CURRENT, PLACES, SLOT, cell, compiled, may_be_in, person
from allocator.solver.search.state import (
    LOAD,
    MEMBERS,
    PEOPLE,
    PLACE,
    VALUES,
    add_cost,
    draw,
    draw_unit,
    keep,
    may_enter,
    room,
    shift,
)  # fmt: skip

# Decision data: caps (K,) that tiers before `phase` may not exceed, float weights (K,) of the
# phase's tier and those after it, and a temperature.


@compiled("b1(i8[::1], i8[::1], i8[::1], i8, f8[::1], f8)")
def accepts(
    s: IntArray, d: IntArray, caps: IntArray, phase: int, weights: np.ndarray, heat: float
) -> bool:
    """Metropolis rule on the weighted change; earlier tiers stay within their caps."""
    for k in range(phase):
        if d[k] > 0 and s[s[VALUES] + k] + d[k] > caps[k]:
            return False
    change = 0.0
    for k in range(phase, len(d)):
        change += weights[k] * d[k]
    if change <= 0.0:
        return True
    return heat > 0.0 and draw_unit(s) < np.exp(-change / heat)


@compiled("b1(i8[::1], i8[::1], i8, i8, i8[::1], i8[::1], i8, f8[::1], f8)")
def relocate(
    t: IntArray, s: IntArray, i: int, c: int, d: IntArray,
    caps: IntArray, phase: int, weights: np.ndarray, heat: float,
) -> bool:  # fmt: skip
    """Person i goes to cell c."""
    a = s[s[PLACE] + i]
    if (
        a == c
        or not may_be_in(t, i, c)
        or s[room(s, c, LOAD)] + person(t, i, PLACES) > cell(t, c, CAP)
    ):
        return False
    d[:] = 0
    if a >= 0:
        shift(t, s, i, a, -1)
    if may_enter(t, s, i, c):
        add_cost(t, s, i, a, d, -1)
        add_cost(t, s, i, c, d, 1)
        if accepts(s, d, caps, phase, weights, heat):
            shift(t, s, i, c, 1)
            keep(t, s, d)
            return True
    if a >= 0:
        shift(t, s, i, a, 1)
    return False


@compiled("b1(i8[::1], i8[::1], i8, i8, i8, i8[::1], i8[::1], i8, f8[::1], f8)")
def chain(
    t: IntArray, s: IntArray, i: int, j: int, c: int, d: IntArray,
    caps: IntArray, phase: int, weights: np.ndarray, heat: float,
) -> bool:  # fmt: skip
    """Person i takes the cell of j, and j goes to cell c (c = i's cell is a swap; -1: nowhere)."""
    a, b = s[s[PLACE] + i], s[s[PLACE] + j]
    if i == j or b < 0 or a == b or c == b or not may_be_in(t, i, b):
        return False
    if c >= 0 and not may_be_in(t, j, c):
        return False
    d[:] = 0
    if a >= 0:
        shift(t, s, i, a, -1)
    add_cost(t, s, i, a, d, -1)
    shift(t, s, j, b, -1)
    add_cost(t, s, j, b, d, -1)
    if may_enter(t, s, i, b):
        add_cost(t, s, i, b, d, 1)
        shift(t, s, i, b, 1)
        if c < 0 or may_enter(t, s, j, c):
            add_cost(t, s, j, c, d, 1)
            if accepts(s, d, caps, phase, weights, heat):
                if c >= 0:
                    shift(t, s, j, c, 1)
                keep(t, s, d)
                return True
        shift(t, s, i, b, -1)
    shift(t, s, j, b, 1)
    if a >= 0:
        shift(t, s, i, a, 1)
    return False


@compiled("b1(i8[::1], i8[::1], i8, i8[::1], i8[::1], i8, f8[::1], f8)")
def go_home(
    t: IntArray, s: IntArray, i: int, d: IntArray,
    caps: IntArray, phase: int, weights: np.ndarray, heat: float,
) -> bool:  # fmt: skip
    """Person i returns to the present cell; whoever is in the way goes home or swaps."""
    home = person(t, i, CURRENT)
    if home < 0 or s[s[PLACE] + i] == home:
        return False
    if s[room(s, home, LOAD)] + person(t, i, PLACES) <= cell(t, home, CAP):
        return relocate(t, s, i, home, d, caps, phase, weights, heat)
    if s[room(s, home, PEOPLE)] == 0:
        return False
    j = s[s[MEMBERS] + cell(t, home, SLOT) + draw(s, s[room(s, home, PEOPLE)])]
    target = person(t, j, CURRENT)
    if (
        target < 0
        or target == home
        or s[room(s, target, LOAD)] + person(t, j, PLACES) > cell(t, target, CAP)
    ):
        target = s[s[PLACE] + i]
    return chain(t, s, i, j, target, d, caps, phase, weights, heat)
