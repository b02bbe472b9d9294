"""Lower bounds that need no search: what no placement at all can go below.

Deeper bounds (cliques, columns, move budgets) have an issue of their own; these are valid for every
instance and tight for people without a place in an over-full prison.
"""

import numpy as np
from ortools.sat.python import cp_model

from allocator.model.shapes import IntArray
from allocator.solver.cpsat.tiers import Limits, new_solver
from allocator.solver.tables import DEFICIT, Tables


def trivial_bounds(t: Tables) -> IntArray:
    """Sum over terms of the least each can be, shape (K,); 0 where no term can be negative."""
    bounds = np.zeros(t.unplaced.shape[1], dtype=np.int64)
    for tier in range(1, len(bounds)):
        bounds[tier] += _least_pairs(t, tier)
        bounds[tier] += _least_static(t, tier) + least_load(t, tier)
    bounds[DEFICIT] = 0
    return bounds


def _least_pairs(t: Tables, tier: int) -> int:
    """Half the sum of everybody's own least: the best company that fits in a cell, then the rest.

    At most (largest capacity - 1) others share a cell with a person; for the others the largest
    weight between two cells counts. Each pair is counted from both sides, hence the half.
    """
    here = np.flatnonzero(t.pair_tier == tier)
    if len(here) == 0:
        return 0
    apart = np.minimum(0, _least_product(t, here, (t.pair_out[here], t.pair_in[here]), t.contact))
    both = (t.pair_out[here] + t.pair_in[here],)
    together = np.minimum(apart, _least_product(t, here, both, t.cell_contact))
    person = np.repeat(np.arange(len(t.places)), np.diff(t.pair_ptr))[here]
    gain = together - apart
    order = np.lexsort((gain, person))
    start = np.searchsorted(person[order], person[order], side="left")
    rank = np.arange(len(order)) - start
    company = max(0, int(t.cap.max(initial=0)) - 1)
    total = int(apart.sum()) + int(gain[order][rank < company].sum())
    return -(-total // 2)


def _least_product(
    t: Tables, here: IntArray, points: tuple[IntArray, ...], weights: IntArray
) -> IntArray:
    """Least that points times a contact weight can be, for each term; shared units count 0 or 1."""
    shared = t.pair_level[here] >= 0
    low = np.where(shared, 0, int(weights.min(initial=0)))
    high = np.where(shared, 1, int(weights.max(initial=0)))
    least = [np.minimum(p * low, p * high) for p in points]
    total: IntArray = np.sum(least, axis=0, dtype=np.int64)
    return total


def _least_static(t: Tables, tier: int) -> int:
    columns = np.flatnonzero(t.static_tiers == tier)
    if len(columns) == 0:
        return 0
    least = np.minimum(0, t.static[:, :, columns[0]].min(axis=1, initial=0)).astype(np.int64)
    return int(least[t.static_row].sum())


def least_load(t: Tables, tier: int) -> int:
    """Least that costs of load can be in a tier, cell by cell."""
    columns = np.flatnonzero(t.load_tiers == tier)
    if len(columns) == 0:
        return 0
    costs = t.load_cost[:, columns[0], :]
    least = np.minimum(0, (costs - costs[:, :1]).min(axis=1, initial=0))
    return int(least[t.load_row].sum())


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
