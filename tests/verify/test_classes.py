"""R03, R04, R05, R18, R19, R71: classes of people who do not share a unit."""

from typing import Any

import pytest

from allocator.model.catalogue import RuleId
from allocator.model.person import Person
from allocator.model.vocabulary import Grade, LegalCategory, Level, NetworkRole, Sex, UsedFor
from tests.builders import (
    DAY,
    cell,
    days_ago,
    landing,
    person,
    receptivity,
    role,
    spur,
    wing,
)
from tests.verify.helpers import found, put

REMAND = LegalCategory.REMAND
CELLS = [cell("c1", 9), cell("c2", 9, "L2"), cell("c3", 9, "L3")]
UNITS = [landing("L2"), wing("W3"), landing("L3", "W3")]


def some(names: str, **fields: Any) -> list[Person]:
    return [person(name, **fields) for name in names.split()]


def test_women_and_men_never_share_a_wing() -> None:
    people = some("f1 f2", sex=Sex.FEMALE)
    clean, mixed = put(c1="m1 m2 m3", c3="f1 f2"), put(c1="m1 m2 m3", c2="f1 f2")
    fields: dict[str, Any] = {"people": people, "cells": CELLS, "units": UNITS}
    assert found(RuleId.SEX_AND_AGE, clean, **fields) == []
    assert found(RuleId.SEX_AND_AGE, mixed, **fields) == [("W", "f1 f2", 2)]


def test_children_share_no_exercise_group_even_across_wings() -> None:
    people = some("k1 k2", age_years=17) + some("a1 a2 a3", age_years=18)
    units = [
        wing("W", exercise_group="north"),
        wing("W3", exercise_group="north"),
        landing("L3", "W3"),
    ]
    placement = put(c1="a1 a2 a3", c3="k1 k2")
    cells = [cell("c1", 9), cell("c3", 9, "L3")]
    breaches = found(RuleId.SEX_AND_AGE, placement, people=people, cells=cells, units=units)
    assert breaches == [("F/north", "k1 k2", 2)]
    together = put(c1="a1 a2 a3 k1 k2")
    assert found(RuleId.SEX_AND_AGE, together, people=people, cells=cells, units=units) == [
        ("F/north", "k1 k2", 2),
        ("W", "k1 k2", 2),
    ]
    level = {"child_adult_level": Level.EXERCISE_GROUP}
    assert found(
        RuleId.SEX_AND_AGE, placement, people=people, cells=cells, units=units, thresholds=level
    ) == [("F/north", "k1 k2", 2)]


def test_cells_used_for_women_or_juveniles() -> None:
    people = [person("m1"), person("m2", age_years=17), person("f1", sex=Sex.FEMALE)]
    cells = [
        cell("c1", used_for=frozenset({UsedFor.WOMEN, UsedFor.JUVENILE})),
        cell("c2", 2, "L3", used_for=frozenset({UsedFor.JUVENILE})),
    ]
    breaches = found(
        RuleId.SEX_AND_AGE, put(c1="m1", c2="m2"), people=people, cells=cells, units=UNITS
    )
    assert breaches == [("c1", "m1", 1)]
    placement = put(c1="f1")
    assert found(RuleId.SEX_AND_AGE, placement, people=people, cells=cells, units=UNITS) == [
        ("c1", "f1", 1)
    ]


@pytest.mark.parametrize(
    ("use", "kept_out"), [(UsedFor.WOMEN, ["boy", "man"]), (UsedFor.JUVENILE, ["man", "woman"])]
)
def test_each_use_keeps_out_its_own(use: UsedFor, kept_out: list[str]) -> None:
    people = [
        person("boy", age_years=17),
        person("girl", age_years=17, sex=Sex.FEMALE),
        person("man", age_years=18),
        person("woman", age_years=18, sex=Sex.FEMALE),
    ]
    cells = [cell("c1", 5, used_for=frozenset({use}))]
    breaches = found(RuleId.SEX_AND_AGE, put(c1="boy girl man woman"), people=people, cells=cells)
    assert [names for place, names, _ in breaches if place == "c1"] == kept_out


def test_remand_and_sentenced_are_apart_at_the_level_of_the_profile() -> None:
    people = some("r1 r2 r3", legal_category=REMAND)
    placement = put(c1="r1 r2 r3 s1 s2", c2="s3 s4 s5 s6 s7")
    fields: dict[str, Any] = {"people": people, "cells": CELLS, "units": UNITS}
    assert found(RuleId.REMAND_SENTENCED, placement, **fields) == [("W", "r1 r2 r3", 3)]
    cell_level = {"remand_sentenced_level": Level.CELL}
    assert found(RuleId.REMAND_SENTENCED, placement, thresholds=cell_level, **fields) == [
        ("c1", "r1 r2 r3 s1 s2", 2)
    ]
    assert found(RuleId.REMAND_SENTENCED, put(c1="r1 r2", c3="s1"), **fields) == []


@pytest.mark.parametrize(
    ("unit", "used_for", "expected"),
    [
        (REMAND, (), ["s1"]),
        (LegalCategory.SENTENCED, (), ["r1"]),
        (None, (UsedFor.REMAND,), ["s1"]),
        (REMAND, (UsedFor.REMAND,), ["s1"]),
        (LegalCategory.SENTENCED, (UsedFor.REMAND,), ["r1", "s1"]),
    ],
)
def test_designated_cells(
    unit: LegalCategory | None, used_for: tuple[UsedFor, ...], expected: list[str]
) -> None:
    units = [wing("W", legal_category=unit), landing("L2"), landing("L")]
    cells = [cell(c, 1, p, used_for=frozenset(used_for)) for c, p in (("c1", "L"), ("c2", "L2"))]
    breaches = found(
        RuleId.REMAND_SENTENCED,
        put(c1="r1", c2="s1"),
        people=some("r1", legal_category=REMAND),
        cells=cells,
        units=units,
        thresholds={"remand_sentenced_level": Level.LANDING},
    )
    assert [people for _, people, _ in breaches] == expected


def test_young_adults() -> None:
    people = some("k1 k2", age_years=17) + some("y1", age_years=18) + some("y2", age_years=20)
    people += some("o1 o2 o3", age_years=21)
    fields: dict[str, Any] = {"people": people, "cells": CELLS, "units": UNITS}
    assert found(RuleId.YOUNG_ADULTS, put(c1="y1 y2 o1 o2 o3 k1 k2"), **fields) == [
        ("c1", "o1 o2 o3 y1 y2", 2)
    ]
    assert found(RuleId.YOUNG_ADULTS, put(c1="y1 y2 k1", c2="o1 o2 o3 k2"), **fields) == []


FINDINGS = [
    role("lead", NetworkRole.LEADER),
    role("recr", NetworkRole.RECRUITER),
    role("both", NetworkRole.RECRUITER),
    role("foll", NetworkRole.FOLLOWER),
    receptivity("mod", Grade.MODERATE),
    receptivity("high", Grade.HIGH),
    receptivity("low", Grade.LOW),
    receptivity("both", Grade.HIGH),
    receptivity("two", Grade.MODERATE),
    role("two", NetworkRole.LEADER),
]


def test_sources_share_no_cell_with_receptive_people() -> None:
    fields: dict[str, Any] = {"cells": CELLS, "units": UNITS, "findings": FINDINGS}
    placement = put(c1="lead recr foll high low mod x1")
    fields["people"] = some("new", arrived_at=days_ago(60)) + some("old", arrived_at=days_ago(61))
    assert found(RuleId.SOURCE_RECEPTIVE_CELL, placement, **fields) == [
        ("c1", "high lead mod recr", 2)
    ]
    assert found(RuleId.SOURCE_RECEPTIVE_CELL, put(c1="lead new"), **fields) == [
        ("c1", "lead new", 1)
    ]
    assert found(RuleId.SOURCE_RECEPTIVE_CELL, put(c1="lead old low", c2="mod"), **fields) == []


@pytest.mark.parametrize(("arrived", "is_new"), [(DAY, True), (days_ago(-1), False)])
def test_newcomers_from_the_day_of_arrival(arrived: Any, *, is_new: bool) -> None:
    people = some("new", arrived_at=arrived)
    breaches = found(
        RuleId.SOURCE_RECEPTIVE_CELL,
        put(c1="lead new"),
        people=people,
        cells=CELLS,
        units=UNITS,
        findings=FINDINGS,
    )
    assert bool(breaches) is is_new


def test_people_who_are_both_are_apart_from_everyone_who_is_either() -> None:
    fields: dict[str, Any] = {"cells": CELLS, "units": UNITS, "findings": FINDINGS}
    placement = put(c1="both two lead mod foll")
    assert found(RuleId.SOURCE_RECEPTIVE_CELL, placement, **fields) == [
        ("c1", "both lead", 1),
        ("c1", "both mod", 1),
        ("c1", "both two", 1),
        ("c1", "lead mod", 1),
        ("c1", "lead two", 1),
        ("c1", "mod two", 1),
    ]
    assert found(RuleId.SOURCE_RECEPTIVE_CELL, put(c1="both foll"), **fields) == []


def test_sources_are_kept_off_units_of_receptive_people_at_the_level_of_the_policy() -> None:
    fields: dict[str, Any] = {"cells": CELLS, "units": UNITS, "findings": FINDINGS}
    placement = put(c1="lead both low", c2="mod")
    on = {"policy": {"sources_receptive_apart": Level.WING}}
    assert found(RuleId.SOURCE_RECEPTIVE_UNIT, placement, **on, **fields) == [("W", "mod", 1)]
    landing_level = {"policy": {"sources_receptive_apart": Level.LANDING}}
    assert found(RuleId.SOURCE_RECEPTIVE_UNIT, placement, **landing_level, **fields) == []
    assert found(RuleId.SOURCE_RECEPTIVE_UNIT, placement, **fields) == []


def test_the_smaller_class_is_named_and_a_tie_names_one_side() -> None:
    fields: dict[str, Any] = {"cells": CELLS, "units": UNITS, "findings": FINDINGS}
    placement = put(c1="lead recr", c2="mod high")
    on = {"policy": {"sources_receptive_apart": Level.WING}}
    assert found(RuleId.SOURCE_RECEPTIVE_UNIT, placement, **on, **fields) == [("W", "high mod", 2)]


def test_first_time_prisoners_share_no_cell_with_roles() -> None:
    findings = [*FINDINGS, role("enf", NetworkRole.ENFORCER)]
    people = some("t1 t2 t3 lead", first_time=True)
    fields: dict[str, Any] = {"cells": CELLS, "units": UNITS, "findings": findings}
    placement = put(c1="t1 t2 t3 lead enf x1 foll")
    assert found(RuleId.FIRST_TIME, placement, people=people, **fields) == [
        ("c1", "enf lead t1 t2 t3", 2)
    ]
    assert found(RuleId.FIRST_TIME, put(c1="lead enf", c2="t1 foll"), people=people, **fields) == []


@pytest.mark.parametrize(
    ("level", "first", "second", "place"),
    [
        (Level.LANDING, "c1", "c2", "S"),
        (Level.SPUR, "c1", "c2", "S"),
        (Level.LANDING, "c3", "c4", "W"),
        (Level.SPUR, "c3", "c4", "W"),
        (Level.LANDING, "c1", "c3", None),
        (Level.SPUR, "c1", "c3", None),
        (Level.WING, "c1", "c3", "W"),
        (Level.LANDING, "c5", "c6", "F"),
        (Level.WING, "c5", "c6", "F"),
        (Level.WING, "c1", "c5", None),
        (Level.EXERCISE_GROUP, "c1", "c1", None),
    ],
)
def test_cells_without_a_landing_fall_back_to_the_nearest_unit(
    level: Level, first: str, second: str, place: str | None
) -> None:
    parents = {"c1": "S", "c2": "S", "c3": "W", "c4": "W", "c5": "F", "c6": "F"}
    breaches = found(
        RuleId.REMAND_SENTENCED,
        {"r1": first, "r2": first, "r3": first, "s1": second, "s2": second},
        people=some("r1 r2 r3", legal_category=REMAND),
        cells=[cell(name, 9, parent) for name, parent in parents.items()],
        units=[spur("S")],
        thresholds={"remand_sentenced_level": level},
    )
    assert breaches == ([] if place is None else [(place, "s1 s2", 2)])
