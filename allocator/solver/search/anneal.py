"""Simulated annealing of one tier while the tiers before it keep their caps."""

import numpy as np
from numpy.typing import NDArray

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled, inner
from allocator.solver.packed import (
    CAP,
    HAS_LIMITS,
    N_CELLS,
    N_PERSONS,
    N_TIERS,
    PLACES,
    SLOT,
    cell,
    person,
    spot,
)
from allocator.solver.search.exchange import exchange_units
from allocator.solver.search.pairs import MOST, NEW, OLD
from allocator.solver.search.state import (
    LOAD,
    MEMBERS,
    N_ROOMY,
    N_TAKEN,
    PEOPLE,
    PLACE,
    ROOMY,
    TAKEN,
    VALUES,
    draw,
    room,
)
from allocator.solver.search.trades import has_moves, trade
from allocator.solver.search.trials import (
    BEST_SCORE,
    HEAT,
    HOME_SHARE,
    KINDS,
    PHASE,
    ROW_BEST,
    ROW_EXACT,
    ROW_WEIGHT,
    at,
    attempt,
    go_home,
    is_within,
    put,
    set_bar,
)

WINDOW_CELLS = 300
UNIT_EVERY = 1000
REST_PER_PERSON = 50  # trials between exchanges of units, for each person of the last
HEAVY_EVERY = 64
CELLS_EVERY = 8


@inner("i8(i8[::1], i8[::1], i8, i8)", hot=True)
def _pick_cell(t: IntArray, s: IntArray, near: int, kinds: int) -> int:
    """A cell close to `near` in the cells' order two times in three, else any.

    Of empty cells that are alike one is as good as another: where there are more than kinds of
    cells, a cell with people is as likely as one of a kind, so that no trials are lost.
    """
    m = t[N_CELLS]
    if m - s[N_TAKEN] > kinds and s[N_TAKEN] > 0 and draw(s, s[N_TAKEN] + kinds) >= kinds:
        return s[spot(s, TAKEN, draw(s, s[N_TAKEN]))]
    if near >= 0 and m > 2 * WINDOW_CELLS and draw(s, 3) > 0:
        return (near + draw(s, 2 * WINDOW_CELLS + 1) - WINDOW_CELLS + m) % m
    return draw(s, m)


@inner("i8(i8[::1], i8[::1], i8, i8)", hot=True)
def _pick_roomy(t: IntArray, s: IntArray, near: int, kinds: int) -> int:
    """A cell with a free place, near where possible; -1 if there is none."""
    if s[N_ROOMY] == 0:
        return -1
    for _ in range(6):
        c = _pick_cell(t, s, near, kinds)
        if s[room(s, c, LOAD)] < cell(t, c, CAP):
            return c
    return s[spot(s, ROOMY, draw(s, s[N_ROOMY]))]


@inner("i8(i8[::1], i8[::1], i8)", hot=True)
def _pick_member(t: IntArray, s: IntArray, c: int) -> int:
    if s[room(s, c, PEOPLE)] == 0:
        return -1
    return s[spot(s, MEMBERS, cell(t, c, SLOT) + draw(s, s[room(s, c, PEOPLE)]))]


@compiled("i8(i8[::1], i8[::1], i8[::1])")
def _make_room(t: IntArray, s: IntArray, move: IntArray) -> int:
    """Where an exchange of two people of unequal places overfills a cell, a third one joins it."""
    i, j, a, b = move[0], move[1], move[OLD], move[NEW]
    more = person(t, i, PLACES) - person(t, j, PLACES)
    if more == 0 or a < 0:
        return 2
    full = b if more > 0 else a
    if s[room(s, full, LOAD)] + abs(more) <= cell(t, full, CAP):
        return 2
    k = _pick_member(t, s, full)
    if k in (-1, i, j):
        return 2
    put(s, move, 2, k, a if full == b else b)
    return 3


@inner("i8(i8[::1], i8[::1], i8[::1], i8, i8)", hot=True)
def _propose_cells(t: IntArray, s: IntArray, move: IntArray, a: int, b: int) -> int:
    """Write that all people of two cells change cells; 0 where these are too many for one move."""
    if a < 0 or b < 0 or a == b:
        return 0
    first, second = s[room(s, a, PEOPLE)], s[room(s, b, PEOPLE)]
    if first + second > MOST or first + second < 3:
        return 0
    for k in range(first):
        put(s, move, k, s[spot(s, MEMBERS, cell(t, a, SLOT) + k)], b)
    for k in range(second):
        put(s, move, first + k, s[spot(s, MEMBERS, cell(t, b, SLOT) + k)], a)
    return first + second


@inner("i8(i8[::1], i8[::1], i8[::1], i8, f8[::1])", hot=True)
def _propose(t: IntArray, s: IntArray, move: IntArray, i: int, rule: NDArray[np.float64]) -> int:
    """Write a move of person i and perhaps others; the number of people, 0 for none.

    Where moves are limited, people of two cells do not change cells together: it takes more of the
    moves, and such an exchange is hard to carry out in one night.
    """
    home_share, kinds = int(rule[HOME_SHARE]), int(min(rule[KINDS], t[N_CELLS]))
    a = s[spot(s, PLACE, i)]
    if t[HAS_LIMITS] == 0 and draw(s, CELLS_EVERY) == 0:
        number = _propose_cells(t, s, move, a, _pick_cell(t, s, a, kinds))
        if number > 0:
            return number
    kind = draw(s, 100)
    if kind < home_share:
        return go_home(t, s, move, i)
    if kind < home_share + (100 - home_share) // 3:
        c = _pick_roomy(t, s, a, kinds)
        put(s, move, 0, i, c)
        return 0 if c < 0 else 1
    j = _pick_member(t, s, _pick_cell(t, s, a, kinds))
    if j < 0 or j == i:
        return 0
    b = s[spot(s, PLACE, j)]
    if s[room(s, b, LOAD)] + person(t, i, PLACES) <= cell(t, b, CAP) and draw(s, 2) > 0:
        put(s, move, 0, i, b)
        return 1
    target = a
    if draw(s, 8) == 0 or (a < 0 and draw(s, 2) == 0):
        target = _pick_roomy(t, s, b, kinds)
        if target >= 0 and s[room(s, target, LOAD)] + person(t, j, PLACES) > cell(t, target, CAP):
            target = -1
    put(s, move, 0, i, b)
    put(s, move, 1, j, target)
    return _make_room(t, s, move) if target == a else 2


@inner("i8(i8[::1], i8[::1], i8[::1], i8, f8[::1])", hot=True)
def _propose_trade(
    t: IntArray, s: IntArray, move: IntArray, i: int, rule: NDArray[np.float64]
) -> int:
    """Write a move of person i for which somebody else's is given up; the number of people."""
    kinds = int(min(rule[KINDS], t[N_CELLS]))
    c = _pick_cell(t, s, s[spot(s, PLACE, i)], kinds)
    return trade(t, s, move, i, c, _pick_member(t, s, c))


@inner("i8(i8[::1], i8[::1], i8[::1])", hot=True)
def _propose_heavy(s: IntArray, move: IntArray, heavy: IntArray) -> int:
    """Write a ring of two or three heavily weighted people, each to the next one's cell."""
    i, j = heavy[draw(s, len(heavy))], heavy[draw(s, len(heavy))]
    k = heavy[draw(s, len(heavy))]
    if (i - j) * (j - k) * (k - i) == 0:
        return 0
    size = 2 + draw(s, 2)
    put(s, move, 0, i, s[spot(s, PLACE, j)])
    put(s, move, 1, j, s[spot(s, PLACE, k if size == 3 else i)])
    put(s, move, 2, k, s[spot(s, PLACE, i)])
    return size


@inner("b1(i8[::1], i8[::1], f8[::1])", hot=True)
def _is_best(t: IntArray, s: IntArray, rule: NDArray[np.float64]) -> bool:
    """True when the state keeps all caps and beats the best so far, which is then noted.

    Tiers of which the best must have least count in their order, then the weighted value of the
    tier that is minimised and the later ones.
    """
    if not is_within(t, s, rule):
        return False
    phase = int(rule[PHASE])
    worth = 0.0
    for k in range(phase, t[N_TIERS]):
        worth += rule[at(t, ROW_WEIGHT, k)] * s[spot(s, VALUES, k)]
    better = worth < rule[BEST_SCORE] - 1e-9
    for k in range(phase + 1):
        value, best = float(s[spot(s, VALUES, k)]), rule[at(t, ROW_BEST, k)]
        if rule[at(t, ROW_EXACT, k)] != 0.0 and value != best:
            better = value < best
            break
    if better:
        rule[BEST_SCORE] = worth
        for k in range(t[N_TIERS]):
            rule[at(t, ROW_BEST, k)] = s[spot(s, VALUES, k)]
    return better


@compiled("void(i8[::1], i8[::1], i8[::1], f8[::1], i8[::1], i8[::1], f8, i8)", allocates=True)
def anneal(  # noqa: PLR0913, PLR0917 - a compiled function takes no structures
    t: IntArray,
    s: IntArray,
    best: IntArray,
    rule: NDArray[np.float64],
    focus: IntArray,
    heavy: IntArray,
    cooling: float,
    trials: int,
) -> None:
    """Make `trials` trial moves; the best placement so far goes to `best`.

    Parameters
    ----------
    rule : decision data of `trials.new_decision`; its HEAT is multiplied by `cooling` each trial,
        its row BEST and BEST_SCORE say what the best is worth.
    focus : people tried three times in four, the others once in four.
    heavy : people who change cells among themselves once in `HEAVY_EVERY` trials; may be empty.
    """
    d = np.zeros(t[N_TIERS], dtype=np.int64)
    move = np.zeros(3 * MOST, dtype=np.int64)
    n = t[N_PERSONS]
    if _is_best(t, s, rule):
        best[:] = s[s[PLACE] : s[PLACE] + n]
    rest = UNIT_EVERY
    for _ in range(trials):
        made = False
        rest -= 1
        set_bar(s, rule)
        if rest <= 0:
            number = exchange_units(t, s, rule)
            rest = UNIT_EVERY + REST_PER_PERSON * abs(number)
            made = number > 0
        else:
            if len(heavy) > 2 and draw(s, HEAVY_EVERY) == 0:
                r = _propose_heavy(s, move, heavy)
            else:
                near = len(focus) > 0 and draw(s, 4) > 0
                i = focus[draw(s, len(focus))] if near else draw(s, n)
                if t[HAS_LIMITS] == 0 or has_moves(t, s, i):
                    r = _propose(t, s, move, i, rule)
                else:
                    r = _propose_trade(t, s, move, i, rule)
            made = r > 0 and attempt(t, s, move, r, d, rule)
        if made and _is_best(t, s, rule):
            best[:] = s[s[PLACE] : s[PLACE] + n]
        rule[HEAT] *= cooling
