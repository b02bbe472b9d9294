"""Joint changes of pairs shared out between their people, so that they add up."""

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.bound.home import Home
from allocator.solver.bound.joint import Joint, JointView
from allocator.solver.tables import Tables


def joint_shares(t: Tables, home: Home, rows: IntArray) -> IntArray:
    """Half of the least joint changes with the best partners, shape (n, Q + 1).

    The last column is for being left without a cell. All pairs of movers together change a tier by
    no less than the sum of the movers' shares.

    Parameters
    ----------
    rows : entries of `t.pair_other`, both directions of a pair; shape (n_rows,).
    """
    n = len(t.places)
    share = np.zeros((n, len(home.example) + 1), dtype=np.int64)
    partners = home.partners
    if partners == 0:
        return share
    person = np.searchsorted(t.pair_ptr, rows, side="right") - 1
    for level in np.unique(t.pair_level[rows]).tolist():
        here = t.pair_level[rows] == level
        view = JointView(t, home, level)
        gains = _gains(t, view, rows[here], person[here])
        for i in range(n):
            if gains[i]:
                best = np.sort(np.array(gains[i]), axis=0)[:partners]
                share[i, view.options[i]] += best.sum(axis=0) // 2
    return share


def _gains(t: Tables, view: JointView, rows: IntArray, person: IntArray) -> list[list[IntArray]]:
    """For each person the least joint changes with each partner, by the person's options."""
    gains: list[list[IntArray]] = [[] for _ in range(len(t.places))]
    for e, i in zip(rows.tolist(), person.tolist(), strict=True):
        j = int(t.pair_other[e])
        if i >= j or len(view.options[i]) == 0 or len(view.options[j]) == 0:
            continue
        found = view.look(i, j, int(t.pair_out[e]), int(t.pair_in[e]))
        mine, theirs = _least(view, found, i, j)
        if min(int(mine.min()), int(theirs.min())) < 0:
            gains[i].append(np.minimum(0, mine))
            gains[j].append(np.minimum(0, theirs))
    return gains


def _least(view: JointView, found: Joint, i: int, j: int) -> tuple[IntArray, IntArray]:
    """Least joint change by each option of i, and by each option of j."""
    kept_i, at_i = np.unique(view.class_of[view.options[i]], return_inverse=True)
    kept_j, at_j = np.unique(view.class_of[view.options[j]], return_inverse=True)
    lowest = np.iinfo(np.int64).min
    near, far = np.full(len(kept_i), lowest), np.full(len(kept_j), lowest)
    np.maximum.at(near, at_i, found.near)
    np.maximum.at(far, at_j, found.far)
    least = found.least[np.ix_(kept_i, kept_j)]
    mine = (least - far[None, :]).min(axis=1)[at_i] - found.near + found.together
    theirs = (least - near[:, None]).min(axis=0)[at_j] - found.far + found.together
    return mine, theirs
