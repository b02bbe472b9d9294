"""Cells that only who is inside tells apart, taken together as one kind.

For tiers that count people in units and know no contact. Thousands of options that are worth the
same become one, so that CP-SAT can prove what a linear programme of cells cannot: classes on a
landing cost the smaller of two numbers, which is not convex.
"""

from dataclasses import replace

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.bound.home import Home
from allocator.solver.tables import Tables


def coarse_home(t: Tables, home: Home, tier: int) -> Home:
    """The reference with kinds of cells; every cell is a kind of its own in `home`.

    Cells of a kind have the same room, loads, contact, units and points of tiers up to `tier`. A
    person may move to a kind that has a cell open to them; that its people close the others is a
    row of the model and no kind.
    """
    m = len(t.cap)
    points = t.static[:, :, t.static_tiers <= tier].transpose(1, 0, 2).reshape(m, -1)
    columns = np.column_stack((t.cap, t.load_row, t.contact_class, t.units[1:].T, points))
    _, example, kind, number = np.unique(
        columns, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    kind = kind.reshape(-1).astype(np.int64)
    inside = np.zeros((m, len(example)), dtype=np.float32)
    inside[np.arange(m), kind] = 1.0
    return replace(
        home,
        kind=kind,
        example=example.astype(np.int64),
        number=number.astype(np.int64),
        load=np.bincount(kind, weights=home.load, minlength=len(example)).astype(np.int64),
        options=home.options.astype(np.float32) @ inside > 0,
    )


def cells_to_try(t: Tables, home: Home, kinds: IntArray, moves: list[tuple[int, int]]) -> IntArray:
    """Cells of the kinds that movers go to which have room once the movers are away; sorted.

    Parameters
    ----------
    home : every cell is a kind of its own. kinds : shape (m,), kind of each cell.
    moves : person and kind.
    """
    movers = np.array([i for i, _ in moves], dtype=np.int64)
    load, left = home.load.copy(), home.cell[movers]
    np.subtract.at(load, left[left >= 0], t.places[movers][left >= 0])
    found = [
        np.flatnonzero(home.options[i] & (kinds == q) & (load + t.places[i] <= t.cap))
        for i, q in moves
    ]
    return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *found]))
