"""Problems without pair points: matchings, bounds and cores against brute force."""

from dataclasses import replace

import numpy as np
import pytest

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.flat import cell_points, flat_instance, only_inside
from allocator.model.instance import Instance
from allocator.model.plan import Verdict
from allocator.model.policy import TierSetting
from allocator.model.shapes import (
    CellPoints,
    Count,
    Eligible,
    IntArray,
    LoadPoints,
    MovePoints,
    PairPoints,
    Shape,
    Stay,
)
from allocator.model.vocabulary import Level, Tier
from allocator.solver.bound.least import least_load
from allocator.solver.compile import build_tables
from allocator.solver.linear.choices import all_choices, rows_of, within_caps
from allocator.solver.linear.matching import optimal_matching
from allocator.solver.linear.prices import price
from allocator.solver.options import Effort, SolveOptions
from allocator.solver.solve import solve
from allocator.solver.tables import Tables
from tests.shape_oracle import hard_ok, lawful_placements, tier_values
from tests.solver.random_instances import Maker

QUICK = SolveOptions(Effort.QUICK)
EXACT = np.zeros(7, dtype=np.int64)
NOWHERE = np.full(4, -1, dtype=np.int64)


def _values(instance: Instance, placement: IntArray) -> tuple[int, ...]:
    assert hard_ok(instance, placement.tolist())
    return tuple(tier_values(instance, placement.tolist()).values())


def _lawful(instance: Instance) -> list[tuple[tuple[int, ...], IntArray]]:
    """All lawful placements with their values, the best first."""
    found = [
        (tuple(tier_values(instance, p).values()), np.array(p)) for p in lawful_placements(instance)
    ]
    return sorted(found, key=lambda pair: pair[0])


def matching_instance(seed: int) -> Instance:
    """Everybody takes as many places; costs of cells, moves and loads in three tiers."""
    maker = Maker(seed, 4, 3)
    rng = maker.rng
    instance = maker.instance(0)
    size = int(rng.integers(1, 3))
    costs = tuple(
        CellPoints(GoalId.PROGRAMME, tier, maker.some(4), maker.some(3), int(rng.integers(-5, 6)))
        for tier in rng.permutation([Tier.PREFERENCES, Tier.PROTECTION, Tier.UNPLACED] * 2)
    )
    slopes = np.sort(rng.integers(0, 5, (3, 4)), axis=1)
    table = np.concatenate((np.zeros((3, 1)), np.cumsum(slopes, axis=1)), axis=1)
    load = LoadPoints(GoalId.SPACE, Tier.PREFERENCES, np.arange(3), table.astype(np.int64))
    shapes = (instance.shapes[0], *costs, load, maker.move_points(), maker.eligible())
    return replace(instance, places=np.full(4, size, dtype=np.int64), shapes=shapes)


@pytest.mark.parametrize("seed", range(150))
def test_a_matching_is_the_optimum_of_all_tiers(seed: int) -> None:
    instance = matching_instance(seed)
    found = optimal_matching(build_tables(instance), EXACT, NOWHERE)
    assert found is not None
    assert _values(instance, found) == _lawful(instance)[0][0]


@pytest.mark.parametrize("seed", range(40))
def test_of_equal_matchings_the_one_nearest_to_the_start_is_taken(seed: int) -> None:
    instance = matching_instance(seed)
    lawful = _lawful(instance)
    best = [placement for values, placement in lawful if values == lawful[0][0]]
    start = lawful[-1][1]
    found = optimal_matching(build_tables(instance), EXACT, start)
    assert found is not None
    assert (found == start).sum() == max((placement == start).sum() for placement in best)


@pytest.mark.parametrize("seed", range(20))
def test_the_solver_proves_matchings_at_every_effort(seed: int) -> None:
    instance = matching_instance(seed)
    solution = solve(instance, QUICK)
    assert solution.verdict is Verdict.OPTIMAL
    assert solution.values == solution.bounds == _lawful(instance)[0][0]


def _tied(instance: Instance, case: str) -> Instance:
    everyone, one = np.arange(4, dtype=np.int64), np.array([0])
    shapes: dict[str, tuple[Shape, ...]] = {
        "places": (),
        "pairs": (PairPoints(GoalId.SPILLOVER, Tier.EXPOSURE, one, one + 1, one + 3),),
        "count": (
            Count(RuleId.UNIT_GROUP_CAP, everyone[:3], one.repeat(3) + 1, Level.CELL, one, one,
                  one + 1),
        ),
        "load": (
            LoadPoints(GoalId.SPACE, Tier.PREFERENCES, one, np.array([[0, 7, 8, 9]])),
        ),
    }  # fmt: skip
    places = np.array([1, 2, 1, 1]) if case == "places" else np.ones(4, dtype=np.int64)
    kept = tuple(s for s in instance.shapes if not isinstance(s, LoadPoints))
    return replace(instance, places=places, shapes=(*kept, *shapes[case]))


@pytest.mark.parametrize("case", ["places", "pairs", "count", "load"])
def test_what_ties_people_together_is_no_matching(case: str) -> None:
    assert optimal_matching(build_tables(_tied(matching_instance(3), case)), EXACT, NOWHERE) is None


def test_a_tolerance_is_left_to_other_engines() -> None:
    tables = build_tables(matching_instance(3))
    assert optimal_matching(tables, EXACT + np.array([0, 0, 0, 30, 0, 0, 0]), NOWHERE) is None


def linear_instance(seed: int) -> Instance:
    """A random instance with every shape but points of pairs, which are left out."""
    maker = Maker(seed, 4, 3)
    instance = maker.instance(int(maker.rng.integers(2, 9)))
    kept = tuple(s for s in instance.shapes if not isinstance(s, PairPoints))
    costs = tuple(
        CellPoints(GoalId.PROGRAMME, tier, maker.some(4), maker.some(3), points)
        for tier, points in ((Tier.EXPOSURE, 7), (Tier.EXPOSURE, -3), (Tier.UNPLACED, 2))
    )
    return replace(instance, shapes=(*kept, *costs))


def _slack(t: Tables, caps: tuple[int, ...]) -> IntArray:
    loads = [least_load(t, k) for k in range(len(caps) + 1)]
    return np.array([0, *caps], dtype=np.int64) - np.array(loads, dtype=np.int64)


@pytest.mark.parametrize("seed", range(80))
def test_prices_bound_every_placement_and_keep_the_choices_of_better_ones(seed: int) -> None:
    instance = linear_instance(seed)
    tables = build_tables(instance)
    lawful = _lawful(instance)
    for tier in (1, 3, 5):
        slack, others = _slack(tables, lawful[0][0]), least_load(tables, tier)
        choices = within_caps(all_choices(tables), slack, tier)
        rows = rows_of(tables, choices, slack, tier)
        known = choices.at(lawful[0][1])
        priced = price(choices, choices.costs[tier], rows, known, 5.0)
        for values, placement in lawful:
            if all(v <= cap for v, cap in zip(values[: tier - 1], lawful[0][0], strict=False)):
                made = choices.at(placement)
                assert len(made) == 4
                assert priced.bound + others <= values[tier - 1]
                assert priced.may_reach(values[tier - 1] - others)[made].all()


@pytest.mark.parametrize("seed", range(14))
def test_a_filled_time_limit_finds_the_optimum_without_pairs(seed: int) -> None:
    instance = linear_instance(seed)
    solution = solve(instance, SolveOptions.within(3.0))
    best = _lawful(instance)[0][0]
    assert _values(instance, solution.placement) == solution.values == best
    assert all(b is not None and b <= v for b, v in zip(solution.bounds, best, strict=True))


def test_a_linear_assignment_of_300_with_barred_cells_is_proved_at_once() -> None:
    rng = np.random.default_rng(5)
    cost = rng.integers(1, 101, (300, 300))
    ones = np.ones(300, dtype=np.int64)
    barred = tuple(
        Eligible(RuleId.SINGLE_CELL, np.array([i]), np.flatnonzero(rng.random(300) < 0.9))
        for i in range(300)
    )
    instance = flat_instance(ones, ones, only_inside(300), (*cell_points(cost), *barred))
    solution = solve(instance, QUICK)
    assert solution.verdict is Verdict.OPTIMAL
    allowed = np.ones((300, 300), dtype=np.bool_)
    for i, shape in enumerate(barred):
        allowed[i, shape.barred] = False
    inside = solution.placement >= 0
    assert allowed[np.flatnonzero(inside), solution.placement[inside]].all()


def test_people_of_unequal_size_in_cells_that_are_nearly_full() -> None:
    """Generalised assignment: 99 % of the places are taken, and the relaxation is close."""
    rng = np.random.default_rng(11)
    size, cost = rng.integers(5, 26, 120), rng.integers(10, 51, (120, 8))
    caps = np.full(8, int(np.ceil(size.sum() / 8 / 0.99)))
    instance = flat_instance(size, caps, only_inside(8), cell_points(cost))
    solution = solve(instance, SolveOptions.within(8.0))
    assert solution.values[0] == 0
    assert solution.bounds[1] is not None
    assert solution.values[1] <= 1.01 * solution.bounds[1]


def test_frozen_people_and_costs_of_moves_stay_in_a_matching() -> None:
    ones, cells = np.ones(3, dtype=np.int64), np.array([0, 1, 2])
    base = flat_instance(ones, ones, only_inside(3), cell_points(np.array([[9, 0, 5]] * 3)))
    stay = Stay(RuleId.FROZEN, np.array([2]))
    moves = MovePoints(GoalId.MOVES, Tier.EXPOSURE, np.array([0]), np.array([11]))
    instance = replace(
        base,
        current=cells,
        shapes=(*base.shapes, stay, moves),
        tiers=(TierSetting(Tier.UNPLACED), TierSetting(Tier.EXPOSURE)),
    )
    solution = solve(instance, QUICK)
    assert solution.placement.tolist() == [0, 1, 2]
    assert solution.values == (0, 14)


def test_lower_limits_that_cannot_be_met_are_no_bound_of_what_is_short() -> None:
    """Three people for two cells that want two each."""
    ones, cells = np.ones(3, dtype=np.int64), np.arange(2, dtype=np.int64)
    low, high = np.array([2, 2]), np.array([3, 3])
    wants = Count(
        RuleId.UNIT_GROUP_CAP, np.arange(3), ones, Level.CELL, cells, low, high, or_none=False
    )
    cost = cell_points(np.array([[2, 7], [3, 5], [9, 1]]))
    instance = flat_instance(ones, high, only_inside(2), (*cost, wants))
    tables, slack = build_tables(instance), np.zeros(3, dtype=np.int64)
    choices = all_choices(tables)
    assert rows_of(tables, choices, slack, 0).most.tolist() == []
    assert rows_of(tables, choices, slack, 2).most.tolist()[:2] == [-2, -2]
    solution = solve(instance, SolveOptions.within(2.0))
    assert np.bincount(solution.placement, minlength=2).max() >= 2
    assert solution.verdict is Verdict.OUT_OF_TIME
