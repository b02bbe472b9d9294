"""The monolith in CP-SAT: one boolean per person and cell, tier after tier."""

from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from allocator.model.instance import Instance
from benchmarks.study.peers.linear import Linear
from benchmarks.study.peers.linear_goals import build_linear
from benchmarks.study.peers.method import Clock, Outcome, Report
from benchmarks.study.peers.tierwise import Best, tiers_with_time

WORKERS = 8
"""On two cores the whole portfolio, time-sliced, beats two workers."""


class _News(cp_model.CpSolverSolutionCallback):
    """Offers every solution."""

    def __init__(self, model: Linear, variables: list[cp_model.IntVar], best: Best) -> None:
        super().__init__()
        self.model, self.variables, self.best = model, variables, best

    def on_solution_callback(self) -> None:
        """Read the booleans."""
        values = np.array([self.boolean_value(v) for v in self.variables[: self.most]])
        self.best.offer(self.model.placement(values.astype(np.int64)))

    @property
    def most(self) -> int:
        """Variables up to the last boolean of a person and cell."""
        return int(self.model.first.max(initial=-1)) + 1


@dataclass(eq=False)
class CpSatMonolith:
    """CP-SAT with its default search, hinted with the officer's first fit."""

    name: str = "cpsat"

    def run(self, instance: Instance, seconds: float, seed: int, report: Report) -> Outcome:
        """Build once, then minimise tier after tier."""
        clock = Clock.start(seconds)
        best = Best.first(instance, report)
        linear = build_linear(instance)
        model, variables = _translate(linear)
        if clock.left <= 0:
            return Outcome(note=f"building took {clock.spent:.1f} s")
        proved = True
        for tier, share in tiers_with_time(instance, linear, clock):
            model.clear_hints()  # type: ignore[no-untyped-call]
            for x, value in linear.start_of(best.placement).items():
                model.add_hint(variables[x], value)
            model.minimize(_sum(variables, linear.costs[tier]))
            status, bound = _solve(model, share, seed, _News(linear, variables, best))
            if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
                best.bounds[tier] = round(bound) + linear.constant[tier]
            proved = proved and status == cp_model.OPTIMAL
            held = best.verdict.values[tier] - linear.constant[tier]
            model.add(_sum(variables, linear.costs[tier]) <= held)
        return Outcome(tuple(best.bounds), proved, f"{len(linear.rows)} rows")


def _sum(variables: list[cp_model.IntVar], terms: dict[int, int]) -> cp_model.LinearExprT:
    return cp_model.LinearExpr.weighted_sum([variables[x] for x in terms], list(terms.values()))


def _translate(linear: Linear) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    model = cp_model.CpModel()
    variables = [model.new_int_var(0, high, "") for high in linear.high]
    for columns, weights, low, high in linear.rows:
        total = cp_model.LinearExpr.weighted_sum([variables[x] for x in columns], weights)
        model.add_linear_constraint(total, low, high)
    return model, variables


def _solve(
    model: cp_model.CpModel, seconds: float, seed: int, news: _News
) -> tuple[cp_model.CpSolverStatus, float]:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.random_seed = seed
    solver.parameters.num_workers = WORKERS
    status = solver.solve(model, news)
    return status, solver.best_objective_bound
