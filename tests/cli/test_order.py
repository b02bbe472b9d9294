"""`allocator order`: batches on the screen, in JSON and in files; what cannot be carried out."""

import csv
import json
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from allocator.cli.app import app
from allocator.jobs.order import nearest_plan, order_plan
from allocator.jobs.order_words import clock
from allocator.model.plan import MadeBy, ShortfallCause
from allocator.prepare.last_plan import plan_hash
from allocator.prepare.plan_document import plan_document
from allocator.prepare.read import read_scenario
from allocator.report.move_sheet import render_order_html
from allocator.verify import check_plan
from tests.jobs import fakes
from tests.scenario_documents import document, write

CSWAP = {"place_id": "F-X", "facility_id": "F", "kind": "CSWAP"}
SWAP: dict[str, str | None] = {"P1": "W-2", "P2": "W-1", "P3": "W-3"}


def _run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def _scenario(folder: Path, **header: Any) -> Path:
    """P1 and P2 in single cells, P3 arrives, W-3 is free for P3."""
    found = document(n_people=3, places=(1, 1, 1), **header)
    for person, place in zip(found["people"], ("W-1", "W-2"), strict=False):
        person["current_place"] = place
    return write(folder / "prison.json", found)


def _plan(folder: Path, source: Path, placement: dict[str, str | None]) -> Path:
    path = folder / "plan" / "plan.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(plan_document(fakes.put(read_scenario(source), placement))))
    return path


@pytest.fixture
def held(tmp_path: Path) -> tuple[Path, Path]:
    """A scenario with a holding location and a plan in which two swap."""
    source = _scenario(tmp_path, virtual_places=[CSWAP])
    return source, _plan(tmp_path, source, SWAP)


@pytest.fixture
def stuck(tmp_path: Path) -> tuple[Path, Path]:
    """Two swap, and the only other cell is for somebody who must be alone: no place to wait."""
    found = document(n_people=3, places=(1, 1, 1))
    for person, place in zip(found["people"], ("W-1", "W-2", "W-3"), strict=True):
        person["current_place"] = place
    source = write(tmp_path / "prison.json", found)
    return source, _plan(tmp_path, source, SWAP)


def test_whoever_is_between_cells_over_night_is_named(tmp_path: Path) -> None:
    """P3 in a holding location had no cell in the plan: "Nobody moves", and exit code 0."""
    found = document(n_people=3, places=(1, 1, 1), virtual_places=[CSWAP])
    for person, place in zip(found["people"], ("W-1", "W-2", "F-X"), strict=True):
        person["current_place"] = place
    source = write(tmp_path / "prison.json", found)
    words = ("order", source, _short(tmp_path, source, {"P1": "W-1", "P2": "W-2", "P3": None}))
    result = _run(*words)
    assert result.exit_code == 4
    assert "1 person is still between cells when the window closes: P3 (F-X)." in result.stdout
    left = _short(tmp_path, source, {"P1": "W-1", "P2": None, "P3": "W-2"})
    waits = json.loads(_run("order", source, left, "--json").stdout)
    assert waits["left_out"] == ["P3"]
    assert waits["held_over_night"]["people"] == [{"person_id": "P3", "place": "F-X"}]
    free = _plan(tmp_path, source, {"P1": "W-1", "P2": "W-2", "P3": "W-3"})
    goes = json.loads(_run("order", source, free, "--json").stdout)
    assert (goes["held_over_night"], goes["exit_code"]) == (None, 0)


def test_the_screen_shows_batches_with_times(held: tuple[Path, Path]) -> None:
    result = _run("order", *held)
    assert result.exit_code == 0, result.output
    assert "All 3 moves are safe in this order" in result.stdout
    assert "1 step is temporary, which is the fewest." in result.stdout
    assert "08:00-08:30" in result.stdout
    assert "waits there" in result.stdout


def test_the_document_has_every_step_once(held: tuple[Path, Path]) -> None:
    found = json.loads(_run("order", *held, "--json").stdout)
    assert found["target"] == SWAP
    steps = [step for batch in found["batches"] for step in batch["steps"]]
    assert {s["person_id"]: s["to_place"] for s in steps} == SWAP
    assert (len(steps), found["temporary_steps"], found["temporary_bound"]) == (4, 1, 1)
    assert (found["fits_window"], found["closes"]) == (True, "17:00")
    assert found["nearest"] is None


def test_files_are_written_and_safe_for_spreadsheets(
    held: tuple[Path, Path], tmp_path: Path
) -> None:
    result = _run("order", *held, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["order.html", "sequence.csv", "sequence.json"]
    written = json.loads((tmp_path / "out" / "sequence.json").read_text("utf-8"))
    assert (tmp_path / "out" / "order.html").read_text("utf-8") == render_order_html(written)
    with (tmp_path / "out" / "sequence.csv").open(newline="") as file:
        rows = list(csv.DictReader(StringIO(file.read())))
    assert [row["temporary"] for row in rows].count("yes") == 1
    assert {row["person_id"] for row in rows} == {"P1", "P2", "P3"}
    assert _run("order", *held, "--out", tmp_path / "out").exit_code == 0


def test_the_plan_is_never_overwritten(held: tuple[Path, Path]) -> None:
    source, plan = held
    result = _run("order", source, plan, "--out", plan.parent)
    assert result.exit_code == 2
    assert json.loads(plan.read_text())["placements"]


def test_who_is_left_out_is_named_and_the_nearest_plan_is_verified(
    stuck: tuple[Path, Path], tmp_path: Path
) -> None:
    source, plan = stuck
    result = _run("order", source, plan, "--out", tmp_path / "out")
    assert result.exit_code == 4, result.output
    assert "Left out: P1 waits for P2 waits for P1 (W-1, W-2)." in result.stdout
    assert "holding location (CSWAP)" in result.stdout
    nearest = json.loads((tmp_path / "out" / "plan.json").read_text())
    cells = {p["person_id"]: p["cell_id"] for p in nearest["placements"]}
    assert cells == {"P1": "W-1", "P2": "W-2", "P3": "W-3"}
    assert _run("verify", source, tmp_path / "out" / "plan.json").exit_code == 0
    document_ = json.loads(_run("order", source, plan, "--json").stdout)
    assert document_["left_out"] == ["P1", "P2"]
    assert document_["nearest"]["verified"]


def test_the_nearest_plan_has_the_judges_values(stuck: tuple[Path, Path]) -> None:
    source, _ = stuck
    scenario = read_scenario(source)
    ordered = order_plan(source, fakes.put(scenario, SWAP))
    nearest = nearest_plan(scenario, ordered.plan, ordered.sequence)
    assert check_plan(scenario, nearest) == ()
    assert ordered.nearest == nearest


def test_the_nearest_plan_says_what_it_was_made_from(stuck: tuple[Path, Path]) -> None:
    """It carried the provenance of the search, which makes another plan."""
    source, _ = stuck
    ordered = order_plan(source, fakes.put(read_scenario(source), SWAP))
    assert ordered.nearest is not None
    origin = ordered.nearest.provenance
    assert origin.made_by is MadeBy.NEAREST
    assert origin.started_from == plan_hash(ordered.plan) != plan_hash(ordered.nearest)


def test_a_plan_that_is_not_confirmed_gets_no_order(held: tuple[Path, Path]) -> None:
    source, plan = held
    changed = json.loads(plan.read_text())
    changed["placements"][0]["cell_id"] = "W-3"
    plan.write_text(json.dumps(changed))
    result = _run("order", source, plan)
    assert result.exit_code == 2
    assert "not confirmed" in result.output


def test_nobody_moves_where_everybody_stays(tmp_path: Path) -> None:
    source = _scenario(tmp_path)
    plan = _plan(tmp_path, source, {"P1": "W-1", "P2": "W-2", "P3": "W-3"})
    found = json.loads(_run("order", source, plan, "--json").stdout)
    assert (found["moves"], len(found["batches"]), found["exit_code"]) == (1, 1, 0)
    assert found["batches"][0]["steps"][0]["from_place"] is None


def _crowded(folder: Path) -> tuple[Path, Path]:
    """P1 wants the cell of P2, who has no place in the plan; P3 wants the cell of P1."""
    found = document(n_people=3, places=(1, 1, 1))
    for person, place in zip(found["people"], ("W-1", "W-2", "W-3"), strict=True):
        person["current_place"] = place
    source = write(folder / "prison.json", found)
    return source, _short(folder, source, {"P1": "W-2", "P2": None, "P3": "W-1"})


def _short(folder: Path, source: Path, placement: dict[str, str | None]) -> Path:
    """A plan in which one person has no place, though there is room."""
    placed = fakes.put(read_scenario(source), placement)
    missing = ShortfallCause("sentenced", (), 1)
    plan = replace(placed, shortfall={"sentenced": 1}, shortfall_causes=(missing,))
    path = folder / "plan" / "plan.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(plan_document(plan)))
    return path


def test_who_holds_moves_up_is_said_with_what_would_let_them_go(tmp_path: Path) -> None:
    source, plan = _crowded(tmp_path)
    found = json.loads(_run("order", source, plan, "--json").stdout)
    waits = found["waits_for_decision"]
    assert waits["people"] == [{"person_id": "P2", "cell": "W-2"}]
    assert waits["if_left"] == [{"person_ids": ["P2"], "moves": 2}]
    assert waits["words"] == (
        "1 person has a cell now and no place in the plan: P2. Until somebody decides where this "
        "person goes, they stay, and 0 of 2 moves can be made. If P2 had left, at least 2 could be."
    )
    assert found["assumption"] is None
    assert "--assume-left PERSON" in _run("order", source, plan).stdout


def test_an_assumed_departure_stands_on_the_screen_in_the_document_and_in_every_row(
    tmp_path: Path,
) -> None:
    source, plan = _crowded(tmp_path)
    result = _run("order", source, plan, "--assume-left", "P2", "--out", tmp_path / "out")
    assert result.exit_code == 4, result.output
    assert "ASSUMED, not decided: P2 has left" in result.stdout
    found = json.loads((tmp_path / "out" / "sequence.json").read_text())
    assert found["assumed_left"] == ["P2"]
    assert found["assumption"].startswith("ASSUMED, not decided: P2")
    steps = [s["person_id"] for batch in found["batches"] for s in batch["steps"]]
    assert steps == ["P1", "P3"]
    assert (found["left_out"], found["undecided"]) == ([], [])
    with (tmp_path / "out" / "sequence.csv").open(newline="") as file:
        assert [row["assumed_left"] for row in csv.DictReader(file)] == ["P2", "P2"]


def test_only_people_without_a_place_in_the_plan_can_be_assumed_to_have_left(
    tmp_path: Path,
) -> None:
    source, plan = _crowded(tmp_path)
    result = _run("order", source, plan, "--assume-left", "P1")
    assert result.exit_code == 2
    assert "P1 cannot be assumed to have left" in result.output


def test_windows_are_counted_with_what_each_leaves(tmp_path: Path) -> None:
    """A chain of three moves in windows of two."""
    profile = {"extends": "coe_base", "thresholds": {"move_window_minutes": 60}}
    found = document(n_people=3, places=(1, 1, 1, 1), legal_profile=profile)
    for person, place in zip(found["people"], ("W-1", "W-2", "W-3"), strict=True):
        person["current_place"] = place
    source = write(tmp_path / "prison.json", found)
    plan = _plan(tmp_path, source, {"P1": "W-2", "P2": "W-3", "P3": "W-4"})
    shown = json.loads(_run("order", source, plan, "--json").stdout)
    assert [(w["opens"], w["ends"], w["moves"], w["batches"]) for w in shown["windows"]] == [
        ("08:00", "09:00", 2, [1, 2]),
        ("08:00 +1 d", "08:30 +1 d", 1, [3, 3]),
    ]
    assert [w["unlawful_after"] for w in shown["windows"]] == [0, 0]
    assert "2 windows on consecutive days; 2 of 3 moves in the first" in shown["windows_words"]
    assert "Plan again before each further window" in _run("order", source, plan).stdout


@pytest.mark.parametrize(
    ("minute", "shown"), [(0, "08:00"), (545, "17:05"), (960, "00:00 +1 d"), (3000, "10:00 +2 d")]
)
def test_clock(minute: int, shown: str) -> None:
    assert clock(minute) == shown
