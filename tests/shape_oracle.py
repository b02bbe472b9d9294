"""What shapes mean, said once more and as plainly as possible: the oracle of engine tests.

Straight from the docstrings of `allocator.model.shapes`; slow on purpose, for tiny instances.
A placement gives each person a cell index, -1 for unplaced. People without a cell break nothing
but `Placed`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product

from allocator.model.instance import Instance
from allocator.model.shapes import (
    Alone,
    Apart,
    CellPoints,
    Count,
    Eligible,
    GoalShape,
    LoadPoints,
    MoveLimit,
    MovePoints,
    OneClass,
    PairPoints,
    Placed,
    RuleShape,
    Shape,
    Stay,
)
from allocator.model.vocabulary import Level, Tier

UNPLACED = -1
Cells = Sequence[int]
PRICED = Eligible | Stay | Alone | Apart | Count | OneClass | MoveLimit | Placed


def every_placement(instance: Instance, *, everyone_placed: bool = False) -> Iterator[Cells]:
    """All placements, lawful or not."""
    start = 0 if everyone_placed else UNPLACED
    yield from product(range(start, instance.n_cells), repeat=instance.n_persons)


def lawful_placements(instance: Instance) -> Iterator[Cells]:
    """All placements that break nothing hard, in their order.

    Whoever may not go to a cell, or not leave one, may not in any company.
    """
    alone = [shape for shape in instance.shapes if isinstance(shape, Eligible | Stay)]
    barred = [shape for shape in alone if _is_hard(shape)]

    def may_be_in(person: int, cell: int) -> bool:
        only = [UNPLACED] * instance.n_persons
        only[person] = cell
        return not any(breach_amount(instance, shape, only) for shape in barred)

    cells = range(UNPLACED, instance.n_cells)
    options = [[c for c in cells if may_be_in(p, c)] for p in range(instance.n_persons)]
    yield from (found for found in product(*options) if hard_ok(instance, found))


def hard_ok(instance: Instance, placement: Cells) -> bool:
    """True when no cell is over its places and no hard shape is broken."""
    loads = _loads(instance, placement)
    if any(loads[c] > places for c, places in enumerate(instance.max_places)):
        return False
    return not any(
        _breaks_lower(instance, shape, placement)
        or (_is_hard(shape) and breach_amount(instance, shape, placement) > 0)
        for shape in instance.shapes
    )


def tier_values(instance: Instance, placement: Cells) -> dict[Tier, int]:
    """Points of the instance's tiers, in their order of declaration; lower is better."""
    asked = {setting.tier for setting in instance.tiers}
    values = {tier: 0 for tier in Tier if tier in asked}
    for shape in instance.shapes:
        if isinstance(shape, PRICED):
            if shape.penalty is not None:
                amount = breach_amount(instance, shape, placement)
                values[shape.penalty.tier] += shape.penalty.price * amount
        else:
            values[shape.tier] += goal_points(instance, shape, placement)
    return values


def breach_amount(instance: Instance, shape: Shape, placement: Cells) -> int:  # noqa: PLR0911
    """Amount by which a placement breaks a rule's shape; 0 for goals and points."""
    match shape:
        case Eligible():
            barred = set(shape.barred.tolist())
            return sum(placement[p] in barred for p in shape.persons)
        case Stay():
            return sum(_is_elsewhere(instance, placement, p) for p in shape.persons)
        case Alone():
            return sum(_has_company(placement, p) for p in shape.persons)
        case Apart():
            pairs = zip(shape.first, shape.second, strict=True)
            return sum(_share(instance, shape.level, placement, a, b) for a, b in pairs)
        case Count():
            return _count_amount(instance, shape, placement)
        case OneClass():
            return _class_amount(instance, shape, placement)
        case MoveLimit():
            weighed = zip(shape.persons, shape.weights, strict=True)
            total = sum(int(w) for p, w in weighed if _is_elsewhere(instance, placement, p))
            return max(0, total - shape.high)
        case Placed():
            return sum(placement[p] == UNPLACED for p in shape.persons)
        case _:
            return 0


def goal_points(instance: Instance, shape: RuleShape | GoalShape, placement: Cells) -> int:
    """Points of a goal's shape, or of a rule's preference."""
    match shape:
        case PairPoints():
            rows = zip(shape.first, shape.second, shape.points, strict=True)
            return sum(
                int(points) * _factor(instance, shape.level, placement, a, b)
                for a, b, points in rows
            )
        case CellPoints():
            n = len(shape.cells)
            points = [shape.points] * n if isinstance(shape.points, int) else shape.points.tolist()
            worth = dict(zip(shape.cells.tolist(), points, strict=True))
            return sum(worth.get(placement[p], 0) for p in shape.persons)
        case MovePoints():
            moves = zip(shape.persons, shape.points, strict=True)
            return sum(int(w) for p, w in moves if _is_elsewhere(instance, placement, p))
        case LoadPoints():
            loads = _loads(instance, placement)
            return sum(int(shape.table[k, loads[int(c)]]) for k, c in enumerate(shape.cells))
        case _:
            return 0


def unit_of(instance: Instance, level: Level, cell: int) -> int:
    """Unit of a cell at a level, -1 for none and for the unplaced."""
    if cell == UNPLACED or level is Level.CELL:
        return cell
    return int(instance.unit_of[level][cell])


def _is_hard(shape: Shape) -> bool:
    return isinstance(shape, PRICED) and shape.penalty is None


def _loads(instance: Instance, placement: Cells) -> Counter[int]:
    loads: Counter[int] = Counter()
    for person, cell in enumerate(placement):
        loads[cell] += int(instance.places[person])
    return loads


def _is_elsewhere(instance: Instance, placement: Cells, person: int) -> bool:
    """True for a person with a present cell who is placed in another."""
    return UNPLACED not in (placement[person], instance.current[person]) and (
        placement[person] != instance.current[person]
    )


def _has_company(placement: Cells, person: int) -> bool:
    cell = placement[person]
    return cell != UNPLACED and list(placement).count(cell) > 1


def _share(instance: Instance, level: Level, placement: Cells, a: int, b: int) -> bool:
    unit = unit_of(instance, level, placement[a])
    return unit >= 0 and unit == unit_of(instance, level, placement[b])


def _factor(instance: Instance, level: Level | None, placement: Cells, a: int, b: int) -> int:
    """Contact of two people, or 1 when they share a unit of the level."""
    if level is not None:
        return int(_share(instance, level, placement, a, b))
    c, d = placement[a], placement[b]
    if UNPLACED in (c, d):
        return 0
    if c == d:
        return int(instance.cell_contact[c])
    return int(instance.contact[instance.contact_class[c], instance.contact_class[d]])


def _present(instance: Instance, shape: Count, placement: Cells) -> Counter[int]:
    """Weight of the group in each unit."""
    present: Counter[int] = Counter()
    for person, weight in zip(shape.persons, shape.weights, strict=True):
        present[unit_of(instance, shape.level, placement[person])] += int(weight)
    return present


def _count_amount(instance: Instance, shape: Count, placement: Cells) -> int:
    present = _present(instance, shape, placement)
    limits = zip(shape.units, shape.high, strict=True)
    over = [max(0, present[int(unit)] - int(high)) for unit, high in limits]
    return sum(k * (k + 1) // 2 for k in over) if shape.triangular else sum(over)


def _breaks_lower(instance: Instance, shape: Shape, placement: Cells) -> bool:
    """True when a unit holds fewer of the group than the limit, which is always hard."""
    if not isinstance(shape, Count):
        return False
    present = _present(instance, shape, placement)
    limits = zip(shape.units, shape.low, strict=True)
    return any(
        present[int(unit)] < low and not (shape.or_none and present[int(unit)] == 0)
        for unit, low in limits
    )


def _class_amount(instance: Instance, shape: OneClass, placement: Cells) -> int:
    """People of the listed classes less those of the largest class, summed over the units."""
    by_unit: dict[int, Counter[int]] = {}
    for person, number in zip(shape.persons, shape.classes, strict=True):
        unit = unit_of(instance, shape.level, placement[person])
        if unit >= 0:
            by_unit.setdefault(unit, Counter())[int(number)] += 1
    return sum(sum(counts.values()) - max(counts.values()) for counts in by_unit.values())
