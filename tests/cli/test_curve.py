"""`allocator curve`: document, screen, page and plan files; exit codes and refusals."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from allocator.cli.app import app
from allocator.explain.headline import CAVEAT
from allocator.report.curve import point_table, render_curve_html
from tests.jobs import fakes
from tests.jobs.test_compare import edge, finding
from tests.report.test_page import Reader
from tests.scenario_documents import document, write


def _run(*words: str | Path, planner: Any = None) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], obj=planner)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A leader beside three receptive people; single cells on the other wing are free."""
    found = document(
        n_people=4,
        places=(4, 1, 1, 1),
        policy="dispersal",
        findings=[
            finding("P1", "network_role", "leader", network_id="N"),
            finding("P2", "receptivity", "high"),
            finding("P3", "receptivity", "moderate"),
            finding("P4", "receptivity", "low"),
        ],
        influence_edges=[edge("P1", "P2", "recruits", "B")],
    )
    found["units"].append({"unit_id": "V", "unit_type": "wing", "parent_id": "F"})
    for row in found["cells"][1:]:
        row["parent_id"] = "V"
    for row in found["people"]:
        row["current_place"] = "W-1"
    return write(tmp_path / "small.json", found)


def test_points_files_page_and_screen(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ("curve", source, "--moves", "3,0,1", "--effort", "quick", "--out", out)
    result = _run(*words, "--json")
    assert result.exit_code in {0, 4}, result.output
    found = json.loads(result.stdout)
    assert found["exit_code"] == result.exit_code
    points = found["points"]
    assert [p["moves_allowed"] for p in points] == [0, 1, 3]
    names = {"curve.html", "curve.json", *(f"plan-{p['plan_of']}.json" for p in points)}
    assert {path.name for path in out.iterdir()} == names
    ranks = [tuple(p["tiers"].values()) for p in points]
    assert ranks == sorted(ranks, reverse=True)
    assert ranks[0] > ranks[-1]
    for point in points:
        path = out / f"plan-{point['plan_of']}.json"
        judged = json.loads(_run("verify", source, path, "--json").stdout)
        assert judged["verified"]
        assert judged["judgement"]["tiers"] == point["tiers"]
        assert judged["judgement"]["exposure"] == point["exposure"]
    page = (out / "curve.html").read_text()
    reader = Reader(page)
    assert "<script" not in page
    assert all(address.startswith("#") for address in reader.addresses)
    screen = _run(*words).stdout
    for text in (" ".join(screen.split()), reader.text):
        assert found["words"] in text
        assert CAVEAT in text
        for step in found["steps"]:
            assert step["words"] in text


def test_a_point_s_plan_stands_when_its_report_is_asked_for(source: Path, tmp_path: Path) -> None:
    out, tonight = tmp_path / "out", tmp_path / "tonight"
    assert _run("curve", source, "--moves", "0,1", "--effort", "quick", "--out", out).exit_code in {
        0,
        4,
    }
    words = ("--max-moves", "1", "--from", out / "plan-1.json", "--out", tonight)
    assert _run("plan", source, *words).exit_code in {0, 4}
    places = [
        [(p["person_id"], p["cell_id"]) for p in json.loads(path.read_text())["placements"]]
        for path in (out / "plan-1.json", tonight / "plan.json")
    ]
    assert places[0] == places[1]


def test_by_default_up_to_the_moves_of_the_plan_without_a_limit(source: Path) -> None:
    """The fake puts people into W-1, V-2, V-3, V-4 from the last: it moves three of four."""
    found = json.loads(_run("curve", source, "--json", planner=fakes.last_fit).stdout)
    assert [p["moves_allowed"] for p in found["points"]] == [0, 1, 2, 3]
    assert found["points"][-1]["moves_used"] == 3
    assert found["own_limit"] is None


@pytest.mark.parametrize(
    ("planner", "code"), [(fakes.out_of_time, 5), (fakes.broken, 1), (fakes.dying, 1)]
)
def test_exit_codes(source: Path, planner: Any, code: int) -> None:
    for words in (("--moves", "0,2"), ()):
        result = _run("curve", source, *words, "--json", planner=planner)
        assert result.exit_code == code, result.output
        json.loads(result.stdout)


def test_no_plan_is_said_on_the_screen(source: Path) -> None:
    assert "nothing changes" in _run("curve", source, planner=fakes.out_of_time).stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--moves", "5"), "at least two numbers"),
        (("--moves", "0,many"), "'many' is no number of moves"),
        (("--policy", "none_such", "--moves", "0,1"), "none_such"),
    ],
)
def test_wrong_usage(source: Path, words: tuple[str, ...], message: str) -> None:
    result = _run("curve", source, *words)
    assert result.exit_code == 2
    assert message in result.stderr


def _document() -> dict[str, Any]:
    def point(moves: int, derogations: int, exposure: int) -> dict[str, Any]:
        return {
            "moves_allowed": moves,
            "moves_used": moves,
            "tiers": {"unplaced": 0, "derogations": derogations, "exposure": exposure},
            "bounds": {"unplaced": 0, "derogations": 0, "exposure": None},
            "exposure": dict.fromkeys(("spillover", "collusion", "coercion", "support"), 11),
            "derogations": 1,
            "plan_of": moves,
            "made_by": "search",
        }

    names = ("unplaced", "derogations", "exposure")
    return {
        "scenario": "<small>",
        "words": "words",
        "own_limit": 7,
        "compared_tiers": [{"tier": name, "words": name.capitalize()} for name in names],
        "points": [point(0, 20, 900), point(5, 5, 700), point(13, 5, 300), point(40, 5, 200)],
        "steps": [],
        "knees": [{"tier": "exposure", "moves": 13, "words": "a knee", "method": "a method"}],
        "notes": [],
        "caveat": CAVEAT,
        "next_step": "next",
        "provenance": {
            "scenario_hash": "0" * 64,
            **dict.fromkeys(("policy", "profile", "contact_weights", "effort"), "x"),
            "seed": 1,
            "software_version": "0",
        },
    }


def test_pictures_mark_the_knee_and_what_does_not_compare() -> None:
    """Exposure: 0 moves is worse in derogations. The knee of 13 lies at a third of 40."""
    page = render_curve_html(_document())
    assert "&lt;small&gt;" in page
    assert page.count('<svg class="scatter"') == 2
    exposure = page.split('<svg class="scatter"')[1]
    assert exposure.count('class="hollow"') == 1
    assert exposure.count('class="knee"') == 1
    assert "knee, 13" in exposure
    assert (
        'aria-label="Exposure by moves allowed: 0 moves 900 (worse in what comes before); 5 moves'
        ' 700; 13 moves 300 (knee); 40 moves 200"' in exposure
    )
    x, y = 18 + 300 * 13 / 40, 230 - 190 * 100 / 700
    assert f'<circle class="knee" cx="{x:.1f}" cy="{y:.1f}"' in exposure
    assert "The scenario itself allows 7 moves." in page


def test_a_page_says_which_plan_was_found_from_the_point_before() -> None:
    """The screen did, and the page called each its own."""
    found = _document()
    found["points"][2]["made_by"], found["points"][3]["plan_of"] = "onward", 13
    rows = [row[-1] for row in point_table(found).rows]
    assert rows == ["own", "own", "own, found from the point before", "as with 13"]
