"""Who can never share a block of cells, by hard shapes and by what earlier tiers allow."""

import numpy as np

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.tables import UNLIMITED, Tables


def never_share(t: Tables, block: IntArray, tier: int, slack: IntArray) -> BoolArray:
    """Pairs of people who share no block in any placement within the caps, shape (n, n).

    Parameters
    ----------
    block : shape (m,), block of each cell or -1.
    slack : shape (K,), caps of tiers less the least of their terms.
    """
    n = len(t.places)
    never = np.zeros((n, n), dtype=np.bool_)
    inside = np.array([_is_inside(t, block, units) for units in t.units])
    person = np.repeat(np.arange(n), np.diff(t.apart_ptr))
    rows = inside[t.apart_level]
    never[person[rows], t.apart_other[rows]] = True
    person = np.repeat(np.arange(n), np.diff(t.pair_ptr))
    dear = (t.pair_tier < tier) & (t.pair_level >= 0)
    dear &= (t.pair_out + t.pair_in) > slack[t.pair_tier]
    dear[dear] &= inside[t.pair_level[dear]]
    never[person[dear], t.pair_other[dear]] = True
    _add_classes(t, inside, tier, slack, never)
    _add_counts(t, inside, tier, slack, never)
    used = block[(block >= 0) & (t.cap > 0)]
    if len(np.unique(used)) == len(used):
        alone = np.flatnonzero(t.alone == 1)
        never[alone, :] = never[:, alone] = True
    np.fill_diagonal(never, val=False)
    return never


def _is_inside(t: Tables, block: IntArray, units: IntArray) -> bool:
    """True when all cells of each block are in one unit."""
    cells = np.flatnonzero((block >= 0) & (t.cap > 0))
    if np.any(units[cells] < 0):
        return False
    pairs = np.unique(np.column_stack((block[cells], units[cells])), axis=0)
    return len(np.unique(pairs[:, 0])) == len(pairs)


def _add_classes(
    t: Tables, inside: BoolArray, tier: int, slack: IntArray, never: BoolArray
) -> None:
    """People of two classes, where mixing them is not allowed or out of reach."""
    dear = (t.part_tier < 0) | ((t.part_tier < tier) & (t.part_price > slack[t.part_tier]))
    for p in np.flatnonzero(dear).tolist():
        if inside[t.part_level[p]]:
            kind = t.class_of(p)
            known = kind >= 0
            never |= (kind[:, None] != kind[None, :]) & known[:, None] & known[None, :]


def _add_counts(t: Tables, inside: BoolArray, tier: int, slack: IntArray, never: BoolArray) -> None:
    """Two people who together are too many in every unit, at a price that is out of reach."""
    for g in np.flatnonzero(t.group_tier < tier).tolist():
        level, price_tier = int(t.group_level[g]), int(t.group_tier[g])
        high = t.unit_high[t.group_offset[g] : t.group_offset[g + 1]]
        if not inside[level] or len(high) == 0 or int(high.max()) >= UNLIMITED:
            continue
        (weight,) = t.counted(np.array([g]))
        over = np.maximum(0, weight[:, None] + weight[None, :] - int(high.max()))
        over[:, weight == 0] = over[weight == 0, :] = 0
        if price_tier >= 0:
            amount = over * (over + 1) // 2 if t.group_triangular[g] else over
            over = (amount * int(t.group_price[g])) > slack[price_tier]
        never |= over > 0
