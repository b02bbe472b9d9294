"""Costs of a tier cell by cell, seen from the reference, company in cells apart.

The value is the base, plus what each mover changes alone (`move`, `leave`, with shares of the
lighter joint changes of classes), plus the heavier joint changes (`pairs`), plus company in cells:
a mover gets what the people of the new cell cost as long as they stay (`enter`), and two who leave
one cell have given up their company once and not twice (`mates`).
"""

from dataclasses import dataclass

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.bound.class_pairs import JointPairs, joint_changes
from allocator.solver.bound.contact import contact_table
from allocator.solver.bound.home import Home
from allocator.solver.bound.home_costs import home_costs
from allocator.solver.tables import Tables


@dataclass(frozen=True, slots=True, eq=False)
class CellCosts:
    """Costs of one tier that are sums over people and pairs.

    Parameters
    ----------
    base : value in the reference. move : shape (n, m). leave : shape (n,).
    enter : shape (E, 3), a person, somebody in another cell, and the cost of the first's entering
        that cell while the second stays.
    mates : shape (M, 3), two people of one cell, the first's number the smaller, and their company.
    pairs : the heaviest joint changes; the others are shares in `move` and `leave`.
    """

    base: int
    move: IntArray
    leave: IntArray
    enter: IntArray
    mates: IntArray
    pairs: JointPairs


def cell_costs(t: Tables, home: Home, tier: int) -> CellCosts:
    """Costs of a tier; every cell is a kind of its own in `home`."""
    found = home_costs(t, home, tier)
    pairs, shares = joint_changes(t, home, tier)
    enter, mates = _company(t, home, tier)
    move = found.move + shares[:, :-1]
    np.subtract.at(move, (enter[:, 0], home.cell[enter[:, 1]]), enter[:, 2])
    return CellCosts(found.base, move, found.leave + shares[:, -1], enter, mates, pairs)


def _company(t: Tables, home: Home, tier: int) -> tuple[IntArray, IntArray]:
    """Who would meet whom in a cell, and who does in the reference."""
    rows = np.flatnonzero(t.pair_tier == tier)
    person = np.searchsorted(t.pair_ptr, rows, side="right") - 1
    other = t.pair_other[rows]
    extra = np.zeros(len(rows), dtype=np.int64)
    for level in np.unique(t.pair_level[rows]).tolist():
        here = t.pair_level[rows] == level
        extra[here] = contact_table(t, level).extra[home.cell[other[here]]]
    points = (t.pair_out[rows] + t.pair_in[rows]) * extra
    found = np.column_stack((person, other, points)).astype(np.int64)
    meets = (home.cell[other] >= 0) & (points != 0)
    same = home.cell[person] == home.cell[other]
    return found[meets & ~same], found[meets & same & (person < other)]
