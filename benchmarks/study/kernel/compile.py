"""From an instance to the peers' arrays."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

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
    Shape,
    Stay,
)
from allocator.model.vocabulary import Level
from benchmarks.study.kernel.model import HARD, NO_LIMIT, Model, Small

DENSE_SHARE, DENSE_PEOPLE = 0.05, 3_000
Rows = defaultdict[int, list[tuple[int, ...]]]


class Compiler:
    """Collects what the shapes say, person by person."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.n, self.m = instance.n_persons, instance.n_cells
        self.tier = {s.tier: k + 1 for k, s in enumerate(instance.tiers)}
        self.n_tiers = len(self.tier) + 1
        self.level = {Level.CELL: 0} | {
            level: k + 1 for k, level in enumerate(sorted(set(instance.unit_of) - {Level.CELL}))
        }
        self.unplaced, self.moved = self._per_person(), self._per_person()
        self.alone = np.zeros((self.n, self.n_tiers + 1), dtype=np.int64)
        self.cell_terms: list[tuple[IntArray, IntArray, int, int | IntArray]] = []
        self.load_cost = np.zeros(
            (self.m, self.n_tiers, int(instance.max_places.max(initial=0)) + 1), dtype=np.int64
        )
        self.apart, self.pairs, self.counts, self.members, self.limited = (
            Rows(list) for _ in range(5)
        )
        self.groups: list[tuple[int, ...]] = []
        self.high: list[int] = []
        self.low: list[int] = []
        self.partitions: list[tuple[int, ...]] = []
        self.limits: list[tuple[int, ...]] = []
        self.contact_terms: list[PairPoints] = []
        for shape in instance.shapes:
            self._add(shape)

    def _per_person(self) -> IntArray:
        return np.zeros((self.n, self.n_tiers), dtype=np.int64)

    def _price(self, penalty: Penalty | None) -> tuple[int, int]:
        return (HARD, 0) if penalty is None else (self.tier[penalty.tier], penalty.price)

    def _add(self, shape: Shape) -> None:
        match shape:
            case Eligible():
                self.cell_terms.append((shape.persons, shape.barred, *self._price(shape.penalty)))
            case CellPoints():
                tier = self.tier[shape.tier]
                self.cell_terms.append((shape.persons, shape.cells, tier, shape.points))
            case Stay():
                self._stay(shape)
            case Alone():
                tier, price = self._price(shape.penalty)
                self.alone[shape.persons, tier] += 1 if tier == HARD else price
            case Placed():
                self.unplaced[shape.persons, self.tier[shape.penalty.tier]] += shape.penalty.price
            case MovePoints():
                np.add.at(self.moved[:, self.tier[shape.tier]], shape.persons, shape.points)
            case LoadPoints():
                tables = self.load_cost[:, self.tier[shape.tier]]
                width = min(shape.table.shape[1], tables.shape[1])
                np.add.at(tables[:, :width], shape.cells, shape.table[:, :width])
            case PairPoints() if shape.level is None:
                self.contact_terms.append(shape)
            case _:
                self._add_rows(shape)

    def _stay(self, shape: Stay) -> None:
        tier, price = self._price(shape.penalty)
        if tier != HARD:
            np.add.at(self.moved[:, tier], shape.persons, price)
            return
        for i in shape.persons.tolist():
            others = np.delete(np.arange(self.m, dtype=np.int64), self.instance.current[i])
            self.cell_terms.append((np.array([i], dtype=np.int64), others, HARD, 0))

    def _add_rows(self, shape: Shape) -> None:
        """Shapes whose entries are listed person by person."""
        match shape:
            case Apart():
                entry = (self.level[shape.level], *self._price(shape.penalty))
                for a, b in zip(shape.first.tolist(), shape.second.tolist(), strict=True):
                    self.apart[a].append((b, *entry))
                    self.apart[b].append((a, *entry))
            case PairPoints():
                self._pairs(shape, self.level[shape.level or Level.CELL])
            case Count():
                self._count(shape)
            case OneClass():
                self._one_class(shape)
            case MoveLimit():
                for i, w in zip(shape.persons.tolist(), shape.weights.tolist(), strict=True):
                    self.limited[i].append((len(self.limits), w))
                self.limits.append((shape.high, *self._price(shape.penalty)))
            case _:
                raise TypeError(f"The peers do not know the shape {type(shape).__name__}.")

    def _pairs(self, shape: PairPoints, level: int) -> None:
        tier = self.tier[shape.tier]
        rows = zip(shape.first.tolist(), shape.second.tolist(), shape.points.tolist(), strict=True)
        for a, b, points in rows:
            self.pairs[a].append((b, points, 0, tier, level))
            self.pairs[b].append((a, 0, points, tier, level))

    def _n_units(self, level: Level) -> int:
        if level is Level.CELL:
            return self.m
        return int(self.instance.unit_of[level].max(initial=-1)) + 1

    def _count(self, shape: Count) -> None:
        size = self._n_units(shape.level)
        high, low = np.full(size, NO_LIMIT), np.zeros(size, dtype=np.int64)
        high[shape.units], low[shape.units] = shape.high, shape.low
        for i, w in zip(shape.persons.tolist(), shape.weights.tolist(), strict=True):
            self.counts[i].append((len(self.groups), w))
        head = (self.level[shape.level], len(self.high), *self._price(shape.penalty))
        self.groups.append((*head, shape.triangular, shape.or_none))
        self.high += high.tolist()
        self.low += low.tolist()

    def _one_class(self, shape: OneClass) -> None:
        classes, level = int(shape.classes.max(initial=0)) + 1, self.level[shape.level]
        offset = 0
        if self.partitions:
            before = self.partitions[-1]
            units = self.m if before[0] == 0 else int(self._units()[before[0]].max(initial=-1)) + 1
            offset = before[1] + units * before[2]
        for i, k in zip(shape.persons.tolist(), shape.classes.tolist(), strict=True):
            self.members[i].append((len(self.partitions), k))
        self.partitions.append((level, offset, classes, *self._price(shape.penalty)))

    def _units(self) -> IntArray:
        by_level = [np.arange(self.m, dtype=np.int64)]
        by_level += [self.instance.unit_of[k] for k in list(self.level)[1:]]
        return np.stack(by_level).astype(np.int64)

    def model(self) -> Model:
        """The finished arrays."""
        inst = self.instance
        out, into, tier = self._dense()
        row, allowed, linear = self._cell_rows()
        load_rows, load_row = np.unique(
            self.load_cost.reshape(self.m, -1), axis=0, return_inverse=True
        )
        contact = inst.contact.astype(np.int64).copy()
        if len(np.unique(inst.contact_class)) == self.m:
            contact[inst.contact_class, inst.contact_class] = inst.cell_contact
        apart_ptr, apart = _listed(self.apart, self.n, 4)
        pair_ptr, pairs = _listed(self.pairs, self.n, 5)
        count_ptr, counts = _listed(self.counts, self.n, 2)
        member_ptr, members = _listed(self.members, self.n, 2)
        limit_ptr, limited = _listed(self.limited, self.n, 2)
        return Model(
            inst.places.astype(np.int64), inst.max_places.astype(np.int64),
            inst.current.astype(np.int64), self.alone, row, allowed, linear, self.unplaced,
            self.moved, load_row.reshape(-1).astype(np.int64),
            load_rows.reshape(-1, *self.load_cost.shape[1:]).astype(np.int64), self._units(),
            apart_ptr, apart, pair_ptr, pairs, inst.contact_class.astype(np.int64), contact,
            inst.cell_contact.astype(np.int64), out, into, tier, count_ptr, counts,
            _table(self.groups, 6), np.array(self.high or [0], dtype=np.int64),
            np.array(self.low or [0], dtype=np.int64), member_ptr, members,
            _table(self.partitions, 5), limit_ptr, limited, _table(self.limits, 3),
            np.concatenate(([0], np.cumsum(inst.max_places))).astype(np.int64),
        )  # fmt: skip

    def _dense(self) -> tuple[Small, Small, int]:
        """Contact terms as square tables where many pairs have some; else into `pairs`."""
        tiers = {self.tier[s.tier] for s in self.contact_terms}
        terms = sum(len(s.first) for s in self.contact_terms)
        none = np.zeros((0, 0), dtype=np.int32)
        many = terms > DENSE_SHARE * self.n * (self.n - 1) / 2
        if not many or len(tiers) != 1 or self.n > DENSE_PEOPLE:
            for shape in self.contact_terms:
                self._pairs(shape, -1)
            return none, none, 0
        out = np.zeros((self.n, self.n), dtype=np.int32)
        for shape in self.contact_terms:
            np.add.at(out, (shape.first, shape.second), shape.points.astype(np.int32))
        if np.array_equal(self.instance.contact, self.instance.contact.T):
            return out + out.T, none, tiers.pop()
        return out, np.ascontiguousarray(out.T), tiers.pop()

    def _cell_rows(
        self,
    ) -> tuple[IntArray, "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]", Small]:
        """Allowed cells and points of cells, once for people who are listed alike."""
        listed: list[list[int]] = [[] for _ in range(self.n)]
        for e, (persons, *_) in enumerate(self.cell_terms):
            for i in persons.tolist():
                listed[i].append(e)
        number: dict[tuple[int, ...], int] = {}
        row = np.array([number.setdefault(tuple(e), len(number)) for e in listed], dtype=np.int64)
        allowed = np.ones((len(number), self.m), dtype=np.bool_)
        allowed[:, self.instance.max_places <= 0] = False
        linear = np.zeros((len(number), self.m, self.n_tiers), dtype=np.int32)
        for entries, r in number.items():
            for e in entries:
                _, cells, tier, points = self.cell_terms[e]
                if tier == HARD:
                    allowed[r, cells] = False
                else:
                    linear[r, cells, tier] += np.asarray(points, dtype=np.int32)
        return row, allowed, linear


def _table(rows: Sequence[tuple[int, ...]], width: int) -> IntArray:
    return np.array(rows, dtype=np.int64).reshape(-1, width)


def _listed(rows: Rows, n: int, width: int) -> tuple[IntArray, IntArray]:
    """Where each person's rows begin, and the rows; entries that are equal but for points stay."""
    counts = np.array([len(rows[i]) if i in rows else 0 for i in range(n)], dtype=np.int64)
    pointer = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    flat = [entry for i in range(n) if i in rows for entry in rows[i]]
    return pointer, _table(flat, width)


def compile_model(instance: Instance) -> Model:
    """The peers' arrays of an instance."""
    return Compiler(instance).model()
