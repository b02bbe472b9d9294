"""What one person's being in each cell adds to every tier, all others staying where they are.

Read from the shapes: each rule or goal adds points of its tier, cell by cell, or closes cells. The
person has to be nowhere in the placement; what a cell changes is then the difference between two
entries, that of the cell and that of where the person is.
"""

from collections import defaultdict
from typing import NamedTuple, TypeAlias

import numpy as np

from allocator.explain.blocking import Placed, closed_cells
from allocator.model.catalogue import GoalId, RuleId
from allocator.model.shapes import (
    Alone,
    Apart,
    BoolArray,
    CellPoints,
    Count,
    Eligible,
    IntArray,
    LoadPoints,
    MoveLimit,
    MovePoints,
    OneClass,
    PairPoints,
    Shape,
    Stay,
)
from allocator.model.shapes import Placed as HavingPlace
from allocator.model.vocabulary import Level, Tier

Source: TypeAlias = RuleId | GoalId
NOWHERE = -1


class Term(NamedTuple):
    """A rule or goal in one of its tiers."""

    tier: Tier
    source: Source


def added_points(at: Placed, person: int) -> dict[Term, IntArray]:
    """Points that a person's being in each cell adds, by rule or goal.

    Parameters
    ----------
    person : position of somebody whose entry in `at.placement` is `NOWHERE`.

    Returns
    -------
    Arrays of shape (n_cells + 1,); the last entry, which index `NOWHERE` reads, is the price of
    having no cell. Exact wherever the places taken do not exceed the largest maximum capacity.
    """
    total: dict[Term, IntArray] = defaultdict(
        lambda: np.zeros(at.instance.n_cells + 1, dtype=np.int64)
    )
    for shape in at.instance.shapes:
        if isinstance(shape, HavingPlace):
            if person in shape.persons:
                total[Term(shape.penalty.tier, shape.rule)][NOWHERE] += shape.penalty.price
        elif isinstance(shape, CellPoints | MovePoints | LoadPoints | PairPoints):
            points = _goal_points(at, shape, person)
            if points is not None:
                total[Term(shape.tier, shape.goal)][:NOWHERE] += points
        elif shape.penalty is not None:
            amount = _amount(at, shape, person)
            if amount is not None:
                priced = shape.penalty.price * amount
                total[Term(shape.penalty.tier, shape.rule)][:NOWHERE] += priced
    return dict(sorted(total.items()))


def closed_to(at: Placed, person: int, home: int) -> dict[RuleId, BoolArray]:
    """Cells that each hard rule closes to a person who leaves the cell `home` (-1: none).

    Besides what closes cells to an arrival, a cell is closed where leaving would put those left
    behind below a lower limit. Shape (n_cells,) each; rules sorted, those that close none left out.
    """
    closed = dict(closed_cells(at, person))
    for shape in at.instance.shapes:
        if isinstance(shape, Count) and home >= 0 and _leaves_too_few(at, shape, person, home):
            units = at.unit_of(shape.level)
            elsewhere = units != units[home]
            closed[shape.rule] = closed.get(shape.rule, np.False_) | elsewhere
    return {rule: closed[rule] for rule in sorted(closed)}


def contact_sums(at: Placed, others: IntArray, points: IntArray, *, towards: bool) -> IntArray:
    """Σ points times the contact between each cell and the cells of some people.

    Parameters
    ----------
    others, points : shape (n_others,), positions of people and the points of each.
    towards : the person in the cell is the first of each pair; else the second.

    Returns
    -------
    Shape (n_cells,); people without a cell count nothing.
    """
    instance = at.instance
    kinds, matrix = instance.contact_class, instance.contact
    inside = at.placement[others] >= 0
    cells, points = at.placement[others[inside]], points[inside]
    by_kind = np.zeros(len(matrix), dtype=np.int64)
    np.add.at(by_kind, kinds[cells], points)
    by_cell = np.zeros(instance.n_cells, dtype=np.int64)
    np.add.at(by_cell, cells, points)
    apart: IntArray = (matrix if towards else matrix.T) @ by_kind
    nearer = instance.cell_contact - matrix.diagonal()[kinds]
    total: IntArray = apart[kinds] + by_cell * nearer
    return total


def _goal_points(
    at: Placed, shape: CellPoints | MovePoints | LoadPoints | PairPoints, person: int
) -> IntArray | None:
    """Points in each cell, shape (n_cells,); None where the shape does not concern the person."""
    match shape:
        case CellPoints():
            if person not in shape.persons:
                return None
            points = np.zeros(at.instance.n_cells, dtype=np.int64)
            points[shape.cells] = shape.by_cell
            return points
        case MovePoints():
            mine = shape.points[shape.persons == person]
            return int(mine.sum()) * _elsewhere(at, person) if len(mine) else None
        case LoadPoints():
            return _load_points(at, shape, person)
        case PairPoints():
            return _pair_points(at, shape, person)


def _load_points(at: Placed, shape: LoadPoints, person: int) -> IntArray:
    everyone = np.arange(at.instance.n_persons, dtype=np.int64)
    load = at.sums(everyone, at.instance.places, Level.CELL)[shape.cells]
    rows, most = np.arange(len(load)), shape.table.shape[1] - 1
    after = np.minimum(load + at.instance.places[person], most)
    points = np.zeros(at.instance.n_cells, dtype=np.int64)
    points[shape.cells] = shape.table[rows, after] - shape.table[rows, np.minimum(load, most)]
    return points


def _pair_points(at: Placed, shape: PairPoints, person: int) -> IntArray | None:
    out, back = shape.first == person, shape.second == person
    if not (out.any() or back.any()):
        return None
    ends = (
        (shape.second[out], shape.points[out], True),
        (shape.first[back], shape.points[back], False),
    )
    if shape.level is None:
        parts = [contact_sums(at, others, points, towards=to) for others, points, to in ends]
    else:
        parts = [_in_unit(at, others, points, shape.level) for others, points, _ in ends]
    total: IntArray = parts[0] + parts[1]
    return total


def _amount(at: Placed, shape: Shape, person: int) -> IntArray | None:  # noqa: PLR0911
    """Amount of breach that each cell adds, shape (n_cells,); None as in `_goal_points`."""
    match shape:
        case Eligible():
            return _among(at, shape.barred) if person in shape.persons else None
        case Stay():
            return _elsewhere(at, person) if person in shape.persons else None
        case Alone():
            return _alone_amount(at, shape, person)
        case Apart():
            mine = (shape.second[shape.first == person], shape.first[shape.second == person])
            others = np.concatenate(mine)
            return _in_unit(at, others, np.ones_like(others), shape.level) if len(others) else None
        case Count():
            return _count_amount(at, shape, person)
        case OneClass():
            return _class_amount(at, shape, person)
        case MoveLimit():
            return _limit_amount(at, shape, person)
        case _:
            return None


def _alone_amount(at: Placed, shape: Alone, person: int) -> IntArray:
    everyone = np.arange(at.instance.n_persons, dtype=np.int64)
    people = at.sums(everyone, np.ones_like(everyone), Level.CELL)[:-1]
    loners = at.sums(shape.persons, np.ones_like(shape.persons), Level.CELL)[:-1]
    disturbed = (people == 1) & (loners == 1)
    own = (people > 0) if person in shape.persons else np.zeros_like(disturbed)
    amount: IntArray = disturbed.astype(np.int64) + own.astype(np.int64)
    return amount


def _count_amount(at: Placed, shape: Count, person: int) -> IntArray | None:
    mine = shape.weights[shape.persons == person]
    if not len(mine):
        return None
    total = at.sums(shape.persons, shape.weights, shape.level)
    more = np.zeros_like(total)
    now = total[shape.units] - shape.high
    more[shape.units] = _over(shape, now + mine[0]) - _over(shape, now)
    return _per_cell(at, more, shape.level)


def _over(shape: Count, excess: IntArray) -> IntArray:
    k = np.maximum(excess, 0)
    amount: IntArray = k * (k + 1) // 2 if shape.triangular else k
    return amount


def _class_amount(at: Placed, shape: OneClass, person: int) -> IntArray | None:
    mine = shape.classes[shape.persons == person]
    if not len(mine):
        return None
    ones = np.ones_like(shape.persons)
    by_class = np.stack(
        [
            at.sums(shape.persons[shape.classes == k], ones[shape.classes == k], shape.level)
            for k in range(int(shape.classes.max()) + 1)
        ]
    )
    joins_smaller = by_class[mine[0]] < by_class.max(axis=0)
    return _per_cell(at, joins_smaller.astype(np.int64), shape.level)


def _limit_amount(at: Placed, shape: MoveLimit, person: int) -> IntArray | None:
    mine = shape.weights[shape.persons == person]
    if not len(mine):
        return None
    current = at.instance.current[shape.persons]
    cells = at.placement[shape.persons]
    used = int(shape.weights[(cells >= 0) & (current >= 0) & (cells != current)].sum())
    more = max(0, used + int(mine[0]) - shape.high) - max(0, used - shape.high)
    amount: IntArray = more * _elsewhere(at, person)
    return amount


def _leaves_too_few(at: Placed, shape: Count, person: int, home: int) -> bool:
    """True when a unit is shorter of people without the person than with."""
    mine = shape.weights[shape.persons == person]
    unit = int(at.unit_of(shape.level)[home])
    low = shape.low[shape.units == unit]
    if unit < 0 or not len(mine) or not len(low):
        return False
    left = int(at.sums(shape.persons, shape.weights, shape.level)[unit])
    if shape.or_none and left == 0:
        return False
    return left < int(low[0])


def _among(at: Placed, cells: IntArray) -> IntArray:
    flags = np.zeros(at.instance.n_cells, dtype=np.int64)
    flags[cells] = 1
    return flags


def _elsewhere(at: Placed, person: int) -> IntArray:
    current = int(at.instance.current[person])
    moved = np.arange(at.instance.n_cells) != current
    moves: IntArray = (moved & (current >= 0)).astype(np.int64)
    return moves


def _in_unit(at: Placed, others: IntArray, points: IntArray, level: Level) -> IntArray:
    """Points of the others in the unit of each cell."""
    return _per_cell(at, at.sums(others, points, level), level)


def _per_cell(at: Placed, by_unit: IntArray, level: Level) -> IntArray:
    """Values of units, the last entry that of no unit, as values of their cells."""
    units = at.unit_of(level)
    values: IntArray = np.where(units >= 0, by_unit[units], 0)
    return values
