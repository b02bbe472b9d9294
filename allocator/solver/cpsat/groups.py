"""Rows of groups: counts, classes and move limits, hard and priced."""

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

from allocator.solver.packed import (
    PART_START,
    PART_WIDTH,
    part,
)  # fmt: skip
from allocator.solver.tables import UNLIMITED

if TYPE_CHECKING:
    from allocator.solver.cpsat.build import Build


class GroupRows:
    """Posts the groups of a build."""

    def __init__(self, build: "Build") -> None:
        self.build = build

    def post(self) -> None:
        """Post all rows."""
        self._counts()
        self._classes()
        self._limits()

    def _counts(self) -> None:
        t = self.build.t
        groups: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for i in self.build.free:
            for e in range(t.count_ptr[i], t.count_ptr[i + 1]):
                groups[int(t.count_group[e])].append((i, int(t.count_weight[e])))
        for g, members in sorted(groups.items()):
            level = int(t.group_level[g])
            units = sorted({u for i, _ in members for u in self.build.units_of(i, level)})
            for u in units:
                self._count_unit(g, level, u, members)

    def _count_unit(self, g: int, level: int, u: int, members: list[tuple[int, int]]) -> None:
        t = self.build.t
        at = int(t.group_offset[g]) + u
        terms = [(x, w) for i, w in members for x in self.build.inside(i, level, u)]
        total = cp_model.LinearExpr.weighted_sum([x for x, _ in terms], [w for _, w in terms])
        base, high, low = int(self.build.s.count[at]), int(t.unit_high[at]), int(t.unit_low[at])
        most = sum(w for _, w in members)
        if high < UNLIMITED and t.group_tier[g] < 0 and most > high - base:
            self.build.require(total <= high - base, f"count{g}_{u}")
        if high < UNLIMITED and t.group_tier[g] > 0 and base + most > high:
            over = np.maximum(0, np.arange(base, base + most + 1) - high)
            amount = over * (over + 1) // 2 if t.group_triangular[g] else over
            price = int(t.group_price[g])
            steps = (amount - amount[0]) * price
            self.build.tabulated(total, steps, int(t.group_tier[g]), f"over{g}_{u}")
        if low > 0:
            present = self.build.model.new_bool_var(f"some{g}_{u}")
            if not t.group_or_none[g] or base > 0:
                self.build.model.add(present == 1)
            short = self.build.model.new_int_var(0, low, f"short{g}_{u}")
            self.build.model.add(total + base + short >= low * present)
            self.build.model.add(total + base <= (base + most) * present)
            self.build.costs[0].append(short)
            none = t.group_or_none[g] and base == 0
            self.build.base[0] -= 0 if none else max(0, low - base)

    def _classes(self) -> None:
        t = self.build.t
        parts: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for i in self.build.free:
            for e in range(t.class_ptr[i], t.class_ptr[i + 1]):
                parts[int(t.class_part[e])].append((i, int(t.class_index[e])))
        for q, members in sorted(parts.items()):
            level = int(t.part_level[q])
            for u in sorted({u for i, _ in members for u in self.build.units_of(i, level)}):
                by_class: dict[int, list[cp_model.IntVar]] = defaultdict(list)
                for i, k in members:
                    by_class[k].extend(self.build.inside(i, level, u))
                if t.part_tier[q] < 0:
                    self._one_class(q, u, by_class)
                else:
                    self._class_cost(q, u, by_class)

    def _one_class(self, q: int, u: int, by_class: dict[int, list[cp_model.IntVar]]) -> None:
        present = []
        for k, xs in sorted(by_class.items()):
            if xs:
                holds = self.build.model.new_bool_var(f"class{q}_{u}_{k}")
                for x in xs:
                    self.build.model.add_implication(x, holds)
                present.append(holds)
        if len(present) > 1:
            self.build.model.add_at_most_one(present)

    def _class_cost(self, q: int, u: int, by_class: dict[int, list[cp_model.IntVar]]) -> None:
        t = self.build.t
        n_classes = int(t.part_classes[q])
        start = int(part(t.packed, q, PART_START)) + u * int(part(t.packed, q, PART_WIDTH))
        base = [int(self.build.s.classes[start + k]) for k in range(n_classes)]
        sizes = [cp_model.LinearExpr.sum(by_class.get(k, [])) + base[k] for k in range(n_classes)]
        most = sum(base) + sum(len(xs) for xs in by_class.values())
        minority = self.build.model.new_int_var(0, most, f"minor{q}_{u}")
        chosen = [self.build.model.new_bool_var(f"major{q}_{u}_{k}") for k in range(n_classes)]
        self.build.model.add_exactly_one(chosen)
        for k in range(n_classes):
            others = cp_model.LinearExpr.sum([sizes[o] for o in range(n_classes) if o != k])
            self.build.model.add(minority >= others - most * (1 - chosen[k]))
        constant = sum(base) - max(base, default=0)
        self.build.costs[int(t.part_tier[q])].append(int(t.part_price[q]) * (minority - constant))

    def _limits(self) -> None:
        t = self.build.t
        terms: dict[int, list[tuple[cp_model.IntVar, int]]] = defaultdict(list)
        for i in self.build.free:
            if t.current[i] < 0:
                continue
            away = [self.build.x[i, c] for c in self.build.cells_of[i] if c != t.current[i]]
            for e in range(t.limit_ptr[i], t.limit_ptr[i + 1]):
                terms[int(t.limit_id[e])].extend((x, int(t.limit_weight[e])) for x in away)
        for k, entries in sorted(terms.items()):
            total = cp_model.LinearExpr.weighted_sum(
                [x for x, _ in entries], [w for _, w in entries]
            )
            room = int(t.limit_high[k] - self.build.s.used[k])
            if t.limit_tier[k] < 0:
                self.build.require(total <= room, f"limit{k}")
            else:
                most = sum(w for _, w in entries)
                over = self.build.model.new_int_var(0, max(0, most - min(room, 0)), f"overlimit{k}")
                self.build.model.add(over >= total - room)
                before = max(0, -room)
                price = int(t.limit_price[k])
                self.build.costs[int(t.limit_tier[k])].append(price * (over - before))
