"""Who has to leave the reference before a person may enter a cell."""

import numpy as np

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.home import Home
from allocator.solver.tables import Tables

CELL_LEVEL = 0


class MustLeave:
    """People of the reference who close cells to others.

    Attributes
    ----------
    options : shape (n, m), the reference's options less those that somebody closes for good.
    """

    def __init__(self, t: Tables, home: Home) -> None:
        self.t, self.home = t, home
        self.options = home.options.copy()
        self.stuck = (home.cell >= 0) & ~home.options.any(axis=1) & ~home.may_leave
        self.people = [np.flatnonzero(home.cell == c) for c in range(len(t.cap))]
        self._classes: list[tuple[BoolArray, BoolArray, IntArray]] = []
        self._close_by_clash()
        self._close_by_class()
        self._close_by_apart()
        self._found: dict[tuple[int, int], list[int]] = {}

    def before(self, i: int, c: int) -> list[int]:
        """People who have to be elsewhere when person i is in cell c."""
        if (i, c) not in self._found:
            t, inside = self.t, self.people[c]
            found = set(inside[self.home.clash[i, inside]].tolist())
            for e in range(int(t.apart_ptr[i]), int(t.apart_ptr[i + 1])):
                j, level = int(t.apart_other[e]), int(t.apart_level[e])
                at = int(self.home.cell[j])
                if at >= 0 and t.units[level, at] >= 0 and t.units[level, at] == t.units[level, c]:
                    found.add(j)
            for who, cells, others in self._classes:
                if who[i] and cells[c]:
                    found.update(others.tolist())
            self._found[i, c] = sorted(found)
        return self._found[i, c]

    def _close_by_clash(self) -> None:
        for e in np.flatnonzero(self.stuck).tolist():
            self.options[self.home.clash[:, e], self.home.cell[e]] = False

    def _close_by_class(self) -> None:
        t = self.t
        for p in np.flatnonzero((t.part_tier < 0) & (t.part_level != CELL_LEVEL)).tolist():
            index, units = t.class_of(p), t.units[int(t.part_level[p])]
            for u in np.unique(units[units >= 0]).tolist():
                self._close_unit(index, units == u)

    def _close_unit(self, index: IntArray, cells: BoolArray) -> None:
        inside = (self.home.cell >= 0) & cells[self.home.cell] & (index >= 0)
        for k in np.unique(index[index >= 0]).tolist():
            others = np.flatnonzero(inside & (index != k))
            if len(others) > self.home.leavers or self.stuck[others].any():
                self.options[np.ix_(index == k, cells)] = False
            elif len(others):
                self._classes.append((index == k, cells, others))

    def _close_by_apart(self) -> None:
        t, home = self.t, self.home
        person = np.searchsorted(t.apart_ptr, np.arange(len(t.apart_other)), side="right") - 1
        for i, j, level in zip(
            person.tolist(), t.apart_other.tolist(), t.apart_level.tolist(), strict=True
        ):
            unit = int(t.units[level, home.cell[j]]) if self.stuck[j] else -1
            if unit >= 0:
                self.options[i, t.units[level] == unit] = False

    def conflicts(self) -> IntArray:
        """Pairs of the reference of whom one has to leave, shape (pairs, 2)."""
        t, home = self.t, self.home
        person = np.searchsorted(t.apart_ptr, np.arange(len(t.apart_other)), side="right") - 1
        a, b = home.cell[person], home.cell[t.apart_other]
        units = t.units[t.apart_level, a], t.units[t.apart_level, b]
        both = (a >= 0) & (b >= 0) & (units[0] >= 0) & (units[0] == units[1])
        both &= person < t.apart_other
        return np.column_stack((person[both], t.apart_other[both])).astype(np.int64)
