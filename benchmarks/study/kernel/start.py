"""First placements: the officer's walk down the list, and what lower limits start from."""

from typing import Any

import numpy as np

from allocator.model.shapes import IntArray
from benchmarks.study.kernel.costs import jit, note, price_of, put
from benchmarks.study.kernel.model import Model, Work, new_work


def empty_values(model: Model) -> IntArray:
    """Values by tier while nobody is placed and nobody is asked for: unmet lower limits."""
    values = np.zeros(model.n_tiers, dtype=np.int64)
    ends = np.append(model.groups[1:, 1], len(model.low))
    for (_, start, _, _, _, or_none), end in zip(model.groups, ends, strict=False):
        if not or_none:
            values[0] += model.low[start:end].sum()
    return values


@jit
def seat(model: Model, work: Work, i: int, c: int, strict: bool, values: Any) -> bool:
    """Put a person into a cell if that is lawful, and costs nothing in tiers 1 to 3 if strict."""
    price = np.zeros(len(values), dtype=np.int64)
    if not price_of(model, work, i, c, price) or (strict and np.any(price[1:4] > 0)):
        return False
    put(model, work, i, c)
    note(model, work, i, -1, c)
    values += price
    return True


@jit
def walk_list(model: Model, work: Work, values: Any) -> None:
    """Each person in turn: the present cell where it is lawful, else the first lawful cell.

    A first round looks for a cell without breach or conflict, a second one takes any lawful cell;
    whoever finds none stays without.
    """
    waiting = np.ones(len(work.place), dtype=np.bool_)
    for i in range(len(work.place)):
        c = model.current[i]
        waiting[i] = c < 0 or not seat(model, work, i, c, False, values)
    for i in range(len(work.place)):
        for strict in (True, False):
            for c in range(len(model.cap)):
                if waiting[i] and seat(model, work, i, c, strict, values):
                    waiting[i] = False
        if waiting[i]:
            seat(model, work, i, -1, False, values)


def first_fit(model: Model) -> tuple[Work, IntArray]:
    """Everybody stays where that is lawful; the others take the first lawful cell."""
    work, values = new_work(model), empty_values(model)
    walk_list(model, work, values)
    return work, values
