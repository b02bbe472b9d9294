"""What no plan may do to a person: children, categories, holds, isolation."""

from typing import Any

import pytest

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import AuthorityKind, LegalCategory, Sex, UsedFor
from tests.acceptance.planned import places, told, why_unplaced
from tests.builders import (
    authority,
    cell,
    days_ago,
    freeze,
    landing,
    make_scenario,
    person,
    wing,
)

REMAND = LegalCategory.REMAND
SECOND_WING = [wing("W2"), landing("L2", "W2")]


def child(person_id: str) -> Person:
    """Somebody of sixteen."""
    return person(person_id, age_years=16)


def test_a_child_in_another_wing_shares_no_yard_with_adults() -> None:
    cells = [cell("c1"), cell("c2", parent="L2")]
    people = [person("adult", current_place="c1"), child("child")]
    for yards, where in ((("y", "y"), None), (("y", "z"), "c2"), ((None, None), "c2")):
        units = [
            wing("W", exercise_group=yards[0]),
            wing("W2", exercise_group=yards[1]),
            landing("L2", "W2"),
        ]
        assert places(make_scenario(cells, people, units=units))["child"] == where


SEPARATION = AuthorityKind.SEPARATION
PAST = {"expires_at": days_ago(1), "review_by": days_ago(5)}
NO_MEDICAL = {"medical_considered": False}


def held(*authorities: Any, cells: Any = (), **relations: Any) -> Scenario:
    """`p` in s1 of regime 4 with these authorities, and the cells named."""
    units = [
        wing("WS", used_for=frozenset({UsedFor.SEPARATION}), regime_level=4),
        landing("LS", "WS"),
    ]
    return make_scenario(
        [cell("s1", parent="LS"), *cells],
        [person("p", current_place="s1")],
        units=units,
        authorities=[authority("p", SEPARATION, level, **more) for level, more in authorities],
        **relations,
    )


@pytest.mark.parametrize(
    ("authorities", "reason"),
    [
        ([], RuleId.AUTHORITY),
        ([(4, PAST)], RuleId.EXPIRED_AUTHORITY),
        ([(4, {"issued_at": days_ago(-2)})], RuleId.AUTHORITY),
        ([(3, {})], RuleId.LEAST_RESTRICTIVE),
        ([(4, NO_MEDICAL)], RuleId.MEDICAL_CONSIDERED),
        ([(4, NO_MEDICAL), (3, {})], RuleId.MEDICAL_CONSIDERED),
    ],
)
def test_who_is_held_without_authority_is_planned_out_and_named_first(
    authorities: Any, reason: RuleId
) -> None:
    report = told(held(*authorities, cells=["c1"]))
    (hold,) = report.unlawful_holds
    assert (hold.person_id, hold.place_planned, hold.leaves) == ("p", "c1", True)
    assert [line.rules_settled for line in report.moves] == [(reason,)]


def test_an_unlawful_hold_without_another_cell_is_not_said_to_end() -> None:
    for scenario in (held((4, PAST)), held((4, PAST), cells=["c1"], freezes=[freeze("p")])):
        (hold,) = told(scenario).unlawful_holds
        assert (hold.place_planned, hold.leaves) == ("", False)
        assert RuleId.EXPIRED_AUTHORITY in why_unplaced(scenario)["p"]


def test_an_authority_is_used_and_never_suggested() -> None:
    assert places(held((4, {}), cells=["c1"])) == {"p": "s1"}
    assert told(held((4, {}), cells=["c1"])).unlawful_holds == ()
    crowded = make_scenario(
        [cell("s1", parent="LS")],
        ["p"],
        units=[
            wing("WS", used_for=frozenset({UsedFor.SEPARATION}), regime_level=4),
            landing("LS", "WS"),
        ],
    )
    assert places(crowded) == {"p": None}


LOW = landing("L", unlock_hours=1.0, meaningful_contact_hours=1.0)
ALONE = {"permits_solitary": True}


@pytest.mark.parametrize(
    ("fields", "authority_fields", "where"),
    [
        ({}, None, None),
        ({}, {}, None),
        ({}, ALONE, "c1"),
        ({}, ALONE | NO_MEDICAL, None),
        ({}, ALONE | PAST, None),
        ({"age_years": 17}, ALONE, None),
        ({"solitary_contraindicated": True}, ALONE, None),
        ({"days_in_solitary": 15}, ALONE, None),
    ],
)
def test_nobody_is_isolated_by_arithmetic(
    fields: dict[str, Any], authority_fields: dict[str, Any] | None, where: str | None
) -> None:
    acts = (
        []
        if authority_fields is None
        else [authority("p", AuthorityKind.SEGREGATION, 1, **authority_fields)]
    )
    people = [person("p", **fields)]
    scenario = make_scenario(["c1"], people, units=[LOW], authorities=acts)
    assert places(scenario) == {"p": where}
    if where is None:
        assert why_unplaced(scenario) == {"p": {RuleId.NO_SOLITARY}}


def test_being_left_alone_in_a_larger_low_contact_cell_is_a_reason() -> None:
    scenario = make_scenario([cell("c1", 2)], ["p"], units=[LOW])
    assert why_unplaced(scenario) == {"p": {RuleId.NO_SOLITARY}}
    assert set(places(make_scenario([cell("c1", 2)], ["p", "q"], units=[LOW])).values()) == {"c1"}


@pytest.mark.parametrize(("days", "lines"), [(9, []), (10, [5]), (14, [1])])
def test_the_alarm_rings_before_the_limit_of_days_alone(days: int, lines: list[int]) -> None:
    people = [person("p", current_place="c1", days_in_solitary=days)]
    acts = [authority("p", AuthorityKind.SEGREGATION, 1, **ALONE)]
    scenario = make_scenario(["c1"], people, units=[LOW], authorities=acts)
    reviews = told(scenario).reviews
    assert [line.days for line in reviews if "Alone" in line.what] == lines


def test_a_woman_never_comes_into_a_wing_of_men() -> None:
    people = [person("m", current_place="c1"), person("w", sex=Sex.FEMALE)]
    assert places(make_scenario(["c1", "c2"], people))["w"] is None
