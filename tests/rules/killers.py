"""One scenario per rule that only this rule makes impossible.

`KILLERS[rule]` has no lawful placement with everybody placed; its `placement` places everybody
and breaks exactly that rule. R01 is the exception that proves itself: its placement leaves one
person without a bed, which is what R01 prices.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allocator.model.catalogue import RuleId
from allocator.model.estate import VirtualPlace
from allocator.model.locks import LockReason
from allocator.model.person import Person
from allocator.model.relations import NonAssociation, ProtectionNeed
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import (
    AuthorityKind,
    Grade,
    LegalCategory,
    Level,
    NetworkRole,
    Restriction,
    SecurityCategory,
    Sex,
    SharingRisk,
    SpecialistCellType,
    Status,
    UsedFor,
    VeoStatus,
    VirtualPlaceKind,
)
from tests.builders import (
    DAY,
    HARD,
    authority,
    cell,
    days_ago,
    facility,
    forbid,
    freeze,
    landing,
    lock,
    make_scenario,
    person,
    receptivity,
    role,
    wing,
)

SEPARATION = frozenset({UsedFor.SEPARATION})


@dataclass(frozen=True, slots=True)
class Killer:
    """A scenario and the placement (person id to cell id) that breaks exactly one rule in it."""

    scenario: Scenario
    placement: Mapping[str, str | None]


def _one_bed() -> Killer:
    return Killer(make_scenario(["c1"], ["p1", "p2"]), {"p1": "c1", "p2": None})


def _capacity() -> Killer:
    crowded = cell("c1", 3, working_capacity=2)
    scenario = make_scenario([crowded], ["p1", "p2", "p3"], settings={RuleId.CAPACITY: HARD})
    return Killer(scenario, {"p1": "c1", "p2": "c1", "p3": "c1"})


def _sex_and_age() -> Killer:
    people = [person("p1", sex=Sex.FEMALE), person("p2")]
    return Killer(make_scenario(["c1", "c2"], people), {"p1": "c1", "p2": "c2"})


def _remand_sentenced() -> Killer:
    people = [person("p1", legal_category=LegalCategory.REMAND), person("p2")]
    return Killer(make_scenario(["c1", "c2"], people), {"p1": "c1", "p2": "c2"})


def _young_adults() -> Killer:
    people = [person("p1", age_years=19), person("p2", age_years=21)]
    return Killer(make_scenario([cell("c1", 2)], people), {"p1": "c1", "p2": "c1"})


def _space_floor() -> Killer:
    scenario = make_scenario([cell("c1", 2, area_m2=5.0)], ["p1", "p2"])
    return Killer(scenario, {"p1": "c1", "p2": "c1"})


def _space_days() -> Killer:
    people = [person("p1", days_below_hard_floor=27)]
    scenario = make_scenario([cell("c1", 2, area_m2=5.0)], people)
    return Killer(scenario, {"p1": "c1"})


def _single_cell() -> Killer:
    people = [person("p1", sharing_risk=SharingRisk.HIGH), person("p2")]
    return Killer(make_scenario([cell("c1", 2)], people), {"p1": "c1", "p2": "c1"})


def _non_association() -> Killer:
    """Two wings that share a yard do not help."""
    scenario = make_scenario(
        ["c1", cell("c2", parent="W2")],
        ["p1", "p2"],
        units=[wing("W", exercise_group="yard"), wing("W2", exercise_group="yard")],
        non_associations=[NonAssociation("p1", "p2", Restriction.EXERCISE_GROUP)],
    )
    return Killer(scenario, {"p1": "c1", "p2": "c2"})


def _protection_need() -> Killer:
    need = ProtectionNeed("p1", Restriction.LANDING, "threat", "governor", DAY, from_person="p2")
    scenario = make_scenario(["c1", "c2"], ["p1", "p2"], protection_needs=[need])
    return Killer(scenario, {"p1": "c1", "p2": "c2"})


def _security_category() -> Killer:
    people = [person("p1", security_category=SecurityCategory.B)]
    scenario = make_scenario([cell("c1", security_category=SecurityCategory.C)], people)
    return Killer(scenario, {"p1": "c1"})


def _with_authority(
    kind: AuthorityKind = AuthorityKind.SEPARATION, regime_level: int = 4, **fields: Any
) -> Killer:
    """One person, one separation cell of regime 4, an authority that differs as given."""
    given = authority("p1", kind, regime_level, **fields)
    unit = landing("L", regime_level=4, used_for=SEPARATION)
    return Killer(make_scenario(["c1"], ["p1"], units=[unit], authorities=[given]), {"p1": "c1"})


def _least_restrictive() -> Killer:
    return _with_authority(regime_level=3)


def _authority() -> Killer:
    return _with_authority(kind=AuthorityKind.INTERVENTION)


def _medical_considered() -> Killer:
    return _with_authority(medical_considered_at=days_ago(-1))


def _expired_authority() -> Killer:
    return _with_authority(expires_at=days_ago(1))


def _no_solitary() -> Killer:
    unit = landing("L", unlock_hours=1.0, meaningful_contact_hours=1.0)
    return Killer(make_scenario(["c1"], ["p1"], units=[unit]), {"p1": "c1"})


def _special_needs() -> Killer:
    people = [person("p1", needs=frozenset({SpecialistCellType.ACCESSIBLE_CELL}))]
    return Killer(make_scenario(["c1"], people), {"p1": "c1"})


def _source_receptive_cell() -> Killer:
    findings = [role("p1", NetworkRole.RECRUITER), receptivity("p2", Grade.MODERATE)]
    scenario = make_scenario([cell("c1", 2)], ["p1", "p2"], findings=findings)
    return Killer(scenario, {"p1": "c1", "p2": "c1"})


def _source_receptive_unit() -> Killer:
    scenario = make_scenario(
        ["c1", "c2"],
        ["p1", "p2"],
        findings=[role("p1", NetworkRole.LEADER), receptivity("p2", Grade.HIGH)],
        policy={"sources_receptive_apart": Level.LANDING},
    )
    return Killer(scenario, {"p1": "c1", "p2": "c2"})


def _unit_group_cap() -> Killer:
    scenario = make_scenario(
        ["c1", "c2", "c3"],
        ["p1", "p2", "p3"],
        units=[landing("L", used_for=frozenset({UsedFor.ASSESSMENT}))],
        settings={RuleId.UNIT_GROUP_CAP: HARD},
        policy={"unit_group_cap": 2},
    )
    return Killer(scenario, {"p1": "c1", "p2": "c2", "p3": "c3"})


def _leaders() -> Killer:
    scenario = make_scenario(
        ["c1", "c2"],
        ["p1", "p2"],
        findings=[role("p1", NetworkRole.LEADER), role("p2", NetworkRole.LEADER)],
        settings={RuleId.LEADERS: HARD},
        policy={"max_leaders_per_unit": 1},
    )
    return Killer(scenario, {"p1": "c1", "p2": "c2"})


def _veo(count: int) -> list[Person]:
    return [person(f"p{k}", veo_status=VeoStatus.CONVICTED) for k in range(1, count + 1)]


def _dispersal_cap() -> Killer:
    scenario = make_scenario(
        ["c1", "c2", "c3"],
        _veo(3),
        settings={RuleId.DISPERSAL_CAP: HARD},
        policy={"max_veo_per_wing": 2},
    )
    return Killer(scenario, {"p1": "c1", "p2": "c2", "p3": "c3"})


def _sealed_units() -> Killer:
    """The sealed landing shares its yard with a landing that is out of use."""
    scenario = make_scenario(
        ["c1", cell("c2", parent="L2", status=Status.INACTIVE)],
        ["p1"],
        units=[wing("W", exercise_group="yard"), landing("L", sealed=True), landing("L2")],
    )
    return Killer(scenario, {"p1": "c1"})


def _frozen() -> Killer:
    scenario = make_scenario(
        [cell("c1", buffer=True), "c2"],
        [person("p1", current_place="c1")],
        freezes=[freeze("p1")],
    )
    return Killer(scenario, {"p1": "c2"})


def _move_budget() -> Killer:
    people = [person("p1", current_place="c1")]
    scenario = make_scenario([cell("c1", buffer=True), "c2"], people, max_moves=0)
    return Killer(scenario, {"p1": "c2"})


def _cooldown() -> Killer:
    people = [person("p1", current_place="c1", last_moved_at=days_ago(27))]
    scenario = make_scenario([cell("c1", buffer=True), "c2"], people)
    return Killer(scenario, {"p1": "c2"})


def _transfers() -> Killer:
    scenario = make_scenario(
        [cell("c1", parent="G")],
        [person("p1", current_place="v1")],
        units=[facility("G")],
        estate={"virtual_places": (VirtualPlace("v1", "F", VirtualPlaceKind.RECEPTION),)},
    )
    return Killer(scenario, {"p1": "c1"})


def _officer_locks() -> Killer:
    scenario = make_scenario(
        ["c1"], ["p1"], locks=[lock("p1", "c1"), forbid("p1", "c1", reason=LockReason.HEALTH)]
    )
    return Killer(scenario, {"p1": "c1"})


def _first_time() -> Killer:
    scenario = make_scenario(
        [cell("c1", 2)],
        [person("p1", first_time=True), "p2"],
        findings=[role("p2", NetworkRole.ENFORCER)],
    )
    return Killer(scenario, {"p1": "c1", "p2": "c1"})


def _staffing() -> Killer:
    """With one trained officer of the two wanted, the cap of 3 falls to 1."""
    scenario = make_scenario(
        ["c1", "c2"],
        _veo(2),
        units=[wing("W", trained_staff_per_shift=1)],
        settings={RuleId.STAFFING: HARD},
        policy={"max_veo_per_wing": 3},
    )
    return Killer(scenario, {"p1": "c1", "p2": "c2"})


def _communications() -> Killer:
    people = [person("p1", communications_order_until=DAY)]
    return Killer(make_scenario(["c1"], people), {"p1": "c1"})


KILLERS: Mapping[RuleId, Killer] = {
    RuleId.ONE_BED: _one_bed(),
    RuleId.CAPACITY: _capacity(),
    RuleId.SEX_AND_AGE: _sex_and_age(),
    RuleId.REMAND_SENTENCED: _remand_sentenced(),
    RuleId.YOUNG_ADULTS: _young_adults(),
    RuleId.SPACE_FLOOR: _space_floor(),
    RuleId.SPACE_DAYS: _space_days(),
    RuleId.SINGLE_CELL: _single_cell(),
    RuleId.NON_ASSOCIATION: _non_association(),
    RuleId.PROTECTION_NEED: _protection_need(),
    RuleId.SECURITY_CATEGORY: _security_category(),
    RuleId.LEAST_RESTRICTIVE: _least_restrictive(),
    RuleId.AUTHORITY: _authority(),
    RuleId.MEDICAL_CONSIDERED: _medical_considered(),
    RuleId.EXPIRED_AUTHORITY: _expired_authority(),
    RuleId.NO_SOLITARY: _no_solitary(),
    RuleId.SPECIAL_NEEDS: _special_needs(),
    RuleId.SOURCE_RECEPTIVE_CELL: _source_receptive_cell(),
    RuleId.SOURCE_RECEPTIVE_UNIT: _source_receptive_unit(),
    RuleId.UNIT_GROUP_CAP: _unit_group_cap(),
    RuleId.LEADERS: _leaders(),
    RuleId.DISPERSAL_CAP: _dispersal_cap(),
    RuleId.SEALED_UNITS: _sealed_units(),
    RuleId.FROZEN: _frozen(),
    RuleId.MOVE_BUDGET: _move_budget(),
    RuleId.COOLDOWN: _cooldown(),
    RuleId.TRANSFERS: _transfers(),
    RuleId.OFFICER_LOCKS: _officer_locks(),
    RuleId.FIRST_TIME: _first_time(),
    RuleId.STAFFING: _staffing(),
    RuleId.COMMUNICATIONS: _communications(),
}
