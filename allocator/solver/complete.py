"""Can everybody but a few be placed? CP-SAT on a whole problem, one question with a yes or a no."""

from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from allocator.model.instance import Instance
from allocator.model.plan import Verdict
from allocator.model.shapes import IntArray
from allocator.model.vocabulary import Tier
from allocator.solver.bound.kinds import refuted_by_kinds
from allocator.solver.compile import build_tables
from allocator.solver.cpsat.build import Build
from allocator.solver.cpsat.limits import Limits, new_solver
from allocator.solver.search.state import new_state
from allocator.solver.tables import DEFICIT, tier_numbers

MOST_LITERALS = 6_000
PROOF_TIME = 0.5
KINDS_TIME = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Completion:
    """FEASIBLE with a placement, shape (n_persons,); INFEASIBLE, proved twice; or OUT_OF_TIME."""

    verdict: Verdict
    placement: IntArray | None = None


def complete(instance: Instance, most_left: int) -> Completion:
    """A placement that keeps every hard shape and leaves at most `most_left` people out, if any.

    Being without a place must cost 1 for each person in tier unplaced, and nothing else may be
    priced. People in kinds of cells are tried first, which only refutes; problems of more than
    `MOST_LITERALS` people times open cells are not tried whole.
    """
    tables = build_tables(instance)
    unplaced = tier_numbers(instance)[Tier.UNPLACED]
    if refuted_by_kinds(tables, unplaced, most_left, KINDS_TIME):
        return Completion(Verdict.INFEASIBLE)
    if int(tables.elig.sum(axis=1, dtype=np.int64)[tables.elig_row].sum()) > MOST_LITERALS:
        return Completion(Verdict.OUT_OF_TIME)
    everyone = np.arange(instance.n_persons, dtype=np.int64)
    build = Build(tables, new_state(tables, 1), everyone, np.arange(instance.n_cells))
    build.model.add(build.value(unplaced) <= most_left)
    build.require(build.value(DEFICIT) <= 0, "deficit")
    for presolve in (True, False):
        solver = new_solver(Limits(PROOF_TIME, None, 1))
        solver.parameters.cp_model_presolve = presolve
        status = solver.solve(build.model)
        if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            nowhere = np.full(instance.n_persons, -1, dtype=np.int64)
            return Completion(Verdict.FEASIBLE, build.read(solver, nowhere))
        if status != cp_model.INFEASIBLE:
            return Completion(Verdict.OUT_OF_TIME)
    return Completion(Verdict.INFEASIBLE)
