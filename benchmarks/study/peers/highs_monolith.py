"""The monolith, linearised, in HiGHS as a mixed-integer program."""

from typing import Any

import highspy
import numpy as np

from allocator.model.instance import Instance
from benchmarks.study.peers.linear import Linear
from benchmarks.study.peers.linear_goals import build_linear
from benchmarks.study.peers.method import CORES, Clock, Outcome, Report
from benchmarks.study.peers.tierwise import Best, tiers_with_time


class HighsMonolith:
    """HiGHS with its defaults on two threads, started at the officer's first fit."""

    name = "highs"

    def run(self, instance: Instance, seconds: float, seed: int, report: Report) -> Outcome:
        """Build once, then minimise tier after tier."""
        clock = Clock.start(seconds)
        best = Best.first(instance, report)
        linear = build_linear(instance)
        solver = _translate(linear, seed)
        if clock.left <= 0:
            return Outcome(note=f"building took {clock.spent:.1f} s")
        proved, columns = True, np.arange(len(linear.high), dtype=np.int32)
        for tier, share in tiers_with_time(instance, linear, clock):
            costs = linear.costs[tier]
            vector = np.zeros(len(columns))
            vector[list(costs)] = list(costs.values())
            solver.changeColsCost(len(columns), columns, vector)
            _start(solver, linear, best)
            solver.setOptionValue("time_limit", solver.getRunTime() + share)
            solver.run()
            _read(solver, linear, best)
            info = solver.getInfo()
            best.bounds[tier] = _bound(info.mip_dual_bound, linear.constant[tier])
            proved = proved and solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
            held = best.verdict.values[tier] - linear.constant[tier]
            keys, weights = list(costs), [float(w) for w in costs.values()]
            solver.addRow(-highspy.kHighsInf, held + 0.5, len(keys), keys, weights)
        return Outcome(tuple(best.bounds), proved, f"{len(linear.rows)} rows")


def _bound(bound: float, constant: int) -> int | None:
    return None if abs(bound) > 1e15 else int(np.ceil(bound - 1e-6)) + constant


def _translate(linear: Linear, seed: int) -> Any:
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", CORES), ("random_seed", seed)):
        solver.setOptionValue(option, value)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(linear.high), len(linear.rows)
    lp.col_cost_ = np.zeros(lp.num_col_)
    lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.array(linear.high, dtype=np.float64)
    lp.row_lower_ = np.array([row[2] for row in linear.rows], dtype=np.float64)
    lp.row_upper_ = np.array([row[3] for row in linear.rows], dtype=np.float64)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lengths = [len(row[0]) for row in linear.rows]
    lp.a_matrix_.start_ = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    lp.a_matrix_.index_ = np.array([x for row in linear.rows for x in row[0]], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([w for row in linear.rows for w in row[1]], dtype=np.float64)
    solver.passModel(lp)
    return solver


def _start(solver: Any, linear: Linear, best: Best) -> None:
    """A partial start: HiGHS completes the other variables itself."""
    known = linear.start_of(best.placement)
    keys = np.array(list(known), dtype=np.int32)
    solver.setSolution(len(keys), keys, np.array(list(known.values()), dtype=np.float64))


def _read(solver: Any, linear: Linear, best: Best) -> None:
    solution = solver.getSolution()
    if solution.value_valid:
        values = np.rint(np.array(solution.col_value)).astype(np.int64)
        best.offer(linear.placement(values))
