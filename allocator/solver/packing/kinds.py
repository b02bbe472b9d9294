"""Kinds of people and of cells that no hard shape tells apart, as far as packing is concerned."""

from dataclasses import dataclass

import numpy as np

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.tables import Tables


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """Who and what is packed.

    Parameters
    ----------
    free : shape (n,), who is to have a place and has none that is fixed; the others stay.
    person : shape (n,), kind of each. cell : shape (m,), kind of each, -1 for cells that are full.
    """

    free: BoolArray
    person: IntArray
    cell: IntArray

    @property
    def people(self) -> IntArray:
        """Who is packed, shape (F,)."""
        return np.flatnonzero(self.free)

    @property
    def examples(self) -> IntArray:
        """One cell of each kind, shape (C,)."""
        return np.unique(np.append(self.cell, -1), return_index=True)[1][1:].astype(np.int64)


def packing_kinds(t: Tables, tier: int, placement: IntArray, only: IntArray | None = None) -> Kinds:
    """Kinds where a tier prices being without a place.

    Parameters
    ----------
    placement : shape (n,), where those stay who are not packed.
    only : the cells whose people are packed beside those who have no place; None for all.
    """
    fits = ((t.elig == 1) * t.cap).max(axis=1, initial=0)[t.elig_row] >= t.places
    free = (t.unplaced[:, tier] > 0) & (t.fixed < 0) & fits
    if only is not None:
        free &= (placement < 0) | np.isin(placement, only)
    return Kinds(free, _people(t), _cells(t, np.where(free, -1, placement)))


def _people(t: Tables) -> IntArray:
    """Kind of each person by every hard shape; whoever is kept apart from somebody is one alone."""
    n = len(t.places)
    hard = np.flatnonzero(t.group_tier < 0).astype(np.int64)
    columns: list[IntArray] = [
        t.places[:, None],
        t.elig_row[:, None],
        t.alone[:, None].astype(np.int64),
        t.unplaced,
    ]
    columns += [t.counted(hard).T]
    columns += [t.class_of(q)[:, None] for q in np.flatnonzero(t.part_tier < 0).tolist()]
    apart = np.diff(t.apart_ptr) > 0
    limited = t.has_move_limit & (np.diff(t.limit_ptr) > 0)
    columns.append(np.where(apart | limited, np.arange(n), -1)[:, None])
    return _numbered(columns)


def _cells(t: Tables, staying: IntArray) -> IntArray:
    m = len(t.cap)
    columns: list[IntArray] = [t.cap[:, None], t.elig.T.astype(np.int64)]
    for g in np.flatnonzero(t.group_tier < 0).tolist():
        units = t.units[t.group_level[g]]
        high = np.append(t.unit_high[t.group_offset[g] : t.group_offset[g + 1]], -1)
        columns.append((units if t.group_level[g] else high[units])[:, None].astype(np.int64))
    levels = {*t.part_level[t.part_tier < 0].tolist(), *t.apart_level.tolist()} - {0}
    columns += [t.units[k][:, None].astype(np.int64) for k in sorted(levels)]
    own = np.zeros(m, dtype=np.bool_)
    own[staying[staying >= 0]] = True
    if t.has_move_limit:
        own[t.current[t.current >= 0]] = True
    columns.append(np.where(own, np.arange(m), -1)[:, None])
    return np.where(t.cap > 0, _numbered(columns), -1)


def _numbered(columns: list[IntArray]) -> IntArray:
    """Number of each row's kind, equal rows alike."""
    rows = np.hstack([c.astype(np.int64) for c in columns])
    return np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
