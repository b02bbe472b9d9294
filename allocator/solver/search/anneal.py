"""Simulated annealing of one tier while the tiers before it keep their caps."""

import numpy as np
from numpy.typing import NDArray

from allocator.model.shapes import IntArray
from allocator.solver.packed import CAP, N_CELLS, N_PERSONS, N_TIERS, SLOT, cell, compiled
from allocator.solver.search.exchange import exchange_units, rotate
from allocator.solver.search.state import (
    LOAD,
    MEMBERS,
    N_ROOMY,
    PEOPLE,
    PLACE,
    ROOMY,
    VALUES,
    draw,
    room,
)
from allocator.solver.search.trials import HEAT, HOME_SHARE, chain, go_home, relocate, weigh

WINDOW_CELLS = 300
UNIT_EVERY = 3000
HEAVY_EVERY = 64


@compiled("i8(i8[::1], i8[::1], i8)")
def _pick_cell(t: IntArray, s: IntArray, near: int) -> int:
    """A cell close to `near` in the cells' order two times in three, else any."""
    m = t[N_CELLS]
    if near >= 0 and m > 2 * WINDOW_CELLS and draw(s, 3) > 0:
        return (near + draw(s, 2 * WINDOW_CELLS + 1) - WINDOW_CELLS + m) % m
    return draw(s, m)


@compiled("i8(i8[::1], i8[::1], i8)")
def _pick_roomy(t: IntArray, s: IntArray, near: int) -> int:
    """A cell with a free place, near where possible; -1 if there is none."""
    if s[N_ROOMY] == 0:
        return -1
    for _ in range(6):
        c = _pick_cell(t, s, near)
        if s[room(s, c, LOAD)] < cell(t, c, CAP):
            return c
    return s[s[ROOMY] + draw(s, s[N_ROOMY])]


@compiled("i8(i8[::1], i8[::1], i8)")
def _pick_member(t: IntArray, s: IntArray, c: int) -> int:
    if s[room(s, c, PEOPLE)] == 0:
        return -1
    return s[s[MEMBERS] + cell(t, c, SLOT) + draw(s, s[room(s, c, PEOPLE)])]


@compiled("b1(i8[::1], i8[::1], i8, i8[::1], f8[::1])")
def _trial(t: IntArray, s: IntArray, i: int, d: IntArray, rule: NDArray[np.float64]) -> bool:
    a = s[s[PLACE] + i]
    kind = draw(s, 100)
    home_share = int(rule[HOME_SHARE])
    if kind < home_share:
        return go_home(t, s, i, d, rule)
    if kind < home_share + (100 - home_share) // 3:
        c = _pick_roomy(t, s, a)
        return c >= 0 and relocate(t, s, i, c, d, rule)
    j = _pick_member(t, s, _pick_cell(t, s, a))
    if j < 0:
        return False
    target = a
    if draw(s, 8) == 0 or (a < 0 and draw(s, 2) == 0):
        target = _pick_roomy(t, s, s[s[PLACE] + j])
    return chain(t, s, i, j, target, d, rule)


@compiled("f8(i8[::1], i8[::1], f8[::1])")
def score(t: IntArray, s: IntArray, rule: NDArray[np.float64]) -> float:
    """Weighted value over all tiers."""
    return weigh(t, s[s[VALUES] : s[VALUES] + t[N_TIERS]], rule)


@compiled("b1(i8[::1], i8[::1], i8[::1], f8[::1])")
def _heavy_trial(t: IntArray, s: IntArray, heavy: IntArray, rule: NDArray[np.float64]) -> bool:
    """Two or three heavily weighted people change cells in a ring."""
    i, j = heavy[draw(s, len(heavy))], heavy[draw(s, len(heavy))]
    k = heavy[draw(s, len(heavy))]
    if (i - j) * (j - k) * (k - i) == 0:
        return False
    return rotate(t, s, np.array([i, j, k])[: 2 + draw(s, 2)], rule)


@compiled("f8(i8[::1], i8[::1], i8[::1], f8, f8[::1], i8[::1], i8[::1], f8, i8)")
def anneal(  # noqa: PLR0913, PLR0917 - a compiled function takes no structures
    t: IntArray,
    s: IntArray,
    best: IntArray,
    best_score: float,
    rule: NDArray[np.float64],
    focus: IntArray,
    heavy: IntArray,
    cooling: float,
    trials: int,
) -> float:
    """Make `trials` trial moves; the best placement goes to `best`, its score is returned.

    Parameters
    ----------
    rule : decision data of `trials.new_decision`; its HEAT is multiplied by `cooling` each trial.
    focus : people tried three times in four, the others once in four.
    heavy : people who change cells among themselves once in `HEAVY_EVERY` trials; may be empty.
    """
    d = np.zeros(t[N_TIERS], dtype=np.int64)
    n = t[N_PERSONS]
    now = score(t, s, rule)
    for _ in range(trials):
        i = focus[draw(s, len(focus))] if len(focus) > 0 and draw(s, 4) > 0 else draw(s, n)
        made = False
        if len(heavy) > 2 and draw(s, HEAVY_EVERY) == 0:
            made = _heavy_trial(t, s, heavy, rule)
            now = score(t, s, rule) if made else now
        elif draw(s, UNIT_EVERY) == 0:
            made = exchange_units(t, s, rule)
            now = score(t, s, rule) if made else now
        elif _trial(t, s, i, d, rule):
            made = True
            now += weigh(t, d, rule)
        if made and now < best_score - 1e-9:
            best_score = now
            best[:] = s[s[PLACE] : s[PLACE] + n]
        rule[HEAT] *= cooling
    return best_score
