"""Rows of a counting relaxation: how many of each kind are in each kind of cells."""

from collections.abc import Collection, Sequence
from typing import TypeAlias

import numpy as np
from ortools.sat.python import cp_model

from allocator.model.shapes import (
    Alone,
    BoolArray,
    Count,
    IntArray,
    MoveLimit,
    OneClass,
    Shape,
)
from allocator.model.vocabulary import Level
from allocator.solver.counting_kinds import NO_LIMIT, Kinds
from allocator.solver.cpsat.pairs import Linear

Entry: TypeAlias = tuple[int, int]


class CountingRows:
    """Posts the rows of the kinds in a model.

    Parameters
    ----------
    dropped : groups that do not hold.
    sizes : people of each kind, shape (n_kinds,).

    Attributes
    ----------
    left : people without a place.
    """

    def __init__(
        self, model: cp_model.CpModel, kinds: Kinds, dropped: Collection[int], sizes: IntArray
    ) -> None:
        self.model, self.kinds, self.sizes = model, kinds, sizes
        self.held = [
            (guarded.shape, who, where)
            for guarded, who, where in zip(kinds.guarded, kinds.who, kinds.where, strict=True)
            if guarded.group not in dropped
        ]
        self.flow: dict[tuple[int, int], cp_model.IntVar] = {}
        self.left: Linear = self._assign(dropped)
        self._capacity()
        for shape, who, where in self.held:
            self._post(shape, who, where)

    def _assign(self, dropped: Collection[int]) -> Linear:
        left = []
        open_to = self.kinds.open_to(dropped)
        for p, size in enumerate(self.sizes.tolist()):
            if size == 0:
                continue
            out = self.model.new_int_var(0, size, f"left{p}")
            left.append(out)
            kinds = np.flatnonzero(open_to[p]).tolist()
            for k in kinds:
                self.flow[p, k] = self.model.new_int_var(0, size, f"f{p}_{k}")
            flows = [self.flow[p, k] for k in kinds]
            self.model.add(cp_model.LinearExpr.sum([*flows, out]) == size)
        return cp_model.LinearExpr.sum(left)

    def _at_most(self, entries: list[Entry], weights: list[int], high: int) -> None:
        """Σ weights · flows ≤ high."""
        most = sum(w * int(self.sizes[p]) for (p, _), w in zip(entries, weights, strict=True))
        if most > high:
            flows = [self.flow[entry] for entry in entries]
            self.model.add(cp_model.LinearExpr.weighted_sum(flows, weights) <= high)

    # -- limits --------------------------------------------------------------------------------

    def _in_kind(self, k: int) -> list[int]:
        return [p for p in range(len(self.sizes)) if (p, k) in self.flow]

    def _capacity(self) -> None:
        for k, cap in enumerate(self.kinds.caps.tolist()):
            people = self._in_kind(k)
            total = self._taken(people, k)
            self.model.add(total <= cap * int(self.kinds.counts[k]))

    def _taken(self, people: Sequence[int], k: int) -> Linear:
        return cp_model.LinearExpr.weighted_sum(
            [self.flow[p, k] for p in people], [int(self.kinds.places[p]) for p in people]
        )

    def _post(self, shape: Shape, who: IntArray, where: IntArray) -> None:
        match shape:
            case Alone():
                self._alone(who)
            case Count(level=Level.CELL):
                self._cells(shape, who, where)
            case Count():
                self._units(shape, who, where)
            case OneClass():
                self._classes(who, where)
            case MoveLimit():
                self._moves(shape, who)
            case _:
                pass

    def _alone(self, who: IntArray) -> None:
        """Whoever is alone takes a whole cell."""
        for k, cap in enumerate(self.kinds.caps.tolist()):
            people = self._in_kind(k)
            lone = [p for p in people if who[p]]
            if lone and cap > 0:
                others = [p for p in people if not who[p]]
                most = cap * int(self.kinds.counts[k])
                taken = self._taken(others, k)
                used = cp_model.LinearExpr.sum([self.flow[p, k] for p in lone])
                self.model.add(taken + cap * used <= most)

    def _cells(self, shape: Count, who: IntArray, where: IntArray) -> None:
        """A limit in each cell; people who must be alone leave the rest of theirs empty."""
        is_load = self.kinds.is_load(shape)
        lone = self._always_alone() if is_load else np.zeros(len(self.sizes), dtype=np.bool_)
        for k in np.flatnonzero(where != NO_LIMIT).tolist():
            high, people = int(where[k]), [p for p in self._in_kind(k) if who[p]]
            weights = [high if lone[p] else int(who[p]) for p in people]
            entries = [(p, k) for p in people]
            self._at_most(entries, weights, high * int(self.kinds.counts[k]))

    def _always_alone(self) -> BoolArray:
        lone = np.zeros(len(self.sizes), dtype=np.bool_)
        for shape, who, _ in self.held:
            if isinstance(shape, Alone):
                lone |= who > 0
        return lone

    def _units(self, shape: Count, who: IntArray, where: IntArray) -> None:
        for u, high in zip(shape.units.tolist(), shape.high.tolist(), strict=True):
            entries = self._entries(who, np.flatnonzero(where == u))
            weights = [int(who[p]) for p, _ in entries]
            self._at_most(entries, weights, int(high))

    def _entries(self, who: IntArray, cells: IntArray) -> list[Entry]:
        return [
            (p, k)
            for p in np.flatnonzero(who).tolist()
            for k in cells.tolist()
            if (p, k) in self.flow
        ]

    def _classes(self, who: IntArray, where: IntArray) -> None:
        for u in np.unique(where[where >= 0]).tolist():
            cells = np.flatnonzero(where == u)
            present = []
            for number in np.unique(who[who > 0]).tolist():
                entries = self._entries((who == number).astype(np.int64), cells)
                if entries:
                    here = self.model.new_bool_var(f"c{u}_{number}")
                    most = int(self.sizes[who == number].sum())
                    inside = cp_model.LinearExpr.sum([self.flow[e] for e in entries])
                    self.model.add(inside <= most * here)
                    present.append(here)
            if len(present) > 1:
                self.model.add_at_most_one(present)

    def _moves(self, shape: MoveLimit, who: IntArray) -> None:
        away = self.kinds.elsewhere
        entries = [(p, k) for p, k in self.flow if who[p] and away[p, k]]
        self._at_most(entries, [int(who[p]) for p, _ in entries], shape.high)
