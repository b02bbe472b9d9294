"""What an instance holds: places that may be used, levels that shapes use, everything in order."""

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.estate import VirtualPlace
from allocator.model.index import ScenarioIndex
from allocator.model.person import Person
from allocator.model.policy import TierSetting
from allocator.model.profile import RuleSetting
from allocator.model.relations import NonAssociation, StablePair
from allocator.model.shapes import CellPoints, PairPoints
from allocator.model.vocabulary import (
    AccommodationType,
    Enforcement,
    Level,
    Restriction,
    Status,
    Tier,
    VirtualPlaceKind,
)
from allocator.prepare.instance import max_places, prepare_instance
from tests.builders import OFF, cell, landing, make_scenario, person

ALL_OFF = dict.fromkeys(RuleId, OFF)


def test_cells_that_may_not_be_used_have_no_places() -> None:
    cells = [
        cell("c1", 2, max_capacity=3),
        cell("c2", 5, status=Status.INACTIVE),
        cell("c3", 5, buffer=True),
        cell("c4", 5, working_capacity=0),
        cell("c5", 7, working_capacity=0, accommodation_type=AccommodationType.CARE_AND_SEPARATION),
        cell("c6", 5, certified=False),
        cell("c7", 5, parent="L2"),
    ]
    units = [landing("L2", status=Status.INACTIVE)]

    places = max_places(ScenarioIndex(make_scenario(cells, units=units)))

    assert places.tolist() == [3, 0, 0, 0, 7, 0, 0]


def test_people_and_cells_keep_their_order_and_virtual_places_are_no_cells() -> None:
    reception = VirtualPlace("V", "F", VirtualPlaceKind.RECEPTION)
    people: list[Person | str] = [
        person("p1", current_place="c2", places_needed=2),
        person("p2", current_place="V"),
        "p3",
    ]
    scenario = make_scenario(["c1", "c2"], people, estate={"virtual_places": (reception,)})

    instance = prepare_instance(scenario)

    assert instance.person_ids == ("p1", "p2", "p3")
    assert instance.cell_ids == ("c1", "c2")
    assert instance.current.tolist() == [1, -1, -1]
    assert instance.places.tolist() == [2, 1, 1]


def test_only_levels_that_shapes_use_are_listed() -> None:
    apart = [NonAssociation("p1", "p2", Restriction.LANDING)]
    scenario = make_scenario(
        ["c1", cell("c2", parent="L2")],
        ["p1", "p2"],
        units=[landing("L2")],
        settings=ALL_OFF | {RuleId.NON_ASSOCIATION: RuleSetting(Enforcement.HARD)},
        non_associations=apart,
        stable_pairs=[StablePair("p1", "p2")],
    )

    instance = prepare_instance(scenario)

    assert set(instance.unit_of) == set(instance.unit_names) == {Level.LANDING}
    assert instance.unit_of[Level.LANDING].tolist() == [0, 1]
    assert instance.unit_names[Level.LANDING] == ("L", "L2")


def test_shapes_and_tiers_come_from_rules_goals_and_policy() -> None:
    tiers = (TierSetting(Tier.MOVES), TierSetting(Tier.EXPOSURE, 20))
    scenario = make_scenario(
        people=["p1", person("p2", home_area="north")],
        units=[landing("L", home_area="north")],
        settings=ALL_OFF,
        policy={"tiers": tiers},
        stable_pairs=[StablePair("p1", "p2")],
    )

    instance = prepare_instance(scenario)

    assert instance.tiers == tiers
    goals = [s.goal for s in instance.shapes if isinstance(s, CellPoints | PairPoints)]
    assert goals == [GoalId.NEAR_HOME, GoalId.SUPPORT]
