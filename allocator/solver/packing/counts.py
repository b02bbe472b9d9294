"""How many cells get which set of people: CP-SAT on counts, with the hard shapes of whole units.

What holds within a cell holds in every pattern; limits of groups, classes and people kept apart in
larger units are rows here. Lower limits and limits of moves are dropped.
"""

from collections import Counter, defaultdict

import numpy as np
from ortools.sat.python import cp_model
from scipy.optimize import linear_sum_assignment

from allocator.model.shapes import IntArray
from allocator.solver.cpsat.limits import Limits, new_solver
from allocator.solver.packing.kinds import Kinds
from allocator.solver.packing.patterns import Patterns
from allocator.solver.search.state import State
from allocator.solver.tables import UNLIMITED, Tables

Filled = list[tuple[int, Counter[int]]]  # kind of a cell and how many of each kind of person


class CountModel:
    """Patterns in numbers, and who is in none.

    Parameters
    ----------
    empty : those who are not packed, where they stay. price : shape (n,), of being left out.
    """

    def __init__(
        self, t: Tables, empty: State, kinds: Kinds, patterns: Patterns, price: IntArray
    ) -> None:
        self.t, self.empty, self.kinds, self.patterns = t, empty, kinds, patterns
        self.model = cp_model.CpModel()
        self.number = Counter(kinds.person[kinds.people].tolist())
        self.example = dict(
            zip(kinds.person[kinds.people].tolist(), kinds.people.tolist(), strict=True)
        )
        cells = Counter(kinds.cell.tolist())
        self.used = [
            self.model.new_int_var(
                0, min(cells[k], *(self.number[p] // a for p, a in own.items())), ""
            )
            for k, own in zip(patterns.cell, patterns.members, strict=True)
        ]
        here: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        self.with_kind: dict[int, list[tuple[int, cp_model.IntVar, int]]] = defaultdict(list)
        for x, k, own in zip(self.used, patterns.cell, patterns.members, strict=True):
            here[k].append(x)
            for p, a in own.items():
                self.with_kind[p].append((k, x, a))
        for k, own_cells in here.items():
            self.model.add(cp_model.LinearExpr.sum(own_cells) <= cells[k])
        self.left = {p: self.model.new_int_var(0, a, "") for p, a in self.number.items()}
        for p, a in self.number.items():
            inside = [number * x for _, x, number in self.with_kind[p]]
            self.model.add(cp_model.LinearExpr.sum(inside) + self.left[p] == a)
        self.cost = cp_model.LinearExpr.sum(
            [int(price[self.example[p]]) * x for p, x in self.left.items()]
        )
        self._units()

    def solve(self, most: int, limits: Limits) -> tuple[Filled | None, bool]:
        """Filled cells whose people left out cost at most `most`; whether there are surely none."""
        self.model.add(self.cost <= most)
        self.model.minimize(self.cost)
        solver = new_solver(limits)
        status = solver.solve(self.model)
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None, status == cp_model.INFEASIBLE
        filled = [
            (k, own)
            for x, k, own in zip(self.used, self.patterns.cell, self.patterns.members, strict=True)
            for _ in range(solver.value(x))
        ]
        return filled, False

    def _units(self) -> None:
        t = self.t
        for g in np.flatnonzero((t.group_tier < 0) & (t.group_level > 0)).tolist():
            start, end = t.group_offset[g : g + 2]
            (weight,) = t.counted(np.array([g]))
            high = t.unit_high[start:end] - self.empty.count[start:end]
            for u, taken in self._inside(int(t.group_level[g]), weight).items():
                if high[u] < UNLIMITED // 2:
                    self.model.add(taken <= max(0, int(high[u])))
        for q in np.flatnonzero((t.part_tier < 0) & (t.part_level > 0)).tolist():
            self._one_class(q)
        for i in self.kinds.people.tolist():
            for e in range(t.apart_ptr[i], t.apart_ptr[i + 1]):
                j, level = int(t.apart_other[e]), int(t.apart_level[e])
                if i < j and level > 0 and self.kinds.free[j]:
                    both = np.zeros(len(t.places), dtype=np.int64)
                    both[[i, j]] = 1
                    for taken in self._inside(level, both).values():
                        self.model.add(taken <= 1)

    def _one_class(self, q: int) -> None:
        t, of = self.t, self.t.class_of(q)
        chosen: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for k in range(int(t.part_classes[q])):
            for u, taken in self._inside(int(t.part_level[q]), (of == k).astype(np.int64)).items():
                own = self.model.new_bool_var("")
                self.model.add(taken <= len(t.places) * own)
                chosen[u].append(own)
        for literals in chosen.values():
            self.model.add_at_most_one(literals)

    def _inside(self, level: int, weight: IntArray) -> dict[int, cp_model.LinearExprT]:
        """Sum of weights of those packed in each unit of a level, where there may be any."""
        terms: dict[int, list[cp_model.LinearExprT]] = defaultdict(list)
        unit = dict(zip(self.kinds.cell.tolist(), self.t.units[level].tolist(), strict=True))
        for p, i in self.example.items():
            for k, x, number in self.with_kind[p] if weight[i] else ():
                if unit[k] >= 0:
                    terms[unit[k]].append(int(weight[i]) * number * x)
        return {u: cp_model.LinearExpr.sum(own) for u, own in terms.items()}


def with_names(kinds: Kinds, filled: Filled, placement: IntArray) -> IntArray:
    """The placement of filled cells by name, as near to another one as kinds allow.

    Parameters
    ----------
    placement : shape (n,), where those stay who are not packed.
    """
    result = np.where(kinds.free, -1, placement)
    size = int(kinds.person.max()) + 1
    waiting = [np.flatnonzero(kinds.free & (kinds.person == p)).tolist() for p in range(size)]
    for k in {k for k, _ in filled}:
        cells = np.flatnonzero(kinds.cell == k)
        sets = [own for of, own in filled if of == k]
        now = [Counter(kinds.person[kinds.free & (placement == c)].tolist()) for c in cells]
        shared = np.array([[(own & there).total() for there in now] for own in sets])
        for row, column in zip(*linear_sum_assignment(shared, maximize=True), strict=True):
            for p, number in sets[row].items():
                stay = [i for i in waiting[p] if placement[i] == cells[column]]
                for i in [*stay, *(i for i in waiting[p] if i not in stay)][:number]:
                    waiting[p].remove(i)
                    result[i] = cells[column]
    return result
