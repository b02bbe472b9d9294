"""The table of exit codes, one JSON object whatever happens, and no traceback for users."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from allocator.cli.app import app
from allocator.jobs.exits import ExitCode
from tests.jobs import fakes
from tests.scenario_documents import bad_document, document, write

GOOD, CROWDED, FULL, BAD = "good", "crowded", "full", "bad"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "good.json", document())
    write(tmp_path / "crowded.json", document(n_people=5))
    full = document(places=(1,))
    full["people"][0]["current_place"] = "W-1"
    write(tmp_path / "full.json", full)
    write(tmp_path / "bad.json", bad_document())
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "notes.txt").write_text("mine")
    return tmp_path


TABLE: list[tuple[int, Any, str]] = [
    (0, None, "plan {good}"),
    (4, None, "plan {crowded}"),
    (5, fakes.out_of_time, "plan {good}"),
    (3, None, "plan {bad}"),
    (2, None, "plan {good} --policy nonsense"),
    (2, None, "plan {good} --profile nonsense"),
    (2, None, "plan {good} --contact-weights nonsense"),
    (2, None, "plan nowhere"),
    (2, None, "plan {good} --seed=-1"),
    (2, None, "plan {good} --time-limit 0"),
    (2, None, "plan {good} --no-such-option"),
    (2, None, "plan {good} --effort heroic"),
    (2, None, "plan {good} --out {taken}"),
    (2, None, "nonsense"),
    (1, fakes.broken, "plan {good}"),
    (1, fakes.crashing, "plan {good}"),
    (0, None, "place {good} P1"),
    (4, None, "place {full} P2"),
    (3, None, "place {bad} P1"),
    (2, None, "place {good} P99"),
    (2, None, "place nowhere P1"),
    (0, None, "report {good} quality"),
    (3, None, "report {bad}"),
    (2, None, "report nowhere"),
    (0, None, "locks {good} --effort quick"),
    (3, None, "locks {bad}"),
    (2, None, "decide lock {good} P1 W-1 --reason health --by officer-2"),
    (3, None, "decide lock {bad} P1 W-1 --reason health --by officer-2 --in-place"),
    (2, None, "audit-fairness {good} nowhere nowhere.csv"),
    (0, None, "conflict {good}"),
    (4, None, "conflict {crowded} --limit 2"),
    (3, None, "conflict {bad}"),
    (2, None, "conflict nowhere"),
    (2, None, "conflict {good} --limit 0"),
    (0, None, "scenario check {good}"),
    (3, None, "scenario check {bad}"),
    (2, None, "compare {good} --policies status_quo --contact-weights own"),
    (3, None, "verify {good} {bad}"),
    (2, None, "verify {good} nowhere"),
    (2, None, "scenario list --folder nowhere"),
    (2, None, "export {good} nowhere --out {taken}/list.csv"),
    (2, None, "export {good} nowhere --out {taken}/list.ods"),
    (2, None, "scenario template {taken}"),
    (2, None, "scenario check {good} --errors-to {taken}/errors.xlsx"),
    (2, None, "scenario shock {good} arrivals --out {taken}/shocked"),
    (2, None, "scenario export {good} --out {taken}"),
    (3, None, "scenario export {bad} --out {taken}/copy"),
    (2, fakes.broken, "compare {good} --policies status_quo,nonsense"),
    (2, fakes.broken, "compare {good} --policies status_quo --contact-weights own,nonsense"),
    (2, fakes.broken, "compare {good} --policies status_quo --contact-weights own,default"),
]


@pytest.mark.parametrize("json_wanted", [False, True], ids=["text", "json"])
@pytest.mark.parametrize(
    ("code", "planner", "line"), TABLE, ids=[f"{code}-{line}" for code, _, line in TABLE]
)
def test_exit_code(code: int, planner: Any, line: str, json_wanted: bool, folder: Path) -> None:
    names = {name: str(folder / f"{name}.json") for name in (GOOD, CROWDED, FULL, BAD)}
    words = line.format(**names, taken=folder / "taken").split()
    if json_wanted:
        words.append("--json")
    result = CliRunner().invoke(app, words, obj=planner)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    if json_wanted:
        found = json.loads(result.stdout)
        assert isinstance(found, dict)
        assert ("user_message" in found) == (code in {1, 2, 3})
    elif code in {1, 2, 3}:
        assert result.stderr


def test_the_table_has_every_code() -> None:
    in_test_interrupt = {ExitCode.INTERRUPTED}
    assert {code for code, _, _ in TABLE} | in_test_interrupt == set(ExitCode)


@pytest.mark.parametrize("line", ["place {good} P1", "scenario check {good}", "report {good}"])
def test_interrupted_before_there_is_anything(
    line: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("allocator.jobs.task.read_source", interrupt)
    monkeypatch.setattr("allocator.jobs.locate.find_scenario", interrupt)
    words = line.format(good=folder / "good.json").split()
    result = CliRunner().invoke(app, [*words, "--json"])
    assert (result.exit_code, json.loads(result.stdout)["code"]) == (130, "interrupted")


def test_json_of_bad_data_lists_every_problem(folder: Path) -> None:
    result = CliRunner().invoke(app, ["plan", str(folder / "bad.json"), "--json"])
    found = json.loads(result.stdout)
    assert found["code"] == "scenario_invalid"
    assert len(found["problems"]) == 2


def test_crash_does_not_quote_a_person(folder: Path) -> None:
    result = CliRunner().invoke(app, ["plan", str(folder / "good.json")], obj=fakes.crashing)
    assert re.search(r"\bP1\b", result.output) is None


def test_json_of_a_plan_has_all_that_is_promised(folder: Path) -> None:
    out = folder / "out"
    words = ["plan", str(folder / "crowded.json"), "--json", "--out", str(out), "--seed", "3"]
    found = json.loads(CliRunner().invoke(app, words).stdout)
    assert found["verified"] is True
    assert len(found["unplaced"]) == 2
    assert set(found["unplaced"][0]) == {"person_id", "blocked_by"}
    assert {tier["tier"] for tier in found["tiers"]} >= {"unplaced", "exposure", "moves"}
    assert set(found["exposure"]) == {"before", "after"}
    assert found["provenance"]["seed"] == 3
    assert {Path(path).name for path in found["files"]} == {
        "plan.json",
        "report.html",
        "moves.csv",
        "moves.xlsx",
    }
    assert "no evidence that it predicts radicalisation" in found["caveat"]
    for key in ("verdict", "derogations", "shortfall", "moves", "seconds", "conflicts"):
        assert key in found


def test_summary_says_the_caveat_and_who_decides(folder: Path) -> None:
    result = CliRunner().invoke(app, ["plan", str(folder / "crowded.json")])
    words = " ".join(result.stdout.split())
    assert "no evidence that it predicts radicalisation" in words
    assert "signed" in words
    assert "Unplaced: 2" in words
    assert "leaves out 2 people without a cell: they count nowhere" in words
    assert "\x1b[" not in result.stdout


def test_exposure_of_a_plan_for_everybody_leaves_nobody_out(folder: Path) -> None:
    result = CliRunner().invoke(app, ["plan", str(folder / "good.json")])
    assert "count nowhere" not in result.stdout


@pytest.mark.parametrize("command", ["plan", "compare", "batch"])
def test_unknown_effort_is_told_the_known_ones(command: str, folder: Path) -> None:
    words = [command, str(folder / "good.json"), "--effort", "heroic"]
    words += ["--policies", "status_quo"] if command == "compare" else []
    words += ["--out", str(folder / "night")] if command == "batch" else []
    result = CliRunner().invoke(app, [*words, "--json"])
    assert result.exit_code == 2
    message = json.loads(result.stdout)["user_message"]
    assert 'no effort "heroic". Known: quick, normal, thorough.' in message
    assert "Value error" not in result.output


def test_quiet_prints_nothing(folder: Path) -> None:
    result = CliRunner().invoke(app, ["plan", str(folder / "good.json"), "--quiet"])
    assert result.output == ""
