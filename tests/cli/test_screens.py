"""What people read: whole tables in pipes, seconds that go on, signs of changes."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from allocator.cli.app import app
from allocator.cli.compare_screen import OUTCOME_HEADINGS, PLAN_HEADINGS, SCORE_HEADINGS
from allocator.cli.progress import LONG_PREPARATION_SECONDS, progress_words
from allocator.jobs.terminal import Change, plain_table
from tests.jobs import fakes
from tests.scenario_documents import document, write

NEWS = {"stage": "search", "tier": "exposure", "values": [0, 2000], "bound": None}
LONG_NAME = "a_prison_with_a_name_that_is_longer_than_a_terminal_of_eighty_columns_is_wide"


def _lines(headings: tuple[str, ...], row: list[object], width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width)
    console.print(plain_table(headings, [row]))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_pipe_gets_whole_names(tmp_path: Path) -> None:
    write(tmp_path / LONG_NAME / "north.json", document())
    result = CliRunner().invoke(app, ["scenario", "list", "--folder", str(tmp_path)])
    assert f"{LONG_NAME}/north.json" in result.stdout


def test_comparison_fits_eighty_columns() -> None:
    wide = 999_999_999
    for headings in (OUTCOME_HEADINGS, PLAN_HEADINGS, SCORE_HEADINGS):
        lines = _lines(headings, ["concentration", *[wide] * (len(headings) - 1)], 80)
        assert len(lines) == 2
        assert "…" not in "".join(lines)


@pytest.mark.parametrize(("change", "shown"), [(2000, "+2,000"), (-7, "-7"), (0, "0")])
def test_changes_have_signs(change: int, shown: str) -> None:
    assert _lines(("change",), [Change(change)], 20)[1].split() == [shown]


def test_progress_says_that_the_first_run_takes_longer() -> None:
    assert "first run" not in progress_words(1, None)
    assert "first run" in progress_words(LONG_PREPARATION_SECONDS, None)
    line = progress_words(12.3, NEWS)
    assert "12 s" in line
    assert "0 / 2,000" in line
    assert "bound unknown" in line


def test_a_first_placement_is_no_move_of_the_limit(tmp_path: Path) -> None:
    """Two arrivals under a limit of no moves were "People who move: 2"."""
    found = document(n_people=3, places=(2, 1))
    found["people"][0]["current_place"] = "W-1"
    source = write(tmp_path / "prison.json", found)
    words = ["plan", str(source), "--max-moves", "0", "--effort", "quick"]
    result = CliRunner().invoke(app, words)
    assert "People who move: 0; first placements besides: 2\n" in result.stdout


def test_place_fits_one_screen_and_says_where_and_why_not(tmp_path: Path) -> None:
    found = document(n_people=3, places=(1, 2, 2))
    found["people"][0]["current_place"] = "W-1"
    found["people"][1]["current_place"] = "W-2"
    file = str(write(tmp_path / "prison.json", found))
    result = CliRunner().invoke(app, ["place", file, "P3"])
    lines = result.stdout.splitlines()
    assert len(lines) <= 24
    assert "2 cells are lawful, 2 without a derogation. Nobody else moves." in result.stdout
    assert "1 → 2 places taken, working capacity 2" in result.stdout
    assert "R02-capacity" in result.stdout
    assert "a named person has reviewed it" in lines[-1]
    every = CliRunner().invoke(app, ["place", file, "P3", "--cells"]).stdout
    assert any(line.split() == ["W-1", "R02"] for line in every.splitlines())


def test_place_without_a_lawful_cell_names_the_rules_and_the_nearest_step(tmp_path: Path) -> None:
    found = document(places=(1,))
    found["people"][0]["current_place"] = "W-1"
    result = CliRunner().invoke(app, ["place", str(write(tmp_path / "full.json", found)), "P2"])
    assert "No lawful cell among 1 while everybody else stays." in result.stdout
    assert "Least-bad step: cell W-1" in result.stdout
    assert "allocator plan" in result.stdout.splitlines()[-1]


def test_explain_says_where_why_and_what_it_rests_on(tmp_path: Path) -> None:
    found = document(n_people=3, places=(1, 2, 2))
    found["people"][0]["current_place"] = "W-1"
    found["non_associations"] = [
        {"person_a": "P1", "person_b": "P3", "restriction": "cell", "reason": "THREAT"}
    ]
    file, plan = str(write(tmp_path / "prison.json", found)), str(tmp_path / "plan")
    runner = CliRunner()
    made = runner.invoke(app, ["plan", file, "--out", plan], obj=fakes.first_fit)
    assert made.exit_code == 0, made.output
    shown = runner.invoke(app, ["explain", file, plan, "P3", "--cell", "W-1"])
    assert shown.exit_code == 0, shown.output
    assert "First placement, in W-2, wing W. Of 3 cells 2 are lawful" in shown.stdout
    assert "R09-non-association: P1 and P3 share the cell W-1; none is allowed" in shown.stdout
    assert "With 1 other person elsewhere, no lawful cell would be better than W-1" in shown.stdout
    assert "not advice to change a record" in shown.stdout
    assert "at level cell with P1" in shown.stdout
    assert "THREAT" not in shown.stdout
    assert "P2" not in shown.stdout
    notice = runner.invoke(app, ["notice", file, plan, "P3"]).stdout
    assert notice.startswith("To P3, 2026-01-15")
    assert "P1" not in notice
    answer = json.loads(runner.invoke(app, ["explain", file, plan, "P3", "--json"]).stdout)
    assert answer["verified"]
    assert answer["choice"]["lawful"] == 2
    for words in (["P9"], ["P3", "--cell", "W-9"], ["P3", "--reader", "all"]):
        assert runner.invoke(app, ["explain", file, plan, *words]).exit_code == 2
