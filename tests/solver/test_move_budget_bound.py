"""The bound from the move budget against brute force."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.model.catalogue import RuleId
from allocator.model.instance import Instance
from allocator.model.shapes import IntArray, MoveLimit
from allocator.solver.bound.least import trivial_bounds
from allocator.solver.bound.move_budget import move_budget_bound
from allocator.solver.compile import build_tables
from allocator.solver.cpsat.tiers import Limits
from tests.shape_oracle import every_placement, hard_ok, tier_values
from tests.solver.random_instances import random_instance

LIMITS = Limits(deterministic=2.0, seconds=None, seed=1)
seeds = st.integers(0, 2**32 - 1)


def with_budget(instance: Instance, high: int) -> Instance:
    """The instance with a hard limit on everybody's moves."""
    everyone = np.arange(instance.n_persons, dtype=np.int64)
    limit = MoveLimit(RuleId.MOVE_BUDGET, everyone, np.ones_like(everyone), high, "all")
    return replace(instance, shapes=(*instance.shapes, limit))


def lawful_values(instance: Instance) -> IntArray:
    """Tier values of all lawful placements, from column 1; shape (n_lawful, K)."""
    rows = [
        (0, *tier_values(instance, placement).values())
        for placement in every_placement(instance)
        if hard_ok(instance, placement)
    ]
    return np.array(rows, dtype=np.int64)


def bound_of(instance: Instance, tier: int, caps: IntArray, value: int) -> int:
    tables = build_tables(instance)
    slack = caps - trivial_bounds(tables)
    found = move_budget_bound(tables, tier, caps, slack, value, LIMITS)
    assert found is not None
    return found.bound


@given(seeds, st.integers(0, 3), st.integers(0, 6))
@settings(max_examples=60, deadline=None)
def test_never_above_the_optimum_within_the_caps(seed: int, high: int, give: int) -> None:
    instance = with_budget(random_instance(seed), high)
    values = lawful_values(instance)
    best = np.array(min(map(tuple, values.tolist())), dtype=np.int64)
    for tier in range(1, len(best)):
        caps = best + give
        inside = np.all(values[:, :tier] <= caps[:tier], axis=1)
        least = int(values[inside, tier].min())
        assert bound_of(instance, tier, caps, least + 5) <= least
        assert bound_of(instance, tier, caps, least) <= least
