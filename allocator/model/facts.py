"""What the recorded findings say about a person on the scenario's day; unknown stays unknown."""

from allocator.model.person import Authority, Person
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import FindingKind, Grade, NetworkRole

LEADING_ROLES = frozenset({NetworkRole.LEADER, NetworkRole.RECRUITER})
RECEPTIVE_GRADES = frozenset({Grade.MODERATE, Grade.HIGH})


def role_of(scenario: Scenario, person: Person) -> NetworkRole:
    """Recorded role; unknown when missing or expired."""
    finding = scenario.current_finding(person.person_id, FindingKind.NETWORK_ROLE)
    return NetworkRole(finding.value) if finding else NetworkRole.UNKNOWN


def network_of(scenario: Scenario, person: Person) -> str | None:
    """Network of the recorded role, None when missing or expired."""
    finding = scenario.current_finding(person.person_id, FindingKind.NETWORK_ROLE)
    return finding.network_id if finding else None


def receptivity_of(scenario: Scenario, person: Person) -> Grade:
    """Recorded receptivity; unknown when missing or expired."""
    finding = scenario.current_finding(person.person_id, FindingKind.RECEPTIVITY)
    return Grade(finding.value) if finding else Grade.UNKNOWN


def is_newcomer(scenario: Scenario, person: Person) -> bool:
    """True within the policy's newcomer window, counted from arrival in custody."""
    if person.arrived_at is None:
        return False
    days = (scenario.day - person.arrived_at).days
    return 0 <= days <= scenario.policy.influence.newcomer_days


def is_leading(scenario: Scenario, person: Person) -> bool:
    """True for recorded leaders and recruiters."""
    return role_of(scenario, person) in LEADING_ROLES


def is_receptive(scenario: Scenario, person: Person) -> bool:
    """True when receptivity is recorded as moderate or high."""
    return receptivity_of(scenario, person) in RECEPTIVE_GRADES


def is_receptive_or_new(scenario: Scenario, person: Person) -> bool:
    """True when receptivity is moderate or high, or unknown for a newcomer."""
    grade = receptivity_of(scenario, person)
    return grade in RECEPTIVE_GRADES or (grade is Grade.UNKNOWN and is_newcomer(scenario, person))


def authorities_of(scenario: Scenario, person: Person) -> tuple[Authority, ...]:
    """All authorities recorded for a person, current or not."""
    return scenario.authorities_by_person.get(person.person_id, ())
