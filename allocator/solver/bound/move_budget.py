"""Bound from the move budget: with k moves at most k people are elsewhere.

The value is that of everybody at home, plus what each mover changes alone, plus what pairs of
movers change together. A linear programme prices every person's every cell (`priced_home`), which
bounds and takes out what cannot be part of a better placement; CP-SAT chooses movers and cells
among what is left, while earlier tiers stay within their caps. Exact enough for a night's budget,
useless without one.

References
----------
.. [1] Hahn, Grant (1998), Lower bounds for the quadratic assignment problem: separate the costs
   that are linear once the others are fixed. Ours are fixed at the placement in force.
"""

from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from allocator.errors import InternalError
from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.away_conflicts import post_conflicts
from allocator.solver.bound.away_model import AwayModel
from allocator.solver.bound.away_pairs import AwayPairs
from allocator.solver.bound.away_rows import AwayRows
from allocator.solver.bound.exact_pairs import ExactPairs
from allocator.solver.bound.home import Home, most_leavers, stays_at
from allocator.solver.bound.home_costs import home_costs
from allocator.solver.bound.home_filter import without_hopeless
from allocator.solver.bound.joint_shares import joint_shares
from allocator.solver.bound.priced_home import priced_home
from allocator.solver.cpsat.pairs import Linear
from allocator.solver.cpsat.tiers import Limits, new_solver
from allocator.solver.tables import Tables

MOST_LEAVERS = 40
MOST_PEOPLE = 4_000
MOST_OPTIONS = 30_000
MOST_PRODUCTS = 60_000
HEAVY_PAIRS = 3_000


@dataclass(frozen=True, slots=True, eq=False)
class BudgetBound:
    """A bound and where the relaxation would go.

    Parameters
    ----------
    bound : no placement within the caps has less.
    movers, cells : who moves in the best relaxed answer, and the cells of the kinds they go to;
        empty where there is none.
    """

    bound: int
    movers: IntArray
    cells: IntArray


NOBODY = np.zeros(0, dtype=np.int64)


def has_budget(t: Tables, tier: int, slack: IntArray) -> bool:
    """True where few enough people can leave their cells for the bound to be worth its time."""
    few = most_leavers(t, stays_at(t), tier, slack) <= MOST_LEAVERS
    return few and t.has_move_limit and len(t.places) <= MOST_PEOPLE


def move_budget_bound(
    t: Tables, tier: int, caps: IntArray, slack: IntArray, value: int, limits: Limits
) -> BudgetBound:
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
    below = np.append(caps[:tier], value - 1)
    priced = priced_home(t, tier, slack, below, limits.seconds)
    if priced.home is None or priced.bound >= value:
        return BudgetBound(value, NOBODY, NOBODY)
    bound = priced.bound
    if int(priced.home.options.sum()) > MOST_OPTIONS:
        return BudgetBound(bound, priced.movers, priced.cells)
    home = without_hopeless(t, priced.home, tier, below)
    if home is None:
        return BudgetBound(value, NOBODY, NOBODY)
    away, objective = _relaxation(t, home, tier, below)
    away.model.minimize(objective)
    solver = new_solver(limits)
    solver.parameters.linearization_level = 2
    solver.parameters.cp_model_probing_level = 0
    status = solver.solve(away.model)
    if status == cp_model.MODEL_INVALID:
        raise InternalError("CP-SAT calls the bound's model invalid.", away.model.validate())
    if status == cp_model.INFEASIBLE:
        return BudgetBound(value, NOBODY, NOBODY)
    bound = max(bound, min(value, int(np.ceil(solver.best_objective_bound - 1e-6))))
    if status == cp_model.UNKNOWN:
        return BudgetBound(bound, priced.movers, priced.cells)
    moves = [at for at, x in away.x.items() if solver.boolean_value(x)]
    movers = np.array(sorted({i for i, _ in moves}), dtype=np.int64)
    return BudgetBound(bound, movers, np.array(sorted({c for _, c in moves}), dtype=np.int64))


def _relaxation(
    t: Tables, home: Home, tier: int, below: IntArray
) -> tuple[AwayModel, cp_model.LinearExpr]:
    """The away model with each tier held below its cap, and the tier's value."""
    away = AwayModel(t, home)
    costs: list[list[Linear]] = [[] for _ in range(tier + 1)]
    AwayRows(away, costs).post()
    post_conflicts(away)
    for k in range(1, tier + 1):
        _add_costs(away, k, costs[k])
    away.few_partners()
    totals = [cp_model.LinearExpr.sum(terms) for terms in costs]
    for k in range(1, tier + 1):
        away.model.add(totals[k] <= int(below[k]))
    return away, totals[tier]


def _add_costs(away: AwayModel, tier: int, costs: list[Linear]) -> None:
    """Costs of people and pairs in a tier; of many pairs, those of few points by shares."""
    t = away.t
    found = home_costs(t, away.home, tier)
    rows = np.flatnonzero(t.pair_tier == tier)
    costs.append(found.base)
    if _products(away, rows) <= MOST_PRODUCTS:
        _add_alone(away, found.move, found.leave, costs)
        ExactPairs(away, tier, costs).post(rows)
        return
    heavy = _heavy(np.abs(t.pair_out[rows]) + np.abs(t.pair_in[rows]), HEAVY_PAIRS)
    shares = joint_shares(t, away.home, rows[~heavy])
    _add_alone(away, found.move + shares[:, :-1], found.leave + shares[:, -1], costs)
    AwayPairs(away, tier, costs).post(rows[heavy])


def _add_alone(away: AwayModel, move: IntArray, leave: IntArray, costs: list[Linear]) -> None:
    costs.extend(int(move[at]) * x for at, x in away.x.items() if move[at])
    costs.extend(int(leave[i]) * off for i, off in away.off.items() if leave[i])


def _products(away: AwayModel, rows: IntArray) -> int:
    """Pairs of classes of contact at most that two people of a pair may move to, all in all."""
    t = away.t
    width = len(t.contact) + 1
    number = np.minimum(away.home.options.sum(axis=1), width)
    person = np.searchsorted(t.pair_ptr, rows, side="right") - 1
    return int((number[person] * number[t.pair_other[rows]]).sum()) // 2


def _heavy(size: IntArray, most: int) -> BoolArray:
    """True for the entries, two of each pair, of at most `most` pairs with the most points."""
    if len(size) <= 2 * most:
        return np.ones(len(size), dtype=np.bool_)
    least = int(np.sort(size)[-2 * most])
    heavy: BoolArray = size > least
    return heavy
