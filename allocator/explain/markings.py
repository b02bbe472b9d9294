"""Records that their owner marked restricted, and what of a plan rests on them (R60).

A restricted record is for the roles that its owner released it to. For everybody else it is as if
it were not recorded, except that rules go on to keep it: what they then say is recorded
information. Which of a person's records a rule rests on is not told apart, so that what may be
told of one does not show what another says.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from allocator.explain.records import AFFECTS, EXPOSURE, Record, RecordKind, Sources
from allocator.model.catalogue import GoalId, RuleId
from allocator.model.person import PlacementFinding
from allocator.model.relations import (
    GroupRivalry,
    InfluenceEdge,
    KeepApartMembership,
    NonAssociation,
    ProtectionNeed,
)
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import FindingKind, Marking

Marked: TypeAlias = (
    PlacementFinding | InfluenceEdge | KeepApartMembership | ProtectionNeed | NonAssociation
)
MARKED_TABLES = (
    "findings",
    "influence_edges",
    "keep_apart_memberships",
    "protection_needs",
    "non_associations",
)
"""Tables whose rows carry an owner, a marking, and whom the owner released them to."""
OF_ONE: Sources = frozenset({GoalId.MOVES})
"""What a finding bears on for its own person alone."""
KIND_OF_FINDING: Mapping[FindingKind, RecordKind] = {
    FindingKind.NETWORK_ROLE: RecordKind.NETWORK_ROLE,
    FindingKind.RECEPTIVITY: RecordKind.RECEPTIVITY,
}
"""Findings of other kinds are recorded and no rule reads them."""


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a scenario that can be marked, and the rivalries of groups."""

    findings: tuple[PlacementFinding, ...]
    influence_edges: tuple[InfluenceEdge, ...]
    keep_apart_memberships: tuple[KeepApartMembership, ...]
    protection_needs: tuple[ProtectionNeed, ...]
    non_associations: tuple[NonAssociation, ...]
    group_rivalries: tuple[GroupRivalry, ...]

    def withheld(self, roles: frozenset[str]) -> list[Marked]:
        """Restricted records that were released to none of the roles."""
        tables: list[tuple[Marked, ...]] = [getattr(self, name) for name in MARKED_TABLES]
        return [row for table in tables for row in table if not is_released(row, roles)]


def records_of(scenario: Scenario) -> Records:
    """The records of a scenario, which are small beside the rest of it."""
    tables = {name: getattr(scenario, name) for name in (*MARKED_TABLES, "group_rivalries")}
    return Records(**tables)


def is_released(record: Marked, roles: frozenset[str]) -> bool:
    """True for a record that is not restricted, or was released to one of the roles."""
    return record.marking is not Marking.RESTRICTED or not roles.isdisjoint(record.released_to)


def released_scenario(scenario: Scenario, roles: frozenset[str]) -> Scenario:
    """The scenario without the records that were released to none of the roles."""
    tables: dict[str, tuple[Marked, ...]] = {
        name: tuple(row for row in getattr(scenario, name) if is_released(row, roles))
        for name in MARKED_TABLES
    }
    if all(len(rows) == len(getattr(scenario, name)) for name, rows in tables.items()):
        return scenario
    return replace(scenario, **tables)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Withheld:
    """What rests, or may rest, on records that were not released to a reader.

    Parameters
    ----------
    everywhere : rules and goals, whomever they concern.
    by_person : rules and goals where they concern this person.
    records : the records themselves, with everybody whom they name.
    in_groups : people who are kept from others by such a membership or by a need from a group.
    """

    everywhere: Sources = frozenset()
    by_person: Mapping[str, Sources] = field(default_factory=dict)
    records: frozenset[Record] = frozenset()
    in_groups: frozenset[str] = frozenset()

    def bears_on(self, source: RuleId | GoalId, people: Iterable[str]) -> bool:
        """True where a rule or goal may rest on them; for nobody named, where it does at all."""
        if source in self.everywhere:
            return True
        named = tuple(people) or tuple(self.by_person)
        return any(source in self.by_person.get(key, ()) for key in named)

    def touches(self, people: Iterable[str]) -> bool:
        """True where anything said of these people may rest on them."""
        return bool(self.everywhere) or any(key in self.by_person for key in people)

    def has(self, record: Record, people: Iterable[str]) -> bool:
        """True where a record of the people, with those whom it names, is among them."""
        named = {*people, *record.person_ids}
        return any(r.kind is record.kind and named.issuperset(r.person_ids) for r in self.records)

    def explains(self, pair: frozenset[str]) -> bool:
        """True where two people are, or may be, kept apart by one of them."""
        return not self.in_groups.isdisjoint(pair) or any(
            frozenset(record.person_ids) == pair for record in self.records
        )


NOTHING = Withheld()
EVERYTHING = Withheld(
    everywhere=EXPOSURE.union(
        *(
            AFFECTS[kind]
            for kind in (
                RecordKind.NON_ASSOCIATION,
                RecordKind.PROTECTION_NEED,
                RecordKind.NETWORK_ROLE,
                RecordKind.RECEPTIVITY,
            )
        )
    )
)
"""For data that are gone, so that nobody knows what was marked in them."""


def withheld_from(records: Records, roles: frozenset[str]) -> Withheld:
    """What rests on the records that were released to none of the roles."""
    rows = records.withheld(roles)
    if not rows:
        return NOTHING
    everywhere: set[RuleId | GoalId] = set()
    by_person: dict[str, set[RuleId | GoalId]] = defaultdict(set)
    in_groups: set[str] = set()
    named: set[Record] = set()
    for row in rows:
        found = _bearing(records, row)
        named.add(found.record)
        everywhere |= found.everywhere
        for person_id in found.people:
            by_person[person_id] |= found.of_people
        if found.by_group:
            in_groups |= found.people
    people = {key: frozenset(sources) for key, sources in sorted(by_person.items())}
    return Withheld(frozenset(everywhere), people, frozenset(named), frozenset(in_groups))


@dataclass(frozen=True, slots=True)
class _Bearing:
    """What one record bears on: everywhere, and for some people."""

    record: Record
    people: frozenset[str]
    of_people: Sources = frozenset()
    everywhere: Sources = frozenset()
    by_group: bool = False


def _bearing(records: Records, row: Marked) -> _Bearing:
    match row:
        case NonAssociation():
            pair = (row.person_a, row.person_b)
            return _kept_apart(RecordKind.NON_ASSOCIATION, pair, frozenset(pair))
        case ProtectionNeed():
            named = (row.person_id, *((row.from_person,) if row.from_person else ()))
            if row.from_group is None:
                return _kept_apart(RecordKind.PROTECTION_NEED, named, frozenset(named))
            others = _members(records, {row.from_group})
            return _kept_apart(
                RecordKind.PROTECTION_NEED, named, others.union(named), by_group=True
            )
        case KeepApartMembership():
            people = _rivals(records, row.group_id) | {row.person_id}
            kind = RecordKind.KEEP_APART_GROUP
            return _kept_apart(kind, (row.person_id,), people, by_group=True)
        case InfluenceEdge():
            record = Record(RecordKind.EVIDENCE, (row.source, row.target))
            return _Bearing(record, frozenset(), everywhere=AFFECTS[RecordKind.EVIDENCE])
        case PlacementFinding():
            return _finding(row)


def _kept_apart(
    kind: RecordKind, named: tuple[str, ...], people: frozenset[str], *, by_group: bool = False
) -> _Bearing:
    return _Bearing(Record(kind, named), people, AFFECTS[kind], by_group=by_group)


def _finding(row: PlacementFinding) -> _Bearing:
    kind = KIND_OF_FINDING.get(row.kind)
    people = frozenset({row.person_id})
    if kind is None:
        return _Bearing(Record(RecordKind.NETWORK_ROLE, (row.person_id,)), people)
    everywhere, own = AFFECTS[kind] - OF_ONE, AFFECTS[kind] & OF_ONE
    return _Bearing(Record(kind, (row.person_id,)), people, own, everywhere)


def _members(records: Records, groups: Iterable[str]) -> frozenset[str]:
    known = set(groups)
    return frozenset(m.person_id for m in records.keep_apart_memberships if m.group_id in known)


def _rivals(records: Records, group: str) -> frozenset[str]:
    """Members of the groups that a group is kept apart from, and people with a need from it."""
    pairs = [(r.group_a, r.group_b) for r in records.group_rivalries]
    others = {b for a, b in pairs if a == group} | {a for a, b in pairs if b == group}
    needy = {need.person_id for need in records.protection_needs if need.from_group == group}
    return _members(records, others) | needy
