"""Sets of kinds of people that fill a cell.

Where everybody is to fit, no cell may leave more room than all cells have too much together; where
cells are exactly full, this leaves so few sets that all of them are listed and the answer is exact.

References
----------
.. [1] Gilmore and Gomory (1961), A linear programming approach to the cutting-stock problem:
   counting patterns of whole bins.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from allocator.solver.packing.kinds import Kinds
from allocator.solver.packing.subsets import SET_HEADER, SIZE, sets_of_cell
from allocator.solver.search.state import LOAD, State
from allocator.solver.tables import Tables

MOST_SETS = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """Sets of people, as kinds, that fill a cell of a kind.

    Parameters
    ----------
    cell : kind of cell of each pattern. members : how many of each kind of person.
    complete : no other set leaves as little room; there are none where that were too many.
    """

    cell: list[int]
    members: list[Counter[int]]
    complete: bool


def list_patterns(t: Tables, empty: State, kinds: Kinds, waste: int) -> Patterns:
    """Sets that leave at most `waste` places of a cell.

    Parameters
    ----------
    empty : those who are not packed, where they stay.
    """
    order = np.lexsort((kinds.person, -t.places))
    order = order[kinds.free[order]].astype(np.int64)
    if not len(order):
        return Patterns([], [], complete=True)
    width = SET_HEADER + int(t.cap.max(initial=0) // t.places[order].min())
    found = np.empty((MOST_SETS, width), dtype=np.int64)
    cell: list[int] = []
    for c in kinds.examples.tolist():
        least = max(1, int(t.cap[c] - empty.cells[c, LOAD]) - waste)
        here = found[len(cell) :]
        sets = sets_of_cell(t.packed, empty.flat, c, order, kinds.person, least, here)
        if sets < 0:
            return Patterns([], [], complete=False)
        cell += [int(kinds.cell[c])] * sets
    members = [
        Counter(kinds.person[row[SET_HEADER : SET_HEADER + row[SIZE]]].tolist())
        for row in found[: len(cell)]
    ]
    return Patterns(cell, members, complete=True)
