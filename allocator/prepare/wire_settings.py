"""Wire models of legal profiles, policies and contact weights; each may extend another by name."""

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from allocator.model.vocabulary import (
    AuthorityKind,
    Enforcement,
    Grade,
    Level,
    NetworkRole,
    SourceGrade,
    Tier,
)
from allocator.prepare.wire_types import (
    Count,
    DayCount,
    Id,
    Multiplier,
    OptionalText,
    Permille,
    Price,
    Prose,
    Share,
    Text,
    Wire,
)

RuleKey = Annotated[str, Field(pattern=r"^R\d\d(-[a-z-]+)?$")]
FloorArea = Annotated[float, Field(gt=0, le=50)]
RegimeCeiling = Annotated[int, Field(ge=0, le=5)]
DailyHours = Annotated[float, Field(ge=0, le=24)]
LegalAge = Annotated[int, Field(ge=10, le=30)]
PositiveCount = Annotated[int, Field(ge=1, le=1_000_000)]


class RuleSettingWire(Wire):
    """How one rule is applied; a derogable rule names the role that signs."""

    enforcement: Enforcement
    price: Price = 1
    signed_by: OptionalText = ""


class ThresholdsWire(Wire):
    """Thresholds that differ from the profile extended; those not named stay as they are."""

    remand_sentenced_level: Level | None = None
    child_adult_level: Level | None = None
    young_adult_level: Level | None = None
    space_floor_hard_m2: FloorArea | None = None
    space_floor_warning_m2: FloorArea | None = None
    space_floor_single_m2: FloorArea | None = None
    max_days_below_hard_floor: DayCount | None = None
    ordinary_regime_ceiling: RegimeCeiling | None = None
    solitary_unlock_hours: DailyHours | None = None
    solitary_contact_hours: DailyHours | None = None
    solitary_alarm_days: DayCount | None = None
    solitary_limit_days: DayCount | None = None
    adult_age_years: LegalAge | None = None
    young_adult_until_years: LegalAge | None = None
    cooldown_days: DayCount | None = None
    min_trained_staff_per_shift: PositiveCount | None = None
    officers_per_move: PositiveCount | None = None
    minutes_per_move: PositiveCount | None = None
    move_window_minutes: Count | None = None
    escort_officers: Count | None = None
    officers_high_risk: PositiveCount | None = None
    officers_sealed_unit: PositiveCount | None = None
    holding_limit_minutes: Count | None = None
    dormitory_over_places: Count | None = None


class ProfileWire(Wire):
    """A legal profile, whole or as changes to the one it extends."""

    extends: Id | None = None
    name: Id | None = None
    version: Text | None = None
    description: Prose | None = None
    thresholds: ThresholdsWire = ThresholdsWire()
    settings: dict[RuleKey, RuleSettingWire] = Field(default_factory=dict)


class TierWire(Wire):
    """One objective tier."""

    tier: Tier
    tolerance_permille: Permille = 0


class InfluenceWire(Wire):
    """Influence parameters that differ from those of the policy extended."""

    role_strength: dict[NetworkRole, Count] = Field(default_factory=dict)
    receptivity: dict[Grade, Count] = Field(default_factory=dict)
    mentor_strength: Count | None = None
    prior_tie: Annotated[float, Field(ge=1, le=100)] | None = None
    newcomer: Multiplier | None = None
    newcomer_days: DayCount | None = None
    half_life_days: Annotated[int, Field(ge=1, le=40_000)] | None = None
    grade_weight: dict[SourceGrade, Share] = Field(default_factory=dict)


class PolicyWire(Wire):
    """A policy, whole or as changes to the one it extends; null switches a cap off."""

    extends: Id | None = None
    name: Id | None = None
    version: Text | None = None
    description: Prose | None = None
    settings: dict[RuleKey, RuleSettingWire] = Field(default_factory=dict)
    unit_group_cap: Count | None = None
    max_leaders_per_unit: Count | None = None
    max_veo_per_wing: Count | None = None
    max_veo_per_facility: Count | None = None
    network_leaders_apart: Level | None = None
    network_leaders_facility_apart: bool | None = None
    sources_receptive_apart: Level | None = None
    dedicated_units_used: bool | None = None
    satellites_used: bool | None = None
    authorities_used: frozenset[AuthorityKind] | None = None
    weights: dict[RuleKey, Count] = Field(default_factory=dict)
    tiers: tuple[TierWire, ...] | None = None
    influence: InfluenceWire = InfluenceWire()
    moves_per_1000: Count | None = None


class ContactWeightsWire(Wire):
    """Contact weights, whole or as changes to the set they extend."""

    extends: Id | None = None
    name: Id | None = None
    cell: Count | None = None
    landing: Count | None = None
    wing: Count | None = None
    yard: Count | None = None
    activity: Count | None = None
    worship: Count | None = None
    facility: Count | None = None


def _name_or_mapping(value: Any) -> str:
    return "name" if isinstance(value, str) else "mapping"


NAME_OR_MAPPING = Discriminator(_name_or_mapping)
ProfileChoice = Annotated[
    Annotated[Id, Tag("name")] | Annotated[ProfileWire, Tag("mapping")], NAME_OR_MAPPING
]
PolicyChoice = Annotated[
    Annotated[Id, Tag("name")] | Annotated[PolicyWire, Tag("mapping")], NAME_OR_MAPPING
]
ContactWeightsChoice = Annotated[
    Annotated[Id, Tag("name")] | Annotated[ContactWeightsWire, Tag("mapping")], NAME_OR_MAPPING
]
