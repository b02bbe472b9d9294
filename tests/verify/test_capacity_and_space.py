"""R01, R02, R06, R07, R08: who has a bed, how full a cell is, and how much room there is."""

from typing import Any

import pytest

from allocator.model.catalogue import RuleId
from allocator.model.vocabulary import AccommodationType, SharingRisk, Status, Tier
from allocator.verify import verify
from tests.builders import DAY, OFF, cell, days_ago, derogable, make_scenario, person, wing
from tests.verify.helpers import found, put, scenario_of

FIVE = put(c1="p1 p2 p3 p4 p5")


def test_unplaced_people_are_counted_and_are_no_breach() -> None:
    placement = put(c1="p1") | {"p2": None, "p3": None}
    judgement = verify(scenario_of(RuleId.ONE_BED, placement), placement)
    assert judgement.is_lawful
    assert judgement.unplaced == ("p2", "p3")
    assert judgement.tiers[Tier.UNPLACED] == 2


@pytest.mark.parametrize("setting", [derogable(3), OFF])
def test_a_faulty_placement_is_unlawful_whatever_the_setting(setting: Any) -> None:
    scenario = scenario_of(RuleId.ONE_BED, put(c1="p1 p2 p3"), setting=setting)
    judgement = verify(scenario, {"p1": "c1", "p2": "nowhere", "x9": "c1"})
    assert [(b.person_ids, b.place) for b in judgement.unlawful] == [
        (("p3",), ""),
        (("x9",), "c1"),
        (("p2",), "nowhere"),
    ]
    assert judgement.unplaced == ("p2", "p3")
    assert judgement.derogations == ()


def test_a_full_cell_is_within_capacity() -> None:
    assert found(RuleId.CAPACITY, FIVE, cells=[cell("c1", 5)]) == []


def test_crowding_up_to_the_maximum_is_triangular_and_by_the_setting() -> None:
    cells = [cell("c1", 2, max_capacity=5)]
    scenario = scenario_of(RuleId.CAPACITY, FIVE, cells=cells, setting=derogable(7))
    judgement = verify(scenario, FIVE)
    (derogation,) = judgement.derogations
    assert judgement.is_lawful
    assert derogation.breach.person_ids == ("p1", "p2", "p3", "p4", "p5")
    assert (derogation.breach.place, derogation.breach.amount) == ("c1", 6)
    assert (derogation.points, derogation.signed_by) == (42, "governor")
    assert judgement.tiers[Tier.DEROGATIONS] == 42
    assert derogation.breach.detail == "c1: 5 places taken; working capacity 2, maximum 5"


def test_over_the_maximum_is_unlawful_even_where_crowding_is_derogable() -> None:
    cells = [cell("c1", 2, max_capacity=4)]
    judgement = verify(scenario_of(RuleId.CAPACITY, FIVE, cells=cells, setting=derogable(7)), FIVE)
    assert [(b.place, b.amount) for b in judgement.unlawful] == [("c1", 6)]
    assert judgement.derogations == ()
    assert judgement.tiers[Tier.DEROGATIONS] == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"buffer": True},
        {"certified": False},
        {"status": Status.INACTIVE},
        {"working_capacity": 0},
        {"parent": "W2"},
    ],
)
def test_cells_that_must_stay_empty(fields: dict[str, Any]) -> None:
    placement = put(c1="p1 p2")
    cells, units = [cell("c1", 5, **fields)], [wing("W2", status=Status.INACTIVE)]
    scenario = scenario_of(
        RuleId.CAPACITY, placement, cells=cells, units=units, setting=derogable(7)
    )
    assert [(b.place, b.amount) for b in verify(scenario, placement).unlawful] == [("c1", 3)]


def test_a_separation_cell_with_working_capacity_0_holds_its_maximum() -> None:
    kind = AccommodationType.CARE_AND_SEPARATION
    cells = [cell("c1", 2, working_capacity=0, accommodation_type=kind)]
    assert found(RuleId.CAPACITY, put(c1="p1 p2"), cells=cells) == []


def test_places_needed_count_and_an_off_rule_finds_nothing() -> None:
    people, cells = [person("p1", places_needed=3)], [cell("c1", 2)]
    assert found(RuleId.CAPACITY, put(c1="p1"), cells=cells, people=people) == [("c1", "p1", 1)]
    assert found(RuleId.CAPACITY, put(c1="p1"), cells=cells, people=people, setting=OFF) == []


def test_what_must_stay_empty_says_why() -> None:
    cells = [cell("c1", status=Status.INACTIVE), cell("c2", buffer=True), cell("c3", 0)]
    said = verify(make_scenario(cells, [*"pqr"]), {"p": "c1", "q": "c2", "r": "c3"}).unlawful
    assert [breach.detail for breach in said if breach.rule is RuleId.CAPACITY] == [
        "c1: 1 place taken; it is out of use and holds nobody",
        "c2: 1 place taken; it is kept for swaps",
        "c3: 1 place taken; it has no capacity",
    ]


@pytest.mark.parametrize(
    ("area_m2", "amount"), [(15.0, None), (14.9, 1), (6.0, 6), (2.9, 15), (None, None)]
)
def test_space_floor(area_m2: float | None, amount: int | None) -> None:
    breaches = found(RuleId.SPACE_FLOOR, FIVE, cells=[cell("c1", 2, area_m2=area_m2)])
    assert breaches == ([] if amount is None else [("c1", "p1 p2 p3 p4 p5", amount)])


def test_space_floor_of_a_fraction_counts_whole_places() -> None:
    cells = [cell("c1", 9, area_m2=0.7 * 3)]
    thresholds = {"space_floor_hard_m2": 0.7}
    assert found(RuleId.SPACE_FLOOR, put(c1="a b c"), cells=cells, thresholds=thresholds) == []


@pytest.mark.parametrize(
    ("days", "area_m2", "capacity", "is_breach"),
    [
        (27, 8.9, 3, True),
        (26, 8.9, 3, False),
        (27, 9.0, 3, False),
        (27, None, 3, False),
        (27, 2.9, 0, True),
        (27, 3.0, 0, False),
    ],
)
def test_space_days(days: int, area_m2: float | None, capacity: int, *, is_breach: bool) -> None:
    people = [person("p1", days_below_hard_floor=days)]
    cells = [cell("c1", capacity, area_m2=area_m2)]
    breaches = found(RuleId.SPACE_DAYS, put(c1="p1"), people=people, cells=cells)
    assert breaches == ([("c1", "p1", 1)] if is_breach else [])


def test_single_cell_counts_each_person_who_must_be_alone() -> None:
    people = [
        person("p1", sharing_risk=SharingRisk.HIGH),
        person("p2", sharing_assessed_at=None),
        person("p3", sharing_assessed_at=days_ago(-1)),
        person("p4", sharing_assessed_at=DAY),
    ]
    cells = [cell("c1", 5), cell("c2", 5)]
    breaches = found(RuleId.SINGLE_CELL, put(c1="p1 p2 p4", c2="p3"), people=people, cells=cells)
    assert breaches == [("c1", "p1", 1), ("c1", "p2", 1)]


def test_company_is_counted_in_words() -> None:
    """ "with 1 others"."""
    people = [person("p1", sharing_risk=SharingRisk.HIGH), person("p2"), person("p3")]
    scenario = make_scenario([cell("c1", 5)], people)
    for cells, words in ((("c1", None), "1 other,"), (("c1", "c1"), "2 others,")):
        judgement = verify(scenario, dict(zip(("p1", "p2", "p3"), ("c1", *cells), strict=True)))
        (breach,) = (b for b in judgement.unlawful if b.rule is RuleId.SINGLE_CELL)
        assert f"with {words} none allowed" in breach.detail


def test_whoever_needs_two_places_alone_is_alone() -> None:
    people = [person("p1", sharing_risk=SharingRisk.HIGH, places_needed=2)]
    assert found(RuleId.SINGLE_CELL, put(c1="p1"), people=people) == []


def test_an_empty_scenario_is_lawful() -> None:
    judgement = verify(make_scenario(people=()), {})
    assert judgement.is_lawful
    assert set(judgement.tiers.values()) == {0}
