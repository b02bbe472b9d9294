"""A tier read as a flat problem: pairs by contact and costs, cells, and limits on what they hold.

Grouping, clustering, partitioning, colouring and assignment problems are of this kind; in a prison
there are several tiers and units of many kinds, which only the general search knows.

References
----------
.. [1] Lee and Ma (2004), The generalized quadratic assignment problem: the form of the costs.
"""

from dataclasses import dataclass

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.search.terms import EXACT, Floats, costs_of, has_only_points, points_of
from allocator.solver.tables import UNLIMITED, Tables

MOST_ENTRIES = 40_000_000  # of the largest table, 8 bytes each
MOST_LIMITS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Flat:
    """The sum of points times contact over all pairs, plus costs; n people, m cells, k classes.

    A pair's points that have a direction, p there and q back, with contact c there and d back, come
    to p c + q d = (p + q) (c + d) / 2 + (p - q) (c - d) / 2: a symmetric part and a turned one.

    Parameters
    ----------
    points : shape (n, n), symmetric, the diagonal zeros. contact : shape (k, k), symmetric.
    turned_points, turned_contact : of the turned parts, shape (n, n) and (k, k), each the negative
        of its transpose; (0, 0) where no contact has a direction.
    inside : shape (m,), what two people of one cell have on top of their class with itself.
    apart : shape (n, n), 1 for two people who may not share a cell; (0, 0) where all may.
    apart_cost : shape (m,), what two such people cost in each cell: more than twice all else
        together, so that no search takes that for a gain.
    cost : shape (n, m) or (n, 0) where there are none.
    kind : shape (m,), class of each cell.
    open_rows : shape (rows, m), 1 where people of a row may be. row : shape (n,).
    weight : shape (d, n), what a person counts for each of d limits, the first one being places.
    unit : shape (d, m), unit that a limit counts a cell in, -1 for none.
    low, high : shape (d, units), what a unit must and may hold.
    or_none : shape (d,), 1 where a unit may also hold nothing.
    slots : shape (m + 1,), where each cell's people stand in one list.
    outside : the cell that means having none, -1 where everybody has one.
    """

    points: Floats
    contact: Floats
    turned_points: Floats
    turned_contact: Floats
    inside: Floats
    apart: Floats
    apart_cost: Floats
    cost: Floats
    kind: IntArray
    open_rows: IntArray
    row: IntArray
    weight: IntArray
    unit: IntArray
    low: IntArray
    high: IntArray
    or_none: IntArray
    slots: IntArray
    outside: int = -1

    @property
    def is_packing(self) -> bool:
        """True where people may be out and are kept apart, and company is worth nothing."""
        return self.outside >= 0 and self.apart.size > 0 and not np.any(self.points)

    @property
    def is_diagonal(self) -> bool:
        """True where classes have no contact with each other."""
        between = self.contact - np.diag(self.contact.diagonal())
        return not (self.turned_points.size or np.any(between))

    @property
    def is_of_groups(self) -> bool:
        """True where each class has one cell besides."""
        return self.is_diagonal and len(self.contact) == len(self.kind)

    @property
    def has_like_groups(self) -> bool:
        """True where company is worth something, and also the same in all cells."""
        within = self.contact.diagonal()[self.kind] + self.inside
        return self.is_of_groups and not self.is_packing and bool(np.ptp(within) == 0)


def as_flat(t: Tables, tier: int) -> Flat | None:
    """The tier as a flat problem; None where it is something else, or too large for its tables.

    Earlier tiers may only ask that everybody has a cell. Later ones are not looked at.
    """
    n, m = len(t.places), len(t.cap)
    if n * max(n, m) > MOST_ENTRIES or not _has_only_limits(t) or not has_only_points(t, tier):
        return None
    used, kind = np.unique(t.contact_class, return_inverse=True)
    points, contact, turned_points, turned_contact = _pairs(t, tier, used)
    inside = t.cell_contact.astype(np.float64) - contact[kind, kind]
    if len(used) == m:
        contact[kind, kind], inside = t.cell_contact, np.zeros(m)
    cost = costs_of(t, tier)
    largest = max(np.abs(t.contact).max(initial=0), np.abs(t.cell_contact).max(initial=0))
    costs = np.abs(cost).sum() + np.abs(t.unplaced[:, tier]).sum()
    most = np.abs(points).sum() + np.abs(turned_points).sum()
    apart, total = _apart(t), 2.0 * most * largest + costs
    if total + apart.sum() * (2.0 * total + 1.0) >= EXACT / 2.0:  # halves are exact too
        return None
    return Flat(
        points,
        contact,
        turned_points,
        turned_contact,
        inside,
        apart,
        np.full(m, 2.0 * total + 1.0),
        cost if cost.any() else cost[:, :0],
        kind.astype(np.int64),
        *_open(t),
        *_limits(t),
        t.slot_offset,
    )


def _pairs(t: Tables, tier: int, used: IntArray) -> tuple[Floats, Floats, Floats, Floats]:
    """Points and contact between the classes that are used, then what of them is turned."""
    points = points_of(t, tier)
    contact = t.contact[np.ix_(used, used)].astype(np.float64)
    if not np.array_equal(t.contact, t.contact.T):
        turned = points - points.T, (contact - contact.T) / 2.0
        return points + points.T, (contact + contact.T) / 2.0, *turned
    return points, contact, np.zeros((0, 0)), np.zeros((0, 0))


def _has_only_limits(t: Tables) -> bool:
    """True where the only hard shapes are closed cells, who may not share one, and a few limits."""
    return bool(
        _is_apart_in_cells(t)
        and np.count_nonzero(t.group_tier < 0) < MOST_LIMITS
        and not np.any(t.part_tier < 0)
        and not np.any(t.limit_tier < 0)
        and not t.alone.any()
    )


def _is_apart_in_cells(t: Tables) -> bool:
    """True where people who are kept apart may share all but a cell."""
    levels = np.unique(t.apart_level).tolist()
    return all(len(np.unique(t.units[level])) == len(t.cap) for level in levels)


def _apart(t: Tables) -> Floats:
    """1 for people who are kept apart, shape (n, n), or (0, 0)."""
    n = len(t.places) if len(t.apart_other) else 0
    apart = np.zeros((n, n))
    if n:
        apart[np.repeat(np.arange(n), np.diff(t.apart_ptr)), t.apart_other] = 1.0
    return apart


def _open(t: Tables) -> tuple[IntArray, IntArray]:
    """Which cells each kind of people may be in, and everybody's kind."""
    held = np.flatnonzero(t.fixed >= 0)
    only = np.zeros((len(held), len(t.cap)), dtype=np.int64)
    only[np.arange(len(held)), t.fixed[held]] = t.elig[t.elig_row[held], t.fixed[held]]
    row = t.elig_row.copy()
    row[held] = len(t.elig) + np.arange(len(held))
    return np.vstack((t.elig.astype(np.int64), only)), row


def _limits(t: Tables) -> tuple[IntArray, IntArray, IntArray, IntArray, IntArray]:
    """Weights, units, lower and upper limits, and whether none will do: places, then groups."""
    m = len(t.cap)
    hard = np.flatnonzero(t.group_tier < 0)
    sizes = np.diff(t.group_offset)
    d, width = 1 + len(hard), int(max([m, *sizes[hard]]))
    weight, unit = np.vstack((t.places, t.counted(hard))), np.zeros((d, m), dtype=np.int64)
    low = np.zeros((d, width), dtype=np.int64)
    high = np.full((d, width), UNLIMITED, dtype=np.int64)
    or_none = np.zeros(d, dtype=np.int64)
    unit[0], high[0, :m] = np.arange(m), t.cap
    for k, g in enumerate(hard.tolist(), start=1):
        unit[k] = t.units[t.group_level[g]]
        at = slice(int(t.group_offset[g]), int(t.group_offset[g]) + int(sizes[g]))
        low[k, : sizes[g]], high[k, : sizes[g]] = t.unit_low[at], t.unit_high[at]
        or_none[k] = t.group_or_none[g]
    return weight, unit, low, high, or_none
