"""Flat problems in compiled code: worth what the shapes say, within all limits, sums exact."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.flat import (
    Contact,
    cell_points,
    flat_instance,
    only_inside,
    pair_points,
    size_limits,
    table,
)
from allocator.model.instance import Instance
from allocator.model.shapes import (
    Alone,
    Apart,
    Count,
    Eligible,
    IntArray,
    LoadPoints,
    Shape,
    Stay,
)
from allocator.model.vocabulary import Level, Tier
from allocator.solver.compile import build_tables
from allocator.solver.options import SolveOptions
from allocator.solver.search.apply import values_of
from allocator.solver.search.flat import Flat, as_flat
from allocator.solver.search.flat_anneal import anneal_flat
from allocator.solver.search.flat_state import (
    BEST,
    HEAT,
    HOLDS,
    NOW,
    NUMBER,
    NUMBERS,
    OWN,
    PLACE,
    SUMS,
    TAKEN,
    VALUE,
    new_flat_state,
    settle,
)
from allocator.solver.search.initial import initial_placement
from allocator.solver.search.replica import Replica
from allocator.solver.search.state import new_state
from allocator.solver.search.tempering import Ladder
from allocator.solver.solve import solve
from allocator.solver.tables import DEFICIT, Tables
from tests.shape_oracle import every_placement, hard_ok, tier_values

POINTS_TIER = 2


def random_flat(
    seed: int,
    n: int = 9,
    m: int = 6,
    *,
    roomy: bool = False,
    groups: bool = False,
    alike: bool = False,
) -> Instance:
    """People of one to three places, classes of cells, costs, closed cells and a counted group.

    In every other one some people are kept apart from others.

    Contact and points have a direction in two of five.

    `roomy` : cells hold everybody and nobody is counted, so that single moves lead everywhere.
    `groups` : cells have no contact with each other, so that people are scanned.
    `alike` : company is worth the same in all cells.
    """
    rng = np.random.default_rng(seed)
    classes = m if groups else int(rng.integers(1, m + 1))
    near = rng.integers(-3, 9, (classes, classes))
    near = near if rng.random() < 0.8 and not groups else np.diag(near.diagonal())
    of_cell = rng.integers(0, classes, m) if classes < m else np.arange(m)
    points = np.where(rng.random((n, n)) < rng.choice([0.2, 0.9]), rng.integers(-9, 20, (n, n)), 0)
    if rng.random() < 0.6:
        near, points = near + near.T, points + points.T
    inside = rng.integers(-2, 20, m)
    inside = np.full(m, inside[0]) if alike else inside
    contact = Contact(of_cell.astype(np.int64), near.astype(np.int64), inside)
    shapes: list[Shape] = [pair_points(points.astype(np.int64))]
    if rng.random() < 0.5:
        shapes += cell_points(rng.integers(-20, 30, (n, m)))
    if rng.random() < 0.5:
        shapes.append(_closed(rng, n, m))
    if not roomy and rng.random() < 0.6:
        shapes.append(_counted(rng, n, m))
    if rng.random() < 0.3:
        shapes.append(Stay(RuleId.FROZEN, np.array([1])))
    if rng.random() < 0.5:
        first, second = np.nonzero(np.triu(rng.random((n, n)) < rng.choice([0.1, 0.4]), 1))
        shapes.append(Apart(RuleId.NON_ASSOCIATION, first, second, Level.CELL))
    places = rng.choice([1, 1, 2, 3], n).astype(np.int64)
    caps = np.full(m, 3 * n) if roomy else rng.integers(1, 6, m).astype(np.int64)
    flat = flat_instance(places, caps, contact, tuple(shapes))
    landing = np.append(rng.integers(-1, 3, m - 1), 2).astype(np.int64)
    return replace(
        flat, unit_of={Level.LANDING: landing}, current=rng.integers(0, m, n).astype(np.int64)
    )


def _closed(rng: np.random.Generator, n: int, m: int) -> Eligible:
    who = np.flatnonzero(rng.random(n) < 0.4).astype(np.int64)
    return Eligible(RuleId.SECURITY_CATEGORY, who, np.array([int(rng.integers(m))]))


def _counted(rng: np.random.Generator, n: int, m: int) -> Count:
    level, units = (Level.CELL, m) if rng.random() < 0.5 else (Level.LANDING, 3)
    who = np.flatnonzero(rng.random(n) < 0.6).astype(np.int64)
    low = rng.integers(0, 2, units).astype(np.int64)
    return Count(
        RuleId.UNIT_GROUP_CAP, who, rng.integers(1, 3, len(who)), level, np.arange(units),
        low, low + rng.integers(1, 6, units), or_none=bool(rng.random() < 0.5),
    )  # fmt: skip


def with_a_start(instance: Instance) -> tuple[Tables, Flat, IntArray]:
    """The problem and a first placement of everybody within all limits, where one is at hand."""
    tables = build_tables(instance)
    one, start = as_flat(tables, POINTS_TIER), initial_placement(tables, instance.current)
    if one is None or np.any(start < 0) or values_of(tables, start)[DEFICIT]:
        reject()
    return tables, one, start


def value_of(instance: Instance, placement: IntArray) -> int:
    return tier_values(instance, placement.tolist())[Tier.EXPOSURE]


@given(st.integers(0, 2**32 - 1), st.booleans())
@settings(max_examples=110, deadline=None)
def test_it_keeps_to_the_shapes_and_knows_what_it_is_worth(seed: int, groups: bool) -> None:
    instance = random_flat(seed, groups=groups)
    tables, one, start = with_a_start(instance)
    q, f = new_flat_state(one, kinds=np.inf)
    settle(one, q, f, start)
    first, best = value_of(instance, start), start.copy()
    for heat in (300.0, 10.0, 0.5):
        f[NUMBERS][0, HEAT] = heat
        everybody = np.arange(len(start))
        anneal_flat(q, f, new_state(tables, seed % 997).flat, everybody, best, 1.0, 5000)
        assert hard_ok(instance, q[PLACE][0].tolist())
        assert hard_ok(instance, best.tolist())
        assert first + f[NUMBERS][0, VALUE] == value_of(instance, q[PLACE][0])
        assert first + f[NUMBERS][0, BEST] == value_of(instance, best)
        again = new_flat_state(one, kinds=np.inf)
        settle(one, *again, q[PLACE][0].copy())
        assert np.array_equal(f[SUMS], again[1][SUMS])
        assert np.array_equal(f[OWN], again[1][OWN])
        assert not groups or np.array_equal(f[NOW], again[1][NOW])
        assert np.array_equal(q[HOLDS], again[0][HOLDS])
        assert np.array_equal(q[NUMBER], again[0][NUMBER])
        assert f[NUMBERS][0, TAKEN] == np.count_nonzero(q[NUMBER])


def test_groups_change_cells_where_no_single_person_may_leave_one_cold() -> None:
    """Twelve people gain by company; two groups are full, and the one that may grow is small."""
    ones, low, high = np.ones(12, dtype=np.int64), np.full(3, 2), np.array([8, 5, 5])
    shapes = pair_points(np.eye(12, dtype=np.int64) - 1), size_limits(ones, low, high)
    instance = flat_instance(ones, high, only_inside(3), shapes)
    start = np.repeat(np.arange(3), [2, 5, 5])
    tables, one = build_tables(instance), as_flat(build_tables(instance), POINTS_TIER)
    assert one is not None
    replica = Replica.start(one, np.inf, start)
    replica.anneal(new_state(tables, 1).flat, 0.01, 1.0, 20_000)
    assert np.bincount(replica.placement).tolist() == [8, 2, 2]


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=14, deadline=None)
def test_changing_heats_finds_the_least_of_small_ones(seed: int) -> None:
    instance = random_flat(seed, n=5, m=4, roomy=True)
    tables, one, start = with_a_start(instance)
    least = min(
        tier_values(instance, placement)[Tier.EXPOSURE]
        for placement in every_placement(instance, everyone_placed=True)
        if hard_ok(instance, placement)
    )
    ladder = Ladder.start(one, np.inf, start, peak=60.0, seed=1)
    found = ladder.run(new_state(tables, 3).flat, 400_000)
    assert value_of(instance, found) == least


def contact_instance(*extra: Shape) -> Instance:
    points = pair_points(np.ones((4, 4), dtype=np.int64))
    ones = np.ones(4, dtype=np.int64)
    return flat_instance(ones, ones[:3] * 2, table(np.eye(3, dtype=np.int64)), (points, *extra))


def apart(level: Level) -> Apart:
    return Apart(RuleId.NON_ASSOCIATION, np.array([0]), np.array([1]), level)


LOAD = LoadPoints(GoalId.SPACE, Tier.EXPOSURE, np.arange(3), np.arange(9).reshape(3, 3))
ALONE = Alone(RuleId.SINGLE_CELL, np.array([2]))


@pytest.mark.parametrize("shape", [apart(Level.LANDING), LOAD, ALONE])
def test_what_is_more_than_a_flat_problem_is_not_taken_for_one(shape: Shape) -> None:
    landing = {Level.LANDING: np.array([0, 0, 1])}
    instance = replace(contact_instance(shape), unit_of=landing)
    assert as_flat(build_tables(contact_instance()), POINTS_TIER) is not None
    assert as_flat(build_tables(instance), POINTS_TIER) is None
    assert as_flat(build_tables(contact_instance()), 1) is None


def test_people_kept_apart_in_cells_belong_to_a_flat_problem_and_are_one_without_points() -> None:
    tables = build_tables(contact_instance(apart(Level.CELL)))
    with_points, without = as_flat(tables, POINTS_TIER), as_flat(tables, 1)
    assert with_points is not None
    assert without is not None
    assert not without.points.any()
    assert with_points.apart[0, 1] == with_points.apart[1, 0] == 1
    assert without.apart.sum() == 2


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_rows_of_people_kept_apart_change_cells_where_nobody_may_alone(seed: int) -> None:
    """Two cells and a path of ten, who may sit in two ways: the better one is ten moves away."""
    path = np.arange(10, dtype=np.int64)
    cost = np.where(path[:, None] % 2 == np.arange(2), 1, 0)
    no_points = pair_points(np.zeros((10, 10), dtype=np.int64))
    neighbours = Apart(RuleId.NON_ASSOCIATION, path[:-1], path[1:], Level.CELL)
    shapes: list[Shape] = [neighbours, *cell_points(cost), no_points]
    ones = np.ones(10, dtype=np.int64)
    instance = flat_instance(ones, np.full(2, 10), only_inside(2), tuple(shapes))
    tables, one = build_tables(instance), as_flat(build_tables(instance), POINTS_TIER)
    assert one is not None
    replica = Replica.start(one, np.inf, path % 2)
    replica.anneal(new_state(tables, seed).flat, 0.01, 1.0, 2000)
    assert replica.placement.tolist() == ((path + 1) % 2).tolist()


def test_a_child_without_room_for_all_is_mended_or_the_best_is_gone_on_from() -> None:
    """Cells are full to 97 per cent: most children lack somebody, and none of the plans does."""
    rng = np.random.default_rng(8)
    places = rng.integers(5, 41, 24).astype(np.int64)
    caps = np.full(6, -(-int(places.sum() * 100) // (97 * 6)), dtype=np.int64)
    flows = np.triu(rng.integers(0, 10, (24, 24)), 1)
    away = rng.integers(1, 60, (6, 6))
    shapes = (pair_points(flows + flows.T),)
    instance = flat_instance(places, caps, table(away + away.T), shapes)
    found = solve(instance, SolveOptions.within(2.5))
    assert hard_ok(instance, found.placement.tolist())
    assert found.values[0] == 0
    assert found.values[1] == value_of(instance, found.placement)
