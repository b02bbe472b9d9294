"""Whose going would let most people move, where the plan takes a cell and gives none."""

from collections.abc import Mapping

import numpy as np

from allocator.model.instance import Instance
from allocator.model.moving import MoveFacts
from allocator.model.shapes import IntArray
from allocator.solver.order.actions import try_action
from allocator.solver.order.escorts import Go
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.rules import Rules
from allocator.solver.order.search import goals_of
from allocator.solver.order.tallies import NOWHERE


def rank_departures(
    instance: Instance, target: IntArray, facts: MoveFacts
) -> tuple[tuple[str, int], ...]:
    """People with a cell to whom the plan gives none, most moves first.

    Parameters
    ----------
    target : shape (n_persons,), cell of each person; -1 for people who get none and stay.

    Returns
    -------
    Person and moves that can be made one by one once that person alone has gone, nobody waiting
    on the way: a quick count to choose by, not the order of moves itself.
    """
    current = instance.current
    moves = np.flatnonzero((target >= 0) & (target != current)).tolist()
    targets = {person: int(target[person]) for person in moves}
    base = Occupancy(Rules(instance, facts, target)).focused(goals_of(targets))
    found: list[tuple[str, int]] = []
    for person in np.flatnonzero((target < 0) & (current >= 0)).tolist():
        at = base.copy()
        at.leave(person, int(current[person]))
        found.append((instance.person_ids[person], _moves_made(at, targets)))
    return tuple(sorted(found, key=lambda entry: (-entry[1], entry[0])))


def _moves_made(at: Occupancy, targets: Mapping[int, int]) -> int:
    """Moves that are safe one after the other, each made as soon as it is."""
    left = dict(targets)
    goes_on = True
    while goes_on:
        goes_on = False
        for person, cell in tuple(left.items()):
            here = next(iter(at.where[person]), NOWHERE)
            if try_action(at, (Go(person, here, cell),)):
                del left[person]
                goes_on = True
    return len(targets) - len(left)
