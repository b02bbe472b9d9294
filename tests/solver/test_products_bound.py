"""Bounds of quadratic assignments: against brute force, and where they are known."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.instance import Instance
from allocator.model.shapes import (
    Apart,
    CellPoints,
    Count,
    IntArray,
    PairPoints,
    Penalty,
    Placed,
)
from allocator.model.vocabulary import Level, Tier
from allocator.solver.bound.assignment import assignment_of
from allocator.solver.bound.least import least_pairs, least_static, trivial_bounds
from allocator.solver.bound.products import products_bound
from allocator.solver.compile import build_tables
from allocator.solver.options import Effort, SolveOptions
from allocator.solver.solve import solve
from allocator.solver.tables import Tables
from tests.little_work import little_work
from tests.solver.night_cases import check_below
from tests.solver.random_instances import STRICT_TIERS, random_instance

seeds = st.integers(0, 2**32 - 1)
EXPOSURE = 1 + [setting.tier for setting in STRICT_TIERS].index(Tier.EXPOSURE)
NO_SLACK = np.zeros(len(STRICT_TIERS) + 1, dtype=np.int64)


def quadratic(flows: IntArray, distances: IntArray, room: IntArray, costs: IntArray) -> Instance:
    """People with flows, directed, over single cells at distances; nobody without a place."""
    n, m = costs.shape
    first, second = (a.astype(np.int64) for a in np.nonzero(flows))
    everyone, cells = np.arange(n, dtype=np.int64), np.arange(m, dtype=np.int64)
    own = (
        CellPoints(GoalId.SUPPORT, Tier.EXPOSURE, everyone[i : i + 1], cells, costs[i])
        for i in range(n)
    )
    return Instance(
        person_ids=tuple(f"p{i}" for i in range(n)),
        cell_ids=tuple(f"c{c}" for c in range(m)),
        places=np.ones(n, dtype=np.int64),
        max_places=room,
        current=np.full(n, -1, dtype=np.int64),
        unit_of={},
        contact_class=cells,
        contact=distances,
        cell_contact=np.diag(distances).copy(),
        shapes=(
            Placed(RuleId.ONE_BED, everyone, Penalty(Tier.UNPLACED, 1)),
            PairPoints(GoalId.SPILLOVER, Tier.EXPOSURE, first, second, flows[first, second]),
            *own,
        ),
        tiers=STRICT_TIERS,
    )


def bound_of(t: Tables, tier: int, caps: IntArray) -> int | None:
    """The bound of all terms of a tier, None where it says nothing."""
    least = trivial_bounds(t)
    problem = assignment_of(t, tier, caps - least)
    found = None if problem is None else products_bound(problem)
    if found is None:
        return None
    apart = least_static(t, tier) + least_pairs(t, np.flatnonzero(t.contact_rows(tier)))
    return found + int(least[tier]) - apart


@given(seeds, st.integers(0, 3))
@settings(max_examples=20, deadline=None)
def test_never_above_the_optimum_within_the_caps(seed: int, give: int) -> None:
    check_below(random_instance(seed), give, bound_of)


@given(seeds, st.integers(0, 2))
@settings(max_examples=20, deadline=None)
def test_flows_of_either_sign_places_and_limits(seed: int, give: int) -> None:
    rng = np.random.default_rng(seed)
    n, m = 4, 3
    flows = rng.integers(-9, 20, (n, n)) * (1 - np.eye(n, dtype=np.int64))
    distances = rng.integers(0, 9, (m, m)).astype(np.int64)
    room = rng.integers(2, 6, m).astype(np.int64)
    instance = quadratic(flows.astype(np.int64), distances, room, rng.integers(-5, 9, (n, m)))
    everyone = np.arange(n, dtype=np.int64)
    high = rng.integers(1, 5, m).astype(np.int64)
    limits = Count(
        RuleId.NON_ASSOCIATION, everyone, np.ones_like(everyone), Level.CELL,
        np.arange(m, dtype=np.int64), np.zeros_like(high), high,
    )  # fmt: skip
    apart = Apart(RuleId.NON_ASSOCIATION, everyone[:1], everyone[1:2], Level.CELL)
    places = rng.integers(1, 3, n).astype(np.int64)
    shapes = (*instance.shapes, limits, apart) if seed % 2 else instance.shapes
    changed = replace(instance, places=np.ones(n, np.int64) if seed % 2 else places, shapes=shapes)
    check_below(changed, give, bound_of)


def test_a_small_quadratic_assignment_is_proved() -> None:
    rng = np.random.default_rng(3)
    flows = np.triu(rng.integers(1, 30, (5, 5)), 1).astype(np.int64)
    distances = rng.integers(1, 30, (5, 5)).astype(np.int64)
    distances = np.triu(distances, 1) + np.triu(distances, 1).T
    none = np.zeros((5, 5), dtype=np.int64)
    instance = quadratic(flows, distances, np.ones(5, dtype=np.int64), none)
    best = min(int((flows * distances[np.ix_(p, p)]).sum()) for p in permutations(range(5)))
    bound = bound_of(build_tables(instance), EXPOSURE, NO_SLACK)
    assert bound is not None
    assert 0.97 * best < bound <= best


def test_room_keeps_people_at_a_distance() -> None:
    flows = np.triu(np.full((6, 6), 10, dtype=np.int64), 1)
    distances = np.array([[0, 7], [7, 0]], dtype=np.int64)
    room = np.array([3, 3], dtype=np.int64)
    instance = quadratic(flows, distances, room, np.zeros((6, 2), dtype=np.int64))
    bound = bound_of(build_tables(instance), EXPOSURE, NO_SLACK)
    assert bound is not None
    assert 600 < bound <= 630  # nine pairs; without room in the products 0


def test_contact_that_nests_and_too_many_choices_are_left_to_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flows = np.triu(np.full((4, 4), 3, dtype=np.int64), 1)
    room, none = np.full(3, 2, dtype=np.int64), np.zeros((4, 3), dtype=np.int64)
    nested = quadratic(flows, 5 * np.eye(3, dtype=np.int64), room, none)
    assert bound_of(build_tables(nested), EXPOSURE, NO_SLACK) is None
    chain = np.array([[0, 2, 9], [2, 0, 4], [9, 4, 0]], dtype=np.int64)
    other = quadratic(flows, chain, room, none)
    assert bound_of(build_tables(other), EXPOSURE, NO_SLACK) is not None
    monkeypatch.setattr("allocator.solver.bound.assignment.MOST_ENTRIES", 50)
    assert bound_of(build_tables(other), EXPOSURE, NO_SLACK) is None


def test_pairs_whose_two_directions_cancel_are_not_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flows = np.zeros((4, 4), dtype=np.int64)
    flows[0, 1], flows[1, 0], flows[2, 3] = 5, -5, 2
    distances = np.array([[0, 9, 1], [2, 0, 8], [7, 3, 0]], dtype=np.int64)
    none = np.zeros((4, 3), dtype=np.int64)
    instance = quadratic(flows, distances, np.full(3, 2, dtype=np.int64), none)
    monkeypatch.setattr("allocator.solver.bound.assignment.MOST_ENTRIES", 20)  # not all pairs
    problem = assignment_of(build_tables(instance), EXPOSURE, NO_SLACK)
    assert problem is not None
    assert problem.first.tolist() == [0, 2]
    check_below(instance, 0, bound_of)


def test_a_plan_of_normal_effort_states_the_bound() -> None:
    rng = np.random.default_rng(5)
    flows = np.triu(rng.integers(0, 30, (12, 12)), 1).astype(np.int64)
    distances = rng.integers(1, 30, (4, 4)).astype(np.int64) * (1 - np.eye(4, dtype=np.int64))
    room = np.full(4, 3, dtype=np.int64)
    instance = quadratic(flows, distances, room, rng.integers(0, 50, (12, 4)))
    with little_work(Effort.NORMAL):
        solution = solve(instance, SolveOptions(Effort.NORMAL))
    value, bound = solution.values[EXPOSURE - 1], solution.bounds[EXPOSURE - 1]
    assert bound is not None
    assert 0.6 * value < bound <= value
