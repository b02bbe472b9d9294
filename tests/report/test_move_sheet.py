"""The page of an order of moves says what its document says, step by step, and nothing else."""

import json
import re
from html import unescape
from typing import Any

import pytest

from allocator.explain.headline import TIER_WORDS
from allocator.jobs.order import order_plan
from allocator.jobs.order_document import order_document
from allocator.jobs.task import read_source
from allocator.model.vocabulary import Tier
from allocator.report.form import STATUS
from allocator.report.move_picture import LEFT, RIGHT, ROWS, WIDTH, Clock, move_drawings
from allocator.report.move_sheet import (
    left_proof,
    render_order_html,
    temporary_proof,
)
from allocator.report.move_steps import sheet_windows, step_minutes
from tests.api.structure import Structure
from tests.jobs import fakes
from tests.scenario_documents import document

CSWAP = {"place_id": "F-X", "facility_id": "F", "kind": "CSWAP"}
BAR = re.compile(r'<g><title>(.*?)</title><rect class="(step[ a-z]*)" x="([\d.]+)" y="([\d.]+)"')
WAIT = re.compile(r'<rect class="waits" x="(\d+\.\d)" y="[\d.]+" width="([\d.]+)"')
EVIL = "<script>alert('x')</script>&\""


def order_of(
    people: int, target: dict[str, str | None], thresholds: dict[str, int] | None = None
) -> dict[str, Any]:
    """The document of the order that brings people from W-1, W-2 … to other single cells."""
    profile = {"extends": "coe_base", "thresholds": thresholds or {}}
    places = (1,) * (2 * people)
    found = document(people, places, virtual_places=[CSWAP], legal_profile=profile)
    for number, person in enumerate(found["people"], 1):
        person |= {"current_place": f"W-{number}", "age_years": 40}
    scenario = read_source(found)
    here: dict[str, str | None] = {f"P{n}": f"W-{n}" for n in range(1, people + 1)}
    return order_document(order_plan(found, fakes.put(scenario, here | target)))


def swap_and_move(people: int, thresholds: dict[str, int] | None = None) -> dict[str, Any]:
    """P1 and P2 swap, everybody else goes to an empty cell of their own."""
    target: dict[str, str | None] = {"P1": "W-2", "P2": "W-1"}
    target |= {f"P{n}": f"W-{people + n}" for n in range(3, people + 1)}
    return order_of(people, target, thresholds)


@pytest.fixture(scope="module")
def small() -> dict[str, Any]:
    return swap_and_move(18)


@pytest.fixture(scope="module")
def large() -> dict[str, Any]:
    return swap_and_move(100)


@pytest.fixture(scope="module")
def nights() -> dict[str, Any]:
    """Three moves in a row, of which a window holds two."""
    target: dict[str, str | None] = {"P1": "W-2", "P2": "W-3", "P3": "W-4"}
    return order_of(3, target, {"move_window_minutes": 60})


@pytest.fixture(scope="module")
def stuck() -> dict[str, Any]:
    """P1 and P2 swap in a full prison without a place to wait; P3 stays."""
    found = document(3, (1, 1, 1))
    for number, person in enumerate(found["people"], 1):
        person |= {"current_place": f"W-{number}", "age_years": 40}
    places: dict[str, str | None] = {"P1": "W-2", "P2": "W-1", "P3": "W-3"}
    return order_document(order_plan(found, fakes.put(read_source(found), places)))


def steps_of(found: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(batch, step) for batch in found["batches"] for step in batch["steps"]]


def rows_of(page: str) -> list[list[str]]:
    """The rows of the sheets as texts."""
    found = []
    for table in re.findall(r'<table class="sheet">(.*?)</table>', page, re.DOTALL):
        for row in re.findall(r"<tr>(<td class=\"num\">.*?)</tr>", table):
            cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row)
            found.append([unescape(re.sub("<[^>]*>", "", cell)) for cell in cells])
    return found


@pytest.mark.parametrize("name", ["small", "large", "nights", "stuck"])
def test_every_step_has_a_bar_and_a_row(name: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(name)
    page = render_order_html(found)
    expected = steps_of(found)
    bars = BAR.findall(page)
    assert len(bars) == found["steps"] == len(expected)
    assert sum(kind != "step" for _, kind, _, _ in bars) == found["temporary_steps"]
    assert len(WAIT.findall(page)) == found["temporary_steps"]
    rows = rows_of(page)
    assert [row[:5] + row[6:] for row in rows] == [
        [
            str(batch["batch"]), f"{batch['start']} to {batch['end']}", step["person_id"],
            step["from_place"] or "arrival", step["to_place"], str(step["officers"]), "", "",
        ]
        for batch, step in expected
    ]  # fmt: skip
    assert Structure(page).faults == []
    assert found["next_step"] in page


def test_the_documents_are_what_the_tests_take_them_for(
    small: dict[str, Any], large: dict[str, Any], nights: dict[str, Any]
) -> None:
    assert (small["steps"], small["temporary_steps"]) == (19, 1)
    assert (large["steps"], large["temporary_steps"]) == (101, 1)
    assert [window["moves"] for window in nights["windows"]] == [2, 1]


def test_who_waits_is_told_where_and_until_when(small: dict[str, Any]) -> None:
    (batch, step), (then, _) = (
        next(pair for pair in steps_of(small) if pair[1]["is_temporary"]),
        next(
            pair
            for pair in reversed(steps_of(small))
            if pair[1]["person_id"] in {"P1", "P2"} and not pair[1]["is_temporary"]
        ),
    )
    page = render_order_html(small)
    said = [row[5] for row in rows_of(page)]
    assert said.count("–") == 18
    assert f"waits in {step['to_place']} until {then['start']}" in said
    assert then["start_minute"] > batch["start_minute"]


def test_bars_stand_where_the_clock_says(large: dict[str, Any]) -> None:
    """As far from the left as the batch begins after the window opens, for 540 minutes in all."""
    page = render_order_html(large)
    starts = {
        (batch["batch"], step["person_id"]): batch["start_minute"]
        for batch, step in steps_of(large)
    }
    for title, _, x, _ in BAR.findall(page):
        words = re.match(r"Batch (\d+), .*?: (P\d+) from", title)
        assert words is not None
        minute = starts[int(words[1]), words[2]]
        assert float(x) == pytest.approx(LEFT + (WIDTH - LEFT - RIGHT) * minute / 540 + 1, abs=0.06)
    left, width = map(float, WAIT.findall(page)[0])
    assert LEFT < left < left + width < WIDTH - RIGHT


def test_a_hundred_people_are_drawn_on_several_sheets(large: dict[str, Any]) -> None:
    page = render_order_html(large)
    heights = [int(h) for h in re.findall(r'<svg class="gantt" viewBox="0 0 \d+ (\d+)"', page)]
    assert len(heights) == -(-100 // ROWS) == 3
    assert max(heights) < 800
    tops: dict[float, int] = {}
    for _, _, _, y in BAR.findall(page):
        tops[float(y)] = tops.get(float(y), 0) + 1
    assert sum(tops.values()) == 101
    assert len(tops) == ROWS


def test_later_windows_begin_at_the_left_again(nights: dict[str, Any]) -> None:
    page = render_order_html(nights)
    bars = BAR.findall(page)
    assert [float(x) for _, _, x, _ in bars] == [25.0, 430.0, 25.0]
    assert "Window 2: 08:00 +1 d to 08:30 +1 d" in page
    assert page.count('<section class="window">') == 2
    assert nights["windows_words"] in page
    assert "2 of 3" in page
    for tier, value in nights["windows"][0]["tiers_after"].items():
        assert TIER_WORDS[Tier(tier)] in page, value


def test_hours_go_on_past_midnight() -> None:
    found = swap_and_move(18, {"move_window_minutes": 1200})
    assert found["closes"] == "04:00 +1 d"
    (window,) = sheet_windows(found)
    clock = Clock(8 * 60, found["window_minutes"], step_minutes(found))
    ((_, drawing),) = move_drawings(window, clock)
    hours = re.findall(r'<text class="clock"[^>]*>(.*?)</text>', drawing)
    assert hours[:4] == ["08:00", "08:00", "10:00", "10:00"]
    assert hours[-4:] == ["02:00", "02:00", "04:00", "04:00"]
    assert "00:00" in hours


def test_nothing_in_a_document_becomes_markup(small: dict[str, Any]) -> None:
    text = json.dumps(small).replace('"P1"', json.dumps(EVIL)).replace('"W-2"', json.dumps(EVIL))
    hostile = json.loads(text) | {"scenario": EVIL, "assumption": EVIL, "words": EVIL}
    page = render_order_html(hostile)
    assert "<script" not in page
    assert Structure(page).faults == []
    assert EVIL in [row[2] for row in rows_of(page)]
    assert len(BAR.findall(page)) == 19


def test_who_is_left_out_is_named_with_what_is_missing(stuck: dict[str, Any]) -> None:
    page = render_order_html(stuck)
    assert stuck["left_out"] == ["P1", "P2"]
    for words in (
        "2 people stay where they are",
        "P1 waits for P2 waits for P1",
        "W-1, W-2",
        stuck["hindrances"][0]["missing"],
        "The plan without the moves that are left out is verified.",
        stuck["words"],
    ):
        assert words in page, words
    assert 'class="gantt" viewBox' not in page
    for tier, value in stuck["nearest"]["tiers"].items():
        line = re.search(rf">{re.escape(TIER_WORDS[Tier(tier)])}</th>(.*?)</tr>", page)
        assert line is not None
        shown = [
            int(n.replace("−", "-").replace(",", "")) for n in re.findall(r">([^<]+)<", line[1])
        ]
        assert shown == [value, stuck["nearest"]["tiers_of_plan"][tier]]


def test_a_plan_that_the_judge_refuses_is_not_proposed(stuck: dict[str, Any]) -> None:
    nearest = stuck["nearest"] | {"verified": False, "refused": ["the judge has 3 faults"]}
    page = render_order_html(stuck | {"nearest": nearest})
    assert "is not proposed as a plan" in page
    assert "the judge has 3 faults" in page


def test_an_assumption_stands_on_every_sheet(nights: dict[str, Any]) -> None:
    words = "ASSUMED, not decided: P9 has left."
    page = render_order_html(nights | {"assumption": words, "assumed_left": ["P9"]})
    heads = re.findall(r'<tr class="paper"><td colspan="9">(.*?)</td></tr>', page)
    assert len(heads) == 2
    assert all(words in head and STATUS in head for head in heads)
    assert page.count(words) == 5


def test_people_without_a_place_and_over_night_are_named(small: dict[str, Any]) -> None:
    waits: dict[str, Any] = {
        "words": "1 person has a cell now and no place in the plan.",
        "people": [{"person_id": "P77", "cell": "W-55"}],
        "if_left": [{"person_ids": ["P77"], "moves": 13}],
    }
    held: dict[str, Any] = {"words": "P88 is still between cells.", "people": []}
    more = {"undecided": ["P77"], "waits_for_decision": waits, "held_over_night": held}
    page = render_order_html(small | more)
    for words in (waits["words"], "P77", "W-55", "at least 13", held["words"]):
        assert words in page


@pytest.mark.parametrize(
    ("steps", "bound", "words"),
    [
        (0, 0, "nobody waits on the way"),
        (5, 5, "proved: fewer are not possible"),
        (7, 3, "at least 3 are needed"),
        (7, 0, "whether fewer would do is not proved"),
    ],
)
def test_what_is_proved_of_temporary_steps_is_said(steps: int, bound: int, words: str) -> None:
    assert temporary_proof({"temporary_steps": steps, "temporary_bound": bound}) == words


@pytest.mark.parametrize(
    ("left", "bound", "words"),
    [
        (0, 0, "everybody gets where the plan wants them"),
        (2, 2, "proved: fewer are not possible"),
        (3, 2, "at least 2 have to stay"),
        (3, 0, "whether fewer could stay is not proved"),
    ],
)
def test_what_is_proved_of_people_left_out_is_said(left: int, bound: int, words: str) -> None:
    assert left_proof({"left_out": ["P"] * left, "left_out_bound": bound}) == words


def test_a_page_without_moves_has_no_sheet() -> None:
    page = render_order_html(order_of(2, {}))
    assert "Nobody moves." in page
    assert '<table class="sheet">' not in page
    assert Structure(page).faults == []


def test_columns_to_sign_are_for_paper_alone(small: dict[str, Any]) -> None:
    page = render_order_html(small)
    style = page.partition("<style>")[2].partition("</style>")[0]
    screen, _, paper = style.rpartition("@media print")
    assert ".sheet .paper,.sheet .pen{display:none}" in screen
    assert ".sheet .pen{display:table-cell" in paper
    assert ".window{break-before:page" in paper
    assert ".sheet tbody+tbody tr:last-child{break-before:auto}" in paper
    assert 'class="pen">Done at</th>' in page
    assert 'class="pen">Signed</th>' in page


def test_a_temporary_place_without_a_later_step_is_said_and_drawn_to_the_end(
    nights: dict[str, Any],
) -> None:
    found = json.loads(json.dumps(nights))
    first = found["batches"][0]["steps"][0]
    first["is_temporary"] = True
    page = render_order_html(found)
    said = f"waits in {first['to_place']}; no later step is known"
    assert [row[5] for row in rows_of(page)] == [said, "–", "–"]
    ((left, width),) = WAIT.findall(page)
    assert (float(left), float(left) + float(width)) == (429.0, WIDTH - RIGHT)
