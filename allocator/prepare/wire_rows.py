"""One wire model per scenario table; the fields are the columns, in their written order."""

from allocator.model.complaints import ComplaintOutcome, ComplaintReason
from allocator.model.locks import LockKind, LockReason
from allocator.model.vocabulary import (
    AccommodationType,
    AuthorityKind,
    DeactivatedReason,
    EdgeKind,
    EvidenceBasis,
    ExposureKind,
    FindingKind,
    FreezeReason,
    LegalCategory,
    Marking,
    NonAssociationReason,
    NonAssociationRole,
    Restriction,
    SecurityCategory,
    Sex,
    SharedSettingKind,
    SharingRisk,
    SourceGrade,
    SpecialistCellType,
    Status,
    UnitType,
    UsedFor,
    VeoStatus,
    VirtualPlaceKind,
)
from allocator.prepare.wire_types import (
    Age,
    Area,
    Day,
    DayCount,
    Hours,
    Id,
    OptionalText,
    Places,
    Points,
    RegimeLevel,
    SmallCount,
    SomePlaces,
    Strength,
    Text,
    Weight,
    Wire,
)


class UnitRow(Wire):
    """A facility, wing, spur or landing."""

    unit_id: Id
    unit_type: UnitType
    parent_id: Id | None = None
    name: Text | None = None
    used_for: frozenset[UsedFor] = frozenset()
    accommodation_type: AccommodationType | None = None
    security_category: SecurityCategory | None = None
    legal_category: LegalCategory | None = None
    regime_level: RegimeLevel | None = None
    unlock_hours: Hours | None = None
    meaningful_contact_hours: Hours | None = None
    exercise_group: Id | None = None
    sealed: bool = False
    trained_staff_per_shift: SmallCount | None = None
    communications_monitoring: bool | None = None
    programmes: frozenset[Id] = frozenset()
    home_area: Id | None = None
    status: Status = Status.ACTIVE
    deactivated_reason: DeactivatedReason | None = None


class CellRow(Wire):
    """A cell with its three capacities."""

    cell_id: Id
    parent_id: Id
    cna: Places
    working_capacity: Places
    max_capacity: SomePlaces
    area_m2: Area | None = None
    accommodation_type: AccommodationType | None = None
    specialist_cell_types: frozenset[SpecialistCellType] = frozenset()
    used_for: frozenset[UsedFor] = frozenset()
    security_category: SecurityCategory | None = None
    status: Status = Status.ACTIVE
    certified: bool = True
    buffer: bool = False
    deactivated_reason: DeactivatedReason | None = None


class VirtualPlaceRow(Wire):
    """Reception, court, hospital or CSWAP of a facility."""

    place_id: Id
    facility_id: Id
    kind: VirtualPlaceKind


class SettingRow(Wire):
    """One unit that uses a workshop, class or worship room."""

    setting_id: Id
    kind: SharedSettingKind
    unit_id: Id


class ContactRow(Wire):
    """Explicit contact weight between two places."""

    place_a: Id
    place_b: Id
    weight: Weight


class TransferPairRow(Wire):
    """Whether people may go from one facility to another."""

    from_facility: Id
    to_facility: Id
    is_open: bool
    notice_days: DayCount = 0


class PersonRow(Wire):
    """One person in custody."""

    person_id: Id
    sex: Sex
    age_years: Age
    legal_category: LegalCategory
    security_category: SecurityCategory = SecurityCategory.C
    veo_status: VeoStatus = VeoStatus.NONE
    sharing_risk: SharingRisk = SharingRisk.STANDARD
    sharing_assessed_at: Day | None = None
    needs: frozenset[SpecialistCellType] = frozenset()
    healthcare_need: bool = False
    vulnerable: bool = False
    first_time: bool = False
    arrived_at: Day | None = None
    current_place: Id | None = None
    placed_since: Day | None = None
    last_moved_at: Day | None = None
    moves_last_90_days: SmallCount = 0
    out: bool = False
    places_needed: SomePlaces = 1
    days_below_hard_floor: DayCount = 0
    days_below_warning_floor: DayCount = 0
    days_in_solitary: DayCount = 0
    solitary_contraindicated: bool = False
    prefers_single: bool = False
    programme: Id | None = None
    home_area: Id | None = None
    communications_order_until: Day | None = None
    transfer_notice_at: Day | None = None
    planned_place: Id | None = None


class FindingRow(Wire):
    """A human's placement-relevant judgement, valid until a date."""

    person_id: Id
    kind: FindingKind
    value: Id
    tool: Text
    assessor_role: Text
    assessed_at: Day
    valid_until: Day
    evidence_ref: Text
    basis: EvidenceBasis = EvidenceBasis.ASSESSMENT
    source_grade: SourceGrade = SourceGrade.B
    network_id: Id | None = None
    owner: OptionalText = ""
    marking: Marking = Marking.UNMARKED
    released_to: frozenset[Id] = frozenset()


class AuthorityRow(Wire):
    """An expiring legal act for a named person."""

    authority_id: Id
    person_id: Id
    kind: AuthorityKind
    issued_by: Text
    issued_at: Day
    review_by: Day
    expires_at: Day
    grounds: Text
    regime_level: RegimeLevel
    medical_considered: bool = False
    medical_considered_at: Day | None = None
    permits_solitary: bool = False


class FreezeRow(Wire):
    """A person may not be moved until a date."""

    person_id: Id
    reason: FreezeReason
    until: Day


class LockRow(Wire):
    """An officer's decision that a person must, or must not, be in a cell."""

    person_id: Id
    cell_id: Id
    kind: LockKind
    reason: LockReason
    by: Text
    at: Day
    until: Day | None = None
    text: OptionalText = ""
    plan: Id | None = None


class ComplaintRow(Wire):
    """A complaint against a placement; it freezes the person's moves until somebody closes it."""

    person_id: Id
    cell_id: Id
    reason: ComplaintReason
    by: Text
    opened_at: Day
    text: OptionalText = ""
    closed_at: Day | None = None
    closed_by: Text | None = None
    outcome: ComplaintOutcome | None = None


class NonAssociationRow(Wire):
    """Two people who must be kept apart."""

    person_a: Id
    person_b: Id
    restriction: Restriction
    reason: NonAssociationReason = NonAssociationReason.OTHER
    role_a: NonAssociationRole = NonAssociationRole.UNKNOWN
    role_b: NonAssociationRole = NonAssociationRole.UNKNOWN
    is_open: bool = True
    owner: OptionalText = ""
    marking: Marking = Marking.UNMARKED
    released_to: frozenset[Id] = frozenset()


class MembershipRow(Wire):
    """A person counted to a keep-apart group by recorded conduct."""

    group_id: Id
    person_id: Id
    owner: OptionalText = ""
    marking: Marking = Marking.UNMARKED
    released_to: frozenset[Id] = frozenset()


class RivalryRow(Wire):
    """Two keep-apart groups whose members are kept apart."""

    group_a: Id
    group_b: Id
    restriction: Restriction


class ProtectionNeedRow(Wire):
    """An individual need to be out of reach of a named person or group."""

    person_id: Id
    reach: Restriction
    reason: Text
    authority: Text
    review_by: Day
    from_person: Id | None = None
    from_group: Id | None = None
    owner: OptionalText = ""
    marking: Marking = Marking.UNMARKED
    released_to: frozenset[Id] = frozenset()


class StablePairRow(Wire):
    """Two people who share a cell well."""

    person_a: Id
    person_b: Id


class InfluenceEdgeRow(Wire):
    """One piece of recorded evidence about an influence."""

    source: Id
    target: Id
    kind: EdgeKind
    strength: Strength
    source_grade: SourceGrade
    basis: EvidenceBasis
    observed_at: Day
    expires_at: Day
    author: OptionalText = ""
    points: Points | None = None
    points_kind: ExposureKind | None = None
    owner: OptionalText = ""
    marking: Marking = Marking.UNMARKED
    released_to: frozenset[Id] = frozenset()
