"""Small random instances with every shape, hard and priced, from a seed."""

from collections.abc import Callable

import numpy as np

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.instance import Instance
from allocator.model.policy import TierSetting
from allocator.model.shapes import (
    Alone,
    Apart,
    CellPoints,
    Count,
    Eligible,
    IntArray,
    LoadPoints,
    MoveLimit,
    MovePoints,
    OneClass,
    PairPoints,
    Penalty,
    Placed,
    Shape,
    Stay,
)
from allocator.model.vocabulary import Level, Tier

STRICT_TIERS = tuple(TierSetting(tier) for tier in Tier if tier is not Tier.DEPARTURES)


class Maker:
    """Draws the parts of one instance."""

    def __init__(self, seed: int, n_persons: int, n_cells: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.n, self.m = n_persons, n_cells
        self.places = self.rng.choice([1, 1, 1, 2], self.n).astype(np.int64)
        self.cap = self.rng.integers(0, 4, self.m).astype(np.int64)
        self.current = self.rng.integers(-1, self.m, self.n).astype(np.int64)
        self.units = {
            Level.LANDING: self.rng.integers(0, 2, self.m).astype(np.int64),
            Level.EXERCISE_GROUP: self.rng.integers(-1, 2, self.m).astype(np.int64),
        }

    def some(self, size: int) -> IntArray:
        """A non-empty random subset of 0..size-1."""
        number = int(self.rng.integers(1, size + 1))
        return np.sort(self.rng.permutation(size)[:number]).astype(np.int64)

    def level(self) -> Level:
        """Any level the instance has."""
        return (Level.CELL, Level.LANDING, Level.EXERCISE_GROUP)[int(self.rng.integers(3))]

    def penalty(self) -> Penalty | None:
        """Hard one time in two, else a price in either priced tier."""
        if self.rng.random() < 0.5:
            return None
        tier = Tier.DEROGATIONS if self.rng.random() < 0.5 else Tier.PROTECTION
        return Penalty(tier, int(self.rng.integers(1, 8)))

    def pairs(self) -> tuple[IntArray, IntArray]:
        """Two different people each, without repetition of a pair."""
        first, second = np.triu_indices(self.n, 1)
        keep = self.some(len(first))
        flip = self.rng.random(len(keep)) < 0.5
        a, b = first[keep], second[keep]
        return np.where(flip, b, a).astype(np.int64), np.where(flip, a, b).astype(np.int64)

    def eligible(self) -> Shape:
        return Eligible(
            RuleId.SECURITY_CATEGORY, self.some(self.n), self.some(self.m), self.penalty()
        )

    def stay(self) -> Shape:
        housed = np.flatnonzero(self.current >= 0)
        if len(housed) == 0:
            return self.eligible()
        return Stay(RuleId.FROZEN, housed[self.some(len(housed))], self.penalty())

    def alone(self) -> Shape:
        return Alone(RuleId.SINGLE_CELL, self.some(self.n), self.penalty())

    def apart(self) -> Shape:
        first, second = self.pairs()
        return Apart(RuleId.NON_ASSOCIATION, first, second, self.level(), self.penalty())

    def count(self) -> Shape:
        level, persons = self.level(), self.some(self.n)
        n_units = self.m if level is Level.CELL else int(self.units[level].max()) + 1
        units = self.some(max(1, n_units)) if n_units else np.zeros(0, dtype=np.int64)
        low = self.rng.choice([0, 0, 2], len(units)).astype(np.int64)
        return Count(
            RuleId.UNIT_GROUP_CAP,
            persons,
            self.rng.integers(1, 3, len(persons)).astype(np.int64),
            level,
            units,
            low,
            low + self.rng.integers(0, 3, len(units)),
            triangular=bool(self.rng.random() < 0.5),
            penalty=self.penalty(),
        )

    def load(self) -> Shape:
        everyone = np.arange(self.n, dtype=np.int64)
        cells = self.some(self.m)
        return Count(
            RuleId.CAPACITY,
            everyone,
            self.places,
            Level.CELL,
            cells,
            np.zeros_like(cells),
            self.rng.integers(0, 3, len(cells)).astype(np.int64),
            triangular=True,
            penalty=self.penalty(),
        )

    def one_class(self) -> Shape:
        persons = self.some(self.n)
        classes = self.rng.integers(0, 3, len(persons)).astype(np.int64)
        return OneClass(RuleId.REMAND_SENTENCED, persons, classes, self.level(), self.penalty())

    def move_limit(self) -> Shape:
        persons = self.some(self.n)
        weights = self.rng.integers(1, 4, len(persons)).astype(np.int64)
        high = int(self.rng.integers(0, 4))
        return MoveLimit(RuleId.MOVE_BUDGET, persons, weights, high, "all", self.penalty())

    def pair_points(self) -> Shape:
        first, second = self.pairs()
        points = self.rng.integers(-7, 12, len(first)).astype(np.int64)
        level = None if self.rng.random() < 0.7 else self.level()
        return PairPoints(GoalId.SPILLOVER, Tier.EXPOSURE, first, second, points, level)

    def cell_points(self) -> Shape:
        points = int(self.rng.integers(-5, 6))
        return CellPoints(
            GoalId.PROGRAMME, Tier.PREFERENCES, self.some(self.n), self.some(self.m), points
        )

    def move_points(self) -> Shape:
        housed = np.flatnonzero(self.current >= 0).astype(np.int64)
        points = self.rng.integers(1, 6, len(housed)).astype(np.int64)
        return MovePoints(GoalId.MOVES, Tier.MOVES, housed, points)

    def load_points(self) -> Shape:
        cells = self.some(self.m)
        slopes = np.sort(self.rng.integers(0, 5, (len(cells), int(self.cap.max()) + 1)), axis=1)
        table = np.cumsum(slopes, axis=1) - slopes[:, :1]
        return LoadPoints(GoalId.SPACE, Tier.PREFERENCES, cells, table.astype(np.int64))

    def instance(self, number: int) -> Instance:
        """An instance with `number` random shapes and the price of being unplaced."""
        makers: tuple[Callable[[], Shape], ...] = (
            self.eligible, self.stay, self.alone, self.apart, self.count, self.load,
            self.one_class, self.move_limit, self.pair_points, self.pair_points,
            self.cell_points, self.move_points, self.load_points,
        )  # fmt: skip
        chosen = self.rng.integers(0, len(makers), number)
        everyone = np.arange(self.n, dtype=np.int64)
        placed = Placed(RuleId.ONE_BED, everyone, Penalty(Tier.UNPLACED, 1))
        n_classes = int(self.rng.integers(1, self.m + 1))
        contact = self.rng.integers(0, 9, (n_classes, n_classes)).astype(np.int64)
        if self.rng.random() < 0.5:
            contact = contact + contact.T
        return Instance(
            person_ids=tuple(f"p{i}" for i in range(self.n)),
            cell_ids=tuple(f"c{c}" for c in range(self.m)),
            places=self.places,
            max_places=self.cap,
            current=self.current,
            unit_of=self.units,
            contact_class=self.rng.integers(0, n_classes, self.m).astype(np.int64),
            contact=contact,
            cell_contact=self.rng.integers(0, 20, self.m).astype(np.int64),
            shapes=(placed, *(makers[k]() for k in chosen.tolist())),
            tiers=STRICT_TIERS,
        )


def random_instance(seed: int, n_persons: int = 4, n_cells: int = 3) -> Instance:
    """A small instance; the same seed gives the same instance."""
    maker = Maker(seed, n_persons, n_cells)
    return maker.instance(int(maker.rng.integers(2, 9)))
