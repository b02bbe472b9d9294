"""The judge of the study: what a placement costs and which hard shapes it breaks.

Written from the docstrings of `allocator.model.shapes` with plain arrays; it shares nothing with
any method. People without a cell break nothing but `Placed`.
"""

from dataclasses import dataclass

import numpy as np

from allocator.model.instance import Instance
from allocator.model.shapes import (
    Alone,
    Apart,
    CellPoints,
    Count,
    Eligible,
    IntArray,
    LoadPoints,
    MoveLimit,
    MovePoints,
    OneClass,
    PairPoints,
    Placed,
    Shape,
    Stay,
)
from allocator.model.vocabulary import Level


@dataclass(frozen=True, slots=True)
class Verdict:
    """Points per tier in the instance's order, and what is broken that must not be.

    `hard` : one short text per broken hard shape; empty when the placement is lawful.
    """

    values: tuple[int, ...]
    hard: tuple[str, ...]

    @property
    def lawful(self) -> bool:
        """True when no hard shape is broken."""
        return not self.hard


class Judge:
    """Judges placements of one instance.

    Parameters
    ----------
    instance : the problem. Placements have shape (n_persons,), a cell or -1 for none.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance

    def verdict(self, placement: IntArray) -> Verdict:
        """Value per tier and broken hard shapes."""
        inst = self.instance
        values = {setting.tier: 0 for setting in inst.tiers}
        hard = [] if bool(np.all(self._loads(placement) <= inst.max_places)) else ["max_places"]
        for shape in inst.shapes:
            if isinstance(shape, PairPoints | CellPoints | MovePoints | LoadPoints):
                values[shape.tier] += self._points(shape, placement)
                continue
            if isinstance(shape, Count) and self._too_few(shape, placement):
                hard.append(f"{shape.rule.value} lower limit")
            amount = self._amount(shape, placement)
            if shape.penalty is not None:
                values[shape.penalty.tier] += shape.penalty.price * amount
            elif amount:
                hard.append(f"{shape.rule.value} by {amount}")
        return Verdict(tuple(values[s.tier] for s in inst.tiers), tuple(hard))

    def _loads(self, placement: IntArray) -> IntArray:
        held = placement >= 0
        loads = np.zeros(self.instance.n_cells, dtype=np.int64)
        np.add.at(loads, placement[held], self.instance.places[held])
        return loads

    def _units(self, level: Level, placement: IntArray, persons: IntArray) -> IntArray:
        """Unit of each person's cell, -1 for none; shape (n_group,)."""
        cells = placement[persons]
        if level is Level.CELL:
            return cells
        units: IntArray = np.where(cells >= 0, self.instance.unit_of[level][cells], -1)
        return units

    def _elsewhere(self, placement: IntArray, persons: IntArray) -> IntArray:
        now, then = self.instance.current[persons], placement[persons]
        moved: IntArray = ((now >= 0) & (then >= 0) & (now != then)).astype(np.int64)
        return moved

    def _amount(self, shape: Shape, placement: IntArray) -> int:  # noqa: PLR0911
        """Amount of breach of a rule's shape."""
        match shape:
            case Eligible():
                barred = np.zeros(self.instance.n_cells + 1, dtype=np.bool_)
                barred[shape.barred] = True
                return int(barred[placement[shape.persons]].sum())
            case Stay():
                return int(self._elsewhere(placement, shape.persons).sum())
            case Alone():
                cells = placement[shape.persons]
                heads = np.bincount(placement[placement >= 0], minlength=self.instance.n_cells)
                return int(np.sum((cells >= 0) & (heads[cells] > 1)))
            case Apart():
                return int(self._shared(shape.level, placement, shape.first, shape.second).sum())
            case Count():
                over = np.maximum(0, self._present(shape, placement) - shape.high)
                return int((over * (over + 1) // 2).sum() if shape.triangular else over.sum())
            case OneClass():
                return self._mixed(shape, placement)
            case MoveLimit():
                moved = int((shape.weights * self._elsewhere(placement, shape.persons)).sum())
                return max(0, moved - shape.high)
            case Placed():
                return int(np.sum(placement[shape.persons] < 0))
            case _:
                return 0

    def _shared(self, level: Level, placement: IntArray, a: IntArray, b: IntArray) -> IntArray:
        u, v = self._units(level, placement, a), self._units(level, placement, b)
        together: IntArray = ((u >= 0) & (u == v)).astype(np.int64)
        return together

    def _present(self, shape: Count, placement: IntArray) -> IntArray:
        """Weight of the group in each limited unit; shape (n_units,)."""
        units = self._units(shape.level, placement, shape.persons)
        size = max(int(units.max(initial=-1)), int(shape.units.max(initial=-1))) + 1
        weight = np.zeros(size, dtype=np.int64)
        np.add.at(weight, units[units >= 0], shape.weights[units >= 0])
        present: IntArray = weight[shape.units]
        return present

    def _too_few(self, shape: Count, placement: IntArray) -> bool:
        if not np.any(shape.low > 0):
            return False
        present = self._present(shape, placement)
        return bool(np.any((present < shape.low) & ~((present == 0) & shape.or_none)))

    def _mixed(self, shape: OneClass, placement: IntArray) -> int:
        """People less those of the largest class, over the units."""
        units = self._units(shape.level, placement, shape.persons)
        width = int(shape.classes.max(initial=0)) + 1
        table = np.zeros((int(units.max(initial=-1)) + 1, width), dtype=np.int64)
        np.add.at(table, (units[units >= 0], shape.classes[units >= 0]), 1)
        return int(table.sum() - table.max(axis=1, initial=0).sum())

    def _points(
        self, shape: PairPoints | CellPoints | MovePoints | LoadPoints, placement: IntArray
    ) -> int:
        match shape:
            case PairPoints():
                return int((shape.points * self._contact(shape, placement)).sum())
            case CellPoints():
                worth = np.zeros(self.instance.n_cells + 1, dtype=np.int64)
                worth[shape.cells] = shape.points
                return int(worth[placement[shape.persons]].sum())
            case MovePoints():
                return int((shape.points * self._elsewhere(placement, shape.persons)).sum())
            case LoadPoints():
                loads = self._loads(placement)[shape.cells]
                within = np.minimum(loads, shape.table.shape[1] - 1)
                return int(shape.table[np.arange(len(within)), within].sum())

    def _contact(self, shape: PairPoints, placement: IntArray) -> IntArray:
        """Factor of each pair: contact weight, or 1 when they share a unit of the level."""
        if shape.level is not None:
            return self._shared(shape.level, placement, shape.first, shape.second)
        inst = self.instance
        c, d = placement[shape.first], placement[shape.second]
        near = inst.contact[inst.contact_class[c], inst.contact_class[d]]
        factor = np.where(c == d, inst.cell_contact[c], near)
        both: IntArray = np.where((c >= 0) & (d >= 0), factor, 0)
        return both
