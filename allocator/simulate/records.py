"""What is recorded about each person: findings, authorities, holds, dates and counters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from numpy.random import Generator

from allocator.model.person import Authority, Freeze, Person, PlacementFinding
from allocator.model.vocabulary import (
    AuthorityKind,
    EvidenceBasis,
    FindingKind,
    FreezeReason,
    Grade,
    NetworkRole,
    SharingRisk,
    SourceGrade,
    UsedFor,
    VeoStatus,
)
from allocator.simulate.before import HARD_FLOOR_M2, WARNING_FLOOR_M2
from allocator.simulate.estate import PROGRAMMES
from allocator.simulate.people import LEADING, NEWCOMER_DAYS, Draft, pick
from allocator.simulate.rows import DAY

FINDING_DAYS = 180
COOLDOWN_DAYS, RECENTLY_MOVED_SHARE = 28, 0.05
FROZEN_SHARE, OUT_SHARE, PROGRAMME_SHARE = 0.025, 0.01, 0.3
ORDER_SHARE, SINGLE_WISH_SHARE = 0.3, 0.1
EXPIRED_FINDINGS_SHARE, CONTRAINDICATED_SHARE = 0.02, 0.1
SHORTEST_HOLD_DAYS = 3
GROUNDS = "recorded conduct, reviewed by the issuing authority"
ISSUERS = {
    AuthorityKind.SEGREGATION: "prison_governor",
    AuthorityKind.ASSESSMENT: "director_of_prison_service",
}
FREEZES = (
    FreezeReason.MEDICAL_HOLD,
    FreezeReason.COURT_NEXT_DAY,
    FreezeReason.EXAM_OR_PROGRAMME,
    FreezeReason.SUICIDE_WATCH,
    FreezeReason.APPEAL_PENDING,
)


def days_ago(days: int) -> date:
    """The day so many days before the scenario's."""
    return DAY - timedelta(days=days)


@dataclass(slots=True)
class Records:
    """Rows about people that are not in the table of people."""

    findings: list[PlacementFinding] = field(default_factory=list)
    authorities: list[Authority] = field(default_factory=list)
    freezes: list[Freeze] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)


def record_everything(people: Sequence[Draft], areas: Sequence[str], rng: Generator) -> Records:
    """Findings, authorities, freezes and the final person of each draft.

    `areas` are the home areas that people may have; empty for a single prison.
    """
    records = Records()
    for person in people:
        person.placed_days = _draw_placed_days(person, rng)
        records.findings.extend(_findings(person, rng))
        if person.purpose.value in set(AuthorityKind) and person.cell is not None:
            number = len(records.authorities) + 1
            records.authorities.append(_authority(person, number, rng))
    records.findings.extend(_expired_findings(people, rng))
    placed = [p for p in people if p.cell is not None and p.purpose is UsedFor.STANDARD]
    frozen = pick(placed, round(FROZEN_SHARE * len(people)), rng)
    for number, person in enumerate(frozen):
        until = DAY + timedelta(days=int(rng.integers(1, 15)))
        records.freezes.append(Freeze(person.person_id, FREEZES[number % len(FREEZES)], until))
    held_back = {id(p) for p in frozen}
    out = {id(p) for p in pick(placed, round(OUT_SHARE * len(people)), rng)}
    moved = {id(p) for p in pick(placed, round(RECENTLY_MOVED_SHARE * len(people)), rng)}
    records.people = [
        _person(p, areas, rng, out=id(p) in out - held_back, moved=id(p) in moved) for p in people
    ]
    return records


def _draw_placed_days(person: Draft, rng: Generator) -> int:
    """Days in the present cell: short of the limits in units that need an authority."""
    longest = min(person.stay_days, 900)
    if person.cell is not None and person.cell.low_contact:
        longest = min(longest, 12)
    elif person.purpose.value in set(AuthorityKind):
        longest = min(longest, 60)
    if person.purpose.value in set(AuthorityKind):
        person.stay_days = max(person.stay_days, SHORTEST_HOLD_DAYS)
        return int(rng.integers(SHORTEST_HOLD_DAYS, max(longest, SHORTEST_HOLD_DAYS) + 1))
    return int(rng.integers(longest + 1))


def _findings(person: Draft, rng: Generator) -> list[PlacementFinding]:
    """Current findings of the role and the receptivity, and of risks for leaders."""
    found: list[tuple[FindingKind, str]] = []
    if person.role is not NetworkRole.UNKNOWN:
        found.append((FindingKind.NETWORK_ROLE, person.role.value))
    if person.receptivity is not Grade.UNKNOWN:
        found.append((FindingKind.RECEPTIVITY, person.receptivity.value))
    if person.role in LEADING and person.veo is not VeoStatus.NONE:
        found.append((FindingKind.DISSEMINATION_RISK, Grade.HIGH.value))
        found.append((FindingKind.SECURITY_RISK, Grade.MODERATE.value))
    return [
        _finding(person, kind, value, int(rng.integers(5, FINDING_DAYS - 5)), rng)
        for kind, value in found
    ]


def _finding(
    person: Draft, kind: FindingKind, value: str, age_days: int, rng: Generator
) -> PlacementFinding:
    assessed = days_ago(age_days)
    return PlacementFinding(
        person.person_id,
        kind,
        value,
        tool="structured professional judgement",
        assessor_role="assessment_team",
        assessed_at=assessed,
        valid_until=assessed + timedelta(days=FINDING_DAYS),
        evidence_ref=f"E-{person.person_id}-{kind.value}",
        basis=EvidenceBasis.ASSESSMENT,
        source_grade=SourceGrade.B if rng.random() < 0.7 else SourceGrade.C,
        network_id=person.network if kind is FindingKind.NETWORK_ROLE else None,
    )


def _expired_findings(people: Sequence[Draft], rng: Generator) -> list[PlacementFinding]:
    """Receptivity once assessed and no longer valid: unknown today."""
    unknown = [
        p for p in people if p.receptivity is Grade.UNKNOWN and p.stay_days > 2 * FINDING_DAYS
    ]
    count = round(EXPIRED_FINDINGS_SHARE * len(people))
    return [
        _finding(p, FindingKind.RECEPTIVITY, Grade.MODERATE.value, int(rng.integers(190, 330)), rng)
        for p in pick(unknown, count, rng)
    ]


def _authority(person: Draft, number: int, rng: Generator) -> Authority:
    """A current authority for the unit the person is in; every fourth expires within a week."""
    kind = AuthorityKind(person.purpose.value)
    cell = person.cell
    regime_level = cell.regime_level if cell else 3
    issued = days_ago(person.placed_days)
    soon = number % 4 == 1
    expires = DAY + timedelta(days=int(rng.integers(1, 8) if soon else rng.integers(20, 85)))
    return Authority(
        f"A{number:05d}",
        person.person_id,
        kind,
        issued_by=ISSUERS.get(kind, "minister_of_justice"),
        issued_at=issued,
        review_by=min(expires, issued + timedelta(days=90)),
        expires_at=expires,
        grounds=GROUNDS,
        regime_level=regime_level,
        medical_considered=True,
        medical_considered_at=issued,
        permits_solitary=cell is not None and cell.low_contact,
    )


def _person(
    draft: Draft, areas: Sequence[str], rng: Generator, *, out: bool, moved: bool
) -> Person:
    cell = draft.cell
    since = (
        min(draft.placed_days, int(rng.integers(1, COOLDOWN_DAYS))) if moved else draft.placed_days
    )
    values: dict[str, Any] = {
        "needs": draft.needs,
        "places_needed": draft.places,
        "vulnerable": draft.vulnerable,
        "first_time": draft.first_time,
        "healthcare_need": draft.purpose is UsedFor.HEALTHCARE,
        "veo_status": draft.veo,
        "arrived_at": days_ago(draft.stay_days),
        "current_place": cell.cell.cell_id if cell else f"{draft.site_id}-RECEPTION",
        "out": out and cell is not None,
        "last_moved_at": days_ago(since) if moved else None,
        "moves_last_90_days": int(rng.integers(1, 4)) if moved else 0,
        "prefers_single": bool(rng.random() < SINGLE_WISH_SHARE),
        "home_area": str(rng.choice(list(areas))) if areas else None,
        "programme": str(rng.choice(PROGRAMMES)) if rng.random() < PROGRAMME_SHARE else None,
        "solitary_contraindicated": bool(
            draft.traits.mental_observation
            and rng.random() < CONTRAINDICATED_SHARE
            and not (cell and cell.low_contact)
        ),
    }
    if cell is not None:
        values |= {"placed_since": days_ago(since)} | _counters(draft, since)
    if cell is not None and cell.monitored and draft.veo is not VeoStatus.NONE:
        ordered = rng.random() < ORDER_SHARE
        values["communications_order_until"] = DAY + timedelta(days=60) if ordered else None
    return Person(
        draft.person_id,
        draft.sex,
        draft.age,
        draft.legal,
        draft.category,
        sharing_risk=SharingRisk.HIGH if draft.alone and draft.assessed else _review(draft),
        sharing_assessed_at=_assessed_at(draft),
        **values,
    )


def _review(draft: Draft) -> SharingRisk:
    """Standard, or under review after an infraction of a newcomer."""
    under_review = draft.traits.infraction and draft.stay_days <= NEWCOMER_DAYS
    return SharingRisk.REVIEW if under_review else SharingRisk.STANDARD


def _assessed_at(draft: Draft) -> date | None:
    return days_ago(min(draft.stay_days, 120)) if draft.assessed else None


def _counters(draft: Draft, since: int) -> dict[str, int]:
    """Days below the space floors and days alone, from the present cell."""
    cell = draft.cell
    if cell is None:
        return {}
    area = cell.cell.area_m2
    share = None if area is None else area / max(cell.load, 1)
    counters = {}
    if share is not None and share < HARD_FLOOR_M2:
        counters["days_below_hard_floor"] = since
    if share is not None and share < WARNING_FLOOR_M2:
        counters["days_below_warning_floor"] = since
    if cell.low_contact and cell.load == 1:
        counters["days_in_solitary"] = since
    return counters
