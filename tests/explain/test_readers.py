"""What each reader sees of an explanation, and what the person concerned is told (R54, R60)."""

import json
from dataclasses import replace
from typing import Any

import pytest

from allocator.explain.breakdown import break_down
from allocator.explain.move_lines import MoveLine
from allocator.explain.readers import RECORDED, Reader
from allocator.explain.reasons import MoveReason
from allocator.jobs.explain import Explainer
from allocator.jobs.explain_document import explain_document
from allocator.model.catalogue import RuleId
from allocator.model.relations import (
    GroupRivalry,
    InfluenceEdge,
    KeepApartMembership,
    NonAssociation,
    ProtectionNeed,
)
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import (
    AuthorityKind,
    EdgeKind,
    EvidenceBasis,
    FreezeReason,
    Grade,
    NetworkRole,
    NonAssociationReason,
    Restriction,
    SourceGrade,
)
from tests.builders import (
    DAY,
    authority,
    cell,
    days_ago,
    derogable,
    freeze,
    landing,
    make_scenario,
    person,
    receptivity,
    role,
    wing,
)
from tests.jobs.plans import plan_of
from tests.report.sample import make_plan

PLACES = {"lead": "a1", "p": "b1", "apart": "a2", "need": "a3", "foe": "b2", "r": "b1"}
HIDDEN = [
    *("leader", "receptiv", "recruit", "enforcer", "spillover", "collusion", "coerc", "GANG"),
    *("co_defendant", "directs", "R18", "R19", "R32", "R33", "R38", "R71", "R73", "monitoring"),
    *("lead", "foe", "threat", "governor-reason", "tool", "assessor", "suicide"),
]


def crowded_with_records() -> Scenario:
    """A receptive p with something recorded of every kind, planned from a2 to the other wing."""
    days = (days_ago(47), days_ago(-13))
    evidence = InfluenceEdge(
        "lead", "p", EdgeKind.CO_DEFENDANT, 3, SourceGrade.C, EvidenceBasis.FACT, *days
    )
    expired = replace(receptivity("p", Grade.LOW), assessed_at=days_ago(400))
    return make_scenario(
        [cell(c, 2, "L2" if c[0] == "b" else "L") for c in ("a1", "a2", "a3", "a4", "b1", "b2")],
        [
            *("lead", "apart", "need", "foe", "r"),
            person("p", current_place="a4", communications_order_until=DAY, first_time=True),
        ],
        units=[wing("W2", name="West", communications_monitoring=True), landing("L2", "W2")],
        findings=[
            role("lead", NetworkRole.LEADER),
            receptivity("p", Grade.HIGH),
            replace(expired, valid_until=days_ago(200)),
        ],
        influence_edges=[evidence],
        non_associations=[
            NonAssociation("apart", "p", Restriction.CELL, NonAssociationReason.GANG_RELATED)
        ],
        keep_apart_memberships=[
            KeepApartMembership("g", "p"),
            KeepApartMembership("h", "foe"),
        ],
        group_rivalries=[GroupRivalry("g", "h", Restriction.CELL)],
        protection_needs=[ProtectionNeed("need", Restriction.CELL, "threat", "governor", DAY, "p")],
        freezes=[replace(freeze("p", days_ago(5)), reason=FreezeReason.SUICIDE_WATCH)],
        authorities=[authority("p", AuthorityKind.ASSESSMENT, 3, grounds="governor-reason")],
    )


def documented(reader: Reader, cell_id: str | None = None) -> dict[str, Any]:
    scenario = crowded_with_records()
    plan = plan_of(scenario, PLACES)
    explainer = Explainer(scenario, plan)
    found = explainer.check(explainer.explain("p", cell_id))
    return explain_document(scenario, plan, found, reader)


@pytest.mark.parametrize("cell_id", [None, "a1", "a2", "a3", "a4", "b2"])
def test_officers_see_no_intelligence(cell_id: str | None) -> None:
    document = documented(Reader.OFFICER, cell_id)
    text = json.dumps({**document, "provenance": "", "caveat": ""})
    assert RECORDED in text
    assert [word for word in HIDDEN if word in text] == []
    assert "apart" in json.dumps(document["data"])
    points = {"exposure": 0}
    for term in document["adds"]["terms"]:
        points[term["tier"]] = points.get(term["tier"], 0) + term["points"]
    assert points == {t: v for t, v in document["adds"]["tiers"].items() if v or t in points}


def settling(reader: Reader, **fields: Any) -> MoveLine:
    """The move of p from wing W to W2, where what is recorded of p can be carried out."""
    scenario = make_scenario(
        [cell("a1", 2), cell("b1", 2, "L2")],
        [person("p", current_place="a1", **fields)],
        units=[wing("W2", communications_monitoring=True), landing("L2", "W2")],
    )
    (move,) = break_down(scenario, make_plan(scenario, {"p": "b1"}), reader).moves
    return move


def test_the_reason_of_a_move_does_not_tell_of_a_monitoring_order() -> None:
    """It was "classification" beside no rule, which only such an order gives."""
    known = settling(Reader.SECURITY, communications_order_until=DAY)
    assert (known.reason, known.rules_settled) == (MoveReason.CLASSIFICATION, ())
    told = settling(Reader.OFFICER, communications_order_until=DAY)
    assert (told.reason, told.rules_settled) == (MoveReason.RECORDED, ())
    assert settling(Reader.OFFICER).reason is MoveReason.ADMINISTRATIVE


def test_why_somebody_leaves_is_told_as_in_the_move_list() -> None:
    """That others have been given the cell closed it, and was all that was said."""
    cells = [cell("a1", 2), cell("a2"), cell("b1", 1, "L2")]
    people = [person(key, current_place="a1") for key in ("foe", "p")]
    scenario = make_scenario(
        cells,
        [*people, "new"],
        units=[wing("W2"), landing("L2", "W2")],
        non_associations=[NonAssociation("foe", "p", Restriction.LANDING)],
    )
    plan = plan_of(scenario, {"foe": "a1", "p": "b1", "new": "a1"})
    explainer = Explainer(scenario, plan)
    found = explainer.check(explainer.explain("p"))
    leaving = explain_document(scenario, plan, found, Reader.OFFICER)["leaving"]
    assert (leaving["reason"], leaving["taken_by"]) == ("conflict", ["foe", "new"])
    assert leaving["words"] == (
        "The present placement breaks R09-non-association for p; the plan does not. "
        "a1 is planned for foe and new."
    )
    for stays in ("foe", "new"):
        other = explainer.check(explainer.explain(stays))
        assert explain_document(scenario, plan, other, Reader.OFFICER)["leaving"] is None


def test_nobody_signs_what_closes_a_cell() -> None:
    """A cell over its maximum was closed, and to be signed by the governor."""
    cells = [cell("a1"), cell("a2", 1, max_capacity=2), cell("b1")]
    scenario = make_scenario(
        cells,
        [person("p", current_place="b1"), "q", "r"],
        settings={RuleId.CAPACITY: derogable(5)},
    )
    plan = plan_of(scenario, {"p": "b1", "q": "a1", "r": "a2"})
    explainer = Explainer(scenario, plan)
    signed = {}
    for cell_id in ("a1", "a2"):
        found = explainer.check(explainer.explain("p", cell_id))
        (breach,) = explain_document(scenario, plan, found, Reader.OFFICER)["asked"]["breaches"]
        signed[cell_id] = breach["signed_by"]
    assert signed == {"a1": None, "a2": "governor"}


def test_security_sees_kinds_sources_and_dates() -> None:
    document = documented(Reader.SECURITY, "a1")
    text = json.dumps(document)
    for word in ("R18-source-receptive-cell", "R32-spillover", "co_defendant", "assessor"):
        assert word in text
    (lead,) = (pair for pair in document["data"]["pairs"] if pair["person_id"] == "lead")
    assert (lead["pieces"], lead["grades"], lead["newest_age_days"]) == (1, ["C"], 47)
    states = [row["state"] for row in document["data"]["rows"] if row["about"] == "receptivity"]
    assert states == ["current", "expired: counts as unknown"]
    roles = [row["state"] for row in document["data"]["rows"] if "role" in row["about"]]
    assert roles == ["not recorded: counts as unknown"]
    assert "threat" not in text
    assert "governor-reason" not in text
    assert "suicide" not in text


def test_the_other_side_of_a_non_association_is_named_and_of_a_rivalry_is_not() -> None:
    known = documented(Reader.OFFICER, "a2")["asked"]
    assert known["breaches"][0]["person_ids"] == ["apart", "p"]
    rival = documented(Reader.OFFICER, "b2")["asked"]
    assert rival["closed_by"][0]["rule"] == "R09-non-association"
    assert rival["breaches"][0]["person_ids"] == []
    assert documented(Reader.SECURITY, "b2")["asked"]["breaches"][0]["person_ids"] == ["foe", "p"]
