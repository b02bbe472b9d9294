"""Erasing who left, and what loses ids or goes when its time is over."""

import json
import re

import pytest
from sqlalchemy import select

from allocator.api.examples import SCENARIO
from allocator.service import scenarios
from allocator.service.access.caller import operator_caller
from allocator.service.access.roles import Role
from allocator.service.audit.reading import Asked, check_log, read_log
from allocator.service.errors import NotFoundError, StateError
from allocator.service.operations.erasure import erase_person
from allocator.service.operations.pseudonyms import pseudonyms_of, replace_ids
from allocator.service.operations.retention import apply_retention
from allocator.service.root import Service
from allocator.service.workflow.states import PlanState
from allocator.store.tables import (
    Base,
    Consultation,
    ExecutionStep,
    PlanChange,
    PlanItem,
    Run,
    Signature,
    StoredPlan,
)
from tests.service.conftest import START, TestClock, caller

PLANNER = caller(Role.PLANNER)
ADMINISTRATOR = caller(Role.ADMINISTRATOR, facilities=("*",))
GONE = {"person_id": "P2", "sex": "M", "age_years": 44, "legal_category": "sentenced"}
EDGE = {
    "source": "P2", "target": "P1", "kind": "supports", "strength": 2, "source_grade": "B",
    "basis": "fact", "observed_at": "2026-01-02", "expires_at": "2026-12-31",
}  # fmt: skip
WITH_BOTH = {**SCENARIO, "people": [*SCENARIO["people"], GONE], "influence_edges": [EDGE]}


def store_plan(
    service: Service, scenario_id: str, state: PlanState, plan_id: str = "plan1"
) -> None:
    """A plan whose every stored part names P2."""
    run = Run(
        run_id=f"run-{plan_id}", kind="plan", scenario_id=scenario_id, version=1, state="done",
        request={"x": "P2"}, progress={}, result={"moves": ["P2"]}, made_at=START, made_by="a",
        ended_at=START,
    )  # fmt: skip
    plan = StoredPlan(
        plan_id=plan_id, run_id=run.run_id, scenario_id=scenario_id, version=1, content_hash="h",
        state=state, document={"placements": [{"person_id": "P2", "cell_id": "W-1"}]},
        summary={"unplaced": ["P2"], "detail": "P2 in W-1: crowded"},
        reports={"officer": "<p>P2</p>"},
        sequence={"steps": ["P2"]}, made_at=START, made_by="a",
    )  # fmt: skip
    item = PlanItem(
        plan_id=plan_id, item_id="move:P2", kind="move", signatures_needed=1, state="signed",
        detail={"person": "P2"},
    )  # fmt: skip
    signature = Signature(
        signature_id=f"s-{plan_id}", plan_id=plan_id, item_id="move:P2", by="a", decision="approve",
        reason="conflict", text="about P2", at=START,
    )  # fmt: skip
    step = ExecutionStep(
        plan_id=plan_id, number=1, batch=1, person_id="P2", origin=None, target="W-1", state="done"
    )
    said = Consultation(
        plan_id=plan_id, person_id="P2", consulted=True, views="P2 agrees", by="a", at=START
    )
    other = Consultation(
        plan_id=plan_id, person_id="P1", consulted=True, preferred_cellmate="P2", by="a", at=START
    )
    change = PlanChange(
        plan_id=plan_id, number=1, before="draft", after="rejected", by="a", at=START,
        text="because of P2", detail={"people": ["P2"]},
    )  # fmt: skip
    with service.database.write() as session:
        for row in (run, plan, item, signature, step, said, other, change):
            session.add(row)
            session.flush()


def everything(service: Service) -> str:
    """All stored text outside of the audit log."""
    tables = [table for table in Base.metadata.sorted_tables if table.name != "audit_entry"]
    with service.database.read() as session:
        found = [dict(row) for t in tables for row in session.execute(select(t)).mappings()]
    return json.dumps(found, default=str)


@pytest.fixture
def left(service: Service) -> scenarios.Version:
    """A scenario whose first version has P2 and whose newest has not."""
    made = scenarios.upload(service, PLANNER, WITH_BOTH)
    store_plan(service, made.scenario_id, PlanState.EXECUTED)
    return scenarios.revise(service, PLANNER, made, SCENARIO)


def test_who_left_is_in_nothing_any_more(service: Service, left: scenarios.Version) -> None:
    done = erase_person(service, ADMINISTRATOR, "P2")
    assert (done.versions, done.plans, done.runs) == (1, 1, 1)
    text = everything(service)
    assert not re.search(r"\bP2\b", text)
    assert "P1" in text
    first = scenarios.find(service, PLANNER, left.scenario_id, 1)
    assert first.require_document()["influence_edges"] == []
    assert len(first.require_document()["people"]) == 2
    assert check_log(service, operator_caller()).faults == ()
    assert [e.action for e in read_log(service, ADMINISTRATOR, Asked(person_id="P2"))] == [
        "person.erase"
    ]


def test_who_is_in_custody_is_not_erased(service: Service, left: scenarios.Version) -> None:
    scenarios.revise(service, PLANNER, left, WITH_BOTH)
    before = everything(service)
    with pytest.raises(StateError):
        erase_person(service, ADMINISTRATOR, "P2")
    assert everything(service) == before


def test_a_stranger_is_not_found(service: Service, left: scenarios.Version) -> None:
    del left
    with pytest.raises(NotFoundError):
        erase_person(service, ADMINISTRATOR, "P3")


@pytest.mark.usefixtures("left")
def test_old_data_lose_ids_and_then_go(service: Service, clock: TestClock) -> None:
    clock.forward(days=89)
    assert apply_retention(service, operator_caller()).pseudonymised == 0
    clock.forward(days=2)
    assert apply_retention(service, operator_caller()).pseudonymised == 3
    assert not re.search(r"\bP2\b", everything(service))
    assert "anon-" in everything(service)
    assert apply_retention(service, operator_caller()).pseudonymised == 0
    clock.forward(days=300)
    assert apply_retention(service, operator_caller()).deleted == 2
    assert "anon-" not in everything(service).replace('"person_id": "anon-', "")


def test_what_is_in_use_keeps_its_ids(
    service: Service, left: scenarios.Version, clock: TestClock
) -> None:
    store_plan(service, left.scenario_id, PlanState.EXECUTING, "plan2")
    clock.forward(days=400)
    apply_retention(service, operator_caller())
    newest = scenarios.find(service, PLANNER, left.scenario_id)
    assert newest.document == SCENARIO
    with service.database.read() as session:
        assert "P2" in json.dumps(session.get_one(StoredPlan, "plan2").document)


def test_ids_are_replaced_only_where_they_stand_alone() -> None:
    names = {"P1": "a", "P10": "b", "W-1.P1": "c"}
    document = {"P1": ["P10 by P1, not XP1 or P1-3"], "x": "P1", "y": 7, "text": "said P1"}
    assert replace_ids(document, names) == {
        "a": ["b by a, not XP1 or P1-3"], "x": "a", "y": 7, "text": "removed",
    }  # fmt: skip


def test_pseudonyms_differ_from_time_to_time() -> None:
    assert pseudonyms_of(["P1"]) != pseudonyms_of(["P1"])
