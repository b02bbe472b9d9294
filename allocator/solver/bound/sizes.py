"""Fewest and most places that are taken in each block of a layer."""

from dataclasses import dataclass

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.tables import DEFICIT, Tables


@dataclass(frozen=True, slots=True, eq=False)
class Sizes:
    """Places taken in each of B blocks when everybody who may be there is somewhere.

    Parameters
    ----------
    low : shape (B,), fewest in a block that is used. even_empty : shape (B,), fewest in any case.
    high : shape (B,), most.
    """

    low: IntArray
    even_empty: IntArray
    high: IntArray

    def of(self, blocks: IntArray) -> "Sizes":
        """The same of some blocks."""
        return Sizes(self.low[blocks], self.even_empty[blocks], self.high[blocks])


def sizes_of(t: Tables, block: IntArray, slack: IntArray) -> Sizes:
    """Sizes by room, and by hard counts of everybody's places where blocks are units.

    Parameters
    ----------
    block : shape (m,), block of each cell or -1. slack : shape (K,), caps of tiers less the least
        of their terms; a lower limit counts where none may be missed.
    """
    number = int(block.max(initial=-1)) + 1
    inside = block >= 0
    high = np.bincount(block[inside], t.cap[inside], number).astype(np.int64)
    low, even_empty = np.zeros_like(high), np.zeros_like(high)
    for g in range(len(t.group_level)):
        (weight,) = t.counted(np.array([g]))
        unit = _units_of_blocks(t, block, t.units[t.group_level[g]].astype(np.int64), number)
        if unit is None or not np.array_equal(weight, t.places):
            continue
        at = int(t.group_offset[g]) + unit
        if t.group_tier[g] < 0:
            high = np.minimum(high, t.unit_high[at])
        if slack[DEFICIT] == 0:
            low = np.maximum(low, t.unit_low[at])
            if not t.group_or_none[g]:
                even_empty = np.maximum(even_empty, t.unit_low[at])
    return Sizes(low, even_empty, high)


def _units_of_blocks(t: Tables, block: IntArray, units: IntArray, number: int) -> IntArray | None:
    """Unit whose cells are those of each block, shape (B,); None where the two differ."""
    used = np.flatnonzero(t.cap > 0)
    pairs = np.unique(np.column_stack((block[used], units[used])), axis=0)
    pairs = pairs[(pairs >= 0).all(axis=1)]
    alike = len(pairs) == number == len(np.unique(pairs[:, 1]))
    return pairs[:, 1] if alike and np.array_equal(block[used] < 0, units[used] < 0) else None


def least_squares(sizes: Sizes, total: int) -> int:
    """Least sum of squared sizes that add up to `total`; of all that fits if it does not."""
    size = sizes.even_empty.copy()
    for _ in range(min(total, int(sizes.high.sum())) - int(size.sum())):
        size[np.argmin(np.where(size < sizes.high, size, total + 1))] += 1
    return int((size**2).sum())


def most_squares(sizes: Sizes, total: int) -> int:
    """No sizes that add up to `total` have a larger sum of squares: chords from least to most."""
    low, high = sizes.even_empty, np.maximum(sizes.high, sizes.even_empty)
    left, squares = total - int(low.sum()), int((low**2).sum())
    for b in np.argsort(-(low + high), kind="stable").tolist():
        more = min(max(0, left), int(high[b] - low[b]))
        squares += more * int(low[b] + high[b])
        left -= more
    return squares
