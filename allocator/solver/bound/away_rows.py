"""Rows of the away model: room, counts, classes, limits and company."""

from collections import defaultdict

import numpy as np
from ortools.sat.python import cp_model

from allocator.model.shapes import IntArray
from allocator.solver.bound.away_model import AwayModel
from allocator.solver.cpsat.pairs import Linear
from allocator.solver.tables import UNLIMITED

CELL_LEVEL = 0


class AwayRows:
    """Posts hard shapes of an away model and collects the costs of priced ones by tier.

    Dropped, which can only lower a bound: lower limits, hard shapes of cells that need more than a
    count of places, priced counts in cells, priced classes where kinds have several cells, and
    conflicts between two people who both move.

    Parameters
    ----------
    away : the model. costs : for each tier, the terms collected so far.
    """

    def __init__(self, away: AwayModel, costs: list[list[Linear]]) -> None:
        self.away, self.costs = away, costs
        self.t, self.home, self.model = away.t, away.home, away.model

    def post(self) -> None:
        """Post all rows."""
        self.post_counts()
        for k in range(len(self.t.limit_high)):
            self._limit(k)
        self._aparts()
        self._company()

    def post_counts(self) -> None:
        """Post room, counts and classes: all that needs no reference."""
        for q in range(len(self.home.example)):
            self._room(q)
        for g in range(len(self.t.group_level)):
            self._count(g)
        for p in range(len(self.t.part_level)):
            self._classes(p)

    def _room(self, q: int) -> None:
        t, cell, number = self.t, int(self.home.example[q]), int(self.home.number[q])
        cap = int(t.cap[cell])
        change, most = self._load_change(q)
        if cap * number < int(self.home.load[q]) + most:
            singles = [
                (cap - int(t.places[i])) * self.away.x[i, q]
                for i in np.flatnonzero((t.alone == 1) & self.home.options[:, q]).tolist()
            ]
            taken = change + cp_model.LinearExpr.sum(singles) + int(self.home.load[q])
            self.model.add(taken <= cap * number)
        for k, tier in enumerate(t.load_tiers.tolist()):
            row = t.load_cost[t.load_row[cell], k, : cap + 1]
            if tier < len(self.costs) and np.any(np.diff(row)):
                table = np.concatenate(([0], np.cumsum(np.repeat(np.diff(row), number))))
                load = change + int(self.home.load[q])
                self.costs[tier].append(self.away.convex(load, table, f"load{q}_{tier}"))

    def _load_change(self, q: int) -> tuple[Linear, int]:
        """Change of the places taken in a kind, and the most it can be."""
        places = self.t.places
        inward = np.flatnonzero(self.home.options[:, q]).tolist()
        cells = self.home.cell
        outward = np.flatnonzero((cells >= 0) & (self.home.kind[cells] == q)).tolist()
        terms: list[Linear] = [int(places[i]) * self.away.x[i, q] for i in inward]
        terms += [-int(places[i]) * self.away.away[i] for i in outward if i in self.away.away]
        return cp_model.LinearExpr.sum(terms), sum(int(places[i]) for i in inward)

    def _count(self, g: int) -> None:
        t, level = self.t, int(self.t.group_level[g])
        tier = int(t.group_tier[g])
        if level == CELL_LEVEL or tier >= len(self.costs):
            return
        rows = np.flatnonzero(t.count_group == g)
        people = np.searchsorted(t.count_ptr, rows, side="right") - 1
        weights = t.count_weight[rows]
        units = t.units[level].astype(np.int64)
        for u in np.unique(units[units >= 0]).tolist():
            high = int(t.unit_high[int(t.group_offset[g]) + u])
            if high < UNLIMITED:
                self._count_unit(g, u, high, people, weights)

    def _count_unit(self, g: int, u: int, high: int, people: IntArray, weights: IntArray) -> None:
        units, tier = self.t.units[int(self.t.group_level[g])], int(self.t.group_tier[g])
        kinds = np.flatnonzero(units[self.home.example] == u)
        terms: list[Linear] = []
        base = 0
        for i, w in zip(people.tolist(), weights.tolist(), strict=True):
            change, here = self.away.presence(i, kinds, units, u)
            base += w * here
            terms.append(w * change)
        total = cp_model.LinearExpr.sum(terms) + base
        if tier < 0:
            self.model.add(total <= high)
            return
        over = np.maximum(0, np.arange(int(weights.sum()) + 2) - high)
        amount = over * (over + 1) // 2 if self.t.group_triangular[g] else over
        table = amount * int(self.t.group_price[g])
        self.costs[tier].append(self.away.convex(total, table, f"over{g}_{u}"))

    def _classes(self, p: int) -> None:
        t, level, tier = self.t, int(self.t.part_level[p]), int(self.t.part_tier[p])
        if tier >= len(self.costs):
            return
        rows = np.flatnonzero(t.class_part == p)
        people = np.searchsorted(t.class_ptr, rows, side="right") - 1
        if level == CELL_LEVEL:
            if tier >= 0 and np.all(self.home.number == 1):
                self._classes_in_cells(p, people, t.class_index[rows])
            return
        units = t.units[level].astype(np.int64)
        for u in np.unique(units[units >= 0]).tolist():
            if tier < 0:
                self._one_class(units, u, people, t.class_index[rows])
            else:
                self._minority(p, units, u, people, t.class_index[rows])

    def _classes_in_cells(self, p: int, people: IntArray, classes: IntArray) -> None:
        """Priced classes of cells, where every cell is a kind of its own."""
        units = np.arange(len(self.t.cap))
        for q, c in enumerate(self.home.example.tolist()):
            near = self.home.options[people, q] | (self.home.cell[people] == c)
            if self.t.cap[c] > 1 and len(np.unique(classes[near])) > 1:
                self._minority(p, units, c, people[near], classes[near])

    def _one_class(self, units: IntArray, u: int, people: IntArray, classes: IntArray) -> None:
        """Nobody moves into a unit before those of other classes have left it."""
        cells = self.home.cell[people]
        inside = (cells >= 0) & (units[cells] == u)
        kinds = np.flatnonzero(units[self.home.example] == u)
        for k in np.unique(classes).tolist():
            others = people[inside & (classes != k)].tolist()
            if not others:
                continue
            stuck = len(others) > self.home.leavers or any(j not in self.away.away for j in others)
            for i in people[classes == k].tolist():
                for q in kinds[self.home.options[i, kinds]].tolist():
                    if stuck:
                        self.model.add(self.away.x[i, q] == 0)
                        continue
                    for j in others:
                        self.model.add_implication(self.away.x[i, q], self.away.away[j])

    def _minority(
        self, p: int, units: IntArray, u: int, people: IntArray, classes: IntArray
    ) -> None:
        """People of a unit's classes less those of its largest class."""
        sizes: dict[int, list[Linear]] = defaultdict(list)
        kinds = np.flatnonzero(units[self.home.example] == u)
        for i, k in zip(people.tolist(), classes.tolist(), strict=True):
            change, here = self.away.presence(i, kinds, units, u)
            sizes[k].append(change + here)
        if len(sizes) < 2:
            return
        most = len(people)
        minority = self.model.new_int_var(0, most, f"minor{p}_{u}")
        chosen = {k: self.model.new_bool_var(f"major{p}_{u}_{k}") for k in sorted(sizes)}
        self.model.add_exactly_one(chosen.values())
        for k, major in chosen.items():
            others = cp_model.LinearExpr.sum([s for o in sorted(sizes) if o != k for s in sizes[o]])
            self.model.add(minority >= others - most * (1 - major))
        self.costs[int(self.t.part_tier[p])].append(int(self.t.part_price[p]) * minority)

    def _limit(self, k: int) -> None:
        t, tier = self.t, int(self.t.limit_tier[k])
        if tier >= len(self.costs):
            return
        terms: list[Linear] = []
        most = 0
        for e in np.flatnonzero(t.limit_id == k).tolist():
            i = int(np.searchsorted(t.limit_ptr, e, side="right")) - 1
            if t.current[i] < 0 or i not in self.away.away:
                continue
            moves: Linear = self.away.away[i]
            if i in self.away.off:
                moves = moves - self.away.off[i]
            terms.append(int(t.limit_weight[e]) * moves)
            most += int(t.limit_weight[e])
        total = cp_model.LinearExpr.sum(terms)
        if tier < 0:
            self.model.add(total <= int(t.limit_high[k]))
        else:
            over = self.model.new_int_var(0, most, f"overlimit{k}")
            self.model.add(over >= total - int(t.limit_high[k]))
            self.costs[tier].append(int(t.limit_price[k]) * over)

    def _aparts(self) -> None:
        """Nobody moves into a unit that somebody to be kept away from has not left."""
        t, home = self.t, self.home
        for i in range(len(t.places)):
            for e in range(t.apart_ptr[i], t.apart_ptr[i + 1]):
                j, level = int(t.apart_other[e]), int(t.apart_level[e])
                unit = int(t.units[level, home.cell[j]]) if home.cell[j] >= 0 else -1
                if unit < 0:
                    continue
                gone = [self.away.away[j]] if j in self.away.away else []
                if home.cell[i] >= 0 and t.units[level, home.cell[i]] == unit:
                    mine = [self.away.away[i]] if i in self.away.away else []
                    self.model.add_bool_or([*gone, *mine])
                if level == CELL_LEVEL:
                    continue
                for q in self.away.kinds_of[i]:
                    if t.units[level, home.example[q]] == unit:
                        self.model.add_bool_or([self.away.x[i, q].Not(), *gone])

    def _company(self) -> None:
        """Whoever stays with somebody who stays has company."""
        t, home = self.t, self.home
        for i in np.flatnonzero(t.alone_price[:, : len(self.costs)].any(axis=1)).tolist():
            mates = np.flatnonzero((home.cell == home.cell[i]) & (home.cell >= 0))
            mates = mates[mates != i]
            if len(mates) == 0:
                continue
            company = self.model.new_bool_var(f"company{i}")
            for j in mates.tolist():
                left = [self.away.away[k] for k in (i, j) if k in self.away.away]
                self.model.add_bool_or([company, *left])
            for tier in np.flatnonzero(t.alone_price[i, : len(self.costs)]).tolist():
                self.costs[tier].append(int(t.alone_price[i, tier]) * company)
