"""What is recorded of one person and of relations with others, row by row, with dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from allocator.model.person import Authority, Person, PlacementFinding
from allocator.model.relations import NonAssociation, ProtectionNeed
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import FindingKind, FreezeReason, Sex, VeoStatus

USED_FINDINGS = (FindingKind.NETWORK_ROLE, FindingKind.RECEPTIVITY)
SEX_WORDS = {Sex.FEMALE: "female", Sex.MALE: "male"}
HEALTH = frozenset(
    {FreezeReason.MEDICAL_HOLD, FreezeReason.SUICIDE_WATCH, FreezeReason.LATE_PREGNANCY}
)
"""Reasons of a hold that are told to nobody here: that there is one is enough."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A person, and a scenario with as much as is to be said of them."""

    scenario: Scenario
    person: Person


class DataKind(StrEnum):
    """What a row is about."""

    NETWORK_ROLE = "network_role"
    RECEPTIVITY = "receptivity"
    VEO_STATUS = "veo_status"
    FIRST_TIME = "first_time"
    SEX_AND_AGE = "sex_and_age"
    COUNTS = "counts"
    COMPLAINT = "complaint"
    SHARING_RISK = "sharing_risk"
    LEGAL_CATEGORY = "legal_category"
    SECURITY_CATEGORY = "security_category"
    NEEDS = "needs"
    ARRIVAL = "arrival"
    LAST_MOVE = "last_move"
    PLACED_SINCE = "placed_since"
    TRANSFER_NOTICE = "transfer_notice"
    COMMUNICATIONS_ORDER = "communications_order"
    WISHES = "wishes"
    AUTHORITY = "authority"
    FREEZE = "freeze"
    LOCK = "lock"
    NON_ASSOCIATION = "non_association"
    KEEP_APART_GROUP = "keep_apart_group"
    PROTECTION_NEED = "protection_need"
    STABLE_PAIR = "stable_pair"


class DataState(StrEnum):
    """What a row counts as on the scenario's day."""

    CURRENT = "current"
    EXPIRED = "expired"
    REPLACED = "replaced"
    REVIEW_OVERDUE = "review overdue"
    NOT_YET = "not yet in force"
    MISSING = "not recorded"
    UNDATED = "no date recorded"


@dataclass(frozen=True, slots=True)
class DataRow:
    """One thing recorded.

    Parameters
    ----------
    value : what it says. source : who recorded it and how, "" where that is not kept.
    on, until : day of the record and its last valid day, or the day of its review.
    is_intelligence : only for readers with access to such information, with value and source.
    person_ids : the others concerned.
    """

    kind: DataKind
    value: str
    state: DataState
    on: date | None = None
    until: date | None = None
    source: str = ""
    is_intelligence: bool = False
    person_ids: tuple[str, ...] = ()


def person_rows(subject: Subject) -> Iterator[DataRow]:
    """Findings, assessments, authorities, holds, locks and plain facts of the person."""
    for kind in USED_FINDINGS:
        yield from _findings(subject, kind)
    yield from _status(subject.person)
    yield _sharing(subject)
    yield from _facts(subject.person)
    yield from _counts(subject.person)
    yield from _orders(subject)
    for act in subject.scenario.authorities_by_person.get(subject.person.person_id, ()):
        yield _authority(subject, act)
    yield from _holds(subject)
    yield from _complaints(subject)


def _status(person: Person) -> Iterator[DataRow]:
    """What is recorded of offence and intake; nothing where there is nothing of it."""
    undated = DataState.UNDATED
    if person.veo_status is not VeoStatus.NONE:
        words = person.veo_status.value.replace("_", " ")
        yield DataRow(DataKind.VEO_STATUS, words, undated, is_intelligence=True)
    if person.first_time:
        yield DataRow(DataKind.FIRST_TIME, "yes", undated, is_intelligence=True)


def _counts(person: Person) -> Iterator[DataRow]:
    """What R07, R16 and R39 go by, counted up to the scenario's day."""
    counts = {
        "moves in the last 90 days": person.moves_last_90_days,
        "days in a row below the hard space floor": person.days_below_hard_floor,
        "days below the warning space floor": person.days_below_warning_floor,
        "days in a row alone without contact": person.days_in_solitary,
    }
    words = [f"{name}: {count:,}" for name, count in counts.items() if count]
    if words:
        yield DataRow(DataKind.COUNTS, ", ".join(words), DataState.CURRENT)


def _complaints(subject: Subject) -> Iterator[DataRow]:
    """Those that are open; what is closed freezes nothing."""
    for known in subject.scenario.complaints:
        if known.person_id == subject.person.person_id and known.is_open(subject.scenario.day):
            words = f"against {known.cell_id} ({known.reason.value.replace('_', ' ')})"
            yield DataRow(
                DataKind.COMPLAINT, words, DataState.CURRENT, known.opened_at, source=known.by
            )


def _findings(subject: Subject, kind: FindingKind) -> Iterator[DataRow]:
    """Every finding of a kind; a row that says so where there is none."""
    person_id, day = subject.person.person_id, subject.scenario.day
    used = subject.scenario.current_finding(person_id, kind)
    found = [f for f in subject.scenario.findings if f.person_id == person_id and f.kind is kind]
    for finding in found:
        state = DataState.CURRENT if finding is used else _state_of_finding(finding, day)
        yield DataRow(
            DataKind(kind.value),
            finding.value,
            state,
            finding.assessed_at,
            finding.valid_until,
            f"{finding.tool}, by {finding.assessor_role}",
            is_intelligence=True,
        )
    if not found:
        yield DataRow(DataKind(kind.value), "", DataState.MISSING, is_intelligence=True)


def _state_of_finding(finding: PlacementFinding, day: date) -> DataState:
    if finding.is_current(day):
        return DataState.REPLACED
    return DataState.EXPIRED if finding.valid_until < day else DataState.NOT_YET


def _sharing(subject: Subject) -> DataRow:
    person = subject.person
    assessed = person.sharing_assessed_at
    if assessed is None:
        return DataRow(DataKind.SHARING_RISK, "not assessed: alone in a cell", DataState.MISSING)
    state = DataState.CURRENT if assessed <= subject.scenario.day else DataState.NOT_YET
    return DataRow(DataKind.SHARING_RISK, person.sharing_risk.value, state, assessed)


def _facts(person: Person) -> Iterator[DataRow]:
    undated = DataState.UNDATED
    held = f"{SEX_WORDS[person.sex]}, {person.age_years}"
    yield DataRow(DataKind.SEX_AND_AGE, held, undated)
    yield DataRow(DataKind.LEGAL_CATEGORY, person.legal_category.value, undated)
    yield DataRow(DataKind.SECURITY_CATEGORY, person.security_category.value, undated)
    needs = [need.value.lower().replace("_", " ") for need in sorted(person.needs)]
    needs += ["health care"] * person.healthcare_need + ["vulnerable"] * person.vulnerable
    needs += ["not to be held alone"] * person.solitary_contraindicated
    needs += [f"{person.places_needed} places"] * (person.places_needed > 1)
    if needs:
        yield DataRow(DataKind.NEEDS, ", ".join(needs), undated)
    wishes = [
        f"{name} {value}"
        for name, value in (("programme", person.programme), ("home area", person.home_area))
        if value
    ]
    wishes += ["a single cell"] * person.prefers_single
    if wishes:
        yield DataRow(DataKind.WISHES, ", ".join(wishes), undated)
    for kind, day in (
        (DataKind.ARRIVAL, person.arrived_at),
        (DataKind.PLACED_SINCE, person.placed_since),
        (DataKind.LAST_MOVE, person.last_moved_at),
        (DataKind.TRANSFER_NOTICE, person.transfer_notice_at),
    ):
        if day is not None:
            yield DataRow(kind, "", DataState.CURRENT, day)


def _orders(subject: Subject) -> Iterator[DataRow]:
    until = subject.person.communications_order_until
    if until is not None:
        state = DataState.CURRENT if until >= subject.scenario.day else DataState.EXPIRED
        yield DataRow(DataKind.COMMUNICATIONS_ORDER, "", state, until=until, is_intelligence=True)


def _authority(subject: Subject, act: Authority) -> DataRow:
    day = subject.scenario.day
    if act.is_current(day):
        state = DataState.CURRENT if day <= act.review_by else DataState.REVIEW_OVERDUE
    else:
        state = DataState.EXPIRED if act.expires_at < day else DataState.NOT_YET
    medical = "recorded" if act.has_medical(day) else "not recorded"
    kind = act.kind.value.replace("_", " ")
    words = f"{kind}, regime {act.regime_level}, medical consideration {medical}"
    return DataRow(DataKind.AUTHORITY, words, state, act.issued_at, act.expires_at, act.issued_by)


def _holds(subject: Subject) -> Iterator[DataRow]:
    person_id, day = subject.person.person_id, subject.scenario.day
    for freeze in subject.scenario.freezes:
        if freeze.person_id == person_id:
            state = DataState.CURRENT if freeze.is_current(day) else DataState.EXPIRED
            reason = "health" if freeze.reason in HEALTH else freeze.reason.value.replace("_", " ")
            yield DataRow(DataKind.FREEZE, reason, state, until=freeze.until)
    if subject.person.out:
        yield DataRow(DataKind.FREEZE, "out, the bed is kept", DataState.UNDATED)
    for lock in subject.scenario.locks:
        if lock.person_id == person_id:
            past = lock.until is not None and lock.until < day
            state = DataState.CURRENT if lock.is_current(day) else DataState.NOT_YET
            state = DataState.EXPIRED if past else state
            words = "is to be in" if lock.kind.value == "lock" else "is not to be in"
            words = f"{words} {lock.cell_id} ({lock.reason.value.replace('_', ' ')})"
            yield DataRow(DataKind.LOCK, words, state, lock.at, lock.until, lock.by)


def relation_rows(subject: Subject) -> Iterator[DataRow]:
    """Non-associations, groups, protection needs and stable pairs of the person."""
    person_id, scenario = subject.person.person_id, subject.scenario
    for known in scenario.non_associations:
        if known.is_open and person_id in {known.person_a, known.person_b}:
            yield _non_association(known, person_id)
    for member in scenario.keep_apart_memberships:
        if member.person_id == person_id:
            yield DataRow(
                DataKind.KEEP_APART_GROUP,
                member.group_id,
                DataState.UNDATED,
                is_intelligence=True,
            )
    groups = {m.group_id for m in scenario.keep_apart_memberships if m.person_id == person_id}
    for need in scenario.protection_needs:
        if person_id in {need.person_id, need.from_person} or need.from_group in groups:
            yield _protection_need(need, person_id, scenario.day)
    for pair in scenario.stable_pairs:
        if person_id in {pair.person_a, pair.person_b}:
            other = pair.person_b if pair.person_a == person_id else pair.person_a
            yield DataRow(DataKind.STABLE_PAIR, "", DataState.UNDATED, person_ids=(other,))


def _non_association(known: NonAssociation, person_id: str) -> DataRow:
    other = known.person_b if known.person_a == person_id else known.person_a
    return DataRow(
        DataKind.NON_ASSOCIATION, f"at level {known.restriction.value}", DataState.UNDATED,
        person_ids=(other,),
    )  # fmt: skip


def _protection_need(need: ProtectionNeed, person_id: str, day: date) -> DataRow:
    """The need without its reason, which is told to nobody here; groups are intelligence."""
    state = DataState.CURRENT if day <= need.review_by else DataState.REVIEW_OVERDUE
    other = need.from_person if need.person_id == person_id else need.person_id
    level = f"out of reach at level {need.reach.value.replace('_', ' ')}"
    return DataRow(
        DataKind.PROTECTION_NEED,
        level,
        state,
        until=need.review_by,
        source=need.authority,
        is_intelligence=need.from_group is not None and need.person_id != person_id,
        person_ids=() if other is None else (other,),
    )
