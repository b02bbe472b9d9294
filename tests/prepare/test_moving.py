"""What carrying out moves needs, from a scenario: officers, classes, places to wait."""

from allocator.model.estate import VirtualPlace
from allocator.model.index import ScenarioIndex
from allocator.model.vocabulary import (
    LegalCategory,
    SecurityCategory,
    Sex,
    UsedFor,
    VirtualPlaceKind,
)
from allocator.prepare.moving import move_facts
from tests.builders import cell, facility, landing, make_scenario, person, wing

THRESHOLDS = {
    "officers_per_move": 3, "officers_high_risk": 5, "officers_sealed_unit": 7,
    "escort_officers": 11, "minutes_per_move": 20, "move_window_minutes": 200,
    "holding_limit_minutes": 45,
}  # fmt: skip


def test_officers_by_person_and_cell() -> None:
    scenario = make_scenario(
        cells=[
            cell("c1"),
            cell("c2", used_for=frozenset({UsedFor.SEGREGATION})),
            cell("c3", parent="S"),
            cell("c4", parent="S", used_for=frozenset({UsedFor.SEPARATION})),
        ],
        people=["p1", person("p2", security_category=SecurityCategory.A)],
        units=[wing("S", sealed=True)],
        thresholds=THRESHOLDS,
    )
    facts = move_facts(ScenarioIndex(scenario))
    assert facts.person_officers.tolist() == [0, 5]
    assert facts.cell_officers.tolist() == [0, 5, 7, 7]
    assert (facts.officers_per_move, facts.escort_officers) == (3, 11)
    assert (facts.minutes_per_move, facts.window_minutes) == (20, 200)
    assert facts.holding_limit_minutes == 45


def test_classes_and_restrictive_cells() -> None:
    scenario = make_scenario(
        cells=[cell("c1"), cell("c2", parent="R"), cell("c3", parent="Q")],
        people=[
            "p1",
            person("p2", legal_category=LegalCategory.REMAND),
            person("p3", age_years=17),
            person("p4", sex=Sex.FEMALE),
            "p5",
        ],
        units=[landing("R", regime_level=3), landing("Q", regime_level=2)],
    )
    facts = move_facts(ScenarioIndex(scenario))
    classes = facts.person_class.tolist()
    assert classes[0] == classes[4]
    assert len(set(classes)) == 4
    assert facts.is_restrictive.tolist() == [False, True, False]


def test_places_to_wait_and_where_people_start() -> None:
    held = [
        VirtualPlace("G-R", "G", VirtualPlaceKind.RECEPTION),
        VirtualPlace("G-Y", "G", VirtualPlaceKind.CSWAP),
        VirtualPlace("G-X", "G", VirtualPlaceKind.CSWAP),
    ]
    scenario = make_scenario(
        cells=[
            cell("c1"),
            cell("c2", 3, buffer=True),
            cell("c3", 2, parent="W2", buffer=True, certified=False),
        ],
        people=[
            person("p1", current_place="c1"), person("p2", current_place="G-R"), person("p3"),
        ],
        units=[facility("G"), wing("W2", "G")],
        estate={"virtual_places": tuple(held)},
    )  # fmt: skip
    facts = move_facts(ScenarioIndex(scenario))
    assert facts.facilities == ("F", "G")
    assert facts.holding == (None, "G-X")
    assert facts.buffer_places.tolist() == [0, 3, 0]
    assert facts.start_facility.tolist() == [0, 1, -1]
    assert facts.start_places == ("c1", "G-R", None)
    assert facts.facility.tolist() == [0, 0, 1]
