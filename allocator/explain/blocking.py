"""Which rules keep one person out of which cells, given where everybody else is."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from allocator.model.catalogue import RuleId
from allocator.model.instance import Instance
from allocator.model.shapes import (
    Alone,
    Apart,
    BoolArray,
    Count,
    Eligible,
    IntArray,
    MoveLimit,
    OneClass,
    Shape,
    Stay,
)
from allocator.model.vocabulary import Level


@dataclass(frozen=True, eq=False)
class Placed:
    """An instance with a placement and its loads; shape (n_persons,), cell or -1."""

    instance: Instance
    placement: IntArray

    def unit_of(self, level: Level) -> IntArray:
        """Unit of each cell at a level."""
        if level is Level.CELL:
            return np.arange(self.instance.n_cells, dtype=np.int64)
        return self.instance.unit_of[level]

    def sums(self, persons: IntArray, weights: IntArray, level: Level) -> IntArray:
        """Weight of the placed among `persons` in each unit; one more entry for "no unit"."""
        units = self.unit_of(level)
        inside = self.placement[persons] >= 0
        size = int(units.max(initial=-1)) + 2
        unit = units[self.placement[persons[inside]]] % size  # -1, no unit, is the last entry
        return np.bincount(unit, weights=weights[inside], minlength=size).astype(np.int64)


def standing_bars(instance: Instance, person: int) -> dict[RuleId, BoolArray]:
    """Cells that a person may never be in, by rule, whoever else is there; shape (n_cells,)."""
    barred: dict[RuleId, BoolArray] = defaultdict(
        lambda: np.zeros(instance.n_cells, dtype=np.bool_)
    )
    for shape in instance.shapes:
        if isinstance(shape, Eligible) and shape.penalty is None and person in shape.persons:
            barred[shape.rule][shape.barred] = True
        if isinstance(shape, Stay) and shape.penalty is None and person in shape.persons:
            elsewhere = np.arange(instance.n_cells) != instance.current[person]
            barred[shape.rule] |= elsewhere
    small = instance.max_places < instance.places[person]
    if small.any():
        barred[RuleId.CAPACITY] |= small
    return dict(barred)


def closed_cells(at: Placed, person: int) -> dict[RuleId, BoolArray]:
    """Cells that each hard rule closes to an unplaced person as things stand; rules sorted."""
    instance = at.instance
    barred = standing_bars(instance, person)
    loads = at.sums(np.arange(instance.n_persons), instance.places, Level.CELL)[:-1]
    _merge(barred, RuleId.CAPACITY, loads + instance.places[person] > instance.max_places)
    for shape in instance.shapes:
        mask = _dynamic_bar(at, shape, person)
        if mask is not None:
            _merge(barred, shape.rule, mask)  # type: ignore[union-attr]
    return {rule: mask for rule, mask in sorted(barred.items()) if mask.any()}


def fewest_rules(closed: Mapping[RuleId, BoolArray], cells: BoolArray) -> tuple[RuleId, ...]:
    """Rules that close all of some cells, none of which can be dropped; empty if they do not.

    Of rules that close as many cells the earlier one stays: an authority that has run out (R13-R15)
    can be renewed, the limit on solitary placement (R16) that follows from it can not.
    """
    kept = {rule: mask[cells] for rule, mask in closed.items()}
    if not _covers(kept):
        return ()
    for rule in sorted(sorted(kept, reverse=True), key=lambda r: int(kept[r].sum())):
        rest = {r: mask for r, mask in kept.items() if r is not rule}
        if _covers(rest):
            kept = rest
    return tuple(sorted(kept))


def _covers(masks: Mapping[RuleId, BoolArray]) -> bool:
    return bool(masks) and bool(np.any(list(masks.values()), axis=0).all())


def _merge(barred: dict[RuleId, BoolArray], rule: RuleId, mask: BoolArray) -> None:
    barred[rule] = barred[rule] | mask if rule in barred else mask


def _dynamic_bar(at: Placed, shape: Shape, person: int) -> BoolArray | None:  # noqa: PLR0911
    """Cells closed by one hard shape because of who is where; None where it does not apply."""
    if getattr(shape, "penalty", 1) is not None and not isinstance(shape, Count):
        return None
    match shape:
        case Alone():
            return _alone_bar(at, shape, person)
        case Apart():
            return _apart_bar(at, shape, person)
        case Count():
            return _count_bar(at, shape, person)
        case OneClass():
            return _class_bar(at, shape, person)
        case MoveLimit():
            return _limit_bar(at, shape, person)
        case _:
            return None


def _alone_bar(at: Placed, shape: Alone, person: int) -> BoolArray:
    everyone = np.arange(at.instance.n_persons, dtype=np.int64)
    ones = np.ones_like(everyone)
    if person in shape.persons:
        return at.sums(everyone, ones, Level.CELL)[:-1] > 0
    return at.sums(shape.persons, ones[: len(shape.persons)], Level.CELL)[:-1] > 0


def _apart_bar(at: Placed, shape: Apart, person: int) -> BoolArray | None:
    others = np.concatenate(
        (shape.second[shape.first == person], shape.first[shape.second == person])
    )
    cells = at.placement[others]
    cells = cells[cells >= 0]
    if len(cells) == 0:
        return None
    units = at.unit_of(shape.level)
    return np.isin(units, units[cells]) & (units >= 0)


def _count_bar(at: Placed, shape: Count, person: int) -> BoolArray | None:
    mine = np.flatnonzero(shape.persons == person)
    if len(mine) == 0:
        return None
    units = at.unit_of(shape.level)
    total = at.sums(shape.persons, shape.weights, shape.level)
    closed = np.zeros(len(total), dtype=np.bool_)
    with_person = total[shape.units] + shape.weights[mine[0]]
    closed[shape.units] = with_person < shape.low
    if shape.penalty is None:
        closed[shape.units] |= with_person > shape.high
    bar: BoolArray = closed[units] & (units >= 0)
    return bar


def _class_bar(at: Placed, shape: OneClass, person: int) -> BoolArray | None:
    mine = np.flatnonzero(shape.persons == person)
    if len(mine) == 0:
        return None
    others = shape.persons[shape.classes != shape.classes[mine[0]]]
    units = at.unit_of(shape.level)
    present = at.sums(others, np.ones(len(others), dtype=np.int64), shape.level)
    return (present[units] > 0) & (units >= 0)


def _limit_bar(at: Placed, shape: MoveLimit, person: int) -> BoolArray | None:
    mine = np.flatnonzero(shape.persons == person)
    current = at.instance.current
    if len(mine) == 0 or current[person] < 0:
        return None
    cells = at.placement[shape.persons]
    away = (cells >= 0) & (cells != current[shape.persons]) & (current[shape.persons] >= 0)
    if int(shape.weights[away].sum()) + int(shape.weights[mine[0]]) <= shape.high:
        return None
    bar: BoolArray = np.arange(at.instance.n_cells) != current[person]
    return bar
