"""The least points that breaches cost when people and cells are counted and not named.

The rows of a counting relaxation, with a price for each breach of a group that is dropped: people
in barred cells, moves, people over a limit of a unit, and how full cells are, by numbers of cells
of a kind with each load. Breaches of what the relaxation leaves out cost nothing here, so that the
least is a lower bound for the whole problem.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from allocator.errors import InternalError
from allocator.model.shapes import BoolArray, Count, Eligible, IntArray, MoveLimit, Stay
from allocator.model.vocabulary import Level
from allocator.solver.counting_kinds import NO_LIMIT, Kinds
from allocator.solver.counting_rows import CountingRows
from allocator.solver.cpsat.limits import FULL_RELAXATION, Limits, new_solver
from allocator.solver.cpsat.pairs import Linear

PRICE_TIME = 1.0
NEAR_TIME = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Cheapest:
    """The least points of the relaxation.

    Parameters
    ----------
    bound : proved twice, with and without presolve; at least 0.
    flow : people of each kind in each kind of cells at `bound` points, shape (n_kinds,
        n_cell_kinds); None where none was found.
    """

    bound: int
    flow: IntArray | None


class PricedRows(CountingRows):
    """The rows of the kinds, with what the breaches of dropped groups cost.

    Attributes
    ----------
    points : Σ price · breach.
    """

    def __init__(
        self, model: cp_model.CpModel, kinds: Kinds, dropped: Collection[int], sizes: IntArray
    ) -> None:
        super().__init__(model, kinds, dropped, sizes)
        self._costs: list[Linear] = []
        self._loads: dict[int, IntArray] = {}
        for guarded, who, where in zip(kinds.guarded, kinds.who, kinds.where, strict=True):
            if guarded.group in dropped:
                self._price(guarded.shape, who, where)
        for k, costs in self._loads.items():
            self._load(k, costs.tolist())
        self.points: Linear = cp_model.LinearExpr.sum(self._costs)

    def _price(self, shape: object, who: IntArray, where: IntArray) -> None:
        match shape:
            case Eligible(penalty=penalty) if penalty is not None:
                self._each(penalty.price, (who[:, None] > 0) & (where[None, :] > 0))
            case Stay(penalty=penalty) if penalty is not None:
                self._each(penalty.price, (who[:, None] > 0) & self.kinds.elsewhere)
            case MoveLimit(penalty=penalty) if penalty is not None:
                away = (who[:, None] > 0) & self.kinds.elsewhere
                entries = [(p, k) for p, k in self.flow if away[p, k]]
                self._over(entries, who, shape.high, (penalty.price, False))
            case Count(penalty=penalty, level=Level.CELL) if penalty is not None:
                self._note_load(shape, where, penalty.price)
            case Count(penalty=penalty) if penalty is not None:
                for u, high in zip(shape.units.tolist(), shape.high.tolist(), strict=True):
                    entries = self._entries(who, np.flatnonzero(where == u))
                    self._over(entries, who, high, (penalty.price, shape.triangular))
            case _:
                pass

    def _each(self, price: int, here: BoolArray) -> None:
        self._costs.extend(price * x for entry, x in self.flow.items() if here[entry])

    def _over(
        self, entries: list[tuple[int, int]], who: IntArray, high: int, price: tuple[int, bool]
    ) -> None:
        """A price for each unit of weight over a limit; the k-th costs k times it if triangular."""
        most = sum(int(who[p] * self.sizes[p]) for p in sorted({p for p, _ in entries})) - high
        if most <= 0:
            return
        name = f"over{len(self._costs)}"
        steps = [self.model.new_bool_var(f"{name}_{j}") for j in range(most)]
        weights = [int(who[p]) for p, _ in entries]
        taken = cp_model.LinearExpr.weighted_sum([self.flow[e] for e in entries], weights)
        self.model.add(taken - high <= cp_model.LinearExpr.sum(steps))
        points, triangular = price
        prices = [points * (j + 1 if triangular else 1) for j in range(most)]
        self._costs.append(cp_model.LinearExpr.weighted_sum(steps, prices))

    def _note_load(self, shape: Count, where: IntArray, price: int) -> None:
        """What each load of a cell costs, for limits on everybody's places."""
        if not self.kinds.is_load(shape):
            return
        for k in np.flatnonzero(where != NO_LIMIT).tolist():
            over = np.maximum(0, np.arange(int(self.kinds.caps[k]) + 1) - int(where[k]))
            breach = over * (over + 1) // 2 if shape.triangular else over
            self._loads[k] = self._loads.get(k, 0 * over) + price * breach

    def _load(self, k: int, costs: list[int]) -> None:
        """How many cells of a kind hold each load; whoever is alone has one to themselves."""
        number, people, lone = int(self.kinds.counts[k]), self._in_kind(k), self._always_alone()
        cells = [self.model.new_int_var(0, number, f"load{k}_{x}") for x in range(len(costs))]
        alone = [p for p in people if lone[p]]
        used = cp_model.LinearExpr.sum([self.flow[p, k] for p in alone])
        self.model.add(cp_model.LinearExpr.sum(cells) + used == number)
        held = cp_model.LinearExpr.weighted_sum(cells, list(range(len(costs))))
        self.model.add(self._taken([p for p in people if not lone[p]], k) == held)
        self._costs.append(cp_model.LinearExpr.weighted_sum(cells, costs))
        self._costs.extend(costs[int(self.kinds.places[p])] * self.flow[p, k] for p in alone)


def cheapest(kinds: Kinds, dropped: Collection[int], most_left: int) -> Cheapest:
    """The least points when at most so many people have no place.

    Parameters
    ----------
    dropped : groups whose breaches are priced by their shapes' penalties; all others hold.

    Raises
    ------
    InternalError
        If CP-SAT calls the model invalid.
    """
    rows = _rows(kinds, dropped, most_left)
    rows.model.minimize(rows.points)
    bounds, flow = [], None
    for presolve in (True, False):
        solver = _solver(PRICE_TIME)
        solver.parameters.cp_model_presolve = presolve
        status = solver.solve(rows.model)
        if status == cp_model.MODEL_INVALID:
            raise InternalError("CP-SAT calls the prices' model invalid.", rows.model.validate())
        bounds.append(max(0, int(np.ceil(solver.best_objective_bound - 1e-6))))
        if status == cp_model.OPTIMAL:
            flow = _flow(rows, solver)
        if status == cp_model.INFEASIBLE:
            return Cheapest(0, None)
    return Cheapest(min(bounds), flow)


class Nearby:
    """Counts of the least points that are near to a placement.

    Parameters
    ----------
    least : with counts. placement : shape (n_persons,), cell or -1.
    """

    def __init__(
        self, kinds: Kinds, dropped: Collection[int], most_left: int, least: Cheapest,
        placement: IntArray,
    ) -> None:  # fmt: skip
        self._rows = _rows(kinds, dropped, most_left)
        self._now = counts_of(kinds, placement)
        model, gone = self._rows.model, []
        for (p, k), x in self._rows.flow.items():
            here = int(self._now[p, k])
            if here > 0:
                less = model.new_int_var(0, here, f"less{p}_{k}")
                model.add(less >= here - x)
                gone.append(less)
            if least.flow is not None:
                model.add_hint(x, int(least.flow[p, k]))
        model.add(self._rows.points <= least.bound)
        model.minimize(cp_model.LinearExpr.sum(gone))

    def next_change(self) -> IntArray | None:
        """The change of counts to the least points that fewest people have part in.

        Shape (n_kinds, n_cell_kinds); each call gives one that does not bring with it all that an
        earlier one brought. None where none is found in time.
        """
        solver = _solver(NEAR_TIME)
        if solver.solve(self._rows.model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None
        change = _flow(self._rows, solver) - self._now
        self._forbid(change)
        return change

    def _forbid(self, change: IntArray) -> None:
        """Not all of the people whom a change brings anywhere come there again."""
        model = self._rows.model
        without = []
        for p, k in np.argwhere(change > 0).tolist():
            stays = model.new_bool_var(f"not{p}_{k}")
            less = self._rows.flow[p, k] < int(self._now[p, k] + change[p, k])
            model.add(less).only_enforce_if(stays)
            without.append(stays)
        model.add_bool_or(without)


def counts_of(kinds: Kinds, placement: IntArray) -> IntArray:
    """People of each kind in each kind of cells; shape (n_kinds, n_cell_kinds)."""
    counts = np.zeros((len(kinds.sizes), len(kinds.counts)), dtype=np.int64)
    placed = placement >= 0
    np.add.at(counts, (kinds.kind[placed], kinds.cell_kind[placement[placed]]), 1)
    return counts


def _rows(kinds: Kinds, dropped: Collection[int], most_left: int) -> PricedRows:
    rows = PricedRows(cp_model.CpModel(), kinds, dropped, kinds.sizes)
    rows.model.add(rows.left <= most_left)
    return rows


def _solver(deterministic: float) -> cp_model.CpSolver:
    return new_solver(Limits(deterministic, None, 1, relaxation=FULL_RELAXATION))


def _flow(rows: PricedRows, solver: cp_model.CpSolver) -> IntArray:
    flow = np.zeros((len(rows.kinds.sizes), len(rows.kinds.counts)), dtype=np.int64)
    for (p, k), x in rows.flow.items():
        flow[p, k] = solver.value(x)
    return flow
