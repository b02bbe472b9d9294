r"""Rules as counters of units: what of an instance has to hold in every state on the way.

Only R02 to R11 and R16 to R18 count, as the instance has them: hard, derogable and soft alike.

=========  ==========================================================================
kind       amount in a unit
=========  ==========================================================================
COUNT      weight over `high`, or k(k+1)/2 for k over where triangular
LOW        weight missing to `low`, 0 for an empty unit where the limit is `or_none`
CLASS      people of the classes less those of the largest class
ALONE      people who must be alone, where the cell holds somebody else too
=========  ==========================================================================
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

import numpy as np

from allocator.model.catalogue import RuleId
from allocator.model.instance import Instance
from allocator.model.moving import MoveFacts
from allocator.model.shapes import Alone, Apart, Count, Eligible, IntArray, OneClass, Shape
from allocator.model.vocabulary import Level

SAFE_RULES = frozenset(
    {
        RuleId.CAPACITY,
        RuleId.SEX_AND_AGE,
        RuleId.REMAND_SENTENCED,
        RuleId.YOUNG_ADULTS,
        RuleId.SPACE_FLOOR,
        RuleId.SPACE_DAYS,
        RuleId.SINGLE_CELL,
        RuleId.NON_ASSOCIATION,
        RuleId.PROTECTION_NEED,
        RuleId.SECURITY_CATEGORY,
        RuleId.NO_SOLITARY,
        RuleId.SPECIAL_NEEDS,
        RuleId.SOURCE_RECEPTIVE_CELL,
    }
)
NOWHERE = -1
CountedShape: TypeAlias = Eligible | Alone | Apart | Count | OneClass


class Kind(Enum):
    """What a tally counts."""

    COUNT = auto()
    LOW = auto()
    CLASS = auto()
    ALONE = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """One rule's counters in the units of one level.

    Parameters
    ----------
    unit_of : shape (n_cells,), unit of each cell, -1 for none.
    value : shape (n_persons,); the weight, the class, or 1 for people who must be alone; -1 for
        people who are not counted.
    limit : shape (n_units,), `high` or `low` of each unit, -1 for units without a limit.
    width : numbers that a counter keeps: classes, people and those who must be alone, or 1.
    """

    rule: RuleId
    kind: Kind
    level: Level
    unit_of: IntArray
    value: IntArray
    limit: IntArray
    width: int = 1
    is_triangular: bool = False
    or_none: bool = False

    def amount(self, counter: Sequence[int], limit: int) -> int:
        """Amount of breach in a unit with this counter and limit."""
        kind = self.kind
        if kind is Kind.COUNT:
            over = counter[0] - limit
            if over <= 0:
                return 0
            return over * (over + 1) // 2 if self.is_triangular else over
        if kind is Kind.CLASS:
            return sum(counter) - max(counter)
        if kind is Kind.ALONE:
            return counter[1] if counter[0] > 1 else 0
        return 0 if self.or_none and not counter[0] else max(0, limit - counter[0])

    def entries(self, person: int) -> tuple[tuple[int, int], ...]:
        """What the person adds to a counter: position and number."""
        value = int(self.value[person])
        if self.kind is Kind.ALONE:
            return ((0, 1), (1, 1)) if value > 0 else ((0, 1),)
        return ((value, 1),) if self.kind is Kind.CLASS else ((0, value),)

    def counters(self, placement: IntArray) -> IntArray:
        """Counters of all units under a placement; shape (n_units, width)."""
        counters = np.zeros((len(self.limit), self.width), dtype=np.int64)
        counted = (self.value >= 0) & (placement >= 0)
        persons = np.flatnonzero(counted)
        units = self.unit_of[placement[persons]]
        persons, units = persons[units >= 0], units[units >= 0]
        if self.kind is Kind.CLASS:
            np.add.at(counters, (units, self.value[persons]), 1)
        elif self.kind is Kind.ALONE:
            np.add.at(counters[:, 0], units, 1)
            np.add.at(counters[:, 1], units, self.value[persons])
        else:
            np.add.at(counters[:, 0], units, self.value[persons])
        return counters


def tallies_of(instance: Instance, facts: MoveFacts, shapes: Iterable[Shape]) -> tuple[Tally, ...]:
    """The physical limit of every cell, then those of the shapes that count people in units."""
    return (_physical(instance, facts), *_from_shapes(instance, shapes))


def kept_shapes(instance: Instance) -> tuple[Shape, ...]:
    """Shapes of the rules that hold in every state on the way."""
    return tuple(s for s in instance.shapes if isinstance(s, CountedShape) and _is_kept(s))


def hard_shapes(instance: Instance) -> tuple[Shape, ...]:
    """Hard shapes of all rules, but R02's of closed cells, which the physical limit has."""
    return tuple(
        shape
        for shape in instance.shapes
        if isinstance(shape, CountedShape) and shape.penalty is None and not _is_closed(shape)
    )


def _is_kept(shape: CountedShape) -> bool:
    return shape.rule in SAFE_RULES and not _is_closed(shape)


def _is_closed(shape: CountedShape) -> bool:
    return isinstance(shape, Eligible) and shape.rule is RuleId.CAPACITY


def is_pair(shape: Count) -> bool:
    """True for a limit of one of two people: a pair kept apart in some units of a level."""
    return (
        len(shape.persons) == 2
        and not shape.triangular
        and bool((shape.high == 1).all() and (shape.weights == 1).all())
        and not shape.low.any()
    )


def _from_shapes(instance: Instance, shapes: Iterable[Shape]) -> Iterator[Tally]:
    for shape in shapes:
        match shape:
            case Eligible():
                yield _barred(instance, shape)
            case Alone():
                value = np.zeros(instance.n_persons, dtype=np.int64)
                value[shape.persons] = 1
                yield _of_cells(instance, shape.rule, Kind.ALONE, value, width=2)
            case OneClass():
                yield _classes(instance, shape)
            case Count() if not is_pair(shape):
                yield from _counts(instance, shape)
            case _:
                pass


def _physical(instance: Instance, facts: MoveFacts) -> Tally:
    """R02 with the buffer cells open: they are kept empty for moves like these."""
    most = np.where(facts.buffer_places > 0, facts.buffer_places, instance.max_places)
    return Tally(
        RuleId.CAPACITY, Kind.COUNT, Level.CELL, np.arange(instance.n_cells, dtype=np.int64),
        instance.places, most.astype(np.int64), is_triangular=True,
    )  # fmt: skip


def _of_cells(
    instance: Instance, rule: RuleId, kind: Kind, value: IntArray, width: int = 1
) -> Tally:
    cells = np.arange(instance.n_cells, dtype=np.int64)
    return Tally(rule, kind, Level.CELL, cells, value, np.zeros_like(cells), width)


def _barred(instance: Instance, shape: Eligible) -> Tally:
    value = np.full(instance.n_persons, -1, dtype=np.int64)
    value[shape.persons] = 1
    limit = np.full(instance.n_cells, -1, dtype=np.int64)
    limit[shape.barred] = 0
    cells = np.where(limit == 0, np.arange(instance.n_cells), -1).astype(np.int64)
    return Tally(shape.rule, Kind.COUNT, Level.CELL, cells, value, limit)


def _classes(instance: Instance, shape: OneClass) -> Tally:
    value = np.full(instance.n_persons, -1, dtype=np.int64)
    value[shape.persons] = shape.classes
    units = units_of(instance, shape.level)
    limit = np.zeros(int(units.max(initial=-1)) + 1, dtype=np.int64)
    width = int(shape.classes.max(initial=0)) + 1
    return Tally(shape.rule, Kind.CLASS, shape.level, units, value, limit, width)


def _counts(instance: Instance, shape: Count) -> Iterator[Tally]:
    value = np.full(instance.n_persons, -1, dtype=np.int64)
    value[shape.persons] = shape.weights
    everywhere = units_of(instance, shape.level)
    for kind, bounds in ((Kind.COUNT, shape.high), (Kind.LOW, shape.low)):
        if kind is Kind.LOW and not bounds.any():
            continue
        limit = np.full(int(everywhere.max(initial=-1)) + 1, -1, dtype=np.int64)
        exists = shape.units < len(limit)
        limit[shape.units[exists]] = bounds[exists]
        is_limited = np.append(limit >= (kind is Kind.LOW), False)
        units = np.where(is_limited[everywhere], everywhere, -1)
        yield Tally(
            shape.rule, kind, shape.level, units, value, limit,
            is_triangular=shape.triangular, or_none=shape.or_none,
        )  # fmt: skip


def units_of(instance: Instance, level: Level) -> IntArray:
    """Unit of each cell at a level, -1 for none; shape (n_cells,)."""
    if level is Level.CELL:
        return np.arange(instance.n_cells, dtype=np.int64)
    return instance.unit_of[level]


def unit_name(instance: Instance, level: Level, unit: int) -> str:
    """Name of a unit: its id where the instance knows names, else level and number."""
    if level is Level.CELL:
        return instance.cell_ids[unit]
    names = instance.unit_names.get(level)
    return names[unit] if names else f"{level}-{unit}"
