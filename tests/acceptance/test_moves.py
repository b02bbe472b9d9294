"""Who moves, who stays, and what the move list says."""

from dataclasses import replace
from typing import Any

from allocator.model.catalogue import RuleId
from allocator.model.estate import TransferPair, VirtualPlace
from allocator.model.relations import NonAssociation
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import (
    LegalCategory,
    NetworkRole,
    Restriction,
    Sex,
    SpecialistCellType,
    Status,
    UsedFor,
    VirtualPlaceKind,
)
from tests.acceptance.planned import places, planned, told, why_unplaced
from tests.builders import (
    cell,
    days_ago,
    facility,
    freeze,
    landing,
    make_scenario,
    person,
    role,
    wing,
)

REMAND, SENTENCED = LegalCategory.REMAND, LegalCategory.SENTENCED


def swap(**fields: Any) -> Scenario:
    """Two full single cells, each with a person whom only the other may hold."""
    return replace(
        make_scenario(
            ["c1", cell("c2", parent="L2")],
            [
                person("r", legal_category=REMAND, current_place="c2"),
                person("s", current_place="c1"),
            ],
            units=[
                wing("W", legal_category=REMAND),
                wing("W2", legal_category=SENTENCED),
                landing("L2", "W2"),
            ],
        ),
        **fields,
    )


def test_two_people_swap_without_a_free_cell() -> None:
    report = told(swap())
    assert [(m.person_id, m.from_place, m.to_cell) for m in report.moves] == [
        ("s", "c1", "c2"),
        ("r", "c2", "c1"),
    ]
    assert {m.rules_settled for m in report.moves} == {(RuleId.REMAND_SENTENCED,)}


def test_a_budget_too_small_for_the_swap_is_named() -> None:
    unplaced = why_unplaced(swap(max_moves=1))
    assert len(unplaced) == 1
    assert all(RuleId.MOVE_BUDGET in rules for rules in unplaced.values())


def test_why_somebody_moved_is_a_rule_or_the_exposure() -> None:
    enemies = [NonAssociation("a", "b", Restriction.CELL)]
    people = [person(key, current_place="c1") for key in "ab"]
    report = told(make_scenario([cell("c1", 2), "c2"], people, non_associations=enemies))
    (move,) = report.moves
    assert (move.reason.value, move.rules_settled) == ("conflict", (RuleId.NON_ASSOCIATION,))


def test_a_person_who_is_out_keeps_the_bed() -> None:
    scenario = make_scenario(["c1"], [person("away", current_place="c1", out=True), "new"])
    assert places(scenario) == {"away": "c1", "new": None}


def test_frozen_people_in_a_wing_that_closed_are_unplaced_with_both_reasons() -> None:
    scenario = make_scenario(
        [cell("c1", parent="LX"), "c2"],
        [person("p", current_place="c1")],
        units=[wing("WX", status=Status.INACTIVE), landing("LX", "WX")],
        freezes=[freeze("p")],
    )
    assert why_unplaced(scenario) == {"p": {RuleId.CAPACITY, RuleId.FROZEN}}
    (conflict,) = planned(scenario).plan.conflicts
    assert conflict.words.startswith("No cell is lawfully open to 1 person")
    assert places(replace(scenario, freezes=())) == {"p": "c2"}


def test_a_closed_pair_of_facilities_stays_closed_from_reception_too() -> None:
    units = [facility("G"), wing("WG", "G"), landing("LG", "WG")]
    virtual = (VirtualPlace("reception", "F", VirtualPlaceKind.RECEPTION),)
    for here in ("c1", "reception"):
        for is_open, notice, where in ((False, 0, None), (True, 9, None), (True, 3, "g1")):
            scenario = make_scenario(
                [cell("c1", status=Status.INACTIVE), cell("g1", parent="LG")],
                [person("p", current_place=here, transfer_notice_at=days_ago(3))],
                units=units,
                estate={
                    "virtual_places": virtual,
                    "transfer_pairs": (TransferPair("F", "G", is_open, notice),),
                },
            )
            assert places(scenario) == {"p": where}, (here, is_open, notice)


def test_a_mother_and_her_child_take_two_places_of_the_right_kind() -> None:
    need = frozenset({SpecialistCellType.MOTHER_AND_BABY})
    mother = person("m", sex=Sex.FEMALE, places_needed=2, needs=need)
    woman = person("w", sex=Sex.FEMALE)
    cells = [
        cell("c1", 1, specialist_cell_types=need),
        cell("c2", 2, specialist_cell_types=need),
        cell("c3", 2),
    ]
    assert places(make_scenario(cells, [mother, woman])) == {"m": "c2", "w": "c3"}
    alone = make_scenario(cells[:1], [mother])
    assert planned(alone).plan.shortfall == planned(alone).plan.places_missing == {"sentenced": 2}


def test_a_first_time_prisoner_starts_in_the_first_night_cell_away_from_roles() -> None:
    scenario = make_scenario(
        [cell("c1", 2), cell("c2", used_for=frozenset({UsedFor.FIRST_NIGHT}))],
        [person("new", first_time=True, arrived_at=days_ago(2)), "e"],
        findings=[role("e", NetworkRole.ENFORCER)],
    )
    assert places(scenario) == {"e": "c1", "new": "c2"}
