"""An instance as flat arrays that compiled code can read; nothing here knows a rule by name.

Tiers are numbered in the instance's order from 1; number 0 is the deficit of hard lower limits,
which comes before every tier.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

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
from allocator.solver.packed import Bytes, Int32, pack

UNLIMITED = 1 << 40
DEFICIT = 0


@dataclass(frozen=True, eq=False)
class Tables:
    """Arrays of one instance; K is the number of tiers plus one.

    CSR triples (`*_ptr` of shape (n + 1,)) list, for each person, the terms that concern them.
    """

    places: IntArray  # (n,)
    cap: IntArray  # (m,) places that may never be exceeded
    current: IntArray  # (n,) present cell or -1
    fixed: IntArray  # (n,) only cell of a frozen person or -1
    elig_row: IntArray  # (n,)
    elig: Bytes  # (rows, m) 1 where the person may be
    unplaced: IntArray  # (n, K) points of having no place
    moved: IntArray  # (n, K) points of not being in the present cell
    static_row: IntArray  # (n,)
    static_tiers: IntArray  # (s,)
    static: Int32  # (rows, m, s) points of a person in a cell
    load_row: IntArray  # (m,)
    load_tiers: IntArray  # (s,)
    load_cost: IntArray  # (rows, s, largest cap + 1)
    alone: Bytes  # (n,)
    alone_price: IntArray  # (n, K)
    units: Int32  # (levels, m)
    apart_ptr: IntArray
    apart_other: IntArray
    apart_level: IntArray
    pair_ptr: IntArray
    pair_other: IntArray
    pair_out: IntArray  # points towards the other
    pair_in: IntArray  # points from the other, 0 where contact is symmetric
    pair_tier: IntArray
    pair_level: IntArray  # -1: contact weight, else shared unit
    contact_class: IntArray  # (m,)
    contact: IntArray  # (classes, classes)
    cell_contact: IntArray  # (m,)
    count_ptr: IntArray
    count_group: IntArray
    count_weight: IntArray
    group_level: IntArray
    group_offset: IntArray
    group_tier: IntArray  # -1: hard
    group_price: IntArray
    group_triangular: Bytes
    group_or_none: Bytes
    unit_high: IntArray
    unit_low: IntArray
    class_ptr: IntArray
    class_part: IntArray
    class_index: IntArray
    part_level: IntArray
    part_offset: IntArray
    part_units: IntArray
    part_classes: IntArray
    part_tier: IntArray  # -1: hard
    part_price: IntArray
    limit_ptr: IntArray
    limit_id: IntArray
    limit_weight: IntArray
    limit_high: IntArray
    limit_tier: IntArray  # -1: hard
    limit_price: IntArray
    slot_offset: IntArray  # (m + 1,)

    @cached_property
    def packed(self) -> IntArray:
        """The same data as one array, for compiled code."""
        return pack(self)


def tier_numbers(instance: Instance) -> dict[Tier, int]:
    """Number of each tier, from 1, in the instance's order."""
    return {setting.tier: k + 1 for k, setting in enumerate(instance.tiers)}


def level_numbers(instance: Instance) -> dict[Level, int]:
    """Row of each level in `Tables.units`; the cell level is row 0."""
    levels = [Level.CELL, *sorted(level for level in instance.unit_of if level is not Level.CELL)]
    return {level: row for row, level in enumerate(levels)}


class TableBuilder:
    """Collects the shapes of one instance; `build` returns the finished tables."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.n, self.m = instance.n_persons, instance.n_cells
        self.tiers = tier_numbers(instance)
        self.levels = level_numbers(instance)
        self.width = len(self.tiers) + 1
        self.cap = instance.max_places.astype(np.int64).copy()
        self.fixed = np.full(self.n, -1, dtype=np.int64)
        self.impossible = np.zeros(self.n, dtype=np.bool_)
        self.unplaced = np.zeros((self.n, self.width), dtype=np.int64)
        self.moved = np.zeros((self.n, self.width), dtype=np.int64)
        self.alone = np.zeros(self.n, dtype=np.uint8)
        self.alone_price = np.zeros((self.n, self.width), dtype=np.int64)
        self.barred: list[tuple[IntArray, IntArray]] = []
        self.static: list[tuple[IntArray, IntArray, int, int]] = []
        self.loads: list[tuple[IntArray, int, IntArray]] = []
        self.pairs: list[tuple[IntArray, IntArray, IntArray, int, int]] = []
        self.aparts: list[tuple[IntArray, IntArray, int]] = []
        self.counts: list[Count] = []
        self.partitions: list[OneClass] = []
        self.limits: list[MoveLimit] = []

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
                    self.unplaced[:, self._tier(shape.penalty)], shape.persons, shape.penalty.price
                )
            case PairPoints():
                level = -1 if shape.level is None else self.levels[shape.level]
                self._add_pairs(
                    shape.first, shape.second, shape.points, self.tier_of(shape.tier), level
                )
            case CellPoints():
                self.static.append(
                    (shape.persons, shape.cells, self.tier_of(shape.tier), shape.points)
                )
            case MovePoints():
                np.add.at(self.moved[:, self.tier_of(shape.tier)], shape.persons, shape.points)
            case LoadPoints():
                self._add_load(shape)
            case _:
                raise ConfigError(f"Unknown shape {type(shape).__name__}.")

    def _tier(self, penalty: Penalty) -> int:
        return self.tier_of(penalty.tier)

    def _add_eligible(self, shape: Eligible) -> None:
        if shape.penalty is None:
            self.barred.append((shape.persons, shape.barred))
        else:
            tier = self._tier(shape.penalty)
            self.static.append((shape.persons, shape.barred, tier, shape.penalty.price))

    def _add_stay(self, shape: Stay) -> None:
        if shape.penalty is None:
            self.fixed[shape.persons] = self.instance.current[shape.persons]
        else:
            np.add.at(self.moved[:, self._tier(shape.penalty)], shape.persons, shape.penalty.price)

    def _add_alone(self, shape: Alone) -> None:
        if shape.penalty is None:
            self.alone[shape.persons] = 1
        else:
            tier = self._tier(shape.penalty)
            np.add.at(self.alone_price[:, tier], shape.persons, shape.penalty.price)

    def _add_apart(self, shape: Apart) -> None:
        if shape.penalty is None:
            self.aparts.append((shape.first, shape.second, self.levels[shape.level]))
        else:
            points = np.full(len(shape.first), shape.penalty.price, dtype=np.int64)
            tier = self._tier(shape.penalty)
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
            tier = self._tier(shape.penalty)
            self.loads.append((shape.units, tier, amount * shape.penalty.price))

    def _add_load(self, shape: LoadPoints) -> None:
        self.loads.append((shape.cells, self.tier_of(shape.tier), shape.table))

    def build(self) -> Tables:
        """Finished tables."""
        for shape in self.instance.shapes:
            self.add(shape)
        elig_row, elig = self._eligibility()
        static_row, static_tiers, static = self._static_points()
        load_row, load_tiers, load_cost = self._load_tables()
        inst = self.instance
        return Tables(
            places=inst.places.astype(np.int64),
            cap=self.cap,
            current=inst.current.astype(np.int64),
            fixed=self.fixed,
            elig_row=elig_row,
            elig=elig,
            unplaced=self.unplaced,
            moved=self.moved,
            static_row=static_row,
            static_tiers=static_tiers,
            static=static,
            load_row=load_row,
            load_tiers=load_tiers,
            load_cost=load_cost,
            alone=self.alone,
            alone_price=self.alone_price,
            units=self._units(),
            contact_class=inst.contact_class.astype(np.int64),
            contact=inst.contact.astype(np.int64),
            cell_contact=inst.cell_contact.astype(np.int64),
            slot_offset=np.concatenate(([0], np.cumsum(inst.max_places))).astype(np.int64),
            **self._apart_rows(),
            **self._pair_rows(),
            **self._count_rows(),
            **self._class_rows(),
            **self._limit_rows(),
        )

    def _units(self) -> Int32:
        units = np.empty((len(self.levels), self.m), dtype=np.int32)
        for level, row in self.levels.items():
            own = np.arange(self.m) if level is Level.CELL else self.instance.unit_of[level]
            units[row] = own
        return units

    def _signatures(self, entries: list[IntArray]) -> tuple[IntArray, list[tuple[int, ...]]]:
        """Group people who are listed in the same entries; row of each and the rows' entries."""
        rows_of: list[list[int]] = [[] for _ in range(self.n)]
        for e, persons in enumerate(entries):
            for i in persons.tolist():
                rows_of[i].append(e)
        at: dict[tuple[int, ...], int] = {}
        row = np.fromiter(
            (at.setdefault(tuple(r), len(at)) for r in rows_of), dtype=np.int64, count=self.n
        )
        return row, list(at)

    def _eligibility(self) -> tuple[IntArray, Bytes]:
        row, signatures = self._signatures([persons for persons, _ in self.barred])
        elig = np.ones((max(1, len(signatures)), self.m), dtype=np.uint8)
        elig[:, self.cap <= 0] = 0
        for r, entries in enumerate(signatures):
            for e in entries:
                elig[r, self.barred[e][1]] = 0
        return row, elig

    def _static_points(self) -> tuple[IntArray, IntArray, Int32]:
        row, signatures = self._signatures([persons for persons, *_ in self.static])
        tiers = sorted({tier for _, _, tier, _ in self.static})
        column = {tier: k for k, tier in enumerate(tiers)}
        points = np.zeros((max(1, len(signatures)), self.m, len(tiers)), dtype=np.int32)
        for r, entries in enumerate(signatures):
            for e in entries:
                _, cells, tier, value = self.static[e]
                points[r, cells, column[tier]] += np.int32(value)
        return row, np.array(tiers, dtype=np.int64), points

    def _load_tables(self) -> tuple[IntArray, IntArray, IntArray]:
        tiers = sorted({tier for _, tier, _ in self.loads})
        column = {tier: k for k, tier in enumerate(tiers)}
        width = int(self.instance.max_places.max(initial=0)) + 1
        dense = np.zeros((self.m, len(tiers), width), dtype=np.int64)
        for cells, tier, table in self.loads:
            dense[cells, column[tier], : table.shape[1]] += table[:, :width]
        flat = dense.reshape(self.m, len(tiers) * width)
        rows, inverse = np.unique(flat, axis=0, return_inverse=True)
        return (
            inverse.reshape(-1).astype(np.int64),
            np.array(tiers, dtype=np.int64),
            np.ascontiguousarray(rows.reshape(len(rows), len(tiers), width)),
        )

    def _rows(self, prefix: str, persons: IntArray, **columns: IntArray) -> dict[str, Any]:
        """CSR of entries sorted by person (stable), as the fields of `Tables` with a prefix."""
        order = np.argsort(persons, kind="stable")
        ptr = np.concatenate(([0], np.cumsum(np.bincount(persons, minlength=self.n))))
        rows: dict[str, Any] = {f"{prefix}_ptr": ptr.astype(np.int64)}
        for name, column in columns.items():
            rows[f"{prefix}_{name}"] = np.ascontiguousarray(column[order])
        return rows

    def _apart_rows(self) -> dict[str, Any]:
        first = _joined([a for a, _, _ in self.aparts])
        second = _joined([b for _, b, _ in self.aparts])
        level = _joined([np.full(len(a), k, dtype=np.int64) for a, _, k in self.aparts])
        people, other = np.concatenate((first, second)), np.concatenate((second, first))
        levels = np.concatenate((level, level))
        return self._rows("apart", people, other=other, level=levels)

    def _pair_rows(self) -> dict[str, Any]:
        first, second, points, tier, level = _merged_pairs(self.pairs, self.n)
        symmetric = np.array_equal(self.instance.contact, self.instance.contact.T)
        forward, backward = points[:, 0], points[:, 1]
        if symmetric:
            forward, backward = forward + backward, np.zeros_like(backward)
        keep = (forward != 0) | (backward != 0)
        first, second, forward, backward, tier, level = (
            a[keep] for a in (first, second, forward, backward, tier, level)
        )
        back_out = forward if symmetric else backward
        back_in = backward if symmetric else forward
        return self._rows(
            "pair",
            np.concatenate((first, second)),
            other=np.concatenate((second, first)),
            out=np.concatenate((forward, back_out)),
            **{"in": np.concatenate((backward, back_in))},
            tier=np.concatenate((tier, tier)),
            level=np.concatenate((level, level)),
        )

    def _count_rows(self) -> dict[str, Any]:
        sizes = [int(self._units_at(c.level)) for c in self.counts]
        offset = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        high = np.full(int(offset[-1]), UNLIMITED, dtype=np.int64)
        low = np.zeros(int(offset[-1]), dtype=np.int64)
        for start, count in zip(offset, self.counts, strict=False):
            high[start + count.units] = count.high
            low[start + count.units] = count.low
        persons = _joined([c.persons for c in self.counts])
        group = _joined([np.full(len(c.persons), g) for g, c in enumerate(self.counts)])
        weights = _joined([c.weights for c in self.counts])
        return {
            **self._rows("count", persons, group=group, weight=weights),
            "group_level": _array([self.levels[c.level] for c in self.counts]),
            "group_offset": offset,
            "group_tier": _array([self._tier(c.penalty) if c.penalty else -1 for c in self.counts]),
            "group_price": _array([c.penalty.price if c.penalty else 0 for c in self.counts]),
            "group_triangular": np.array([c.triangular for c in self.counts], dtype=np.uint8),
            "group_or_none": np.array([c.or_none for c in self.counts], dtype=np.uint8),
            "unit_high": high,
            "unit_low": low,
        }

    def _class_rows(self) -> dict[str, Any]:
        parts = self.partitions
        classes = [int(p.classes.max(initial=-1)) + 1 for p in parts]
        units = [int(self._units_at(p.level)) for p in parts]
        sizes = [u * k for u, k in zip(units, classes, strict=True)]
        persons = _joined([p.persons for p in parts])
        part = _joined([np.full(len(p.persons), q) for q, p in enumerate(parts)])
        index = _joined([p.classes for p in parts])
        return {
            **self._rows("class", persons, part=part, index=index),
            "part_level": _array([self.levels[p.level] for p in parts]),
            "part_offset": np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
            "part_units": np.concatenate(([0], np.cumsum(units))).astype(np.int64),
            "part_classes": _array(classes),
            "part_tier": _array([self._tier(p.penalty) if p.penalty else -1 for p in parts]),
            "part_price": _array([p.penalty.price if p.penalty else 0 for p in parts]),
        }

    def _limit_rows(self) -> dict[str, Any]:
        limits = self.limits
        persons = _joined([x.persons for x in limits])
        ident = _joined([np.full(len(x.persons), k) for k, x in enumerate(limits)])
        weights = _joined([x.weights for x in limits])
        return {
            **self._rows("limit", persons, id=ident, weight=weights),
            "limit_high": _array([x.high for x in limits]),
            "limit_tier": _array([self._tier(x.penalty) if x.penalty else -1 for x in limits]),
            "limit_price": _array([x.penalty.price if x.penalty else 0 for x in limits]),
        }

    def _units_at(self, level: Level) -> int:
        if level is Level.CELL:
            return self.m
        return int(self.instance.unit_of[level].max(initial=-1)) + 1


def _array(values: list[int]) -> IntArray:
    return np.array(values, dtype=np.int64)


def _joined(parts: list[IntArray]) -> IntArray:
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, dtype=np.int64)


def _merged_pairs(
    pairs: list[tuple[IntArray, IntArray, IntArray, int, int]], n: int
) -> tuple[IntArray, IntArray, IntArray, IntArray, IntArray]:
    """Terms with first < second: points forward and backward, shape (n_pairs, 2), summed."""
    first = _joined([a for a, *_ in pairs])
    second = _joined([b for _, b, *_ in pairs])
    points = _joined([w for _, _, w, _, _ in pairs])
    tier = _joined([np.full(len(a), t) for a, _, _, t, _ in pairs])
    level = _joined([np.full(len(a), k) for a, _, _, _, k in pairs])
    swap = first > second
    low, high = np.where(swap, second, first), np.where(swap, first, second)
    key = ((tier * 64 + level + 1) * n + low) * n + high
    unique, inverse = np.unique(key, return_inverse=True)
    merged = np.zeros((len(unique), 2), dtype=np.int64)
    np.add.at(merged, (inverse.reshape(-1), swap.astype(np.int64)), points)
    pair, head = unique % (n * n), unique // (n * n)
    return pair // max(n, 1), pair % max(n, 1), merged, head // 64, head % 64 - 1


def build_tables(instance: Instance) -> Tables:
    """Compile an instance's shapes to arrays.

    Raises
    ------
    ConfigError
        If a shape uses a tier that the instance's order lacks.
    """
    return TableBuilder(instance).build()
