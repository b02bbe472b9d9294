"""Cells that differ by name only, and how to give one placement's cells the names of another's.

Of groups that nothing tells apart, two good placements may hold the same people under other names.
Mixed person by person they would have nothing in common; renamed so that most people are in cells
of the same name, a child keeps what both agree on.

References
----------
.. [1] Galinier and Hao (1999), Hybrid evolutionary algorithms for graph coloring: why children must
   be made of groups and not of their names, doi 10.1023/A:1009823419804.
.. [2] Kuhn (1955), The Hungarian method for the assignment problem: the renaming of most agreement.
"""

import numpy as np
from scipy.optimize import linear_sum_assignment

from allocator.model.shapes import IntArray
from allocator.solver.tables import Tables

ALONE = -1


def alike_cells(t: Tables) -> tuple[IntArray, ...]:
    """Sets of at least two cells with the same eligibility, costs and contact with other cells.

    How many a cell may hold is not compared: a person for whom there is then no place is placed
    anew. A class of one cell that has contact with itself only is told apart by that contact.
    """
    m = len(t.cap)
    static = t.static.transpose(1, 0, 2).reshape(m, -1)
    columns = [t.elig.T.astype(np.int64), static.astype(np.int64), t.units[1:].T.astype(np.int64)]
    for structure in t.fields.structures:
        near = np.diff(structure.near_ptr)
        single = np.bincount(structure.classes, minlength=structure.width) == 1
        own = np.zeros(structure.width, dtype=np.int64)
        own[: len(structure.matrix)] = structure.matrix.diagonal()
        by_itself = (single & (near == (own != 0)))[structure.classes]
        name = np.where(by_itself, ALONE, structure.classes)
        columns.append(np.column_stack((name, np.where(by_itself, own[structure.classes], 0))))
    kind = np.unique(np.hstack(columns), axis=0, return_inverse=True)[1].reshape(-1)
    sets = np.split(np.argsort(kind, kind="stable"), np.cumsum(np.bincount(kind))[:-1])
    return tuple(cells for cells in sets if len(cells) > 1)


def renamed(placement: IntArray, model: IntArray, alike: tuple[IntArray, ...]) -> IntArray:
    """A placement in which alike cells have changed names so that most people are as in `model`.

    Parameters
    ----------
    placement, model : shape (n,), cell or -1.
    """
    both = (placement >= 0) & (model >= 0)
    size = 1 + int(max(placement.max(initial=0), model.max(initial=0)))
    size = max([size, *(int(cells.max()) + 1 for cells in alike)])
    name = np.arange(size)
    for cells in alike:
        row = np.full(size, -1)
        row[cells] = np.arange(len(cells))
        first, second = row[placement[both]], row[model[both]]
        kept = (first >= 0) & (second >= 0)
        shared = np.zeros((len(cells), len(cells)), dtype=np.int64)
        np.add.at(shared, (first[kept], second[kept]), 1)
        rows, columns = linear_sum_assignment(shared, maximize=True)
        name[cells[rows]] = cells[columns]
    return np.where(placement >= 0, name[placement], placement)
