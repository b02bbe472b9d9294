"""Bound from room alone: kinds of people in kinds of cells, counted and not named.

Tight for people without a place in an over-full prison, and for space and crowding.
"""

import numpy as np
from ortools.sat.python import cp_model

from allocator.model.shapes import IntArray
from allocator.solver.cpsat.limits import Limits, new_solver
from allocator.solver.tables import Tables


def room_bound(t: Tables, tier: int, slack: IntArray, deterministic: float) -> int | None:
    """Bound of a tier from room alone: people and cells that are alike are counted, not named.

    The relaxation keeps eligibility, capacities, people who must be alone, costs of load and of
    being unplaced, and that being unplaced costs earlier tiers at most `slack`, shape (K,): their
    caps less the least of their other terms. It drops pairs, groups and moves; terms of the tier
    that it drops are counted at their least elsewhere.
    """
    return _RoomRelaxation(t, slack).bound(tier, deterministic)


class _RoomRelaxation:
    """Integer flow from classes of people to classes of cells with counted loads."""

    def __init__(self, t: Tables, slack: IntArray) -> None:
        self.t = t
        self.slack = slack
        people = np.column_stack((t.elig_row, t.fixed, t.places, t.alone, t.unplaced))
        self.people, count = np.unique(people, axis=0, return_counts=True)
        self.people_count = count.astype(int)
        columns = np.column_stack((t.cap, t.load_row, np.ascontiguousarray(t.elig.T)))
        self.cell_kinds, self.kind, number = np.unique(
            columns, axis=0, return_inverse=True, return_counts=True
        )
        self.kind = self.kind.reshape(-1)
        self.cell_count = number.astype(int)

    def bound(self, tier: int, deterministic: float) -> int | None:
        """Best proven bound of a tier, None when none was found."""
        model = cp_model.CpModel()
        objective = self._objective(model, tier)
        if isinstance(objective, int):
            return objective
        model.minimize(objective)
        solver = new_solver(Limits(deterministic, seconds=None, seed=1))
        status = solver.solve(model)
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None
        return int(np.ceil(solver.best_objective_bound - 1e-6))

    def _objective(self, model: cp_model.CpModel, tier: int) -> cp_model.LinearExprT:
        inflow: list[list[tuple[cp_model.IntVar, int]]] = [[] for _ in self.cell_count]
        singles: list[list[tuple[cp_model.IntVar, int]]] = [[] for _ in self.cell_count]
        costs: list[cp_model.LinearExprT] = []
        earlier: list[list[cp_model.LinearExprT]] = [[] for _ in range(tier)]
        for p, row in enumerate(self.people):
            elig_row, fixed, places, alone = (int(v) for v in row[:4])
            size = int(self.people_count[p])
            left = model.new_int_var(0, size, f"left{p}")
            flows = []
            for k in range(len(self.cell_count)):
                member = self.cell_kinds[k]
                allowed = member[2 + elig_row] and (fixed < 0 or self.kind[fixed] == k)
                if not allowed or member[0] < places:
                    continue
                flow = model.new_int_var(0, size, f"f{p}_{k}")
                flows.append(flow)
                (singles if alone else inflow)[k].append((flow, places))
            model.add(cp_model.LinearExpr.sum(flows) + left == size)
            if row[4 + tier]:
                costs.append(int(row[4 + tier]) * left)
            for k in np.flatnonzero(row[4 : 4 + tier]).tolist():
                earlier[k].append(int(row[4 + k]) * left)
        for k, terms in enumerate(earlier):
            if terms:
                model.add(cp_model.LinearExpr.sum(terms) <= int(self.slack[k]))
        for k in range(len(self.cell_count)):
            costs.extend(self._cells(model, k, inflow[k], singles[k], tier))
        return cp_model.LinearExpr.sum(costs)

    def _cells(
        self,
        model: cp_model.CpModel,
        k: int,
        inflow: list[tuple[cp_model.IntVar, int]],
        singles: list[tuple[cp_model.IntVar, int]],
        tier: int,
    ) -> list[cp_model.LinearExprT]:
        cap, load_row = int(self.cell_kinds[k][0]), int(self.cell_kinds[k][1])
        number = int(self.cell_count[k])
        if cap <= 0 or not (inflow or singles):
            return []
        column = np.flatnonzero(self.t.load_tiers == tier)
        row = self.t.load_cost[load_row, column[0]] if len(column) else None
        base = 0 if row is None else int(row[0])
        with_load = [model.new_int_var(0, number, f"z{k}_{load}") for load in range(cap + 1)]
        used = cp_model.LinearExpr.sum([x for x, _ in singles])
        model.add(cp_model.LinearExpr.sum(with_load) + used == number)
        taken = cp_model.LinearExpr.weighted_sum([x for x, _ in inflow], [w for _, w in inflow])
        held = cp_model.LinearExpr.weighted_sum(with_load, list(range(cap + 1)))
        model.add(taken == held)
        if row is None:
            return []
        costs: list[cp_model.LinearExprT] = [
            (int(row[load]) - base) * with_load[load] for load in range(cap + 1)
        ]
        costs.extend((int(row[w]) - base) * x for x, w in singles)
        return costs
