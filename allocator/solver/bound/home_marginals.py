"""The most that one person's leaving the reference can lower a tier, whoever else leaves.

Each is a share that adds up: the change of a tier is never below the sum of its movers' shares.
"""

from dataclasses import dataclass, field

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.bound.home import Home
from allocator.solver.bound.home_costs import home_costs
from allocator.solver.bound.joint_shares import joint_shares
from allocator.solver.tables import UNLIMITED, Tables

CELL_LEVEL = 0


@dataclass(eq=False)
class Marginals:
    """Shares of a tier.

    Parameters
    ----------
    base : value of the reference in the terms that the model keeps.
    move : shape (n, Q), share of a person's moving to a kind. leave : shape (n,), of being left
        without a cell.
    """

    t: Tables
    home: Home
    tier: int
    base: int = 0
    move: IntArray = field(init=False)
    leave: IntArray = field(init=False)

    def __post_init__(self) -> None:
        costs = home_costs(self.t, self.home, self.tier)
        self.base, self.move, self.leave = costs.base, costs.move, costs.leave
        shares = joint_shares(self.t, self.home, np.flatnonzero(self.t.pair_tier == self.tier))
        self.move += shares[:, :-1]
        self.leave += shares[:, -1]
        self._loads()
        self._counts()
        self._classes()
        self._company()

    def _loads(self) -> None:
        t, home = self.t, self.home
        column = np.flatnonzero(t.load_tiers == self.tier)
        if len(column) == 0:
            return
        most = home.leavers * int(t.places.max(initial=1))
        for q, cell in enumerate(home.example.tolist()):
            row = t.load_cost[t.load_row[cell], column[0], : int(t.cap[cell]) + 1]
            slopes = np.repeat(np.diff(row), int(home.number[q]))
            if len(slopes) == 0:
                continue
            if np.any(np.diff(slopes) < 0):
                self.move[:, q] += int(slopes.min(initial=0)) * t.places
                continue
            load = int(home.load[q])
            self.base += int(slopes[:load].sum())
            inside = (home.cell >= 0) & (home.kind[home.cell] == q)
            saved = int(slopes[min(load, len(slopes)) - 1]) if load and len(slopes) else 0
            added = int(slopes[max(0, load - most)]) if load - most < len(slopes) else 0
            self._shift(inside, np.arange(len(home.example)) == q, t.places, saved, added)

    def _shift(
        self, inside: np.ndarray, kinds: np.ndarray, weights: IntArray, saved: int, added: int
    ) -> None:
        """Leaving a set of kinds saves at most, entering it adds at least, per unit of weight."""
        leaving = np.where(inside, weights * saved, 0)
        self.leave -= leaving
        self.move[:, ~kinds] -= leaving[:, None]
        self.move[np.ix_(~inside, kinds)] += (weights[~inside] * added)[:, None]

    def _counts(self) -> None:
        t = self.t
        for g in np.flatnonzero(
            (t.group_tier == self.tier) & (t.group_level != CELL_LEVEL)
        ).tolist():
            rows = np.flatnonzero(t.count_group == g)
            people = np.searchsorted(t.count_ptr, rows, side="right") - 1
            weights = np.zeros(len(t.places), dtype=np.int64)
            weights[people] = t.count_weight[rows]
            units = np.append(t.units[int(t.group_level[g])], -1)
            for u in np.unique(units[units >= 0]).tolist():
                high = int(t.unit_high[int(t.group_offset[g]) + u])
                if high < UNLIMITED:
                    self._count_unit(g, high, units == u, weights)

    def _count_unit(self, g: int, high: int, unit: np.ndarray, weights: IntArray) -> None:
        inside = unit[self.home.cell]
        load = int(weights[inside].sum())
        most = self.home.leavers * int(weights.max(initial=1))
        price, triangular = int(self.t.group_price[g]), bool(self.t.group_triangular[g])

        def steps(amount: int) -> int:
            over = max(0, amount - high)
            return price * (over if triangular else min(1, over))

        over = max(0, load - high)
        self.base += price * (over * (over + 1) // 2 if triangular else over)
        kinds = unit[self.home.example]
        self._shift(inside, kinds, weights, steps(load), steps(max(0, load - most) + 1))

    def _classes(self) -> None:
        t, home = self.t, self.home
        for p in np.flatnonzero((t.part_tier == self.tier) & (t.part_level != CELL_LEVEL)).tolist():
            rows = np.flatnonzero(t.class_part == p)
            people = np.searchsorted(t.class_ptr, rows, side="right") - 1
            index = np.full(len(t.places), -1, dtype=np.int64)
            index[people] = t.class_index[rows]
            units = np.append(t.units[int(t.part_level[p])], -1)
            member = (index >= 0).astype(np.int64)
            for u in np.unique(units[units >= 0]).tolist():
                inside = (units == u)[home.cell]
                found = index[inside & (index >= 0)]
                minority = len(found) - int(np.bincount(found).max(initial=0))
                price = int(t.part_price[p])
                self.base += price * minority
                kinds = (units == u)[home.example]
                self._shift(inside, kinds, member, price if minority else 0, 0)

    def _company(self) -> None:
        t, home = self.t, self.home
        price = t.alone_price[:, self.tier]
        for cell in np.unique(home.cell[(home.cell >= 0) & (price > 0)]).tolist():
            people = np.flatnonzero(home.cell == cell)
            if len(people) > 1:
                total = int(price[people].sum())
                self.base += total
                self.move[people] -= total
                self.leave[people] -= total
