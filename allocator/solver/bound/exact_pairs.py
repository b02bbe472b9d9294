"""Joint changes of two people who both leave the reference, exactly, where few cells are open.

As `away_pairs`, for models in which every cell is a kind of its own. A pair costs the least of its
joint changes when both leave; what a pair of classes costs on top is a product, and so are company
with somebody who leaves and company in a new cell.
"""

import numpy as np

from allocator.solver.bound.away_pairs import AwayPairs
from allocator.solver.bound.joint import JointView
from allocator.solver.cpsat.pairs import Linear


class ExactPairs(AwayPairs):
    """Posts the joint changes of pairs in one tier; arguments as of `AwayPairs`."""

    def _pair(self, view: JointView, i: int, j: int, points: tuple[int, int]) -> None:
        self._classes(view, (i, j), points)
        self._new_mates(view, (i, j), sum(points))
        for a, b in ((i, j), (j, i)):
            self._old_cell(view, a, b, sum(points))
        self._parted(view, (i, j), sum(points))

    def _classes(self, view: JointView, pair: tuple[int, int], points: tuple[int, int]) -> None:
        """What the classes of both change together, company in cells apart."""
        matrix = view.table.matrix
        weights = points[0] * matrix + points[1] * matrix.T
        a, b = (int(view.table.cells[self.home.cell[p]]) for p in pair)
        joint = weights - weights[:, [b]] - weights[[a], :] + weights[a, b]
        ends = [view.class_of[view.options[p]] for p in pair]
        kept = np.unique(ends[0]), np.unique(ends[1])
        joint = joint[np.ix_(*kept)]
        least = int(joint.min())
        if least:
            self.costs.append(least * self.away.both(*pair))
        for row, k in zip(joint - least, kept[0].tolist(), strict=True):
            first = self._moves(pair[0], view.options[pair[0]][ends[0] == k])
            for more in np.unique(row[row > 0]).tolist():
                there = np.isin(ends[1], kept[1][row == more])
                second = self._moves(pair[1], view.options[pair[1]][there])
                self._product(more, first, second)

    def _old_cell(self, view: JointView, i: int, j: int, points: int) -> None:
        """Person i enters the cell that j has left, and is without j's company there."""
        cell = int(self.home.cell[j])
        extra = points * int(view.table.extra[cell]) if cell >= 0 else 0
        if extra and (i, cell) in self.away.x and self.home.cell[i] != cell:
            self._product(-extra, self.away.x[i, cell], self.away.away[j])

    def _parted(self, view: JointView, pair: tuple[int, int], points: int) -> None:
        """Mates who both leave have given up their company once."""
        cells = [int(self.home.cell[p]) for p in pair]
        extra = points * int(view.table.extra[cells[0]])
        if cells[0] == cells[1] >= 0 and extra:
            self.costs.append(extra * self.away.both(*pair))

    def _new_mates(self, view: JointView, pair: tuple[int, int], points: int) -> None:
        """Both move into one cell."""
        for c in np.intersect1d(view.options[pair[0]], view.options[pair[1]]).tolist():
            extra = points * int(view.table.extra[c]) if c < view.n_kinds else 0
            if extra and self.t.cap[c] >= int(self.t.places[list(pair)].sum()):
                self._product(extra, self.away.x[pair[0], c], self.away.x[pair[1], c])

    def _product(self, cost: int, first: Linear, second: Linear) -> None:
        """Cost of both being so; both are 0 or 1."""
        product = self.model.new_bool_var(f"exact{self.tier}_{len(self.costs)}")
        if cost > 0:
            self.model.add(product >= first + second - 1)
        else:
            self.model.add(product <= first)
            self.model.add(product <= second)
        self.costs.append(cost * product)
