"""Why people are left out who are not in one another's way: escorts, windows, room."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from allocator.model.instance import Instance
from allocator.model.moving import MoveFacts
from allocator.model.sequence import Hindrance
from allocator.solver.order.escorts import Go, officers_of
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.rules import Key
from allocator.solver.order.tallies import NOWHERE


def unescorted(
    instance: Instance, facts: MoveFacts, targets: Mapping[int, int]
) -> Iterator[tuple[int, Hindrance]]:
    """Whoever needs more officers for one move than the facility has for escorts."""
    limit = facts.escort_officers
    for person, cell in targets.items():
        needed = officers_of(facts, Go(person, int(instance.current[person]), cell))
        if limit is not None and needed > limit:
            words = f"{needed} officers for one move; the facility has {limit} for escorts"
            places = _places(instance, {person: cell})
            yield person, Hindrance((instance.person_ids[person],), places, (), words)


def too_long(facts: MoveFacts, hindrance: Hindrance) -> Hindrance:
    """A hindrance of people who have an order, but none that a window is long enough for."""
    words = (
        f"a move window of more than {facts.window_minutes} minutes (these moves hang together, "
        "and nobody stays over night in a temporary place or where that breaks a rule); or "
    )
    return replace(hindrance, missing=words + hindrance.missing)


def room_hindrances(
    ends: Sequence[Occupancy],
    asked: Mapping[int, int],
    room: Collection[int],
    others: Sequence[int],
) -> Iterator[Hindrance]:
    """What is missing at their cells for people who stay because others do.

    Parameters
    ----------
    ends : everybody in the end, by the rules that it keeps. asked : the plan's cell of each person.
    others : everybody who stays and whom the plan has elsewhere.
    """
    for person in sorted(room):
        instance = ends[0].rules.instance
        found, there = set[Key](), set[int]()
        for end in ends:
            over = _over(end, person, asked[person])
            found |= over
            there |= {q for q in others for c in end.where[q] if over.intersection(end.keys(q, c))}
        names = tuple(instance.person_ids[q] for q in sorted(there - {person}))
        where = ", ".join(sorted({key.place for key in found}))
        words = f"room at {where}" + (f", where {', '.join(names)} stays" if names else "")
        places = _places(instance, {person: asked[person]})
        rules = tuple(sorted({key.rule for key in found}))
        yield Hindrance((instance.person_ids[person],), places, rules, words, names)


def _over(end: Occupancy, person: int, cell: int) -> set[Key]:
    """What is too much or too little if the person goes too."""
    (here,) = end.where[person] or (NOWHERE,)
    end.leave(person, here)
    over = {*end.enter(person, cell), *end.too_low(person, here), *end.too_low(person, cell)}
    end.leave(person, cell)
    end.enter(person, here)
    return over


def _places(instance: Instance, targets: Mapping[int, int]) -> tuple[str, ...]:
    """Cells that these people leave and come to."""
    cells = {c for p, target in targets.items() for c in (int(instance.current[p]), target)}
    return tuple(sorted(instance.cell_ids[cell] for cell in cells if cell >= 0))
