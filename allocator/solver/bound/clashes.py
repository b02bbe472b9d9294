"""Who may never share a cell with whom, and which cells are closed to whom by that."""

import numpy as np

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.tables import UNLIMITED, Tables

CELL_LEVEL = 0


def find_clashes(t: Tables) -> BoolArray:
    """Pairs that may never share a cell, shape (n, n)."""
    n = len(t.places)
    clash = np.zeros((n, n), dtype=np.bool_)
    person = np.repeat(np.arange(n), np.diff(t.apart_ptr))
    everywhere = np.all(t.units >= 0, axis=1)[t.apart_level]
    clash[person[everywhere], t.apart_other[everywhere]] = True
    alone = np.flatnonzero(t.alone == 1)
    clash[alone, :] = True
    clash[:, alone] = True
    for p in np.flatnonzero((t.part_tier < 0) & (t.part_level == CELL_LEVEL)).tolist():
        kind = t.class_of(p)
        differs = (kind[:, None] != kind[None, :]) & (kind >= 0)[:, None] & (kind >= 0)[None, :]
        clash |= differs
    for g in np.flatnonzero((t.group_tier < 0) & (t.group_level == CELL_LEVEL)).tolist():
        start, end = int(t.group_offset[g]), int(t.group_offset[g]) + len(t.cap)
        high = int(t.unit_high[start:end].max(initial=0))
        if high < UNLIMITED:
            (weight,) = t.counted(np.array([g]))
            both = (weight > 0)[:, None] & (weight > 0)[None, :]
            clash |= both & (weight[:, None] + weight[None, :] > high)
    np.fill_diagonal(clash, val=False)
    return clash


def find_closed(clash: BoolArray, cell: IntArray, n_cells: int) -> BoolArray:
    """Cells that hold somebody whom a person may not share with, shape (n, m).

    Parameters
    ----------
    clash : shape (n, n). cell : shape (n,), where everybody is, -1 for nowhere.
    """
    inside = np.zeros((len(cell), n_cells), dtype=np.float32)
    at_home = np.flatnonzero(cell >= 0)
    inside[at_home, cell[at_home]] = 1.0
    return (clash.astype(np.float32) @ inside) > 0.5
