"""People and cells counted and not named: what the limits alone make impossible.

People whom no shape tells apart form a kind, and so do cells; how many of a kind are in a kind of
cell is an integer. Each shape may belong to a group, and a group can be dropped as a whole. Left
out are separations, classes within one cell, lower limits and which of several like cells somebody
is in, so that "impossible" is true of the whole problem and "possible" is only not refuted.
"""

from collections.abc import Collection

import numpy as np
from ortools.sat.python import cp_model

from allocator.model.instance import Instance
from allocator.model.shapes import IntArray
from allocator.solver.counting_kinds import Guarded, Kinds
from allocator.solver.counting_rows import CountingRows
from allocator.solver.cpsat.limits import FULL_RELAXATION, Limits, new_solver

PROOF_TIME = 0.3


class Counting:
    """The relaxation of one instance.

    Parameters
    ----------
    guarded : the shapes that hold, each with the group that it is dropped with.
    """

    def __init__(self, instance: Instance, guarded: tuple[Guarded, ...]) -> None:
        self.kinds = Kinds(instance, guarded)

    def refutes(
        self,
        dropped: Collection[int],
        most_left: int = 0,
        sizes: IntArray | None = None,
        deterministic: float = PROOF_TIME,
    ) -> bool:
        """True when CP-SAT proves twice that more than `most_left` people lack a place.

        With and without presolve, because a proof of "impossible" has been wrong before (or-tools
        issue 5274).

        Parameters
        ----------
        dropped : groups that do not hold; all others do.
        sizes : people of each kind, shape (n_kinds,); everybody by default.
        deterministic : CP-SAT's deterministic seconds for each proof.
        """
        rows = self._rows(dropped, sizes)
        rows.model.add(rows.left <= most_left)
        return all(
            _is_infeasible(rows.model, presolve, deterministic) for presolve in (True, False)
        )

    def least_left(self, dropped: Collection[int], sizes: IntArray | None = None) -> int:
        """A proven lower bound of the people without a place, at least 0."""
        rows = self._rows(dropped, sizes)
        rows.model.minimize(rows.left)
        solver = new_solver(Limits(PROOF_TIME, None, 1))
        solver.solve(rows.model)
        return max(0, int(np.ceil(solver.best_objective_bound - 1e-6)))

    def _rows(self, dropped: Collection[int], sizes: IntArray | None) -> CountingRows:
        held = self.kinds.sizes if sizes is None else sizes
        return CountingRows(cp_model.CpModel(), self.kinds, dropped, held)


def _is_infeasible(model: cp_model.CpModel, presolve: bool, deterministic: float) -> bool:
    solver = new_solver(Limits(deterministic, None, 1, relaxation=FULL_RELAXATION))
    solver.parameters.cp_model_presolve = presolve
    return bool(solver.solve(model) == cp_model.INFEASIBLE)
