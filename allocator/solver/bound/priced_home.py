"""Bound from the prices of a linear programme, and the options that they leave.

Columns are added until no option outside would lower the programme, or the bound is near enough.
Options that cannot be part of an answer are taken out, and a smaller programme is priced again.
"""

import time
from dataclasses import dataclass, replace

import numpy as np

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.away_lp import AwayLp, Priced
from allocator.solver.bound.cell_costs import cell_costs
from allocator.solver.bound.grain import grain_of
from allocator.solver.bound.home import Home
from allocator.solver.bound.home_filter import Shares, least_change, without_costly
from allocator.solver.bound.must_leave import MustLeave
from allocator.solver.tables import Tables

PER_PERSON, PER_CELL = 4, 4  # new columns of each in a round
MOST_ROUNDS = 12
NEAR = 0.003  # of the value's size, between the bound and the programme's value
MOST_PASSES = 3
FEWER = 0.9  # of the options left, for another pass
ROUNDING = 1e-9
SCALE = 1_000  # parts of a point in which shares are counted


@dataclass(frozen=True, slots=True, eq=False)
class PricedHome:
    """Bound of a tier and what is left of the reference.

    Parameters
    ----------
    bound : no placement within the caps has less. home : None where there is no such placement
        with less than the value looked for.
    kept : the reference without what placements of at most `most` cannot use; None where nothing
        was priced, or where there is none.
    movers, cells : who moves in the programme, and where to.
    """

    bound: int
    home: Home | None
    kept: Home | None
    movers: IntArray
    cells: IntArray


def priced_home(
    t: Tables, home: Home, below: IntArray, most: int, seconds: float | None = None
) -> PricedHome:
    """Bound of a tier by cells.

    Parameters
    ----------
    home : every cell is a kind of its own. below : shape (tier + 1,), values that the tiers have to
        stay within, the last one's being that of the tier bounded.
    most : value that later tiers may leave this one, at least that in `below`.
    seconds : wall clock, None for no limit.
    """
    ends = None if seconds is None else time.monotonic() + seconds
    tier = len(below) - 1
    nobody, grain = np.zeros(0, dtype=np.int64), grain_of(t, tier)
    highest = int(below[tier]) // grain * grain
    found = PricedHome(-(1 << 60), home, None, nobody, nobody)
    for _ in range(MOST_PASSES):
        home = replace(home, options=MustLeave(t, home).options)
        before = int(home.options.sum())
        shares, lp, used = _price(t, home, tier, below, ends)
        if shares is None:
            break
        least = -((-shares.base - least_change(home, shares)) // SCALE)
        bound = max(found.bound, -(-least // grain) * grain)
        left = without_costly(home, shares, SCALE * highest - shares.base)
        kept = without_costly(home, shares, SCALE * most - shares.base)
        at = np.flatnonzero(used)  # of the columns that were there in the last solve
        movers, cells = np.unique(lp.person[at]), np.unique(lp.cell[at])
        found = PricedHome(bound, left, kept, movers, cells)
        if left is None or kept is None or int(kept.options.sum()) > FEWER * before:
            break
        home = kept
    return found


def _price(
    t: Tables, home: Home, tier: int, below: IntArray, ends: float | None
) -> tuple[Shares | None, AwayLp, BoolArray]:
    """Best shares of a few rounds of columns, the programme and its columns that are used."""
    costs = [cell_costs(t, home, k) for k in range(1, tier + 1)]
    lp = AwayLp(t, home, costs, below)
    wanted = _least(np.where(home.options, costs[-1].move, np.inf))
    best: Shares | None = None
    highest, used = -(1 << 62), np.zeros(0, dtype=np.bool_)
    for _ in range(MOST_ROUNDS):
        lp.add(wanted)
        left = None if ends is None else ends - time.monotonic()
        priced = lp.solve(left)
        if priced is None:
            break
        shares = _shares(priced)
        bound = shares.base + least_change(home, shares)
        if bound > highest:
            best, highest = shares, bound
        used = priced.x > 1e-6
        outside = np.where(home.options & ~lp.has, priced.move, np.inf)
        wanted = _least(outside) & (outside < 0)
        reached = highest / SCALE
        near = priced.value - reached <= NEAR * max(1.0, abs(priced.value))
        if near or reached > below[tier] or not wanted.any():
            break
    return best, lp, used


def _least(cost: np.ndarray) -> BoolArray:
    """The options of least cost of each person and of each cell, shape (n, m)."""
    found: BoolArray = np.zeros(cost.shape, dtype=np.bool_)
    if cost.size:
        by_person = np.argsort(cost, axis=1, kind="stable")[:, :PER_PERSON]
        by_cell = np.argsort(cost, axis=0, kind="stable")[:PER_CELL]
        np.put_along_axis(found, by_person, values=True, axis=1)
        np.put_along_axis(found, by_cell, values=True, axis=0)
    found &= np.isfinite(cost)
    return found


def _shares(priced: Priced) -> Shares:
    """Prices as integers, in parts of a point and rounded down."""
    off = ROUNDING * (1.0 + abs(priced.base))
    return Shares(
        int(np.floor(SCALE * (priced.base - off))),
        np.floor(SCALE * priced.move).astype(np.int64),
        np.floor(SCALE * priced.leave).astype(np.int64),
    )
