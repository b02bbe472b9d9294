"""Who leaves the reference and for which kind of cell, as a CP-SAT model that drops some terms."""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from allocator.model.shapes import IntArray
from allocator.solver.bound.home import Home
from allocator.solver.cpsat.pairs import Linear
from allocator.solver.tables import Tables


class AwayModel:
    """Literals of a relaxation in which everybody stays in the reference, moves or is left out.

    Parameters
    ----------
    tables, home : the instance and its reference.

    Attributes
    ----------
    x : literal of a person's moving to a kind. off : of being left without a cell. away : of not
        being as in the reference.
    """

    def __init__(self, tables: Tables, home: Home) -> None:
        self.t, self.home = tables, home
        self.model = cp_model.CpModel()
        self.x: dict[tuple[int, int], cp_model.IntVar] = {}
        self.off: dict[int, cp_model.IntVar] = {}
        self.away: dict[int, cp_model.IntVar] = {}
        self.kinds_of: dict[int, list[int]] = {}
        self._both: dict[tuple[int, int], cp_model.IntVar] = {}
        self._sums: dict[tuple[int, tuple[int, ...]], Linear] = {}
        for i in range(len(tables.places)):
            self._add_person(i)

    def _add_person(self, i: int) -> None:
        kinds = np.flatnonzero(self.home.options[i]).tolist()
        self.kinds_of[i] = kinds
        choices = []
        for q in kinds:
            self.x[i, q] = self.model.new_bool_var(f"x{i}_{q}")
            choices.append(self.x[i, q])
        if self.home.cell[i] >= 0 and self.home.may_leave[i]:
            self.off[i] = self.model.new_bool_var(f"off{i}")
            choices.append(self.off[i])
        if choices:
            self.away[i] = self.model.new_bool_var(f"away{i}")
            self.model.add_exactly_one([self.away[i].Not(), *choices])

    def moves_to(self, i: int, kinds: IntArray) -> Linear:
        """Sum of the literals of person i's moving to one of the kinds, which are sorted."""
        key = (i, tuple(kinds[self.home.options[i, kinds]].tolist()))
        if key not in self._sums:
            terms = [self.x[i, q] for q in key[1]]
            if len(terms) > 2:
                inside = self.model.new_bool_var(f"in{i}_{len(self._sums)}")
                self.model.add(cp_model.LinearExpr.sum(terms) == inside)
                terms = [inside]
            self._sums[key] = cp_model.LinearExpr.sum(terms)
        return self._sums[key]

    def both(self, i: int, j: int) -> cp_model.IntVar:
        """Literal: persons i and j, i before j, are both not as in the reference."""
        if (i, j) not in self._both:
            both = self.model.new_bool_var(f"both{i}_{j}")
            self.model.add_implication(both, self.away[i])
            self.model.add_implication(both, self.away[j])
            self.model.add_bool_or([both, self.away[i].Not(), self.away[j].Not()])
            self._both[i, j] = both
        return self._both[i, j]

    def few_partners(self) -> None:
        """Whoever is elsewhere is so with at most as many others as may be elsewhere besides.

        The product of the budget with each literal: without it the linear relaxation counts a
        little of every pair.
        """
        pairs: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for (i, j), both in sorted(self._both.items()):
            pairs[i].append(both)
            pairs[j].append(both)
        others = self.home.partners
        for i, own in sorted(pairs.items()):
            if len(own) > others:
                self.model.add(cp_model.LinearExpr.sum(own) <= others * self.away[i])

    def presence(
        self, i: int, kinds: IntArray, units: NDArray[np.integer], u: int
    ) -> tuple[Linear, int]:
        """Change of person i's being in unit u, and 1 if there in the reference.

        Parameters
        ----------
        kinds : kinds in the unit. units : shape (m,), unit of each cell.
        """
        here = int(self.home.cell[i] >= 0 and units[self.home.cell[i]] == u)
        change = self.moves_to(i, kinds)
        if here and i in self.away:
            change = change - self.away[i]
        return change, here

    def convex(self, amount: Linear, table: IntArray, name: str) -> cp_model.IntVar:
        """A variable at least `table[amount]`; at least its least if not convex."""
        slopes = np.diff(table)
        cost = self.model.new_int_var(int(table.min()), int(table.max()), name)
        if np.all(np.diff(slopes) >= 0):
            for k in np.flatnonzero(np.diff(slopes, prepend=slopes[:1] - 1)).tolist():
                line = int(table[k]) + int(slopes[k]) * (amount - k)
                self.model.add(cost >= line)
        return cost
