"""Everybody who waits does so at once in the holding location; as many as can go straight.

Whoever waits there is fetched before its minutes are over, so that the others have a few batches.
Letting all wait always makes room; here those who need not are found one by one.
"""

from collections.abc import Collection, Mapping, Sequence

from allocator.solver.order.escorts import Action, Go
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.tallies import NOWHERE


def wait_together(
    at: Occupancy, targets: Mapping[int, int], may_wait: Collection[int]
) -> list[Action] | None:
    """Who waits goes out, the others go home before that is too long, then who waits does.

    None where somebody who may not wait cannot go straight. Lower limits and officers are not
    asked.

    Parameters
    ----------
    at : everybody; it is not changed. may_wait : of those who are in a cell now.
    """
    at, batches = at.copy(), at.rules.facts.holding_batches
    origin = {p: at.where[p][0] for p in targets if at.where[p]}
    for person, cell in origin.items():
        at.leave(person, cell)
    straight: list[int] = []
    ways: list[list[int]] = [[]]
    order = sorted(origin, key=lambda p: (p in may_wait, _neighbours(origin, targets, p), p))
    for person in order:
        at.enter(person, origin[person])
        found = _home_in(at, origin, targets, [*straight, person], batches)
        if found is not None:
            straight.append(person)
            ways = found
        elif person in may_wait:
            at.leave(person, origin[person])
        else:
            return None
    waiting = sorted(origin.keys() - set(straight))
    return [
        *((Go(p, origin[p], NOWHERE),) for p in waiting),
        *((Go(p, origin[p], targets[p]),) for batch in ways for p in batch),
        *((Go(p, NOWHERE, targets[p]),) for p in waiting),
        *((Go(p, NOWHERE, targets[p]),) for p in sorted(targets.keys() - origin.keys())),
    ]


def _neighbours(origin: Mapping[int, int], targets: Mapping[int, int], person: int) -> int:
    """How many want the person's cell, or leave the one that the person wants."""
    wanted, left = origin[person], targets[person]
    return sum((targets[p] == wanted) + (cell == left) for p, cell in origin.items())


def _home_in(
    at: Occupancy,
    origin: Mapping[int, int],
    targets: Mapping[int, int],
    people: Sequence[int],
    batches: int,
) -> list[list[int]] | None:
    """Who goes home in which of so many batches; None where these are not enough."""
    trial, left, ways = at.copy(), list(people), list[list[int]]()
    while left and len(ways) < batches:
        going: list[int] = []
        for person in left:
            if trial.enter(person, targets[person]):
                trial.leave(person, targets[person])
            else:
                going.append(person)
        for person in going:
            trial.leave(person, origin[person])
        left = [person for person in left if person not in going]
        ways.append(going)
    return None if left else ways
