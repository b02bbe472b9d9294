"""Published assignments: what a file says is what is solved and what is told."""

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from allocator.errors import ConfigError
from allocator.model.shapes import IntArray
from allocator.solver.options import Effort, SolveOptions
from allocator.solver.solve import solve
from benchmarks.published import Assignment, known_value, read

RNG = np.random.default_rng(4)
DIRECTED, OTHER = RNG.integers(0, 30, (2, 5, 5))
MUTUAL = DIRECTED + DIRECTED.T


@pytest.mark.parametrize("flow", [DIRECTED, MUTUAL])
@pytest.mark.parametrize("distance", [OTHER, OTHER + OTHER.T])
def test_what_is_solved_is_worth_the_sum_over_both_directions(
    flow: IntArray, distance: IntArray
) -> None:
    """Diagonals included."""
    one = Assignment(flow, distance)
    found = solve(one.instance(), SolveOptions(Effort.QUICK))
    least = min(one.value(np.array(cells)) for cells in permutations(range(5)))
    assert found.values == (0, one.value(found.placement)) == (0, least)


def test_a_file_is_read_row_by_row_however_it_is_broken(tmp_path: Path) -> None:
    file = tmp_path / "two.dat"
    file.write_text("2\n0 5\n6 0\n\n1 2 3\n4\n")
    one = read(file)
    assert one.flow.tolist() == [[0, 5], [6, 0]]
    assert one.distance.tolist() == [[1, 2], [3, 4]]
    assert known_value(file, {"two": 9}) == 9
    (tmp_path / "two.sln").write_text("2 7\n1 2\n")
    assert known_value(file, {"two": 9}) == 7


@pytest.mark.parametrize(
    ("text", "words"), [("2 1 2 3", "3 numbers after n = 2; there should be 8"), ("2 x", "'x'")]
)
def test_other_files_are_refused(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "bad.dat"
    file.write_text(text)
    with pytest.raises(ConfigError, match=words):
        read(file)
