"""Sparse tables of ordered pairs: sorted, merged, looked up."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.influence.people import FloatArray
from allocator.model.shapes import IntArray


@dataclass(frozen=True, slots=True, eq=False)
class PairTable:
    """Points of ordered pairs; from `summed` or `largest` sorted, each pair once and never 0.

    Parameters
    ----------
    source, target : shape (n_pairs,), positions of people, different in each pair.
    points : shape (n_pairs,), of either sign only where given explicitly.
    """

    source: IntArray
    target: IntArray
    points: IntArray

    def __len__(self) -> int:
        return len(self.points)


def summed(table: PairTable) -> PairTable:
    """The table sorted, points added up for each pair; pairs of sum 0 are dropped."""
    return _combined(table, np.add)


def largest(table: PairTable) -> PairTable:
    """The table sorted, with the largest points, 0 or more, of each pair; 0 is dropped."""
    return _combined(table, np.maximum)


def _combined(table: PairTable, combine: np.ufunc) -> PairTable:
    size = int(max(table.source.max(initial=0), table.target.max(initial=0))) + 1
    keys = table.source * size + table.target
    total = table.points
    if np.any(np.diff(keys) <= 0):
        keys, place = np.unique(keys, return_inverse=True)
        total = np.zeros(len(keys), dtype=np.int64)
        combine.at(total, place, table.points)
    kept = total != 0
    return PairTable(keys[kept] // size, keys[kept] % size, total[kept])


def joined(tables: Iterable[PairTable]) -> PairTable:
    """One table of several, not merged."""
    parts = tuple(tables)
    return PairTable(
        np.concatenate([part.source for part in parts]),
        np.concatenate([part.target for part in parts]),
        np.concatenate([part.points for part in parts]),
    )


def all_pairs(sources: IntArray, targets: IntArray) -> tuple[IntArray, IntArray]:
    """Every ordered pair of a source and a different target."""
    first = np.repeat(sources, len(targets))
    second = np.tile(targets, len(sources))
    different = first != second
    return first[different], second[different]


def look_up(
    known: dict[tuple[int, int], float], source: IntArray, target: IntArray, size: int
) -> FloatArray:
    """Value of each pair in a sparse table with positions below `size`, 0 where there is none."""
    keys: NDArray[np.int64] = np.array(sorted(s * size + t for s, t in known), dtype=np.int64)
    if not keys.size:
        return np.zeros(len(source), dtype=np.float64)
    values = np.array([known[k // size, k % size] for k in keys.tolist()], dtype=np.float64)
    wanted = source * size + target
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found: FloatArray = np.where(keys[place] == wanted, values[place], 0.0)
    return found
