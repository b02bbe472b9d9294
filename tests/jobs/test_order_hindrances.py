"""Who is told for whom somebody waits: as in a breach of the same rule by the same two people."""

import json
from dataclasses import replace
from typing import Any

import pytest

from allocator.explain.readers import RECORDED, Reader
from allocator.jobs.order import Ordered, judged_order
from allocator.jobs.order_document import order_document, sequence_table
from allocator.jobs.order_hindrances import MISSING_HIDDEN
from allocator.model.catalogue import RuleId
from allocator.model.relations import GroupRivalry, KeepApartMembership, NonAssociation
from allocator.model.sequence import Hindrance
from allocator.model.vocabulary import Restriction
from allocator.report.move_sheet import render_order_html
from tests.builders import cell, make_scenario, person, wing
from tests.jobs import fakes

AT, TO = ("a1", "b1", "a2"), ("b2", "a3", "b3")
RIVALS = {
    "keep_apart_memberships": [
        KeepApartMembership("g1", "P1"),
        KeepApartMembership("g2", "P2"),
        KeepApartMembership("g1", "P3"),
    ],
    "group_rivalries": [GroupRivalry("g1", "g2", Restriction.WING)],
}
RECORDED_PAIRS = {
    "non_associations": [NonAssociation(one, "P2", Restriction.WING) for one in ("P1", "P3")]
}


def ordered(**relations: Any) -> Ordered:
    """P1 and P3 go from wing A to B, and P2, who is kept from both by the wing, from B to A."""
    cells = [cell(f"{name}{n}", parent=name.upper()) for name in "ab" for n in (1, 2, 3)]
    people = [person(f"P{n}", current_place=at) for n, at in enumerate(AT, 1)]
    units = [wing("A"), wing("B")]
    scenario = make_scenario(cells, people, units=units, **relations)
    placement: dict[str, str | None] = {f"P{n}": to for n, to in enumerate(TO, 1)}
    sequence = judged_order(scenario, placement)
    return Ordered(scenario, fakes.put(scenario, placement), sequence, None, (), 0.0)


def with_hindrance(found: Ordered, *hindrances: Hindrance) -> Ordered:
    return replace(found, sequence=replace(found.sequence, hindrances=hindrances))


def test_rivals_by_their_groups_are_joined_for_nobody_without_intelligence() -> None:
    """An order named P2 as the one for whom P3 waits, which says that their groups are rivals."""
    found = ordered(**RIVALS)
    assert found.sequence.left_out == ("P1", "P2", "P3")
    document = order_document(found, Reader.OFFICER)
    assert [entry["person_ids"] for entry in document["hindrances"]] == [["P1"], ["P2"], ["P3"]]
    places = [entry["places"] for entry in document["hindrances"]]
    assert places == [sorted(both) for both in zip(AT, TO, strict=True)]
    for entry in document["hindrances"]:
        assert entry["missing"] == MISSING_HIDDEN
        assert [rule["rule"] for rule in entry["rules"]] == [RECORDED]
    words = json.dumps(document) + render_order_html(document) + sequence_table(document)
    assert "R09" not in words
    assert "waits for P" not in words


@pytest.mark.parametrize(
    ("relations", "reader"),
    [
        (RIVALS, Reader.SECURITY),
        (RECORDED_PAIRS, Reader.OFFICER),
        (RECORDED_PAIRS, Reader.SECURITY),
    ],
)
def test_whoever_may_know_a_pair_is_told_for_whom_somebody_waits(
    relations: dict[str, Any], reader: Reader
) -> None:
    found = ordered(**relations)
    shown = order_document(found, reader)["hindrances"]
    assert [entry["person_ids"] for entry in shown] == [["P1", "P2"], ["P3"]]
    assert shown[1]["missing"] == "a move of P2, who is left out"
    assert {rule["rule"] for entry in shown for rule in entry["rules"]} == {"R09-non-association"}


def test_a_rule_that_anybody_may_know_stays_and_a_hidden_one_is_not_told_beside_it() -> None:
    """R18 with one person named somebody else's order of the court by "a move of P2"."""
    words = "a move of P2, who is left out"
    rules = (RuleId.CAPACITY, RuleId.COMMUNICATIONS)
    both = Hindrance(("P1",), ("a1", "b2"), rules, words, ("P2",))
    hidden = Hindrance(("P3",), ("a2", "b3"), (RuleId.COMMUNICATIONS,), words, ("P2",))
    found = with_hindrance(ordered(**RIVALS), both, hidden)
    shown = order_document(found, Reader.OFFICER)["hindrances"]
    assert [[rule["rule"] for rule in entry["rules"]] for entry in shown] == [
        ["R02-capacity"], [RECORDED],
    ]  # fmt: skip
    assert {entry["missing"] for entry in shown} == {MISSING_HIDDEN}
    told = order_document(found, Reader.SECURITY)["hindrances"]
    assert {entry["missing"] for entry in told} == {words}


def test_a_rule_without_people_kept_apart_is_told_with_whom_one_waits_for() -> None:
    words = "a move of P2, who is left out"
    full = Hindrance(("P1",), ("a1", "b2"), (RuleId.CAPACITY,), words, ("P2",))
    (entry,) = order_document(with_hindrance(ordered(**RIVALS), full))["hindrances"]
    assert (entry["person_ids"], entry["missing"]) == (["P1"], words)
