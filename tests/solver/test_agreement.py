"""Engines against brute force over the plain meaning of shapes."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from allocator.model.instance import Instance
from allocator.model.plan import Verdict
from allocator.solver import fields
from allocator.solver import solve as solve_module
from allocator.solver.compile import build_tables
from allocator.solver.options import Effort, SolveOptions
from allocator.solver.passes import WORK, Work
from allocator.solver.search.anneal import anneal
from allocator.solver.search.apply import load_placement
from allocator.solver.search.initial import initial_placement
from allocator.solver.search.state import new_state
from allocator.solver.search.trials import HEAT, new_decision
from allocator.solver.solve import solve
from tests.shape_oracle import hard_ok, lawful_placements, tier_values
from tests.solver.random_instances import random_instance

QUICK = SolveOptions(effort=Effort.QUICK)
LITTLE = Work(40_000, 0, 2, 1_500, 4.0)
seeds = st.integers(0, 2**32 - 1)


def best_by_force(instance: Instance) -> tuple[int, ...]:
    """Lexicographically least tier values of all lawful placements."""
    return min(
        tuple(tier_values(instance, placement).values())
        for placement in lawful_placements(instance)
    )


@pytest.mark.parametrize("near", [fields.FEW_NEAR, -1], ids=["gathered", "spread"])
@given(seed=seeds)
@settings(max_examples=100, deadline=None)
def test_search_keeps_exact_values_and_hard_shapes(near: int, seed: int) -> None:
    instance = random_instance(seed, n_persons=7, n_cells=5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fields, "FEW_NEAR", near)
        tables = build_tables(instance)
    start = initial_placement(tables, instance.current)
    state = new_state(tables, seed % 1000)
    assert load_placement(tables.packed, state.flat, start) == 0
    caps = np.full(7, 1 << 40, dtype=np.int64)
    rule = new_decision(0, caps, caps, np.ones(7), np.ones(7) > 0, 20)
    rule[HEAT] = 50.0
    focus = np.zeros(0, dtype=np.int64)
    heavy = np.arange(7, dtype=np.int64)
    anneal(tables.packed, state.flat, start.copy(), rule, focus, heavy, 0.99, 300)
    placement = state.place.tolist()
    assert tuple(state.values[1:].tolist()) == tuple(tier_values(instance, placement).values())
    assert (state.values[0] == 0) == hard_ok(instance, placement)


@given(seeds)
@example(1818)
@settings(max_examples=25, deadline=None)
def test_whole_solve_is_the_optimum(seed: int) -> None:
    instance = random_instance(seed)
    solution = solve(instance, QUICK)
    assert hard_ok(instance, solution.placement.tolist())
    assert solution.values == tuple(tier_values(instance, solution.placement.tolist()).values())
    assert solution.verdict is Verdict.OPTIMAL
    assert solution.values == best_by_force(instance)
    assert solution.bounds == solution.values


@given(seeds)
@example(284)
@settings(max_examples=25, deadline=None, derandomize=True)  # a heuristic may miss one in 300
def test_search_alone_places_as_many_and_bounds_hold(seed: int) -> None:
    instance = random_instance(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solve_module, "_is_small", lambda _: False)
        patch.setitem(WORK, Effort.QUICK, LITTLE)
        solution = solve(instance, QUICK)
    best = best_by_force(instance)
    assert hard_ok(instance, solution.placement.tolist())
    assert solution.values[0] == best[0]
    for value, bound in zip(solution.values, solution.bounds, strict=True):
        assert bound is None or bound <= value
    assert solution.bounds[0] is not None
    assert solution.bounds[0] <= best[0]
    assert solution.values >= best


def test_same_seed_same_placement_whatever_the_workers() -> None:
    instance = random_instance(11, n_persons=20, n_cells=15)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solve_module, "_is_small", lambda _: False)
        patch.setitem(WORK, Effort.QUICK, LITTLE)
        first = solve(instance, SolveOptions(effort=Effort.QUICK, seed=5, workers=1))
        second = solve(instance, SolveOptions(effort=Effort.QUICK, seed=5, workers=2))
    assert first.placement.tolist() == second.placement.tolist()
    assert first.values == second.values


def test_tiers_are_those_of_the_instance() -> None:
    instance = random_instance(3)
    assert len(solve(instance, QUICK).values) == len(instance.tiers)
