"""First half of compiling: each shape goes to the list of what it becomes."""

import numpy as np

from allocator.errors import ConfigError
from allocator.model.instance import Instance
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
    Stay,
)
from allocator.model.vocabulary import Level, Tier
from allocator.solver.tables import level_numbers, tier_numbers


class ShapeParts:
    """The shapes of one instance, sorted by what engines make of them."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.n, self.m = instance.n_persons, instance.n_cells
        self.tiers = tier_numbers(instance)
        self.levels = level_numbers(instance)
        self.width = len(self.tiers) + 1
        self.cap = instance.max_places.astype(np.int64).copy()
        self.fixed = np.full(self.n, -1, dtype=np.int64)
        self.unplaced = np.zeros((self.n, self.width), dtype=np.int64)
        self.moved = np.zeros((self.n, self.width), dtype=np.int64)
        self.alone = np.zeros(self.n, dtype=np.uint8)
        self.alone_price = np.zeros((self.n, self.width), dtype=np.int64)
        self.barred: list[tuple[IntArray, IntArray]] = []
        self.static: list[tuple[IntArray, IntArray, int, IntArray]] = []
        self.loads: list[tuple[IntArray, int, IntArray]] = []
        self.pairs: list[tuple[IntArray, IntArray, IntArray, int, int]] = []
        self.aparts: list[tuple[IntArray, IntArray, int]] = []
        self.counts: list[Count] = []
        self.partitions: list[OneClass] = []
        self.limits: list[MoveLimit] = []
        for shape in instance.shapes:
            self.add(shape)

    def tier_of(self, tier: Tier) -> int:
        """Number of a tier that a shape names."""
        try:
            return self.tiers[tier]
        except KeyError:
            raise ConfigError(
                f"A rule or goal uses tier {tier}, which the policy's order lacks."
            ) from None

    def add(self, shape: object) -> None:  # noqa: C901, PLR0912 - one line per shape
        """Take one shape."""
        match shape:
            case Eligible():
                self._add_eligible(shape)
            case Stay():
                self._add_stay(shape)
            case Alone():
                self._add_alone(shape)
            case Apart():
                self._add_apart(shape)
            case Count():
                self._add_count(shape)
            case OneClass():
                self.partitions.append(shape)
            case MoveLimit():
                self.limits.append(shape)
            case Placed():
                np.add.at(
                    self.unplaced[:, self.tier_of_penalty(shape.penalty)],
                    shape.persons,
                    shape.penalty.price,
                )
            case PairPoints():
                level = -1 if shape.level is None else self.levels[shape.level]
                self._add_pairs(
                    shape.first, shape.second, shape.points, self.tier_of(shape.tier), level
                )
            case CellPoints():
                self.static.append(
                    (shape.persons, shape.cells, self.tier_of(shape.tier), shape.by_cell)
                )
            case MovePoints():
                np.add.at(self.moved[:, self.tier_of(shape.tier)], shape.persons, shape.points)
            case LoadPoints():
                self._add_load(shape)
            case _:
                raise ConfigError(f"Unknown shape {type(shape).__name__}.")

    def tier_of_penalty(self, penalty: Penalty) -> int:
        """Number of a penalty's tier."""
        return self.tier_of(penalty.tier)

    def _add_eligible(self, shape: Eligible) -> None:
        if shape.penalty is None:
            self.barred.append((shape.persons, shape.barred))
        else:
            tier = self.tier_of_penalty(shape.penalty)
            prices = np.full(len(shape.barred), shape.penalty.price, dtype=np.int64)
            self.static.append((shape.persons, shape.barred, tier, prices))

    def _add_stay(self, shape: Stay) -> None:
        if shape.penalty is None:
            self.fixed[shape.persons] = self.instance.current[shape.persons]
        else:
            np.add.at(
                self.moved[:, self.tier_of_penalty(shape.penalty)],
                shape.persons,
                shape.penalty.price,
            )

    def _add_alone(self, shape: Alone) -> None:
        if shape.penalty is None:
            self.alone[shape.persons] = 1
        else:
            tier = self.tier_of_penalty(shape.penalty)
            np.add.at(self.alone_price[:, tier], shape.persons, shape.penalty.price)

    def _add_apart(self, shape: Apart) -> None:
        if shape.penalty is None:
            self.aparts.append((shape.first, shape.second, self.levels[shape.level]))
        else:
            points = np.full(len(shape.first), shape.penalty.price, dtype=np.int64)
            tier = self.tier_of_penalty(shape.penalty)
            self._add_pairs(shape.first, shape.second, points, tier, self.levels[shape.level])

    def _add_pairs(
        self, first: IntArray, second: IntArray, points: IntArray, tier: int, level: int
    ) -> None:
        self.pairs.append((first, second, points, tier, level))

    def _is_load(self, shape: Count) -> bool:
        """True for a limit on everyone's places in cells: it depends on the cell's load alone."""
        return (
            shape.level is Level.CELL
            and not np.any(shape.low > 0)
            and len(shape.persons) == self.n
            and np.array_equal(np.sort(shape.persons), np.arange(self.n))
            and np.array_equal(shape.weights, self.instance.places[shape.persons])
        )

    def _add_count(self, shape: Count) -> None:
        if not self._is_load(shape):
            self.counts.append(shape)
        elif shape.penalty is None:
            np.minimum.at(self.cap, shape.units, shape.high)
        else:
            width = int(self.instance.max_places.max(initial=0)) + 1
            over = np.maximum(0, np.arange(width)[None, :] - shape.high[:, None])
            amount = over * (over + 1) // 2 if shape.triangular else over
            tier = self.tier_of_penalty(shape.penalty)
            self.loads.append((shape.units, tier, amount * shape.penalty.price))

    def _add_load(self, shape: LoadPoints) -> None:
        self.loads.append((shape.cells, self.tier_of(shape.tier), shape.table))
