"""Which bounds are tried for a tier, the cheap ones first."""

import time

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.bound.assignment import assignment_of
from allocator.solver.bound.contact_kinds import contact_bound
from allocator.solver.bound.kinds import counts_in_units, kinds_bound
from allocator.solver.bound.least import least_load, least_pairs, least_static
from allocator.solver.bound.move_budget import (
    BudgetBound,
    Question,
    has_budget,
    move_budget_bound,
)
from allocator.solver.bound.pairs import FEW_PEOPLE, pairs_bound
from allocator.solver.bound.products import products_bound
from allocator.solver.bound.room import room_bound
from allocator.solver.cpsat.limits import Limits
from allocator.solver.cpsat.neighbourhood import ROUND_TIME, WEIGHT_SCALE, Part, reoptimise
from allocator.solver.incumbent import Incumbent
from allocator.solver.search.phases import tier_weights

MOST_CELLS = 80
KINDS_TIME = 2.0
FOLLOW = 4  # bounds in a row, each after a better plan
BOUND_SHARE = 0.15  # of a time limit
CONTACT_SHARE = 0.8
SECONDS_PER_TERM = 2e-5  # of pairs, on the slow side
SECONDS_FOR_FEW = 2.0  # for all layers of a prison of so few people that all get every bound
PRODUCTS_PER_SECOND = 2.5e7  # costs of pairs in a deterministic second
CUBES_PER_SECOND = 1e9  # of people, for semidefinite bounds: of a deterministic second and
CUBES_IN_TIME = 2e8  # of one by the clock, on the slow side


def raise_by_room(inc: Incumbent, tier: int, caps: IntArray, deterministic: float) -> None:
    """Raise the bound of a tier that depends on room.

    Parameters
    ----------
    caps : shape (K,), values that earlier tiers may not exceed.
    deterministic : CP-SAT's deterministic seconds.
    """
    t = inc.tables
    if t.unplaced[:, tier].any() or bool(np.any(t.load_tiers == tier)):
        room = room_bound(t, tier, caps - inc.least, deterministic)
        if room is not None:
            others = int(inc.least[tier]) - least_load(t, tier)
            inc.raise_bound(tier, room + others)


def raise_by_pairs(
    inc: Incumbent,
    tier: int,
    caps: IntArray,
    seconds: float | None = None,
    deterministic: float = 0.0,
) -> None:
    """Raise the bound of a tier that depends on who has to share with whom.

    Parameters
    ----------
    caps : shape (K,), values that earlier tiers may not exceed.
    seconds : nothing is done where it would likely take longer; None for no such limit.
    deterministic : seconds for semidefinite bounds of many people, where few moves do not say more.
    """
    t = inc.tables
    rows = np.flatnonzero(t.pair_tier == tier)
    if len(rows) == 0:
        return
    needed = len(rows) * SECONDS_PER_TERM
    needed += SECONDS_FOR_FEW if len(t.places) <= FEW_PEOPLE else 0.0
    if seconds is not None and needed > seconds:
        return
    others = int(inc.least[tier]) - least_pairs(t, rows)
    slack = caps - inc.least
    cubes = 0.0 if has_budget(t, tier, slack) else CUBES_PER_SECOND * deterministic
    cubes = cubes if seconds is None else min(cubes, CUBES_IN_TIME * seconds)
    pairs = pairs_bound(t, tier, slack, cubes)
    inc.raise_bound(tier, pairs + others)


def close_gap(
    inc: Incumbent, tier: int, caps: IntArray, tolerance: IntArray, deterministic: float
) -> None:
    """Raise the bound of a searched tier by counts in units and by its move budget.

    The plan then follows where the move budget's relaxation points.

    Parameters
    ----------
    caps : shape (K,), values that earlier tiers may not exceed; the incumbent is within them.
    tolerance : shape (K,), per mille of a tier's value that later tiers may give back.
    deterministic : CP-SAT's deterministic seconds.
    """
    if deterministic <= 0:
        return
    if has_budget(inc.tables, tier, caps - inc.least):
        _close_by_budget(inc, tier, caps, tolerance, deterministic)
    else:
        _raise_by_products(inc, tier, caps, deterministic)
    if not inc.is_proven(tier):
        _raise_by_kinds(inc, tier, caps, deterministic)


def _close_by_budget(
    inc: Incumbent, tier: int, caps: IntArray, tolerance: IntArray, deterministic: float
) -> None:
    """Bound by the move budget, follow where it points, and bound again what that improved."""
    slack = caps - inc.least
    for _ in range(FOLLOW):
        value, seconds = int(inc.values[tier]), _seconds_for(inc)
        question = (*caps[:tier].tolist(), value)
        asked, given = inc.asked.get(tier, ((), 0.0))
        if inc.is_proven(tier) or (asked == question and given >= deterministic):
            return
        if seconds is not None and seconds <= 0:
            return
        started = time.monotonic()
        inc.asked[tier] = question, deterministic
        limits = Limits(deterministic, seconds, inc.options.seed)
        most = value + abs(value) * int(tolerance[tier]) // 1000
        kept = tuple(inc.kept[k] for k in sorted(inc.kept))
        asks = Question(tier, caps, slack, value, most, kept)
        found = move_budget_bound(inc.tables, asks, limits)
        inc.raise_bound(tier, found.bound)
        if found.kept is not None:
            inc.kept[tier] = found.kept
        if len(found.movers):
            weights = np.round(tier_weights(inc, tier, tolerance) * WEIGHT_SCALE).astype(np.int64)
            free, cells = _around(inc, found)
            anew = Limits(ROUND_TIME, inc.seconds_left, inc.options.seed)
            reoptimise(inc, tier, caps, weights, Part(free, cells), anew)
        inc.bound_seconds += time.monotonic() - started
        if inc.tell("bound", tier, inc.values) or inc.values[tier] == value:
            return


def _raise_by_products(inc: Incumbent, tier: int, caps: IntArray, deterministic: float) -> None:
    """Raise the bound of contact that does not nest, of few people and choices."""
    t, left = inc.tables, inc.seconds_left
    problem = None if inc.is_proven(tier) else assignment_of(t, tier, caps - inc.least)
    if problem is None or (left is not None and left <= 0):
        return
    found = products_bound(problem, PRODUCTS_PER_SECOND * deterministic, left)
    if found is not None:
        apart = least_static(t, tier) + least_pairs(t, np.flatnonzero(t.contact_rows(tier)))
        inc.raise_bound(tier, found + int(inc.least[tier]) - apart)


def _seconds_for(inc: Incumbent) -> float | None:
    """Wall-clock seconds for a bound: a share of the limit in all, or what is left at its end."""
    limit, left = inc.options.time_limit_seconds, inc.seconds_left
    if limit is None or left is None:
        return None
    share = BOUND_SHARE * limit
    if inc.searched or left <= share:
        return left
    return min(left, share - inc.bound_seconds)


def _raise_by_kinds(inc: Incumbent, tier: int, caps: IntArray, deterministic: float) -> None:
    """Raise the bound of a tier of counts in units, or of contact in a small prison."""
    t, value = inc.tables, int(inc.values[tier])
    if counts_in_units(t, tier):
        limits = Limits(min(deterministic, KINDS_TIME), inc.seconds_left, inc.options.seed)
        found = kinds_bound(t, tier, caps, value, limits)
        if found is not None:
            inc.raise_bound(tier, found)
        return
    limits = Limits(CONTACT_SHARE * deterministic, inc.seconds_left, inc.options.seed)
    contact = np.flatnonzero(t.contact_rows(tier))
    others = int(inc.least[tier]) - least_pairs(t, np.flatnonzero(t.pair_tier == tier))
    others += least_pairs(t, np.flatnonzero((t.pair_tier == tier) & (t.pair_level >= 0)))
    if len(contact):
        found = contact_bound(t, tier, caps, caps - inc.least, value - others, limits)
        if found is not None:
            inc.raise_bound(tier, found + others)


def _around(inc: Incumbent, found: BudgetBound) -> tuple[IntArray, IntArray]:
    """The bound's movers, everybody away from home now, and where all of them may go."""
    t, place = inc.tables, inc.placement
    away = np.flatnonzero((place != t.current) & (t.fixed < 0))
    free = np.union1d(found.movers, away)
    homes = np.concatenate((t.current[free], place[free]))
    inside = np.flatnonzero(np.isin(t.current, found.cells) & (t.fixed < 0))
    if len(free) + len(inside) <= MOST_CELLS:
        free = np.union1d(free, inside)
    cells = np.union1d(found.cells[:MOST_CELLS], homes[homes >= 0])
    return free.astype(np.int64), cells.astype(np.int64)
