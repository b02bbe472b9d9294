"""R11, R17, R23, R73: what a cell is, and who may be in it."""

from typing import Any

import pytest

from allocator.model.catalogue import RuleId
from allocator.model.estate import SharedSetting
from allocator.model.vocabulary import (
    AccommodationType,
    SecurityCategory,
    SharedSettingKind,
    SpecialistCellType,
    UsedFor,
)
from tests.builders import DAY, cell, days_ago, landing, person, wing
from tests.verify.helpers import found, put

A, B, C, D = SecurityCategory
ACCESSIBLE = SpecialistCellType.ACCESSIBLE_CELL
MOTHER = SpecialistCellType.MOTHER_AND_BABY


@pytest.mark.parametrize(
    ("own", "wings", "needed", "is_breach"),
    [
        (None, B, A, True),
        (None, B, B, False),
        (None, B, D, False),
        (C, A, B, True),
        (A, D, A, False),
        (None, None, A, False),
    ],
)
def test_security_category(own: Any, wings: Any, needed: Any, *, is_breach: bool) -> None:
    breaches = found(
        RuleId.SECURITY_CATEGORY,
        put(c1="p1"),
        people=[person("p1", security_category=needed)],
        cells=[cell("c1", security_category=own)],
        units=[wing("W", security_category=wings)],
    )
    assert breaches == ([("c1", "p1", 1)] if is_breach else [])


CELLS = [
    cell("acc", 5, specialist_cell_types=frozenset({ACCESSIBLE})),
    cell("hosp", 5, accommodation_type=AccommodationType.HEALTHCARE_INPATIENTS),
    cell("care", 5, used_for=frozenset({UsedFor.HEALTHCARE})),
    cell("mother", 5, specialist_cell_types=frozenset({MOTHER})),
    cell("baby", 5, used_for=frozenset({UsedFor.MOTHER_BABY})),
    cell("vuln", 5, used_for=frozenset({UsedFor.VULNERABLE})),
    cell("plain", 5),
]
PEOPLE = [
    person("chair", needs=frozenset({ACCESSIBLE})),
    person("sick", healthcare_need=True),
    person("mum", needs=frozenset({MOTHER})),
    person("weak", vulnerable=True),
    person("worst", healthcare_need=True, needs=frozenset({ACCESSIBLE, MOTHER})),
]


@pytest.mark.parametrize(
    ("cell_id", "kept_out"),
    [
        ("acc", "mum sick worst"),
        ("hosp", "chair mum p1 weak worst"),
        ("care", "chair mum p1 weak worst"),
        ("mother", "chair p1 sick weak worst"),
        ("baby", "chair mum p1 sick weak worst"),
        ("vuln", "chair mum p1 sick worst"),
        ("plain", "chair mum sick worst"),
    ],
)
def test_special_needs(cell_id: str, kept_out: str) -> None:
    placement = dict.fromkeys(("p1", *(p.person_id for p in PEOPLE)), cell_id)
    breaches = found(RuleId.SPECIAL_NEEDS, placement, people=PEOPLE, cells=CELLS)
    assert breaches == [(cell_id, name, 1) for name in kept_out.split()]


@pytest.mark.parametrize(
    ("until", "monitoring", "is_breach"),
    [
        (DAY, None, True),
        (DAY, False, True),
        (DAY, True, False),
        (days_ago(1), False, False),
        (None, False, False),
    ],
)
def test_communications(until: Any, monitoring: Any, *, is_breach: bool) -> None:
    breaches = found(
        RuleId.COMMUNICATIONS,
        put(c1="p1"),
        people=[person("p1", communications_order_until=until)],
        units=[wing("W", communications_monitoring=monitoring)],
    )
    assert breaches == ([("c1", "p1", 1)] if is_breach else [])


def sealed(**fields: Any) -> list[tuple[str, str, int]]:
    """Breaches of two people in nested sealed units, one in a sealed wing, one outside."""
    units = [
        landing("L", sealed=True, exercise_group=fields.get("inner")),
        wing("W", sealed=True, exercise_group=fields.get("outer")),
        landing("L2"),
        wing("W2", exercise_group=fields.get("outside")),
    ]
    cells = [cell("c1", 5), cell("c2", 5, "L2"), cell("c3", 5, "W2")]
    estate = {"settings": fields.get("settings", ())}
    placement = put(c1="p1 p2", c2="p3", c3="p4")
    return found(RuleId.SEALED_UNITS, placement, units=units, cells=cells, estate=estate)


INNER, OUTER = [("c1", "p1", 1), ("c1", "p2", 1)], [("c2", "p3", 1)]


def test_units_that_are_sealed_in_fact() -> None:
    assert sealed() == []
    assert sealed(inner="x", outer="y", outside="z") == []


def test_nested_sealed_units_share_an_exercise_group() -> None:
    assert sealed(outer="y") == INNER
    assert sealed(inner="x", outer="y", outside="y") == INNER + OUTER
    assert sealed(inner="x", outer="y", outside="x") == INNER + OUTER


@pytest.mark.parametrize(
    ("unit_ids", "expected"),
    [
        (("L", "L2"), INNER),
        (("L2", "W2"), INNER + OUTER),
        (("c1", "c3"), INNER + OUTER),
        (("W",), INNER),
        (("L",), []),
        (("W2",), []),
    ],
)
def test_sealed_units_share_a_setting(unit_ids: Any, expected: Any) -> None:
    settings = (SharedSetting("s", SharedSettingKind.WORSHIP, frozenset(unit_ids)),)
    assert sealed(settings=settings) == expected
