"""Who waits for whom, and what is missing, where moves have no safe order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from allocator.model.catalogue import RuleId
from allocator.model.sequence import Hindrance
from allocator.solver.order.attempt import Stuck
from allocator.solver.order.occupancy import Occupancy
from allocator.solver.order.rules import Key
from allocator.solver.order.tallies import NOWHERE


def name_hindrances(
    stuck: Stuck, undecided: Sequence[int], stops: Mapping[int, Sequence[int]]
) -> Iterator[Hindrance]:
    """Everybody who is left of a group: rings of people, then whoever waits for somebody else."""
    left = stuck.left
    first = {p: _broken(stuck.after, p, stuck.targets[p]) for p in left}
    waits = {p: _blocker(stuck.after, p, first[p], left) for p in left}
    named: set[int] = set()
    for person in left:
        if person in named:
            continue
        ring, rest = _follow(person, waits, named)
        if ring:
            yield _hindrance(stuck, ring, first, _ring_words(stuck, ring, stops))
        for other in rest:
            yield _waiting(stuck, other, waits[other], first, undecided)
        named |= {*ring, *rest}


def _broken(after: Occupancy, person: int, target: int) -> tuple[Key, ...]:
    """What the move of one person alone would break."""
    origin = next(iter(after.where[person]), NOWHERE)
    over = after.enter(person, target)
    after.leave(person, origin)
    low = [*after.too_low(person, target), *after.too_low(person, origin)]
    after.enter(person, origin)
    after.leave(person, target)
    return tuple(sorted({*over, *low}))


def _blocker(after: Occupancy, person: int, keys: Sequence[Key], left: Sequence[int]) -> int | None:
    """The first of those left who adds to what the move would break."""
    for other in left:
        if other == person:
            continue
        adds = {
            key for cell in after.where[other] for key in _keys_beside(after, other, cell, person)
        }
        if adds & set(keys):
            return other
    return None


def _keys_beside(after: Occupancy, other: int, cell: int, person: int) -> list[Key]:
    """What somebody adds to, with pairs that the person would make where that person goes."""
    keys = after.keys(other, cell)
    for partner in after.rules.partners(other):
        if partner.other == person and partner.units[cell] >= 0:
            keys.append(after.rules.place_key(partner.rule, partner.level, partner.units[cell]))
    return keys


def _follow(
    person: int, waits: Mapping[int, int | None], named: set[int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The ring that a chain of waiting ends in, empty for none, and the people before it."""
    chain: list[int] = []
    at: int | None = person
    while at is not None and at not in chain and at not in named:
        chain.append(at)
        at = waits[at]
    start = chain.index(at) if at in chain else len(chain)
    return tuple(chain[start:]), tuple(chain[:start])


def _hindrance(
    stuck: Stuck, people: Sequence[int], first: Mapping[int, tuple[Key, ...]], words: str
) -> Hindrance:
    instance = stuck.after.rules.instance
    cells = {c for p in people for c in (*stuck.after.where[p], stuck.targets[p])}
    rules: set[RuleId] = {key.rule for p in people for key in first[p]}
    return Hindrance(
        tuple(instance.person_ids[p] for p in people),
        tuple(sorted(instance.cell_ids[c] for c in cells)),
        tuple(sorted(rules)),
        words,
    )


def _ring_words(stuck: Stuck, ring: Sequence[int], stops: Mapping[int, Sequence[int]]) -> str:
    facts = stuck.after.rules.facts
    facilities = sorted({int(facts.facility[c]) for p in ring for c in stuck.after.where[p]})
    names = ", ".join(facts.facilities[f] for f in facilities)
    cell = f"a free buffer cell in {names} that every rule leaves open to one of them"
    if any(NOWHERE in stops.get(p, ()) for p in ring):
        return (
            f"{cell}, or a holding location in which people may wait longer than "
            f"{facts.holding_limit_minutes} minutes"
        )
    if any(facts.holding[f] is not None for f in facilities):
        return cell
    return f"{cell}, or a holding location (CSWAP) there"


def _waiting(
    stuck: Stuck,
    person: int,
    waits_for: int | None,
    first: Mapping[int, tuple[Key, ...]],
    undecided: Sequence[int],
) -> Hindrance:
    """One person who waits for another, or for room."""
    other = _decided_on(stuck, first[person], undecided) if waits_for is None else waits_for
    if other is None:
        return _hindrance(stuck, (person,), first, _room_words(stuck, person, first[person]))
    name = stuck.after.rules.instance.person_ids[other]
    words = f"a decision where {name} goes, to whom the plan gives no place"
    if waits_for is not None:
        words = f"a move of {name}, who is left out"
    return replace(_hindrance(stuck, (person,), first, words), others=(name,))


def _decided_on(stuck: Stuck, keys: Sequence[Key], undecided: Sequence[int]) -> int | None:
    """The first of those without a place in the plan who adds to what a move would break."""
    after = stuck.after
    for other in undecided:
        if any(key in keys for c in after.where[other] for key in after.keys(other, c)):
            return other
    return None


def _room_words(stuck: Stuck, person: int, keys: Sequence[Key]) -> str:
    instance = stuck.after.rules.instance
    places = ", ".join(sorted({key.place for key in keys}))
    where = places or instance.cell_ids[stuck.targets[person]]
    return f"room or another order at {where}: no order that was tried keeps the rules there"
