"""The page of a conflict: what its document says, who would sign what, and nothing that harms."""

from pathlib import Path
from typing import Any

import pytest

from allocator.explain.readers import Reader as Who
from allocator.jobs.conflict import answer_conflict
from allocator.jobs.conflict_document import NEXT_STEP
from allocator.jobs.request import NO_OVERRIDES
from allocator.report.conflict_page import (
    amount_words,
    cause_table,
    cost_words,
    left_out_figures,
    price_table,
    render_conflict_html,
    repair_title,
    saving_bars,
    where_words,
)
from tests.api.structure import Structure
from tests.report.evil import EVIL, with_evil
from tests.report.test_page import Reader
from tests.scenario_documents import document

SPUZA = Path(__file__).parents[2] / "scenarios" / "f05_spuza_r"


def crowded() -> dict[str, Any]:
    """Six people; two cells with five places, three of them certified."""
    found = document(n_people=6, places=(2, 3))
    found["cells"][0]["working_capacity"] = 1
    found["cells"][1]["working_capacity"] = 2
    return found


@pytest.fixture(scope="module")
def small() -> dict[str, Any]:
    return answer_conflict(crowded(), NO_OVERRIDES)


def test_a_prison_without_room_says_what_is_missing_and_what_a_cell_saves() -> None:
    """The remand prison of 709 people in 455 places."""
    found = answer_conflict(SPUZA, NO_OVERRIDES)
    page = render_conflict_html(found)
    text = Reader(page).text
    assert found["words"] in text
    assert "Places are missing" in text
    assert "Shortfall whatever is signed" in text
    assert "remand 254 no room 254 remand places missing" in text
    assert "Repair 1: 1 signature places all but 254 people" in text
    assert "prison service director signs R06-space-floor in F05-C remand" in text
    assert "Minimal, proved: none can be left out" in text
    assert "one more remand 7-place cell like F05-C-1-006 −10" in text
    for price in found["prices"]:
        assert f"{price['words']} {price['saving_words']}" in text
    for clash in found["conflicts"]:
        assert clash["words"] in text
        assert ", ".join(clash["smallest_person_ids"]) in text
        assert clash["proof"] in text
    assert NEXT_STEP.replace("`", "") in text
    assert Structure(page).faults == []
    assert len(page) < 150_000


def test_each_repair_is_a_card_of_who_signs_what(small: dict[str, Any]) -> None:
    page = render_conflict_html(small)
    text = Reader(page).text
    (repair,) = small["repairs"]
    (line,) = repair["signatures"]
    assert "Repair 1: 1 signature places all but 1 person" in text
    assert f"governor signs {line['rule']} in W {line['words']}" in text
    assert "2 places over effective capacity; 5 people concerned" in text
    assert f"{repair['points']} points, proved to be the fewest for these signatures" in text
    assert "People: P1, P2" in text
    assert "Even if every cell had room for everybody" in text
    assert Structure(page).faults == []
    assert all(address.startswith("#") for address in Reader(page).addresses)
    assert "<script" not in page


def test_nothing_in_the_document_becomes_markup(small: dict[str, Any]) -> None:
    page, evil = render_conflict_html(small), render_conflict_html(with_evil(small))
    assert EVIL not in evil
    assert "&lt;script&gt;" in evil
    assert Reader(evil).tags == Reader(page).tags


def test_without_a_conflict_the_room_left_is_said_and_no_signature() -> None:
    found = answer_conflict(document(), NO_OVERRIDES)
    page = render_conflict_html(found)
    text = Reader(page).text
    assert "No conflict: all 2 people can be placed without any derogation." in text
    assert "1 further sentenced people at the most, by room, counted alone" in text
    assert "Who would have to sign what" not in text
    assert Structure(page).faults == []


def test_what_is_not_proved_is_said(small: dict[str, Any]) -> None:
    doubt = {"found": 7, "at_least": 3, "proven": False}
    (repair,) = small["repairs"]
    unsure = repair | {"minimal_proven": False, "points": 1211, "points_at_least": 30}
    clash = small["conflicts"][0] | {"smallest_proven": False}
    found = small | {
        "left_out_with_all_derogations": doubt, "repairs": [unsure], "conflicts": [clash],
        "conflicts_complete": False, "repairs_complete": False, "status": "undecided",
    }  # fmt: skip
    text = Reader(render_conflict_html(found)).text
    for said in (
        "Not decided", "found; proved 3 at least", "Not proved that none can be left out",
        "1,211 points found, 30 proved at least", "Not proved to be the smallest",
        "There may be further conflicts", "There may be further repairs", "all but 7 people",
    ):  # fmt: skip
        assert said in text
    assert left_out_figures(found)[1][1:] == ("7", "found; proved 3 at least")


def test_a_hidden_record_is_counted_and_names_nobody() -> None:
    found = document(n_people=2, places=(2,))
    found["non_associations"] = [
        {
            "person_a": "P1", "person_b": "P2", "restriction": "cell", "marking": "restricted",
            "released_to": ["security"],
        }
    ]  # fmt: skip
    officer, security = (
        answer_conflict(found, NO_OVERRIDES, reader=who) for who in (Who.OFFICER, Who.SECURITY)
    )
    told, whole = Reader(render_conflict_html(officer)).text, render_conflict_html(security)
    assert "R09-non-association" in whole
    assert "R09-non-association" not in told
    assert "People: 2 people, not named" in told


def price(people: tuple[int, int, int], points: tuple[int, int, int] | None) -> dict[str, Any]:
    def saving(ends: tuple[int, int, int] | None) -> dict[str, Any] | None:
        if ends is None:
            return None
        least, found, most = ends
        return {"least": least, "found": found, "most": most, "exact": least == most}

    return {
        "words": "one more cell", "saving_words": "so much", "cells": 1234,
        "people": saving(people), "points": saving(points),
    }  # fmt: skip


def test_bars_say_what_is_found_and_what_is_proved() -> None:
    prices = [
        price((0, 2, 5), (-10, -10, -10)),
        price((3, 3, 3), None),
        price((0, 0, 0), (7, 7, 7)),
    ]
    people, points = saving_bars(prices)
    assert [row[2] for row in people.rows] == ["2 found, proved 0 to 5", "3", "none"]
    assert people.has_ranges
    assert not people.has_less
    assert [row[2] for row in points.rows] == ["−10", "7"]
    assert (points.has_less, points.has_ranges) == (True, False)
    assert 'class="less" x="0.00%" y="5" width="58.82%"' in points.rows[0][1]
    assert saving_bars([price((0, 0, 0), (0, 0, 0))]) == ()
    assert [row[1:] for row in price_table(prices).rows] == [
        ("so much", "1,234", "range proved"),
        ("so much", "1,234", "proved"),
        ("so much", "1,234", "proved"),
    ]


def test_one_of_a_thing_is_one() -> None:
    line = {"too_many": 1, "unit": "place", "people": 1, "place": "", "category": ""}
    assert amount_words(line) == "1 place; 1 person concerned"
    assert where_words(line) == "anywhere"
    hidden = line | {"unit": "", "too_many": 5, "people": 2, "place": "W", "category": "remand"}
    assert amount_words(hidden) == "5 too many; 2 people concerned"
    assert where_words(hidden) == "in W remand"
    assert repair_title({"signatures": [line, line]}, "everybody") == "2 signatures place everybody"
    one = {"points": 7, "points_at_least": 7}
    assert cost_words(one) == "7 points, proved to be the fewest for these signatures"
    cause = {"category": "remand", "places": 3, "is_room": False, "words": "w", "rules": []}
    assert cause_table("t", "c", [cause]).rows == (("remand", "3", "not filled", "w"),)
