"""Columns and rows of the linear programme of movers, written down for one solve."""

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csc_array

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.class_pairs import JointPairs
from allocator.solver.bound.sparse_rows import SparseRows

if TYPE_CHECKING:
    from allocator.solver.bound.away_lp import AwayLp

ELASTIC_MOST = 1e12


class Layout:
    """Variables: columns, who is away, who is without a cell, costs of lines, company, excesses.

    Attributes
    ----------
    cost : shape (tier, width), cost of each variable in each tier from 1. *_at : first variable of
        a part.
    """

    def __init__(self, lp: "AwayLp") -> None:
        self.lp, self.rows = lp, SparseRows()
        n, pairs = len(lp.t.places), [len(c.mates) for c in lp.costs]
        self.company, self.at_company = np.unique(lp.company[:, 0], return_inverse=True)
        joint = [len(c.pairs.first) for c in lp.costs]
        sizes = (len(lp.person), n, n, len(lp.lines.low), len(lp.meets), sum(pairs),
                 len(self.company), sum(joint), lp.tier - 1)  # fmt: skip
        ends = np.cumsum((0, *sizes)).tolist()
        (_, self.away_at, self.out_at, self.lines_at, self.meets_at, self.mates_at,
         self.company_at, self.joint_at, self.elastic_at, self.width) = ends  # fmt: skip
        self.mate_tier = np.repeat(np.arange(lp.tier), pairs)
        self.mates = np.concatenate([c.mates for c in lp.costs])
        self.cost = np.zeros((lp.tier, self.width))
        self._set_costs()

    def _set_costs(self) -> None:
        lp, cost = self.lp, self.cost
        for k, found in enumerate(lp.costs):
            cost[k, : self.away_at] = found.move[lp.person, lp.cell]
            cost[k, self.out_at : self.lines_at] = found.leave
            prices = lp.t.alone_price[self.company, k + 1]
            cost[k, self.company_at : self.joint_at] = prices
        tiers = np.array(lp.lines.tiers, dtype=np.int64) - 1
        cost[tiers, self.lines_at + np.arange(len(tiers))] = 1.0
        cost[lp.meets[:, 3], self.meets_at + np.arange(len(lp.meets))] = lp.meets[:, 2]
        cost[self.mate_tier, self.mates_at + np.arange(len(self.mates))] = self.mates[:, 2]
        at = self.joint_at
        for k, found in enumerate(lp.costs):
            cost[k, at : at + len(found.pairs.first)] = found.pairs.least
            at += len(found.pairs.first)
        cost[-1, self.elastic_at :] = lp.large

    def ranges(self) -> tuple[np.ndarray, np.ndarray]:
        """Least and most of each variable."""
        lp = self.lp
        low, high = np.zeros(self.width), np.ones(self.width)
        high[self.away_at : self.out_at] = ~lp.must.stuck
        high[self.out_at : self.lines_at] = lp.home.may_leave
        low[self.lines_at : self.meets_at] = lp.lines.low
        high[self.lines_at : self.meets_at] = lp.lines.high
        high[self.elastic_at :] = ELASTIC_MOST
        return low, high

    def balance(self) -> csc_array:
        """Rows: who is away has one column or is without a cell."""
        n, lp = len(self.lp.t.places), self.lp
        everyone, columns = np.arange(n), np.arange(len(lp.person))
        rows = np.concatenate((lp.person, everyone, everyone))
        at = np.concatenate((columns, self.away_at + everyone, self.out_at + everyone))
        values = np.concatenate((np.ones(len(columns)), -np.ones(n), np.ones(n)))
        return coo_array((values, (rows, at)), shape=(n, self.width)).tocsc()

    def post(self) -> dict[str, int]:
        """Write all rows; number of the first row of the parts that price options."""
        first = {"cells": self._post_cells(), "lines": self._post_lines()}
        at_home = np.flatnonzero(self.lp.home.cell >= 0)
        self.rows.add(self.away_at + at_home, np.ones(len(at_home)), float(self.lp.home.leavers))
        self._post_needs()
        self._post_meets()
        self._post_mates()
        first["joint"] = len(self.rows.most)
        self._post_joint()
        first["caps"] = len(self.rows.most)
        self._post_caps()
        return first

    def _post_cells(self) -> int:
        lp, t = self.lp, self.lp.t
        inside = np.flatnonzero(lp.home.cell >= 0)
        rows = np.concatenate((lp.cell, lp.home.cell[inside]))
        at = np.concatenate((np.arange(len(lp.cell)), self.away_at + inside))
        values = np.concatenate((lp.space[lp.person, lp.cell], -t.places[inside]))
        room = (t.cap - lp.home.load).astype(np.float64)
        return self.rows.add_many(rows, at, values, room.tolist())

    def _post_lines(self) -> int:
        lp, first = self.lp, len(self.rows.most)
        for line in lp.lines.rows:
            enter = np.asarray(line.enter)[lp.person] * line.cells[lp.cell]
            x, y = np.flatnonzero(enter), np.flatnonzero(line.leave)
            columns, values = [x, self.away_at + y], [enter[x], -np.asarray(line.leave)[y]]
            if line.out is not None:
                out = np.flatnonzero(line.out)
                columns.append(self.out_at + out)
                values.append(line.out[out])
            if line.cost is not None:
                columns.append(np.array([self.lines_at + line.cost]))
                values.append(np.array([-1.0]))
            self.rows.add(np.concatenate(columns), np.concatenate(values), line.most)
        return first

    def _post_needs(self) -> None:
        lp = self.lp
        columns = np.column_stack((lp.needs[:, 0], self.away_at + lp.needs[:, 1]))
        self.rows.add_same(columns, (1.0, -1.0), 0.0)
        self.rows.add_same(self.away_at + lp.must.conflicts(), (-1.0, -1.0), -1.0)
        company = np.column_stack(
            (self.away_at + lp.company, self.company_at + self.at_company.reshape(-1))
        )
        self.rows.add_same(company, (-1.0, -1.0, -1.0), -1.0)

    def _post_meets(self) -> None:
        """Who enters a cell meets the people who stay: always if that costs."""
        meets, number = self.lp.meets, self.meets_at + np.arange(len(self.lp.meets))
        both = np.column_stack((meets[:, 0], self.away_at + meets[:, 1], number))
        costs = meets[:, 2] > 0
        self.rows.add_same(both[costs], (1.0, -1.0, -1.0), 0.0)
        self.rows.add_same(both[~costs][:, [2, 0]], (1.0, -1.0), 0.0)
        self.rows.add_same(both[~costs][:, [2, 1]], (1.0, 1.0), 1.0)

    def _post_mates(self) -> None:
        number = self.mates_at + np.arange(len(self.mates))
        both = np.column_stack((self.away_at + self.mates[:, :2], number))
        costs = self.mates[:, 2] > 0
        self.rows.add_same(both[costs], (1.0, 1.0, -1.0), 1.0)
        for mate in (0, 1):
            self.rows.add_same(both[~costs][:, [2, mate]], (1.0, -1.0), 0.0)

    def _post_joint(self) -> None:
        """A joint change needs both where it is below 0, and nobody has more than the budget.

        Of each contact structure, since two people may have a joint change of several.
        """
        lp, n = self.lp, len(self.lp.t.places)
        partners = lp.home.partners
        parts = self._joint_parts()
        for at, pairs in parts:
            number = at + np.arange(len(pairs.first))
            for person, opens in zip((pairs.first, pairs.second), pairs.opens, strict=True):
                self._post_opens(number, person, opens)
        for at, pairs in parts:
            number = at + np.arange(len(pairs.first))
            several = int(pairs.structure.max()) + 1
            everyone, first = np.arange(n * several), pairs.structure * n
            rows = np.concatenate((first + pairs.first, first + pairs.second, everyone))
            columns = np.concatenate((number, number, self.away_at + everyone % n))
            values = np.concatenate((np.ones(2 * len(number)), np.full(len(everyone), -partners)))
            self.rows.add_many(rows, columns, values, [0.0] * len(everyone))

    def _joint_parts(self) -> list[tuple[int, JointPairs]]:
        """Pairs of each tier that has any, and the number of the first one's variable."""
        pairs = [c.pairs for c in self.lp.costs]
        starts = self.joint_at + np.cumsum([0, *(len(p.first) for p in pairs)])
        return [(int(a), p) for a, p in zip(starts, pairs, strict=False) if len(p.first)]

    def _post_opens(self, number: IntArray, person: IntArray, opens: BoolArray) -> None:
        """Rows: each pair's variable is at most the sum of the person's moves to open cells."""
        lp = self.lp
        pair, x = _products(person, lp.person, len(lp.t.places))
        inside = opens[pair, lp.cell[x]]
        out = np.flatnonzero(opens[:, -1])
        rows = np.concatenate((np.arange(len(number)), pair[inside], out))
        columns = np.concatenate((number, x[inside], self.out_at + person[out]))
        values = np.concatenate((np.ones(len(number)), np.full(len(rows) - len(number), -1.0)))
        self.rows.add_many(rows, columns, values, [0.0] * len(number))

    def _post_caps(self) -> None:
        """Each earlier tier stays within its cap, or pays for the excess."""
        lp = self.lp
        for k in range(lp.tier - 1):
            columns = np.flatnonzero(self.cost[k])
            values = np.append(self.cost[k, columns], -1.0)
            most = float(lp.below[k + 1] - lp.costs[k].base)
            self.rows.add(np.append(columns, self.elastic_at + k), values, most)


def company_of(price: IntArray, cell: IntArray, people: list[IntArray]) -> IntArray:
    """Pairs of a person with a price on company and a mate of the reference, shape (rows, 2).

    Parameters
    ----------
    price : shape (n, tiers). cell : shape (n,). people : people of each cell.
    """
    found = [
        (i, j)
        for i in np.flatnonzero(price.any(axis=1) & (cell >= 0)).tolist()
        for j in people[int(cell[i])].tolist()
        if j != i
    ]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _products(person: IntArray, columns: IntArray, n: int) -> tuple[IntArray, IntArray]:
    """Each entry of `person` with each entry of `columns` that is the same of n people."""
    order = np.argsort(columns, kind="stable")
    edges = np.searchsorted(columns[order], np.arange(n + 1))
    size = edges[person + 1] - edges[person]
    first = np.repeat(np.arange(len(person)), size)
    within = np.arange(len(first)) - np.repeat(np.cumsum(size) - size, size)
    return first, order[edges[person[first]] + within]
