"""Proof that some people cannot all be placed, whatever is done with the rest."""

import numpy as np
from ortools.sat.python import cp_model

from allocator.model.instance import Instance
from allocator.model.shapes import Count, IntArray
from allocator.model.vocabulary import Level
from allocator.solver.compile import build_tables
from allocator.solver.cpsat.build import Build
from allocator.solver.cpsat.limits import Limits, new_solver
from allocator.solver.search.state import new_state

PROOF_SECONDS = 4.0


def cannot_all_be_placed(instance: Instance, people: IntArray) -> bool:
    """True when CP-SAT proves twice, with and without presolve, that not all can be placed.

    Hard shapes among the named people alone are used: leaving everybody else out is a relaxation.
    A lower limit (R16 in a cell for several) holds where nobody else may be who could help to reach
    it, and is left out elsewhere.
    """
    tables = build_tables(instance)
    build = Build(tables, new_state(tables, 1), np.sort(people), np.arange(instance.n_cells))
    for off in build.off.values():
        build.model.add(off == 0)
    for shape in instance.shapes:
        if isinstance(shape, Count) and shape.low.any():
            _hold_lower_limits(build, instance, shape)
    return all(_is_infeasible(build, presolve) for presolve in (True, False))


def _hold_lower_limits(build: Build, instance: Instance, shape: Count) -> None:
    """Hold the lower limits of the units that only the free people of the model may enter."""
    cells = np.arange(instance.n_cells, dtype=np.int64)
    units = cells if shape.level is Level.CELL else instance.unit_of[shape.level]
    others = np.setdiff1d(shape.persons, build.free)
    rows = np.unique(build.t.elig_row[others])
    entered = np.unique(units[(build.t.elig[rows] != 0).any(axis=0)])
    weights = dict(zip(shape.persons.tolist(), shape.weights.tolist(), strict=True))
    for unit, low in zip(shape.units.tolist(), shape.low.tolist(), strict=True):
        if low <= 0 or unit in entered:
            continue
        terms = [
            (x, weights[i]) for (i, c), x in build.x.items() if units[c] == unit and i in weights
        ]
        total = cp_model.LinearExpr.weighted_sum([x for x, _ in terms], [w for _, w in terms])
        if not shape.or_none:
            build.require(total >= low, f"low{unit}")
        for x, _ in terms if shape.or_none else ():
            build.model.add(total >= low).only_enforce_if(x)


def _is_infeasible(build: Build, presolve: bool) -> bool:
    solver = new_solver(Limits(PROOF_SECONDS, None, 1))
    solver.parameters.cp_model_presolve = presolve
    return bool(solver.solve(build.model) == cp_model.INFEASIBLE)
