"""What the records say of each person on the day: roles, findings, authorities, standing."""

from collections import defaultdict
from functools import cached_property

from allocator.model.person import Authority, Person
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import (
    AuthorityKind,
    FindingKind,
    Grade,
    NetworkRole,
    UsedFor,
    VeoStatus,
)

LEADING = frozenset({NetworkRole.LEADER, NetworkRole.RECRUITER})
RECEPTIVE = frozenset({Grade.MODERATE, Grade.HIGH})
VEO_BY_LAW = frozenset({VeoStatus.CHARGED, VeoStatus.CONVICTED})
VEO = VEO_BY_LAW | {VeoStatus.MONITORED}


class Records:
    """Findings and authorities of a scenario by person, each judged on the scenario's day."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.day = scenario.day

    @cached_property
    def role_of(self) -> dict[str, NetworkRole]:
        """Current role of everyone; unknown without a current finding."""
        return {
            person.person_id: NetworkRole(self._value(person, FindingKind.NETWORK_ROLE))
            for person in self.scenario.people
        }

    @cached_property
    def receptivity_of(self) -> dict[str, Grade]:
        """Current receptivity of everyone; unknown without a current finding."""
        return {
            person.person_id: Grade(self._value(person, FindingKind.RECEPTIVITY))
            for person in self.scenario.people
        }

    @cached_property
    def network_of(self) -> dict[str, str]:
        """Network of the current role finding, for those who have one."""
        findings = (
            self.scenario.current_finding(person.person_id, FindingKind.NETWORK_ROLE)
            for person in self.scenario.people
        )
        return {f.person_id: f.network_id for f in findings if f is not None and f.network_id}

    def _value(self, person: Person, kind: FindingKind) -> str:
        finding = self.scenario.current_finding(person.person_id, kind)
        return "unknown" if finding is None else finding.value

    def is_leading(self, person: Person) -> bool:
        """True for leaders and recruiters."""
        return self.role_of[person.person_id] in LEADING

    def is_receptive(self, person: Person) -> bool:
        """True where receptivity is moderate or high."""
        return self.receptivity_of[person.person_id] in RECEPTIVE

    def is_receptive_or_new(self, person: Person) -> bool:
        """True where receptivity is moderate or high, or unknown in a newcomer."""
        unknown = self.receptivity_of[person.person_id] is Grade.UNKNOWN
        return self.is_receptive(person) or (unknown and self.is_newcomer(person))

    def is_newcomer(self, person: Person) -> bool:
        """True from the day of arrival to the last day of the newcomer window."""
        if person.arrived_at is None:
            return False
        days = (self.day - person.arrived_at).days
        return 0 <= days <= self.scenario.policy.influence.newcomer_days

    @cached_property
    def authorities_of(self) -> dict[str, list[Authority]]:
        """All authorities by person, whatever their dates."""
        by_person: defaultdict[str, list[Authority]] = defaultdict(list)
        for authority in self.scenario.authorities:
            by_person[authority.person_id].append(authority)
        return by_person

    def authorities(self, person: Person, uses: frozenset[UsedFor]) -> list[Authority]:
        """Authorities of a person, whatever their dates, whose kind is among the uses of a cell."""
        held = self.authorities_of.get(person.person_id, ())
        return [authority for authority in held if use_of(authority.kind) in uses]

    def current_authorities(self, person: Person, uses: frozenset[UsedFor]) -> list[Authority]:
        """Those of `authorities` that are current on the day."""
        return [a for a in self.authorities(person, uses) if a.is_current(self.day)]

    @cached_property
    def frozen(self) -> frozenset[str]:
        """People with a current freeze, and people who are out and keep their bed."""
        held = {freeze.person_id for freeze in self.scenario.freezes if freeze.is_current(self.day)}
        return frozenset(held | {p.person_id for p in self.scenario.people if p.out})


def use_of(kind: AuthorityKind) -> UsedFor:
    """The use of a cell that an authority of a kind opens."""
    return UsedFor(kind.value)


def has_veo(person: Person) -> bool:
    """True for monitored, charged and convicted."""
    return person.veo_status in VEO


def has_veo_by_law(person: Person) -> bool:
    """True for charged and convicted."""
    return person.veo_status in VEO_BY_LAW
