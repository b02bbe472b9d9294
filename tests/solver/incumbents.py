"""Incumbents of small instances for tests of what works on them."""

import numpy as np

from allocator.model.instance import Instance
from allocator.solver.bound.least import trivial_bounds
from allocator.solver.compile import build_tables
from allocator.solver.incumbent import Incumbent
from allocator.solver.options import Effort, SolveOptions
from allocator.solver.tables import Tables


def incumbent_of(instance: Instance, t: Tables | None = None, seed: int = 1) -> Incumbent:
    """With nobody placed yet."""
    t = t or build_tables(instance)
    return Incumbent(
        t,
        tuple(setting.tier for setting in instance.tiers),
        SolveOptions(Effort.QUICK, seed=seed),
        None,
        np.full(instance.n_persons, -1, dtype=np.int64),
        t.unplaced.sum(axis=0),
        trivial_bounds(t),
        trivial_bounds(t),
    )
