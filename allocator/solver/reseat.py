"""The people of a few cells placed anew in these cells, exactly, tier by tier."""

from dataclasses import dataclass

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.cpsat.limits import Limits
from allocator.solver.cpsat.tiers import build_around, solve_tiers
from allocator.solver.search.apply import load_placement
from allocator.solver.search.state import new_state
from allocator.solver.tables import Tables


@dataclass(frozen=True, slots=True, eq=False)
class Within:
    """What may change.

    Parameters
    ----------
    people, cells : positions of whoever is placed anew, and where.
    tiers : how many tiers are looked at.
    deterministic : CP-SAT's deterministic seconds for each tier.
    """

    people: IntArray
    cells: IntArray
    tiers: int
    deterministic: float


def reseat(tables: Tables, placement: IntArray, within: Within) -> IntArray:
    """A placement that is no worse in the first tiers, with everybody else where they are.

    Parameters
    ----------
    placement : shape (n_persons,), cell or -1; within the hard shapes.
    """
    state = new_state(tables, 1)
    load_placement(tables.packed, state.flat, placement)
    free = within.people[tables.fixed[within.people] < 0]
    build = build_around(tables, state, free, within.cells)
    nothing = np.zeros(tables.unplaced.shape[1], dtype=np.int64)
    limits = Limits(within.deterministic, None, 1)
    tiers = tuple(range(within.tiers + 1))
    return solve_tiers(build, placement, tiers, nothing, nothing, limits).placement
