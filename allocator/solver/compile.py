"""From an instance to its tables: the second half of compiling, where rows are laid out."""

from typing import Any

import numpy as np

from allocator.errors import ConfigError
from allocator.model.instance import Instance
from allocator.model.shapes import (
    IntArray,
)
from allocator.model.vocabulary import Level
from allocator.solver.fields import make_fields
from allocator.solver.packed import Bytes, Int32
from allocator.solver.parts import ShapeParts
from allocator.solver.tables import UNLIMITED, Tables

MOST_POINTS = int(np.iinfo(np.int32).max)


class TableBuilder:
    """Lays out the parts of one instance as tables."""

    def __init__(self, parts: ShapeParts) -> None:
        self.parts = parts

    def build(self) -> Tables:
        """Finished tables."""
        elig_row, elig = self._eligibility()
        static_row, static_tiers, static = self._static_points()
        load_row, load_tiers, load_cost = self._load_tables()
        inst = self.parts.instance
        return Tables(
            places=inst.places.astype(np.int64),
            cap=self.parts.cap,
            current=inst.current.astype(np.int64),
            fixed=self.parts.fixed,
            elig_row=elig_row,
            elig=elig,
            unplaced=self.parts.unplaced,
            moved=self.parts.moved,
            static_row=static_row,
            static_tiers=static_tiers,
            static=static,
            load_row=load_row,
            load_tiers=load_tiers,
            load_cost=load_cost,
            alone=self.parts.alone,
            alone_price=self.parts.alone_price,
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
        units = np.empty((len(self.parts.levels), self.parts.m), dtype=np.int32)
        for level, row in self.parts.levels.items():
            own = (
                np.arange(self.parts.m)
                if level is Level.CELL
                else self.parts.instance.unit_of[level]
            )
            units[row] = own
        return units

    def _signatures(self, entries: list[IntArray]) -> tuple[IntArray, list[tuple[int, ...]]]:
        """Group people who are listed in the same entries; row of each and the rows' entries."""
        rows_of: list[list[int]] = [[] for _ in range(self.parts.n)]
        for e, persons in enumerate(entries):
            for i in persons.tolist():
                rows_of[i].append(e)
        at: dict[tuple[int, ...], int] = {}
        row = np.fromiter(
            (at.setdefault(tuple(r), len(at)) for r in rows_of), dtype=np.int64, count=self.parts.n
        )
        return row, list(at)

    def _eligibility(self) -> tuple[IntArray, Bytes]:
        row, signatures = self._signatures([persons for persons, _ in self.parts.barred])
        elig = np.ones((max(1, len(signatures)), self.parts.m), dtype=np.uint8)
        elig[:, self.parts.cap <= 0] = 0
        for r, entries in enumerate(signatures):
            for e in entries:
                elig[r, self.parts.barred[e][1]] = 0
        return row, elig

    def _static_points(self) -> tuple[IntArray, IntArray, Int32]:
        row, signatures = self._signatures([persons for persons, *_ in self.parts.static])
        tiers = sorted({tier for _, _, tier, _ in self.parts.static})
        column = {tier: k for k, tier in enumerate(tiers)}
        points = np.zeros((max(1, len(signatures)), self.parts.m, len(tiers)), dtype=np.int32)
        number = [len(cells) for _, cells, _, _ in self.parts.static]
        at = np.repeat(np.arange(len(number)), number)
        cell = _joined([cells for _, cells, _, _ in self.parts.static])
        which = _array([column[tier] for _, _, tier, _ in self.parts.static])
        value = _joined([value for *_, value in self.parts.static])
        starts = np.cumsum([0, *number])
        for r, entries in enumerate(signatures):
            own = [np.arange(starts[e], starts[e + 1]) for e in entries]
            used = np.concatenate(own) if own else at[:0]
            summed = np.zeros(points[r].shape, dtype=np.int64)
            np.add.at(summed, (cell[used], which[at[used]]), value[used])
            points[r] = _within_32_bits(summed)
        return row, np.array(tiers, dtype=np.int64), points

    def _load_tables(self) -> tuple[IntArray, IntArray, IntArray]:
        tiers = sorted({tier for _, tier, _ in self.parts.loads})
        column = {tier: k for k, tier in enumerate(tiers)}
        width = int(self.parts.instance.max_places.max(initial=0)) + 1
        dense = np.zeros((self.parts.m, len(tiers), width), dtype=np.int64)
        for cells, tier, table in self.parts.loads:
            dense[cells, column[tier], : table.shape[1]] += table[:, :width]
        flat = dense.reshape(self.parts.m, len(tiers) * width)
        rows, inverse = np.unique(flat, axis=0, return_inverse=True)
        return (
            inverse.reshape(-1).astype(np.int64),
            np.array(tiers, dtype=np.int64),
            np.ascontiguousarray(rows.reshape(len(rows), len(tiers), width)),
        )

    def _rows(self, prefix: str, persons: IntArray, **columns: IntArray) -> dict[str, Any]:
        """CSR of entries sorted by person (stable), as the fields of `Tables` with a prefix."""
        order = np.argsort(persons, kind="stable")
        ptr = np.concatenate(([0], np.cumsum(np.bincount(persons, minlength=self.parts.n))))
        rows: dict[str, Any] = {f"{prefix}_ptr": ptr.astype(np.int64)}
        for name, column in columns.items():
            rows[f"{prefix}_{name}"] = np.ascontiguousarray(column[order])
        return rows

    def _apart_rows(self) -> dict[str, Any]:
        first = _joined([a for a, _, _ in self.parts.aparts])
        second = _joined([b for _, b, _ in self.parts.aparts])
        level = _joined([np.full(len(a), k, dtype=np.int64) for a, _, k in self.parts.aparts])
        people, other = np.concatenate((first, second)), np.concatenate((second, first))
        levels = np.concatenate((level, level))
        return self._rows("apart", people, other=other, level=levels)

    def _pair_rows(self) -> dict[str, Any]:
        first, second, points, tier, level = _merged_pairs(self.parts.pairs, self.parts.n)
        symmetric = np.array_equal(self.parts.instance.contact, self.parts.instance.contact.T)
        forward, backward = points[:, 0], points[:, 1]
        if symmetric:
            forward, backward = forward + backward, np.zeros_like(backward)
        keep = (forward != 0) | (backward != 0)
        first, second, forward, backward, tier, level = (
            a[keep] for a in (first, second, forward, backward, tier, level)
        )
        back_out = forward if symmetric else backward
        back_in = backward if symmetric else forward
        person, other = np.concatenate((first, second)), np.concatenate((second, first))
        tier, level = np.concatenate((tier, tier)), np.concatenate((level, level))
        order = np.lexsort((other, level, tier))
        rows = self._rows(
            "pair",
            person[order],
            other=other[order],
            out=np.concatenate((forward, back_out))[order],
            **{"in": np.concatenate((backward, back_in))[order]},
            tier=tier[order],
            level=level[order],
        )
        terms = (rows[f"pair_{column}"] for column in ("ptr", "tier", "level", "in"))
        return {**rows, "fields": make_fields(self.parts.instance, self._units(), *terms)}

    def _count_rows(self) -> dict[str, Any]:
        sizes = [int(self._units_at(c.level)) for c in self.parts.counts]
        offset = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        high = np.full(int(offset[-1]), UNLIMITED, dtype=np.int64)
        low = np.zeros(int(offset[-1]), dtype=np.int64)
        for start, count in zip(offset, self.parts.counts, strict=False):
            high[start + count.units] = count.high
            low[start + count.units] = count.low
        persons = _joined([c.persons for c in self.parts.counts])
        group = _joined([np.full(len(c.persons), g) for g, c in enumerate(self.parts.counts)])
        weights = _joined([c.weights for c in self.parts.counts])
        return {
            **self._rows("count", persons, group=group, weight=weights),
            "group_level": _array([self.parts.levels[c.level] for c in self.parts.counts]),
            "group_offset": offset,
            "group_tier": _array(
                [
                    self.parts.tier_of_penalty(c.penalty) if c.penalty else -1
                    for c in self.parts.counts
                ]
            ),
            "group_price": _array([c.penalty.price if c.penalty else 0 for c in self.parts.counts]),
            "group_triangular": np.array([c.triangular for c in self.parts.counts], dtype=np.uint8),
            "group_or_none": np.array([c.or_none for c in self.parts.counts], dtype=np.uint8),
            "unit_high": high,
            "unit_low": low,
        }

    def _class_rows(self) -> dict[str, Any]:
        parts = self.parts.partitions
        classes = [int(p.classes.max(initial=-1)) + 1 for p in parts]
        units = [int(self._units_at(p.level)) for p in parts]
        sizes = [u * k for u, k in zip(units, classes, strict=True)]
        persons = _joined([p.persons for p in parts])
        part = _joined([np.full(len(p.persons), q) for q, p in enumerate(parts)])
        index = _joined([p.classes for p in parts])
        return {
            **self._rows("class", persons, part=part, index=index),
            "part_level": _array([self.parts.levels[p.level] for p in parts]),
            "part_offset": np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
            "part_units": np.concatenate(([0], np.cumsum(units))).astype(np.int64),
            "part_classes": _array(classes),
            "part_tier": _array(
                [self.parts.tier_of_penalty(p.penalty) if p.penalty else -1 for p in parts]
            ),
            "part_price": _array([p.penalty.price if p.penalty else 0 for p in parts]),
        }

    def _limit_rows(self) -> dict[str, Any]:
        limits = self.parts.limits
        persons = _joined([x.persons for x in limits])
        ident = _joined([np.full(len(x.persons), k) for k, x in enumerate(limits)])
        weights = _joined([x.weights for x in limits])
        return {
            **self._rows("limit", persons, id=ident, weight=weights),
            "limit_high": _array([x.high for x in limits]),
            "limit_tier": _array(
                [self.parts.tier_of_penalty(x.penalty) if x.penalty else -1 for x in limits]
            ),
            "limit_price": _array([x.penalty.price if x.penalty else 0 for x in limits]),
        }

    def _units_at(self, level: Level) -> int:
        if level is Level.CELL:
            return self.parts.m
        return int(self.parts.instance.unit_of[level].max(initial=-1)) + 1


def _array(values: list[int]) -> IntArray:
    return np.array(values, dtype=np.int64)


def _joined(parts: list[IntArray]) -> IntArray:
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, dtype=np.int64)


def _within_32_bits(points: IntArray) -> Int32:
    """Points of cells as the tables hold them.

    Raises
    ------
    ConfigError
        If a number is too large for them.
    """
    largest = int(np.abs(points).max(initial=0))
    if largest > MOST_POINTS:
        raise ConfigError(
            f"A cell has {largest:,} points for somebody; at most {MOST_POINTS:,} are allowed, so "
            "count in larger units."
        )
    return points.astype(np.int32)


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
        If a shape uses a tier that the order of the instance lacks, or its points are too large.
    """
    return TableBuilder(ShapeParts(instance)).build()
