"""Problems without a prison: what their parts mean."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from allocator.errors import ConfigError
from allocator.explain.blocking import Placed
from allocator.explain.entry import NOWHERE, Term, added_points
from allocator.model.catalogue import GoalId
from allocator.model.flat import (
    cell_points,
    flat_instance,
    only_inside,
    pair_points,
    size_limits,
    table,
)
from allocator.model.shapes import CellPoints, IntArray, PairPoints
from allocator.model.vocabulary import Tier
from allocator.solver.compile import build_tables
from tests.shape_oracle import goal_points

POINTS = np.array([[9, 3, 0], [3, 9, 5], [0, 5, 9]])


def test_a_symmetric_matrix_counts_each_pair_once_and_never_its_diagonal() -> None:
    shape = pair_points(POINTS)
    assert list(zip(shape.first, shape.second, shape.points, strict=True)) == [(0, 1, 3), (1, 2, 5)]


def test_another_matrix_counts_each_direction() -> None:
    flows = np.array([[0, 3], [7, 0]])
    shape = pair_points(flows)
    assert list(zip(shape.first, shape.second, shape.points, strict=True)) == [(0, 1, 3), (1, 0, 7)]


@pytest.mark.parametrize("flows", ["symmetric", "directed"])
@pytest.mark.parametrize("distances", ["symmetric", "directed"])
def test_both_directions_count_unless_nothing_has_one(flows: str, distances: str) -> None:
    """As in the double sum of the literature, or half of it where that says the same."""
    rng = np.random.default_rng(3)
    flow, away = rng.integers(1, 99, (2, 4, 4))
    flow = flow + flow.T if flows == "symmetric" else flow
    away = away + away.T if distances == "symmetric" else away
    np.fill_diagonal(flow, 0)
    ones = np.ones(4, dtype=np.int64)
    instance = flat_instance(ones, ones, table(away), (pair_points(flow),))
    where = rng.permutation(4)
    points = sum(goal_points(instance, s, tuple(where.tolist())) for s in instance.shapes)
    whole = int((flow * away[np.ix_(where, where)]).sum())
    assert points == (whole // 2 if flows == distances == "symmetric" else whole)
    assert type(instance.shapes[1]) is PairPoints


def test_costs_are_kept_person_by_person_without_zeros() -> None:
    shapes = cell_points(np.array([[0, 4, 7], [0, 0, 0], [-6, 0, 0]]))
    found = [(s.persons.tolist(), s.cells.tolist(), s.by_cell.tolist()) for s in shapes]
    assert found == [([0], [1, 2], [4, 7]), ([2], [0], [-6])]


def one_by_one(cost: IntArray) -> tuple[CellPoints, ...]:
    """Every cost as a shape of its own."""
    return tuple(
        CellPoints(GoalId.PROGRAMME, Tier.EXPOSURE, np.array([i]), np.array([c]), int(cost[i, c]))
        for i, c in np.ndindex(*cost.shape)
        if cost[i, c]
    )


@given(
    arrays(np.int64, (4, 3), elements=st.integers(-9, 9)),
    arrays(np.int64, 4, elements=st.integers(-1, 2)),
)
def test_costs_are_worth_the_same_in_one_shape_and_in_many(cost: IntArray, where: IntArray) -> None:
    """In the tables of the engines, to the reasons, and by the oracle of shapes."""
    ones, caps = np.ones(4, dtype=np.int64), np.full(3, 4)
    few, many = (
        flat_instance(ones, caps, only_inside(3), shapes)
        for shapes in (cell_points(cost), one_by_one(cost))
    )
    tables_of_few, tables_of_many = build_tables(few), build_tables(many)
    for tables in (tables_of_few, tables_of_many):
        if cost.any():
            assert np.array_equal(tables.static[tables.static_row, :, 0], cost)
    placement = tuple(where.tolist())
    worth = sum(int(cost[i, c]) for i, c in enumerate(where) if c >= 0)
    for instance in (few, many):
        points = [goal_points(instance, shape, placement) for shape in instance.shapes]
        assert sum(points) == worth
        others = where.copy()
        others[0] = NOWHERE
        prices = added_points(Placed(instance, others), 0)
        found = prices.get(Term(Tier.EXPOSURE, GoalId.PROGRAMME), np.zeros(4))
        assert found[:-1].tolist() == cost[0].tolist()


@pytest.mark.parametrize("costs", [[2**31], [2**30, 2**30]])
def test_points_that_the_tables_cannot_hold_are_refused(costs: list[int]) -> None:
    """One number or a sum of several."""
    ones = np.ones(1, dtype=np.int64)
    shapes = tuple(shape for cost in costs for shape in cell_points(np.array([[cost]])))
    instance = flat_instance(ones, ones, only_inside(1), shapes)
    with pytest.raises(ConfigError, match="2,147,483,648 points"):
        build_tables(instance)


def test_a_table_has_its_diagonal_inside_a_cell() -> None:
    contact = table(np.array([[2, 8], [5, 3]]))
    assert contact.inside.tolist() == [2, 3]
    assert contact.between[0, 1] == 8
    assert contact.between[1, 0] == 5


def test_sizes_are_in_places() -> None:
    limits = size_limits(np.array([2, 1, 3]), np.array([2]), np.array([4]))
    assert limits.weights.tolist() == [2, 1, 3]
    assert not limits.or_none


@pytest.mark.parametrize(
    ("places", "caps", "words"),
    [
        ([1, 0], [3, 3], "at least 1 place; the least found is 0"),
        ([1, 1], [3], "There are 1 cells"),
    ],
)
def test_what_is_no_problem_is_refused(places: list[int], caps: list[int], words: str) -> None:
    points = pair_points(POINTS[:2, :2])
    with pytest.raises(ConfigError, match=words):
        flat_instance(np.array(places), np.array(caps), only_inside(2), (points,))
