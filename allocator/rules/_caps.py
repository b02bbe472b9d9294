"""Caps of the policy on groups of people in units: R20, R21 and R22 apply them, R72 lowers them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from allocator.model.catalogue import RuleId
from allocator.model.facts import role_of
from allocator.model.index import ScenarioIndex, int_array
from allocator.model.shapes import IntArray
from allocator.model.vocabulary import Level, NetworkRole, UsedFor, VeoStatus

SMALL_GROUP_USES = frozenset({UsedFor.ASSESSMENT, UsedFor.INTERVENTION, UsedFor.SEPARATION})
VEO_BY_LAW = frozenset({VeoStatus.CHARGED, VeoStatus.CONVICTED})
VEO = VEO_BY_LAW | {VeoStatus.MONITORED}


@dataclass(frozen=True, slots=True, eq=False)
class Cap:
    """At most `high` of `persons` in each of `units` of a level; `rule` is the cap's own."""

    rule: RuleId
    persons: IntArray
    level: Level
    units: IntArray
    high: int


def all_units(index: ScenarioIndex, level: Level) -> IntArray:
    """Every unit number of a level."""
    return np.arange(len(index.unit_names(level)), dtype=np.int64)


def leaders(index: ScenarioIndex) -> IntArray:
    """People whose recorded role is leader."""
    return index.people_where(lambda p: role_of(index.scenario, p) is NetworkRole.LEADER)


def with_veo(index: ScenarioIndex, statuses: frozenset[VeoStatus]) -> IntArray:
    """People with one of the statuses."""
    return index.people_where(lambda person: person.veo_status in statuses)


def units_under(index: ScenarioIndex, level: Level, above: frozenset[str]) -> IntArray:
    """Units of a level with a cell under one of the units `above`."""
    cells = index.cells_where(lambda c: any(u.unit_id in above for u in index.units_above(c)))
    return np.unique(index.unit_of(level)[cells])


def restrictive_units(index: ScenarioIndex, level: Level) -> IntArray:
    """Units all of whose cells are used for assessment, intervention or separation."""
    estate, unit_of = index.scenario.estate, index.unit_of(level)
    ordinary = index.cells_where(lambda cell: not estate.uses(cell) & SMALL_GROUP_USES)
    return np.setdiff1d(unit_of, unit_of[ordinary])


def landing_caps(index: ScenarioIndex) -> Iterator[Cap]:
    """R20: small groups in special landings, and of VEO by law in dedicated ones."""
    policy = index.scenario.policy
    if policy.unit_group_cap is None:
        return
    rule, high = RuleId.UNIT_GROUP_CAP, policy.unit_group_cap
    yield Cap(rule, index.everyone, Level.LANDING, restrictive_units(index, Level.LANDING), high)
    if policy.dedicated_units_used:
        dedicated = units_under(index, Level.LANDING, index.scenario.dedicated_units)
        yield Cap(rule, with_veo(index, VEO_BY_LAW), Level.LANDING, dedicated, high)


def leader_caps(index: ScenarioIndex) -> Iterator[Cap]:
    """R21: few leaders in a wing."""
    high = index.scenario.policy.max_leaders_per_unit
    if high is not None:
        units = all_units(index, Level.WING)
        yield Cap(RuleId.LEADERS, leaders(index), Level.WING, units, high)


def veo_caps(index: ScenarioIndex) -> Iterator[Cap]:
    """R22: few people with VEO status in a wing; dedicated and restrictive wings are exempt."""
    policy = index.scenario.policy
    if policy.max_veo_per_wing is not None:
        exempt = np.union1d(dedicated_wings(index), restrictive_units(index, Level.WING))
        units = np.setdiff1d(all_units(index, Level.WING), exempt)
        yield Cap(
            RuleId.DISPERSAL_CAP, with_veo(index, VEO), Level.WING, units, policy.max_veo_per_wing
        )


def dedicated_wings(index: ScenarioIndex) -> IntArray:
    """Wings with a dedicated unit in or above them, when the policy uses such units."""
    scenario = index.scenario
    named = scenario.dedicated_units if scenario.policy.dedicated_units_used else frozenset[str]()
    units = scenario.estate.unit_by_id

    def with_ancestors(unit_id: str) -> set[str]:
        return {unit_id} | {unit.unit_id for unit in scenario.estate.ancestors(units[unit_id])}

    around = set().union(*(with_ancestors(unit_id) for unit_id in sorted(named & units.keys())))
    return int_array(
        number
        for number, wing_id in enumerate(index.unit_names(Level.WING))
        if wing_id in around or with_ancestors(wing_id) & named
    )
