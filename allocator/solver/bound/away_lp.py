"""Who leaves the reference and for which cell, as a linear programme with some of its columns.

Its dual values price every option, those that are no columns too: what is left of an option's cost
is a share that adds up, and a better one than without the programme.

References
----------
.. [1] Geoffrion (1974), Lagrangean relaxation for integer programming: any dual values give a
   bound, so rounding and an early end cost quality and never validity.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linprog

from allocator.model.shapes import BoolArray, IntArray
from allocator.solver.bound.away_layout import Layout, company_of
from allocator.solver.bound.cell_costs import CellCosts
from allocator.solver.bound.home import Home
from allocator.solver.bound.lines import Lines
from allocator.solver.bound.must_leave import MustLeave
from allocator.solver.tables import Tables

ELASTIC = 2.0  # price of exceeding a tier's cap by one, in the largest costs of an option


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """Shares of the tier's value by dual values.

    Parameters
    ----------
    base : what does not depend on who leaves. move : shape (n, m). leave : shape (n,).
    value : value of the programme, without the columns that it lacks.
    x : shape (columns,), how much of each column is used.
    """

    base: float
    move: np.ndarray
    leave: np.ndarray
    value: float
    x: np.ndarray


class AwayLp:
    """The programme of one tier.

    Parameters
    ----------
    costs : of tier 1 and the following up to the one that is bounded. below : shape (tier + 1,),
        values that tiers have to stay within.
    """

    def __init__(self, t: Tables, home: Home, costs: list[CellCosts], below: IntArray) -> None:
        self.t, self.home, self.costs, self.below = t, home, costs, below
        self.tier = len(costs)
        self.lines = Lines(t, home, self.tier)
        self.must = MustLeave(t, home)
        self.options = self.must.options
        self.person, self.cell = np.zeros((2, 0), dtype=np.int64)
        self.has: BoolArray = np.zeros_like(self.options)
        self.needs = np.zeros((0, 2), dtype=np.int64)
        self.meets = np.zeros((0, 4), dtype=np.int64)
        self.space = np.where((t.alone == 1)[:, None], t.cap[None, :], t.places[:, None])
        self._enter_at = [_by_option(home, c.enter) for c in costs]
        self.large = ELASTIC * float(np.abs(costs[-1].move[self.options]).max(initial=1))
        self.company = company_of(t.alone_price[:, 1 : self.tier + 1], home.cell, self.must.people)
        self._find_gains()

    def _find_gains(self) -> None:
        """Company that one would gain by entering, shape (tiers, n, m), summed if all stay."""
        self._gain = []
        for costs in self.costs:
            gain = np.zeros(self.options.shape)
            good = costs.enter[costs.enter[:, 2] < 0]
            np.add.at(gain, (good[:, 0], self.home.cell[good[:, 1]]), good[:, 2])
            self._gain.append(gain)

    def add(self, wanted: BoolArray) -> int:
        """Add options as columns; how many there were new."""
        person, cell = np.nonzero(wanted & self.options & ~self.has)
        self.has[person, cell] = True
        needs, meets = [self.needs], [self.meets]
        start = len(self.person)
        for x, (i, c) in enumerate(zip(person.tolist(), cell.tolist(), strict=True), start):
            before = self.must.before(i, c)
            if before:
                needs.append(np.array([(x, j) for j in before], dtype=np.int64))
            for k, found in enumerate(self._enter_at):
                if (i, c) in found:
                    meets.append(np.array([(x, j, p, k) for j, p in found[i, c]], dtype=np.int64))
        self.person, self.cell = np.append(self.person, person), np.append(self.cell, cell)
        self.needs, self.meets = np.concatenate(needs), np.concatenate(meets)
        return len(person)

    def solve(self, seconds: float | None = None) -> Priced | None:
        """Solve with the present columns; None where HiGHS fails or takes too long."""
        if seconds is not None and seconds <= 0:
            return None
        layout = Layout(self)
        first = layout.post()
        rows: Any = layout.rows.matrix(layout.width)
        balance: Any = layout.balance()
        most, (low, high) = np.array(layout.rows.most), layout.ranges()
        found = linprog(
            layout.cost[-1],
            A_ub=rows,
            b_ub=most,
            A_eq=balance,
            b_eq=np.zeros(len(self.t.places)),
            bounds=[*zip(low.tolist(), high.tolist(), strict=True)],
            method="highs",
            options={} if seconds is None else {"time_limit": seconds},
        )
        if found.status != 0 or found.x is None or found.fun is None:
            return None
        dual, free = np.minimum(0.0, found.ineqlin.marginals), found.eqlin.marginals
        caps = slice(first["caps"], first["caps"] + self.tier - 1)
        dual[caps] = np.maximum(dual[caps], -self.large)
        left = layout.cost[-1] - rows.T @ dual - balance.T @ free
        costs, ends = left[layout.lines_at :], (low[layout.lines_at :], high[layout.lines_at :])
        base = self.costs[-1].base + float(dual @ most)
        base += float(np.where(costs < 0, costs * ends[1], costs * ends[0]).sum())
        away, out = left[layout.away_at : layout.out_at], left[layout.out_at : layout.lines_at]
        move = self._left_of_moves(dual, free, first)
        move[self.person, self.cell] = left[: len(self.person)]
        value = float(found.fun) + self.costs[-1].base
        return Priced(base, move + away[:, None], out + away, value, found.x[: len(self.person)])

    def _left_of_moves(
        self, dual: np.ndarray, free: np.ndarray, first: dict[str, int]
    ) -> np.ndarray:
        """What is left of the cost of every option, shape (n, m), whether a column or not.

        Company that costs may leave, and company that one gains stays.
        """
        m = len(self.t.cap)
        left: np.ndarray = self.costs[-1].move + self._gain[-1] - free[:, None]
        left -= self.space * dual[first["cells"] : first["cells"] + m][None, :]
        for k in range(self.tier - 1):
            price = dual[first["caps"] + k]
            if price:
                left -= price * (self.costs[k].move + self._gain[k])
        used = [
            (y, ln) for y, ln in zip(dual[first["lines"] :], self.lines.rows, strict=False) if y
        ]
        if used:
            enter = np.array([y * np.asarray(line.enter, dtype=np.float64) for y, line in used])
            cells = np.array([line.cells for _, line in used], dtype=np.float64)
            left -= enter.T @ cells
        return left


def _by_option(home: Home, enter: IntArray) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """For a person and a cell, whom they would meet there and what that costs."""
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for i, j, points in enter.tolist():
        found.setdefault((i, int(home.cell[j])), []).append((j, points))
    return found
