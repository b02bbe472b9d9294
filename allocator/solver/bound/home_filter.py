"""Moves that no placement within the caps can make are taken out of the move-budget bound."""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.bound.home import Home
from allocator.solver.bound.home_marginals import Marginals
from allocator.solver.tables import Tables

ROUNDS = 6
HUGE = 1 << 60


class AddUp(Protocol):
    """Shares that add up: no set of movers changes a tier by less than the sum of theirs."""

    @property
    def move(self) -> IntArray:
        """Share of a person's moving to a kind, shape (n, Q)."""

    @property
    def leave(self) -> IntArray:
        """Share of being left without a cell, shape (n,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """Shares that add up from a base."""

    base: int
    move: IntArray
    leave: IntArray


def without_hopeless(t: Tables, home: Home, tier: int, caps: IntArray) -> Home | None:
    """The reference with fewer options; None where nothing at all can meet the caps.

    A move stays only if, in each tier, its share and the best shares of as many others as may leave
    besides can bring the reference within the cap.

    Parameters
    ----------
    caps : shape (tier + 1,), values that each tier up to this one has to stay within.
    """
    for _ in range(ROUNDS):
        before = int(home.options.sum()) + int(home.may_leave.sum())
        for k in range(1, tier + 1):
            found = Marginals(t, home, k)
            kept = without_costly(home, found, int(caps[k]) - found.base)
            if kept is None:
                return None
            home = kept
        if int(home.options.sum()) + int(home.may_leave.sum()) == before:
            break
    return home


def least_change(home: Home, found: AddUp) -> int:
    """The most that leaving the reference can lower the sum."""
    best, always, top = _best(home, found)
    return always + int(best[top].sum())


def without_costly(home: Home, found: AddUp, room: int) -> Home | None:
    """Without options that bring every sum of shares above `room`; None where all sums are."""
    best, always, top = _best(home, found)
    if always + int(best[top].sum()) > room:
        return None
    at_home = home.cell >= 0
    others = np.full(len(best), always + int(best[top[: home.leavers - 1]].sum()), dtype=np.int64)
    full = always + int(best[top].sum())
    others[top] = full - best[top]
    others[~at_home] = full - best[~at_home]
    return replace(
        home,
        options=home.options & (found.move + others[:, None] <= room),
        may_leave=home.may_leave & (found.leave + others <= room),
    )


def _best(home: Home, found: AddUp) -> tuple[IntArray, int, IntArray]:
    """Least share of each, 0 at most; the sum of who is nowhere; the best of those at home."""
    move = np.where(home.options, found.move, HUGE).min(axis=1, initial=HUGE)
    best = np.minimum(0, np.minimum(move, np.where(home.may_leave, found.leave, HUGE)))
    at_home = home.cell >= 0
    order = np.argsort(best[at_home], kind="stable")[: home.leavers]
    return best, int(best[~at_home].sum()), np.flatnonzero(at_home)[order]
