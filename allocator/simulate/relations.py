"""Relations that respect the "before" placement: separations, protection, stable pairs.

They are drawn after people have cells, among people who are apart at the relation's level, so
the placement is lawful by construction. Rival groups are groups by recorded conduct.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import combinations

from numpy.random import Generator

from allocator.model.relations import (
    GroupRivalry,
    KeepApartMembership,
    NonAssociation,
    ProtectionNeed,
    StablePair,
)
from allocator.model.vocabulary import NonAssociationReason, Restriction
from allocator.simulate.before import CellState
from allocator.simulate.people import ADULT_AGE, Draft, pick
from allocator.simulate.rows import DAY
from allocator.simulate.spec import Facility

LEVELS = (
    (Restriction.CELL, 0.25),
    (Restriction.LANDING, 0.35),
    (Restriction.WING, 0.35),
    (Restriction.EXERCISE_GROUP, 0.05),
)
REASONS = (
    NonAssociationReason.VIOLENCE,
    NonAssociationReason.THREAT,
    NonAssociationReason.BULLYING,
    NonAssociationReason.LEGAL_REQUEST,
    NonAssociationReason.OTHER,
)
PROTECTION_SHARE, STABLE_PAIR_SHARE = 0.01, 0.03
MANY_TRIES = 400


@dataclass(slots=True)
class Relations:
    """Rows of the tables of relations, and the pairs already kept apart."""

    non_associations: list[NonAssociation] = field(default_factory=list)
    memberships: list[KeepApartMembership] = field(default_factory=list)
    rivalries: list[GroupRivalry] = field(default_factory=list)
    protection_needs: list[ProtectionNeed] = field(default_factory=list)
    stable_pairs: list[StablePair] = field(default_factory=list)
    apart: set[frozenset[str]] = field(default_factory=set)


def draw_relations(facility: Facility, people: Sequence[Draft], rng: Generator) -> Relations:
    """Rival groups first, then single pairs up to the facility's number, then protection needs."""
    relations = Relations()
    groups = _draw_groups(facility, people, rng)
    _record_groups(relations, groups, _rival_level(people, facility.rival_groups))
    _draw_pairs(relations, facility.keep_apart_pairs, people, rng)
    _draw_protection(relations, facility, people, groups, rng)
    _draw_stable_pairs(relations, people, rng)
    return relations


def apart_at(first: CellState | None, second: CellState | None, level: Restriction) -> bool:
    """True when two cells share no unit of the level; people in reception are apart from all."""
    if first is None or second is None:
        return True
    if level is Restriction.FACILITY:
        return first.site != second.site
    same_yard = first.site == second.site and first.yard == second.yard and first.yard is not None
    if level is Restriction.EXERCISE_GROUP and same_yard:
        return False
    if level in {Restriction.EXERCISE_GROUP, Restriction.WING}:
        return first.wing != second.wing
    if level is Restriction.LANDING:
        return first.landing != second.landing
    return first is not second


def _rival_level(people: Sequence[Draft], groups: int) -> Restriction:
    """Wings where there are enough of them, else landings or cells."""
    wings = {p.cell.wing for p in people if p.cell and p.age >= ADULT_AGE}
    landings = {p.cell.landing for p in people if p.cell and p.age >= ADULT_AGE}
    if len(wings) >= max(4, groups):
        return Restriction.WING
    return Restriction.LANDING if len(landings) >= max(4, groups) else Restriction.CELL


def _draw_groups(
    facility: Facility, people: Sequence[Draft], rng: Generator
) -> dict[str, list[Draft]]:
    """Members by group; each unit of the level has candidates for one group only."""
    names = [f"group_{k + 1}" for k in range(facility.rival_groups)]
    pairs = len(names) * (len(names) - 1) // 2
    if not pairs:
        return {name: pick([p for p in people if p.age >= ADULT_AGE], 3, rng) for name in names}
    size = int((facility.rival_share * facility.keep_apart_pairs / pairs) ** 0.5)
    level = _rival_level(people, len(names))
    units: dict[str, int] = {}
    candidates: dict[int, list[Draft]] = {k: [] for k in range(len(names))}
    for person in sorted(people, key=lambda p: (not p.traits.gang_flag, p.person_id)):
        if person.cell is not None and person.age >= ADULT_AGE and not person.places > 1:
            unit = getattr(person.cell, level.value)
            key = unit if isinstance(unit, str) else person.cell.cell.cell_id
            candidates[units.setdefault(key, len(units) % len(names))].append(person)
    return {name: candidates[k][:size] for k, name in enumerate(names)}


def _record_groups(
    relations: Relations, groups: dict[str, list[Draft]], level: Restriction
) -> None:
    for name, members in groups.items():
        relations.memberships += [KeepApartMembership(name, p.person_id) for p in members]
    for one, other in combinations(groups, 2):
        relations.rivalries.append(GroupRivalry(one, other, level))
        relations.apart |= {
            frozenset({a.person_id, b.person_id}) for a in groups[one] for b in groups[other]
        }


def _draw_pairs(relations: Relations, wanted: int, people: Sequence[Draft], rng: Generator) -> None:
    """Non-associations within one site until `wanted` pairs are kept apart in all."""
    levels = [level for level, _ in LEVELS]
    shares = [share for _, share in LEVELS]
    tries = 0
    while len(relations.apart) < wanted and tries < MANY_TRIES * wanted:
        tries += 1
        a, b = (people[int(k)] for k in rng.integers(len(people), size=2))
        level = levels[int(rng.choice(len(levels), p=shares))]
        pair = frozenset({a.person_id, b.person_id})
        if (
            len(pair) < 2
            or pair in relations.apart
            or a.site_id != b.site_id
            or a.legal is not b.legal
            or not apart_at(a.cell, b.cell, level)
        ):
            continue
        relations.apart.add(pair)
        first, second = sorted(pair)
        reason = REASONS[int(rng.integers(len(REASONS)))]
        relations.non_associations.append(NonAssociation(first, second, level, reason))


def _draw_protection(
    relations: Relations,
    facility: Facility,
    people: Sequence[Draft],
    groups: dict[str, list[Draft]],
    rng: Generator,
) -> None:
    """Individual needs: half from a named person, half from a group where there is one."""
    wanted = facility.protection_needs
    wanted = round(PROTECTION_SHARE * len(people)) if wanted is None else wanted
    members = {p.person_id for group in groups.values() for p in group}
    placed = [p for p in people if p.cell is not None and p.person_id not in members]
    for number, person in enumerate(pick(placed, len(placed), rng)):
        if len(relations.protection_needs) >= wanted:
            return
        level = Restriction.WING if number % 2 else Restriction.LANDING
        from_group = number % 2 == 1 and bool(groups)
        name = sorted(groups)[number // 2 % len(groups)] if from_group else None
        sources = groups[name] if name else [people[int(rng.integers(len(people)))]]
        if person in sources or any(
            p.site_id != person.site_id or not apart_at(person.cell, p.cell, level) for p in sources
        ):
            continue
        relations.protection_needs.append(
            ProtectionNeed(
                person.person_id,
                level,
                reason="recorded threat, individually assessed",
                authority="prison_governor",
                review_by=DAY + timedelta(days=30),
                from_person=None if name else sources[0].person_id,
                from_group=name,
            )
        )


def _draw_stable_pairs(relations: Relations, people: Sequence[Draft], rng: Generator) -> None:
    """Cellmates who share well."""
    cells = {id(p.cell): p.cell for p in people if p.cell is not None}
    shared = [cell for cell in cells.values() if len(cell.people) > 1]
    wanted = round(STABLE_PAIR_SHARE * len(people))
    order = rng.permutation(len(shared))[:wanted]
    for k in order:
        first, second = sorted(p.person_id for p in shared[int(k)].people[:2])
        relations.stable_pairs.append(StablePair(first, second))
