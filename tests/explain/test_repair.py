"""Conflicts, repairs and prices of tiny prisons, against every placement through the judge."""

from dataclasses import replace

import pytest

from allocator.explain.repair.answer import Status, explain_why_not
from allocator.explain.repair.conflicts import Clash, ClashKind, find_clashes
from allocator.explain.repair.optimum import find_best_optimum
from allocator.explain.repair.prices import cell_kinds, price_places, with_one_more
from allocator.explain.repair.problem import make_problem
from allocator.explain.repair.repairs import find_repairs
from allocator.model.catalogue import RuleId
from allocator.model.profile import RuleSetting
from allocator.model.relations import NonAssociation
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Enforcement, LegalCategory, Restriction, SecurityCategory
from allocator.solver.options import SolveOptions
from tests.builders import HARD, OFF, cell, derogable, make_scenario, person, wing
from tests.explain.small_prisons import (
    judged,
    judged_prison,
    optimum,
    points_of,
    small_prison,
    with_people,
)

REPORT = RuleSetting(Enforcement.REPORT)


def _can_be_placed(scenario: Scenario, rules: set[RuleId], names: tuple[str, ...]) -> bool:
    """Can these people alone be placed under these rules, and what a cell can hold at all?"""
    if not names:
        return True
    settings = {rule: HARD if rule in rules else OFF for rule in RuleId}
    if RuleId.CAPACITY not in rules:
        settings[RuleId.CAPACITY] = REPORT
    few = with_people(scenario, names)
    policy = replace(few.policy, settings={})
    profile = replace(few.profile, settings=settings)
    asked = replace(few, profile=profile, policy=policy)
    return any(True for _ in judged(asked, may_wait=False))


def _roomy(scenario: Scenario) -> Scenario:
    """The same with room for everybody in each cell; a lower working capacity stays."""
    cells = tuple(
        replace(
            c,
            cna=20,
            max_capacity=20,
            working_capacity=20 if c.working_capacity == c.max_capacity else c.working_capacity,
        )
        for c in scenario.estate.cells
    )
    return replace(scenario, estate=replace(scenario.estate, cells=cells))


def _check_smallest(scenario: Scenario, clash: Clash) -> None:
    rules, core = set(clash.rules), clash.core_ids
    if clash.with_room:
        scenario = _roomy(scenario)
    assert not _can_be_placed(scenario, rules, core)
    if clash.is_smallest:
        for rule in rules:
            assert _can_be_placed(scenario, rules - {rule}, core), rule
        for name in core:
            assert _can_be_placed(scenario, rules, tuple(n for n in core if n != name)), name


@pytest.mark.parametrize("seed", range(10))
def test_conflicts_cannot_hold_and_are_the_smallest(seed: int) -> None:
    scenario = small_prison(seed)
    clashes = find_clashes(make_problem(scenario), limit=6).found
    for clash in clashes:
        _check_smallest(scenario, clash)
    strict = any(left == 0 and not f.derogations for left, f in judged_prison(seed))
    assert not (strict and clashes)
    assert strict or clashes


@pytest.mark.parametrize("seed", range(10))
def test_repairs_are_exactly_the_minimal_ones(seed: int) -> None:
    scenario = small_prison(seed)
    problem = make_problem(scenario)
    fewest = optimum(judged_prison(seed))[0]
    cheapest: dict[frozenset[int], int] = {}
    for left, findings in judged_prison(seed):
        if left == fewest:
            needed = frozenset(
                problem.group_at(d.breach.rule, d.breach.place) for d in findings.derogations
            )
            points = points_of(findings)
            cheapest[needed] = min(points, cheapest.get(needed, points))
    wanted = {s: p for s, p in cheapest.items() if not any(other < s for other in cheapest)}
    repairs = find_repairs(problem, fewest, 50, SolveOptions())
    number = {group: k for k, group in enumerate(problem.groups)}
    found = {frozenset(number[line.group] for line in r.lines): r.points for r in repairs.found}
    assert found == wanted
    assert repairs.is_complete
    for repair in repairs.found:
        assert repair.is_minimal
        assert repair.least_points <= repair.points
        assert all(line.group.signed_by == "governor" for line in repair.lines)


@pytest.mark.parametrize("seed", range(6))
def test_prices_are_differences_of_optima(seed: int) -> None:
    scenario = small_prison(seed)
    problem = make_problem(scenario)
    base = find_best_optimum(problem)
    people, points = optimum(judged_prison(seed))
    assert base.people == (people, people)
    cells = scenario.estate.cell_by_id
    for price in price_places(problem, base, limit=2):
        more_people, more_points = optimum(judged(with_one_more(scenario, cells[price.like])))
        saved = people - more_people
        assert price.people.least <= saved <= price.people.most
        assert price.people.is_exact
        assert price.points is not None
        assert price.points.least <= points - more_points <= price.points.most
        assert price.points.is_exact


def test_kinds_of_cells_are_cells_that_nobody_tells_apart() -> None:
    scenario = make_scenario(
        cells=[cell("c1", 2, area_m2=6.0), cell("c2", 2, area_m2=6.5), cell("c3", 2, area_m2=9.0),
               cell("c4", 2, area_m2=6.0, buffer=True), cell("c5", 1, area_m2=6.0)],
        people=["p1"],
    )  # fmt: skip
    kinds = cell_kinds(scenario)
    assert [[c.cell_id for c in cells] for cells in kinds.values()] == [
        ["c1", "c2"],
        ["c3"],
        ["c5"],
    ]


def test_a_remand_wing_with_too_few_places() -> None:
    """Seven on remand for a wing of two and three, which holds one more in each if signed."""
    units = [wing("R", legal_category=LegalCategory.REMAND)]
    remand = {"legal_category": LegalCategory.REMAND}
    scenario = make_scenario(
        cells=[
            cell("r1", 3, "R", working_capacity=2),
            cell("r2", 4, "R", working_capacity=3),
            cell("s1", 5, "W"),
        ],
        people=[*(person(f"r{k}", **remand) for k in range(7)), person("s0")],
        units=[*units, wing("W", legal_category=LegalCategory.SENTENCED)],
    )
    answer = explain_why_not(scenario, 5)
    assert answer.status is Status.SIGNATURES
    (clash,) = answer.clashes.found
    assert clash.kind is ClashKind.ROOM
    assert clash.rules == (RuleId.CAPACITY, RuleId.REMAND_SENTENCED)
    assert (clash.demand, clash.capacity, clash.missing) == (7, 5, 2)
    assert len(clash.core_ids) == 6
    (repair,) = answer.repairs.found
    (line,) = repair.lines
    assert (line.group.place, line.category, line.amount) == ("R", "remand", 2)
    assert line.places == ("r1", "r2")
    assert [(c.category, c.places) for c in answer.shortfall_unsigned] == [("remand", 2)]
    prices = {price.like: price for price in answer.prices}
    assert prices["r1"].people.most == 0
    assert prices["r1"].points is not None
    assert prices["r1"].points.least == 20
    assert prices["s1"].points is not None
    assert prices["s1"].points.most == 0


def test_places_that_nobody_can_sign_for() -> None:
    scenario = make_scenario(cells=[cell("c1", 2)], people=[f"p{k}" for k in range(5)])
    answer = explain_why_not(scenario, 5)
    assert answer.status is Status.PLACES_MISSING
    assert answer.signed.found == answer.unsigned.least == 3
    assert [repair.lines for repair in answer.repairs.found] == [()]
    assert [(c.rules, c.missing, len(c.core_ids)) for c in answer.clashes.found] == [((), 3, 3)]
    assert answer.prices[0].people.least == answer.prices[0].people.most == 2


def test_people_who_must_be_apart_are_a_conflict_of_their_own() -> None:
    pairs = [("p0", "p1"), ("p0", "p2"), ("p1", "p2")]
    scenario = make_scenario(
        cells=[cell("c1", 3), cell("c2", 3)],
        people=[f"p{k}" for k in range(5)],
        non_associations=[NonAssociation(a, b, Restriction.CELL) for a, b in pairs],
    )
    answer = explain_why_not(scenario, 5)
    (clash,) = answer.clashes.found
    assert clash.kind is ClashKind.GROUPS
    assert clash.rules == (RuleId.NON_ASSOCIATION,)
    assert clash.core_ids == ("p0", "p1", "p2")
    assert list(answer.needs_data) == [RuleId.NON_ASSOCIATION]
    assert all(not repair.lines for repair in answer.repairs.found)


def test_what_nobody_may_sign_is_in_no_repair_and_what_needs_data_is_named() -> None:
    scenario = make_scenario(
        cells=[cell("c1", 2, security_category=SecurityCategory.C), cell("c2", 2)],
        people=[person(f"p{k}", sharing_assessed_at=None) for k in range(3)],
        settings={RuleId.CAPACITY: derogable(5)},
    )
    answer = explain_why_not(scenario, 5)
    assert answer.status is Status.PLACES_MISSING
    assert RuleId.SINGLE_CELL in answer.needs_data
    rules = {line.group.rule for repair in answer.repairs.found for line in repair.lines}
    assert RuleId.SINGLE_CELL not in rules


def test_no_conflict_says_how_much_room_is_left() -> None:
    scenario = make_scenario(cells=[cell("c1", 3), cell("c2", 4)], people=["p1", "p2"])
    answer = explain_why_not(scenario, 5)
    assert answer.status is Status.NO_CONFLICT
    assert answer.room_left == {"sentenced": 5}
    assert answer.clashes.found == ()
