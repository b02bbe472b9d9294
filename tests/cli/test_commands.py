"""What the commands do beyond their exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from allocator.cli.app import app
from allocator.prepare.presets import contact_weights_names
from allocator.prepare.read import read_scenario
from tests.jobs import fakes
from tests.scenario_documents import bad_document, document, write


def _run(*words: str | Path, planner: Any = None) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], obj=planner)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return write(tmp_path / "good.json", document(n_people=3))


def test_version() -> None:
    assert _run("--version").stdout.startswith("allocator ")


@pytest.mark.usefixtures("cold_children")
def test_plan_is_the_same_twice_and_verifies(good: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        found = _run("plan", str(good), "--out", str(tmp_path / name), "--policy", "dispersal")
        assert found.exit_code == 0, found.output
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == ["moves.csv", "moves.xlsx", "plan.json", "report.html"]
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    result = _run("verify", str(good), str(tmp_path / "a"), "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["judgement"]["unlawful"] == []


def test_verify_finds_a_changed_plan(good: Path, tmp_path: Path) -> None:
    _run("plan", str(good), "--out", str(tmp_path / "a"))
    path = tmp_path / "a" / "plan.json"
    plan = json.loads(path.read_text())
    for placement in plan["placements"]:
        placement["cell_id"] = "W-2"
    path.write_text(json.dumps(plan))
    result = _run("verify", str(good), str(path))
    assert result.exit_code == 4
    assert "discrepanc" in result.stdout
    plan["placements"][0]["cell_id"] = "elsewhere"
    path.write_text(json.dumps(plan))
    assert _run("verify", str(good), str(path)).exit_code == 2


def test_plan_from_an_earlier_plan_says_what_changes(good: Path, tmp_path: Path) -> None:
    first = tmp_path / "first"
    assert _run("plan", good, "--out", first, planner=fakes.first_fit).exit_code == 0
    changed = document(n_people=3, places=(1, 1, 3))
    changed["people"][2] |= {"person_id": "P7"}
    after = write(tmp_path / "after.json", changed)
    words = ("plan", after, "--from", first, "--out", tmp_path / "second", "--json")
    found = json.loads(_run(*words, planner=fakes.first_fit).stdout)["revision"]
    assert (found["planned"], found["new"]) == (2, 1)
    assert [(d["person_id"], d["from"], d["to"]) for d in found["departures"]] == [
        ("P2", "W-1", "W-2")
    ]
    screen = _run("plan", after, "--from", first, planner=fakes.first_fit).stdout
    assert f"Against the plan {found['last_plan'][:12]}: 1 of 2 people depart" in screen
    alone = _run("verify", after, tmp_path / "second")
    assert "whose places are taken from the plan itself" in " ".join(alone.stdout.split())
    assert json.loads(_run("verify", after, tmp_path / "second", "--json").stdout)["verified"]
    both = ("verify", after, tmp_path / "second", "--json", "--from")
    assert json.loads(_run(*both, first).stdout)["discrepancies"] == []
    assert json.loads(_run(*both, tmp_path / "second").stdout)["discrepancies"]
    assert _run("plan", after, "--from", tmp_path / "none").exit_code == 2


def test_list_and_show(tmp_path: Path) -> None:
    write(tmp_path / "good.json", document(n_people=3))
    write(tmp_path / "bad.json", bad_document())
    rows = json.loads(_run("scenario", "list", "--folder", str(tmp_path), "--json").stdout)
    assert rows["scenarios"][0]["problems"] == 2
    assert rows["scenarios"][1]["occupancy_percent"] == 100
    text = _run("scenario", "list", "--folder", str(tmp_path)).stdout
    assert "tiny-3" in text
    assert "2 problems" in text
    picture = json.loads(_run("scenario", "show", str(tmp_path / "good.json"), "--json").stdout)
    assert [unit["unit_id"] for unit in picture["units"]] == ["F", "W"]
    assert "tiny-3" in _run("scenario", "show", str(tmp_path / "good.json")).stdout


def test_schema() -> None:
    assert "people" in json.loads(_run("schema").stdout)["properties"]
    assert "placements" in json.loads(_run("schema", "--plan").stdout)["properties"]


def test_build_and_shock_write_scenarios_that_check(tmp_path: Path) -> None:
    built = tmp_path / "built"
    assert _run("scenario", "build", "training_prison", "--out", str(built)).exit_code == 0
    shocked = tmp_path / "shocked.json"
    words = ("scenario", "shock", str(built), "arrivals", "--seed", "3", "--out", str(shocked))
    assert _run(*words).exit_code == 0
    assert _run("scenario", "check", str(built)).exit_code == 0
    assert _run("scenario", "check", str(shocked)).exit_code == 0
    assert _run(*words).exit_code == 2
    assert _run("scenario", "build", "atlantis", "--out", str(tmp_path / "x")).exit_code == 2


def test_export_goes_both_ways(good: Path, tmp_path: Path) -> None:
    document, tables = tmp_path / "one.json", tmp_path / "tables"
    assert _run("scenario", "export", str(good), "--out", str(document)).exit_code == 0
    assert _run("scenario", "export", str(document), "--out", str(tables)).exit_code == 0
    assert read_scenario(document).content_hash == read_scenario(good).content_hash
    assert read_scenario(tables) == read_scenario(good)
    assert _run("scenario", "export", str(good), "--out", str(tables)).exit_code == 2


def test_compare(good: Path, tmp_path: Path) -> None:
    out = tmp_path / "compare"
    words = ["compare", str(good), "--policies", "status_quo,dispersal", "--out", str(out)]
    result = _run(*words, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert set(found["weight_sets"]) == set(contact_weights_names())
    assert found["edge_uncertainty"] == {"graphs": 200, "percent": [5, 95], "seed": 1}
    for row in found["policies"]:
        for scores in row["scores"].values():
            assert scores.keys() == {"exposure", "range", "worst_off"}
            for kind, value in scores["exposure"].items():
                low, high = scores["range"][kind]
                assert low <= value <= high
    assert [row["policy"] for row in found["policies"]] == ["status_quo", "dispersal"]
    assert {path.name for path in out.iterdir()} == {"comparison.html", "comparison.json"}
    text = _run(*words).stdout
    assert "best" not in text.lower()
    assert "the policies are equal under all 6 sets" in text
    assert "drawn around the recorded edges" in text
    assert "best" not in (out / "comparison.html").read_text().lower()
