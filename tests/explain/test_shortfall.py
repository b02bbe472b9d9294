"""Places that are missing, told apart from places that a rule keeps people out of."""

import numpy as np
import pytest
from hypothesis import given, settings

from allocator.explain.blocking import fewest_rules, standing_bars
from allocator.explain.conflict import explain_unplaced
from allocator.explain.room import open_cells, room_conflict
from allocator.explain.shortfall import NO_ROOM, keeping_out, shortfall_causes
from allocator.model.catalogue import RuleId
from allocator.model.instance import Instance
from allocator.model.plan import ShortfallCause
from allocator.model.relations import NonAssociation
from allocator.model.scenario import Scenario
from allocator.model.shapes import BoolArray, IntArray
from allocator.model.vocabulary import LegalCategory, Restriction, SecurityCategory
from allocator.prepare.instance import prepare_instance
from allocator.prepare.read import read_scenario_document
from allocator.solver.compile import build_tables
from allocator.solver.options import Effort, SolveOptions
from allocator.solver.solve import solve
from allocator.verify.shortfall import cause_faults
from allocator.verify.view import View
from tests.builders import HARD, cell, freeze, make_scenario, person, wing
from tests.complete import COMPLETE_DOCUMENT
from tests.rules.random_scenarios import scenarios as random_scenarios

A, C = SecurityCategory.A, SecurityCategory.C
REMAND = {"legal_category": LegalCategory.REMAND}


def _view(scenario: Scenario, instance: Instance, placement: IntArray) -> View:
    cells = [instance.cell_ids[c] if c >= 0 else None for c in placement.tolist()]
    return View(scenario, dict(zip(instance.person_ids, cells, strict=True)))


def causes(scenario: Scenario) -> list[tuple[str, tuple[RuleId, ...], int]]:
    instance = prepare_instance(scenario)
    solution = solve(instance, SolveOptions(effort=Effort.QUICK))
    found = explain_unplaced(scenario, instance, solution)
    assert sum(cause.places for cause in found.causes) == sum(found.shortfall.values())
    assert list(cause_faults(_view(scenario, instance, solution.placement), found.causes)) == []
    return [(cause.category, cause.rules, cause.places) for cause in found.causes]


def test_a_full_prison_misses_places() -> None:
    people = [person(f"p{k}") for k in range(7)]
    scenario = make_scenario(cells=[cell("c1", 2), cell("c2", 3)], people=people)
    assert causes(scenario) == [("sentenced", NO_ROOM, 2)]


def test_a_person_whom_a_rule_keeps_out_of_free_cells_misses_no_place() -> None:
    people = [person("p1", security_category=A), person("p2")]
    scenario = make_scenario(cells=[cell("c1", 3, security_category=C)], people=people)
    assert causes(scenario) == [("sentenced", (RuleId.SECURITY_CATEGORY,), 1)]


def test_both_reasons_in_two_categories_are_counted_apart() -> None:
    """Five on remand for a wing of two; two of category A although sentenced places are free."""
    units = [
        wing("R", legal_category=LegalCategory.REMAND),
        wing("S", legal_category=LegalCategory.SENTENCED),
    ]
    cells = [cell("r1", 2, "R"), cell("s1", 7, "S", security_category=C)]
    people = [person(f"r{k}", **REMAND) for k in range(5)]
    people += [person("a1", security_category=A), person("a2", security_category=A), person("s1")]
    assert causes(make_scenario(cells=cells, people=people, units=units)) == [
        ("remand", NO_ROOM, 3),
        ("sentenced", (RuleId.SECURITY_CATEGORY,), 2),
    ]


def test_a_category_short_of_room_and_kept_out_is_split() -> None:
    """Four sentenced people and three places, one of which the person of category A cannot use."""
    cells = [cell("c1", 2, security_category=A), cell("c2", 1, security_category=C)]
    people = [person(f"a{k}", security_category=A) for k in range(4)]
    assert causes(make_scenario(cells=cells, people=people)) == [
        ("sentenced", NO_ROOM, 1),
        ("sentenced", (RuleId.SECURITY_CATEGORY,), 1),
    ]


def test_people_who_must_be_apart_are_kept_out_by_that_rule() -> None:
    apart = [
        NonAssociation(f"p{a}", f"p{b}", Restriction.CELL) for a, b in ((0, 1), (0, 2), (1, 2))
    ]
    scenario = make_scenario(
        cells=[cell("c1", 3), cell("c2", 3)],
        people=[person(f"p{k}") for k in range(5)],
        non_associations=apart,
    )
    assert causes(scenario) == [("sentenced", (RuleId.NON_ASSOCIATION,), 1)]


def test_one_category_too_many_in_open_wings_is_kept_out_and_not_short() -> None:
    """Two open wings of three places: of four on remand one is left out, not both sentenced."""
    scenario = make_scenario(
        cells=[cell("c1", 3, "V"), cell("c2", 3, "W")],
        people=[person("s1"), person("s2"), *(person(f"r{k}", **REMAND) for k in range(4))],
        units=[wing("V")],
    )
    assert causes(scenario) == [("remand", (RuleId.REMAND_SENTENCED,), 1)]


def test_a_person_who_needs_two_places_counts_two() -> None:
    scenario = make_scenario(
        cells=[cell("c1", 2)], people=[person("p1", places_needed=2), person("p2", places_needed=2)]
    )
    assert causes(scenario) == [("sentenced", NO_ROOM, 2)]


def test_room_left_over_goes_to_whom_a_rule_keeps_out_of_it() -> None:
    """One place is left beside r. It is no use to p, who needs two; q may not have it by R11."""
    people = [person("p", places_needed=2), person("q", security_category=A), person("r")]
    scenario = make_scenario(cells=[cell("c1", 2, security_category=C)], people=people)
    kept_out = {0: NO_ROOM, 1: (RuleId.SECURITY_CATEGORY,)}
    for turned in (kept_out, dict(reversed(kept_out.items()))):
        placement = np.array([-1, -1, 0], dtype=np.int64)
        found = shortfall_causes(scenario, prepare_instance(scenario), placement, turned)
        assert [(cause.rules, cause.places) for cause in found] == [
            (NO_ROOM, 2),
            ((RuleId.SECURITY_CATEGORY,), 1),
        ]


def mask(*cells: int) -> BoolArray:
    found = np.zeros(5, dtype=np.bool_)
    found[list(cells)] = True
    return found


CAPACITY, REMAND_RULE = RuleId.CAPACITY, RuleId.REMAND_SENTENCED
SINGLE, APART = RuleId.SINGLE_CELL, RuleId.NON_ASSOCIATION


@pytest.mark.parametrize(
    ("closed", "rules"),
    [
        ({CAPACITY: mask(0, 1, 2, 3, 4)}, NO_ROOM),
        ({CAPACITY: mask(0, 1), RuleId.SPACE_FLOOR: mask(2, 3, 4), SINGLE: mask(0)}, NO_ROOM),
        ({CAPACITY: mask(0, 1), SINGLE: mask(2, 3), APART: mask(3, 4)}, (SINGLE, APART)),
        ({CAPACITY: mask(0, 1), SINGLE: mask(2, 3, 4), APART: mask(3, 4)}, (SINGLE,)),
        ({CAPACITY: mask(0, 1), REMAND_RULE: mask(2, 3, 4), APART: mask(2, 3, 4)}, (REMAND_RULE,)),
        ({CAPACITY: mask(0), REMAND_RULE: mask(1, 2, 3), APART: mask(3, 4)}, (APART,)),
        ({CAPACITY: mask(0), SINGLE: mask(1, 2, 3)}, ()),
        ({}, ()),
    ],
)
def test_rules_that_keep_out_of_the_cells_with_room(
    closed: dict[RuleId, BoolArray], rules: tuple[RuleId, ...]
) -> None:
    assert keeping_out(closed, 5) == tuple(sorted(rules))


def test_fewest_rules_close_all_cells_asked_for_and_no_others() -> None:
    closed = {SINGLE: mask(0, 1, 2), APART: mask(2, 3), CAPACITY: mask(4)}
    assert fewest_rules(closed, mask(0, 1, 3)) == tuple(sorted((SINGLE, APART)))
    assert fewest_rules({SINGLE: mask(0, 1, 2)}, mask(0, 4)) == ()


def test_open_cells_by_tables_are_those_that_no_standing_rule_closes() -> None:
    """Two ways to one answer; once there were two answers for people of several places."""
    scenarios = [
        read_scenario_document(COMPLETE_DOCUMENT),
        make_scenario(
            cells=[cell("c1", 1), cell("c2", 2), cell("c3", 3, buffer=True)],
            people=[
                person("p1", places_needed=2),
                person("p2", current_place="c1"),
                person("p3", security_category=A),
            ],
            freezes=[freeze("p2")],
        ),
    ]
    for scenario in scenarios:
        instance = prepare_instance(scenario)
        tables = build_tables(instance)
        for i in range(instance.n_persons):
            closed = np.zeros(instance.n_cells, dtype=np.bool_)
            for bar in standing_bars(instance, i).values():
                closed |= bar
            assert np.array_equal(open_cells(tables, i), ~closed)


def test_a_hard_space_floor_is_named_in_a_shortage_of_room() -> None:
    scenario = make_scenario(
        cells=[cell("c1", 4, area_m2=7.0)],
        people=[person(f"p{k}") for k in range(3)],
        settings={RuleId.SPACE_FLOOR: HARD},
    )
    room = room_conflict(prepare_instance(scenario))
    assert room is not None
    assert (room.demand, room.capacity) == (3, 2)
    assert room.rules == (RuleId.SPACE_FLOOR,)
    assert causes(scenario) == [("sentenced", NO_ROOM, 1)]


@settings(max_examples=35, deadline=None)
@given(scenario=random_scenarios())
def test_the_judge_finds_no_fault_with_the_causes_of_random_scenarios(scenario: Scenario) -> None:
    causes(scenario)


def _faults(changed: list[tuple[str, tuple[RuleId, ...], int]]) -> list[str]:
    """Faults where three of seven on remand lack places and two of category A are kept out."""
    units = [
        wing("R", legal_category=LegalCategory.REMAND),
        wing("S", legal_category=LegalCategory.SENTENCED),
    ]
    cells = [cell("r1", 4, "R"), cell("s1", 3, "S", security_category=C)]
    people = [person(f"r{k}", **REMAND) for k in range(7)]
    people += [person("a1", security_category=A), person("a2", security_category=A)]
    placement = {f"r{k}": "r1" if k < 4 else None for k in range(7)}
    view = View(make_scenario(cells=cells, people=people, units=units), placement)
    return list(cause_faults(view, [ShortfallCause(*cause) for cause in changed]))


TRUE_CAUSES: list[tuple[str, tuple[RuleId, ...], int]] = [
    ("remand", NO_ROOM, 3),
    ("sentenced", (RuleId.SECURITY_CATEGORY,), 2),
]


def test_true_causes_pass() -> None:
    assert _faults(TRUE_CAUSES) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ([TRUE_CAUSES[0]], ["causes are given for 0 sentenced places; people without a place"]),
        ([("remand", NO_ROOM, 5), TRUE_CAUSES[1]], ["causes are given for 5 remand", "5 remand"]),
        (
            [("remand", NO_ROOM, 2), ("remand", (RuleId.REMAND_SENTENCED,), 1), TRUE_CAUSES[1]],
            ["2 remand places are said to be missing for want of room, are 3 to 3"],
        ),
        (
            [TRUE_CAUSES[0], ("sentenced", NO_ROOM, 2)],
            ["2 sentenced places are said to be missing for want of room, are 0 to 0"],
        ),
        (
            [TRUE_CAUSES[0], ("sentenced", (RuleId.SINGLE_CELL,), 2)],
            ["2 sentenced places are said to be kept by R08-single-cell, which is so of 0"],
        ),
        (
            [TRUE_CAUSES[0], ("sentenced", (RuleId.SECURITY_CATEGORY, RuleId.FROZEN), 2)],
            ["2 sentenced places are said to be kept by R11"],
        ),
        (
            [TRUE_CAUSES[0], ("sentenced", (), 2)],
            ["2 sentenced places are said to be kept by nothing, which is so of 0"],
        ),
    ],
)
def test_false_causes_are_found(
    changed: list[tuple[str, tuple[RuleId, ...], int]], words: list[str]
) -> None:
    found = _faults(changed)
    for wanted in words:
        assert any(wanted in fault for fault in found), found


def test_of_rules_that_close_the_same_cells_the_earlier_one_is_named() -> None:
    authority, solitary = RuleId.AUTHORITY, RuleId.NO_SOLITARY
    closed = {solitary: mask(0, 2), authority: mask(0, 2), SINGLE: mask(1)}
    assert fewest_rules(closed, mask(0, 1, 2)) == tuple(sorted((SINGLE, authority)))
