"""Costs of pairs of free people: contact weights and shared units."""

from typing import TYPE_CHECKING, TypeAlias

from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from allocator.solver.cpsat.build import Build

Linear: TypeAlias = cp_model.LinearExpr | int


class PairTerms:
    """Posts the pair terms of a build."""

    def __init__(self, build: "Build") -> None:
        self.build = build

    def post(self) -> None:
        """Post every pair of free people once."""
        t = self.build.t
        free = set(self.build.free)
        for i in self.build.free:
            for e in range(t.pair_ptr[i], t.pair_ptr[i + 1]):
                j = int(t.pair_other[e])
                if j <= i or j not in free:
                    continue
                level, tier = int(t.pair_level[e]), int(t.pair_tier[e])
                points = int(t.pair_out[e] + t.pair_in[e])
                if level >= 0:
                    self._shared_unit(i, j, level, points, tier)
                else:
                    self._contact(i, j, int(t.pair_out[e]), int(t.pair_in[e]), tier)

    def _shared_unit(self, i: int, j: int, level: int, points: int, tier: int) -> None:
        units = sorted(set(self.build.units_of(i, level)) & set(self.build.units_of(j, level)))
        for u in units:
            mine = cp_model.LinearExpr.sum(self.build.inside(i, level, u))
            theirs = cp_model.LinearExpr.sum(self.build.inside(j, level, u))
            self._both(mine, theirs, points, tier, f"pair{i}_{j}_{level}_{u}")

    def _both(self, mine: Linear, theirs: Linear, points: int, tier: int, name: str) -> None:
        if points == 0:
            return
        both = self.build.model.new_bool_var(name)
        if points > 0:
            self.build.model.add(both >= mine + theirs - 1)
        else:
            self.build.model.add(both <= mine)
            self.build.model.add(both <= theirs)
        self.build.costs[tier].append(points * both)

    def _contact(self, i: int, j: int, out: int, back: int, tier: int) -> None:
        t = self.build.t
        classes_i = sorted({int(t.contact_class[c]) for c in self.build.cells_of[i]})
        classes_j = sorted({int(t.contact_class[c]) for c in self.build.cells_of[j]})
        values = {
            (k, h): out * int(t.contact[k, h]) + back * int(t.contact[h, k])
            for k in classes_i
            for h in classes_j
        }
        low, high = min([0, *values.values()]), max([0, *values.values()])
        if low or high:
            cost = self.build.model.new_int_var(low, high, f"contact{i}_{j}_{tier}")
            for k in classes_i:
                row = [values[k, h] for h in classes_j]
                expr = cp_model.LinearExpr.weighted_sum(
                    [self.build.in_class(j, h) for h in classes_j], row
                )
                self.build.model.add(cost >= expr).only_enforce_if(self.build.in_class(i, k))
            if low < 0:
                self.build.model.add(cost >= 0).only_enforce_if(self.build.off[i])
            self.build.costs[tier].append(cost)
        for c in sorted(set(self.build.cells_of[i]) & set(self.build.cells_of[j])):
            k = int(t.contact_class[c])
            extra = (out + back) * int(t.cell_contact[c]) - values[k, k]
            self._both(self.build.x[i, c], self.build.x[j, c], extra, tier, f"cell{i}_{j}_{c}")
