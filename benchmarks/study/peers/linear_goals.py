"""Goals of an instance as costs and rows of the monolith."""

import numpy as np

from allocator.model.instance import Instance
from allocator.model.shapes import (
    CellPoints,
    GoalShape,
    IntArray,
    LoadPoints,
    MovePoints,
    PairPoints,
)
from benchmarks.study.peers.linear import Linear, Terms, added, merged_pairs
from benchmarks.study.peers.linear_rules import add_rule, booleans


def build_linear(instance: Instance) -> Linear:
    """The whole monolith.

    Raises
    ------
    UnsupportedError
        If it is too large to be built.
    """
    model = booleans(instance)
    tiers = [setting.tier for setting in instance.tiers]
    contact_pairs: dict[int, list[PairPoints]] = {}
    for shape in instance.shapes:
        if isinstance(shape, PairPoints | CellPoints | MovePoints | LoadPoints):
            tier = tiers.index(shape.tier)
            if isinstance(shape, PairPoints) and shape.level is None:
                contact_pairs.setdefault(tier, []).append(shape)
            else:
                _add_goal(model, shape, tier)
        else:
            add_rule(model, shape, 0 if shape.penalty is None else tiers.index(shape.penalty.tier))
    for tier, shapes in contact_pairs.items():
        _add_contact(model, shapes, tier)
    return model


def _add_goal(model: Linear, shape: GoalShape, tier: int) -> None:
    match shape:
        case CellPoints():
            there = model.first[np.ix_(shape.persons, shape.cells)]
            for row, k in np.argwhere(there >= 0).tolist():
                model.cost(tier, int(there[row, k]), int(shape.by_cell[k]))
        case MovePoints():
            for i, w in zip(shape.persons.tolist(), shape.points.tolist(), strict=True):
                for x in model.elsewhere(i):
                    model.cost(tier, x, w)
        case LoadPoints():
            for c, table in zip(shape.cells.tolist(), shape.table, strict=True):
                _add_load(model, c, table, tier)
        case PairPoints():
            _add_shared(model, shape, tier)


def _add_load(model: Linear, cell: int, table: IntArray, tier: int) -> None:
    """Convex costs of load: one boolean for each place that is taken."""
    model.constant[tier] += int(table[0])
    people = np.flatnonzero(model.first[:, cell] >= 0)
    taken = {int(model.first[i, cell]): int(model.instance.places[i]) for i in people}
    steps: Terms = {}
    for k in range(1, min(len(table) - 1, int(model.instance.max_places[cell])) + 1):
        step = model.variable(1)
        model.cost(tier, step, int(table[k] - table[k - 1]))
        steps[step] = -1
    if taken:
        model.row(added(taken, steps), 0, 0)


def _add_shared(model: Linear, shape: PairPoints, tier: int) -> None:
    """Points of pairs that share a unit of a level."""
    if shape.level is None:
        return
    pairs = merged_pairs(
        shape.first.tolist(), shape.second.tolist(), shape.points.tolist(), ordered=False
    )
    for (a, b), points in pairs.items():
        there = model.in_units(b, shape.level)
        for unit, terms in model.in_units(a, shape.level).items():
            if unit in there:
                _product(model, tier, points, terms, there[unit])


def _product(model: Linear, tier: int, points: int, a: Terms, b: Terms) -> None:
    """Points where both sums of booleans are 1."""
    both = model.variable(1)
    model.cost(tier, both, points)
    if points > 0:
        model.row(added(a, b, {both: -1}), -1, 1)
    else:
        model.row(added({both: 1}, added(a, factor=-1)), -1, 0)
        model.row(added({both: 1}, added(b, factor=-1)), -1, 0)


def _add_contact(model: Linear, shapes: list[PairPoints], tier: int) -> None:
    inst = model.instance
    contact = inst.contact.copy()
    if len(np.unique(inst.contact_class)) == inst.n_cells:
        contact[inst.contact_class, inst.contact_class] = inst.cell_contact
    extra = inst.cell_contact - contact[inst.contact_class, inst.contact_class]
    columns = [np.concatenate([getattr(s, name) for s in shapes]).tolist()
               for name in ("first", "second", "points")]  # fmt: skip
    ordered = not np.array_equal(contact, contact.T)
    for (a, b), points in merged_pairs(*columns, ordered=ordered).items():
        _add_pair(model, contact, (a, b), points, tier)
        for c, x in model.cells_of(a):
            y = int(model.first[b, c])
            if y >= 0 and extra[c]:
                _product(model, tier, points * int(extra[c]), {x: 1}, {y: 1})


def _add_pair(
    model: Linear, contact: IntArray, pair: tuple[int, int], points: int, tier: int
) -> None:
    """Contact of a pair, by class of the first person's cell."""
    theirs = model.in_classes(pair[1])
    for k, here in model.in_classes(pair[0]).items():
        near = added(
            *(
                {x: int(contact[k, m]) for x in terms}
                for m, terms in theirs.items()
                if contact[k, m]
            )
        )
        most = max(near.values(), default=0)
        if most == 0:
            continue
        share = model.variable(most)
        model.cost(tier, share, points)
        if points > 0:
            model.row(added(near, added(here, factor=most), {share: -1}), -most, most)
        else:
            model.row(added({share: 1}, added(here, factor=-most)), -most, 0)
            model.row(added({share: 1}, added(near, factor=-1)), -most, 0)
