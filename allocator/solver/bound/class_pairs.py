"""Joint changes of pairs, class of cells by class, and what is shared out between two people.

Without what people in one cell get more than people in two cells of a class: whoever bounds by
cells counts that exactly. So a joint change depends on the classes of the new cells only.
"""

from dataclasses import dataclass

import numpy as np

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.contact import ContactTable, contact_table
from allocator.solver.bound.home import Home
from allocator.solver.tables import Tables

CHUNK = 2_000_000
MOST_EXPLICIT = 3_000
FEW_OPTIONS = 150_000  # up to which pairs are counted one by one


@dataclass(frozen=True, slots=True, eq=False)
class JointPairs:
    """Pairs whose joint change is counted pair by pair; E of them.

    Parameters
    ----------
    first, second : shape (E,). least : shape (E,), the least joint change, below 0.
    structure : shape (E,), number of the pair's contact structure; two people are one pair of each.
    opens : two of shape (E, m + 1), True where the first (second) may go for a joint change below
        0; the last column is for being left without a cell.
    """

    first: IntArray
    second: IntArray
    least: IntArray
    structure: IntArray
    opens: tuple[BoolArray, BoolArray]


def joint_changes(t: Tables, home: Home, tier: int) -> tuple[JointPairs, IntArray]:
    """The heaviest pairs, and shares of the others, shape (n, m + 1).

    A share is half of the least joint changes with the best partners; the last column is for being
    left without a cell. All pairs of movers together change a tier by no less than the sum of the
    movers' shares.

    Parameters
    ----------
    home : every cell is a kind of its own.
    """
    n, m = len(t.places), len(t.cap)
    share = np.zeros((n, m + 1), dtype=np.int64)
    partners = home.partners
    rows = np.flatnonzero(t.pair_tier == tier)
    person = np.searchsorted(t.pair_ptr, rows, side="right") - 1
    once = (person < t.pair_other[rows]) & (partners > 0)
    rows, person = rows[once], person[once]
    found = []
    for level in np.unique(t.pair_level[rows]).tolist():
        here, table = t.pair_level[rows] == level, contact_table(t, level)
        found.append((table, *_changes(t, home, table, rows[here], person[here])))
    most = MOST_EXPLICIT if int(home.options.sum()) <= FEW_OPTIONS else 0
    floor = _floor([changes[0].min(axis=1) for _, _, changes in found], most)
    explicit = []
    for table, ends, changes in found:
        heavy = changes[0].min(axis=1) < floor
        explicit.append(_explicit(table, ends[:, heavy], changes[:, heavy]))
        _share_out(share, table, ends[:, ~heavy], changes[:, ~heavy], partners)
    return _joined(explicit, m), share


def _floor(least: list[IntArray], most: int) -> int:
    """Joint changes below this are counted pair by pair, `most` of them."""
    every = np.sort(np.concatenate([*least, np.zeros(1, dtype=np.int64)]))
    return int(every[min(len(every) - 1, most)])


def _explicit(table: ContactTable, ends: IntArray, changes: IntArray) -> JointPairs:
    opens = changes[:, :, table.cells] < 0
    alike = np.zeros(ends.shape[1], dtype=np.int64)
    return JointPairs(ends[0], ends[1], changes[0].min(axis=1), alike, (opens[0], opens[1]))


def _joined(parts: list[JointPairs], m: int) -> JointPairs:
    nobody, nowhere = np.zeros(0, dtype=np.int64), np.zeros((0, m + 1), dtype=np.bool_)
    opens = [np.concatenate([nowhere, *(p.opens[k] for p in parts)]) for k in (0, 1)]
    return JointPairs(
        np.concatenate([nobody, *(p.first for p in parts)]),
        np.concatenate([nobody, *(p.second for p in parts)]),
        np.concatenate([nobody, *(p.least for p in parts)]),
        np.concatenate([nobody, *(p.structure + k for k, p in enumerate(parts))]),
        (opens[0], opens[1]),
    )


def _share_out(
    share: IntArray, table: ContactTable, ends: IntArray, changes: IntArray, partners: int
) -> None:
    """Add half of the best changes of each person in `ends`, shape (2, E), by class."""
    people, gains = ends.reshape(-1), changes.reshape(-1, changes.shape[2])
    order = np.argsort(people, kind="stable")
    people, gains = people[order], gains[order]
    edges = np.searchsorted(people, np.arange(len(share) + 1))
    for i in np.flatnonzero(np.diff(edges)).tolist():
        best = np.sort(gains[edges[i] : edges[i + 1]], axis=0)[:partners]
        share[i] += (best.sum(axis=0) // 2)[table.cells]


def _open_classes(home: Home, table: ContactTable) -> BoolArray:
    """Classes that each person may move to, the last for being left out; shape (n, C)."""
    width = len(table.matrix)
    inside = np.zeros((len(table.cells) - 1, width), dtype=np.float32)
    inside[np.arange(len(inside)), table.cells[:-1]] = 1.0
    found: BoolArray = home.options.astype(np.float32) @ inside > 0
    found[:, width - 1] |= home.may_leave
    return found


def _changes(
    t: Tables, home: Home, table: ContactTable, rows: IntArray, person: IntArray
) -> tuple[IntArray, IntArray]:
    """Pairs with a joint change below 0, shape (2, E), and the least for each class of one of them.

    The second has shape (2, E, C).
    """
    open_to, width = _open_classes(home, table), len(table.matrix)
    somewhere = np.flatnonzero(open_to.any(axis=1))
    both = np.isin(person, somewhere) & np.isin(t.pair_other[rows], somewhere)
    rows, person = rows[both], person[both]
    ends, changes = [np.zeros((2, 0), dtype=np.int64)], [np.zeros((2, 0, width), dtype=np.int64)]
    step = max(1, CHUNK // width**2)
    for start in range(0, len(rows), step):
        part = slice(start, start + step)
        i, j = person[part], t.pair_other[rows[part]]
        joint = _joint(t, home, table, rows[part], i, j)
        possible = open_to[i][:, :, None] & open_to[j][:, None, :]
        joint = np.where(possible, np.minimum(0, joint), 0)
        kept = joint.min(axis=(1, 2)) < 0
        ends.append(np.stack((i, j))[:, kept])
        changes.append(np.stack((joint.min(axis=2), joint.min(axis=1)))[:, kept])
    return np.concatenate(ends, axis=1), np.concatenate(changes, axis=1)


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
