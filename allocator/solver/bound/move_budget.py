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

from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from allocator.errors import InternalError
from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.away_conflicts import post_conflicts
from allocator.solver.bound.away_model import AwayModel
from allocator.solver.bound.away_pairs import AwayPairs
from allocator.solver.bound.away_rows import AwayRows
from allocator.solver.bound.home import Home, find_home, most_leavers, stays_at
from allocator.solver.bound.home_costs import home_costs
from allocator.solver.bound.home_filter import without_hopeless
from allocator.solver.bound.joint_shares import joint_shares
from allocator.solver.cpsat.pairs import Linear
from allocator.solver.cpsat.tiers import Limits, new_solver
from allocator.solver.tables import Tables

MOST_LEAVERS = 40
MOST_PEOPLE = 4_000
FINE_OPTIONS = 60_000
MOST_OPTIONS = 150_000
HEAVY_PAIRS = 3_000
HEAVY_PAIRS_OF_MANY = 1_000


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
) -> BudgetBound | None:
    """Bound of a tier, given that earlier tiers stay within their caps; None where it is too large.

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
    home = _worth_looking_at(t, tier, slack, below)
    if home is None:
        return BudgetBound(value, NOBODY, NOBODY)
    if int(home.options.sum()) > MOST_OPTIONS:
        return None
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
    bound = min(value, int(np.ceil(solver.best_objective_bound - 1e-6)))
    if status == cp_model.UNKNOWN:
        return BudgetBound(bound, NOBODY, NOBODY)
    moves = [at for at, x in away.x.items() if solver.boolean_value(x)]
    kinds = np.array([q for _, q in moves], dtype=np.int64)
    movers = np.array([i for i, _ in moves], dtype=np.int64)
    return BudgetBound(bound, movers, np.flatnonzero(np.isin(home.kind, kinds)))


def _worth_looking_at(t: Tables, tier: int, slack: IntArray, below: IntArray) -> Home | None:
    """The reference with what could bring it within the caps; None where nothing could."""
    home = without_hopeless(t, find_home(t, tier, slack), tier, below)
    if home is None or int(home.options.sum()) <= FINE_OPTIONS:
        return home
    return without_hopeless(t, find_home(t, tier, slack, coarse=True), tier, below)


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
    """Costs of people and pairs in a tier; pairs of few points only by what they may save."""
    t = away.t
    found = home_costs(t, away.home, tier)
    rows = np.flatnonzero(t.pair_tier == tier)
    few = int(away.home.options.sum()) <= FINE_OPTIONS
    most = HEAVY_PAIRS if few else HEAVY_PAIRS_OF_MANY
    heavy = _heavy(np.abs(t.pair_out[rows]) + np.abs(t.pair_in[rows]), most)
    shares = joint_shares(t, away.home, rows[~heavy])
    costs.append(found.base)
    move, leave = found.move + shares[:, :-1], found.leave + shares[:, -1]
    costs.extend(int(move[at]) * x for at, x in away.x.items() if move[at])
    costs.extend(int(leave[i]) * off for i, off in away.off.items() if leave[i])
    AwayPairs(away, tier, costs).post(rows[heavy])


def _heavy(size: IntArray, most: int) -> BoolArray:
    """True for the entries, two of each pair, of at most `most` pairs with the most points."""
    if len(size) <= 2 * most:
        return np.ones(len(size), dtype=np.bool_)
    least = int(np.sort(size)[-2 * most])
    heavy: BoolArray = size > least
    return heavy
