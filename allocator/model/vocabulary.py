"""The words of the domain, as closed lists (HMPPS terms where they exist).

Every enumeration here is a column's allowed values in the scenario tables.
"""

from enum import StrEnum


class UnitType(StrEnum):
    """Structural levels of the estate tree above a cell; spur and landing may be absent."""

    FACILITY = "facility"
    WING = "wing"
    SPUR = "spur"
    LANDING = "landing"


class Level(StrEnum):
    """Partitions of the cells: two people are together at a level when they share its unit."""

    CELL = "cell"
    LANDING = "landing"
    SPUR = "spur"
    WING = "wing"
    EXERCISE_GROUP = "exercise_group"
    FACILITY = "facility"


class ContactSetting(StrEnum):
    """Settings two people may share, with the weights of P1."""

    CELL = "cell"
    LANDING = "landing"
    WING = "wing"
    YARD = "yard"
    ACTIVITY = "activity"
    WORSHIP = "worship"
    FACILITY = "facility"


class SharedSettingKind(StrEnum):
    """Kinds of rows in `settings.csv`: places outside the cell that units use together."""

    ACTIVITY = "activity"
    WORSHIP = "worship"


class Status(StrEnum):
    """Whether a unit or a cell is in use."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"


class AccommodationType(StrEnum):
    """HMPPS accommodation types."""

    NORMAL_ACCOMMODATION = "NORMAL_ACCOMMODATION"
    CARE_AND_SEPARATION = "CARE_AND_SEPARATION"
    HEALTHCARE_INPATIENTS = "HEALTHCARE_INPATIENTS"
    OTHER_NON_RESIDENTIAL = "OTHER_NON_RESIDENTIAL"


class SpecialistCellType(StrEnum):
    """HMPPS specialist cell types; a person's `needs` are drawn from the same list."""

    ACCESSIBLE_CELL = "ACCESSIBLE_CELL"
    BIOHAZARD_DIRTY_PROTEST = "BIOHAZARD_DIRTY_PROTEST"
    CSU = "CSU"
    CAT_A = "CAT_A"
    CONSTANT_SUPERVISION = "CONSTANT_SUPERVISION"
    DRY = "DRY"
    ESCAPE_LIST = "ESCAPE_LIST"
    ISOLATION_DISEASES = "ISOLATION_DISEASES"
    LISTENER_CRISIS = "LISTENER_CRISIS"
    LOCATE_FLAT_CELL = "LOCATE_FLAT_CELL"
    MEDICAL = "MEDICAL"
    MOTHER_AND_BABY = "MOTHER_AND_BABY"
    SAFE_CELL = "SAFE_CELL"
    UNFURNISHED = "UNFURNISHED"


class UsedFor(StrEnum):
    """What a unit or a cell is used for."""

    STANDARD = "standard"
    REMAND = "remand"
    FIRST_NIGHT = "first_night"
    VULNERABLE = "vulnerable"
    SEPARATION = "separation"
    ASSESSMENT = "assessment"
    INTERVENTION = "intervention"
    HIGH_SECURITY = "high_security"
    YOUNG_ADULT = "young_adult"
    JUVENILE = "juvenile"
    WOMEN = "women"
    MOTHER_BABY = "mother_baby"
    HEALTHCARE = "healthcare"
    SEGREGATION = "segregation"


class DeactivatedReason(StrEnum):
    """Why a unit or a cell is out of use."""

    DAMAGED = "DAMAGED"
    DAMP = "DAMP"
    MAINTENANCE = "MAINTENANCE"
    MOTHBALLED = "MOTHBALLED"
    PEST = "PEST"
    REFURBISHMENT = "REFURBISHMENT"
    SECURITY_SEALED = "SECURITY_SEALED"
    STAFF_SHORTAGE = "STAFF_SHORTAGE"
    NEW_BUILD = "NEW_BUILD"
    CONVERT_CELL_TO_ROOM = "CONVERT_CELL_TO_ROOM"
    OTHER = "OTHER"


class VirtualPlaceKind(StrEnum):
    """Places that are not cells; nobody is planned into one overnight."""

    CSWAP = "CSWAP"
    RECEPTION = "RECEPTION"
    COURT = "COURT"
    HOSPITAL = "HOSPITAL"


class Sex(StrEnum):
    """The estate a person is held in by law (men's or women's), as the service recorded it."""

    FEMALE = "F"
    MALE = "M"


class LegalCategory(StrEnum):
    """Legal status that separation of categories rests on."""

    REMAND = "remand"
    SENTENCED = "sentenced"


class SecurityCategory(StrEnum):
    """Security categories, A the highest."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class VeoStatus(StrEnum):
    """Violent extremist offence: a legal status, never a belief."""

    NONE = "none"
    UNDER_ASSESSMENT = "under_assessment"
    MONITORED = "monitored"
    CHARGED = "charged"
    CONVICTED = "convicted"


class SharingRisk(StrEnum):
    """Result of the cell sharing risk assessment."""

    STANDARD = "standard"
    REVIEW = "review"
    HIGH = "high"


class FindingKind(StrEnum):
    """Placement findings that a human assessor records."""

    NETWORK_ROLE = "network_role"
    RECEPTIVITY = "receptivity"
    DISSEMINATION_RISK = "dissemination_risk"
    SECURITY_RISK = "security_risk"


class NetworkRole(StrEnum):
    """Recorded role of a person in a network."""

    LEADER = "leader"
    RECRUITER = "recruiter"
    ENFORCER = "enforcer"
    FOLLOWER = "follower"
    MENTOR = "mentor"
    NONE = "none"
    UNKNOWN = "unknown"


class Grade(StrEnum):
    """A human's finding on a fixed scale."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    UNKNOWN = "unknown"


class EvidenceBasis(StrEnum):
    """Facts are kept apart from personal assessments."""

    FACT = "fact"
    ASSESSMENT = "assessment"


class SourceGrade(StrEnum):
    """Reliability of the source of one piece of evidence, A the most reliable."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


class AuthorityKind(StrEnum):
    """Kinds of legal authority for a restrictive unit; each opens units used for its purpose."""

    SEPARATION = "separation"
    ASSESSMENT = "assessment"
    INTERVENTION = "intervention"
    HIGH_SECURITY = "high_security"
    SEGREGATION = "segregation"


class Restriction(StrEnum):
    """Level of a non-association; each includes the narrower ones."""

    CELL = "cell"
    LANDING = "landing"
    WING = "wing"
    EXERCISE_GROUP = "exercise_group"
    FACILITY = "facility"


class NonAssociationReason(StrEnum):
    """HMPPS reasons."""

    BULLYING = "BULLYING"
    GANG_RELATED = "GANG_RELATED"
    ORGANISED_CRIME = "ORGANISED_CRIME"
    LEGAL_REQUEST = "LEGAL_REQUEST"
    THREAT = "THREAT"
    VIOLENCE = "VIOLENCE"
    OTHER = "OTHER"


class NonAssociationRole(StrEnum):
    """Role of each side."""

    VICTIM = "VICTIM"
    PERPETRATOR = "PERPETRATOR"
    NOT_RELEVANT = "NOT_RELEVANT"
    UNKNOWN = "UNKNOWN"


class Marking(StrEnum):
    """How a record that another agency gave may be handled (R60)."""

    UNMARKED = "unmarked"
    RESTRICTED = "restricted"


class FreezeReason(StrEnum):
    """Why a person may not be moved tonight (R24)."""

    MEDICAL_HOLD = "medical_hold"
    COURT_NEXT_DAY = "court_next_day"
    SUICIDE_WATCH = "suicide_watch"
    EXAM_OR_PROGRAMME = "exam_or_programme"
    LATE_PREGNANCY = "late_pregnancy"
    APPEAL_PENDING = "appeal_pending"


class EdgeKind(StrEnum):
    """What one piece of recorded evidence says about two people."""

    DIRECTS = "directs"
    RECRUITS = "recruits"
    CO_DEFENDANT = "co_defendant"
    SUPPORTS = "supports"
    MENTORS = "mentors"
    COERCES = "coerces"


class ExposureKind(StrEnum):
    """Kinds of exposure points; support is subtracted."""

    SPILLOVER = "spillover"
    COLLUSION = "collusion"
    COERCION = "coercion"
    SUPPORT = "support"


class Tier(StrEnum):
    """Objective tiers; their default order is the order here (R31).

    Departures count where there is a last plan to depart from.
    """

    UNPLACED = "unplaced"
    DEROGATIONS = "derogations"
    PROTECTION = "protection"
    DEPARTURES = "departures"
    EXPOSURE = "exposure"
    MOVES = "moves"
    PREFERENCES = "preferences"


class Enforcement(StrEnum):
    """How a legal profile or a policy applies a rule."""

    HARD = "hard"
    DEROGABLE = "derogable"
    SOFT = "soft"
    REPORT = "report"
    OFF = "off"
