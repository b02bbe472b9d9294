"""People and what is recorded about each of them: findings, authorities, freezes.

There is no field for religion, ethnicity, nationality, language, politics or orientation (R62).
"""

from dataclasses import dataclass
from datetime import date

from allocator.model.vocabulary import (
    AuthorityKind,
    EvidenceBasis,
    FindingKind,
    FreezeReason,
    LegalCategory,
    Marking,
    SecurityCategory,
    Sex,
    SharingRisk,
    SourceGrade,
    SpecialistCellType,
    VeoStatus,
)


@dataclass(frozen=True, slots=True)
class Person:
    """One person in custody, by pseudonymous id.

    Parameters
    ----------
    age_years : whole years, 10-110.
    current_place : a cell or a virtual place, None for an arrival not yet placed.
    placed_since : since when in the current cell; last_moved_at : date of the last move.
    out : True for a person at court or hospital who keeps the bed in `current_place`.
    planned_place : the cell of the last plan, where this one revises it; it may be gone by now.
    arrived_at : date of arrival in custody; the newcomer window is counted from it.
    needs : specialist cell types that the person's cell must have.
    places_needed : places taken in a cell, 1 by default (a mother with her child: 2).
    days_below_hard_floor : consecutive days spent so far below the hard space floor.
    days_below_warning_floor : total days spent so far below the warning space floor.
    days_in_solitary : consecutive days so far held alone under the solitary thresholds.
    communications_order_until : expiry of a lawful monitoring order, None without one.
    transfer_notice_at : date on which notice of a transfer was given, None without one.
    """

    person_id: str
    sex: Sex
    age_years: int
    legal_category: LegalCategory
    security_category: SecurityCategory = SecurityCategory.C
    veo_status: VeoStatus = VeoStatus.NONE
    sharing_risk: SharingRisk = SharingRisk.STANDARD
    sharing_assessed_at: date | None = None
    needs: frozenset[SpecialistCellType] = frozenset()
    healthcare_need: bool = False
    vulnerable: bool = False
    first_time: bool = False
    arrived_at: date | None = None
    current_place: str | None = None
    placed_since: date | None = None
    last_moved_at: date | None = None
    moves_last_90_days: int = 0
    out: bool = False
    places_needed: int = 1
    days_below_hard_floor: int = 0
    days_below_warning_floor: int = 0
    days_in_solitary: int = 0
    solitary_contraindicated: bool = False
    prefers_single: bool = False
    programme: str | None = None
    home_area: str | None = None
    communications_order_until: date | None = None
    transfer_notice_at: date | None = None
    planned_place: str | None = None


@dataclass(frozen=True, slots=True)
class PlacementFinding:
    """A human's placement-relevant judgement, valid until a date; after it: unknown.

    `value` is a `NetworkRole` for the kind network_role and a `Grade` for the others.
    `network_id` names the network of a role.
    """

    person_id: str
    kind: FindingKind
    value: str
    tool: str
    assessor_role: str
    assessed_at: date
    valid_until: date
    evidence_ref: str
    basis: EvidenceBasis = EvidenceBasis.ASSESSMENT
    source_grade: SourceGrade = SourceGrade.B
    network_id: str | None = None
    owner: str = ""
    marking: Marking = Marking.UNMARKED
    released_to: frozenset[str] = frozenset()

    def is_current(self, on: date) -> bool:
        """True from the day of the assessment to the last valid day, both included."""
        return self.assessed_at <= on <= self.valid_until


@dataclass(frozen=True, slots=True)
class Authority:
    """An expiring legal act that lets a named person be held in units of one kind (R12-R15)."""

    authority_id: str
    person_id: str
    kind: AuthorityKind
    issued_by: str
    issued_at: date
    review_by: date
    expires_at: date
    grounds: str
    regime_level: int
    medical_considered: bool = False
    medical_considered_at: date | None = None
    permits_solitary: bool = False

    def is_current(self, on: date) -> bool:
        """True from the day of issue to the day of expiry, both included."""
        return self.issued_at <= on <= self.expires_at

    def has_medical(self, on: date) -> bool:
        """True when the medical consideration is recorded and dated, not in the future."""
        return (
            self.medical_considered
            and self.medical_considered_at is not None
            and self.medical_considered_at <= on
        )


@dataclass(frozen=True, slots=True)
class Freeze:
    """A person may not be moved until a date (R24)."""

    person_id: str
    reason: FreezeReason
    until: date

    def is_current(self, on: date) -> bool:
        """True to the last day, included."""
        return on <= self.until
