"""Joint changes of pairs shared out between their people, class of cells by class.

As `joint_shares`, but without what people in one cell get more than people in two cells of a class:
whoever bounds by cells counts that exactly. So a share depends on the class of the new cell only.
"""

import numpy as np

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.contact import ContactTable, contact_table
from allocator.solver.bound.home import Home
from allocator.solver.tables import Tables

CHUNK = 2_000_000
HUGE = 1 << 60


def class_shares(t: Tables, home: Home, tier: int) -> IntArray:
    """Half of the least joint changes with the best partners, shape (n, m + 1).

    The last column is for being left without a cell. All pairs of movers together change a tier by
    no less than the sum of the movers' shares.

    Parameters
    ----------
    home : every cell is a kind of its own.
    """
    n, m = len(t.places), len(t.cap)
    share = np.zeros((n, m + 1), dtype=np.int64)
    partners = home.leavers - 1 + int(np.count_nonzero(home.cell < 0))
    rows = np.flatnonzero(t.pair_tier == tier)
    person = np.searchsorted(t.pair_ptr, rows, side="right") - 1
    once = person < t.pair_other[rows]
    rows, person = rows[once], person[once]
    if partners == 0:
        return share
    for level in np.unique(t.pair_level[rows]).tolist():
        here = t.pair_level[rows] == level
        table = contact_table(t, level)
        open_to = _open_classes(home, table)
        people, gains = _gains(t, home, table, open_to, rows[here], person[here])
        edges = np.searchsorted(people, np.arange(n + 1))
        for i in np.flatnonzero(np.diff(edges)).tolist():
            best = np.sort(gains[edges[i] : edges[i + 1]], axis=0)[:partners]
            share[i] += (best.sum(axis=0) // 2)[table.cells]
    return share


def _open_classes(home: Home, table: ContactTable) -> BoolArray:
    """Classes that each person may move to, the last for being left out; shape (n, C)."""
    width = len(table.matrix)
    inside = np.zeros((len(table.cells) - 1, width), dtype=np.float32)
    inside[np.arange(len(inside)), table.cells[:-1]] = 1.0
    found: BoolArray = home.options.astype(np.float32) @ inside > 0
    found[:, width - 1] |= home.may_leave
    return found


def _gains(
    t: Tables, home: Home, table: ContactTable, open_to: BoolArray, rows: IntArray, person: IntArray
) -> tuple[IntArray, IntArray]:
    """People, sorted, and their least joint change with one partner each by class, (E, C)."""
    other = t.pair_other[rows]
    somewhere = np.flatnonzero(open_to.any(axis=1))
    both = np.isin(person, somewhere) & np.isin(other, somewhere)
    rows, person, other = rows[both], person[both], other[both]
    people, gains = [np.zeros(0, dtype=np.int64)], [np.zeros((0, len(table.matrix)), np.int64)]
    step = max(1, CHUNK // len(table.matrix) ** 2)
    for start in range(0, len(rows), step):
        part = slice(start, start + step)
        i, j = person[part], other[part]
        joint = _joint(t, home, table, rows[part], i, j)
        mine = np.where(open_to[j][:, None, :], joint, HUGE).min(axis=2)
        theirs = np.where(open_to[i][:, :, None], joint, HUGE).min(axis=1)
        found = np.minimum(0, np.concatenate((mine, theirs)))
        kept = found.min(axis=1) < 0
        people.append(np.concatenate((i, j))[kept])
        gains.append(found[kept])
    everyone, all_gains = np.concatenate(people), np.concatenate(gains)
    order = np.argsort(everyone, kind="stable")
    return everyone[order], all_gains[order]


def _joint(
    t: Tables, home: Home, table: ContactTable, rows: IntArray, i: IntArray, j: IntArray
) -> IntArray:
    """Joint change of each pair by the classes of both, shape (E, C, C)."""
    matrix, pairs = table.matrix, np.arange(len(rows))
    out, back = t.pair_out[rows][:, None, None], t.pair_in[rows][:, None, None]
    weights = out * matrix[None] + back * matrix.T[None]
    a, b = table.cells[home.cell[i]], table.cells[home.cell[j]]
    joint: IntArray = weights - weights[pairs, :, b][:, :, None] - weights[pairs, a, :][:, None, :]
    joint += weights[pairs, a, b][:, None, None]
    low, high = np.zeros(len(matrix), dtype=np.int64), np.zeros(len(matrix), dtype=np.int64)
    np.minimum.at(low, table.cells, table.extra)
    np.maximum.at(high, table.cells, table.extra)
    points = (out + back)[:, :, 0]
    diagonal = np.arange(len(matrix))
    joint[:, diagonal, diagonal] += np.minimum(0, np.minimum(points * low, points * high))
    return joint
