"""`allocator diff`: the document, the screen and the page, and which plans it refuses."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from allocator.cli.app import app
from allocator.explain.headline import CAVEAT
from allocator.report.diff import people_table, received_table
from tests.jobs import fakes
from tests.report.test_page import Reader
from tests.scenario_documents import document, write

PRESENT = {"P1": "W-2", "P2": "W-2", "P3": "W-1"}


def _run(*words: str | Path, planner: Any = None) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], obj=planner)


def _crowded(**header: Any) -> dict[str, Any]:
    """Three people and cells of 2, 3 and 1; in W-3 a certified place is missing."""
    found = document(n_people=3, places=(2, 3, 1), **header)
    found["cells"][2]["cna"] = 0
    for row in found["people"]:
        row |= {"current_place": PRESENT[row["person_id"]], "placed_since": "2025-11-03"}
    return found


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write(tmp_path / "good.json", _crowded())


@pytest.fixture(scope="module")
def made_plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of both plans."""
    folder = tmp_path_factory.mktemp("plans")
    source = write(folder / "good.json", _crowded())
    for name, planner in (("a", fakes.first_fit), ("b", fakes.last_fit)):
        made = _run("plan", source, "--out", folder / name, planner=planner)
        assert made.exit_code == 0, made.output
    return folder


@pytest.fixture
def plans(made_plans: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A: P1, P2 in W-1, P3 in W-2. B: P1 in W-3, P2, P3 in W-2."""
    for name in ("a", "b"):
        shutil.copytree(made_plans / name, tmp_path / name)
    return tmp_path / "a", tmp_path / "b"


def _json(*words: str | Path) -> dict[str, Any]:
    result = _run("diff", *words, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def _error(*words: str | Path) -> str:
    result = _run("diff", *words)
    assert result.exit_code == 2, result.output
    return " ".join(result.stderr.split())


def test_every_number_is_that_of_verify(source: Path, plans: tuple[Path, Path]) -> None:
    found = _json(source, *plans)
    for key, path in zip("ab", plans, strict=True):
        judged = json.loads(_run("verify", source, path, "--json").stdout)["judgement"]
        assert {line["tier"]: line[key] for line in found["tiers"]} == judged["tiers"]
        assert {line["kind"]: line[key] for line in found["exposure"]} == judged["exposure"]
        assert found["plans"][key]["unlawful"] == []
        assert found["plans"][key]["is_of_these_data"]
    assert found["exit_code"] == 0
    assert found["notes"] == []


def test_who_is_where_and_who_is_better_off(source: Path, plans: tuple[Path, Path]) -> None:
    found = _json(source, *plans)
    assert found["placements"] == {
        "same": 1,
        "differ": [
            {"person_id": "P1", "present_place": "W-2", "a": "W-1", "b": "W-3"},
            {"person_id": "P2", "present_place": "W-2", "a": "W-1", "b": "W-2"},
        ],
    }
    people = found["people"]
    assert (people["better"], people["worse"], people["mixed"], people["same"]) == (1, 1, 1, 0)
    assert [(c["person_id"], c["standing"]) for c in people["changes"]] == [
        ("P1", "mixed"),
        ("P2", "better"),
        ("P3", "worse"),
    ]
    p1 = {d["measure"]: (d["a"], d["b"]) for d in people["changes"][0]["differences"]}
    assert p1 == {"space": (10.0, 20.0), "crowding": (0, 1)}
    assert found["burden"]["a"]["moved"] == ["P1", "P2", "P3"]
    assert found["burden"]["b"]["moved"] == ["P1", "P3"]
    assert found["worst_off"][1]["a"] == {"value": 10.0, "person_ids": ["P1", "P2"]}
    assert found["worst_off"][1]["b"] == {"value": 10.0, "person_ids": ["P2", "P3"]}


def test_screen_and_page_say_the_same(
    source: Path, plans: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    screen = " ".join(_run("diff", source, *plans, "--people", "--out", out).stdout.split())
    found = json.loads((out / "diff.json").read_text())
    assert {path.name for path in out.iterdir()} == {"diff.html", "diff.json"}
    page = Reader((out / "diff.html").read_text())
    for text in (screen, page.text):
        assert found["words"] in text
        assert CAVEAT in text
        assert "P2" in text
    assert "moved yes → no (better)" in screen
    assert all(address.startswith("#") for address in page.addresses)
    assert "<script" not in (out / "diff.html").read_text()
    assert _run("diff", source, *plans, "--out", out).exit_code == 0
    assert "Worse off in B, by id: P3" in _run("diff", source, *plans).stdout
    short = _run("diff", source, *plans, "--reader", "security").stdout
    assert "Worse off in B, most first: P3" in short


def test_the_same_plan_twice(source: Path, plans: tuple[Path, Path]) -> None:
    found = _json(source, plans[0], plans[0] / "plan.json")
    assert found["words"] == "The plans put everybody in the same place."
    assert found["people"]["same"] == 3


def test_other_settings_are_named(source: Path, plans: tuple[Path, Path], tmp_path: Path) -> None:
    other = tmp_path / "other"
    _run("plan", source, "--policy", "mixed", "--out", other, planner=fakes.last_fit)
    own = json.loads((plans[0] / "plan.json").read_text())["provenance"]["policy"]
    assert _json(source, plans[0], other)["notes"] == [
        f"Plan B was made under policy mixed; here both plans are judged under {own}."
    ]
    found = _json(source, plans[0], other, "--policy", "mixed")
    assert found["provenance"]["policy"] == "mixed"
    assert found["notes"][0].startswith(f"Plan A was made under policy {own}")


def test_a_plan_of_an_earlier_version_is_named_so(plans: tuple[Path, Path], tmp_path: Path) -> None:
    """P3 has left and P7 has come; B revises A."""
    changed = _crowded(name="tiny-later")
    changed["people"][2]["person_id"] = "P7"
    later = write(tmp_path / "later.json", changed)
    revised = tmp_path / "revised"
    made = _run("plan", later, "--from", plans[0], "--out", revised, planner=fakes.last_fit)
    assert made.exit_code == 0, made.output
    found = _json(later, plans[0], revised)
    assert found["notes"][0] == "Plan B revises plan A; departures are counted from plan A."
    assert "Plan A was made for an earlier version of these data" in found["notes"][1]
    assert "1 of its people are gone; 1 people are new to it" in found["notes"][1]
    assert found["plans"]["a"]["new_people"] == ["P7"]
    assert not found["plans"]["a"]["is_of_these_data"]
    departures = next(line for line in found["tiers"] if line["tier"] == "departures")
    assert departures["a"] == 0
    assert departures["b"] > 0
    assert found["unplaced"] == {"only_a": ["P7"], "only_b": [], "both": []}
    assert "exposures compare only between equal numbers" in found["notes"][2]


def test_a_cell_that_is_gone_leaves_its_people_without_a_place(
    plans: tuple[Path, Path], tmp_path: Path
) -> None:
    changed = _crowded()
    del changed["cells"][2]
    later = write(tmp_path / "later.json", changed)
    found = _json(later, *reversed(plans))
    assert found["plans"]["a"]["gone_cells"] == ["W-3"]
    assert "data: 1 of its cells are gone." in found["notes"][0]
    assert found["unplaced"] == {"only_a": ["P1"], "only_b": [], "both": []}


def test_plans_of_an_empty_prison_are_the_same(tmp_path: Path) -> None:
    """A verified plan of nobody was called not verified."""
    source, out = write(tmp_path / "empty.json", document(0)), tmp_path / "out"
    assert CliRunner().invoke(app, ["plan", str(source), "--out", str(out)]).exit_code == 0
    result = CliRunner().invoke(app, ["diff", str(source), str(out), str(out)])
    assert result.exit_code == 0, result.output
    assert "The plans put everybody in the same place." in result.stdout


def test_what_is_refused(source: Path, plans: tuple[Path, Path], tmp_path: Path) -> None:
    path = plans[1] / "plan.json"
    plan = json.loads(path.read_text())
    changed = tmp_path / "changed.json"

    def error(**fields: Any) -> str:
        changed.write_text(json.dumps(plan | fields))
        return _error(source, plans[0], changed)

    assert "Plan B says of itself that it is not verified" in error(verified=False)
    assert "Plan B is not what it says" in error(placements=[])
    moved = [p | {"cell_id": "W-1"} for p in plan["placements"]]
    words = error(placements=moved)
    assert "Plan B is not what it says" in words
    assert "`allocator verify`" in words
    strangers = [p | {"person_id": f"Q{k}"} for k, p in enumerate(plan["placements"])]
    other = plan["provenance"] | {"scenario_hash": "0" * 64}
    words = error(placements=strangers, provenance=other)
    assert "does not belong to the scenario 'tiny-3'" in words
    assert "of its 3 placements 0 are" in words
    assert "There is no plan" in _error(source, plans[0], tmp_path / "none")


def test_what_a_reader_may_not_know_of_exposure_is_no_number(
    source: Path, plans: tuple[Path, Path]
) -> None:
    """An officer read 0 where security reads 1,280."""
    for reader, kind in (("officer", type(None)), ("security", int)):
        changes = _json(source, *plans, "--reader", reader)["people"]["changes"]
        assert {type(line["received_change"]) for line in changes} == {kind}
    rows = people_table(reversed(_json(source, *plans)["people"]["changes"])).rows
    assert [row[0] for row in rows] == ["P3", "P1", "P2"]


def test_those_who_lose_most_come_first() -> None:
    def line(person_id: str, standing: str, change: int) -> dict[str, Any]:
        return {
            "person_id": person_id,
            "standing": standing,
            "place_a": "c1",
            "place_b": None,
            "received_change": change,
            "differences": [],
        }

    lines = [
        line("p1", "better", -70),
        line("p2", "worse", 30),
        line("p3", "mixed", 5),
        line("p4", "worse", 200),
    ]
    rows = people_table(lines).rows
    assert [row[0] for row in rows] == ["p4", "p2", "p3", "p1"]
    assert rows[0][2:4] == ("c1", "no place")


def test_the_table_beside_the_picture_counts_its_dots() -> None:
    pairs = [(5, 5), (90, 20), (0, 1300), (5, 5), (5, 7)]
    rows = received_table([{"a": a, "b": b} for a, b in pairs]).rows
    assert rows == (
        ("0", "1,300", "+1,300", "1"),
        ("5", "7", "+2", "1"),
        ("5", "5", "no change", "2"),
        ("90", "20", "−70", "1"),
    )
