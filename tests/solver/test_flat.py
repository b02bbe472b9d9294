"""Problems without a prison: what their parts mean."""

import numpy as np
import pytest

from allocator.errors import ConfigError
from allocator.model.flat import (
    cell_points,
    flat_instance,
    only_inside,
    pair_points,
    size_limits,
    table,
)

POINTS = np.array([[9, 3, 0], [3, 9, 5], [0, 5, 9]])


def test_a_symmetric_matrix_counts_each_pair_once_and_never_its_diagonal() -> None:
    shape = pair_points(POINTS)
    assert list(zip(shape.first, shape.second, shape.points, strict=True)) == [(0, 1, 3), (1, 2, 5)]


def test_another_matrix_counts_each_direction() -> None:
    flows = np.array([[0, 3], [7, 0]])
    shape = pair_points(flows)
    assert list(zip(shape.first, shape.second, shape.points, strict=True)) == [(0, 1, 3), (1, 0, 7)]


def test_costs_are_kept_one_by_one_without_zeros() -> None:
    shapes = cell_points(np.array([[0, 4], [-6, 0]]))
    found = [(int(s.persons[0]), int(s.cells[0]), s.points) for s in shapes]
    assert found == [(0, 1, 4), (1, 0, -6)]


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
