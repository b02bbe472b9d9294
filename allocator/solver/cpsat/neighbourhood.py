"""Large-neighbourhood search: the people of a few cells are re-placed exactly by CP-SAT.

References
----------
.. [1] Shaw (1998), Using constraint programming and local search methods to solve vehicle routing
   problems: relax related parts, re-optimise, accept if not worse.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from allocator.errors import InternalError
from allocator.model.shapes import IntArray
from allocator.solver.cpsat.build import Build
from allocator.solver.cpsat.choice import choose
from allocator.solver.cpsat.limits import Limits, new_solver
from allocator.solver.cpsat.pairs import Linear
from allocator.solver.cpsat.tiers import build_around
from allocator.solver.incumbent import Incumbent
from allocator.solver.shares import person_share

FRUITLESS = 4
ROUND_TIME = 0.3
WEIGHT_SCALE = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Who is placed anew and where.

    Parameters
    ----------
    free, cells : positions, in rising order.
    only : for each of `free` the cells that count, None for all of `cells`.
    emptied : of placements that are worth the same, one with fewer places taken here is better.
    """

    free: IntArray
    cells: IntArray
    only: Mapping[int, Sequence[int]] | None = None
    emptied: int | None = None


@dataclass(frozen=True, slots=True)
class Anew:
    """Whether placing anew gained something, and CP-SAT's deterministic seconds for it."""

    gained: bool
    work: float


def improve(
    inc: Incumbent,
    tier: int,
    caps: IntArray,
    weights: IntArray,
    rounds: int,
    seconds: float | None = None,
) -> None:
    """Re-place `rounds` neighbourhoods one after another, keeping what is no worse.

    `FRUITLESS` rounds in a row without a gain end it.

    Parameters
    ----------
    weights : shape (K,), integer weights of the tier and the later ones, in thousandths.
    seconds : no round is begun that would likely end later; None for no such limit.
    """
    rng = np.random.default_rng(inc.options.seed + 31 * tier + 1009 * (inc.passes - 1))
    fruitless, started = 0, time.monotonic()
    for number in range(rounds):
        spent = time.monotonic() - started
        round_takes = spent / number if number else ROUND_TIME
        if fruitless == FRUITLESS or (seconds is not None and spent + round_takes > seconds):
            return
        free, cells = choose(inc, person_share(inc, tier), rng, number)
        if len(free) < 2:
            return
        limits = Limits(ROUND_TIME, inc.seconds_left, inc.options.seed + number)
        anew = reoptimise(inc, tier, caps, weights, Part(free, cells), limits)
        fruitless = 0 if anew.gained else fruitless + 1
        if inc.tell("neighbourhoods", tier, inc.values) or inc.is_proven(tier):
            return


def reoptimise(
    inc: Incumbent,
    tier: int,
    caps: IntArray,
    weights: IntArray,
    part: Part,
    limits: Limits,
) -> Anew:
    """Re-place some people in some cells by CP-SAT and keep what is better."""
    build = build_around(inc.tables, inc.state(1), part.free, part.cells, part.only)
    for k in range(tier):
        value = build.value(k)
        if not isinstance(value, int):
            build.model.add(value <= max(int(caps[k]), int(inc.values[k])))
    parts = [int(weights[k]) * build.value(k) for k in range(tier, len(weights)) if weights[k]]
    objective, taken = cp_model.LinearExpr.sum(parts), _taken(build, part)
    if taken is not None:
        objective = objective * (int(inc.tables.cap[part.emptied]) + 1) + taken
    build.model.minimize(objective)
    build.hint(inc.placement)
    solver = new_solver(limits)
    status = solver.solve(build.model)
    if status == cp_model.MODEL_INVALID:
        raise InternalError("CP-SAT calls a neighbourhood invalid.", build.model.validate())
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Anew(gained=False, work=limits.deterministic)
    placement = build.read(solver, inc.placement)
    values = inc.values_at(placement)
    change = values - inc.values
    if np.any(change[:tier] > np.maximum(0, caps[:tier] - inc.values[:tier])):
        return Anew(gained=False, work=limits.deterministic)
    worth = int(np.dot(weights[tier:], change[tier:]))
    emptier = _load(inc, part, placement) < _load(inc, part, inc.placement)
    gained = worth < 0 or (worth == 0 and emptier)
    if gained:
        inc.take(placement)
    return Anew(gained, solver.response_proto.deterministic_time)


def _taken(build: Build, part: Part) -> Linear | None:
    """Places that free people take of the cell that is to be emptied."""
    if part.emptied is None:
        return None
    people = build.people_of[part.emptied]
    return cp_model.LinearExpr.weighted_sum(
        [build.x[i, part.emptied] for i in people], [int(build.t.places[i]) for i in people]
    )


def _load(inc: Incumbent, part: Part, placement: IntArray) -> int:
    return 0 if part.emptied is None else int(inc.tables.places[placement == part.emptied].sum())
