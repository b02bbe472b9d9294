"""Lexicographic solve of a `Build`: minimise a tier, hold it, hint, go to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from allocator.errors import InternalError
from allocator.model.shapes import IntArray
from allocator.solver.cpsat.build import Build
from allocator.solver.cpsat.limits import Limits, new_solver
from allocator.solver.cpsat.pairs import Linear
from allocator.solver.search.apply import place_person, values_of
from allocator.solver.search.state import State
from allocator.solver.tables import Tables


@dataclass(frozen=True, slots=True, eq=False)
class TierResult:
    """Best placement found and the proven lower bound of each tier tried, else None."""

    placement: IntArray
    bounds: tuple[int | None, ...]
    optimal: bool


def build_around(
    tables: Tables,
    state: State,
    free: IntArray,
    cells: IntArray,
    only: Mapping[int, Sequence[int]] | None = None,
) -> Build:
    """Build with `free` people taken out of a state, which changes, and everybody else fixed."""
    for i in free.tolist():
        if state.place[i] >= 0:
            place_person(tables.packed, state.flat, i, -1)
    return Build(tables, state, free, cells, only)


def solve_tiers(
    build: Build,
    placement: IntArray,
    tiers: tuple[int, ...],
    known: IntArray,
    tolerance: IntArray,
    limits: Limits,
) -> TierResult:
    """Minimise `tiers` one after another from a placement that satisfies the build.

    CP-SAT may lose its hint in presolve (or-tools issue 4693), so a worse answer is not taken.

    Parameters
    ----------
    known : shape (K,), bounds known before; a tier that meets its own is only held.
    tolerance : shape (K,), per mille of a tier's value that later tiers may give back.
    """
    best = placement
    bounds: list[int | None] = []
    optimal = True
    for tier in tiers:
        objective = build.value(tier)
        value = int(values_of(build.t, best)[tier])
        if isinstance(objective, int) or value <= int(known[tier]):
            bounds.append(value)
            _hold(build, objective, value, int(tolerance[tier]))
            continue
        build.model.minimize(objective)
        build.hint(best)
        solver = new_solver(limits)
        status = solver.solve(build.model)
        if status == cp_model.MODEL_INVALID:
            raise InternalError("CP-SAT calls the model invalid.", build.model.validate())
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return TierResult(best, (*bounds, *[None] * (len(tiers) - len(bounds))), False)
        found = build.read(solver, best)
        if tuple(values_of(build.t, found)[tier:]) < tuple(values_of(build.t, best)[tier:]):
            best = found
        value = int(values_of(build.t, best)[tier])
        bounds.append(int(np.ceil(solver.best_objective_bound - 1e-6)))
        optimal = optimal and status == cp_model.OPTIMAL
        _hold(build, objective, value, int(tolerance[tier]))
    return TierResult(best, tuple(bounds), optimal)


def _hold(build: Build, objective: Linear, value: int, tolerance_permille: int) -> None:
    """Keep a tier at its value, less what its tolerance lets later tiers give back."""
    if not isinstance(objective, int):
        build.model.add(objective <= value + abs(value) * tolerance_permille // 1000)
