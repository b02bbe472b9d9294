"""Trial moves: each prices a small change, decides, and applies it or leaves all as it was."""

import numpy as np
from numpy.typing import NDArray

from allocator.model.shapes import IntArray
from allocator.solver.packed import (
    CAP,
    CURRENT,
    N_TIERS,
    PLACES,
    SLOT,
    cell,
    compiled,
    may_be_in,
    person,
)  # fmt: skip
from allocator.solver.search.apply import shift
from allocator.solver.search.cost import add_own_cost
from allocator.solver.search.entry import may_enter
from allocator.solver.search.pairs import add_exchange, add_pair_cost, shift_sums
from allocator.solver.search.state import (
    LOAD,
    MEMBERS,
    PEOPLE,
    PLACE,
    VALUES,
    draw,
    draw_unit,
    keep,
    room,
)

# A decision is a float array: PHASE, HEAT, HOME_SHARE, what was seen of rises of the phase's tier
# (their number and sum), then the caps and the weights of K tiers.
PHASE, HEAT, HOME_SHARE, RISES, RISE, TIERS = range(6)


def new_decision(
    phase: int, caps: IntArray, weights: NDArray[np.float64], home_share: int
) -> NDArray[np.float64]:
    """Decision data for the compiled functions.

    Parameters
    ----------
    phase : number of the tier that is minimised.
    caps, weights : shape (K,); what earlier tiers may not exceed, and what a point of each tier
        is worth.
    home_share : percentage of trials that try to bring somebody back to the present cell.
    """
    return np.concatenate(([phase, 0.0, home_share, 0, 0], caps.astype(np.float64), weights))


@compiled("f8(i8[::1], i8[::1], f8[::1])")
def weigh(t: IntArray, d: IntArray, rule: NDArray[np.float64]) -> float:
    """Weighted change over all tiers."""
    change = 0.0
    for k in range(t[N_TIERS]):
        change += rule[TIERS + t[N_TIERS] + k] * d[k]
    return change


@compiled("b1(i8[::1], i8[::1], i8[::1], f8[::1])")
def accepts(t: IntArray, s: IntArray, d: IntArray, rule: NDArray[np.float64]) -> bool:
    """Metropolis rule on the weighted change; earlier tiers stay within their caps."""
    phase = int(rule[PHASE])
    for k in range(phase):
        if d[k] > 0 and s[s[VALUES] + k] + d[k] > rule[TIERS + k]:
            return False
    change = weigh(t, d, rule)
    if d[phase] > 0:
        rule[RISES] += 1.0
        rule[RISE] += d[phase]
    if change <= 0.0:
        return True
    return rule[HEAT] > 0.0 and draw_unit(s) < np.exp(-change / rule[HEAT])


@compiled("b1(i8[::1], i8[::1], i8, i8, i8[::1], f8[::1])")
def relocate(
    t: IntArray, s: IntArray, i: int, c: int, d: IntArray, rule: NDArray[np.float64]
) -> bool:
    """Person i goes to cell c."""
    a = s[s[PLACE] + i]
    if (
        a == c
        or not may_be_in(t, i, c)
        or s[room(s, c, LOAD)] + person(t, i, PLACES) > cell(t, c, CAP)
    ):
        return False
    d[:] = 0
    add_pair_cost(t, s, i, c, d, 1)
    if a >= 0:
        add_pair_cost(t, s, i, a, d, -1)
        shift(t, s, i, a, -1)
    if may_enter(t, s, i, c):
        add_own_cost(t, s, i, a, d, -1)
        add_own_cost(t, s, i, c, d, 1)
        if accepts(t, s, d, rule):
            shift(t, s, i, c, 1)
            keep(t, s, d)
            shift_sums(t, s, i, a, -1)
            shift_sums(t, s, i, c, 1)
            return True
    if a >= 0:
        shift(t, s, i, a, 1)
    return False


@compiled("b1(i8[::1], i8[::1], i8, i8, i8, i8[::1], f8[::1])")
def chain(
    t: IntArray, s: IntArray, i: int, j: int, c: int, d: IntArray, rule: NDArray[np.float64]
) -> bool:
    """Person i takes the cell of j, and j goes to cell c (c = i's cell is a swap; -1: nowhere)."""
    a, b = s[s[PLACE] + i], s[s[PLACE] + j]
    if i == j or b < 0 or b in (a, c) or not may_be_in(t, i, b):
        return False
    if c >= 0 and not may_be_in(t, j, c):
        return False
    d[:] = 0
    add_exchange(t, s, i, j, c, d)
    if a >= 0:
        shift(t, s, i, a, -1)
    add_own_cost(t, s, i, a, d, -1)
    shift(t, s, j, b, -1)
    add_own_cost(t, s, j, b, d, -1)
    if may_enter(t, s, i, b):
        add_own_cost(t, s, i, b, d, 1)
        shift(t, s, i, b, 1)
        if c < 0 or may_enter(t, s, j, c):
            add_own_cost(t, s, j, c, d, 1)
            if accepts(t, s, d, rule):
                if c >= 0:
                    shift(t, s, j, c, 1)
                keep(t, s, d)
                shift_sums(t, s, i, a, -1)
                shift_sums(t, s, j, b, -1)
                shift_sums(t, s, i, b, 1)
                shift_sums(t, s, j, c, 1)
                return True
        shift(t, s, i, b, -1)
    shift(t, s, j, b, 1)
    if a >= 0:
        shift(t, s, i, a, 1)
    return False


@compiled("b1(i8[::1], i8[::1], i8, i8[::1], f8[::1])")
def go_home(t: IntArray, s: IntArray, i: int, d: IntArray, rule: NDArray[np.float64]) -> bool:
    """Person i returns to the present cell; whoever is in the way goes home or swaps."""
    home = person(t, i, CURRENT)
    if home < 0 or s[s[PLACE] + i] == home:
        return False
    if s[room(s, home, LOAD)] + person(t, i, PLACES) <= cell(t, home, CAP):
        return relocate(t, s, i, home, d, rule)
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
    return chain(t, s, i, j, target, d, rule)
