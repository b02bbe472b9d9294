"""R09 and R10: pairs that are kept apart."""

from itertools import product
from typing import Any

import pytest

from allocator.model.catalogue import RuleId
from allocator.model.estate import Cell, Unit
from allocator.model.index import ScenarioIndex
from allocator.model.relations import (
    GroupRivalry,
    KeepApartMembership,
    NonAssociation,
    ProtectionNeed,
)
from allocator.model.vocabulary import Level, Restriction
from allocator.rules import compile_rules
from tests.builders import DAY, bare_instance, cell, landing, make_scenario, soft, wing
from tests.rules.plain import compiled
from tests.shape_oracle import breach_amount, every_placement, unit_of

PEOPLE = ["p1", "p2", "p3", "p4", "p5"]
YARD = Restriction.EXERCISE_GROUP


def members(group_id: str, *people: str) -> list[KeepApartMembership]:
    return [KeepApartMembership(group_id, person_id) for person_id in people]


def test_a_pair_named_twice_counts_once_at_its_widest_level() -> None:
    scenario = make_scenario(
        ["c1", "c2"],
        PEOPLE,
        non_associations=[
            NonAssociation("p3", "p2", Restriction.CELL),
            NonAssociation("p2", "p3", Restriction.WING),
            NonAssociation("p1", "p5", Restriction.CELL),
            NonAssociation("p1", "p2", Restriction.FACILITY, is_open=False),
        ],
        settings={RuleId.NON_ASSOCIATION: soft(7)},
    )
    assert compiled(scenario, RuleId.NON_ASSOCIATION) == [
        ("apart", "p1-p5", "cell", ("protection", 7)),
        ("apart", "p2-p3", "wing", ("protection", 7)),
    ]


def test_rival_groups_pair_by_pair_and_together_with_non_associations() -> None:
    scenario = make_scenario(
        ["c1"],
        PEOPLE,
        keep_apart_memberships=members("a", "p1", "p2", "p3") + members("b", "p3", "p4"),
        group_rivalries=[GroupRivalry("a", "b", Restriction.LANDING)],
        non_associations=[
            NonAssociation("p4", "p1", Restriction.CELL),
            NonAssociation("p4", "p5", Restriction.FACILITY),
        ],
    )
    assert compiled(scenario, RuleId.NON_ASSOCIATION) == [
        ("apart", "p1-p3 p1-p4 p2-p3 p2-p4 p3-p4", "landing", None),
        ("apart", "p4-p5", "facility", None),
    ]


def test_protection_from_a_person_and_from_a_group() -> None:
    def need(person_id: str, reach: Restriction, **source: Any) -> ProtectionNeed:
        return ProtectionNeed(person_id, reach, "threat", "governor", DAY, **source)

    scenario = make_scenario(
        ["c1"],
        PEOPLE,
        keep_apart_memberships=members("a", "p1", "p2", "p5"),
        protection_needs=[
            need("p5", Restriction.FACILITY, from_person="p3"),
            need("p2", Restriction.WING, from_group="a"),
            need("p1", Restriction.CELL, from_person="p2"),
            need("p4", Restriction.WING, from_group="nobody"),
        ],
    )
    assert compiled(scenario, RuleId.PROTECTION_NEED) == [
        ("apart", "p1-p2 p2-p5", "wing", None),
        ("apart", "p3-p5", "facility", None),
    ]


def yard_pair(units: list[Unit], cells: list[Cell], *, priced: bool) -> list[tuple[object, ...]]:
    scenario = make_scenario(
        cells,
        ["p1", "p2"],
        units=units,
        non_associations=[NonAssociation("p1", "p2", YARD)],
        settings={RuleId.NON_ASSOCIATION: soft(3)} if priced else None,
    )
    return compiled(scenario, RuleId.NON_ASSOCIATION)


TWO_WINGS = [cell("c1"), cell("c2", parent="W2")]


def test_an_exercise_group_includes_the_wing_when_hard() -> None:
    units = [wing("W", exercise_group="yard"), wing("W2")]
    shapes = yard_pair(units, TWO_WINGS, priced=False)
    assert [shape[2] for shape in shapes] == ["exercise_group", "wing"]
    shapes = yard_pair([wing("W2")], TWO_WINGS, priced=False)
    assert [shape[2] for shape in shapes] == ["wing"]


def test_with_a_price_a_yard_of_its_own_is_left_to_the_wing() -> None:
    units = [wing("W", exercise_group="east"), wing("W2", exercise_group="west")]
    assert yard_pair(units, TWO_WINGS, priced=True) == [
        ("apart", "p1-p2", "wing", ("protection", 3))
    ]


def test_with_a_price_wings_within_one_yard_are_left_to_the_yard() -> None:
    units = [wing("W", exercise_group="yard"), wing("W2", exercise_group="yard"), wing("W3")]
    assert yard_pair(units[:2], TWO_WINGS, priced=True) == [
        ("apart", "p1-p2", "exercise_group", ("protection", 3))
    ]
    shapes = yard_pair(units, [*TWO_WINGS, cell("c3", parent="W3")], priced=True)
    assert shapes == [
        ("apart", "p1-p2", "exercise_group", ("protection", 3)),
        ("count", "p1 p2", "wing", {"W3": (0, 1)}, ("protection", 3)),
    ]


YARDS: list[str | None] = [None, "east", "west"]


@pytest.mark.parametrize("yards", list(product(YARDS, repeat=4)))
def test_a_priced_yard_pair_counts_once_or_twice_where_yard_and_wing_overlap(
    yards: tuple[str | None, ...],
) -> None:
    """Two wings of two landings each, in every distribution of two yards."""
    parents = {"La": "W", "Lb": "W", "Lc": "W2", "Ld": "W2"}
    units = [
        landing(name, parent, exercise_group=yard)
        for (name, parent), yard in zip(parents.items(), yards, strict=True)
    ]
    scenario = make_scenario(
        [cell(f"c{name}", parent=name) for name in parents],
        ["p1", "p2"],
        units=[wing("W2"), *units],
        non_associations=[NonAssociation("p1", "p2", YARD)],
        settings={RuleId.NON_ASSOCIATION: soft(1)},
    )
    index = ScenarioIndex(scenario)
    shapes = [s for s in compile_rules(index) if getattr(s, "rule", "") == RuleId.NON_ASSOCIATION]
    instance = bare_instance(scenario, shapes)
    for placement in every_placement(instance):
        amount = sum(breach_amount(instance, shape, placement) for shape in shapes)
        held = [
            {c for c in range(4) if unit_of(instance, level, c) == unit}
            for level in (Level.EXERCISE_GROUP, Level.WING)
            for unit in {unit_of(instance, level, cell) for cell in placement}
            if unit >= 0 and len({unit_of(instance, level, cell) for cell in placement}) == 1
        ]
        overlap = len(held) == 2 and not (held[0] <= held[1] or held[1] <= held[0])
        assert amount == min(len(held), 1) + overlap
