"""Bound of counts in units against brute force."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.model.instance import Instance
from allocator.model.shapes import IntArray
from allocator.solver.bound.kinds import kinds_bound
from allocator.solver.compile import build_tables
from allocator.solver.cpsat.tiers import Limits
from tests.shape_oracle import every_placement, hard_ok, tier_values
from tests.solver.random_instances import random_instance

LIMITS = Limits(deterministic=2.0, seconds=None, seed=1)


def lawful_values(instance: Instance) -> IntArray:
    """Tier values of all lawful placements, from column 1; shape (n_lawful, K)."""
    rows = [
        (0, *tier_values(instance, placement).values())
        for placement in every_placement(instance)
        if hard_ok(instance, placement)
    ]
    return np.array(rows, dtype=np.int64)


@given(st.integers(0, 2**32 - 1), st.integers(0, 6))
@settings(max_examples=80, deadline=None)
def test_never_above_the_optimum_within_the_caps(seed: int, give: int) -> None:
    instance = random_instance(seed)
    values = lawful_values(instance)
    best = np.array(min(map(tuple, values.tolist())), dtype=np.int64)
    tables = build_tables(instance)
    for tier in range(1, len(best)):
        caps = best + give
        inside = np.all(values[:, :tier] <= caps[:tier], axis=1)
        least = int(values[inside, tier].min())
        for value in (least, least + 5):
            found = kinds_bound(tables, tier, caps, value, LIMITS)
            assert found is not None
            assert found <= least
