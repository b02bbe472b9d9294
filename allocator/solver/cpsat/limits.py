"""How long CP-SAT may work, and a solver that keeps to it."""

from dataclasses import dataclass

from ortools.sat.python import cp_model

FULL_RELAXATION = 2  # CP-SAT's highest level of linearization


@dataclass(frozen=True, slots=True)
class Limits:
    """How long CP-SAT may work on one tier.

    Parameters
    ----------
    deterministic : CP-SAT's deterministic seconds. seconds : wall clock, None for none.
    workers : interleaved when above 1, so that a run can be repeated; 2 at most, because
        interleaving with 4 or more crashed in this release (or-tools issue 5048).
    relaxation : CP-SAT's level of linearization, 0 to 2.
    """

    deterministic: float
    seconds: float | None
    seed: int
    workers: int = 1
    relaxation: int = 1


def new_solver(limits: Limits) -> cp_model.CpSolver:
    """A repeatable CP-SAT solver."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = limits.workers
    solver.parameters.interleave_search = limits.workers > 1
    solver.parameters.catch_sigint_signal = False
    solver.parameters.random_seed = limits.seed
    solver.parameters.linearization_level = limits.relaxation
    solver.parameters.max_deterministic_time = limits.deterministic
    if limits.seconds is not None:
        solver.parameters.max_time_in_seconds = max(0.05, limits.seconds)
    return solver
