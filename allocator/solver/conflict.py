"""Proof that some people cannot all be placed, whatever is done with the rest."""

import numpy as np
from ortools.sat.python import cp_model

from allocator.model.instance import Instance
from allocator.model.shapes import IntArray
from allocator.solver.compile import build_tables
from allocator.solver.cpsat.build import Build
from allocator.solver.cpsat.tiers import Limits, new_solver
from allocator.solver.search.state import new_state

PROOF_SECONDS = 4.0


def cannot_all_be_placed(instance: Instance, people: IntArray) -> bool:
    """True when CP-SAT proves twice, with and without presolve, that not all can be placed.

    Hard shapes among the named people alone are used: leaving everybody else out is a relaxation,
    except for lower limits, which are ignored.
    """
    tables = build_tables(instance)
    build = Build(tables, new_state(tables, 1), np.sort(people), np.arange(instance.n_cells))
    for off in build.off.values():
        build.model.add(off == 0)
    return all(_is_infeasible(build, presolve) for presolve in (True, False))


def _is_infeasible(build: Build, presolve: bool) -> bool:
    solver = new_solver(Limits(PROOF_SECONDS, None, 1))
    solver.parameters.cp_model_presolve = presolve
    return bool(solver.solve(build.model) == cp_model.INFEASIBLE)
