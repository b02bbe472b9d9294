"""Small scenarios in memory: name what matters, the rest is quiet.

``make_scenario(cells=["c1", cell("c2", 3)], people=["p1", person("p2", age_years=17)])`` has one
facility F, one wing W, one landing L, single cells and sentenced adult men who may share.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.complaints import Complaint, ComplaintReason
from allocator.model.estate import Cell, Estate, Unit
from allocator.model.index import ScenarioIndex
from allocator.model.instance import Instance
from allocator.model.locks import Lock, LockKind, LockReason
from allocator.model.person import Authority, Freeze, Person, PlacementFinding
from allocator.model.policy import ContactWeights, InfluenceParameters, Policy, TierSetting
from allocator.model.profile import LegalProfile, RuleSetting, Thresholds
from allocator.model.scenario import Scenario
from allocator.model.shapes import Shape
from allocator.model.vocabulary import (
    AuthorityKind,
    ContactSetting,
    Enforcement,
    FindingKind,
    FreezeReason,
    Grade,
    LegalCategory,
    Level,
    NetworkRole,
    Sex,
    SourceGrade,
    Tier,
    UnitType,
)

DAY = date(2026, 1, 15)
HARD = RuleSetting(Enforcement.HARD)
OFF = RuleSetting(Enforcement.OFF)
DEROGABLE_BY_DEFAULT = frozenset(
    {RuleId.CAPACITY, RuleId.UNIT_GROUP_CAP, RuleId.LEADERS, RuleId.DISPERSAL_CAP, RuleId.STAFFING}
)


def derogable(price: int) -> RuleSetting:
    """A rule that the governor may sign away at a price."""
    return RuleSetting(Enforcement.DEROGABLE, price, "governor")


def soft(price: int) -> RuleSetting:
    """A rule whose breaches cost points in tier protection."""
    return RuleSetting(Enforcement.SOFT, price)


def days_ago(days: int) -> date:
    """The date some days before DAY; negative for days to come."""
    return DAY - timedelta(days=days)


def facility(unit_id: str, **fields: Any) -> Unit:
    return Unit(unit_id, UnitType.FACILITY, None, **fields)


def wing(unit_id: str, parent: str = "F", **fields: Any) -> Unit:
    return Unit(unit_id, UnitType.WING, parent, **fields)


def spur(unit_id: str, parent: str = "W", **fields: Any) -> Unit:
    return Unit(unit_id, UnitType.SPUR, parent, **fields)


def landing(unit_id: str, parent: str = "W", **fields: Any) -> Unit:
    return Unit(unit_id, UnitType.LANDING, parent, **fields)


def cell(cell_id: str, places: int = 1, parent: str = "L", **fields: Any) -> Cell:
    """A cell whose three capacities are `places` unless given by name."""
    capacities = dict.fromkeys(("cna", "working_capacity", "max_capacity"), places)
    return Cell(cell_id, parent, **(capacities | fields))


def person(person_id: str, **fields: Any) -> Person:
    """A sentenced adult man of category C who may share a cell."""
    defaults: dict[str, Any] = {
        "sex": Sex.MALE,
        "age_years": 30,
        "legal_category": LegalCategory.SENTENCED,
        "sharing_assessed_at": days_ago(30),
    }
    return Person(person_id, **(defaults | fields))


def role(person_id: str, value: NetworkRole, network_id: str | None = None) -> PlacementFinding:
    """A current network role."""
    return _finding(person_id, FindingKind.NETWORK_ROLE, value, network_id)


def receptivity(person_id: str, value: Grade) -> PlacementFinding:
    """A current receptivity."""
    return _finding(person_id, FindingKind.RECEPTIVITY, value, None)


def _finding(
    person_id: str, kind: FindingKind, value: str, network_id: str | None
) -> PlacementFinding:
    dates = (days_ago(10), days_ago(-90))
    return PlacementFinding(
        person_id, kind, value, "tool", "assessor", *dates, "ref", network_id=network_id
    )


def authority(person_id: str, kind: AuthorityKind, regime_level: int, **fields: Any) -> Authority:
    """A current authority with its medical consideration, expiring in 30 days."""
    defaults: dict[str, Any] = {
        "authority_id": f"{person_id}-{kind}-{regime_level}",
        "issued_by": "governor",
        "issued_at": days_ago(20),
        "review_by": days_ago(-20),
        "expires_at": days_ago(-30),
        "grounds": "recorded conduct",
        "medical_considered": True,
        "medical_considered_at": days_ago(20),
    }
    named = {"person_id": person_id, "kind": kind, "regime_level": regime_level}
    return Authority(**(defaults | named | fields))


def freeze(person_id: str, until: date = DAY) -> Freeze:
    return Freeze(person_id, FreezeReason.MEDICAL_HOLD, until)


def lock(person_id: str, cell_id: str, kind: LockKind = LockKind.LOCK, **fields: Any) -> Lock:
    """An officer's decision of three days ago, until it is taken back."""
    defaults: dict[str, Any] = {
        "reason": LockReason.CONFLICT,
        "by": "head of wing",
        "at": days_ago(3),
    }
    return Lock(person_id, cell_id, kind, **(defaults | fields))


def forbid(person_id: str, cell_id: str, **fields: Any) -> Lock:
    """As `lock`: any cell but this one."""
    return lock(person_id, cell_id, LockKind.FORBID, **fields)


def complaint(person_id: str, cell_id: str = "c1", **fields: Any) -> Complaint:
    """A complaint of two days ago that nobody has closed."""
    defaults: dict[str, Any] = {
        "reason": ComplaintReason.SAFETY,
        "by": "complaints officer",
        "opened_at": days_ago(2),
    }
    return Complaint(person_id, cell_id, **(defaults | fields))


def make_profile(
    settings: Mapping[RuleId, RuleSetting] | None = None, **thresholds: Any
) -> LegalProfile:
    """Every rule hard, capacity and caps derogable at price 10, unless overridden."""
    defaults = {
        rule: derogable(10) if rule in DEROGABLE_BY_DEFAULT else RuleSetting(Enforcement.HARD)
        for rule in RuleId
    }
    known = defaults | dict(settings or {})
    return LegalProfile("test", "1", "test profile", known, Thresholds(**thresholds))


def make_influence() -> InfluenceParameters:
    """Parameters P3-P8 at their defaults."""
    strength = {
        NetworkRole.LEADER: 8,
        NetworkRole.RECRUITER: 6,
        NetworkRole.ENFORCER: 4,
        NetworkRole.FOLLOWER: 2,
    }
    multiplier = {Grade.LOW: 1, Grade.MODERATE: 2, Grade.HIGH: 3, Grade.UNKNOWN: 2}
    weights = (1.0, 0.8, 0.6, 0.4, 0.2)
    return InfluenceParameters(
        role_strength=strength,
        receptivity=multiplier,
        mentor_strength=2,
        prior_tie=2.0,
        newcomer=1.5,
        newcomer_days=60,
        half_life_days=180,
        grade_weight=dict(zip(SourceGrade, weights, strict=True)),
    )


def make_policy(**fields: Any) -> Policy:
    """Every cap off, every goal at weight 1, tiers in their order without tolerance."""
    defaults: dict[str, Any] = {
        "name": "status_quo",
        "version": "1",
        "description": "test policy",
        "settings": {},
        "unit_group_cap": None,
        "max_leaders_per_unit": None,
        "max_veo_per_wing": None,
        "max_veo_per_facility": None,
        "network_leaders_apart": None,
        "network_leaders_facility_apart": False,
        "sources_receptive_apart": None,
        "dedicated_units_used": False,
        "satellites_used": False,
        "authorities_used": frozenset(),
        "weights": dict.fromkeys(GoalId, 1),
        "tiers": tuple(TierSetting(tier) for tier in Tier),
        "influence": make_influence(),
    }
    return Policy(**(defaults | fields))


def make_weights() -> ContactWeights:
    """P1: cell 100, landing 15, wing 5, yard 3, activity 12, worship 2, facility 1."""
    values = (100, 15, 5, 3, 12, 2, 1)
    return ContactWeights("default", dict(zip(ContactSetting, values, strict=True)))


def make_estate(cells: Iterable[Cell | str], units: Iterable[Unit] = (), **fields: Any) -> Estate:
    """Facility F, wing W, landing L, joined or replaced by `units`; cells by name are single."""
    defaults = (facility("F"), wing("W"), landing("L"))
    by_id = {unit.unit_id: unit for unit in (*defaults, *units)}
    built = [cell(c) if isinstance(c, str) else c for c in cells]
    return Estate(
        units=tuple(by_id[unit_id] for unit_id in sorted(by_id)),
        cells=tuple(sorted(built, key=lambda c: c.cell_id)),
        **fields,
    )


def make_scenario(
    cells: Iterable[Cell | str] = ("c1",),
    people: Iterable[Person | str] = ("p1",),
    *,
    units: Iterable[Unit] = (),
    settings: Mapping[RuleId, RuleSetting] | None = None,
    thresholds: Mapping[str, Any] | None = None,
    policy: Mapping[str, Any] | None = None,
    estate: Mapping[str, Any] | None = None,
    **relations: Any,
) -> Scenario:
    """A scenario; `relations` are any other fields of `Scenario`, as sequences.

    `settings` and `thresholds` go to the profile, `policy` to the policy, `estate` to the
    estate's other fields (settings, contacts, virtual_places, transfer_pairs).
    """
    built = [person(p) if isinstance(p, str) else p for p in people]
    names = (
        "findings authorities freezes non_associations keep_apart_memberships group_rivalries"
        " protection_needs stable_pairs influence_edges"
    )
    known: dict[str, Any] = dict.fromkeys(names.split(), ())
    return Scenario(
        name="test",
        description="",
        day=DAY,
        estate=make_estate(cells, units, **(estate or {})),
        people=tuple(sorted(built, key=lambda p: p.person_id)),
        profile=make_profile(settings, **(thresholds or {})),
        policy=make_policy(**(policy or {})),
        contact_weights=make_weights(),
        **(known | {name: _frozen(value) for name, value in relations.items()}),
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def bare_instance(scenario: Scenario, shapes: Iterable[Shape]) -> Instance:
    """An instance of the given shapes with cells that have no contact with one another."""
    index = ScenarioIndex(scenario)
    estate = scenario.estate
    in_use = [c.max_capacity if estate.is_in_use(c) else 0 for c in estate.cells]
    nothing = np.zeros(len(estate.cells), dtype=np.int64)
    return Instance(
        person_ids=tuple(index.person_at),
        cell_ids=tuple(index.cell_at),
        places=index.places,
        max_places=np.array(in_use, dtype=np.int64),
        current=index.current,
        unit_of={level: index.unit_of(level) for level in Level if level is not Level.CELL},
        contact_class=nothing,
        contact=np.zeros((1, 1), dtype=np.int64),
        cell_contact=nothing,
        shapes=tuple(shapes),
        tiers=scenario.tiers,
    )


def with_setting(scenario: Scenario, rule: RuleId, setting: RuleSetting) -> Scenario:
    """The scenario with one rule of its profile set otherwise."""
    settings = dict(scenario.profile.settings) | {rule: setting}
    return replace(scenario, profile=replace(scenario.profile, settings=settings))
