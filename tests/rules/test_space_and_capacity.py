"""R01, R02, R06, R07, R08: beds, capacity, floor space, single cells."""

from allocator.model.catalogue import RuleId
from allocator.model.vocabulary import AccommodationType, SharingRisk, Status
from tests.builders import HARD, cell, days_ago, derogable, make_scenario, person, with_setting
from tests.rules.plain import compiled


def test_one_bed() -> None:
    scenario = make_scenario(["c1"], ["p1", "p2"])
    assert compiled(scenario, RuleId.ONE_BED) == [("placed", "p1 p2", ("unplaced", 1))]


def test_capacity_bars_closed_cells_and_limits_the_others() -> None:
    scenario = make_scenario(
        [
            cell("c1", 7, working_capacity=5),
            cell("c2", 3),
            cell("c3", 2, buffer=True),
            cell("c4", 2, status=Status.INACTIVE),
            cell("c5", 2, working_capacity=0),
        ],
        ["p1", person("p2", places_needed=2)],
    )
    places = "weights [1, 2]"
    assert compiled(scenario, RuleId.CAPACITY) == [
        ("eligible", "p1 p2", "c3 c4 c5", None),
        ("count", "p1 p2", "cell", {"c1": (0, 7), "c2": (0, 3)}, "triangular", places, None),
        ("count", "p1 p2", "cell", {"c1": (0, 5)}, "triangular", places, ("derogations", 10)),
    ]


def test_capacity_of_a_separation_cell_is_its_maximum() -> None:
    separation = AccommodationType.CARE_AND_SEPARATION
    scenario = make_scenario(
        [cell("c1", 2, working_capacity=0, accommodation_type=separation)], ["p1"]
    )
    assert compiled(scenario, RuleId.CAPACITY) == [
        ("count", "p1", "cell", {"c1": (0, 2)}, "triangular", None)
    ]


def test_hard_capacity_has_no_price() -> None:
    scenario = make_scenario([cell("c1", 3, working_capacity=2)], ["p1"])
    hard = with_setting(scenario, RuleId.CAPACITY, HARD)
    assert compiled(hard, RuleId.CAPACITY)[-1] == (
        "count", "p1", "cell", {"c1": (0, 2)}, "triangular", None
    )  # fmt: skip


def test_space_floor_counts_whole_floors_of_known_areas() -> None:
    scenario = make_scenario(
        [
            cell("c1", 5, area_m2=6.5),
            cell("c2", 3, area_m2=9.0),
            cell("c3", 7),
            cell("c4", 2, area_m2=2.9),
            cell("c5", 2, area_m2=2.0, status=Status.INACTIVE),
        ],
        ["p1"],
        settings={RuleId.SPACE_FLOOR: derogable(3)},
    )
    limits = {"c1": (0, 2), "c4": (0, 0)}
    assert compiled(scenario, RuleId.SPACE_FLOOR) == [
        ("count", "p1", "cell", limits, "triangular", ("derogations", 3))
    ]


def test_space_floor_forgives_rounding() -> None:
    scenario = make_scenario(
        [cell("c1", 5, area_m2=0.3)], ["p1"], thresholds={"space_floor_hard_m2": 0.1}
    )
    assert compiled(scenario, RuleId.SPACE_FLOOR)[0][3] == {"c1": (0, 3)}


def test_space_days_bars_cells_below_the_floor_when_full() -> None:
    scenario = make_scenario(
        [
            cell("c1", 2, area_m2=5.9),
            cell("c2", 2, area_m2=6.0),
            cell("c3", 2),
            cell("c4", 3, working_capacity=0, area_m2=2.9),
        ],
        [
            person("p1", days_below_hard_floor=26),
            person("p2", days_below_hard_floor=27),
            person("p3", days_below_hard_floor=35),
        ],
    )
    assert compiled(scenario, RuleId.SPACE_DAYS) == [("eligible", "p2 p3", "c1 c4", None)]


def test_single_cell_for_high_risk_and_for_the_unassessed() -> None:
    people = [
        person("p1", sharing_risk=SharingRisk.HIGH),
        person("p2", sharing_risk=SharingRisk.REVIEW),
        person("p3", sharing_assessed_at=None),
        person("p4", sharing_assessed_at=days_ago(-1)),
        person("p5", sharing_assessed_at=days_ago(0)),
    ]
    assert compiled(make_scenario(["c1"], people), RuleId.SINGLE_CELL) == [
        ("alone", "p1 p3 p4", None)
    ]
