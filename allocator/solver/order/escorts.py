"""Who escorts a step, and who may be escorted together."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from allocator.model.moving import MoveFacts
from allocator.solver.order.tallies import NOWHERE


class Go(NamedTuple):
    """One person goes from one cell to another; -1 is no cell: held elsewhere, or CSWAP."""

    person: int
    origin: int
    destination: int


Action: TypeAlias = tuple[Go, ...]


def goes_nowhere(actions: Iterable[Action]) -> bool:
    """True where somebody waits in the holding location, which must not last."""
    return any(go.destination == NOWHERE for action in actions for go in action)


def who_waits(actions: Iterable[Action]) -> tuple[int, ...]:
    """Who moves twice, sorted."""
    times = Counter(go.person for action in actions for go in action)
    return tuple(sorted(person for person, n in times.items() if n > 1))


def officers_of(facts: MoveFacts, go: Go) -> int:
    """Officers who escort a step (P23)."""
    special = max(
        int(facts.person_officers[go.person]),
        *(int(facts.cell_officers[cell]) for cell in (go.origin, go.destination) if cell >= 0),
    )
    return special or facts.officers_per_move


def facility_of(facts: MoveFacts, go: Go) -> int:
    """The facility whose officers escort: the one left, else the one that is reached."""
    if go.origin >= 0:
        return int(facts.facility[go.origin])
    left = int(facts.start_facility[go.person])
    return left if left >= 0 else int(facts.facility[go.destination])


def class_of(facts: MoveFacts, go: Go) -> tuple[int, bool]:
    """Sex, age and legal category as one number; whether a restrictive unit is left or reached."""
    cells = (cell for cell in (go.origin, go.destination) if cell >= 0)
    is_restrictive = any(bool(facts.is_restrictive[cell]) for cell in cells)
    return int(facts.person_class[go.person]), is_restrictive


def least_batches(facts: MoveFacts, actions: Iterable[Action]) -> int:
    """So many batches the officers of each facility need at least."""
    limit, officers = facts.escort_officers, Counter[int]()
    for action in actions:
        for go in action:
            officers[facility_of(facts, go)] += officers_of(facts, go)
    return 1 if limit is None else -(-max(officers.values(), default=0) // limit)


def go_together(facts: MoveFacts, action: Action) -> bool:
    """True when the officers of a facility can escort these steps in one batch."""
    classes: dict[int, tuple[int, bool]] = {}
    officers: dict[int, int] = {}
    for go in action:
        facility, its_class = facility_of(facts, go), class_of(facts, go)
        if classes.setdefault(facility, its_class) != its_class:
            return False
        officers[facility] = officers.get(facility, 0) + officers_of(facts, go)
    limit = facts.escort_officers
    return limit is None or all(number <= limit for number in officers.values())
