"""The present placement as a command: numbers by hand, each part alone, one page."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from allocator.cli.app import app
from tests.report.test_page import Reader
from tests.scenario_documents import document, write


def _run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def _json(*words: str | Path) -> dict[str, Any]:
    result = _run(*words, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture
def prison(tmp_path: Path) -> Path:
    """P1 to P3 in nine square metres certified for two, P4 in a strict wing, P5 nowhere."""
    found = document(n_people=5, places=(3, 5))
    found["cells"][0] |= {"cna": 2, "area_m2": 8.9}
    found["cells"].append(found["cells"][0] | {"cell_id": "X-1", "parent_id": "X", "area_m2": 7})
    strict = {"regime_level": 4, "used_for": ["separation"], "parent_id": "F"}
    found["units"].append({"unit_id": "X", "unit_type": "wing"} | strict)
    for person, cell in zip(found["people"], ("W-1", "W-1", "W-1", "X-1"), strict=False):
        person["current_place"] = cell
    found["people"][1] |= {"days_below_hard_floor": 26, "days_below_warning_floor": 41}
    found["people"][4].pop("sharing_assessed_at")
    found["authorities"] = [
        {
            "authority_id": "a1",
            "person_id": "P4",
            "kind": "separation",
            "issued_by": "governor",
            "issued_at": "2025-12-20",
            "review_by": "2026-01-10",
            "expires_at": "2026-02-05",
            "grounds": "recorded threats",
            "regime_level": 4,
            "medical_considered": True,
            "medical_considered_at": "2025-12-20",
        }
    ]
    about = {"reason": "safety", "by": "officer-2", "opened_at": "2026-01-12"}
    found["complaints"] = [about | {"person_id": "P1", "cell_id": "W-1"}]
    return write(tmp_path / "prison.json", found)


def test_capacity_by_category_and_unit(prison: Path) -> None:
    found = _json("report", prison, "capacity")
    assert not {"quality", "space", "reviews"} & found.keys()
    assert (found["people"], found["without_cell"]) == (5, 1)
    units = {u["unit_id"]: u for u in found["capacity"]["units"]}
    wing = units["W"]
    assert (wing["cna"], wing["effective"], wing["held"]) == (7, 8, 3)
    assert (wing["occupancy_percent"], wing["band"]) == (37, "under 90 %")
    sentenced = next(c for c in found["capacity"]["categories"] if c["category"] == "sentenced")
    assert (sentenced["people"], sentenced["held"], sentenced["places"]) == (5, 4, 0)


def test_space_days_name_who_reaches_the_limit(prison: Path) -> None:
    found = _json("report", prison, "space")["space"]
    assert (found["totals"]["below_hard"], found["totals"]["limit_reached"]) == (3, 1)
    first = found["people"][0]
    assert (first["person_id"], first["area_per_place_m2"]) == ("P2", 2.97)
    assert (first["hard_days"], first["hard_days_next"], first["warning_days"]) == (26, 27, 41)


def test_reviews_say_what_ends_a_restrictive_placement(prison: Path) -> None:
    found = _json("report", prison, "reviews")["reviews"]
    assert [(r["subject"], r["days"], r["is_overdue"]) for r in found["calendar"]] == [
        ("P4", -5, True),
        ("P1", 4, False),
        ("P4", 21, False),
    ]
    (strict,) = found["restrictive"]
    assert (strict["person_id"], strict["review_by"], strict["next_level"]) == (
        "P4",
        "2026-01-10",
        0,
    )
    assert strict["steps_down_to"] == "level 0: W; 5 places free"
    assert strict["ends"].startswith("Grounds that no longer hold; review of the separation")
    told = _json("report", prison, "reviews", "--reader", "security")["reviews"]["restrictive"]
    assert "recorded threats" in told[0]["ends"]
    (complaint,) = found["complaints"]
    assert (complaint["days"], complaint["is_frozen"]) == (3, True)
    assert "place_planned" not in complaint


def test_quality_counts_people_without_an_assessment(prison: Path) -> None:
    lines = {line["words"]: line for line in _json("report", prison, "quality")["quality"]}
    line = lines["People without a cell sharing risk assessment"]
    assert (line["count"], line["of"], line["percent"]) == (1, 5, 20)


def test_screen_and_page_have_every_part(prison: Path, tmp_path: Path) -> None:
    page = tmp_path / "now.html"
    result = _run("report", prison, "--out", page)
    assert result.exit_code == 0, result.output
    for words in ("Data quality", "Capacity", "space floors", "Reviews due", "level 0: W"):
        assert words in result.stdout
    reader = Reader(page.read_text("utf-8"))
    assert {"quality", "capacity", "space", "reviews"} <= set(reader.ids)
    assert "5 people, of whom 1 without a cell" in reader.text
    assert "Planned" not in reader.text
    assert all(address.startswith("#") for address in reader.addresses)
    before = page.read_bytes()
    assert _run("report", prison, "--out", page).exit_code == 2
    assert page.read_bytes() == before
    one = tmp_path / "one.html"
    assert _run("report", prison, "space", "--out", one).exit_code == 0
    assert "reviews" not in Reader(one.read_text("utf-8")).ids


@pytest.mark.parametrize("words", [("mood",), ("--out", "page.pdf"), ("--profile", "nonsense")])
def test_what_is_refused(prison: Path, words: tuple[str, ...]) -> None:
    assert _run("report", prison, *words).exit_code == 2
