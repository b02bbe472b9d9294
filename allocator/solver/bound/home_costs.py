"""What one person's leaving the reference changes in a tier while everybody else stays."""

from dataclasses import dataclass

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.bound.contact import contact_table
from allocator.solver.bound.home import Home
from allocator.solver.tables import Tables


@dataclass(frozen=True, slots=True, eq=False)
class HomeCosts:
    """Costs of a tier that are sums over people and pairs, seen from the reference.

    Parameters
    ----------
    base : the tier's value in the reference from points of cells, pairs and having no place.
    move : shape (n, Q), least change when a person moves to a kind. leave : shape (n,), change when
        a person is left without a place.
    """

    base: int
    move: IntArray
    leave: IntArray


def home_costs(t: Tables, home: Home, tier: int) -> HomeCosts:
    """Costs of a tier seen from the reference.

    Where a kind has several cells, points towards people in the cell that one moves to count only
    where they are negative, at the cell where they are least.
    """
    at_home = home.cell >= 0
    own = np.where(at_home, 0, t.unplaced[:, tier])
    column = np.flatnonzero(t.static_tiers == tier)
    move = np.zeros(home.options.shape, dtype=np.int64)
    if len(column):
        points = t.static[:, :, column[0]].astype(np.int64)
        move += points[t.static_row][:, home.example]
        own = own + np.where(at_home, points[t.static_row, home.cell], 0)
    move += np.where(t.current >= 0, t.moved[:, tier], 0)[:, None]
    base, total = int(own.sum()), own.astype(np.int64)
    pairs = np.flatnonzero(t.pair_tier == tier)
    for level in np.unique(t.pair_level[pairs]).tolist():
        there, here = _pair_costs(t, home, pairs[t.pair_level[pairs] == level], level)
        move += there
        total = total + here
        base += int(here.sum()) // 2
    move -= total[:, None]
    return HomeCosts(base, move, t.unplaced[:, tier] - total)


def _pair_costs(t: Tables, home: Home, rows: IntArray, level: int) -> tuple[IntArray, IntArray]:
    """Pair terms of each person at each kind, shape (n, Q), and in the reference, shape (n,)."""
    table = contact_table(t, level)
    n, width = len(t.places), len(table.matrix)
    person = np.repeat(np.arange(n), np.diff(t.pair_ptr))[rows]
    other = home.cell[t.pair_other[rows]]
    out, back = t.pair_out[rows], t.pair_in[rows]
    sums = np.zeros((2, n, width))
    np.add.at(sums[0], (person, table.cells[other]), out)
    np.add.at(sums[1], (person, table.cells[other]), back)
    matrix = table.matrix.astype(np.float64)
    at_class = np.rint(sums[0] @ matrix.T + sums[1] @ matrix).astype(np.int64)
    there = at_class[:, table.cells[home.example]]
    own = home.cell[person]
    mates = np.flatnonzero((other >= 0) & (other != own) & (table.extra[other] != 0))
    extra = (out + back)[mates] * table.extra[other[mates]]
    there += _least_mates(home, n, person[mates], other[mates], extra)
    here = out * table.matrix[table.cells[own], table.cells[other]]
    here += back * table.matrix[table.cells[other], table.cells[own]]
    here += np.where((own == other) & (own >= 0), (out + back) * table.extra[own], 0)
    return there, np.bincount(person, weights=here, minlength=n).astype(np.int64)


def _least_mates(home: Home, n: int, person: IntArray, cell: IntArray, extra: IntArray) -> IntArray:
    """Extras of the people in a kind's only cell, else the least sum of negative ones in a cell."""
    found = np.zeros((n, len(home.example)), dtype=np.int64)
    only = home.number[home.kind[cell]] == 1
    np.add.at(found, (person[only], home.kind[cell[only]]), extra[only])
    negative = np.flatnonzero((extra < 0) & ~only)
    key = person[negative] * len(home.kind) + cell[negative]
    keys, at = np.unique(key, return_inverse=True)
    sums = np.zeros(len(keys), dtype=np.int64)
    np.add.at(sums, at.reshape(-1), extra[negative])
    where = (keys // max(1, len(home.kind)), home.kind[keys % max(1, len(home.kind))])
    np.minimum.at(found, where, sums)
    return found
