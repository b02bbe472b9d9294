"""Bounds in kinds of cells against brute force: counts in units, and contact layer by layer."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.model.catalogue import GoalId
from allocator.model.instance import Instance
from allocator.model.shapes import PairPoints
from allocator.model.vocabulary import Tier
from allocator.solver.bound.contact_kinds import contact_bound
from allocator.solver.bound.kinds import kinds_bound
from allocator.solver.bound.least import least_pairs, trivial_bounds
from allocator.solver.compile import build_tables
from allocator.solver.cpsat.limits import Limits
from tests.solver.night_cases import best_of, lawful_values, least_within, tiers_of
from tests.solver.random_instances import STRICT_TIERS, random_instance

EXPOSURE = 1 + [setting.tier for setting in STRICT_TIERS].index(Tier.EXPOSURE)
LIMITS = Limits(deterministic=2.0, seconds=None, seed=1)


@given(st.integers(0, 2**32 - 1), st.integers(0, 6))
@settings(max_examples=18, deadline=None)
def test_never_above_the_optimum_within_the_caps(seed: int, give: int) -> None:
    instance = random_instance(seed)
    tables = build_tables(instance)
    for tier, caps, least in tiers_of(instance, give):
        for value in (least, least + 5):
            found = kinds_bound(tables, tier, caps, value, LIMITS)
            assert found is not None
            assert found <= least


def nested(seed: int) -> Instance:
    """Five people in four cells of one place or more on two landings, all pairs with points."""
    rng = np.random.default_rng(seed)
    instance = random_instance(seed, 5, 4)
    first, second = (a.astype(np.int64) for a in np.triu_indices(5, 1))
    points = rng.integers(-5, 30, len(first)).astype(np.int64)
    dense = PairPoints(GoalId.SPILLOVER, Tier.EXPOSURE, first, second, points)
    far = int(rng.integers(0, 3))
    return replace(
        instance,
        max_places=np.minimum(instance.max_places, int(rng.integers(1, 4))),
        contact_class=rng.integers(0, 2, 4).astype(np.int64),
        contact=np.array([[7, far], [far, 7]], dtype=np.int64),
        cell_contact=np.full(4, 11, dtype=np.int64),
        shapes=(*instance.shapes, dense),
    )


@given(st.integers(0, 2**32 - 1), st.integers(0, 4))
@settings(max_examples=18, deadline=None)
def test_contact_is_never_above_the_optimum_within_the_caps(seed: int, give: int) -> None:
    instance = nested(seed)
    values = lawful_values(instance)
    t = build_tables(instance)
    caps = best_of(values) + give
    least = least_within(values, caps, EXPOSURE)
    lowest = trivial_bounds(t)
    own = t.pair_tier == EXPOSURE
    others = int(lowest[EXPOSURE]) - least_pairs(t, np.flatnonzero(own))
    others += least_pairs(t, np.flatnonzero(own & (t.pair_level >= 0)))
    for value in (least, least + 5):
        found = contact_bound(t, EXPOSURE, caps, caps - lowest, value - others, LIMITS)
        assert (found is None) == (not t.cap.any() or not own.any())
        assert found is None or found + others <= least
