"""Housing policy: caps, weights and parameters that a planner may copy and change."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.profile import RuleSetting
from allocator.model.vocabulary import (
    AuthorityKind,
    ContactSetting,
    Grade,
    Level,
    NetworkRole,
    SourceGrade,
    Tier,
)


@dataclass(frozen=True, slots=True)
class InfluenceParameters:
    """Parameters of the influence points (P3-P8); decimals are multipliers without a unit.

    Parameters
    ----------
    role_strength : P3. receptivity : P5. mentor_strength : P4.
    prior_tie : P6, multiplier of a fresh, strongest tie. newcomer : P7 multiplier.
    newcomer_days : P7 window. half_life_days : P8. grade_weight : 0-1 per source grade.
    """

    role_strength: Mapping[NetworkRole, int]
    receptivity: Mapping[Grade, int]
    mentor_strength: int
    prior_tie: float
    newcomer: float
    newcomer_days: int
    half_life_days: int
    grade_weight: Mapping[SourceGrade, float]


@dataclass(frozen=True, slots=True)
class TierSetting:
    """One objective tier and how much of it a later tier may give back, in per mille."""

    tier: Tier
    tolerance_permille: int = 0


@dataclass(frozen=True, slots=True)
class Policy:
    """One housing policy (domain: `status_quo, dispersal, concentration, ...`).

    Parameters
    ----------
    settings : overrides of the profile for policy rules (R19-R22, R71).
    unit_group_cap : P10. max_leaders_per_unit : P12. max_veo_per_wing, max_veo_per_facility : P11.
        None switches the cap off.
    network_leaders_apart : level at which leaders of one network are kept apart.
    network_leaders_facility_apart : keep them in different facilities too, where there are several.
    sources_receptive_apart : level of R19, None switches it off.
    dedicated_units_used : charged and convicted VEO only in the scenario's dedicated units.
    satellites_used : VEO other than in satellites only by derogation of the facility cap.
    authorities_used : authorities whose people should be in a unit of that kind.
    weights : points per unit of each goal, keyed by goal, never by position.
    moves_per_1000 : nightly budget as a share of the people held, None for no budget.
    """

    name: str
    version: str
    description: str
    settings: Mapping[RuleId, RuleSetting]
    unit_group_cap: int | None
    max_leaders_per_unit: int | None
    max_veo_per_wing: int | None
    max_veo_per_facility: int | None
    network_leaders_apart: Level | None
    network_leaders_facility_apart: bool
    sources_receptive_apart: Level | None
    dedicated_units_used: bool
    satellites_used: bool
    authorities_used: frozenset[AuthorityKind]
    weights: Mapping[GoalId, int]
    tiers: tuple[TierSetting, ...]
    influence: InfluenceParameters
    moves_per_1000: int | None = None


@dataclass(frozen=True, slots=True)
class ContactWeights:
    """A named set of integer contact weights per shared setting (P1), for a cell of two."""

    name: str
    weights: Mapping[ContactSetting, int] = field(default_factory=dict)
