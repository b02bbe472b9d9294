"""Who goes home together, where a lower limit lets nobody go or stay alone."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from allocator.solver.order.escorts import Action, Go
from allocator.solver.order.rules import Rules
from allocator.solver.order.tallies import NOWHERE

MOST_TOGETHER = 3


def companies(
    rules: Rules,
    go: Go,
    pending: Iterable[int],
    targets: Mapping[int, int],
    here: Mapping[int, int],
) -> Iterator[Action]:
    """One person with up to three others who leave the same cell or come to the same.

    Parameters
    ----------
    pending : who still moves, in the order in which they are tried; only those after the person.
    targets, here : cell that each goes to, and is in.
    """
    for cell, of_others in ((go.destination, targets), (go.origin, here)):
        if cell == NOWHERE or not rules.has_low(go.person, cell):
            continue
        same = [
            Go(p, here[p], targets[p]) for p in pending if p > go.person and of_others[p] == cell
        ]
        for size in range(1, min(len(same), MOST_TOGETHER) + 1):
            yield from ((go, *company) for company in combinations(same, size))
