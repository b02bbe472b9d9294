"""Bound from the move budget: with k moves at most k people are elsewhere.

The value is that of everybody at home, plus what each mover changes alone, plus what pairs of
movers change together. A relaxation in CP-SAT chooses movers and the kinds of cells they go to;
cells of one kind are not told apart, conflicts between two movers are dropped, and earlier tiers
stay within their caps. Exact enough for a night's budget, useless without one.

References
----------
.. [1] Hahn, Grant (1998), Lower bounds for the quadratic assignment problem: separate the costs
   that are linear once the others are fixed. Ours are fixed at the placement in force.
"""

import numpy as np
from ortools.sat.python import cp_model

from allocator.errors import InternalError
from allocator.model.shapes import IntArray
from allocator.solver.bound.away_conflicts import post_conflicts
from allocator.solver.bound.away_model import AwayModel
from allocator.solver.bound.away_pairs import AwayPairs
from allocator.solver.bound.away_rows import AwayRows
from allocator.solver.bound.home import Home, find_home
from allocator.solver.bound.home_costs import home_costs
from allocator.solver.bound.home_filter import without_hopeless
from allocator.solver.cpsat.pairs import Linear
from allocator.solver.cpsat.tiers import Limits, new_solver
from allocator.solver.tables import Tables


def move_budget_bound(
    t: Tables, tier: int, caps: IntArray, slack: IntArray, value: int, limits: Limits
) -> int:
    """Bound of a tier, given that earlier tiers stay within their caps.

    Parameters
    ----------
    caps : shape (K,). slack : shape (K,), caps less the least of each tier without the price of
        being unplaced.
    value : value of a placement within the caps; the bound is at most this, and only placements
        with less are looked for.

    Raises
    ------
    InternalError
        If CP-SAT calls the model invalid.
    """
    home = find_home(t, tier, slack)
    limits_of = np.append(caps[:tier], value - 1)
    kept = without_hopeless(t, home, tier, limits_of)
    if kept is None:
        return value
    home = kept
    away = AwayModel(t, home)
    costs: list[list[Linear]] = [[] for _ in range(tier + 1)]
    AwayRows(away, costs).post()
    post_conflicts(away)
    for k in range(1, tier + 1):
        _add_costs(away, k, costs[k])
    away.few_partners()
    for k in range(1, tier):
        away.model.add(cp_model.LinearExpr.sum(costs[k]) <= int(caps[k]))
    objective = cp_model.LinearExpr.sum(costs[tier])
    away.model.add(objective <= value - 1)
    away.model.minimize(objective)
    solver = new_solver(limits)
    solver.parameters.linearization_level = 2
    solver.parameters.cp_model_probing_level = 0
    status = solver.solve(away.model)
    if status == cp_model.MODEL_INVALID:
        raise InternalError("CP-SAT calls the bound's model invalid.", away.model.validate())
    if status == cp_model.INFEASIBLE:
        return value
    return min(value, int(np.ceil(solver.best_objective_bound - 1e-6)))


def _add_costs(away: AwayModel, tier: int, costs: list[Linear]) -> None:
    """Costs of people and pairs in a tier."""
    found = home_costs(away.t, away.home, tier)
    costs.append(found.base)
    for (i, q), x in away.x.items():
        if found.move[i, q]:
            costs.append(int(found.move[i, q]) * x)
    for i, off in away.off.items():
        if found.leave[i]:
            costs.append(int(found.leave[i]) * off)
    AwayPairs(away, tier, costs).post()


def may_help(home: Home, most: int) -> bool:
    """True where few enough people can leave the reference."""
    return home.leavers <= most
