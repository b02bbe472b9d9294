"""The fairness audit as a command: numbers about groups, and never a person's id."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from allocator.cli.app import app
from tests.jobs import fakes
from tests.scenario_documents import document, write

N = 90


def _run(*words: str | Path, planner: Any = None) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], obj=planner)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """P1 to P30 fill thirty places in cells certified for fewer; P31 to P90 have cells alone."""
    folder = tmp_path_factory.mktemp("night")
    found = document(n_people=N, places=(3,) * 10 + (1,) * 60)
    for number, cell in enumerate(found["cells"], 1):
        cell |= {"cell_id": f"W-{number:02d}", "cna": min(2, cell["max_capacity"])}
    for number, person in enumerate(found["people"], 1):
        person |= {"person_id": f"P{number:03d}", "age_years": 40}
    prison = write(folder / "prison.json", found)
    assert _run("plan", prison, "--out", folder / "plan", planner=fakes.first_fit).exit_code == 0
    return folder


@pytest.fixture
def night(made: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Copies of the prison and of its plan."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "prison.json", tmp_path / "plan"


def _attributes(
    path: Path, rows: dict[int, str], header: str = "person_id,district,age band"
) -> Path:
    lines = [header, *(f"P{number:03d},{values}" for number, values in rows.items())]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_crowding_of_one_district_is_an_alarm(night: tuple[Path, Path], tmp_path: Path) -> None:
    rows = {
        k: f"{'=north' if k <= 40 else 'south'},{'under 25' if k % 2 else 'over 25'}"
        for k in range(1, N + 1)
    }
    file = _attributes(tmp_path / "held.csv", rows)
    out = tmp_path / "audit"
    result = _run("audit-fairness", *night, file, "--out", out, "--json")
    assert result.exit_code == 4, result.output
    found = json.loads(result.stdout)
    by_key = {(r["group"], r["outcome"]): r for r in found["comparisons"]}
    north = by_key["=north", "crowded"]
    assert (north["people"], north["with_outcome"], north["percent"]) == (40, 30, 75.0)
    assert (north["others"], north["others_with_outcome"], north["ratio"]) == (50, 0, None)
    assert north["alarm"] == "higher"
    assert by_key["south", "crowded"]["alarm"] == "lower"
    assert by_key["under 25", "crowded"]["alarm"] is None
    screen = _run("audit-fairness", *night, file).stdout
    assert "ALARM district =north: in a cell with more places taken than certified higher" in screen
    table = (out / "fairness.csv").read_text()
    assert "'=north" in table
    for text in (result.stdout, screen, table, (out / "fairness.json").read_text()):
        assert not [k for k in range(1, N + 1) if f"P{k:03d}" in text]
    assert _run("audit-fairness", *night, file, "--out", out).exit_code == 4  # over our own


def test_small_groups_are_hidden_and_what_would_tell_them(
    night: tuple[Path, Path], tmp_path: Path
) -> None:
    places = {k: "a" if k <= 19 else "b" if k <= 45 else "c" for k in range(1, 88)}
    file = _attributes(tmp_path / "held.csv", {k: f"{v},x" for k, v in places.items()})
    result = _run("audit-fairness", *night, file, "--json")
    found = json.loads(result.stdout)
    district, age = found["attributes"]
    assert district == {
        "attribute": "district",
        "groups": [{"group": "b", "people": 26}, {"group": "c", "people": 42}],
        "groups_hidden": 2,
    }
    assert age["groups"] == []  # 87 of one band, and three without a row who would be what is left
    screen = _run("audit-fairness", *night, file).stdout
    assert "age band" in screen
    assert "Nothing to compare" in screen


def test_several_nights_and_no_alarm(night: tuple[Path, Path], tmp_path: Path) -> None:
    rows = {k: f"{'odd' if k % 2 else 'even'},x" for k in range(1, N + 1)}
    file = _attributes(tmp_path / "held.csv", rows)
    words = ("audit-fairness", *night, file, "--also", f"{night[0]},{night[1]}", "--least", "30")
    result = _run(*words)
    assert result.exit_code == 0, result.output
    assert "No alarm." in result.stdout
    assert "90 people, 2 plans" in result.stdout


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("person,district\nP001,n\n", 3, "person_id and attributes"),
        ("person_id\nP001\n", 3, "person_id and attributes"),
        ("person_id,d\nP001,n\nP001,s\n", 3, "row 3"),
        ("person_id,d,d\nP001,n,s\n", 3, "each name once"),
        ("person_id,d\nP001,n,s\n", 3, "3 fields"),
        ("person_id,d\nQ1,n\n", 2, "No person_id of the attributes"),
        ("person_id,d\n" + "".join(f"P{k:03d},{k}\n" for k in range(1, 61)), 2, "60 different"),
    ],
)
def test_a_broken_file_is_told_without_naming_anybody(
    night: tuple[Path, Path], tmp_path: Path, text: str, code: int, said: str
) -> None:
    file = tmp_path / "held.csv"
    file.write_text(text, "utf-8")
    result = _run("audit-fairness", *night, file)
    assert (result.exit_code, said in result.stderr) == (code, True), result.output
    assert "P001" not in result.output


def test_a_changed_plan_is_refused(night: tuple[Path, Path], tmp_path: Path) -> None:
    file = _attributes(tmp_path / "held.csv", {1: "n,x", 2: "s,x"})
    path = night[1] / "plan.json"
    plan = json.loads(path.read_text())
    plan["placements"][0]["cell_id"] = "W-70"
    path.write_text(json.dumps(plan))
    result = _run("audit-fairness", *night, file)
    assert (result.exit_code, "not what it says" in result.stderr) == (2, True)
    assert _run("audit-fairness", *night, file, "--also", "x").exit_code == 2


def test_a_scenario_still_refuses_what_the_audit_reads(tmp_path: Path) -> None:
    found = document()
    found["people"][0]["nationality"] = "x"
    assert _run("scenario", "check", write(tmp_path / "p.json", found)).exit_code == 3
