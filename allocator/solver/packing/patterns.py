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

from allocator.model.shapes import IntArray
from allocator.solver.packing.kinds import Kinds
from allocator.solver.packing.subsets import SET_HEADER, SIZE, sets_of_cell
from allocator.solver.search.state import LOAD, State
from allocator.solver.tables import Tables

MOST_SETS = 20_000
MOST_NODES = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """Sets of people, as kinds, that fill a cell of a kind.

    Parameters
    ----------
    cell : kind of cell of each pattern. members : how many of each kind of person.
    complete : no other set leaves as little room.
    """

    cell: list[int]
    members: list[Counter[int]]
    complete: bool


def list_patterns(
    t: Tables, empty: State, kinds: Kinds, order: IntArray, waste: int
) -> Patterns:
    """Sets that leave at most `waste` places of a cell.

    Parameters
    ----------
    empty : those who are not packed, where they stay. order : who is packed, by kind.
    """
    cell, members = [], []
    room, complete = MOST_SETS, True
    width = SET_HEADER + int(t.cap.max(initial=0))
    for k, c in enumerate(kinds.examples.tolist()):
        found = np.zeros((room // (len(kinds.examples) - k), width), dtype=np.int64)
        least = max(1, int(t.cap[c] - empty.cells[c, LOAD]) - waste)
        sets = sets_of_cell(t.packed, empty.flat, c, order, kinds.person, least, MOST_NODES, found)
        complete = complete and sets >= 0
        sets = max(sets, -1 - sets)
        for row in found[:sets]:
            own = row[SET_HEADER : SET_HEADER + row[SIZE]]
            members.append(Counter(kinds.person[own].tolist()))
            cell.append(int(kinds.cell[c]))
        room -= sets
    return Patterns(cell, members, complete)
