"""What two people who both leave the reference change together, seen kind by kind.

With everybody at home, the separate changes of i and j are exact as long as only one of them
leaves. If i leaves A for k and j leaves B for h, the pair's cost H differs from the sum by

.. math:: H_{kh} - H_{kB} - H_{Ah} + H_{AB}
"""

from dataclasses import dataclass

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.bound.contact import contact_table
from allocator.solver.bound.home import Home
from allocator.solver.tables import Tables


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """One pair's costs; a and b are the options of its first and second person.

    Parameters
    ----------
    together : cost with both as in the reference. near : shape (a,), with the first elsewhere and
        the second at home. far : shape (b,), the other way round.
    least : shape (C, C), least cost with both elsewhere, by the class of each; the last is nowhere.
    """

    together: int
    near: IntArray
    far: IntArray
    least: IntArray


class JointView:
    """Pairs of one level; an option is a kind, and the number of kinds stands for nowhere.

    Attributes
    ----------
    class_of : shape (Q + 1,), class of each option. options : options of each person.
    """

    def __init__(self, t: Tables, home: Home, level: int) -> None:
        self.home, self.table = home, contact_table(t, level)
        width, n_kinds = len(self.table.matrix), len(home.example)
        self.class_of = np.append(self.table.cells[home.example], width - 1)
        self.only = np.append(np.where(home.number == 1, home.example, -2), -2)
        low, high = np.zeros(width, dtype=np.int64), np.zeros(width, dtype=np.int64)
        np.minimum.at(low, self.table.cells, self.table.extra)
        np.maximum.at(high, self.table.cells, self.table.extra)
        self.low, self.high = low, high
        nowhere = home.may_leave[:, None]
        every = np.column_stack((home.options, nowhere))
        self.options = [np.flatnonzero(row) for row in every]
        self.n_kinds = n_kinds

    def look(self, i: int, j: int, out: int, back: int) -> Joint:
        """Costs of a pair with points from i to j and back."""
        table = self.table
        weights = out * table.matrix + back * table.matrix.T
        a, b = table.cells[self.home.cell[i]], table.cells[self.home.cell[j]]
        together = int(weights[a, b])
        if self.home.cell[i] == self.home.cell[j] >= 0:
            together += (out + back) * int(table.extra[self.home.cell[i]])
        near = weights[self.class_of[self.options[i]], b] + self._inside(i, j, out + back)
        far = weights[a, self.class_of[self.options[j]]] + self._inside(j, i, out + back)
        own = np.minimum((out + back) * self.low, (out + back) * self.high)
        return Joint(together, near, far, weights + np.diag(np.minimum(0, own)))

    def _inside(self, i: int, j: int, points: int) -> IntArray:
        """Extra cost where i's option is the one cell that j is in; shape (a,)."""
        cell = int(self.home.cell[j])
        if cell < 0:
            return np.zeros(len(self.options[i]), dtype=np.int64)
        there = self.only[self.options[i]] == cell
        return np.where(there, points * int(self.table.extra[cell]), 0)
