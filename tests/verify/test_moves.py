"""R24 to R27: who may move tonight, how many, and where to."""

from typing import Any

import pytest

from allocator.model.catalogue import RuleId
from allocator.model.estate import TransferPair, VirtualPlace
from allocator.model.person import Person
from allocator.model.vocabulary import (
    AuthorityKind,
    SecurityCategory,
    Status,
    UsedFor,
    VirtualPlaceKind,
)
from tests.builders import (
    DAY,
    authority,
    cell,
    complaint,
    days_ago,
    facility,
    freeze,
    person,
    wing,
)
from tests.verify.helpers import found, put

UNITS = [wing("W2"), facility("G")]
CELLS = [
    cell("c1", 9),
    cell("c2", 9, "W2"),
    cell("c3", 9, "W2"),
    cell("g1", 9, "G"),
    cell("gone", 9, "W2", status=Status.INACTIVE),
]
RECEPTION = VirtualPlace("reception", "F", VirtualPlaceKind.RECEPTION)


def at(place: str | None, names: str, **fields: Any) -> list[Person]:
    return [person(name, current_place=place, **fields) for name in names.split()]


def judged(rule: RuleId, placement: Any, people: list[Person], **fields: Any) -> Any:
    estate = {"virtual_places": (RECEPTION,)} | fields.pop("estate", {})
    return found(rule, placement, people=people, cells=CELLS, units=UNITS, estate=estate, **fields)


@pytest.mark.parametrize(
    ("until", "is_out", "place", "is_breach"),
    [
        (DAY, False, "c1", True),
        (days_ago(1), False, "c1", False),
        (None, True, "c1", True),
        (DAY, False, "c2", False),
        (DAY, True, "reception", False),
        (DAY, False, None, False),
        (DAY, False, "gone", True),
    ],
)
def test_frozen(until: Any, place: str | None, *, is_out: bool, is_breach: bool) -> None:
    freezes = [] if until is None else [freeze("p1", until)]
    people = at(place, "p1", out=is_out)
    breaches = judged(RuleId.FROZEN, put(c2="p1"), people, freezes=freezes)
    assert breaches == ([("c2", "p1", 1)] if is_breach else [])
    unplaced = judged(RuleId.FROZEN, {"p1": None}, people, freezes=freezes)
    assert unplaced == []


@pytest.mark.parametrize(
    ("opened", "closed", "place", "fields", "is_breach"),
    [
        (DAY, None, "c1", {}, True),
        (days_ago(7), days_ago(-1), "c1", {}, True),
        (days_ago(7), DAY, "c1", {}, False),
        (days_ago(-1), None, "c1", {}, False),
        (DAY, None, "gone", {}, False),
        (DAY, None, "reception", {}, False),
        (DAY, None, "c1", {"days_in_solitary": 14}, True),
        (DAY, None, "c1", {"days_in_solitary": 15}, False),
        (DAY, None, "c1", {"days_below_hard_floor": 27}, False),
    ],
)
def test_an_open_complaint_freezes_what_is_not_urgent(
    opened: Any, closed: Any, place: str, fields: Any, *, is_breach: bool
) -> None:
    complaints = [complaint("p1", "c3", opened_at=opened, closed_at=closed)]
    people = at(place, "p1", **fields)
    breaches = judged(RuleId.FROZEN, put(c2="p1"), people, complaints=complaints)
    assert breaches == ([("c2", "p1", 1)] if is_breach else [])


@pytest.mark.parametrize(("level", "is_breach"), [(3, False), (4, True)])
def test_a_complaint_keeps_nobody_where_no_authority_does(level: int, *, is_breach: bool) -> None:
    strict = wing("X", regime_level=4, used_for=frozenset({UsedFor.SEPARATION}))
    breaches = found(
        RuleId.FROZEN,
        put(c2="p1"),
        people=at("x1", "p1"),
        cells=[*CELLS, cell("x1", 1, "X")],
        units=[*UNITS, strict],
        authorities=[authority("p1", AuthorityKind.SEPARATION, level)],
        complaints=[complaint("p1", "x1")],
    )
    assert breaches == ([("c2", "p1", 1)] if is_breach else [])


PEOPLE = (
    at("c1", "a1 a2 a3 a4 a5")
    + at("c2", "b1 b2")
    + at("g1", "g1")
    + at("reception", "r1")
    + at(None, "n1")
)
SHUFFLE = put(c2="a1 a2 a3 a4", c1="a5 g1 r1 n1", c3="b1", g1="b2")
AS, BS = "a1 a2 a3 a4", "b1 b2"


def test_move_budgets_count_people_who_leave_a_present_cell() -> None:
    rule = RuleId.MOVE_BUDGET
    assert judged(rule, SHUFFLE, PEOPLE, max_moves=7) == []
    assert judged(rule, SHUFFLE, PEOPLE, max_moves=2) == [("", f"{AS} {BS} g1", 5)]
    assert judged(rule, SHUFFLE, PEOPLE, max_moves_per_facility=3) == [("F", f"{AS} {BS}", 3)]
    assert judged(rule, SHUFFLE, PEOPLE, max_moves_per_wing=2) == [("W", AS, 2)]
    assert judged(rule, SHUFFLE, PEOPLE, max_moves_per_wing=1) == [("W", AS, 3), ("W2", BS, 1)]


@pytest.mark.parametrize(("share", "over"), [(700, None), (699, 1), (200, 5), (0, 7), (None, None)])
def test_the_share_of_people_who_may_move(share: int | None, over: int | None) -> None:
    policy = {"moves_per_1000": share}
    breaches = judged(RuleId.MOVE_BUDGET, SHUFFLE, PEOPLE, policy=policy)
    assert breaches == ([] if over is None else [("", f"{AS} {BS} g1", over)])
    assert judged(RuleId.MOVE_BUDGET, SHUFFLE, PEOPLE, policy=policy, max_moves=9) == []


@pytest.mark.parametrize(("officers", "over"), [(2, 20), (3, None), (0, 420), (None, None)])
def test_escort_time_per_facility_left(officers: int | None, over: int | None) -> None:
    """Six moves of 70 officer minutes leave F."""
    thresholds = {
        "escort_officers": officers,
        "officers_per_move": 2,
        "minutes_per_move": 35,
        "move_window_minutes": 200,
    }
    breaches = judged(RuleId.MOVE_BUDGET, SHUFFLE, PEOPLE, thresholds=thresholds)
    expected = [] if over is None else [("F", f"{AS} {BS}", over)]
    assert [b for b in breaches if b[0] == "F"] == expected
    enough = thresholds | {"move_window_minutes": 210, "escort_officers": 2}
    assert judged(RuleId.MOVE_BUDGET, SHUFFLE, PEOPLE, thresholds=enough) == []


def test_escort_time_by_the_person_and_the_cell_left() -> None:
    """2 officers for one, 3 for high risk and from segregation, 7 from a sealed unit: 15 in all."""
    cells = [cell("c1"), cell("c2", 9), cell("s1", parent="S")]
    cells += [cell("g1", used_for=frozenset({UsedFor.SEGREGATION}))]
    people = [
        person("p1", current_place="c1"),
        person("p2", current_place="c1", security_category=SecurityCategory.A),
        person("p3", current_place="s1", security_category=SecurityCategory.A),
        person("p4", current_place="g1"),
    ]
    thresholds = {
        "escort_officers": 1, "move_window_minutes": 149, "minutes_per_move": 10,
        "officers_per_move": 2, "officers_high_risk": 3, "officers_sealed_unit": 7,
    }  # fmt: skip
    plan = put(c2="p1 p2 p3 p4")
    fields = {"people": people, "cells": cells, "units": [wing("S", sealed=True)]}
    over = found(RuleId.MOVE_BUDGET, plan, thresholds=thresholds, **fields)
    assert over == [("F", "p1 p2 p3 p4", 1)]
    enough = thresholds | {"move_window_minutes": 150}
    assert found(RuleId.MOVE_BUDGET, plan, thresholds=enough, **fields) == []
    to_sealed = found(RuleId.MOVE_BUDGET, put(s1="p1"), thresholds=thresholds, **fields)
    assert to_sealed == []


@pytest.mark.parametrize(
    ("days", "place", "is_breach"),
    [
        (27, "c1", True),
        (28, "c1", False),
        (0, "c1", True),
        (-1, "c1", False),
        (None, "c1", False),
        (5, "c2", False),
        (5, "gone", False),
        (5, "reception", False),
    ],
)
def test_cooldown(days: int | None, place: str, *, is_breach: bool) -> None:
    people = at(place, "p1", last_moved_at=None if days is None else days_ago(days))
    breaches = judged(RuleId.COOLDOWN, put(c2="p1"), people)
    assert breaches == ([("c2", "p1", 1)] if is_breach else [])


OPEN, CLOSED = TransferPair("F", "G", is_open=True), TransferPair("F", "G", is_open=False)
WITH_NOTICE = TransferPair("F", "G", is_open=True, notice_days=7)


@pytest.mark.parametrize(
    ("place", "pair", "given", "is_breach"),
    [
        ("c1", OPEN, None, False),
        ("reception", OPEN, None, False),
        ("reception", CLOSED, None, True),
        ("c1", TransferPair("G", "F", is_open=True), None, True),
        ("c1", WITH_NOTICE, None, True),
        ("c1", WITH_NOTICE, days_ago(7), False),
        ("c1", WITH_NOTICE, days_ago(6), True),
        ("g1", CLOSED, None, False),
        (None, CLOSED, None, False),
    ],
)
def test_transfers(place: str | None, pair: TransferPair, given: Any, *, is_breach: bool) -> None:
    people = at(place, "p1", transfer_notice_at=given)
    estate = {"transfer_pairs": (pair,)}
    breaches = judged(RuleId.TRANSFERS, put(g1="p1"), people, estate=estate)
    assert breaches == ([("g1", "p1", 1)] if is_breach else [])
    assert judged(RuleId.TRANSFERS, put(c2="p1"), at("c1", "p1"), estate=estate) == []
