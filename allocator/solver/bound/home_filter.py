"""Moves that no placement within the caps can make are taken out of the move-budget bound."""

from dataclasses import replace

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.bound.home import Home
from allocator.solver.bound.home_marginals import Marginals
from allocator.solver.tables import Tables

ROUNDS = 6


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
            kept = _filter(home, found, int(caps[k]) - found.base)
            if kept is None:
                return None
            home = kept
        if int(home.options.sum()) + int(home.may_leave.sum()) == before:
            break
    return home


def _filter(home: Home, found: Marginals, room: int) -> Home | None:
    huge = np.iinfo(np.int64).max // 4
    move = np.where(home.options, found.move, huge)
    leave = np.where(home.may_leave, found.leave, huge)
    best = np.minimum(0, np.minimum(move.min(axis=1, initial=huge), leave))
    at_home = home.cell >= 0
    always = int(best[~at_home].sum())
    order = np.argsort(best[at_home], kind="stable")[: home.leavers]
    top = np.flatnonzero(at_home)[order]
    if always + int(best[top].sum()) > room:
        return None
    others = np.full(len(best), always + int(best[top[: home.leavers - 1]].sum()), dtype=np.int64)
    full = always + int(best[top].sum())
    others[top] = full - best[top]
    others[~at_home] = full - best[~at_home]
    return replace(
        home,
        options=home.options & (move + others[:, None] <= room),
        may_leave=home.may_leave & (leave + others <= room),
    )
