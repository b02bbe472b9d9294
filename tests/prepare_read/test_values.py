"""One wrong value at a time: file, row, column, code and a useful word of the message."""

from pathlib import Path

import pytest

from tests.prepare_read.small import SMALL, only_problem, problems_of, write_folder
from tests.prepare_read.value_cases import VALUES, Files, Place


@pytest.mark.parametrize(("files", "place", "code", "word"), VALUES)
def test_one_wrong_value(tmp_path: Path, files: Files, place: Place, code: str, word: str) -> None:
    problem = only_problem(write_folder(tmp_path / "s", files))
    assert (problem.file, problem.row, problem.column) == place
    assert problem.code == code
    assert word in str(problem)
    assert problem.action
    assert len(problem.found) <= 80


def test_circle_of_units_is_told_once(tmp_path: Path) -> None:
    text = "unit_id,unit_type,parent_id\nF,facility,\nW,wing,L\nS,spur,W\nL,landing,S\n"
    problems = problems_of(write_folder(tmp_path / "s", {"units.csv": text}))
    circles = [problem for problem in problems if problem.code == "unit_cycle"]
    assert [problem.found for problem in circles] == ["W under L under S under W"]


def test_no_cells_is_a_problem(tmp_path: Path) -> None:
    text = SMALL["cells.csv"].splitlines()[0] + "\n"
    empty = SMALL["people.csv"].splitlines()[0] + "\n"
    problem = only_problem(write_folder(tmp_path / "s", {"cells.csv": text, "people.csv": empty}))
    assert (problem.file, problem.code) == ("cells.csv", "no_cells")
