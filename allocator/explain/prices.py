"""One person's price of every cell while all others stay: by tier, by rule and goal, or closed."""

from collections.abc import Iterable, Sequence

import numpy as np

from allocator.explain.blocking import Placed
from allocator.explain.entry import added_points, closed_to
from allocator.explain.offers import Share
from allocator.model.catalogue import RuleId
from allocator.model.shapes import BoolArray, IntArray
from allocator.model.vocabulary import Tier


class Prices:
    """What being in each cell adds, and what it changes against being in `base`.

    Parameters
    ----------
    at : a placement in which the person is `NOWHERE`.
    base : cell that the person would leave, `NOWHERE` for none.

    Attributes
    ----------
    points : by rule or goal, shape (n_cells + 1,); the last entry is that of `NOWHERE`.
    closed : by hard rule, shape (n_cells,).
    tiers, changes : totals by tier in the policy's order, and the same less the base's.
    """

    def __init__(self, at: Placed, person: int, base: int) -> None:
        self.at, self.person, self.base = at, person, base
        self.points = added_points(at, person)
        self.closed = closed_to(at, person, base)
        self.tiers = {setting.tier: self._total(setting.tier) for setting in at.instance.tiers}
        self.changes = {tier: total - total[base] for tier, total in self.tiers.items()}

    def _total(self, tier: Tier) -> IntArray:
        total = np.zeros(self.at.instance.n_cells + 1, dtype=np.int64)
        for term, points in self.points.items():
            if term.tier is tier:
                total += points
        return total

    def open_cells(self) -> BoolArray:
        """Cells that no hard rule closes; shape (n_cells,)."""
        shut = np.zeros(self.at.instance.n_cells, dtype=np.bool_)
        for mask in self.closed.values():
            shut |= mask
        return ~shut

    def ranked(self, cells: IntArray) -> IntArray:
        """Cells, best first, tier by tier without tolerance; equal ones in the estate's order."""
        keys = [cells, *(change[cells] for change in reversed(self.changes.values()))]
        ranked: IntArray = cells[np.lexsort(keys)]
        return ranked

    def changes_in(self, c: int) -> dict[Tier, int]:
        """Change of every tier in a cell."""
        return {tier: int(change[c]) for tier, change in self.changes.items()}

    def price(self, c: int) -> tuple[int, ...]:
        """The changes of a cell in the order of the tiers: the smaller, the better."""
        return tuple(self.changes_in(c).values())

    def shares(self, c: int, base: int | None = None) -> Iterable[Share]:
        """What makes up the changes of the tiers, by default against the person's base."""
        against = self.base if base is None else base
        for tier in self.changes:
            for term, points in self.points.items():
                change = int(points[c] - points[against])
                if term.tier is tier and change:
                    yield Share(tier, term.source, change)

    def rules_of_cells(self) -> Sequence[tuple[RuleId, ...]]:
        """The hard rules that close each cell."""
        rules: list[list[RuleId]] = [[] for _ in range(self.at.instance.n_cells)]
        for rule, mask in self.closed.items():
            for c in np.flatnonzero(mask).tolist():
                rules[c].append(rule)
        return [tuple(found) for found in rules]
