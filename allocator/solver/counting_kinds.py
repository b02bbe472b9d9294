"""Kinds of people and of cells: whom and what the shapes of a counting relaxation tell apart."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from allocator.model.instance import Instance
from allocator.model.shapes import (
    Alone,
    BoolArray,
    Count,
    Eligible,
    IntArray,
    MoveLimit,
    OneClass,
    Shape,
    Stay,
)
from allocator.model.vocabulary import Level

NO_LIMIT = -1


@dataclass(frozen=True, slots=True, eq=False)
class Guarded:
    """A shape that holds unless its group is dropped; `group` None is never dropped.

    The penalty of a shape says what a breach costs once its group is dropped.
    """

    shape: Shape
    group: int | None = None


class Kinds:
    """People and cells of one instance by kind.

    Attributes
    ----------
    kind, sizes : kind of each person, shape (n_persons,); people of each kind, shape (n_kinds,).
    places, current : places that one of a kind takes; kind of its present cell or -1.
    cell_kind, counts, caps : kind of each cell; cells of each kind; places of one of them.
    guarded : the shapes that count here.
    who, where : for each of them what it says of a kind of people and of a kind of cells: 1 for
        listed; weights and units or limits for a `Count`; class + 1 and units for a `OneClass`.
    """

    def __init__(self, instance: Instance, guarded: tuple[Guarded, ...]) -> None:
        self.instance = instance
        self.guarded = tuple(g for g in guarded if _counts(g.shape))
        who = [self._who(g.shape) for g in self.guarded]
        stays = self._present(who)
        rows = np.column_stack([instance.places, stays, *who])
        _, first, kind, sizes = np.unique(
            rows, axis=0, return_index=True, return_inverse=True, return_counts=True
        )
        self.kind = kind.reshape(-1).astype(np.int64)
        self.sizes = sizes.astype(np.int64)
        self.places = instance.places[first]
        where = [self._where(g.shape) for g in self.guarded]
        marked = np.unique(stays[stays >= 0])
        own = np.where(
            np.isin(np.arange(instance.n_cells), marked), np.arange(instance.n_cells), -1
        )
        columns = np.column_stack([instance.max_places, own, *where])
        _, cell, cell_kind, counts = np.unique(
            columns, axis=0, return_index=True, return_inverse=True, return_counts=True
        )
        self.cell_kind = cell_kind.reshape(-1).astype(np.int64)
        self.counts = counts.astype(np.int64)
        self.caps = instance.max_places[cell]
        self.current = np.where(stays[first] >= 0, self.cell_kind[stays[first]], -1)
        self.who = [w[first] for w in who]
        self.where = [w[cell] for w in where]

    def is_load(self, shape: Shape) -> bool:
        """True for a limit on everybody's places in each cell."""
        n = self.instance.n_persons
        return (
            isinstance(shape, Count)
            and shape.level is Level.CELL
            and len(shape.persons) == n
            and bool(np.array_equal(shape.weights, self.instance.places[shape.persons]))
        )

    @property
    def elsewhere(self) -> BoolArray:
        """Kinds of cells other than the present one of a kind; shape (n_kinds, n_cell_kinds)."""
        others = np.arange(len(self.counts))[None, :] != self.current[:, None]
        found: BoolArray = (self.current[:, None] >= 0) & others
        return found

    def open_to(self, dropped: Collection[int]) -> BoolArray:
        """Kinds of cells that each kind of people may be in, whoever else is there.

        Shape (n_kinds, n_cell_kinds). `dropped` : groups that do not hold.
        """
        places = self.places[:, None]
        found: BoolArray = self.caps[None, :] >= places
        for guarded, who, where in zip(self.guarded, self.who, self.where, strict=True):
            if guarded.group in dropped:
                continue
            if isinstance(guarded.shape, Eligible):
                found &= (who[:, None] == 0) | (where[None, :] == 0)
            elif isinstance(guarded.shape, Stay):
                found &= (who[:, None] == 0) | ~self.elsewhere
            elif self.is_load(guarded.shape):
                found &= (where[None, :] == NO_LIMIT) | (places <= where[None, :])
        return found

    def _present(self, who: list[IntArray]) -> IntArray:
        """Present cell of whoever a `Stay` or a `MoveLimit` lists, else -1."""
        listed = np.zeros(self.instance.n_persons, dtype=np.bool_)
        for guarded, row in zip(self.guarded, who, strict=True):
            if isinstance(guarded.shape, Stay | MoveLimit):
                listed |= row > 0
        return np.where(listed, self.instance.current, -1).astype(np.int64)

    def _who(self, shape: Shape) -> IntArray:
        row = np.zeros(self.instance.n_persons, dtype=np.int64)
        match shape:
            case Count() | MoveLimit():
                np.add.at(row, shape.persons, shape.weights)
            case OneClass():
                row[shape.persons] = shape.classes + 1
            case Eligible() | Stay() | Alone():
                row[shape.persons] = 1
            case _:
                pass
        return row

    def _where(self, shape: Shape) -> IntArray:
        n = self.instance.n_cells
        match shape:
            case Eligible():
                row = np.zeros(n, dtype=np.int64)
                row[shape.barred] = 1
                return row
            case Count(level=Level.CELL):
                row = np.full(n, NO_LIMIT, dtype=np.int64)
                row[shape.units] = shape.high
                return row
            case Count() | OneClass():
                return self.instance.unit_of[shape.level].astype(np.int64)
            case _:
                return np.zeros(n, dtype=np.int64)


def _counts(shape: Shape) -> bool:
    """True for a shape that the relaxation keeps."""
    if isinstance(shape, OneClass):
        return shape.level is not Level.CELL
    if isinstance(shape, Count):
        return bool(np.any(shape.high < shape.weights.sum()))
    return isinstance(shape, Eligible | Stay | Alone | MoveLimit)
