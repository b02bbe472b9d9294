"""Recorded data that bears on where one person can be, and the scenario without some of it.

Taking a record away is a way to find out what it does. It is never a proposal: what is recorded
changes when it is no longer true, and not so that a cell opens. What nobody can have recorded
otherwise (sex, age, legal category, the estate, authorities that do not exist) is no record here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.person import Person
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import (
    FindingKind,
    SecurityCategory,
    SharingRisk,
    VeoStatus,
)


class RecordKind(StrEnum):
    """Kinds of records; in the order in which an explanation would rather name them."""

    NON_ASSOCIATION = "non_association"
    PROTECTION_NEED = "protection_need"
    LOCK = "lock"
    FREEZE = "freeze"
    COMPLAINT = "complaint"
    LAST_MOVE = "last_move"
    SHARING_RISK = "sharing_risk"
    STABLE_PAIR = "stable_pair"
    LAST_PLAN = "last_plan"
    SINGLE_CELL = "single_cell"
    PROGRAMME = "programme"
    HOME_AREA = "home_area"
    BURDEN = "burden"
    NEEDS = "needs"
    SECURITY_CATEGORY = "security_category"
    COMMUNICATIONS_ORDER = "communications_order"
    AUTHORITY = "authority"
    EVIDENCE = "evidence"
    KEEP_APART_GROUP = "keep_apart_group"
    NETWORK_ROLE = "network_role"
    RECEPTIVITY = "receptivity"
    FIRST_TIME = "first_time"
    VEO_STATUS = "veo_status"
    MOVE_LIMIT = "move_limit"
    PLACE = "place"


@dataclass(frozen=True, slots=True, order=True)
class Record:
    """What is recorded of a kind for the person, and about or with the people named.

    A `PLACE` is where others are planned: no record of the person, and only a move of theirs.
    """

    kind: RecordKind
    person_ids: tuple[str, ...] = ()


Sources: TypeAlias = frozenset[RuleId | GoalId]
EXPOSURE: Sources = frozenset({GoalId.SPILLOVER, GoalId.COLLUSION, GoalId.SUPPORT})
AUTHORITY_RULES: Sources = frozenset(
    {
        RuleId.LEAST_RESTRICTIVE,
        RuleId.AUTHORITY,
        RuleId.MEDICAL_CONSIDERED,
        RuleId.EXPIRED_AUTHORITY,
        RuleId.NO_SOLITARY,
        GoalId.TIERS,
    }
)
AFFECTS: Mapping[RecordKind, Sources] = {
    RecordKind.NON_ASSOCIATION: frozenset({RuleId.NON_ASSOCIATION}),
    RecordKind.PROTECTION_NEED: frozenset({RuleId.PROTECTION_NEED}),
    RecordKind.LOCK: frozenset({RuleId.OFFICER_LOCKS}),
    RecordKind.FREEZE: frozenset({RuleId.FROZEN}),
    RecordKind.COMPLAINT: frozenset({RuleId.FROZEN}),
    RecordKind.LAST_MOVE: frozenset({RuleId.COOLDOWN}),
    RecordKind.SHARING_RISK: frozenset({RuleId.SINGLE_CELL}),
    RecordKind.STABLE_PAIR: frozenset({GoalId.SUPPORT, GoalId.MOVES}),
    RecordKind.LAST_PLAN: frozenset({RuleId.ONE_BED, GoalId.LAST_PLAN}),
    RecordKind.SINGLE_CELL: frozenset({GoalId.SPACE}),
    RecordKind.PROGRAMME: frozenset({GoalId.PROGRAMME, GoalId.MOVES}),
    RecordKind.HOME_AREA: frozenset({GoalId.NEAR_HOME}),
    RecordKind.BURDEN: frozenset({GoalId.BURDEN}),
    RecordKind.NEEDS: frozenset({RuleId.SPECIAL_NEEDS}),
    RecordKind.SECURITY_CATEGORY: frozenset({RuleId.SECURITY_CATEGORY}),
    RecordKind.COMMUNICATIONS_ORDER: frozenset({RuleId.COMMUNICATIONS}),
    RecordKind.AUTHORITY: AUTHORITY_RULES,
    RecordKind.EVIDENCE: EXPOSURE,
    RecordKind.KEEP_APART_GROUP: frozenset({RuleId.NON_ASSOCIATION, RuleId.PROTECTION_NEED}),
    RecordKind.NETWORK_ROLE: EXPOSURE
    | {
        RuleId.SOURCE_RECEPTIVE_CELL,
        RuleId.SOURCE_RECEPTIVE_UNIT,
        RuleId.LEADERS,
        RuleId.FIRST_TIME,
        RuleId.STAFFING,
        GoalId.MOVES,
    },
    RecordKind.RECEPTIVITY: EXPOSURE | {RuleId.SOURCE_RECEPTIVE_CELL, RuleId.SOURCE_RECEPTIVE_UNIT},
    RecordKind.FIRST_TIME: EXPOSURE | {RuleId.FIRST_TIME},
    RecordKind.VEO_STATUS: frozenset(
        {RuleId.UNIT_GROUP_CAP, RuleId.DISPERSAL_CAP, RuleId.STAFFING}
    ),
    RecordKind.MOVE_LIMIT: frozenset({RuleId.MOVE_BUDGET}),
    RecordKind.PLACE: frozenset(),
}
"""Rules and goals that read a kind of record; what a removal can change and nothing else."""


def by_kind(records: Iterable[Record]) -> tuple[Record, ...]:
    """One record for each kind with all the people named, in the order of first mention."""
    people: dict[RecordKind, tuple[str, ...]] = {}
    for record in records:
        people[record.kind] = (*people.get(record.kind, ()), *record.person_ids)
    return tuple(Record(kind, ids) for kind, ids in people.items())


def without(scenario: Scenario, person_id: str, records: Iterable[Record]) -> Scenario:
    """The scenario as it would be without some records of a person.

    The places of other people are no part of a scenario: removing a `PLACE` changes nothing here.
    """
    for record in records:
        if record.kind is not RecordKind.PLACE:
            scenario = REMOVE[record.kind](scenario, person_id, record)
    return scenario


Remove = Callable[[Scenario, str, Record], Scenario]


def _non_associations(scenario: Scenario, person_id: str, record: Record) -> Scenario:
    kept = tuple(
        known
        for known in scenario.non_associations
        if not _joins(known.person_a, known.person_b, person_id, record)
    )
    return replace(scenario, non_associations=kept)


def _protection_needs(scenario: Scenario, person_id: str, record: Record) -> Scenario:
    """Needs between the two, or with nobody named the person's own needs from groups."""
    kept = tuple(
        need
        for need in scenario.protection_needs
        if not _joins(need.person_id, need.from_person or "", person_id, record)
        and (record.person_ids or need.person_id != person_id or need.from_group is None)
    )
    return replace(scenario, protection_needs=kept)


def _edges(scenario: Scenario, person_id: str, record: Record) -> Scenario:
    kept = tuple(
        edge
        for edge in scenario.influence_edges
        if not _joins(edge.source, edge.target, person_id, record)
    )
    return replace(scenario, influence_edges=kept)


def _stable_pairs(scenario: Scenario, person_id: str, record: Record) -> Scenario:
    kept = tuple(
        pair
        for pair in scenario.stable_pairs
        if not _joins(pair.person_a, pair.person_b, person_id, record)
    )
    return replace(scenario, stable_pairs=kept)


def _joins(one: str, other: str, person_id: str, record: Record) -> bool:
    """True for the person with one of the people of the record."""
    named = record.person_ids
    return (one == person_id and other in named) or (other == person_id and one in named)


def _groups(scenario: Scenario, person_id: str, _: Record) -> Scenario:
    kept = tuple(m for m in scenario.keep_apart_memberships if m.person_id != person_id)
    return replace(scenario, keep_apart_memberships=kept)


def _locks(scenario: Scenario, person_id: str, _: Record) -> Scenario:
    return replace(
        scenario, locks=tuple(lock for lock in scenario.locks if lock.person_id != person_id)
    )


def _freezes(scenario: Scenario, person_id: str, _: Record) -> Scenario:
    kept = tuple(freeze for freeze in scenario.freezes if freeze.person_id != person_id)
    return _with_person(replace(scenario, freezes=kept), person_id, out=False)


def _complaints(scenario: Scenario, person_id: str, _: Record) -> Scenario:
    kept = tuple(known for known in scenario.complaints if known.person_id != person_id)
    return replace(scenario, complaints=kept)


def _authorities(scenario: Scenario, person_id: str, _: Record) -> Scenario:
    kept = tuple(act for act in scenario.authorities if act.person_id != person_id)
    return replace(scenario, authorities=kept)


def _findings(kind: FindingKind) -> Remove:
    def remove(scenario: Scenario, person_id: str, _: Record) -> Scenario:
        kept = tuple(
            finding
            for finding in scenario.findings
            if finding.person_id != person_id or finding.kind is not kind
        )
        return replace(scenario, findings=kept)

    return remove


def _fields(**values: object) -> Remove:
    """A removal that gives fields of the person the value of nothing recorded."""

    def remove(scenario: Scenario, person_id: str, _: Record) -> Scenario:
        return _with_person(scenario, person_id, **values)

    return remove


def _sharing(scenario: Scenario, person_id: str, _: Record) -> Scenario:
    """As if an assessment of today allowed the person to share."""
    return _with_person(
        scenario,
        person_id,
        sharing_risk=SharingRisk.STANDARD,
        sharing_assessed_at=scenario.day,
    )


def _with_person(scenario: Scenario, person_id: str, **values: object) -> Scenario:
    people = tuple(
        _changed(person, values) if person.person_id == person_id else person
        for person in scenario.people
    )
    return replace(scenario, people=people)


def _changed(person: Person, values: Mapping[str, object]) -> Person:
    return replace(person, **values)  # type: ignore[arg-type]


def _move_limits(scenario: Scenario, _: str, __: Record) -> Scenario:
    thresholds = replace(scenario.profile.thresholds, escort_officers=None)
    return replace(
        scenario,
        max_moves=None,
        max_moves_per_facility=None,
        max_moves_per_wing=None,
        policy=replace(scenario.policy, moves_per_1000=None),
        profile=replace(scenario.profile, thresholds=thresholds),
    )


REMOVE: Mapping[RecordKind, Remove] = {
    RecordKind.NON_ASSOCIATION: _non_associations,
    RecordKind.PROTECTION_NEED: _protection_needs,
    RecordKind.LOCK: _locks,
    RecordKind.FREEZE: _freezes,
    RecordKind.COMPLAINT: _complaints,
    RecordKind.LAST_MOVE: _fields(last_moved_at=None),
    RecordKind.SHARING_RISK: _sharing,
    RecordKind.STABLE_PAIR: _stable_pairs,
    RecordKind.LAST_PLAN: _fields(planned_place=None),
    RecordKind.SINGLE_CELL: _fields(prefers_single=False),
    RecordKind.PROGRAMME: _fields(programme=None),
    RecordKind.HOME_AREA: _fields(home_area=None),
    RecordKind.BURDEN: _fields(moves_last_90_days=0, days_below_warning_floor=0),
    RecordKind.NEEDS: _fields(needs=frozenset(), healthcare_need=False, vulnerable=False),
    RecordKind.SECURITY_CATEGORY: _fields(security_category=SecurityCategory.D),
    RecordKind.COMMUNICATIONS_ORDER: _fields(communications_order_until=None),
    RecordKind.AUTHORITY: _authorities,
    RecordKind.EVIDENCE: _edges,
    RecordKind.KEEP_APART_GROUP: _groups,
    RecordKind.NETWORK_ROLE: _findings(FindingKind.NETWORK_ROLE),
    RecordKind.RECEPTIVITY: _findings(FindingKind.RECEPTIVITY),
    RecordKind.FIRST_TIME: _fields(first_time=False),
    RecordKind.VEO_STATUS: _fields(veo_status=VeoStatus.NONE),
    RecordKind.MOVE_LIMIT: _move_limits,
}
