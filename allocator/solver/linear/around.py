"""Neighbourhoods of a tier without pair points: the people of a few cells, in their likely cells.

What a relaxation's prices rule out is no choice, so many more people than in other neighbourhoods
are placed anew at once; how many is fitted to how long that takes.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allocator.model.shapes import IntArray
from allocator.solver.cpsat.limits import FULL_RELAXATION, Limits
from allocator.solver.cpsat.neighbourhood import Part, reoptimise
from allocator.solver.incumbent import Incumbent

FEWEST, MOST = 16, 600  # people
FIRST = 40
ROUND_TIME = 0.3
QUICK, SLOW = 0.1, 0.25  # of CP-SAT's deterministic seconds
GROWTH = 1.2
UNPLACED = 4
TRIES = 8  # links followed for each person wanted


@dataclass(frozen=True, slots=True, eq=False)
class Aim:
    """What neighbourhoods are to improve.

    Parameters
    ----------
    tier : the first that counts. until : its value that is good enough. turn : tells searches with
        one seed apart.
    caps : shape (K,), for the tiers before. weights : shape (K,).
    only : for each person the cells that count besides the present one. above : shape
        (n, m + 1), how much any solution with a person in a cell, or in none, is above the bound.
    """

    tier: int
    until: int
    caps: IntArray
    weights: IntArray
    only: Sequence[Sequence[int]]
    above: np.ndarray
    turn: int = 0


def improve_around(inc: Incumbent, aim: Aim, ends: float) -> None:
    """Place neighbourhoods anew until a time or until the tier's value is good enough.

    Parameters
    ----------
    ends : on the monotonic clock.
    """
    rng = np.random.default_rng((inc.options.seed, aim.tier, aim.turn))
    people, number = float(FIRST), 0
    while not inc.stopped and time.monotonic() < ends and inc.values[aim.tier] > aim.until:
        part = _choose(inc, aim, int(people), rng)
        if len(part.free) < 2:
            return
        limits = Limits(
            ROUND_TIME, ends - time.monotonic(), inc.options.seed + number, 1, FULL_RELAXATION
        )
        work = reoptimise(inc, aim.tier, aim.caps, aim.weights, part, limits).work
        people = people * GROWTH if work < QUICK else people / GROWTH if work > SLOW else people
        number += 1
        people = float(np.clip(people, FEWEST, MOST))
        if inc.tell("neighbourhoods", aim.tier, inc.values):
            return


def _choose(inc: Incumbent, aim: Aim, people: int, rng: np.random.Generator) -> Part:
    """Cells linked by who might be in both, beginning with somebody who costs more than needed."""
    t, place = inc.tables, inc.placement
    heads = np.bincount(place[place >= 0], minlength=len(t.cap))
    outside = rng.permutation(np.flatnonzero(place < 0))
    emptied = _roomiest(inc) if len(outside) and t.unplaced[:, aim.tier].any() else None
    cells = [] if emptied is None else [emptied]
    size, wait = int(heads[cells].sum()), outside[: len(cells)].tolist()
    odds = aim.above[np.arange(len(place)), place]
    odds = odds + odds.mean() + 1e-3
    for _ in range(TRIES * people):
        if size >= people:
            break
        if not wait:
            wait.append(int(rng.choice(len(place), p=odds / odds.sum())))
        i = wait[int(rng.integers(len(wait)))]
        own = (*aim.only[i], int(place[i]))
        c = int(own[int(rng.integers(len(own)))])
        if c >= 0 and c not in cells:
            cells.append(c)
            size += int(heads[c])
            wait.extend(np.flatnonzero(place == c).tolist())
    chosen = np.unique(np.array(cells, dtype=np.int64))
    inside = np.flatnonzero(np.isin(place, chosen) & (t.fixed < 0))
    near = [i for i in outside.tolist() if not set(cells).isdisjoint(aim.only[i])]
    free = np.union1d(inside, np.array(near[: max(UNPLACED, people // 2)], dtype=np.int64))
    only = {i: (*aim.only[i], int(place[i])) for i in free.tolist()}
    return Part(free, chosen, {i: sorted(set(own)) for i, own in only.items()}, emptied)


def _roomiest(inc: Incumbent) -> int:
    """The cell with most room, which is to have more until somebody fits in."""
    return int(np.argmax(inc.tables.cap - inc.tables.loads(inc.placement)))
