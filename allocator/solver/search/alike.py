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
    anew. Nor are the names of units and contact classes that are one cell without contact.
    """
    m = len(t.cap)
    static = t.static.transpose(1, 0, 2).reshape(m, -1).astype(np.int64)
    others = (t.contact != 0) | (t.contact.T != 0)
    np.fill_diagonal(others, val=False)
    cells_of_class = np.bincount(t.contact_class, minlength=len(t.contact))
    linked = (others @ cells_of_class > 0) | (cells_of_class > 1)
    names = [np.where(linked[t.contact_class], t.contact_class, ALONE)]
    for units in t.units[1:]:
        single = np.bincount(units + 1)[units + 1] == 1
        names.append(np.where(single, ALONE, units + 1))
    columns = [*names, t.cell_contact, t.elig.T.astype(np.int64), static]
    kind = np.unique(np.column_stack(columns), axis=0, return_inverse=True)[1].reshape(-1)
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
