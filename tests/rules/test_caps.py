"""R20, R21, R22, R23, R72: groups in units."""

from typing import Any

from allocator.model.catalogue import RuleId
from allocator.model.estate import SharedSetting
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import (
    Level,
    NetworkRole,
    SharedSettingKind,
    UsedFor,
    VeoStatus,
)
from tests.builders import (
    OFF,
    cell,
    derogable,
    facility,
    landing,
    make_scenario,
    person,
    role,
    wing,
    with_setting,
)
from tests.rules.plain import compiled

PRICE = ("derogations", 10)
STATUSES = [*[VeoStatus.CONVICTED] * 3, *[VeoStatus.CHARGED] * 2, *[VeoStatus.MONITORED] * 2]
UNITS = [
    landing("L1", used_for=frozenset({UsedFor.SEPARATION})),
    landing("L2"),
    wing("W2", "G"),
    facility("G"),
]
CELLS = [
    cell("c1", parent="L1"),
    cell("c2", parent="L1", used_for=frozenset({UsedFor.INTERVENTION})),
    cell("c3", parent="L2"),
    cell("c4", parent="L2", used_for=frozenset({UsedFor.ASSESSMENT})),
    cell("c5", parent="W2"),
]
LAW = "p1 p2 p3 p4 p5"
VEO = "p1 p2 p3 p4 p5 p6 p7"


def estate_with(policy: dict[str, Any], **fields: Any) -> Scenario:
    """Two facilities; seven people with VEO status, five by law, and one without."""
    people = [person(f"p{k}", veo_status=s) for k, s in enumerate(STATUSES, start=1)]
    people.append(person("p8", veo_status=VeoStatus.UNDER_ASSESSMENT))
    known = {"units": UNITS} | fields
    return make_scenario(CELLS, people, policy=policy, **known)


def test_unit_group_cap_leaves_mixed_landings_out() -> None:
    scenario = estate_with({"unit_group_cap": 3})
    everyone = f"{VEO} p8"
    assert compiled(scenario, RuleId.UNIT_GROUP_CAP) == [
        ("count", everyone, "landing", {"L1": (0, 3)}, PRICE)
    ]


def test_unit_group_cap_in_dedicated_landings_counts_veo_by_law() -> None:
    policy = {"unit_group_cap": 2, "dedicated_units_used": True}
    scenario = estate_with(policy, dedicated_units=frozenset({"W2", "L2"}))
    assert compiled(scenario, RuleId.UNIT_GROUP_CAP)[1:] == [
        ("count", LAW, "landing", {"L2": (0, 2), "W2": (0, 2)}, PRICE)
    ]


def test_a_cap_that_the_group_cannot_exceed_is_no_shape() -> None:
    assert compiled(estate_with({"unit_group_cap": 8}), RuleId.UNIT_GROUP_CAP) == []


LEADERS = [
    role("p1", NetworkRole.LEADER, "n2"),
    role("p2", NetworkRole.LEADER, "n1"),
    role("p3", NetworkRole.LEADER, "n2"),
    role("p4", NetworkRole.LEADER, "n1"),
    role("p5", NetworkRole.LEADER, "n1"),
    role("p6", NetworkRole.LEADER),
    role("p7", NetworkRole.RECRUITER, "n1"),
]


def test_leaders_per_wing_and_of_one_network() -> None:
    policy = {
        "max_leaders_per_unit": 2,
        "network_leaders_apart": Level.WING,
        "network_leaders_facility_apart": True,
    }
    wings, facilities = {"W": (0, 1), "W2": (0, 1)}, {"F": (0, 1), "G": (0, 1)}
    assert compiled(estate_with(policy, findings=LEADERS), RuleId.LEADERS) == [
        ("count", "p1 p2 p3 p4 p5 p6", "wing", {"W": (0, 2), "W2": (0, 2)}, PRICE),
        ("count", "p2 p4 p5", "wing", wings, PRICE),
        ("count", "p1 p3", "wing", wings, PRICE),
        ("count", "p2 p4 p5", "facility", facilities, PRICE),
        ("count", "p1 p3", "facility", facilities, PRICE),
    ]


def test_leaders_apart_by_facility_once_and_only_with_several() -> None:
    both = {"network_leaders_apart": Level.FACILITY, "network_leaders_facility_apart": True}
    shapes = compiled(estate_with(both, findings=LEADERS), RuleId.LEADERS)
    assert [shape[1] for shape in shapes] == ["p2 p4 p5", "p1 p3"]
    one = make_scenario(
        ["c1"],
        [f"p{k}" for k in range(1, 8)],
        findings=LEADERS,
        policy={"network_leaders_facility_apart": True},
    )
    assert compiled(one, RuleId.LEADERS) == []


def test_dispersal_caps_per_wing_and_facility() -> None:
    policy = {"max_veo_per_wing": 2, "max_veo_per_facility": 3}
    assert compiled(estate_with(policy), RuleId.DISPERSAL_CAP) == [
        ("count", VEO, "wing", {"W": (0, 2), "W2": (0, 2)}, "triangular", PRICE),
        ("count", VEO, "facility", {"F": (0, 3), "G": (0, 3)}, "triangular", PRICE),
    ]


def test_dedicated_wings_take_veo_by_law_and_are_exempt() -> None:
    policy = {"max_veo_per_wing": 5, "dedicated_units_used": True}
    scenario = estate_with(policy, dedicated_units=frozenset({"L1"}))
    assert compiled(scenario, RuleId.DISPERSAL_CAP) == [
        ("count", VEO, "wing", {"W2": (0, 5)}, "triangular", PRICE),
        ("count", LAW, "wing", {"W2": (0, 0)}, "triangular", PRICE),
    ]
    assert len(compiled(estate_with(policy), RuleId.DISPERSAL_CAP)) == 1


def test_satellites_hold_everyone_with_veo_status() -> None:
    scenario = estate_with({"satellites_used": True}, satellite_facilities=frozenset({"G"}))
    assert compiled(scenario, RuleId.DISPERSAL_CAP) == [
        ("count", VEO, "facility", {"F": (0, 0)}, "triangular", PRICE)
    ]
    assert compiled(estate_with({"satellites_used": True}), RuleId.DISPERSAL_CAP) == []


def sealed(**fields: Any) -> list[tuple[object, ...]]:
    """L1 is sealed, L2 is on the same wing, W2 in another facility."""
    units = [wing("W", **fields.pop("on_wing", {})), landing("L1", sealed=True), *UNITS[1:]]
    scenario = make_scenario(CELLS, ["p1", "p2"], units=units, **fields)
    return compiled(scenario, RuleId.SEALED_UNITS)


def test_sealed_units_that_share_hold_nobody() -> None:
    closed = [("eligible", "p1 p2", "c1 c2", None)]
    assert sealed() == []
    assert sealed(on_wing={"exercise_group": "yard"}) == closed

    def setting(*unit_ids: str) -> dict[str, Any]:
        shared = SharedSetting("s1", SharedSettingKind.WORSHIP, frozenset(unit_ids))
        return {"settings": (shared,)}

    assert sealed(estate=setting("L1")) == []
    assert sealed(estate=setting("L2", "W2")) == []
    assert sealed(estate=setting("c2", "W2")) == closed
    assert sealed(estate=setting("W")) == closed


def test_sealed_units_with_a_yard_of_their_own_are_sealed() -> None:
    units = [landing("L1", sealed=True, exercise_group="own"), *UNITS[1:]]
    scenario = make_scenario(CELLS, ["p1"], units=units)
    assert compiled(scenario, RuleId.SEALED_UNITS) == []


SHORT = [wing("W", trained_staff_per_shift=2), *UNITS]


def test_caps_fall_where_trained_staff_is_short() -> None:
    policy = {"unit_group_cap": 5, "max_leaders_per_unit": 4, "max_veo_per_wing": 2}
    scenario = estate_with(
        policy,
        units=SHORT,
        findings=LEADERS,
        thresholds={"min_trained_staff_per_shift": 3},
        settings={RuleId.STAFFING: derogable(7)},
    )
    price = ("derogations", 7)
    lowered = [
        ("count", f"{VEO} p8", "landing", {"L1": (0, 3)}, price),
        ("count", "p1 p2 p3 p4 p5 p6", "wing", {"W": (0, 2)}, price),
        ("count", VEO, "wing", {"W": (0, 1)}, price),
    ]
    assert compiled(scenario, RuleId.STAFFING) == lowered
    without = with_setting(scenario, RuleId.LEADERS, OFF)
    assert compiled(without, RuleId.STAFFING) == [lowered[0], lowered[2]]


def test_staff_is_inherited_by_the_wing_and_never_read_below_it() -> None:
    units = [facility("F", trained_staff_per_shift=1), *UNITS[1:]]
    units.append(landing("L1", trained_staff_per_shift=9))
    scenario = estate_with({"max_veo_per_wing": 3}, units=units)
    assert compiled(scenario, RuleId.STAFFING) == [("count", VEO, "wing", {"W": (0, 1)}, PRICE)]
