"""Rules of an instance as rows of the monolith."""

import numpy as np

from allocator.model.instance import Instance
from allocator.model.shapes import (
    Alone,
    Apart,
    CellPoints,
    Count,
    Eligible,
    MoveLimit,
    OneClass,
    Placed,
    RuleShape,
    Stay,
)
from benchmarks.study.peers.linear import Linear, Terms, added


def booleans(instance: Instance) -> Linear:
    """A model with the booleans that hard eligibility leaves, everybody in one place at most."""
    open_cells = np.repeat((instance.max_places > 0)[None], instance.n_persons, axis=0)
    for shape in instance.shapes:
        if isinstance(shape, Eligible) and shape.penalty is None:
            open_cells[np.ix_(shape.persons, shape.barred)] = False
        if isinstance(shape, Stay) and shape.penalty is None:
            here = open_cells[shape.persons, instance.current[shape.persons]]
            open_cells[shape.persons] = False
            open_cells[shape.persons, instance.current[shape.persons]] = here
    model = Linear(instance, np.full(open_cells.shape, -1, dtype=np.int64))
    for i, c in np.argwhere(open_cells).tolist():
        model.first[i, c] = model.variable(1)
    for i in range(instance.n_persons):
        model.unplaced.append(model.variable(1))
        model.row({x: 1 for _, x in model.cells_of(i)} | {model.unplaced[i]: 1}, 1, 1)
    for c in range(instance.n_cells):
        inside = _inside(model, c)
        if inside:
            model.row(inside, 0, int(instance.max_places[c]))
    return model


def _inside(model: Linear, cell: int) -> Terms:
    """Places taken in a cell."""
    people = np.flatnonzero(model.first[:, cell] >= 0)
    return {int(model.first[i, cell]): int(model.instance.places[i]) for i in people}


def add_rule(model: Linear, shape: RuleShape, tier: int) -> None:
    """Rows of a rule, priced in a tier when it has a penalty."""
    if isinstance(shape, CellPoints):
        return
    price = 0 if shape.penalty is None else shape.penalty.price
    match shape:
        case Eligible() | Stay() | Placed():
            _booleans_cost(model, shape, tier, price)
        case Alone():
            _alone(model, shape, tier, price)
        case Apart():
            _apart(model, shape, tier, price)
        case Count():
            _count(model, shape, tier, price)
        case OneClass():
            _one_class(model, shape, tier, price)
        case MoveLimit():
            _move_limit(model, shape, tier, price)


def _booleans_cost(model: Linear, shape: Eligible | Stay | Placed, tier: int, price: int) -> None:
    """Breaches that single booleans are; the hard ones were left out when these were made."""
    for i in shape.persons.tolist() if price else ():
        found: list[int]
        match shape:
            case Eligible():
                barred = model.first[i, shape.barred]
                found = barred[barred >= 0].tolist()
            case Stay():
                found = list(model.elsewhere(i))
            case _:
                found = [model.unplaced[i]]
        for x in found:
            model.cost(tier, x, price)


def _alone(model: Linear, shape: Alone, tier: int, price: int) -> None:
    for i in shape.persons.tolist():
        breach = _breach(model, tier, price, 1)
        for c, x in model.cells_of(i):
            most = int(model.instance.max_places[c])
            others = {y: 1 for y in _inside(model, c) if y != x}
            slack = {} if breach is None else {breach: -most}
            model.row(added(others, {x: most}, slack), -most, most)


def _breach(model: Linear, tier: int, price: int, high: int) -> int | None:
    """A priced amount of breach, None for a hard rule."""
    if not price:
        return None
    breach = model.variable(high)
    model.cost(tier, breach, price)
    return breach


def _apart(model: Linear, shape: Apart, tier: int, price: int) -> None:
    for a, b in zip(shape.first.tolist(), shape.second.tolist(), strict=True):
        breach = _breach(model, tier, price, 1)
        there = model.in_units(b, shape.level)
        for unit, terms in model.in_units(a, shape.level).items():
            if unit in there:
                slack = {} if breach is None else {breach: -1}
                model.row(added(terms, there[unit], slack), -1, 1)


def _count(model: Linear, shape: Count, tier: int, price: int) -> None:
    present: dict[int, Terms] = {int(u): {} for u in shape.units}
    for i, w in zip(shape.persons.tolist(), shape.weights.tolist(), strict=True):
        for unit, terms in model.in_units(i, shape.level).items():
            if unit in present:
                present[unit] |= dict.fromkeys(terms, w)
    limits = zip(shape.units.tolist(), shape.low.tolist(), shape.high.tolist(), strict=True)
    for unit, low, high in limits:
        terms = present[unit]
        most = min(sum(terms.values()), 10**9)
        if most > high:
            slack = _excess(model, shape, tier, price, most - high) if price else {}
            model.row(added(terms, slack), -(10**9), high)
        if low > 0:
            _lower(model, terms, low, or_none=shape.or_none)


def _excess(model: Linear, shape: Count, tier: int, price: int, most: int) -> Terms:
    """What may be over the limit: one number, or one boolean for each further unit of breach."""
    if not shape.triangular:
        breach = model.variable(most)
        model.cost(tier, breach, price)
        return {breach: -1}
    steps: Terms = {}
    for k in range(1, min(most, 40) + 1):
        step = model.variable(1)
        model.cost(tier, step, price * k)
        steps[step] = -1
    return steps


def _lower(model: Linear, terms: Terms, low: int, *, or_none: bool) -> None:
    if not or_none:
        model.row(terms, low, 10**9)
        return
    used = model.variable(1)
    model.row(added(terms, {used: -low}), 0, 10**9)
    for x in terms:
        model.row({x: 1, used: -1}, -1, 0)


def _one_class(model: Linear, shape: OneClass, tier: int, price: int) -> None:
    """A unit has one class; of a priced rule everybody of another class is a breach."""
    chosen: dict[tuple[int, int], int] = {}
    for i, k in zip(shape.persons.tolist(), shape.classes.tolist(), strict=True):
        for unit, terms in model.in_units(i, shape.level).items():
            if (unit, k) not in chosen:
                chosen[unit, k] = model.variable(1)
            breach = _breach(model, tier, price, 1)
            slack = {} if breach is None else {breach: -1}
            model.row(added(terms, {chosen[unit, k]: -1}, slack), -2, 0)
    by_unit: dict[int, Terms] = {}
    for (unit, _), y in chosen.items():
        by_unit.setdefault(unit, {})[y] = 1
    for terms in by_unit.values():
        model.row(terms, 0, 1)


def _move_limit(model: Linear, shape: MoveLimit, tier: int, price: int) -> None:
    moves: Terms = {}
    for i, w in zip(shape.persons.tolist(), shape.weights.tolist(), strict=True):
        moves |= dict.fromkeys(model.elsewhere(i), w)
    breach = _breach(model, tier, price, int(shape.weights.sum()))
    model.row(added(moves, {} if breach is None else {breach: -1}), -(10**9), shape.high)
