"""Somebody who is kept apart by a group alone: an officer reads recorded information (R54, R60)."""

import json
from functools import cache
from typing import Any

import pytest

from allocator.explain.readers import RECORDED, Reader
from allocator.jobs.explain import Explainer
from allocator.jobs.explain_document import explain_document
from allocator.model.relations import (
    GroupRivalry,
    KeepApartMembership,
    NonAssociation,
    ProtectionNeed,
)
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Restriction
from tests.builders import DAY, cell, make_scenario, person
from tests.jobs.plans import plan_of

CELLS = ("c1", "c2", "c3", "c4", "c5", "c6")
PEOPLE = ("rival", "foe", "known", "other", "need")


@cache
def scenario() -> Scenario:
    """Rival and foe by groups, known and other by a record; need is to be out of g2's reach."""
    return make_scenario(
        [cell(name, 2) for name in CELLS],
        [person(p, current_place=c) for p, c in zip(PEOPLE, CELLS, strict=False)],
        keep_apart_memberships=[
            KeepApartMembership("g1", "rival"),
            KeepApartMembership("g2", "foe"),
        ],
        group_rivalries=[GroupRivalry("g1", "g2", Restriction.CELL)],
        non_associations=[NonAssociation("known", "other", Restriction.CELL)],
        protection_needs=[
            ProtectionNeed("need", Restriction.CELL, "threat", "governor", DAY, from_group="g2")
        ],
    )


@cache
def explained(person_id: str, reader: Reader) -> dict[str, Any]:
    plan = plan_of(scenario(), dict(zip(PEOPLE, CELLS, strict=False)))
    explainer = Explainer(scenario(), plan)
    found = explainer.check(explainer.explain(person_id))
    return explain_document(scenario(), plan, found, reader)


def closing(person_id: str, reader: Reader) -> dict[str, int]:
    return {r["rule"]: r["cells"] for r in explained(person_id, reader)["closed"]["rules"]}


@pytest.mark.parametrize("person_id", ["rival", "foe"])
def test_a_rule_of_people_kept_apart_tells_no_officer_of_a_group(person_id: str) -> None:
    """R09 closed 277 cells to somebody without a non-association: so a group does."""
    told, whole = (closing(person_id, reader) for reader in (Reader.OFFICER, Reader.SECURITY))
    assert "R09-non-association" in whole
    assert RECORDED in told
    assert not {"R09-non-association", "R10-protection-need"} & told.keys()
    assert told[RECORDED] >= whole["R09-non-association"]
    both = (explained(person_id, reader)["closed"] for reader in (Reader.OFFICER, Reader.SECURITY))
    totals = [(closed["cells"], sum(g["cells"] for g in closed["groups"])) for closed in both]
    assert totals[0] == totals[1]
    assert "R09" not in json.dumps(explained(person_id, Reader.OFFICER))


@pytest.mark.parametrize(
    ("person_id", "rule"),
    [("known", "R09-non-association"), ("need", "R10-protection-need")],
)
def test_a_rule_is_told_of_whom_a_record_that_officers_know_keeps_apart(
    person_id: str, rule: str
) -> None:
    told = closing(person_id, Reader.OFFICER)
    assert told == closing(person_id, Reader.SECURITY)
    assert rule in told
