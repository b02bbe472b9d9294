"""Legal profile: which rules are hard, their thresholds and who signs, as versioned data (R30)."""

from collections.abc import Mapping
from dataclasses import dataclass

from allocator.model.catalogue import RuleId
from allocator.model.vocabulary import Enforcement, Level


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """How one rule is applied.

    Parameters
    ----------
    price : points per unit of breach, 1-1000; used when derogable (tier derogations)
        or soft (tier protection), ignored otherwise.
    signed_by : role that must sign a derogation.
    """

    enforcement: Enforcement
    price: int = 1
    signed_by: str = ""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Numbers that rules read; levels of partitions; units in the names.

    Parameters
    ----------
    space_floor_hard_m2, space_floor_warning_m2, space_floor_single_m2 : m² per place (P17).
    max_days_below_hard_floor : consecutive days after which R7 asks for a cell with space.
    ordinary_regime_ceiling : highest regime level without an authority.
    solitary_unlock_hours, solitary_contact_hours : below both, being alone is solitary (R16).
    cooldown_days : P22. adult_age_years, young_adult_until_years : child < adult age;
        young adult from adult age to the given age, included.
    officers_per_move, minutes_per_move, move_window_minutes, escort_officers : R25;
        `escort_officers` None leaves escort time unlimited.
    officers_high_risk, officers_sealed_unit : officers for people of security category A or from
        and to separation units, and from and to sealed units (P23).
    holding_limit_minutes : longest stay in the holding location (P28, R29).
    dormitory_over_places : rooms above this size are reported as not controllable (R45).
    """

    remand_sentenced_level: Level = Level.WING
    child_adult_level: Level = Level.WING
    young_adult_level: Level = Level.CELL
    space_floor_hard_m2: float = 3.0
    space_floor_warning_m2: float = 4.0
    space_floor_single_m2: float = 6.0
    max_days_below_hard_floor: int = 27
    ordinary_regime_ceiling: int = 2
    solitary_unlock_hours: float = 2.0
    solitary_contact_hours: float = 2.0
    solitary_alarm_days: int = 10
    solitary_limit_days: int = 15
    adult_age_years: int = 18
    young_adult_until_years: int = 20
    cooldown_days: int = 28
    min_trained_staff_per_shift: int = 2
    officers_per_move: int = 2
    minutes_per_move: int = 30
    move_window_minutes: int = 540
    escort_officers: int | None = None
    officers_high_risk: int = 4
    officers_sealed_unit: int = 5
    holding_limit_minutes: int = 60
    dormitory_over_places: int = 6


@dataclass(frozen=True, slots=True)
class LegalProfile:
    """A jurisdiction's rules; `settings` has an entry for every `RuleId`."""

    name: str
    version: str
    description: str
    settings: Mapping[RuleId, RuleSetting]
    thresholds: Thresholds
