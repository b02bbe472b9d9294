"""Bounds of pair terms without a move budget: against brute force, and where they are known."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.model.catalogue import GoalId, RuleId
from allocator.model.instance import Instance
from allocator.model.shapes import Apart, Count, IntArray, PairPoints, Penalty, Placed
from allocator.model.vocabulary import Level, Tier
from allocator.solver.bound.cliques import clique_bound, pairs_inside
from allocator.solver.bound.company import company_bound
from allocator.solver.bound.crowds import Crowd, crowds_of
from allocator.solver.bound.layers import layers_of
from allocator.solver.bound.least import least_pairs, trivial_bounds
from allocator.solver.bound.mates import support_bound
from allocator.solver.bound.pairs import pairs_bound
from allocator.solver.bound.partition import partition_bound
from allocator.solver.bound.sizes import Sizes, least_squares, most_squares
from allocator.solver.compile import build_tables
from allocator.solver.tables import Tables
from tests.solver.night_cases import check_below
from tests.solver.random_instances import STRICT_TIERS, random_instance

seeds = st.integers(0, 2**32 - 1)
EXPOSURE = 1 + [setting.tier for setting in STRICT_TIERS].index(Tier.EXPOSURE)
NO_SLACK = np.zeros(len(STRICT_TIERS) + 1, dtype=np.int64)


def bound_of(t: Tables, tier: int, caps: IntArray) -> int:
    least = trivial_bounds(t)
    others = int(least[tier]) - least_pairs(t, np.flatnonzero(t.pair_tier == tier))
    return pairs_bound(t, tier, caps - least) + others


@given(seeds, st.integers(0, 6))
@settings(max_examples=45, deadline=None)
def test_never_above_the_optimum_within_the_caps(seed: int, give: int) -> None:
    check_below(random_instance(seed), give, bound_of)


@given(seeds, st.integers(0, 3))
@settings(max_examples=35, deadline=None)
def test_nested_contact_and_dense_points_never_above_the_optimum(seed: int, give: int) -> None:
    rng = np.random.default_rng(seed)
    instance = random_instance(seed, 5, 3)
    first, second = (a.astype(np.int64) for a in np.triu_indices(5, 1))
    points = rng.integers(-9, 30, len(first)).astype(np.int64)
    dense = PairPoints(GoalId.SPILLOVER, Tier.EXPOSURE, first, second, points)
    landing = rng.integers(0, 2, 3)
    contact = np.where(landing[:, None] == landing[None, :], 5, rng.integers(0, 3))
    nested = replace(
        instance,
        contact_class=np.arange(3, dtype=np.int64),
        contact=contact.astype(np.int64),
        cell_contact=np.full(3, 11, dtype=np.int64),
        shapes=(*instance.shapes, dense),
    )
    check_below(nested, give, bound_of)


def flat(points: IntArray, room: IntArray, apart: tuple[tuple[int, int], ...] = ()) -> Instance:
    """People over cells of the given room; contact is 1 in a cell and 0 elsewhere."""
    n, m = len(points), len(room)
    everyone = np.arange(n, dtype=np.int64)
    first, second = (a.astype(np.int64) for a in np.triu_indices(n, 1))
    pairs = np.array(apart, dtype=np.int64).reshape(-1, 2)
    return Instance(
        person_ids=tuple(f"p{i}" for i in range(n)),
        cell_ids=tuple(f"c{c}" for c in range(m)),
        places=np.ones(n, dtype=np.int64),
        max_places=room,
        current=np.full(n, -1, dtype=np.int64),
        unit_of={},
        contact_class=np.arange(m, dtype=np.int64),
        contact=np.zeros((m, m), dtype=np.int64),
        cell_contact=np.ones(m, dtype=np.int64),
        shapes=(
            Placed(RuleId.ONE_BED, everyone, Penalty(Tier.UNPLACED, 1)),
            PairPoints(GoalId.SPILLOVER, Tier.EXPOSURE, first, second, points[first, second]),
            Apart(RuleId.NON_ASSOCIATION, pairs[:, 0], pairs[:, 1], Level.CELL),
        ),
        tiers=STRICT_TIERS,
    )


def crowd_of(instance: Instance, unplaced: int = 0) -> Crowd:
    """The only crowd of a flat instance."""
    t = build_tables(instance)
    (layer,) = layers_of(t, -1) or ()
    n = instance.n_persons
    points = np.zeros((n, n), dtype=np.int64)
    person = np.repeat(np.arange(n), np.diff(t.pair_ptr))
    points[person, t.pair_other] = t.pair_out
    (crowd,) = crowds_of(t, layer.inner, points, EXPOSURE, NO_SLACK, unplaced)
    return crowd


def distances(n: int) -> IntArray:
    """Points 2, 3, 5 or 7, symmetric."""
    i, j = np.indices((n, n))
    points: IntArray = np.array([2, 3, 5, 7])[(i + j + i * j) % 4].astype(np.int64)
    np.fill_diagonal(points, 0)
    return points


def test_equal_full_groups_give_the_classical_bound() -> None:
    points = distances(12)
    crowd = crowd_of(flat(points, np.full(3, 4, dtype=np.int64)))
    costs = np.sort(points + 1000 * np.eye(12, dtype=np.int64), axis=1)
    classical = -(-int(costs[:, :3].sum()) // 2)
    assert company_bound(crowd) == classical > 0


def test_company_counts_the_room_elsewhere_and_who_may_have_none() -> None:
    points = np.full((7, 7), 10, dtype=np.int64)
    np.fill_diagonal(points, 0)
    instance = flat(points, np.array([5, 3], dtype=np.int64))
    assert company_bound(crowd_of(instance)) == 35  # at least 2 are in the cell of 3
    assert company_bound(crowd_of(instance, unplaced=1)) == 0


@pytest.mark.parametrize(("unplaced", "pairs"), [(0, 7), (1, 4), (3, 2)])
def test_one_clique_over_three_cells(unplaced: int, pairs: int) -> None:
    points = np.full((8, 8), 3, dtype=np.int64)
    np.fill_diagonal(points, 0)
    crowd = crowd_of(flat(points, np.full(3, 7, dtype=np.int64)), unplaced)
    assert pairs_inside(8, 3 + unplaced) == pairs
    assert clique_bound(crowd) == 3 * pairs


def test_those_who_never_share_make_a_clique_dearer() -> None:
    points = np.zeros((5, 5), dtype=np.int64)
    points[:4, :4] = 2
    points[0, 1] = points[1, 0] = 0
    np.fill_diagonal(points, 0)
    room = np.full(2, 5, dtype=np.int64)
    assert clique_bound(crowd_of(flat(points, room))) == 2
    assert clique_bound(crowd_of(flat(points, room, apart=((0, 1),)))) == 4


def test_an_odd_ring_over_two_cells_needs_the_semidefinite_bound() -> None:
    ring = np.zeros((5, 5), dtype=np.int64)
    i = np.arange(5)
    ring[i, (i + 1) % 5] = ring[(i + 1) % 5, i] = 7
    crowd = crowd_of(flat(ring, np.full(2, 5, dtype=np.int64)))
    assert clique_bound(crowd) == company_bound(crowd) == 0
    assert partition_bound(crowd) == 5  # 3.34 alone, more with sizes 2 and 3; the optimum is 7


def test_sizes_that_cannot_be_equal_raise_the_semidefinite_bound() -> None:
    points = np.full((6, 6), 5, dtype=np.int64)
    np.fill_diagonal(points, 0)
    assert partition_bound(crowd_of(flat(points, np.array([3, 3], dtype=np.int64)))) == 30
    assert partition_bound(crowd_of(flat(points, np.array([5, 1], dtype=np.int64)))) == 50


def random_flat(seed: int) -> Instance:
    """Five people of one to three places over three cells, with limits, points of either sign."""
    rng = np.random.default_rng(seed)
    n, m = 5, 3
    places = rng.integers(1, 4, n).astype(np.int64) if seed % 2 else np.ones(n, dtype=np.int64)
    share = int(places.sum()) // m
    low = rng.integers(0, share + 1, m).astype(np.int64)
    high = share + rng.integers(1, 4, m).astype(np.int64)
    points = np.triu(rng.integers(-20, 21, (n, n)), 1).astype(np.int64)
    everyone, cells = np.arange(n, dtype=np.int64), np.arange(m, dtype=np.int64)
    whole = flat(points + points.T, high + rng.integers(0, 3, m).astype(np.int64))
    limits = Count(
        RuleId.NON_ASSOCIATION, everyone, places, Level.CELL, cells, low, high,
        or_none=bool(rng.integers(2)),
    )  # fmt: skip
    return replace(whole, places=places, shapes=(*whole.shapes, limits))


@given(seeds, st.integers(0, 2))
@settings(max_examples=20, deadline=None)
def test_limits_and_places_never_above_the_optimum(seed: int, give: int) -> None:
    instance = random_flat(seed)
    check_below(instance, give, bound_of)


@given(seeds)
@settings(max_examples=120, deadline=None)
def test_squares_of_sizes_lie_between_their_bounds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    low = rng.integers(0, 4, 3).astype(np.int64)
    high = low + rng.integers(0, 5, 3).astype(np.int64)
    sizes = Sizes(low, low, high)
    squares: dict[int, list[int]] = {}
    for own in product(*(range(a, b + 1) for a, b in zip(low, high, strict=True))):
        squares.setdefault(sum(own), []).append(sum(x * x for x in own))
    for total, known in squares.items():
        assert least_squares(sizes, total) == min(known)
        assert most_squares(sizes, total) >= max(known)


def test_most_squares_are_met_where_all_units_are_alike() -> None:
    alike = np.full(3, 2, dtype=np.int64), np.full(3, 2, dtype=np.int64), np.full(3, 6)
    assert most_squares(Sizes(*alike), 14) == 76  # 6, 6, 2


def test_a_planted_partition_of_full_groups_is_proved() -> None:
    group = np.repeat(np.arange(4), 20)
    points = np.where(group[:, None] == group[None, :], -7, -2).astype(np.int64)
    i = np.arange(80)
    points[i, (i + 20) % 80] = points[(i + 20) % 80, i] = -9  # better, but brings others along
    np.fill_diagonal(points, 0)
    instance = flat(points, np.full(4, 20, dtype=np.int64))
    planted, tables = -4 * 190 * 7, build_tables(instance)
    assert pairs_bound(tables, EXPOSURE, NO_SLACK) < planted  # 80 people are too many without time
    assert pairs_bound(tables, EXPOSURE, NO_SLACK, 100 * 80**3) == planted


@pytest.mark.parametrize(("third", "apart", "best"), [(0, (), -20), (5, ((0, 2), (1, 3)), -20)])
def test_support_in_cells_of_three(
    third: int, apart: tuple[tuple[int, int], ...], best: int
) -> None:
    chain = np.zeros((4, 4), dtype=np.int64)
    i = np.arange(3)
    chain[i, i + 1] = chain[i + 1, i] = -10
    chain[0, 2] = chain[2, 0] = third
    crowd = crowd_of(flat(chain, np.full(2, 3, dtype=np.int64), apart))
    assert support_bound(crowd) == best  # everybody's best two alone would be -30


def test_whole_support_counts_whom_it_brings_together() -> None:
    points = np.array([[0, -10, -7], [-10, 0, 13], [-7, 13, 0]], dtype=np.int64)
    crowd = crowd_of(flat(points, np.array([3, 3], dtype=np.int64)))
    assert support_bound(crowd) == -17
    assert support_bound(crowd, whole=True) == -10


def test_contact_that_does_not_nest_is_bounded_from_both_sides() -> None:
    chain = np.array([[9, 4, 0], [4, 9, 4], [0, 4, 9]], dtype=np.int64)
    instance = replace(
        flat(distances(4), np.full(6, 1, dtype=np.int64)),
        contact_class=np.array([0, 0, 1, 1, 2, 2], dtype=np.int64),
        contact=chain,
        cell_contact=np.full(6, 11, dtype=np.int64),
    )
    layers = layers_of(build_tables(instance), -1)
    assert layers is not None
    assert [(layer.step, layer.is_exact) for layer in layers] == [(4, False), (5, True), (2, True)]
    assert layers[0].inner.tolist() == [0, 0, 0, 0, 1, 1]
    assert layers[0].outer.tolist() == [0] * 6


def test_only_those_in_the_large_cell_have_two_mates() -> None:
    points = np.full((9, 9), -10, dtype=np.int64)
    np.fill_diagonal(points, 0)
    crowd = crowd_of(flat(points, np.array([1, 2, 2, 2, 3], dtype=np.int64)))
    assert support_bound(crowd) == -60  # three in the large cell, six in three cells of two
