"""The best placements of earlier passes and their children."""

import numpy as np

from allocator.solver.search.elite import MOST, Elite


def placement(*cells: int) -> np.ndarray:
    return np.array(cells, dtype=np.int64)


def test_members_are_the_best_of_different_values() -> None:
    elite = Elite()
    for value in (7, 3, 5, 3, *range(11, 11 + MOST)):
        elite.add(np.array([0, value]), placement(value, 2))
    values = [key[1] for key, _ in elite.members]
    assert values == [3, 5, 7, 11, 12, 13, 14, 15]
    assert elite.members[0][1].tolist() == [3, 2]


def test_a_member_is_a_copy() -> None:
    elite, mine = Elite(), placement(2, 3)
    elite.add(np.array([5]), mine)
    mine[0] = 7
    assert elite.members[0][1].tolist() == [2, 3]


def test_a_child_keeps_what_two_members_agree_on_and_mixes_the_rest() -> None:
    elite = Elite()
    elite.add(np.array([2]), np.repeat([5, 2], [3, 40]))
    assert elite.child(1) is None
    elite.add(np.array([3]), np.repeat([5, 7], [3, 40]))
    child = elite.child(1)
    assert child is not None
    assert child[:3].tolist() == [5, 5, 5]
    assert set(child[3:].tolist()) == {2, 7}
    again = elite.child(1)
    assert again is not None
    assert again.tolist() == child.tolist()
