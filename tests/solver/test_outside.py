"""People who stay out: in compiled code worth what the shapes say, and no more of them than may."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, reject, settings
from hypothesis import strategies as st

from allocator.model.catalogue import RuleId
from allocator.model.flat import flat_instance, only_inside, pair_points
from allocator.model.instance import Instance
from allocator.model.shapes import Penalty, Placed, Shape
from allocator.model.vocabulary import Tier
from allocator.solver.compile import build_tables
from allocator.solver.options import SolveOptions
from allocator.solver.search.apply import values_of
from allocator.solver.search.flat import as_flat
from allocator.solver.search.flat_state import BEST
from allocator.solver.search.initial import initial_placement
from allocator.solver.search.outside import with_outside
from allocator.solver.search.replica import Replica
from allocator.solver.search.state import new_state
from allocator.solver.solve import solve
from allocator.solver.tables import DEFICIT
from tests.shape_oracle import every_placement, hard_ok, tier_values
from tests.solver.test_flat_search import POINTS_TIER, random_flat


def asking(instance: Instance, *placed: Shape) -> Instance:
    """The same, asking for people to have cells in another way."""
    others = tuple(shape for shape in instance.shapes if not isinstance(shape, Placed))
    return replace(instance, shapes=(*placed, *others))


def random_asked(rng: np.random.Generator, instance: Instance) -> Instance:
    """Nobody, everybody or some have to have a cell, some of them more than others."""
    n = instance.n_persons
    some = np.flatnonzero(rng.random(n) < rng.choice([0.0, 0.5, 1.0])).astype(np.int64)
    placed = [
        Placed(RuleId.ONE_BED, some[k::2], Penalty(Tier.UNPLACED, int(price)))
        for k, price in enumerate(rng.integers(1, 4, 2))
    ]
    soft = Placed(RuleId.ONE_BED, np.arange(n), Penalty(Tier.EXPOSURE, int(rng.integers(0, 30))))
    return asking(instance, *placed, soft)


@given(st.integers(0, 2**32 - 1))
@example(58379894)  # somebody who has to stay in a cell that cannot hold them
@settings(max_examples=100, deadline=None)
def test_whoever_stays_out_is_priced_and_limited_as_the_shapes_say(seed: int) -> None:
    rng = np.random.default_rng(seed)
    instance = random_asked(rng, random_flat(seed))
    tables = build_tables(instance)
    one, start = as_flat(tables, POINTS_TIER), initial_placement(tables, instance.current)
    values = values_of(tables, start)
    if one is None or values[DEFICIT]:
        reject()
    replica = Replica.start(with_outside(one, tables, POINTS_TIER, values), np.inf, start)
    for heat in (300.0, 10.0, 0.5):
        replica.anneal(new_state(tables, seed % 997).flat, heat, 1.0, 3000)
        found = replica.placement.tolist()
        own = tier_values(instance, found)
        assert hard_ok(instance, found)
        assert own[Tier.UNPLACED] <= values[1]
        assert values_of(tables, start)[POINTS_TIER] + replica.number(BEST) == own[Tier.EXPOSURE]


@pytest.mark.parametrize("must", [False, True])
def test_a_solve_leaves_out_whom_the_best_plan_leaves_out(must: bool) -> None:
    """Six people with points of either sign, and room for four of them."""
    rng = np.random.default_rng(5)
    points = np.triu(rng.integers(-20, 20, (6, 6)), 1)
    ones = np.ones(6, dtype=np.int64)
    shapes = (pair_points(points + points.T),)
    caps = np.full(2, 2, dtype=np.int64)
    instance = flat_instance(ones, caps, only_inside(2), shapes, optional=not must)
    found = solve(instance, SolveOptions.within(0.5))
    best = min(
        tuple(tier_values(instance, placement)[tier] for tier in (Tier.UNPLACED, Tier.EXPOSURE))
        for placement in every_placement(instance)
        if hard_ok(instance, placement)
    )
    assert found.values == best
    assert (found.placement < 0).sum() >= 2


def test_nobody_may_stay_out_where_all_have_to_have_a_cell_and_have_one() -> None:
    ones = np.ones(4, dtype=np.int64)
    shapes = (pair_points(np.ones((4, 4), dtype=np.int64)),)
    instance = flat_instance(ones, ones[:2] * 2, only_inside(2), shapes)
    tables = build_tables(instance)
    one = as_flat(tables, POINTS_TIER)
    assert one is not None
    assert with_outside(one, tables, POINTS_TIER, np.zeros(3, dtype=np.int64)) is one
