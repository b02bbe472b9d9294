"""The people of a few cells placed anew in these cells, exactly, tier by tier."""

import numpy as np

from allocator.model.instance import Instance
from allocator.model.shapes import IntArray
from allocator.solver.compile import build_tables
from allocator.solver.cpsat.tiers import Limits, build_around, solve_tiers
from allocator.solver.search.apply import load_placement
from allocator.solver.search.state import new_state


def reseat(
    instance: Instance, placement: IntArray, cells: IntArray, tiers: int, deterministic: float
) -> IntArray:
    """A placement that is no worse in the first tiers, with everybody else where they are.

    Parameters
    ----------
    placement : shape (n_persons,), cell or -1; within the hard shapes.
    cells : whose people are placed anew, and those without a place with them.
    tiers : how many tiers are looked at.
    deterministic : CP-SAT's deterministic seconds for each tier.
    """
    tables = build_tables(instance)
    state = new_state(tables, 1)
    load_placement(tables.packed, state.flat, placement)
    free = np.flatnonzero((np.isin(placement, cells) | (placement < 0)) & (tables.fixed < 0))
    build = build_around(tables, state, free, cells)
    nothing = np.zeros(tables.unplaced.shape[1], dtype=np.int64)
    limits = Limits(deterministic, None, 1)
    wanted = tuple(range(tiers + 1))
    return solve_tiers(build, placement, wanted, nothing, nothing, limits).placement
