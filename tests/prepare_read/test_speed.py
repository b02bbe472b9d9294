"""A scenario of national size reads in seconds, and thousands of problems do not hang."""

import time
from pathlib import Path

import pytest

from allocator.errors import ScenarioError
from allocator.prepare.read import read_scenario
from tests.prepare_read.small import SMALL, write_folder
from tests.prepare_read.test_xlsx import to_xlsx

N_WINGS, N_CELLS, N_PEOPLE = 150, 60, 14_000


def national(folder: Path) -> Path:
    """150 wings of 60 cells, 14,000 people."""
    wings = "".join(f"W{w},wing,F\n" for w in range(N_WINGS))
    cells = "".join(f"W{w}-{c:02},W{w},1,2,2,8.5\n" for w in range(N_WINGS) for c in range(N_CELLS))
    people = "".join(
        f"p{i:05},M,{18 + i % 60},sentenced,W{i % N_WINGS}-{i // N_WINGS % N_CELLS:02}\n"
        for i in range(N_PEOPLE)
    )
    return write_folder(
        folder,
        {
            "units.csv": SMALL["units.csv"].splitlines()[0] + "\nF,facility,\n" + wings,
            "cells.csv": SMALL["cells.csv"].splitlines()[0] + "\n" + cells,
            "people.csv": SMALL["people.csv"].splitlines()[0] + "\n" + people,
        },
    )


def test_national_size_reads_in_seconds(tmp_path: Path) -> None:
    folder = national(tmp_path / "s")
    started = time.process_time()
    as_csv = read_scenario(folder)
    assert time.process_time() - started < 10
    assert len(as_csv.people) == N_PEOPLE
    to_xlsx(folder, "people")
    started = time.process_time()
    as_xlsx = read_scenario(folder)
    assert time.process_time() - started < 15
    assert as_xlsx.content_hash == as_csv.content_hash


def test_thousands_of_problems_take_seconds(tmp_path: Path) -> None:
    folder = national(tmp_path / "s")
    path = folder / "cells.csv"
    path.write_text(path.read_text().replace(",1,2,2,", ",1,2,1,").replace("W7-", "V7-"))
    started = time.process_time()
    with pytest.raises(ScenarioError) as caught:
        read_scenario(folder)
    assert time.process_time() - started < 15
    assert len(caught.value.problems) > 9_000
