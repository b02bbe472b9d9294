"""No answer tells an officer what rests on intelligence, whatever the door (R54, R60)."""

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from allocator.explain.breakdown import break_down
from allocator.explain.departures import revision_of
from allocator.explain.present import present_state
from allocator.explain.readers import HIDDEN_RULES, READERS, RECORDED, Reader
from allocator.explain.repair.answer import explain_why_not
from allocator.explain.reviews import review_calendar
from allocator.jobs.conflict_document import conflict_document
from allocator.jobs.place import Placer
from allocator.jobs.place_document import place_document
from allocator.jobs.ports import Planned
from allocator.jobs.present_document import present_document
from allocator.jobs.summary import summary_document
from allocator.jobs.told import breach_documents, derogation_documents
from allocator.model.catalogue import RuleId
from allocator.model.plan import Breach, Derogation, Placement
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Grade, NetworkRole
from allocator.prepare.last_plan import with_last_plan
from allocator.report.moves_csv import render_moves_csv
from allocator.report.page import render_page
from allocator.report.present import render_present
from allocator.verify import verify
from tests.builders import cell, days_ago, make_scenario, receptivity, role, soft
from tests.explain.test_readers import PLACES, crowded_with_records
from tests.jobs.plans import plan_of

RULES = [rule.split("-")[0] for rule in sorted(HIDDEN_RULES)]
TOLD = [*RULES, "governor-reason", "threat", "suicide", "co_defendant", "network role"]
FINDINGS = ("leader", "recruiter", "receptivity)", "GANG", "monitoring order")
WORSE = {**PLACES, "p": "a1", "r": "b2"}


@cache
def recorded() -> Scenario:
    """Everything recorded of p; the leader is in a1."""
    scenario = crowded_with_records()
    people = (
        replace(p, current_place="a1") if p.person_id == "lead" else p for p in scenario.people
    )
    return replace(scenario, people=tuple(people), freezes=())


@cache
def softened() -> Scenario:
    """Everything recorded of p; rules on findings are only weighed, so that a plan breaks them."""
    scenario = recorded()
    settings = {**scenario.profile.settings, **dict.fromkeys(HIDDEN_RULES, soft(3))}
    return replace(scenario, profile=replace(scenario.profile, settings=settings))


def answers(reader: Reader) -> dict[str, Any]:
    """What every door says about the scenario and a plan that breaks R18."""
    scenario, strict = softened(), recorded()
    plan = plan_of(scenario, WORSE)
    planned = Planned(plan, verify(scenario, WORSE))
    found = break_down(scenario, plan, reader)
    present = present_state(scenario, reader)
    placer = Placer(strict)
    revised = with_last_plan(strict, plan_of(strict, {**PLACES, "p": "a1"}))
    departing = replace(
        plan_of(revised, PLACES), placements=(Placement("p", "a4", "b1", {}, "a1"),)
    )
    return {
        "summary": summary_document(scenario, planned, (), reader),
        "page": render_page(found),
        "moves": render_moves_csv(found),
        "report": present_document(scenario, present),
        "report page": render_present(present, ("reviews", "space", "capacity")),
        "place": place_document(strict, placer.check(placer.place("p")), placer.present, reader),
        "departure": str(revision_of(revised, departing, reader)),
    }


def said(document: Any) -> str:
    return document if isinstance(document, str) else json.dumps(document, default=str)


@pytest.mark.parametrize("door", list(answers(Reader.SECURITY)))
def test_officers_are_told_nothing_that_rests_on_intelligence(door: str) -> None:
    text = said(answers(Reader.OFFICER)[door])
    assert [word for word in (*TOLD, *FINDINGS) if word in text] == []


def test_security_staff_are_told_all_of_it() -> None:
    found = {door: said(text) for door, text in answers(Reader.SECURITY).items()}
    for door in ("summary", "page", "place"):
        assert "R18" in found[door], door
    assert "R73" in found["departure"]


def test_a_finding_that_falls_due_is_named_to_security_staff_only() -> None:
    due = replace(receptivity("p", Grade.HIGH), valid_until=days_ago(-3))
    scenario = make_scenario(people=["p"], findings=[due])
    told = {reader: review_calendar(scenario, 0, reader) for reader in READERS}
    assert [(line.subject, line.days) for line in told[Reader.OFFICER]] == [("p", 3)]
    assert told[Reader.OFFICER][0].what == f"Placement finding ({RECORDED})"
    assert told[Reader.SECURITY][0].what == "Placement finding (receptivity)"


def test_every_cell_is_named_and_what_is_hidden_only_where_nothing_else_closes_it() -> None:
    found = answers(Reader.OFFICER)["place"]
    told = answers(Reader.SECURITY)["place"]
    offered = {offer["cell_id"] for offer in found["offers"]}
    named = {cell["cell_id"]: cell["closed_by"] for cell in found["other_cells"]}
    whole = {cell["cell_id"]: cell["closed_by"] for cell in told["other_cells"]}
    assert len(named) + len(offered) == found["cells"]
    assert named.keys() == whole.keys()
    assert named["a1"] == [RECORDED]
    for cell_id, rules in whole.items():
        known = [rule for rule in rules if rule not in HIDDEN_RULES]
        assert named[cell_id] == (known or [RECORDED] * bool(rules)), cell_id
    alone = [cell_id for cell_id, rules in named.items() if rules == [RECORDED]]
    assert found["closed_by"][RECORDED]["cells"] == len(alone)
    assert all(offer["exposure"] == {} for offer in found["offers"])
    assert [o["tiers"] for o in told["offers"]] == [o["tiers"] for o in found["offers"]]


def test_hidden_entries_are_one_for_each_place_and_signer_and_keep_the_points() -> None:
    scenario = make_scenario(cells=["c1", "c2"], people=["p1", "p2"])
    entries = [
        Derogation(Breach(rule, ("p1", "p2"), place, amount, "the leader p1"), price, "governor")
        for rule, place, amount, price in (
            (RuleId.SOURCE_RECEPTIVE_CELL, "c1", 2, 3),
            (RuleId.CAPACITY, "c1", 1, 5),
            (RuleId.LEADERS, "c1", 7, 11),
            (RuleId.STAFFING, "c2", 1, 13),
        )
    ]
    told = derogation_documents(scenario, entries, Reader.OFFICER)
    assert [(t["rule"], t["place"], t["amount"], t["points"]) for t in told] == [
        (RECORDED, "c1", 9, 83),
        ("R02-capacity", "c1", 1, 5),
        (RECORDED, "c2", 1, 13),
    ]
    assert "leader" not in json.dumps([t for t in told if t["rule"] == RECORDED])
    whole = derogation_documents(scenario, entries, Reader.SECURITY)
    assert [t["points"] for t in whole] == [e.points for e in entries]
    breaches = breach_documents(scenario, [e.breach for e in entries], Reader.OFFICER)
    assert [b["amount"] for b in breaches] == [9, 1, 1]


def test_people_of_a_conflict_with_something_hidden_are_counted() -> None:
    findings = [role("lead", NetworkRole.LEADER), receptivity("r", Grade.HIGH)]
    scenario = make_scenario([cell("c1", 2)], ["lead", "r"], findings=findings)
    answer = explain_why_not(scenario, 3)
    (officer,) = conflict_document(scenario, answer)["conflicts"]
    (security,) = conflict_document(scenario, answer, Reader.SECURITY)["conflicts"]
    assert (officer["people"], officer["person_ids"]) == (2, [])
    assert [rule["rule"] for rule in officer["rules"]] == [RECORDED]
    assert security["person_ids"] == ["lead", "r"]
    assert [rule["rule"] for rule in security["rules"]] == [RuleId.SOURCE_RECEPTIVE_CELL]
