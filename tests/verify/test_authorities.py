"""R12 to R16 and unlawful holds: regimes above the ordinary, and being alone without contact."""

from typing import Any

import pytest

from allocator.model.catalogue import RuleId
from allocator.model.vocabulary import AuthorityKind, UsedFor
from allocator.verify import verify
from tests.builders import (
    DAY,
    OFF,
    authority,
    cell,
    days_ago,
    derogable,
    landing,
    make_scenario,
    person,
)
from tests.verify.helpers import found, put, scenario_of

SEPARATION, SEGREGATION = AuthorityKind.SEPARATION, AuthorityKind.SEGREGATION
UNIT = landing("L", regime_level=4, used_for=frozenset({UsedFor.SEPARATION}))
AUTHORITY_RULES = (
    RuleId.LEAST_RESTRICTIVE,
    RuleId.AUTHORITY,
    RuleId.MEDICAL_CONSIDERED,
    RuleId.EXPIRED_AUTHORITY,
)
NO_MEDICAL = {"medical_considered": False}
LATE_MEDICAL = {"medical_considered_at": days_ago(-1)}
PAST, FUTURE = {"expires_at": days_ago(1)}, {"issued_at": days_ago(-1)}


def held(*authorities: tuple[AuthorityKind, int, dict[str, Any]]) -> list[Any]:
    return [
        authority("p1", kind, level, authority_id=f"a{i}", **fields)
        for i, (kind, level, fields) in enumerate(authorities)
    ]


def broken(authorities: Any, unit: Any = UNIT) -> str:
    """Numbers of the four authority rules that are broken."""
    numbers = []
    for rule in AUTHORITY_RULES:
        breaches = found(rule, put(c1="p1"), units=[unit], authorities=authorities)
        assert breaches in ([], [("c1", "p1", 1)])
        numbers += [rule.value[:3]] if breaches else []
    return " ".join(numbers)


@pytest.mark.parametrize(
    ("authorities", "rules"),
    [
        ([(SEPARATION, 4, {})], ""),
        ([(SEPARATION, 5, {"expires_at": DAY, "issued_at": DAY})], ""),
        ([(SEPARATION, 5, {"medical_considered_at": DAY})], ""),
        ([(SEPARATION, 3, {})], "R12"),
        ([(SEPARATION, 3, {}), (SEPARATION, 4, NO_MEDICAL)], "R14"),
        ([(SEPARATION, 3, NO_MEDICAL), (SEPARATION, 4, {})], ""),
        ([(SEPARATION, 2, {}), (SEPARATION, 3, NO_MEDICAL)], "R12"),
        ([(SEPARATION, 3, {}), (SEGREGATION, 5, {})], "R12"),
        ([(SEPARATION, 3, {}), (SEPARATION, 5, PAST)], "R12"),
        ([], "R13"),
        ([(SEGREGATION, 5, {})], "R13"),
        ([(SEPARATION, 5, FUTURE)], "R13"),
        ([(SEPARATION, 5, NO_MEDICAL)], "R14"),
        ([(SEPARATION, 5, LATE_MEDICAL)], "R14"),
        ([(SEPARATION, 3, NO_MEDICAL)], "R12 R14"),
        ([(SEPARATION, 5, PAST)], "R15"),
        ([(SEPARATION, 2, PAST | NO_MEDICAL)], "R15"),
        ([(SEPARATION, 5, PAST), (SEPARATION, 5, FUTURE)], "R15"),
        ([(SEPARATION, 5, PAST), (SEPARATION, 5, {})], ""),
    ],
)
def test_regime_above_the_ordinary(authorities: Any, rules: str) -> None:
    assert broken(held(*authorities)) == rules


@pytest.mark.parametrize("level", [None, 2])
def test_the_ordinary_regime_needs_no_authority(level: int | None) -> None:
    unit = landing("L", regime_level=level, used_for=frozenset({UsedFor.SEPARATION}))
    assert broken([], unit) == ""
    assert broken(held((SEPARATION, 1, PAST | NO_MEDICAL)), unit) == ""


def test_a_restrictive_cell_without_such_a_use_holds_nobody() -> None:
    unit = landing("L", regime_level=3, used_for=frozenset({UsedFor.STANDARD}))
    assert broken(held((SEPARATION, 5, {}), (SEGREGATION, 5, {})), unit) == "R13"


@pytest.mark.parametrize(
    ("authorities", "is_hold"),
    [
        ([], True),
        ([(SEPARATION, 4, {})], False),
        ([(SEPARATION, 3, {})], True),
        ([(SEPARATION, 4, NO_MEDICAL)], True),
        ([(SEPARATION, 4, {"expires_at": DAY})], False),
        ([(SEPARATION, 4, PAST)], True),
        ([(SEGREGATION, 5, {})], True),
        ([(SEPARATION, 3, {}), (SEPARATION, 5, NO_MEDICAL)], True),
    ],
)
def test_unlawful_holds_are_named_whatever_the_plan_does(
    authorities: Any, *, is_hold: bool
) -> None:
    scenario = make_scenario(
        cells=["c1", cell("c2", parent="W")],
        people=[person("p1", current_place="c1"), person("p2", current_place="c2")],
        units=[UNIT],
        authorities=held(*authorities),
        settings=dict.fromkeys(RuleId, OFF),
    )
    for place in ("c2", None):
        judgement = verify(scenario, {"p1": place, "p2": None})
        assert judgement.unlawful_holds == (("p1",) if is_hold else ())


LOW = landing("L", unlock_hours=1.5, meaningful_contact_hours=1.5)
ALONE_OK = {"permits_solitary": True}


@pytest.mark.parametrize(
    ("fields", "permit", "is_breach"),
    [
        ({}, ALONE_OK, False),
        ({}, {}, True),
        ({}, ALONE_OK | PAST, True),
        ({}, ALONE_OK | NO_MEDICAL, True),
        ({}, ALONE_OK | {"expires_at": DAY}, False),
        ({"age_years": 17}, ALONE_OK, True),
        ({"age_years": 18}, ALONE_OK, False),
        ({"solitary_contraindicated": True}, ALONE_OK, True),
        ({"days_in_solitary": 14}, ALONE_OK, False),
        ({"days_in_solitary": 15}, ALONE_OK, True),
    ],
)
def test_alone_in_a_low_contact_cell_for_one(
    fields: dict[str, Any], permit: dict[str, Any], *, is_breach: bool
) -> None:
    breaches = found(
        RuleId.NO_SOLITARY,
        put(c1="p1"),
        people=[person("p1", **fields)],
        units=[LOW],
        authorities=held((SEGREGATION, 1, permit)),
    )
    assert breaches == ([("c1", "p1", 1)] if is_breach else [])


@pytest.mark.parametrize(
    ("unlock", "contact", "is_low"),
    [(1.9, 1.9, True), (2.0, 1.9, False), (1.9, 2.0, False), (1.9, None, False), (0.0, 0.0, True)],
)
def test_low_contact_needs_both_hours_under_the_threshold(
    unlock: float, contact: float | None, *, is_low: bool
) -> None:
    unit = landing("L", unlock_hours=unlock, meaningful_contact_hours=contact)
    assert bool(found(RuleId.NO_SOLITARY, put(c1="p1"), units=[unit])) is is_low


def test_a_larger_low_contact_cell_never_holds_one_person() -> None:
    fields: dict[str, Any] = {
        "cells": [cell("c1", 3), cell("c2", 3)],
        "units": [LOW],
        "people": [person("p1", places_needed=2)],
        "authorities": held((SEGREGATION, 1, ALONE_OK)),
    }
    placement = put(c1="p1", c2="p2 p3")
    assert found(RuleId.NO_SOLITARY, placement, **fields) == [("c1", "p1", 1)]


def test_only_the_larger_cell_is_always_hard() -> None:
    placement = put(c1="p1", c2="p2")
    cells = [cell("c1", 1), cell("c2", 3)]
    scenario = scenario_of(
        RuleId.NO_SOLITARY, placement, cells=cells, units=[LOW], setting=derogable(7)
    )
    judgement = verify(scenario, placement)
    assert [b.place for b in judgement.unlawful] == ["c2"]
    assert [d.breach.place for d in judgement.derogations] == ["c1"]
    assert found(RuleId.NO_SOLITARY, placement, cells=cells, units=[LOW], setting=OFF) == []
