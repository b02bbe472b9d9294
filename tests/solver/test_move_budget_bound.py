"""The bound from the move budget against brute force."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.shapes import (
    Eligible,
    IntArray,
    OneClass,
    PairPoints,
    Penalty,
    Stay,
)
from allocator.model.vocabulary import Level, Tier
from allocator.solver.bound import move_budget
from allocator.solver.bound import priced_home as priced_home_module
from allocator.solver.bound.away_lp import AwayLp
from allocator.solver.bound.home import find_home
from allocator.solver.bound.least import trivial_bounds
from allocator.solver.bound.priced_home import PricedHome
from allocator.solver.compile import build_tables
from allocator.solver.tables import Tables
from tests.solver.night_cases import (
    bound_of,
    lawful_values,
    least_within,
    rows_of_three,
    tiers_of,
    with_budget,
)
from tests.solver.random_instances import random_instance

seeds = st.integers(0, 2**32 - 1)


def priced(tables: Tables, slack: IntArray, below: IntArray) -> PricedHome:
    tier = len(below) - 1
    home = find_home(tables, tier, slack)
    return priced_home_module.priced_home(tables, home, below, int(below[tier]) + 1)


@given(seeds, st.integers(0, 3), st.integers(0, 6))
@example(62, 0, 1)  # a pair with a joint change at two levels counted as two partners
@settings(max_examples=14, deadline=None)
def test_never_above_the_optimum_within_the_caps(seed: int, high: int, give: int) -> None:
    instance = with_budget(random_instance(seed), high)
    for tier, caps, least in tiers_of(instance, give):
        assert bound_of(instance, tier, caps, least + 5) <= least
        assert bound_of(instance, tier, caps, least) <= least


@pytest.mark.parametrize(("moves", "best"), [(0, 115), (1, 70), (2, 26), (3, 11), (4, 0)])
def test_known_optimum_of_each_budget(moves: int, best: int) -> None:
    points = np.zeros((7, 7), dtype=np.int64)
    points[0, 1], points[0, 2], points[1, 2] = 20, 25, 15
    points[3, 4], points[3, 5], points[4, 5] = 11, 17, 27
    instance = rows_of_three(points, moves)
    tier = 1 + [setting.tier for setting in instance.tiers].index(Tier.EXPOSURE)
    caps = np.zeros(len(instance.tiers) + 1, dtype=np.int64)
    assert bound_of(instance, tier, caps, 115) == best


@given(seeds, st.integers(1, 3))
@example(7, 1)  # holding the relaxation above the programme's bound cut off the best placement
@settings(max_examples=14, deadline=None)
def test_pairs_that_count_by_shares_stay_below(seed: int, high: int) -> None:
    instance = with_budget(random_instance(seed), high)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(move_budget, "MOST_PRODUCTS", -1)
        patch.setattr(move_budget, "HEAVY_PAIRS", 1)
        for tier, best, least in tiers_of(instance, 0):
            assert bound_of(instance, tier, best, least + 5) <= least


@given(seeds, st.integers(0, 3), st.integers(0, 6))
@settings(max_examples=14, deadline=None)
def test_prices_alone_stay_below_and_take_out_no_better_placement(
    seed: int, high: int, give: int
) -> None:
    instance = with_budget(random_instance(seed), high)
    tables = build_tables(instance)
    for tier, caps, least in tiers_of(instance, give):
        for value in (least + 5, least + 1):
            below = np.append(caps[:tier], value - 1)
            found = priced(tables, caps - trivial_bounds(tables), below)
            assert found.home is not None
            assert found.bound <= least


def test_prices_close_two_cells_of_three() -> None:
    points = np.zeros((7, 7), dtype=np.int64)
    points[0, 1], points[0, 2], points[1, 2] = 20, 25, 15
    points[3, 4], points[3, 5], points[4, 5] = 11, 17, 27
    instance = rows_of_three(points, 1)
    tier = 1 + [setting.tier for setting in instance.tiers].index(Tier.EXPOSURE)
    tables = build_tables(instance)
    slack = -trivial_bounds(tables)
    below = np.zeros(tier + 1, dtype=np.int64)
    below[tier] = 70
    left = priced(tables, slack, below).home
    assert left is not None
    assert np.flatnonzero(left.options.any(axis=1)).tolist() == [0]


def test_classes_that_cost_in_a_cell_count() -> None:
    """Whoever leaves the pair of 13 points has only a cell of the other class to go to."""
    instance = rows_of_three(np.zeros((7, 7), dtype=np.int64), 1)
    everyone = np.arange(7, dtype=np.int64)
    classes = np.array([0, 0, 0, 0, 0, 0, 1], dtype=np.int64)
    mixing = OneClass(RuleId.ONE_BED, everyone, classes, Level.CELL, Penalty(Tier.PROTECTION, 5))
    pair = PairPoints(GoalId.SPILLOVER, Tier.EXPOSURE, np.array([3]), np.array([4]), np.array([13]))
    full = Eligible(RuleId.SECURITY_CATEGORY, everyone, np.array([3, 4], dtype=np.int64))
    held = Stay(RuleId.FROZEN, np.array([0, 1, 2, 5, 6], dtype=np.int64))
    instance = replace(instance, shapes=(*instance.shapes, mixing, pair, full, held))
    values = lawful_values(instance)
    tier = 1 + [setting.tier for setting in instance.tiers].index(Tier.EXPOSURE)
    caps = np.zeros(values.shape[1], dtype=np.int64)
    assert least_within(values, caps, tier) == 13
    assert bound_of(instance, tier, caps, 20) == 13


def test_a_clock_that_runs_out_leaves_the_bound_of_the_rounds_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    points = np.zeros((7, 7), dtype=np.int64)
    points[0, 1], points[0, 2], points[1, 2] = 20, 25, 15
    instance = rows_of_three(points, 2)
    tables = build_tables(instance)
    tier = 1 + [setting.tier for setting in instance.tiers].index(Tier.EXPOSURE)
    solves, whole = iter((True, False)), AwayLp.solve
    monkeypatch.setattr(priced_home_module, "PER_PERSON", 0)
    monkeypatch.setattr(priced_home_module, "PER_CELL", 1)
    monkeypatch.setattr(priced_home_module, "NEAR", -1e9)
    monkeypatch.setattr(priced_home_module, "MOST_PASSES", 1)
    monkeypatch.setattr(
        AwayLp, "solve", lambda lp, seconds: whole(lp, seconds) if next(solves) else None
    )
    below = np.zeros(tier + 1, dtype=np.int64)
    below[tier] = 59
    found = priced(tables, -trivial_bounds(tables), below)
    assert next(solves, None) is None
    assert found.bound <= 15
