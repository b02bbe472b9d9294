"""People without a cell are placed by putting out those who may not be there with them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.model.catalogue import RuleId
from allocator.model.flat import flat_instance, only_inside, pair_points
from allocator.model.instance import Instance
from allocator.model.shapes import Apart, Eligible, IntArray
from allocator.model.vocabulary import Level, Tier
from allocator.solver.compile import build_tables
from allocator.solver.options import Effort, SolveOptions
from allocator.solver.search.apply import values_of
from allocator.solver.search.ejection import put_out
from allocator.solver.search.flat import Flat, as_flat
from allocator.solver.search.flat_state import BEST
from allocator.solver.search.initial import initial_placement
from allocator.solver.search.outside import with_outside
from allocator.solver.search.replica import Replica
from allocator.solver.search.state import new_state
from allocator.solver.solve import solve
from allocator.solver.tables import Tables
from tests.shape_oracle import hard_ok, lawful_placements, tier_values

UNPLACED_TIER = 1


def apart(rows: IntArray, columns: IntArray) -> Apart:
    return Apart(
        RuleId.NON_ASSOCIATION, rows.astype(np.int64), columns.astype(np.int64), Level.CELL
    )


def colouring(edges: IntArray, cells: int, room: int, *, points: bool = False) -> Instance:
    """People with an edge between them share no cell; `edges` : shape (n, n)."""
    n = len(edges)
    shapes = (apart(*np.nonzero(np.triu(edges, 1))),)
    ones = np.ones(n, dtype=np.int64)
    minds = (pair_points(np.ones((n, n), dtype=np.int64)),) if points else ()
    return flat_instance(ones, np.full(cells, room), only_inside(cells), (*shapes, *minds))


def random_packing(seed: int) -> Instance:
    """Seven people, three cells for two to four, one cell that some may not be in."""
    rng = np.random.default_rng(seed)
    edges = (rng.random((7, 7)) < rng.choice([0.3, 0.6])).astype(np.int64)
    instance = colouring(edges, 3, int(rng.integers(2, 5)))
    who = np.flatnonzero(rng.random(7) < 0.4).astype(np.int64)
    closed = Eligible(RuleId.SECURITY_CATEGORY, who, rng.choice(3, 1).astype(np.int64))
    return replace(instance, shapes=(*instance.shapes, closed))


def packing_of(instance: Instance) -> tuple[Tables, Flat, Replica]:
    tables = build_tables(instance)
    one, start = as_flat(tables, UNPLACED_TIER), initial_placement(tables, instance.current)
    assert one is not None
    problem = with_outside(one, tables, UNPLACED_TIER, values_of(tables, start))
    return tables, problem, Replica.start(problem, np.inf, start)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_as_few_are_left_out_as_can_be_and_nobody_is_with_whom_they_may_not_be(seed: int) -> None:
    instance = random_packing(seed)
    tables, problem, replica = packing_of(instance)
    until, walk = np.zeros((7, 4), dtype=np.int64), np.zeros(4, dtype=np.int64)
    first = np.count_nonzero(replica.placement < 0)
    random = new_state(tables, seed % 997).flat
    put_out(replica.whole, replica.real, random, until, walk, replica.found, 3000)
    found = replica.placement
    least = min(
        tier_values(instance, place)[Tier.UNPLACED] for place in lawful_placements(instance)
    )
    assert problem.is_packing
    assert hard_ok(instance, found.tolist())
    assert hard_ok(instance, replica.now.tolist())
    assert np.count_nonzero(found < 0) == least
    assert first + replica.number(BEST) == least


def test_people_with_points_are_not_packed() -> None:
    instance = colouring(np.ones((4, 4), dtype=np.int64), 3, 4, points=True)
    tables = build_tables(instance)
    with_points, without = (as_flat(tables, tier) for tier in (2, UNPLACED_TIER))
    values = np.zeros(3, dtype=np.int64)
    assert with_points is not None
    assert without is not None
    assert not with_outside(with_points, tables, 2, values).is_packing
    assert with_outside(without, tables, UNPLACED_TIER, values).is_packing


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_hidden_colouring_is_found(seed: int) -> None:
    """Of 90 people in five cells a quarter of the pairs may not share one: as many as can be."""
    rng = np.random.default_rng(seed)
    hidden = rng.permutation(np.arange(90) % 5)
    edges = (rng.random((90, 90)) < 0.25) & (hidden[:, None] != hidden)
    found = solve(colouring(edges.astype(np.int64), 5, 90), SolveOptions(Effort.QUICK))
    assert found.values[0] == 0
