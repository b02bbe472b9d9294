"""Core groups: who is together in all placements, the problem of them, and a chain that uses it."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.model.flat import Contact, flat_instance, only_inside, pair_points, size_limits
from allocator.model.instance import Instance
from allocator.model.shapes import IntArray
from allocator.solver.compile import build_tables
from allocator.solver.options import Effort, SolveOptions
from allocator.solver.search.chain import STEPS, Schedule
from allocator.solver.search.core_chain import CoreChain
from allocator.solver.search.core_groups import contracted, core_groups
from allocator.solver.search.flat import Flat, as_flat
from allocator.solver.search.flat_state import BEST, TAKEN
from allocator.solver.search.replica import Replica
from allocator.solver.search.state import new_state
from allocator.solver.solve import solve
from tests.shape_oracle import hard_ok
from tests.solver.test_capacity import run, started
from tests.solver.test_flat_search import POINTS_TIER, random_flat, value_of, with_a_start

SIDE = 12


def flat_of(instance: Instance) -> Flat:
    one = as_flat(build_tables(instance), POINTS_TIER)
    assert one is not None
    return one


@pytest.mark.parametrize("tied", [0.05, 0.2, 1.0])
def test_core_groups_are_people_together_in_all_placements_who_hang_together(tied: float) -> None:
    rng = np.random.default_rng(4)
    points = np.triu(np.where(rng.random((40, 40)) < tied, -1, 1), 1)
    placements = [rng.integers(-1, 3, 40) for _ in range(2)]
    core = core_groups(flat_of(pairs(points + points.T, only_inside(3))), placements)
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(40))
    for i, j in zip(*np.nonzero(points < 0), strict=True):
        if all(p[i] == p[j] for p in placements):
            graph.add_edge(int(i), int(j))
    groups = [set(np.flatnonzero(core == c).tolist()) for c in range(int(core.max()) + 1)]
    assert sorted(groups, key=min) == sorted(nx.connected_components(graph), key=min)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=100, deadline=None)
def test_core_groups_are_worth_what_their_people_are_and_keep_to_the_limits(seed: int) -> None:
    instance = random_flat(seed, groups=True, alike=True)
    tables, one, start = with_a_start(instance)
    assert one.has_like_groups
    other = np.random.default_rng(seed).integers(0, 2, len(start))
    core = core_groups(one, [start, other])
    place = np.zeros(int(core.max()) + 1, dtype=np.int64)
    place[core] = start
    replica = Replica.start(contracted(one, core), np.inf, place)
    for heat in (300.0, 10.0, 0.5):
        replica.anneal(new_state(tables, seed % 997).flat, heat, 1.0, 2000)
        found = replica.placement[core]
        assert hard_ok(instance, found.tolist())
        rise = replica.number(BEST)
        assert value_of(instance, found) - value_of(instance, start) == rise


def pairs(points: IntArray, contact: Contact) -> Instance:
    n, m = len(points), len(contact.of_cell)
    return flat_instance(
        np.ones(n, dtype=np.int64), np.full(m, n, dtype=np.int64), contact, (pair_points(points),)
    )


@pytest.mark.parametrize(
    ("contact", "groups"),
    [
        (only_inside(3), True),
        (Contact(np.arange(3), np.diag([1, 1, 2]), np.array([1, 1, 2])), False),
        (Contact(np.arange(3), np.ones((3, 3), dtype=np.int64), np.ones(3, dtype=np.int64)), False),
    ],
)
def test_groups_have_points_inside_cells_alone_and_in_all_cells_alike(
    contact: Contact, groups: bool
) -> None:
    points = np.ones((4, 4), dtype=np.int64) - np.eye(4, dtype=np.int64)
    assert flat_of(pairs(points, contact)).has_like_groups == groups


def test_what_is_held_together_opens_no_more_cells_until_it_may() -> None:
    points = np.random.default_rng(3).integers(-100, 101, (40, 40))
    points = np.triu(points, 1) + np.triu(points, 1).T
    instance = pairs(points, only_inside(40))
    random = new_state(build_tables(instance), 1).flat
    replica = Replica.start(flat_of(instance), 1.0, np.arange(40) % 4)
    replica.hold_together(replica.now)
    replica.anneal(random, 1e6, 1.0, 50_000)
    assert replica.number(TAKEN) == len(np.unique(replica.now)) == 4
    replica.open_all()
    replica.anneal(random, 1e6, 1.0, 50_000)
    assert replica.number(TAKEN) == len(np.unique(replica.now)) > 4


def lattice() -> Instance:
    """People on a square, each with a tie to the next ones, in two halves of equal size."""
    at = np.arange(SIDE * SIDE)
    apart = abs(at[:, None] // SIDE - at // SIDE) + abs(at[:, None] % SIDE - at % SIDE)
    half = np.full(2, SIDE * SIDE // 2)
    ones = np.ones(SIDE * SIDE, dtype=np.int64)
    shapes = pair_points(-(apart == 1).astype(np.int64)), size_limits(ones, half, half)
    return flat_instance(ones, half, only_inside(2), shapes)


def cut(placement: IntArray) -> int:
    """How many ties go from one half to the other."""
    square = placement.reshape(SIDE, SIDE)
    return int(np.sum(square[1:] != square[:-1]) + np.sum(square[:, 1:] != square[:, :-1]))


def quarters(first: str) -> IntArray:
    """The square in two halves, each of two quarters that do not touch."""
    row, column = np.divmod(np.arange(SIDE * SIDE), SIDE)
    half = SIDE // 2
    strips = (row if first == "rows" else column) // (half // 2) % 2
    return strips.astype(np.int64)


def core_chain(instance: Instance) -> CoreChain:
    place, schedule = quarters("rows"), Schedule(2.0, 0.01, 2.0)
    parts = started(build_tables(instance), place, schedule, 2.0)
    return CoreChain.of(parts, flat_of(instance), 1.0)


def test_strips_in_wrong_company_are_put_together_by_core_groups() -> None:
    one = core_chain(lattice())
    one.placements = [quarters("rows"), quarters("columns")]
    assert cut(quarters("rows")) == cut(quarters("columns")) == 3 * SIDE
    one._unite(0.05, 100_000)
    assert cut(one.replica.placement) == SIDE


def test_a_chain_cuts_a_square_in_two_as_short_as_can_be() -> None:
    """One cooling alone ends with crooked borders, or with more than one."""
    instance = lattice()
    one = core_chain(instance)
    run(one, build_tables(instance), [20_000] * STEPS)
    assert one.sweep.done
    assert len(one.placements) > 1
    assert hard_ok(instance, one.best.tolist())
    assert cut(one.best) == SIDE


def test_a_solve_finds_the_groups_of_a_ring_of_cliques() -> None:
    """Twenty-four cliques of five in a ring: the best modularity joins them two by two.

    Fortunato and Barthelemy (2007), Resolution limit in community detection.
    """
    n = 120
    ties = np.kron(np.eye(24, dtype=np.int64), np.ones((5, 5), dtype=np.int64))
    last, first = np.arange(4, n, 5), (np.arange(4, n, 5) + 1) % n
    ties[last, first] = ties[first, last] = 1
    np.fill_diagonal(ties, 0)
    degree = ties.sum(axis=1)
    points = np.outer(degree, degree) - ties.sum() * ties
    np.fill_diagonal(points, 0)
    found = solve(pairs(points, only_inside(n)), SolveOptions(effort=Effort.QUICK))
    size = np.bincount(found.placement)
    assert set(size[size > 0].tolist()) == {10}
