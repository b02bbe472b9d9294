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

from dataclasses import dataclass, replace

import numpy as np
from ortools.sat.python import cp_model

from allocator.errors import InternalError
from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.away_conflicts import post_conflicts
from allocator.solver.bound.away_model import AwayModel
from allocator.solver.bound.away_pairs import AwayPairs
from allocator.solver.bound.away_rows import AwayRows
from allocator.solver.bound.coarse import cells_to_try, coarse_home
from allocator.solver.bound.exact_pairs import ExactPairs
from allocator.solver.bound.home import Home, find_home, most_leavers, stays_at
from allocator.solver.bound.home_costs import home_costs
from allocator.solver.bound.home_filter import without_hopeless
from allocator.solver.bound.joint_shares import joint_shares
from allocator.solver.bound.narrowing import Kept, kept_of, narrowed
from allocator.solver.bound.priced_home import PricedHome, priced_home
from allocator.solver.cpsat.limits import Limits, new_solver
from allocator.solver.cpsat.pairs import Linear
from allocator.solver.tables import Tables

MOST_LEAVERS = 40
MOST_PEOPLE = 4_000
MOST_OPTIONS = 30_000
MOST_IN_KINDS = 30_000
MOST_PRODUCTS = 60_000
HEAVY_PAIRS = 3_000


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What a bound is asked for.

    Parameters
    ----------
    tier : the tier bounded. caps : shape (K,), values that earlier tiers may not exceed.
    slack : shape (K,), caps less the least of each tier without the price of being unplaced.
    value : of a placement within the caps; the bound is at most this, and only less is looked for.
    most : value that later tiers may leave the tier, `value` if less is given.
    kept : what bounds before left of the reference.
    """

    tier: int
    caps: IntArray
    slack: IntArray
    value: int
    most: int = -(1 << 60)
    kept: tuple[Kept, ...] = ()

    @property
    def below(self) -> IntArray:
        """Values that the tiers up to this one stay within, shape (tier + 1,)."""
        return np.append(self.caps[: self.tier], self.value - 1).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class BudgetBound:
    """A bound and where the relaxation would go.

    Parameters
    ----------
    bound : no placement within the caps has less.
    movers, cells : who moves in the best relaxed answer, and the cells of the kinds they go to;
        empty where there is none.
    kept : what is left of the reference for later tiers, None where nothing is known.
    """

    bound: int
    movers: IntArray
    cells: IntArray
    kept: Kept | None = None


NOBODY = np.zeros(0, dtype=np.int64)


def has_budget(t: Tables, tier: int, slack: IntArray) -> bool:
    """True where few enough people can leave their cells for the bound to be worth its time."""
    few = most_leavers(t, stays_at(t), tier, slack) <= MOST_LEAVERS
    return few and t.has_move_limit and len(t.places) <= MOST_PEOPLE


def move_budget_bound(t: Tables, asked: Question, limits: Limits) -> BudgetBound:
    """Bound of a tier, given that earlier tiers stay within their caps.

    Raises
    ------
    InternalError
        If CP-SAT calls the model invalid.
    """
    tier, below, most = asked.tier, asked.below, max(asked.most, asked.value)
    home = narrowed(find_home(t, tier, asked.slack), asked.kept, below)
    priced = priced_home(t, home, below, most, limits.seconds)
    kept = None if priced.kept is None else kept_of(priced.kept, asked.caps[:tier], most)
    if priced.home is None or priced.bound >= asked.value:
        return BudgetBound(asked.value, NOBODY, NOBODY, kept)
    found = _proved(t, priced, asked, limits)
    return replace(found, bound=max(found.bound, priced.bound), kept=kept)


def _proved(t: Tables, priced: PricedHome, asked: Question, limits: Limits) -> BudgetBound:
    """Bound by CP-SAT of what the programme left, in kinds of cells where that is too much."""
    tier, below, fine = asked.tier, asked.below, priced.home
    none = BudgetBound(priced.bound, priced.movers, priced.cells)
    home = None if fine is None else _small_enough(t, fine, tier)
    if fine is None or home is None:
        return none
    left = without_hopeless(t, home, tier, below)
    solved = None if left is None else _solved(*_relaxation(t, left, tier, below), limits)
    if left is None or solved is None:
        return BudgetBound(asked.value, NOBODY, NOBODY)
    bound, moves = min(asked.value, solved[0]), solved[1]
    if not moves:
        return replace(none, bound=bound)
    movers = np.array(sorted({i for i, _ in moves}), dtype=np.int64)
    return BudgetBound(bound, movers, cells_to_try(t, fine, left.kind, moves))


def _small_enough(t: Tables, fine: Home, tier: int) -> Home | None:
    """The reference cell by cell, or in kinds of cells where nothing counts by contact."""
    if int(fine.options.sum()) <= MOST_OPTIONS:
        return fine
    if np.any((t.pair_tier <= tier) & (t.pair_level < 0)):
        return None
    home = coarse_home(t, fine, tier)
    return home if int(home.options.sum()) <= MOST_IN_KINDS else None


def _solved(
    away: AwayModel, objective: cp_model.LinearExpr, limits: Limits
) -> tuple[int, list[tuple[int, int]]] | None:
    """Bound and moves of the best answer found, none if there is none; None if it is impossible."""
    away.model.minimize(objective)
    solver = new_solver(limits)
    solver.parameters.linearization_level = 2
    solver.parameters.cp_model_probing_level = 0
    status = solver.solve(away.model)
    if status == cp_model.MODEL_INVALID:
        raise InternalError("CP-SAT calls the bound's model invalid.", away.model.validate())
    if status == cp_model.INFEASIBLE:
        return None
    bound = int(np.ceil(solver.best_objective_bound - 1e-6))
    if status == cp_model.UNKNOWN:
        return bound, []
    return bound, [at for at, x in away.x.items() if solver.boolean_value(x)]


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
    if away.home.is_cell_by_cell and _products(away, rows) <= MOST_PRODUCTS:
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
