"""Trial moves: each prices a small change, decides, and applies it or leaves all as it was."""

import numpy as np
from numpy.typing import NDArray

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled, inner
from allocator.solver.packed import (
    CAP,
    CURRENT,
    N_TIERS,
    PLACES,
    SLOT,
    cell,
    may_be_in,
    person,
    spot,
)  # fmt: skip
from allocator.solver.search.apply import shift
from allocator.solver.search.cost import add_fixed_change
from allocator.solver.search.joint import add_shared_change
from allocator.solver.search.pairs import NEW, OLD, add_joint_change, move_sums
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

# A decision is a float array: the tier that is minimised, the heat, the percentage of trials that
# try to bring somebody home, the largest rise that this trial may make, the weighted value of the
# best placement, how many kinds of cells there are; then rows of K entries, one for each tier: what
# it may be in the end, above what a point of an earlier tier costs, what a point is worth, whether
# the best has the least of it, its value in the best placement, how many trials at no heat would
# have raised it, by how much in total and in the sum of logarithms.
PHASE, HEAT, HOME_SHARE, BAR, BEST_SCORE, KINDS, TIERS = range(7)
ROW_CAP, ROW_AIM, ROW_WEIGHT, ROW_EXACT, ROW_BEST, ROW_RISES, ROW_RISE, ROW_LOG = range(8)


def new_decision(
    phase: int,
    caps: IntArray,
    aims: IntArray,
    weights: NDArray[np.float64],
    exact: NDArray[np.bool_],
    home_share: int = 10,
    kinds: float = np.inf,
) -> NDArray[np.float64]:
    """Decision data for the compiled functions.

    Parameters
    ----------
    phase : number of the tier that is minimised.
    caps, aims, weights : shape (K,); what earlier tiers may not exceed in the end, above what
        their points cost, and what a point of each tier is worth.
    exact : shape (K,), whether the best placement must have the least value of the tier; of other
        earlier tiers it need only keep the cap.
    home_share : percentage of trials that try to bring somebody back to the present cell.
    kinds : how many kinds of cells there are that differ by more than their name; of more empty
        cells than that as many are tried as there are kinds.
    """
    n = len(caps)
    rows = (caps, aims, weights, exact, np.full(n, np.inf), *np.zeros((3, n)))
    return np.concatenate(([phase, 0.0, home_share, 0.0, np.inf, kinds], *rows)).astype(float)


@compiled("u8(i8[::1], i8, i8)")
def at(t: IntArray, row: int, k: int) -> int:
    """Where a tier's entry of a row stands in a decision."""
    return np.uint64(TIERS + row * t[N_TIERS] + k)  # type: ignore[return-value]


@inner("f8(i8[::1], i8[::1], i8[::1], f8[::1])", hot=True)
def weigh(t: IntArray, s: IntArray, d: IntArray, rule: NDArray[np.float64]) -> float:
    """Weighted change over all tiers, `d` from the state's values; earlier ones count over aims."""
    change = 0.0
    for k in range(t[N_TIERS]):
        if d[k] == 0:
            continue
        worth = rule[at(t, ROW_WEIGHT, k)]
        if k < int(rule[PHASE]):
            over = s[spot(s, VALUES, k)] - rule[at(t, ROW_AIM, k)]
            change += worth * (max(over + d[k], 0.0) - max(over, 0.0))
        else:
            change += worth * d[k]
    return change


@inner("void(i8[::1], f8[::1])", hot=True)
def set_bar(s: IntArray, rule: NDArray[np.float64]) -> None:
    """Draw the rise that the next trial may make: exponential, with the heat as its mean."""
    heat = rule[HEAT]
    rule[BAR] = -heat * np.log(1.0 - draw_unit(s)) if heat > 0.0 else 0.0


@inner("void(i8[::1], i8[::1], f8[::1])", hot=True)
def note_rises(t: IntArray, d: IntArray, rule: NDArray[np.float64]) -> None:
    """Keep count of what trials at no heat would add to the phase's tier and those before it."""
    if rule[HEAT] > 0.0:
        return
    for k in range(int(rule[PHASE]) + 1):
        if d[k] > 0:
            rule[at(t, ROW_RISES, k)] += 1.0
            rule[at(t, ROW_RISE, k)] += d[k]
            rule[at(t, ROW_LOG, k)] += np.log(d[k])


@compiled("b1(i8[::1], i8[::1], f8[::1])")
def is_within(t: IntArray, s: IntArray, rule: NDArray[np.float64]) -> bool:
    """True when the state keeps the caps of all earlier tiers."""
    for k in range(int(rule[PHASE])):  # noqa: SIM110 - a loop compiles to less
        if s[spot(s, VALUES, k)] > rule[at(t, ROW_CAP, k)]:
            return False
    return True


@inner("b1(i8[::1], i8[::1], i8[::1], f8[::1])", hot=True)
def accepts(t: IntArray, s: IntArray, d: IntArray, rule: NDArray[np.float64]) -> bool:
    """Metropolis rule on the weighted change, its draw made before.

    Earlier tiers may exceed their caps for a while at a price, since the way from one good
    placement to another often leads over one that is not allowed to stay.
    """
    note_rises(t, d, rule)
    return weigh(t, s, d, rule) <= rule[BAR]


@compiled("b1(i8[::1], i8[::1], i8[::1], i8)")
def _is_open(t: IntArray, s: IntArray, move: IntArray, r: int) -> bool:
    """True when everybody really moves to a cell that is open to them and has or gets room."""
    for x in range(r):
        i, old, new = move[x], move[OLD + x], move[NEW + x]
        if old == new or (new >= 0 and not may_be_in(t, i, new)):
            return False
        if new >= 0:
            load = s[room(s, new, LOAD)] + person(t, i, PLACES)
            for y in range(r):
                if move[OLD + y] == new:
                    load -= person(t, move[y], PLACES)
                elif y != x and move[NEW + y] == new:
                    load += person(t, move[y], PLACES)
            if load > cell(t, new, CAP):
                return False
    return True


@compiled("b1(i8[::1], i8[::1], i8[::1], i8, i8[::1], f8[::1])")
def attempt(
    t: IntArray, s: IntArray, move: IntArray, r: int, d: IntArray, rule: NDArray[np.float64]
) -> bool:
    """Try to move r people at once; `d` is the change if it was made.

    Parameters
    ----------
    move : people, old cells and new cells as in `pairs.add_joint_change`; r different people.
    """
    if not _is_open(t, s, move, r):
        return False
    d[:] = 0
    if not add_shared_change(t, s, move, r, d):
        return False
    for x in range(r):
        add_fixed_change(t, move[x], move[OLD + x], move[NEW + x], d)
    add_joint_change(t, s, move, r, d)
    if not accepts(t, s, d, rule):
        return False
    for x in range(r):
        if move[OLD + x] >= 0:
            shift(t, s, move[x], move[OLD + x], -1)
    for x in range(r):
        if move[NEW + x] >= 0:
            shift(t, s, move[x], move[NEW + x], 1)
    keep(t, s, d)
    for x in range(r):
        move_sums(t, s, move[x], move[OLD + x], move[NEW + x])
    return True


@compiled("void(i8[::1], i8[::1], i8, i8, i8)")
def put(s: IntArray, move: IntArray, x: int, i: int, new: int) -> None:
    """Write person i, who goes to cell `new`, as the x-th of a move."""
    move[x] = i
    move[OLD + x] = s[spot(s, PLACE, i)]
    move[NEW + x] = new


@inner("i8(i8[::1], i8[::1], i8[::1], i8)", hot=True)
def go_home(t: IntArray, s: IntArray, move: IntArray, i: int) -> int:
    """Write a move: i returns to the present cell, whoever is in the way goes home or swaps.

    The number of people is returned, 0 where nobody can be named.
    """
    home = person(t, i, CURRENT)
    if home < 0 or s[spot(s, PLACE, i)] == home:
        return 0
    put(s, move, 0, i, home)
    if s[room(s, home, LOAD)] + person(t, i, PLACES) <= cell(t, home, CAP):
        return 1
    if s[room(s, home, PEOPLE)] == 0:
        return 0
    j = s[spot(s, MEMBERS, cell(t, home, SLOT) + draw(s, s[room(s, home, PEOPLE)]))]
    target = person(t, j, CURRENT)
    if (
        target < 0
        or target == home
        or s[room(s, target, LOAD)] + person(t, j, PLACES) > cell(t, target, CAP)
    ):
        target = s[spot(s, PLACE, i)]
    put(s, move, 1, j, target)
    return 2
