"""What a governor reads and what a program reads of a conflict: one document."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from allocator.cli.app import app
from allocator.jobs.conflict_document import ONE_AND_MANY, unit_words
from allocator.model.catalogue import RuleId
from tests.scenario_documents import document, write


@pytest.fixture
def crowded(tmp_path: Path) -> Path:
    """Six people; two cells with five places, three of them certified."""
    found = document(n_people=6, places=(2, 3))
    found["cells"][0]["working_capacity"] = 1
    found["cells"][1]["working_capacity"] = 2
    return write(tmp_path / "crowded.json", found)


def _json(path: Path) -> dict[str, Any]:
    found = json.loads(CliRunner().invoke(app, ["conflict", str(path), "--json"]).stdout)
    assert isinstance(found, dict)
    return found


def test_json_of_a_conflict_has_all_that_is_promised(crowded: Path) -> None:
    found = _json(crowded)
    assert (found["exit_code"], found["status"]) == (4, "places_missing")
    assert found["left_out_without_derogation"] == {"found": 3, "at_least": 3, "proven": True}
    assert found["left_out_with_all_derogations"] == {"found": 1, "at_least": 1, "proven": True}
    conflict, signable = found["conflicts"]
    assert (conflict["kind"], conflict["places_needed"], conflict["places_there"]) == ("room", 6, 5)
    assert (signable["places_there"], signable["even_with_room"]) == (3, True)
    (repair,) = found["repairs"]
    (line,) = repair["signatures"]
    assert (line["signed_by"], line["place"], line["too_many"], line["people"]) == (
        "governor", "W", 2, 5,
    )  # fmt: skip
    assert list(repair["placement"].values()).count(None) == 1
    assert found["prices"]
    assert all(price["people"]["exact"] for price in found["prices"])


def test_screen_starts_with_the_count_and_says_who_signs(crowded: Path) -> None:
    lines = CliRunner().invoke(app, ["conflict", str(crowded)]).stdout.splitlines()
    assert lines[1].startswith("Places are missing that nobody can sign for: of 6 people 1 ")
    text = "\n".join(lines)
    assert "Repair 1: 1 signature places all but 1 person" in text
    assert "governor" in text
    assert "What one more cell would save" in text
    assert "1 more person placed" in text


def test_one_of_a_thing_is_one_and_a_signature_has_its_review(tmp_path: Path) -> None:
    """ "1 have no place", "1 places over", and of a signature that nobody ends it."""
    found = document(n_people=3, places=(1, 2))
    found["cells"][1]["working_capacity"] = 1
    source = write(tmp_path / "p.json", found)
    assert "of 3 people 1 has no place" in CliRunner().invoke(app, ["conflict", str(source)]).stdout
    (repair,) = _json(source)["repairs"]
    (line,) = repair["signatures"]
    assert (line["too_many"], line["unit"]) == (1, "place over effective capacity")
    assert line["until"].startswith("reviewed after 7 days (R56)")


@pytest.mark.parametrize("rule", RuleId)
def test_several_of_a_thing_are_several(rule: RuleId) -> None:
    """ "5 person over the cap"."""
    one, many = set(unit_words(rule, 1).split()), set(unit_words(rule, 5).split())
    assert one.isdisjoint(ONE_AND_MANY.values())
    assert many.isdisjoint(ONE_AND_MANY)
    assert one != many


def test_no_conflict_is_said_in_a_friendly_way(tmp_path: Path) -> None:
    path = write(tmp_path / "good.json", document())
    text = CliRunner().invoke(app, ["conflict", str(path)]).stdout
    assert "No conflict: all 2 people can be placed without any derogation." in text
    assert "1 further sentenced" in text


def test_the_page_is_written_once_and_only_as_html(crowded: Path, tmp_path: Path) -> None:
    page, other = tmp_path / "new" / "why.html", tmp_path / "why.txt"

    def run(path: Path) -> Result:
        return CliRunner().invoke(app, ["conflict", str(crowded), "--json", "--out", str(path)])

    made = run(page)
    assert made.exit_code == 4
    found = json.loads(made.stdout)
    assert found["files"] == [str(page)]
    assert found["words"] in page.read_text("utf-8")
    assert "exists already" in run(page).output
    assert "does not end in .html" in run(other).output
    assert not other.exists()
