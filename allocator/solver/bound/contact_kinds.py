"""Contact of a small prison in kinds of cells: each layer alone, then all layers of a crowd.

The semidefinite and clique bounds of a layer are rows of the model, since its own relaxation sees
nothing: they are what CP-SAT closes in on. Layers alone are quickly proved and become rows of the
model of all layers. Blocks that divide a kind of cells (single cells) count at their bound.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from allocator.model.shapes import IntArray
from allocator.solver.bound.contact import CONTACT
from allocator.solver.bound.crowds import Crowd, crowds_of
from allocator.solver.bound.home import most_unplaced
from allocator.solver.bound.kinds import KindsModel
from allocator.solver.bound.layers import Layer, layers_of
from allocator.solver.bound.pairs import contact_points, crowd_bound
from allocator.solver.cpsat.limits import Limits, new_solver
from allocator.solver.cpsat.pairs import Linear
from allocator.solver.tables import Tables

MOST_PEOPLE = 62
MOST_OPTIONS = 2_000
LAYER_SHARE = 0.2


@dataclass(eq=False)
class _Part:
    """A crowd of one layer: its terms, whether they are in the model, and its bound."""

    crowd: Crowd
    step: int
    terms: cp_model.LinearExpr
    is_posted: bool
    bound: int


def contact_bound(
    t: Tables, tier: int, caps: IntArray, slack: IntArray, value: int, limits: Limits
) -> int | None:
    """Bound of a tier's contact, at most `value`; None where the prison is too large.

    Parameters
    ----------
    caps, slack : shape (K,), as for the other bounds. value : of the contact terms of a placement
        within the caps. limits : for each model of all layers; a layer alone gets a fifth.
    """
    layers = layers_of(t, CONTACT)
    rows = t.contact_rows(tier)
    if not rows.any() or t.pair_in[rows].any() or len(t.places) > MOST_PEOPLE or not layers:
        return None
    if not all(layer.is_exact for layer in layers):
        return None
    model = KindsModel(t, tier, caps)
    if model.n_options > MOST_OPTIONS:
        return None
    model.build()
    points = contact_points(t, rows)
    unplaced = min(len(t.places), most_unplaced(t, tier, slack))
    parts = [
        _part(model, number, layer, crowd)
        for number, layer in enumerate(layers)
        for crowd in crowds_of(t, layer.inner, points, tier, slack, unplaced)
    ]
    return _solve_parts(model.away.model, parts, value, limits)


def _part(model: KindsModel, number: int, layer: Layer, crowd: Crowd) -> _Part:
    """A crowd with the rows of its pairs, where its blocks are whole kinds."""
    home = model.home
    bound = crowd_bound(crowd)
    block = layer.inner[home.example]
    whole = all(len(np.unique(layer.inner[home.kind == q])) == 1 for q in range(len(block)))
    first, second = np.nonzero(np.triu(np.where(crowd.never, 0, crowd.points)))
    if not whole or crowd.n_units == 1 or len(first) == 0:
        return _Part(crowd, layer.step, cp_model.LinearExpr.sum([]), is_posted=False, bound=bound)
    terms: list[Linear] = []
    for u in np.unique(block[block >= 0]).tolist():
        kinds = np.flatnonzero(block == u)
        for a, b in zip(first.tolist(), second.tolist(), strict=True):
            ends = [
                model.shared.inside(int(crowd.people[k]), -1 - number, u, kinds) for k in (a, b)
            ]
            if ends[0] is not None and ends[1] is not None:
                size = int(crowd.points[a, b])
                terms.append(size * model.shared.both(ends[0], ends[1], size))
    total = cp_model.LinearExpr.sum(terms)
    model.away.model.add(total >= bound)
    return _Part(crowd, layer.step, total, is_posted=True, bound=bound)


def _solve_parts(model: cp_model.CpModel, parts: list[_Part], value: int, limits: Limits) -> int:
    """Raise the bounds of parts alone, then of all layers of each crowd of the first layer."""
    alone = Limits(limits.deterministic * LAYER_SHARE, limits.seconds, limits.seed)
    for part in parts:
        if part.is_posted:
            part.bound = max(part.bound, _least(model, part.terms, None, alone))
            model.add(part.terms >= part.bound)
    total = sum(part.step * part.bound for part in parts)
    for own in _by_first_layer(parts):
        gap = value - total
        if gap <= 0 or len(own) < 2:
            continue
        lower = sum(part.step * part.bound for part in own)
        together = model.clone()
        for part in own:
            together.add(part.terms <= part.bound + (gap - 1) // part.step)
        terms = cp_model.LinearExpr.sum([part.step * part.terms for part in own])
        total += max(0, _least(together, terms, lower + gap - 1, limits) - lower)
    return min(value, total)


def _by_first_layer(parts: list[_Part]) -> list[list[_Part]]:
    """Parts with terms, by the crowd of the first layer that holds their people."""
    own: dict[int, list[_Part]] = defaultdict(list)
    first: dict[int, int] = {}
    for part in parts:
        for i in part.crowd.people.tolist():
            first.setdefault(i, int(part.crowd.people[0]))
        if part.is_posted:
            own[first[int(part.crowd.people[0])]].append(part)
    return [own[key] for key in sorted(own)]


def _least(
    model: cp_model.CpModel, total: cp_model.LinearExpr, high: int | None, limits: Limits
) -> int:
    """Least of a sum, at most one more than `high`."""
    own = model.clone()
    if high is not None:
        own.add(total <= high)
    own.minimize(total)
    solver = new_solver(limits)
    solver.parameters.linearization_level = 2
    status = solver.solve(own)
    if status == cp_model.INFEASIBLE and high is not None:
        return high + 1
    return int(np.ceil(solver.best_objective_bound - 1e-6))
