"""The page of an explanation: what its document says and no more, for each reader, safely."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from allocator.explain.headline import CAVEAT, STATUS
from allocator.explain.readers import Reader as Who
from allocator.jobs.explain import Explainer
from allocator.jobs.explain_document import explain_document
from allocator.jobs.request import NO_OVERRIDES
from allocator.jobs.task import read_source
from allocator.model.catalogue import RuleId
from allocator.report.drawing import change_bar, scale_ends
from allocator.report.explanation import (
    adds_table,
    cell_words,
    cost_table,
    exposure_bars,
    reasons_of,
    render_explanation_html,
)
from allocator.verify import verify
from tests.api.structure import Structure
from tests.explain.test_person import PLACES, near_a_leader
from tests.jobs.plans import plan_of
from tests.report.evil import EVIL, with_evil
from tests.report.test_page import Reader

TRAINING = Path(__file__).parents[2] / "scenarios" / "training_prison"


@cache
def told(who: Who, cell_id: str | None = "a1") -> dict[str, Any]:
    """P is planned away from the leader; a1 is shared with the leader."""
    scenario = near_a_leader()
    explainer = Explainer(scenario, plan_of(scenario, PLACES))
    found = explainer.check(explainer.explain("p", cell_id))
    return explain_document(scenario, explainer.plan, found, who)


@pytest.fixture(scope="module")
def training() -> dict[str, Any]:
    """Somebody of the training prison under the present placement of those who are lawful in it."""
    scenario = read_source(TRAINING, NO_OVERRIDES)
    placement = {p.person_id: p.current_place for p in scenario.people}
    cells = {c.cell_id for c in scenario.estate.cells}
    placement = {k: v if v in cells else None for k, v in placement.items()}
    while broken := verify(scenario, placement).unlawful:
        placement |= dict.fromkeys(broken[0].person_ids)
    explainer = Explainer(scenario, plan_of(scenario, placement))
    person_id = next(k for k, v in placement.items() if v is not None)
    found = explainer.check(explainer.explain(person_id, "TRN-B-1-002"))
    return explain_document(scenario, explainer.plan, found, Who.OFFICER)


@pytest.mark.parametrize("who", [Who.OFFICER, Who.SECURITY])
def test_the_page_says_what_the_document_says(who: Who) -> None:
    document = told(who)
    page = render_explanation_html(document)
    text = Reader(page).text
    for said in (
        document["placement"]["words"],
        document["choice"]["words"],
        document["asked"]["words"],
        document["change"]["words"],
        document["change"]["note"],
        document["data"]["released"],
        *(other["words"] for other in document["alternatives"]),
        *(term["words"] for other in document["alternatives"] for term in other["terms"]),
        *(rule["words"] for rule in document["asked"]["closed_by"]),
        CAVEAT,
        STATUS,
        "A named person decides",
        "Checked by the judge",
    ):
        assert said in text
    assert "<script" not in page
    assert Structure(page).faults == []
    assert all(address.startswith("#") for address in Reader(page).addresses)


def test_what_an_officer_may_not_see_is_not_on_the_page() -> None:
    hidden = ("R32-spillover", "receptiv", "leader")
    officer, security = (
        render_explanation_html(told(who, None)) for who in (Who.OFFICER, Who.SECURITY)
    )
    for word in hidden:
        assert word not in Reader(officer).text.lower()
    assert "R32-spillover" in security
    assert "receptivity" in Reader(security).text


def test_the_page_of_the_training_prison_has_its_closed_cells_and_ages(
    training: dict[str, Any],
) -> None:
    page = render_explanation_html(training)
    text = Reader(page).text
    closed = training["closed"]
    assert closed["cells"] > 100
    assert f"{closed['cells']} cells are closed to {training['person_id']}" in text
    for rule in closed["rules"]:
        assert f"{rule['rule']} {rule['cells']} {rule['words']}" in text
    ages = [row["age_days"] for row in training["data"]["rows"] if row["age_days"]]
    assert ages
    for days in ages:
        assert f"{days:,} day" in text
    assert "15 January 2026" in text
    assert Structure(page).faults == []


def test_nothing_in_the_document_becomes_markup(training: dict[str, Any]) -> None:
    for document in (training, told(Who.SECURITY)):
        page, evil = (render_explanation_html(found) for found in (document, with_evil(document)))
        assert EVIL not in evil
        assert "&lt;script&gt;" in evil
        assert Reader(evil).tags == Reader(page).tags


def test_the_title_that_a_browser_keeps_names_nobody() -> None:
    title = re.search(r"<title>(.*?)</title>", render_explanation_html(told(Who.SECURITY)))
    assert title is not None
    assert title[1] == f"Explanation of one placement: {told(Who.SECURITY)['scenario']}"


def test_an_unchecked_answer_says_so() -> None:
    page = render_explanation_html(told(Who.OFFICER) | {"verified": False})
    assert "Not checked by the judge" in page
    assert "The judge finds" not in page


def alternative(cell_id: str, tiers: dict[str, int], terms: list[Any], **more: Any) -> Any:
    terms = [
        {"tier": tier, "source": name, "points": points, "words": f"of {name}"}
        for tier, name, points in terms
    ]
    return {
        "cell_id": cell_id, "wing_id": "W", "is_present": False, "alike": 1, "tiers": tiers,
        "terms": terms, "closed_by": [], "breaches": [],
    } | more  # fmt: skip


NEAR = alternative(
    "c1", {"moves": 0, "exposure": -27}, [("exposure", "R33", 5), ("exposure", "R32", -32)],
    is_present=True,
)  # fmt: skip
FAR = alternative(
    "c2", {"moves": 3, "exposure": 1063}, [("moves", "R34", 3), ("exposure", "R32", 1063)], alike=3
)
SHUT = alternative("c3", {}, [])


def test_costs_stand_rule_by_rule_under_their_tier() -> None:
    table = cost_table("costs", "What", [SHUT, NEAR, FAR])
    assert [c.name for c in table.columns][1:3] == ["c1 (now)", "c2 and 2 alike"]
    assert [row[:3] for row in table.rows] == [
        ("Moves", "no change", "+3"),
        ("R34", "–", "+3"),
        ("Exposure", "−27", "+1,063"),
        ("R33", "+5", "–"),
        ("R32", "−32", "+1,063"),
    ]
    assert table.marked == {0, 2}
    assert cost_table("costs", "What", [SHUT]).rows == ()
    added = adds_table({"tiers": {"moves": 2}, "terms": []})
    assert [row[:2] for row in added.rows] == [("Moves", "+2")]


def test_bars_are_of_one_scale_and_only_where_something_changes() -> None:
    bars = exposure_bars([SHUT, NEAR, FAR])
    assert [(name, change) for name, _, _, change in bars] == [
        ("c1 (now)", "−27"),
        ("c2 and 2 alike", "+1,063"),
    ]
    assert 'class="less" x="0.00%"' in bars[0][2]
    assert 'width="2.48%"' in bars[0][2]
    assert 'class="more" x="2.48%"' in bars[1][2]
    assert 'width="97.52%"' in bars[1][2]
    same = NEAR | {"tiers": {"moves": 0, "exposure": 0}}
    assert exposure_bars([same, SHUT]) == ()
    assert cell_words(SHUT) == "c3"


def test_a_bar_shows_the_range_that_is_proved() -> None:
    ends = scale_ends([20, 5, 30])
    assert ends == (0, 30)
    exact, open_range = change_bar(20, ends, (20, 20)), change_bar(20, ends, (5, 30))
    assert "reach" not in exact
    assert '<line class="reach" x1="16.67%" x2="100.00%"' in open_range
    assert "<rect" not in change_bar(0, (0, 0), (0, 0))


def test_a_rule_without_a_breach_is_named_once_and_nobody_signs_what_closes() -> None:
    rule = RuleId.CAPACITY.value
    breach = {
        "rule": rule, "words": "Too many.", "place": "c3", "person_ids": ["p", "q"],
        "detail": "c3: 3 places taken; maximum 2", "signed_by": None,
    }  # fmt: skip
    closing = [
        {"rule": rule, "words": "Too many."},
        {"rule": "recorded information", "words": "R."},
    ]
    shut = SHUT | {"closed_by": closing, "breaches": [breach]}
    first, second = reasons_of(shut)
    assert (first.words, first.people) == ("c3: 3 places taken; maximum 2", "p, q")
    assert (second.rule, second.people) == ("recorded information", "")
    assert first.signer == second.signer == "nobody may sign"
    signed = breach | {"signed_by": "head_of_security", "detail": ""}
    (one,) = reasons_of(FAR | {"breaches": [signed]})
    assert (one.words, one.signer) == ("Too many. At c3.", "to be signed by head of security")
