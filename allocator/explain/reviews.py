"""What falls due for review in the next 30 days, and what is overdue (R56)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from allocator.explain.readers import RECORDED, Reader
from allocator.model.person import Authority, PlacementFinding
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import UsedFor

HORIZON_DAYS = 30
DEROGATION_DAYS = 7
HIDDEN_FINDING = f"Placement finding ({RECORDED})"
COMPLAINT_DAYS = 7  # as for derogations; no source names a time for both


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One review: `days` from the scenario's day, negative when overdue.

    `subject` is a pseudonymous person id, or the plan's derogations together.
    """

    due: date
    days: int
    subject: str
    what: str

    @property
    def is_overdue(self) -> bool:
        """True when the date has passed; what is overdue blocks renewal, not release."""
        return self.days < 0


def review_calendar(
    scenario: Scenario, derogations: int, reader: Reader = Reader.OFFICER
) -> tuple[ReviewLine, ...]:
    """Overdue first, then by date; derogations of the plan are reviewed after a week."""
    lines = [
        *_authorities(scenario),
        *_findings(scenario, reader),
        *_protection_needs(scenario),
        *_solitary(scenario),
        *_complaints(scenario),
        *_derogations(scenario, derogations),
    ]
    return tuple(sorted(lines, key=lambda line: (line.due, line.what, line.subject)))


def _due(scenario: Scenario, due: date, subject: str, what: str) -> Iterator[ReviewLine]:
    days = (due - scenario.day).days
    if days <= HORIZON_DAYS:
        yield ReviewLine(due, days, subject, what)


def _authorities(scenario: Scenario) -> Iterator[ReviewLine]:
    held = {
        p.person_id: scenario.estate.cell_by_id[p.current_place]
        for p in scenario.people
        if p.current_place in scenario.estate.cell_by_id
    }
    for authority in scenario.authorities:
        kind = authority.kind.value.replace("_", " ")
        subject = authority.person_id
        if authority.expires_at >= scenario.day:
            yield from _due(scenario, authority.review_by, subject, f"Review of {kind} authority")
            yield from _due(scenario, authority.expires_at, subject, f"Expiry of {kind} authority")
        elif subject in held and _is_for(authority, scenario.estate.uses(held[subject])):
            yield from _due(
                scenario, authority.expires_at, subject, f"Expired {kind} authority, person held"
            )


def _is_for(authority: Authority, uses: frozenset[UsedFor]) -> bool:
    return authority.kind.value in {use.value for use in uses}


def _findings(scenario: Scenario, reader: Reader) -> Iterator[ReviewLine]:
    latest: dict[tuple[str, str], PlacementFinding] = {}
    for finding in scenario.findings:
        key = (finding.person_id, finding.kind)
        if key not in latest or latest[key].valid_until < finding.valid_until:
            latest[key] = finding
    for finding in latest.values():
        kind = finding.kind.value.replace("_", " ")
        what = f"Placement finding ({kind})" if reader.sees_intelligence else HIDDEN_FINDING
        yield from _due(scenario, finding.valid_until, finding.person_id, what)


def _protection_needs(scenario: Scenario) -> Iterator[ReviewLine]:
    for need in scenario.protection_needs:
        yield from _due(scenario, need.review_by, need.person_id, "Protection need")


def _solitary(scenario: Scenario) -> Iterator[ReviewLine]:
    """R16: from the alarm on, the day on which being alone without contact must have ended."""
    limits = scenario.profile.thresholds
    for person in scenario.people:
        if person.days_in_solitary >= limits.solitary_alarm_days:
            due = scenario.day + timedelta(limits.solitary_limit_days - person.days_in_solitary)
            what = f"Alone without contact for {person.days_in_solitary} days: must end by then"
            yield from _due(scenario, due, person.person_id, what)


def _complaints(scenario: Scenario) -> Iterator[ReviewLine]:
    """R55: a person decides each open complaint."""
    for complaint in scenario.complaints:
        if complaint.is_open(scenario.day):
            due = complaint.opened_at + timedelta(days=COMPLAINT_DAYS)
            what = f"Open complaint against {complaint.cell_id}: somebody decides"
            yield from _due(scenario, due, complaint.person_id, what)


def _derogations(scenario: Scenario, count: int) -> Iterator[ReviewLine]:
    if count:
        due = scenario.day + timedelta(days=DEROGATION_DAYS)
        what = "Derogations of this plan, if signed"
        yield ReviewLine(due, DEROGATION_DAYS, f"{count} derogations", what)
