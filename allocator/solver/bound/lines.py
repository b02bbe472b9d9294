"""Rows over sums of people in units, as a linear programme over movers needs them.

A line is `enter` times who moves into `cells`, less `leave` times who leaves the reference, less
its cost variable, at most `most`. Costs that are no sums become variables above lines: convex
tables line by line, the smaller of two classes by planes that lie below it for as many movers as
there can be.
"""

from dataclasses import dataclass, field

import numpy as np

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.home import Home
from allocator.solver.bound.planes import planes_below
from allocator.solver.tables import UNLIMITED, Tables

CELL_LEVEL = 0


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One row.

    Parameters
    ----------
    enter : shape (n,), of moving into one of `cells`, shape (m,). leave : shape (n,), of leaving
        the reference. out : shape (n,), of being left without a cell, or None.
    cost : number of the cost variable, or None.
    """

    enter: np.ndarray
    leave: np.ndarray
    cells: BoolArray
    most: float
    cost: int | None = None
    out: np.ndarray | None = None


@dataclass(eq=False)
class Lines:
    """Rows and cost variables of all tiers up to one.

    Attributes
    ----------
    rows : the rows. tiers, low, high : tier and range of each cost variable.
    """

    t: Tables
    home: Home
    tier: int
    rows: list[Line] = field(default_factory=list)
    tiers: list[int] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._loads()
        self._counts()
        self._classes()
        self._limits()

    def _cost(self, tier: int, low: float, high: float) -> int:
        self.tiers.append(tier)
        self.low.append(low)
        self.high.append(high)
        return len(self.tiers) - 1

    def _inside(self, cells: BoolArray) -> BoolArray:
        """Who is in the cells in the reference, shape (n,)."""
        inside: BoolArray = (self.home.cell >= 0) & cells[self.home.cell]
        return inside

    def _above(self, weight: IntArray, cells: BoolArray, table: IntArray, tier: int) -> None:
        """A cost above `table[weight inside]`, a list from 0; its least if it is not convex."""
        slopes = np.diff(table)
        if not np.any(slopes):
            return
        cost = self._cost(tier, float(table.min()), float(table.max()))
        if np.any(np.diff(slopes) < 0):
            return
        inside = self._inside(cells)
        load = int(weight[inside].sum())
        for k in np.flatnonzero(np.diff(slopes, prepend=slopes[0] - 1)).tolist():
            slope = int(slopes[k])
            most = slope * (k - load) - int(table[k])
            leave = np.where(inside, slope * weight, 0)
            self.rows.append(Line(slope * weight, leave, cells, float(most), cost))

    def _loads(self) -> None:
        t = self.t
        for k, tier in enumerate(t.load_tiers.tolist()):
            if tier > self.tier:
                continue
            for c in range(len(t.cap)):
                row = t.load_cost[t.load_row[c], k, : int(t.cap[c]) + 1]
                self._above(t.places, np.arange(len(t.cap)) == c, row, tier)
                self._constant(row, tier)

    def _constant(self, row: IntArray, tier: int) -> None:
        """Costs that no load changes."""
        if not np.any(np.diff(row)) and row[0]:
            self._cost(tier, float(row[0]), float(row[0]))

    def _counts(self) -> None:
        t = self.t
        for g in np.flatnonzero(t.group_level != CELL_LEVEL).tolist():
            tier, units = int(t.group_tier[g]), t.units[int(t.group_level[g])]
            if tier > self.tier:
                continue
            weight = _members(t.count_ptr, t.count_group == g, t.count_weight, 0)
            for u in np.unique(units[units >= 0]).tolist():
                high = int(t.unit_high[int(t.group_offset[g]) + u])
                if high >= UNLIMITED:
                    continue
                inside = self._inside(units == u)
                if tier < 0:
                    most = high - int(weight[inside].sum())
                    leave = np.where(inside, weight, 0)
                    self.rows.append(Line(weight, leave, units == u, float(most)))
                    continue
                over = np.maximum(0, np.arange(int(weight.sum()) + 2) - high)
                amount = over * (over + 1) // 2 if t.group_triangular[g] else over
                table = amount * int(t.group_price[g])
                self._above(weight, units == u, table.astype(np.int64), tier)

    def _classes(self) -> None:
        t = self.t
        priced = (t.part_level != CELL_LEVEL) & (t.part_tier >= 0) & (t.part_tier <= self.tier)
        for p in np.flatnonzero(priced & (t.part_classes == 2)).tolist():
            units = t.units[int(t.part_level[p])]
            index = _members(t.class_ptr, t.class_part == p, t.class_index, -1)
            for u in np.unique(units[units >= 0]).tolist():
                self._smaller(index, units == u, int(t.part_price[p]), int(t.part_tier[p]))

    def _smaller(self, index: IntArray, cells: BoolArray, price: int, tier: int) -> None:
        """A cost above the price times the smaller class inside."""
        inside = self._inside(cells)
        sizes = [int(np.count_nonzero(inside & (index == k))) for k in (0, 1)]
        totals = [int(np.count_nonzero(index == k)) for k in (0, 1)]
        most = self.home.leavers + int(np.count_nonzero(self.home.cell < 0))
        planes = planes_below(sizes, totals, most)
        if not planes:
            return
        cost = self._cost(tier, 0.0, float(price * min(totals)))
        for plane in planes:
            enter, leave = np.zeros(len(index)), np.zeros(len(index))
            for k in (0, 1):
                enter[index == k] = price * plane.enter[k]
                leave[inside & (index == k)] = price * plane.leave[k]
            self.rows.append(Line(enter, leave, cells, -price * plane.at_home, cost))

    def _limits(self) -> None:
        t, nowhere = self.t, np.zeros(len(self.t.cap), dtype=np.bool_)
        for k in np.flatnonzero(t.limit_tier <= self.tier).tolist():
            weight = _members(t.limit_ptr, t.limit_id == k, t.limit_weight, 0)
            weight[t.current < 0] = 0
            tier, most = int(t.limit_tier[k]), float(t.limit_high[k])
            cost = None if tier < 0 else self._cost(tier, 0.0, float(weight.sum()))
            if cost is not None and t.limit_price[k] > 1:
                price = int(t.limit_price[k])
                self.high[cost] *= price
                weight, most = weight * price, most * price
            self.rows.append(Line(0 * weight, -weight, nowhere, most, cost, -weight))


def _members(ptr: IntArray, rows: BoolArray, values: IntArray, nobody: int) -> IntArray:
    """Value of each member in the rows of one group, shape (n,)."""
    at = np.flatnonzero(rows)
    found = np.full(len(ptr) - 1, nobody, dtype=np.int64)
    found[np.searchsorted(ptr, at, side="right") - 1] = values[at]
    return found
