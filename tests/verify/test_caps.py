"""R20, R21, R22, R72: how many of a kind a unit may hold."""

from typing import Any

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.profile import RuleSetting
from allocator.model.vocabulary import Enforcement, Level, NetworkRole, UsedFor, VeoStatus
from allocator.verify import verify
from tests.builders import HARD, OFF, cell, facility, landing, make_scenario, person, role, wing
from tests.verify.helpers import Found, found, listed, put

UNITS = [
    landing("L2", used_for=frozenset({UsedFor.INTERVENTION})),
    wing("W3"),
    landing("L3", "W3"),
    facility("G"),
    wing("WG", "G"),
]
PARENTS = {"c1": "L", "c2": "L2", "c3": "L3", "c4": "WG"}
CELLS = [cell(name, 20, parent) for name, parent in PARENTS.items()]


def veo(names: str, status: VeoStatus) -> list[Person]:
    return [person(name, veo_status=status) for name in names.split()]


def judged(rule: RuleId, placement: Any, policy: dict[str, Any], **fields: Any) -> Found:
    return found(rule, placement, policy=policy, **({"cells": CELLS, "units": UNITS} | fields))


SEVEN = "p1 p2 p3 p4 p5 p6 p7"


def test_small_groups_per_landing() -> None:
    placement = put(c1="q1 q2 q3", c2=SEVEN)
    assert judged(RuleId.UNIT_GROUP_CAP, placement, {"unit_group_cap": 5}) == [("L2", SEVEN, 2)]
    assert judged(RuleId.UNIT_GROUP_CAP, placement, {"unit_group_cap": 7}) == []
    assert judged(RuleId.UNIT_GROUP_CAP, placement, {"unit_group_cap": None}) == []


def test_a_mixed_landing_has_no_small_group() -> None:
    cells = [*CELLS, cell("c5", 2, "L2", used_for=frozenset({UsedFor.STANDARD}))]
    policy = {"unit_group_cap": 5}
    assert judged(RuleId.UNIT_GROUP_CAP, put(c2=SEVEN), policy, cells=cells) == []


def test_dedicated_landings_count_people_with_veo_by_law() -> None:
    people = veo("p1 p2 p3", VeoStatus.CHARGED) + veo("p4 p5", VeoStatus.CONVICTED)
    people += veo("p6", VeoStatus.MONITORED)
    fields: dict[str, Any] = {"people": people, "dedicated_units": frozenset({"W3"})}
    policy = {"unit_group_cap": 2, "dedicated_units_used": True}
    placement = put(c3=SEVEN)
    assert judged(RuleId.UNIT_GROUP_CAP, placement, policy, **fields) == [
        ("L3", "p1 p2 p3 p4 p5", 3)
    ]
    unused = policy | {"dedicated_units_used": False}
    assert judged(RuleId.UNIT_GROUP_CAP, placement, unused, **fields) == []
    both = fields | {"dedicated_units": frozenset({"L2"})}
    assert judged(RuleId.UNIT_GROUP_CAP, put(c2=SEVEN), policy, **both) == [
        ("L2", "p1 p2 p3 p4 p5", 3),
        ("L2", SEVEN, 5),
    ]


LEADERS = [
    role("a1", NetworkRole.LEADER, "alpha"),
    role("a2", NetworkRole.LEADER, "alpha"),
    role("a3", NetworkRole.LEADER, "alpha"),
    role("b1", NetworkRole.LEADER, "beta"),
    role("b2", NetworkRole.LEADER, "beta"),
    role("x1", NetworkRole.LEADER),
    role("r1", NetworkRole.RECRUITER, "alpha"),
]


def test_leaders_per_wing() -> None:
    placement = put(c1="a1 b1 x1", c2="a2 b2 r1", c3="a3")
    policy = {"max_leaders_per_unit": 2}
    assert judged(RuleId.LEADERS, placement, policy, findings=LEADERS) == [
        ("W", "a1 a2 b1 b2 x1", 3)
    ]


def test_leaders_of_one_network_apart() -> None:
    placement = put(c1="a1 a2 b1 r1", c2="x1 b2", c3="a3")
    landing_level: dict[str, Any] = {"network_leaders_apart": Level.LANDING}
    assert judged(RuleId.LEADERS, placement, landing_level, findings=LEADERS) == [("L", "a1 a2", 1)]
    both = landing_level | {"network_leaders_facility_apart": True}
    assert judged(RuleId.LEADERS, placement, both, findings=LEADERS) == [
        ("F", "a1 a2 a3", 2),
        ("F", "b1 b2", 1),
        ("L", "a1 a2", 1),
    ]
    once = both | {"network_leaders_apart": Level.FACILITY}
    assert judged(RuleId.LEADERS, placement, once, findings=LEADERS) == [
        ("F", "a1 a2 a3", 2),
        ("F", "b1 b2", 1),
    ]


def test_one_facility_alone_keeps_no_leaders_in_different_facilities() -> None:
    units, cells = UNITS[:3], CELLS[:3]
    policy = {"network_leaders_facility_apart": True}
    fields: dict[str, Any] = {"units": units, "cells": cells, "findings": LEADERS}
    assert judged(RuleId.LEADERS, put(c1="a1 a2"), policy, **fields) == []


MIXED = (
    veo("m1 m2 m3", VeoStatus.MONITORED)
    + veo("c1 c2", VeoStatus.CONVICTED)
    + veo("d1", VeoStatus.CHARGED)
    + veo("u1 u2", VeoStatus.UNDER_ASSESSMENT)
)
SPREAD = put(c1="m1 m2 c1 u1", c3="m3 c2 u2", c4="d1")


def test_dispersal_caps() -> None:
    rule = RuleId.DISPERSAL_CAP
    assert judged(rule, SPREAD, {"max_veo_per_wing": 1}, people=MIXED) == [
        ("W", "c1 m1 m2", 1 + 2),
        ("W3", "c2 m3", 1),
    ]
    assert judged(rule, SPREAD, {"max_veo_per_facility": 3}, people=MIXED) == [
        ("F", "c1 c2 m1 m2 m3", 1 + 2)
    ]
    assert judged(rule, SPREAD, {"max_veo_per_wing": 3}, people=MIXED) == []


def test_dedicated_units_take_everyone_with_veo_by_law_and_are_exempt() -> None:
    rule, policy = RuleId.DISPERSAL_CAP, {"dedicated_units_used": True, "max_veo_per_wing": 1}
    fields: dict[str, Any] = {"people": MIXED}
    for unit in ("W", "L"):
        named = fields | {"dedicated_units": frozenset({unit})}
        assert judged(rule, SPREAD, policy, **named) == [
            ("W3", "c2", 1),
            ("W3", "c2 m3", 1),
            ("WG", "d1", 1),
        ]
    above = fields | {"dedicated_units": frozenset({"F"})}
    assert judged(rule, SPREAD, policy, **above) == [("WG", "d1", 1)]
    assert judged(rule, SPREAD, {"dedicated_units_used": True}, **fields) == []


def test_satellites_take_everyone_with_veo_status() -> None:
    rule, policy = RuleId.DISPERSAL_CAP, {"satellites_used": True, "max_veo_per_facility": 4}
    fields: dict[str, Any] = {"people": MIXED, "satellite_facilities": frozenset({"G"})}
    assert judged(rule, SPREAD, policy, **fields) == [
        ("F", "c1 c2 m1 m2 m3", 1 + 2 + 3 + 4 + 5),
        ("F", "c1 c2 m1 m2 m3", 1),
    ]
    assert judged(rule, SPREAD, {"satellites_used": True}, people=MIXED) == []


CAPS: dict[str, Any] = {"unit_group_cap": 5, "max_leaders_per_unit": 3, "max_veo_per_wing": 7}


def staffing(staff: int | None, minimum: int = 3, off: RuleId | None = None) -> Found:
    """R72 alone: seven people in a small group, five of them leaders, six with VEO status."""
    names = SEVEN.split()
    settings = dict.fromkeys(RuleId, OFF)
    for rule in (RuleId.UNIT_GROUP_CAP, RuleId.LEADERS, RuleId.DISPERSAL_CAP, RuleId.STAFFING):
        settings[rule] = HARD
    settings |= {off: OFF} if off else {}
    scenario = make_scenario(
        cells=CELLS,
        people=[person("p7"), *veo(" ".join(names[:6]), VeoStatus.CHARGED)],
        units=[*UNITS, wing("W", trained_staff_per_shift=staff)],
        findings=[role(name, NetworkRole.LEADER) for name in names[:5]],
        policy=CAPS,
        settings=settings,
        thresholds={"min_trained_staff_per_shift": minimum},
    )
    unlawful = verify(scenario, put(c2=SEVEN)).unlawful
    return listed(b for b in unlawful if b.rule is RuleId.STAFFING)


def test_caps_fall_in_proportion_to_trained_staff() -> None:
    small, leaders = ("L2", SEVEN, 4), ("W", "p1 p2 p3 p4 p5", 3)
    veo_breach = ("W", "p1 p2 p3 p4 p5 p6", 2)
    assert staffing(2) == [("L2", SEVEN, 4), leaders, veo_breach]
    assert staffing(2, off=RuleId.LEADERS) == [small, veo_breach]
    assert staffing(0) == [("L2", SEVEN, 7), ("W", "p1 p2 p3 p4 p5", 5), (*veo_breach[:2], 6)]


def test_caps_stay_where_staff_is_enough_or_unknown() -> None:
    assert staffing(3) == []
    assert staffing(None) == []


def test_staff_is_inherited_by_the_wing_and_not_taken_from_the_landing() -> None:
    settings = dict.fromkeys(RuleId, OFF) | {
        RuleId.STAFFING: HARD,
        RuleId.DISPERSAL_CAP: RuleSetting(Enforcement.REPORT),
    }
    scenario = make_scenario(
        cells=CELLS,
        people=MIXED,
        units=[
            *UNITS[1:],
            facility("F", trained_staff_per_shift=1),
            landing("L2", trained_staff_per_shift=9),
            landing("L", trained_staff_per_shift=9),
        ],
        policy={"max_veo_per_wing": 5},
        settings=settings,
    )
    placement = dict.fromkeys((p.person_id for p in MIXED), "c1")
    judgement = verify(scenario, placement)
    assert listed(judgement.unlawful) == [("W", "c1 c2 d1 m1 m2 m3", 4)]
    assert listed(judgement.notes) == [("W", "c1 c2 d1 m1 m2 m3", 1)]
