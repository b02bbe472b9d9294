"""Everybody in kinds of cells: counts in units, classes and people to be kept apart, exactly.

The whole problem with cells that nothing tells apart taken together, and with nobody at home.
What needs the single cell is dropped. It proves derogations and protection, which are counts in
units; contact is left to the bounds of pairs.
"""

import numpy as np
from ortools.sat.python import cp_model

from allocator.errors import InternalError
from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.away_model import AwayModel
from allocator.solver.bound.away_rows import AwayRows
from allocator.solver.bound.home import Home, kinds_of_cells
from allocator.solver.bound.least import least_pairs
from allocator.solver.cpsat.limits import Limits, new_solver
from allocator.solver.cpsat.pairs import Linear
from allocator.solver.tables import Tables

MOST_OPTIONS = 60_000


def counts_in_units(t: Tables, tier: int) -> bool:
    """True for tiers with priced counts, classes or keeping apart, and no contact."""
    contact = t.contact_rows(tier)
    priced = np.any(t.group_tier == tier) or np.any(t.part_tier == tier)
    shared = np.any((t.pair_tier == tier) & (t.pair_level > 0))
    return not contact.any() and bool(priced or shared)


def kinds_bound(t: Tables, tier: int, caps: IntArray, value: int, limits: Limits) -> int | None:
    """Bound of a tier, at most `value`, given the caps of earlier tiers; None where too large.

    Limits of moves and people who must be alone are dropped, contact and pairs of one cell count at
    their least.

    Parameters
    ----------
    caps : shape (K,). value : of a placement within the caps; only less is looked for.

    Raises
    ------
    InternalError
        If CP-SAT calls the model invalid.
    """
    model = KindsModel(t, tier, caps)
    if model.n_options > MOST_OPTIONS:
        return None
    model.build()
    away, value_of_tier = model.away, model.own_costs()
    away.model.add(value_of_tier <= value - 1)
    away.model.minimize(value_of_tier)
    solver = new_solver(limits)
    solver.parameters.linearization_level = 2
    status = solver.solve(away.model)
    if status == cp_model.MODEL_INVALID:
        raise InternalError("CP-SAT calls the bound's model invalid.", away.model.validate())
    if status == cp_model.INFEASIBLE:
        return value
    return min(value, int(np.ceil(solver.best_objective_bound - 1e-6)))


def refuted_by_kinds(t: Tables, tier: int, most: int, deterministic: float) -> bool:
    """True when CP-SAT proves twice that no placement has at most this value in a tier.

    With and without presolve, because a proof of "impossible" has been wrong before (or-tools
    issue 5274). False where that is not proved, or the model is too large.

    Parameters
    ----------
    tier : earlier ones cost nothing. deterministic : CP-SAT's deterministic seconds for each proof.
    """
    model = KindsModel(t, tier, np.zeros(tier, dtype=np.int64))
    if model.n_options > MOST_OPTIONS:
        return False
    model.build()
    model.away.model.add(model.own_costs() <= most)
    for presolve in (True, False):
        solver = new_solver(Limits(deterministic, None, 1))
        solver.parameters.linearization_level = 2
        solver.parameters.cp_model_presolve = presolve
        if solver.solve(model.away.model) != cp_model.INFEASIBLE:
            return False
    return True


class KindsModel:
    """Everybody chooses a kind of cells, or none; earlier tiers stay within their caps.

    Parameters
    ----------
    caps : shape (K,).

    Attributes
    ----------
    costs : for each tier up to `tier`, its terms. shared : literals of being in a unit.
    """

    def __init__(self, t: Tables, tier: int, caps: IntArray) -> None:
        self.t, self.tier, self.caps = t, tier, caps
        self.home = _nobody_at_home(t)
        self.n_options = int(self.home.options.sum())

    def build(self) -> None:
        """Post all rows but those of the tier's own value."""
        self.away = AwayModel(self.t, self.home)
        self.costs: list[list[Linear]] = [[] for _ in range(self.tier + 1)]
        AwayRows(self.away, self.costs).post_counts()
        self.shared = Shared(self.away, self.costs)
        self.shared.post()
        for k in range(1, self.tier):
            _add_own_costs(self.away, k, self.costs[k])
            total = cp_model.LinearExpr.sum(self.costs[k])
            self.away.model.add(total <= int(self.caps[k]))

    def own_costs(self) -> cp_model.LinearExpr:
        """The tier's value without its contact, which counts at its least."""
        _add_own_costs(self.away, self.tier, self.costs[self.tier])
        return cp_model.LinearExpr.sum(self.costs[self.tier])


def _nobody_at_home(t: Tables) -> Home:
    """A reference in which nobody has a place, so that everybody chooses a kind or none."""
    n, m = len(t.places), len(t.cap)
    load, closed = np.zeros(m, dtype=np.int64), np.zeros((n, m), dtype=np.bool_)
    kind, example, number = kinds_of_cells(t, load, closed[:0])
    options = t.elig[t.elig_row][:, example] == 1
    options &= t.cap[example][None, :] >= t.places[:, None]
    fixed = np.flatnonzero(t.fixed >= 0)
    options[fixed] &= np.arange(len(example))[None, :] == kind[t.fixed[fixed]][:, None]
    return Home(
        cell=np.full(n, -1, dtype=np.int64),
        kind=kind,
        example=example,
        number=number,
        load=load[example],
        options=options,
        may_leave=np.zeros(n, dtype=np.bool_),
        leavers=n,
        clash=np.zeros((n, n), dtype=np.bool_),
        closed=closed,
    )


def _add_own_costs(away: AwayModel, tier: int, costs: list[Linear]) -> None:
    """Having no place, points of a person in a kind or of leaving a cell, and the rest."""
    t, home = away.t, away.home
    costs.append(least_pairs(t, np.flatnonzero((t.pair_tier == tier) & (t.pair_level <= 0))))
    for i in np.flatnonzero(t.unplaced[:, tier]).tolist():
        price = int(t.unplaced[i, tier])
        costs.append(price * (1 - away.away[i]) if i in away.away else price)
    column = np.flatnonzero(t.static_tiers == tier)
    for (i, q), x in away.x.items():
        points = 0
        if len(column):
            points = int(t.static[t.static_row[i], home.example[q], column[0]])
        if t.current[i] >= 0 and home.kind[t.current[i]] != q:
            points += int(t.moved[i, tier])
        if points:
            costs.append(points * x)


class Shared:
    """Hard classes of units, people never in one unit, and priced pairs of a unit."""

    def __init__(self, away: AwayModel, costs: list[list[Linear]]) -> None:
        self.away, self.costs, self.t = away, costs, away.t
        self._inside: dict[tuple[int, int, int], cp_model.IntVar | None] = {}

    def post(self) -> None:
        """Post the rows of all levels above cells."""
        t = self.t
        for level in range(1, len(t.units)):
            aparts = _each_once(t.apart_ptr, t.apart_other, t.apart_level == level)
            kept = (t.pair_level == level) & (t.pair_tier < len(self.costs))
            pairs = _each_once(t.pair_ptr, t.pair_other, kept)
            units = t.units[level][self.away.home.example]
            for u in np.unique(units[units >= 0]).tolist():
                kinds = np.flatnonzero(units == u)
                for i, j, _ in aparts:
                    mine, theirs = self.inside(i, level, u, kinds), self.inside(j, level, u, kinds)
                    if mine is not None and theirs is not None:
                        self.away.model.add_at_most_one(mine, theirs)
                for i, j, e in pairs:
                    mine, theirs = self.inside(i, level, u, kinds), self.inside(j, level, u, kinds)
                    if mine is not None and theirs is not None:
                        self._pair(mine, theirs, e)
                self._classes(level, u, kinds)

    def inside(self, i: int, level: int, u: int, kinds: IntArray) -> cp_model.IntVar | None:
        """Literal of person i's being in a unit; None where that cannot be."""
        if (i, level, u) not in self._inside:
            own = kinds[self.away.home.options[i, kinds]].tolist()
            terms = [self.away.x[i, q] for q in own]
            literal = terms[0] if terms else None
            if len(terms) > 1:
                literal = self.away.model.new_bool_var(f"unit{level}_{u}_{i}")
                self.away.model.add(cp_model.LinearExpr.sum(terms) == literal)
            self._inside[i, level, u] = literal
        return self._inside[i, level, u]

    def _pair(self, mine: cp_model.IntVar, theirs: cp_model.IntVar, e: int) -> None:
        points = int(self.t.pair_out[e] + self.t.pair_in[e])
        self.costs[int(self.t.pair_tier[e])].append(points * self.both(mine, theirs, points))

    def both(self, mine: cp_model.IntVar, theirs: cp_model.IntVar, points: int) -> cp_model.IntVar:
        """A literal of both, bounded only from the side that the sign of its points needs."""
        model = self.away.model
        both = model.new_bool_var(f"both{mine.index}_{theirs.index}")
        if points > 0:
            model.add_bool_or([both, mine.Not(), theirs.Not()])
        else:
            model.add_implication(both, mine)
            model.add_implication(both, theirs)
        return both

    def _classes(self, level: int, u: int, kinds: IntArray) -> None:
        """A unit holds one class of each hard partition."""
        t, model = self.t, self.away.model
        owner = np.searchsorted(t.class_ptr, np.arange(len(t.class_part)), side="right") - 1
        for p in np.flatnonzero((t.part_tier < 0) & (t.part_level == level)).tolist():
            holds: dict[int, cp_model.IntVar] = {}
            for row in np.flatnonzero(t.class_part == p).tolist():
                k = int(t.class_index[row])
                inside = self.inside(int(owner[row]), level, u, kinds)
                if inside is None:
                    continue
                if k not in holds:
                    holds[k] = model.new_bool_var(f"class{p}_{u}_{k}")
                model.add_implication(inside, holds[k])
            model.add_at_most_one(holds.values())


def _each_once(ptr: IntArray, other: IntArray, keep: BoolArray) -> list[tuple[int, int, int]]:
    """Entries of kept pairs, first person before the second: (first, second, entry)."""
    rows = np.flatnonzero(keep)
    person = np.searchsorted(ptr, rows, side="right") - 1
    once = person < other[rows]
    return list(
        zip(person[once].tolist(), other[rows[once]].tolist(), rows[once].tolist(), strict=True)
    )
