"""The monolith: one boolean per person and cell, everything else linear over them.

CP-SAT and HiGHS get the same model. u(i, k) is the sum of the booleans of person i in contact
class k. Terms of pairs with contact get, for each class k of the first person's cell, a number
y ≥ Σ_l κ(k, l) u(second, l) − max κ(k, ·) (1 − u(first, k)) where points are positive, and the
matching upper limits where they are negative. Cells whose own weight differs from their class's
get one product per pair and cell.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from allocator.model.instance import Instance
from allocator.model.shapes import IntArray
from allocator.model.vocabulary import Level
from benchmarks.study.peers.method import UnsupportedError

MOST_ROWS = 1_500_000
Terms = dict[int, int]


@dataclass(eq=False)
class Linear:
    """A linear model over integers: variables with limits, rows with limits, costs by tier.

    Parameters
    ----------
    first : number of the boolean of each person and cell, shape (n_persons, n_cells), -1 for none.
    """

    instance: Instance
    first: IntArray
    high: list[int] = field(default_factory=list)
    rows: list[tuple[list[int], list[int], int, int]] = field(default_factory=list)
    costs: dict[int, Terms] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    constant: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    unplaced: list[int] = field(default_factory=list)

    def variable(self, high: int) -> int:
        """A new integer of 0 to high."""
        self.high.append(high)
        return len(self.high) - 1

    def row(self, terms: Terms, low: int, high: int) -> None:
        """Σ terms is between low and high.

        Raises
        ------
        UnsupportedError
            If the model is too large to be built at all.
        """
        self.rows.append((list(terms), list(terms.values()), low, high))
        if len(self.rows) > MOST_ROWS:
            raise UnsupportedError(f"The monolith has more than {MOST_ROWS:,} rows.")

    def cost(self, tier: int, variable: int, points: int) -> None:
        """Points for each unit of a variable."""
        if points:
            self.costs[tier][variable] += points

    def cells_of(self, person: int) -> Iterator[tuple[int, int]]:
        """Cells and booleans of a person."""
        for c in np.flatnonzero(self.first[person] >= 0).tolist():
            yield c, int(self.first[person, c])

    def in_units(self, person: int, level: Level) -> dict[int, Terms]:
        """A person's booleans by unit of a level."""
        found: dict[int, Terms] = defaultdict(dict)
        units = None if level is Level.CELL else self.instance.unit_of[level]
        for c, x in self.cells_of(person):
            unit = c if units is None else int(units[c])
            if unit >= 0:
                found[unit][x] = 1
        return found

    def in_classes(self, person: int) -> dict[int, Terms]:
        """A person's booleans by contact class."""
        found: dict[int, Terms] = defaultdict(dict)
        for c, x in self.cells_of(person):
            found[int(self.instance.contact_class[c])][x] = 1
        return found

    def elsewhere(self, person: int) -> Terms:
        """Booleans of the cells other than the present one; none for whoever has none."""
        now = int(self.instance.current[person])
        return {x: 1 for c, x in self.cells_of(person) if now >= 0 and c != now}

    def placement(self, values: Mapping[int, float] | IntArray) -> IntArray:
        """Cell of each person from the values of the variables, -1 for none."""
        found = np.full(self.instance.n_persons, -1, dtype=np.int64)
        for i in range(self.instance.n_persons):
            for c, x in self.cells_of(i):
                if values[x] > 0.5:
                    found[i] = c
        return found

    def start_of(self, placement: IntArray) -> dict[int, int]:
        """Values of the booleans of a placement."""
        known = {}
        for i in range(self.instance.n_persons):
            known[self.unplaced[i]] = int(placement[i] < 0)
            known |= {x: int(placement[i] == c) for c, x in self.cells_of(i)}
        return known


def added(*parts: Terms, factor: int = 1) -> Terms:
    """Sum of terms, all times a factor."""
    total: Terms = defaultdict(int)
    for part in parts:
        for x, w in part.items():
            total[x] += factor * w
    return total


def merged_pairs(
    first: Iterable[int], second: Iterable[int], points: Iterable[int], *, ordered: bool
) -> dict[tuple[int, int], int]:
    """Points by pair, both orders of a pair together unless they differ in what they cost."""
    total: dict[tuple[int, int], int] = defaultdict(int)
    for a, b, w in zip(first, second, points, strict=True):
        total[(a, b) if ordered or a < b else (b, a)] += w
    return {pair: w for pair, w in total.items() if w}
