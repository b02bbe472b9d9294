"""R09, R10: pairs kept apart at a level."""

from typing import Any

import pytest

from allocator.model.catalogue import RuleId
from allocator.model.relations import (
    GroupRivalry,
    KeepApartMembership,
    NonAssociation,
    ProtectionNeed,
)
from allocator.model.vocabulary import Restriction
from tests.builders import DAY, HARD, cell, derogable, facility, landing, soft, spur, wing
from tests.verify.helpers import found, put

UNITS = [
    spur("S"),
    landing("LS", "S"),
    landing("LT", "S"),
    wing("W2"),
    wing("V", exercise_group="yard"),
    wing("V2", exercise_group="yard"),
    facility("F2"),
]
PARENTS = {
    "c1": "LS",
    "c2": "LS",
    "c3": "LT",
    "c4": "L",
    "c5": "W2",
    "c6": "V",
    "c7": "V2",
    "c8": "F2",
}
CELLS = [cell(name, 5, parent) for name, parent in PARENTS.items()]
FIELDS: dict[str, Any] = {"cells": CELLS, "units": UNITS}


@pytest.mark.parametrize(
    ("restriction", "first", "second", "place"),
    [
        ("cell", "c1", "c1", "c1"),
        ("cell", "c1", "c2", None),
        ("landing", "c1", "c1", "c1"),
        ("landing", "c1", "c2", "LS"),
        ("landing", "c1", "c3", None),
        ("wing", "c1", "c3", "S"),
        ("wing", "c1", "c4", "W"),
        ("wing", "c1", "c5", None),
        ("wing", "c6", "c7", None),
        ("exercise_group", "c6", "c7", "F/yard"),
        ("exercise_group", "c1", "c4", "W"),
        ("exercise_group", "c1", "c5", None),
        ("facility", "c1", "c5", "F"),
        ("facility", "c6", "c7", "F/yard"),
        ("facility", "c1", "c8", None),
    ],
)
def test_levels_and_the_narrowest_place(
    restriction: str, first: str, second: str, place: str | None
) -> None:
    entries = [NonAssociation("p2", "p1", Restriction(restriction))]
    placement = {"p1": first, "p2": second}
    expected = [] if place is None else [(place, "p1 p2", 1)]
    assert found(RuleId.NON_ASSOCIATION, placement, non_associations=entries, **FIELDS) == expected
    needs = [ProtectionNeed("p2", Restriction(restriction), "reason", "judge", DAY, "p1")]
    assert found(RuleId.PROTECTION_NEED, placement, protection_needs=needs, **FIELDS) == expected


def test_a_closed_entry_and_unplaced_people_are_quiet() -> None:
    closed = [NonAssociation("p1", "p2", Restriction.WING, is_open=False)]
    assert found(RuleId.NON_ASSOCIATION, put(c1="p1 p2"), non_associations=closed, **FIELDS) == []
    entries = [NonAssociation("p1", "p2", Restriction.FACILITY)]
    placement = put(c1="p1") | {"p2": None}
    assert found(RuleId.NON_ASSOCIATION, placement, non_associations=entries, **FIELDS) == []


def test_a_pair_counts_once_however_many_entries() -> None:
    entries = [
        NonAssociation("p1", "p2", Restriction.CELL),
        NonAssociation("p2", "p1", Restriction.WING),
    ]
    groups = [KeepApartMembership("g", "p1"), KeepApartMembership("h", "p2")]
    rivals = [GroupRivalry("g", "h", Restriction.LANDING)]
    breaches = found(
        RuleId.NON_ASSOCIATION,
        put(c1="p1 p2"),
        non_associations=entries,
        keep_apart_memberships=groups,
        group_rivalries=rivals,
        **FIELDS,
    )
    assert breaches == [("c1", "p1 p2", 1)]


def test_rival_groups_pair_by_pair_and_nobody_with_himself() -> None:
    members = [
        *(KeepApartMembership("g", name) for name in "abc"),
        *(KeepApartMembership("h", name) for name in "cde"),
    ]
    fields = FIELDS | {
        "keep_apart_memberships": members,
        "group_rivalries": [GroupRivalry("g", "h", Restriction.LANDING)],
    }
    assert found(RuleId.NON_ASSOCIATION, put(c1="a c", c2="d", c3="b e"), **fields) == [
        ("LS", "a d", 1),
        ("LS", "c d", 1),
        ("c1", "a c", 1),
        ("c3", "b e", 1),
    ]
    assert found(RuleId.NON_ASSOCIATION, put(c1="a b", c3="c", c4="d e"), **fields) == []


def test_rival_groups_at_exercise_group_include_the_wing() -> None:
    members = [KeepApartMembership("g", "a"), KeepApartMembership("h", "b")]
    fields = FIELDS | {
        "keep_apart_memberships": members,
        "group_rivalries": [GroupRivalry("g", "h", Restriction.EXERCISE_GROUP)],
    }
    assert found(RuleId.NON_ASSOCIATION, put(c1="a", c4="b"), **fields) == [("W", "a b", 1)]
    assert found(RuleId.NON_ASSOCIATION, put(c6="a", c7="b"), **fields) == [("F/yard", "a b", 1)]
    assert found(RuleId.NON_ASSOCIATION, put(c1="a", c7="b"), **fields) == []


@pytest.mark.parametrize(("setting", "amount"), [(derogable(3), 2), (soft(3), 2), (HARD, 1)])
def test_a_priced_pair_counts_twice_in_a_wing_and_group_that_cross(
    setting: Any, amount: int
) -> None:
    units = [landing("L", exercise_group="g"), landing("L2"), wing("W2", exercise_group="g")]
    cells = [cell("c1", 5), cell("c2", 5, "L2"), cell("c3", 5, "W2")]
    entries = [NonAssociation("p1", "p2", Restriction.EXERCISE_GROUP)]
    fields: dict[str, Any] = {"units": units, "non_associations": entries, "setting": setting}
    crossing = found(RuleId.NON_ASSOCIATION, put(c1="p1 p2"), cells=cells, **fields)
    assert crossing == [("c1", "p1 p2", amount)]
    nested = found(RuleId.NON_ASSOCIATION, put(c1="p1 p2"), cells=cells[:2], **fields)
    assert nested == [("c1", "p1 p2", 1)]
    own_yard = fields | {"units": [wing("W", exercise_group="own"), landing("L2")]}
    same = found(RuleId.NON_ASSOCIATION, put(c1="p1 p2"), cells=cells[:2], **own_yard)
    assert same == [("c1", "p1 p2", 1)]
    at_wing = [NonAssociation("p1", "p2", Restriction.WING)]
    wider = [*entries, NonAssociation("p1", "p2", Restriction.FACILITY)]
    for others in (at_wing, wider):
        once = fields | {"non_associations": others}
        assert found(RuleId.NON_ASSOCIATION, put(c1="p1 p2"), cells=cells, **once) == [
            ("c1", "p1 p2", 1)
        ]
    wing_only = found(RuleId.NON_ASSOCIATION, put(c1="p1", c2="p2"), cells=cells, **fields)
    assert wing_only == [("W", "p1 p2", 1)]


def test_protection_from_a_group_and_both_ways_is_one_pair() -> None:
    members = [KeepApartMembership("g", name) for name in "abcp"]
    needs = [
        ProtectionNeed("p", Restriction.WING, "reason", "judge", DAY, from_group="g"),
        ProtectionNeed("a", Restriction.WING, "reason", "judge", DAY, from_person="p"),
    ]
    fields = FIELDS | {"keep_apart_memberships": members, "protection_needs": needs}
    assert found(RuleId.PROTECTION_NEED, put(c1="p", c2="a", c4="b", c5="c"), **fields) == [
        ("LS", "a p", 1),
        ("W", "b p", 1),
    ]
