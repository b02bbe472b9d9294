"""Cells that differ by name only, and placements that name them alike."""

import numpy as np

from allocator.model.flat import (
    Contact,
    flat_instance,
    only_inside,
    pair_points,
    size_limits,
    table,
)
from allocator.solver.compile import build_tables
from allocator.solver.search.alike import alike_cells, renamed
from allocator.solver.search.elite import Elite

RNG = np.random.default_rng(5)
ONES = np.ones(30, dtype=np.int64)
POINTS = pair_points(np.triu(RNG.integers(1, 9, (30, 30)), 1))


def sets(contact: Contact, caps: list[int]) -> list[list[int]]:
    low = np.zeros(len(caps), dtype=np.int64)
    shapes = (POINTS, size_limits(ONES, low, np.array(caps)))
    instance = flat_instance(ONES, np.array(caps), contact, shapes)
    return [cells.tolist() for cells in alike_cells(build_tables(instance))]


def test_groups_are_alike_whatever_they_may_hold() -> None:
    assert sets(only_inside(4), [9, 12, 9, 12]) == [[0, 1, 2, 3]]


def test_a_cell_where_contact_weighs_more_is_not_alike() -> None:
    inside = np.array([1, 1, 3, 1])
    contact = Contact(np.arange(4), np.zeros((4, 4), dtype=np.int64), inside)
    assert sets(contact, [12, 12, 12, 12]) == [[0, 1, 3]]


def test_sites_at_different_distances_are_not_alike() -> None:
    assert sets(table(np.array([[0, 2, 5], [2, 0, 4], [5, 4, 0]])), [12, 12, 12]) == []


def test_cells_of_one_class_are_alike_and_those_of_another_are_not() -> None:
    between = np.array([[5, 2], [2, 5]])
    contact = Contact(np.array([0, 1, 0, 1, 1]), between, np.full(5, 9))
    assert sets(contact, [7, 7, 7, 7, 7]) == [[0, 2], [1, 3, 4]]


def test_a_placement_under_other_names_is_found_again() -> None:
    model = RNG.integers(0, 5, 30)
    other = np.array([2, 0, 1, 4, 3])[model]
    assert not np.array_equal(other, model)
    assert np.array_equal(renamed(other, model, (np.arange(5),)), model)


def test_only_alike_cells_change_names_and_nobody_gets_or_loses_a_place() -> None:
    model, other = np.array([0, 0, 1, 3, 3, -1]), np.array([1, 1, 0, 4, -1, 3])
    found = renamed(other, model, (np.array([0, 1]),))
    assert found.tolist() == [0, 0, 1, 4, -1, 3]


def test_a_child_of_one_placement_under_two_names_is_that_placement() -> None:
    model = RNG.integers(0, 5, 30)
    elite = Elite()
    elite.add(np.array([3]), model)
    elite.add(np.array([4]), np.array([2, 0, 1, 4, 3])[model])
    child = elite.child(1, (np.arange(5),))
    assert child is not None
    grouped = {tuple(np.flatnonzero(child == c)) for c in range(5)}
    assert grouped == {tuple(np.flatnonzero(model == c)) for c in range(5)}
