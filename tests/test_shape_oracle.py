"""The oracle itself, on numbers small enough to add up by hand."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.index import int_array
from allocator.model.instance import Instance
from allocator.model.shapes import (
    Alone,
    Apart,
    CellPoints,
    Count,
    Eligible,
    LoadPoints,
    MoveLimit,
    MovePoints,
    OneClass,
    PairPoints,
    Penalty,
    Placed,
    Shape,
    Stay,
)
from allocator.model.vocabulary import Level, Tier
from tests.builders import bare_instance, cell, make_scenario, person, wing
from tests.shape_oracle import (
    breach_amount,
    every_placement,
    goal_points,
    hard_ok,
    lawful_placements,
    tier_values,
)
from tests.solver.night_cases import with_budget
from tests.solver.random_instances import random_instance

RULE, GOAL, TIER = RuleId.LEADERS, GoalId.SPILLOVER, Tier.EXPOSURE
ALL = int_array(range(5))
ONES = np.ones(5, dtype=np.int64)
HERE = (0, 0, 1, 2, -1)
"""p0 and p1 in c0, p2 in c1 (same landing), p3 in c2 (another wing), p4 unplaced."""


def instance(*shapes: Shape) -> Instance:
    """Cells c0, c1 on landing L and c2 on wing W2; p0 and p3 are now in c1, p4 in c0."""
    now = {"p0": "c1", "p3": "c1", "p4": "c0"}
    people = [person(f"p{k}", current_place=now.get(f"p{k}")) for k in range(5)]
    people[2] = replace(people[2], places_needed=3)
    cells = [cell("c0", 2), cell("c1", 3), cell("c2", 2, parent="W2")]
    base = bare_instance(make_scenario(cells, people, units=[wing("W2")]), shapes)
    return replace(
        base,
        contact_class=int_array([0, 0, 1]),
        contact=np.array([[5, 2], [3, 0]], dtype=np.int64),
        cell_contact=int_array([7, 11, 13]),
    )


def count(units: list[int], high: list[int], level: Level = Level.WING, **fields: Any) -> Count:
    low = int_array([0] * len(units))
    return Count(RULE, ALL, ONES, level, int_array(units), low, int_array(high), **fields)


def pairs(level: Level | None) -> PairPoints:
    first, second = int_array([0, 0, 3, 2, 4]), int_array([1, 3, 0, 1, 0])
    return PairPoints(GOAL, TIER, first, second, int_array([1, 10, 100, -1000, 99]), level)


@pytest.mark.parametrize(
    ("shape", "amount"),
    [
        (Eligible(RULE, int_array([0, 1, 3, 4]), int_array([0, 1])), 2),
        (Stay(RULE, int_array([0, 3, 4])), 2),
        (Alone(RULE, int_array([0, 2, 4])), 1),
        (Apart(RULE, int_array([0, 0, 0, 3]), int_array([1, 2, 3, 4]), Level.CELL), 1),
        (Apart(RULE, int_array([0, 0, 0, 3]), int_array([1, 2, 3, 4]), Level.LANDING), 2),
        (count([0, 1], [1, 1]), 2),
        (count([0], [0], triangular=True), 6),
        (count([1], [0]), 1),
        (OneClass(RULE, ALL, int_array([0, 1, 1, 2, 0]), Level.WING), 1),
        (OneClass(RULE, ALL, int_array([0, 1, 2, 2, 0]), Level.WING), 2),
        (MoveLimit(RULE, int_array([0, 3, 4]), int_array([2, 3, 5]), 1, ""), 4),
        (Placed(RULE, ALL, Penalty(Tier.UNPLACED, 1)), 1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_amounts(shape: Shape, amount: int) -> None:
    assert breach_amount(instance(), shape, HERE) == amount


@pytest.mark.parametrize(
    ("shape", "points"),
    [
        (pairs(None), 1 * 7 + 10 * 2 + 100 * 3 - 1000 * 5),
        (pairs(Level.LANDING), 1 - 1000),
        (pairs(Level.FACILITY), 1 + 10 + 100 - 1000),
        (CellPoints(GOAL, TIER, int_array([0, 2, 4]), int_array([0, 2]), -7), -7),
        (MovePoints(GOAL, TIER, int_array([0, 3, 4]), int_array([2, 3, 5])), 5),
        (
            LoadPoints(GOAL, TIER, int_array([1, 0]), np.array([[0, 1, 2, 30], [0, 5, 50, 500]])),
            80,
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_points(shape: PairPoints, points: int) -> None:
    assert goal_points(instance(), shape, HERE) == points
    assert tier_values(instance(shape), HERE)[TIER] == points


def test_prices_go_to_their_tier_and_hard_shapes_have_none() -> None:
    priced = count([0, 1], [1, 1], penalty=Penalty(Tier.DEROGATIONS, 3))
    assert tier_values(instance(priced), HERE)[Tier.DEROGATIONS] == 6
    assert hard_ok(instance(priced), HERE)
    assert not hard_ok(instance(replace(priced, penalty=None)), HERE)


def test_places_are_never_exceeded() -> None:
    assert hard_ok(instance(), HERE)
    assert not hard_ok(instance(), (0, 0, 0, 2, -1))
    assert not hard_ok(instance(), (1, -1, 1, -1, -1))


@pytest.mark.parametrize(("or_none", "lawful"), [(True, True), (False, False)])
def test_a_lower_limit_is_hard_whatever_the_price(*, or_none: bool, lawful: bool) -> None:
    shape = replace(count([1], [2], penalty=Penalty(TIER, 1)), low=int_array([2]), or_none=or_none)
    assert not hard_ok(instance(shape), HERE)
    assert hard_ok(instance(shape), (0, 0, 1, -1, -1)) is lawful


@pytest.mark.parametrize("seed", range(12))
def test_lawful_placements_are_those_of_all_that_break_nothing_hard(seed: int) -> None:
    instance = with_budget(random_instance(seed), seed % 4)
    lawful = [p for p in every_placement(instance) if hard_ok(instance, p)]
    assert list(lawful_placements(instance)) == lawful
