"""The one door to `CpModel`: some people are free, everybody else stays where the state has them.

With everybody free it is the whole problem; with a few it is a neighbourhood. Names of variables
and rows are positions, never ids of people.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from ortools.sat.python import cp_model

from allocator.model.shapes import IntArray
from allocator.solver.compiled import compiled
from allocator.solver.cpsat.groups import GroupRows
from allocator.solver.cpsat.pairs import Linear, PairTerms
from allocator.solver.packed import (
    COMPANY,
    CURRENT,
    MOVED,
    N_STATIC,
    N_TIERS,
    STATIC_TIERS,
    person,
    price,
    static_points,
)  # fmt: skip
from allocator.solver.search.entry import may_enter
from allocator.solver.search.pairs import add_pair_cost
from allocator.solver.search.state import LOAD, PEOPLE, State, room
from allocator.solver.tables import Tables


@compiled("void(i8[::1], i8[::1], i8, i8, i8[::1])")
def linear_cost(t: IntArray, s: IntArray, i: int, c: int, d: IntArray) -> None:
    """Cost of person i in cell c that depends on nobody else who is free."""
    for k in range(t[N_STATIC]):
        d[t[t[STATIC_TIERS] + k]] += static_points(t, i, c, k)
    for k in range(t[N_TIERS]):
        if person(t, i, CURRENT) >= 0 and person(t, i, CURRENT) != c:
            d[k] += price(t, i, MOVED, k)
        if s[room(s, c, PEOPLE)] > 0:
            d[k] += price(t, i, COMPANY, k)
    add_pair_cost(t, s, i, c, d, 1)


class Build:
    """A CP-SAT model over the cells `cells` for the people `free`, who are nowhere in `state`.

    Parameters
    ----------
    tables, state : the instance and the placement of everybody who is not free.
    free, cells : positions; shape (n_free,) and (n_cells,).
    only : for each of `free` the cells that count, None for all of `cells`.
    """

    def __init__(
        self,
        tables: Tables,
        state: State,
        free: IntArray,
        cells: IntArray,
        only: Mapping[int, Sequence[int]] | None = None,
    ) -> None:
        self.t, self.s, self.only = tables, state, only
        self.free = [int(i) for i in free]
        self.cells = [int(c) for c in cells]
        self._open = set(self.cells)
        self.model = cp_model.CpModel()
        self.x: dict[tuple[int, int], cp_model.IntVar] = {}
        self.off: dict[int, cp_model.IntVar] = {}
        self.people_of: dict[int, list[int]] = defaultdict(list)
        self.cells_of: dict[int, list[int]] = defaultdict(list)
        self.costs: list[list[Linear]] = [[] for _ in range(tables.unplaced.shape[1])]
        self.rows = 0
        self.vacuous = 0
        self._y: dict[tuple[int, int], cp_model.IntVar] = {}
        self.base = [int(v) for v in state.values]
        for i in self.free:
            for k in range(len(self.base)):
                self.base[k] -= int(tables.unplaced[i, k])
        self._assign()
        self._capacity()
        self._alone()
        self._aparts()
        GroupRows(self).post()
        PairTerms(self).post()

    # -- helpers -----------------------------------------------------------------------------

    def require(self, expression: cp_model.BoundedLinearExpression | bool, name: str) -> None:
        """Post one row; a Python truth value is counted, a false one becomes a row."""
        self.rows += 1
        if expression is True:
            self.vacuous += 1
        elif expression is False:
            self.model.add_bool_or([]).with_name(name)
        else:
            self.model.add(expression).with_name(name)

    def inside(self, i: int, level: int, unit: int) -> list[cp_model.IntVar]:
        """Literals of person i being in a cell of the unit."""
        return [self.x[i, c] for c in self.cells_of[i] if self.t.units[level, c] == unit]

    def units_of(self, i: int, level: int) -> list[int]:
        """Units of a level that person i could be in."""
        found = {int(self.t.units[level, c]) for c in self.cells_of[i]}
        return sorted(u for u in found if u >= 0)

    def in_class(self, i: int, k: int) -> cp_model.IntVar:
        """Literal: person i is in a cell of contact class k."""
        if (i, k) not in self._y:
            terms = [self.x[i, c] for c in self.cells_of[i] if self.t.contact_class[c] == k]
            if len(terms) == 1:
                self._y[i, k] = terms[0]
            else:
                self._y[i, k] = self.model.new_bool_var(f"y{i}_{k}")
                self.model.add(cp_model.LinearExpr.sum(terms) == self._y[i, k])
        return self._y[i, k]

    def tabulated(self, load: Linear, table: Iterable[int], tier: int, name: str) -> None:
        """Add the cost `table[load]` to a tier; a line per slope where the table is convex."""
        values = [int(v) for v in table]
        if not any(values):
            return
        slopes = np.diff(values)
        cost = self.model.new_int_var(min(values), max(values), name)
        if np.any(np.diff(slopes) < 0):
            index = self.model.new_int_var(0, len(values) - 1, f"{name}_at")
            self.model.add(index == load)
            self.model.add_element(index, values, cost)
        for k in np.flatnonzero(np.diff(slopes, prepend=slopes[0] - 1) > 0).tolist():
            self.model.add(cost >= values[k] + int(slopes[k]) * (load - k))
        self.costs[tier].append(cost)

    def _cells_for(self, i: int) -> list[int]:
        if self.only is None:
            return self.cells
        return [c for c in self.only[i] if c in self._open]

    # -- hard shapes and their priced forms --------------------------------------------------

    def _assign(self) -> None:
        width = self.t.unplaced.shape[1]
        d = np.zeros(width, dtype=np.int64)
        for i in self.free:
            self.off[i] = self.model.new_bool_var(f"u{i}")
            for k in range(width):
                if self.t.unplaced[i, k]:
                    self.costs[k].append(int(self.t.unplaced[i, k]) * self.off[i])
            for c in self._cells_for(i):
                if may_enter(self.t.packed, self.s.flat, i, c):
                    x = self.model.new_bool_var(f"x{i}_{c}")
                    self.x[i, c] = x
                    self.people_of[c].append(i)
                    self.cells_of[i].append(c)
                    d[:] = 0
                    linear_cost(self.t.packed, self.s.flat, i, c, d)
                    for k in range(width):
                        if d[k]:
                            self.costs[k].append(int(d[k]) * x)
            self.model.add_exactly_one([*(self.x[i, c] for c in self.cells_of[i]), self.off[i]])

    def _capacity(self) -> None:
        t, s = self.t, self.s
        for c in self.cells:
            people = self.people_of[c]
            if not people:
                continue
            taken = cp_model.LinearExpr.weighted_sum(
                [self.x[i, c] for i in people], [int(t.places[i]) for i in people]
            )
            room = int(t.cap[c] - s.cells[c, LOAD])
            if sum(int(t.places[i]) for i in people) > room:
                self.require(taken <= room, f"cap{c}")
            for k, tier in enumerate(t.load_tiers.tolist()):
                row = t.load_cost[t.load_row[c], k]
                start = int(s.cells[c, LOAD])
                steps = row[start : start + room + 1] - row[start]
                self.tabulated(taken, steps, tier, f"load{c}_{tier}")

    def _alone(self) -> None:
        for c in self.cells:
            people = self.people_of[c]
            if len(people) < 2 and not self.s.shared[c].any():
                continue
            for i in people:
                if not self.t.alone[i] and not self.t.alone_price[i].any():
                    continue
                others = [self.x[j, c] for j in people if j != i]
                if self.t.alone[i] and others:
                    total = cp_model.LinearExpr.sum(others)
                    self.require(total <= len(others) * (1 - self.x[i, c]), f"alone{i}_{c}")
                if self.t.alone_price[i].any() and self.s.cells[c, PEOPLE] == 0:
                    self._company(self.x[i, c], others, self.t.alone_price[i], f"co{i}_{c}")
            if self.s.cells[c, PEOPLE] == 1 and self.s.shared[c].any():
                arrivals = [self.x[i, c] for i in people]
                self._company(None, arrivals, self.s.shared[c], f"co{c}")

    def _company(
        self, own: cp_model.IntVar | None, others: list[cp_model.IntVar], price: IntArray, name: str
    ) -> None:
        if not others:
            return
        company = self.model.new_bool_var(name)
        for x in others:
            self.model.add(company >= x if own is None else company >= x + own - 1)
        for k in np.flatnonzero(price).tolist():
            self.costs[k].append(int(price[k]) * company)

    def _aparts(self) -> None:
        t = self.t
        free = set(self.free)
        for i in self.free:
            for e in range(t.apart_ptr[i], t.apart_ptr[i + 1]):
                j, level = int(t.apart_other[e]), int(t.apart_level[e])
                if j <= i or j not in free:
                    continue
                for u in self.units_of(i, level):
                    together = [*self.inside(i, level, u), *self.inside(j, level, u)]
                    self.model.add_at_most_one(together)

    # -- objective and hints -------------------------------------------------------------------

    def value(self, tier: int) -> Linear:
        """Value of a tier for the whole placement, fixed people included."""
        return cp_model.LinearExpr.sum(self.costs[tier]) + self.base[tier]

    def hint(self, placement: IntArray) -> None:
        """Start from a placement."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for i in self.free:
            target = int(placement[i])
            for c in self.cells_of[i]:
                self.model.add_hint(self.x[i, c], c == target)
            self.model.add_hint(self.off[i], (i, target) not in self.x)

    def read(self, solver: cp_model.CpSolver, placement: IntArray) -> IntArray:
        """Copy of a placement with the free people where the solver puts them."""
        result = placement.copy()
        for i in self.free:
            result[i] = -1
            for c in self.cells_of[i]:
                if solver.boolean_value(self.x[i, c]):
                    result[i] = c
        return result
