"""The workflow over HTTP: ETags, codes, and what each role may do."""

from http import HTTPStatus
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from allocator.service.access.caller import Caller
from allocator.service.access.roles import Role
from allocator.service.root import Service
from allocator.service.workflow.reasons import Seen
from tests.api.conftest import client_of
from tests.service.conftest import caller
from tests.service.prison import (
    ALONE,
    ANSWERS,
    BOTH,
    FIRST,
    OFFICER,
    PLANNED,
    REVIEWER,
    SECOND,
    SIMPLE,
    draft,
    reviewed,
    signed,
)

LOOKED_AT = {"looked_at": [entry.value for entry in Seen]}
APPROVE = {"decision": "approve", "reason": "conflict"}
PLANN = {name: getattr(ANSWERS, name) for name in ANSWERS.__slots__}


class Desk:
    """One person at the service, who always looks before they act."""

    def __init__(self, service: Service, who: Caller) -> None:
        self.client: TestClient = client_of(service, who)

    def workflow(self, plan_id: str) -> dict[str, Any]:
        answer = self.client.get(f"/v1/plans/{plan_id}/workflow")
        assert answer.status_code == HTTPStatus.OK, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def act(
        self, plan_id: str, what: str, body: Any = None, tag: str | None = None, verb: str = "POST"
    ) -> Response:
        path = f"/v1/plans/{plan_id}"
        if tag is None:
            tag = self.client.get(f"{path}/workflow").headers["ETag"]
        headers = {"If-Match": tag}
        answer: Response = self.client.request(verb, f"{path}/{what}", json=body, headers=headers)
        return answer

    def decide(self, scenario_id: str, what: str, body: Any, **headers: str) -> Response:
        path = f"/v1/scenarios/{scenario_id}"
        tag = self.client.get(path).headers["ETag"]
        sent = {"If-Match": tag} | {name.replace("_", "-"): text for name, text in headers.items()}
        answer: Response = self.client.post(f"{path}/{what}", json=body, headers=sent)
        return answer


def code_of(answer: Response, status: HTTPStatus) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    return str(answer.json()["code"])


def test_a_change_says_which_state_was_seen(sqlite_service: Service) -> None:
    _, plan = draft(sqlite_service)
    desk = Desk(sqlite_service, OFFICER)
    path = f"/v1/plans/{plan.plan_id}/proposal"
    missing = desk.client.post(path, json={})
    assert code_of(missing, HTTPStatus.PRECONDITION_REQUIRED) == "precondition_required"
    stale = desk.act(plan.plan_id, "proposal", {}, tag='"7"')
    assert code_of(stale, HTTPStatus.PRECONDITION_FAILED) == "precondition_failed"
    done = desk.act(plan.plan_id, "proposal", {"text": "for tonight"})
    assert done.status_code == HTTPStatus.OK
    assert (done.json()["state"], done.headers["ETag"]) == ("proposed", '"2"')
    assert desk.workflow(plan.plan_id)["history"][0]["text"] == "for tonight"


def test_from_a_draft_to_everybody_in_their_new_place(sqlite_service: Service) -> None:
    version, plan = draft(sqlite_service)
    officer, reviewer, first, second = (
        Desk(sqlite_service, who) for who in (OFFICER, REVIEWER, FIRST, SECOND)
    )
    assert officer.act(plan.plan_id, "proposal", {}).status_code == HTTPStatus.OK
    assert reviewer.act(plan.plan_id, "review", LOOKED_AT).json()["state"] == "reviewed"
    first.act(plan.plan_id, "signatures", {"item_ids": SIMPLE, **APPROVE})
    for signer in (first, second):
        for item_id in ALONE:
            body: dict[str, Any] = {"item_ids": [item_id], **APPROVE}
            if item_id.startswith("derogation"):
                body |= {"reason": "no_lawful_place", "text": "both other cells are closed"}
            if item_id == "move:P5":
                body |= {"plann": PLANN}
            answer = signer.act(plan.plan_id, "signatures", body)
            assert answer.status_code == HTTPStatus.OK, answer.text
    done = officer.act(plan.plan_id, "execution")
    assert done.json()["state"] == "executing"
    for step in officer.workflow(plan.plan_id)["steps"]:
        done = officer.act(plan.plan_id, f"steps/{step['number']}/confirmation")
        assert done.status_code == HTTPStatus.OK, done.text
    assert (done.json()["state"], done.json()["newest_version"]) == ("executed", 2)
    assert done.json()["replan"] is None
    found = officer.client.get(f"/v1/scenarios/{version.scenario_id}/versions/2").json()
    places = {row["person_id"]: row["current_place"] for row in found["document"]["people"]}
    assert places == PLANNED


def test_refusals_have_codes_of_their_own(sqlite_service: Service) -> None:
    _, plan = draft(sqlite_service)
    reviewed(sqlite_service, plan)
    signer = Desk(sqlite_service, FIRST)

    def sign(**body: Any) -> Response:
        return signer.act(plan.plan_id, "signatures", {"item_ids": ["move:P4"], **APPROVE, **body})

    together = sign(item_ids=["move:P1", "move:P4"])
    assert code_of(together, HTTPStatus.CONFLICT) == "sign_one_by_one"
    assert sign().status_code == HTTPStatus.OK
    assert code_of(sign(), HTTPStatus.CONFLICT) == "second_person_needed"
    staff = sign(item_ids=["derogation:1"], reason="lack_of_staff", text="nobody there")
    assert code_of(staff, HTTPStatus.UNPROCESSABLE_ENTITY) == "reason_unfit"
    unknown = sign(item_ids=["move:P9"])
    assert code_of(unknown, HTTPStatus.NOT_FOUND) == "not_found"
    control = sign(text="a\x07b")
    assert code_of(control, HTTPStatus.UNPROCESSABLE_ENTITY) == "request_invalid"


def test_a_failed_step_says_where_to_plan_from(sqlite_service: Service) -> None:
    version, plan = draft(sqlite_service)
    signed(sqlite_service, plan)
    officer = Desk(sqlite_service, OFFICER)
    officer.act(plan.plan_id, "execution")
    begun = officer.act(plan.plan_id, "steps/1/confirmation")
    assert begun.json()["state"] == "executing"
    failed = officer.act(plan.plan_id, "steps/2/failure", {"reason": "cell_not_ready"}).json()
    assert (failed["state"], failed["newest_version"]) == ("expired", 2)
    assert failed["replan"] == {
        "kind": "plan",
        "scenario_id": version.scenario_id,
        "version": 2,
        "from_plan_id": plan.plan_id,
    }
    again = officer.act(plan.plan_id, "steps/3/confirmation")
    assert code_of(again, HTTPStatus.CONFLICT) == "state_conflict"
    nowhere = officer.act(plan.plan_id, "steps/99/confirmation")
    assert code_of(nowhere, HTTPStatus.CONFLICT) == "state_conflict"


def test_what_a_person_says_is_kept_with_the_move(sqlite_service: Service) -> None:
    _, plan = draft(sqlite_service)
    officer = Desk(sqlite_service, OFFICER)
    officer.act(plan.plan_id, "proposal", {})
    said = {"consulted": True, "views": "wants to be near P3", "preferred_cellmate": "P3"}

    def record(person_id: str, **other: Any) -> Response:
        return officer.act(plan.plan_id, f"consultations/{person_id}", said | other, verb="PUT")

    assert record("P1").status_code == HTTPStatus.OK
    assert record("P1", views="agrees").status_code == HTTPStatus.OK
    items = {item["item_id"]: item for item in officer.workflow(plan.plan_id)["items"]}
    heard = items["move:P1"]["consultation"]
    assert (heard["views"], heard["preferred_cellmate"], heard["by"]) == (
        "agrees",
        "P3",
        OFFICER.actor,
    )
    assert items["move:P3"]["consultation"] is None
    stays = record("P2")
    assert code_of(stays, HTTPStatus.NOT_FOUND) == "not_found"
    stranger = record("P1", preferred_cellmate="P9")
    assert code_of(stranger, HTTPStatus.NOT_FOUND) == "not_found"


def test_a_decision_is_a_new_version_and_taken_once(sqlite_service: Service) -> None:
    version, plan = draft(sqlite_service)
    officer = Desk(sqlite_service, OFFICER)
    lock = {"kind": "lock", "person_id": "P1", "cell_id": "W-1", "reason": "health"}
    seen = officer.client.get(f"/v1/scenarios/{version.scenario_id}").headers["ETag"]
    headers = {"If-Match": seen, "Idempotency-Key": "once"}
    path = f"/v1/scenarios/{version.scenario_id}/decisions"
    first, again = (officer.client.post(path, json=lock, headers=headers) for _ in range(2))
    assert first.status_code == again.status_code == HTTPStatus.CREATED, first.text
    assert first.json() == again.json()
    assert first.json()["ended_plans"] == [plan.plan_id]
    assert first.headers["Location"] == f"/v1/scenarios/{version.scenario_id}/versions/2"
    assert "is kept in W-1" in first.json()["decision"]["words"]
    stale = officer.client.post(path, json=lock, headers={"If-Match": seen})
    assert code_of(stale, HTTPStatus.PRECONDITION_FAILED) == "precondition_failed"
    nobody = officer.decide(version.scenario_id, "decisions", lock | {"person_id": "P9"})
    assert code_of(nobody, HTTPStatus.UNPROCESSABLE_ENTITY) == "config_invalid"
    bad_day = officer.decide(version.scenario_id, "decisions", lock | {"until": "tomorrow"})
    assert code_of(bad_day, HTTPStatus.UNPROCESSABLE_ENTITY) == "config_invalid"


def test_a_complaint_is_opened_and_closed(sqlite_service: Service) -> None:
    version, plan = draft(sqlite_service)
    officer = Desk(sqlite_service, OFFICER)
    complaint = {"person_id": "P3", "reason": "safety"}
    opened = officer.decide(version.scenario_id, "complaints", complaint)
    assert opened.status_code == HTTPStatus.CREATED, opened.text
    assert opened.json()["ended_plans"] == [plan.plan_id]
    found = officer.workflow(plan.plan_id)
    assert (found["state"], found["history"][-1]["reason"]) == ("expired", "data_moved_on")
    closing = {"action": "close", "person_id": "P3", "reason": "not_upheld"}
    closed = officer.decide(version.scenario_id, "complaints", closing)
    assert (closed.status_code, closed.json()["version"]) == (HTTPStatus.CREATED, 3)


def test_an_arrival_waits_for_its_assessment_and_a_plan(sqlite_service: Service) -> None:
    version, _ = draft(sqlite_service)
    officer = Desk(sqlite_service, OFFICER)
    path = f"/v1/scenarios/{version.scenario_id}"
    person = {"person_id": "P6", "sex": "M", "age_years": 23, "legal_category": "sentenced"}
    came = officer.decide(version.scenario_id, "arrivals", {"person": person})
    assert came.status_code == HTTPStatus.CREATED, came.text
    assert came.json()["needs_replan"] is True
    assert came.json()["offers"]["offers"]
    assert officer.client.get(f"{path}/intake").json()["needs_replan"] is True
    known = {"facts": {"sharing_assessed_at": "2026-01-15"}}
    headers = {"If-Match": came.headers["ETag"]}
    assessed = officer.client.put(f"{path}/arrivals/P6", json=known, headers=headers)
    assert (assessed.status_code, assessed.json()["version"]) == (HTTPStatus.OK, 3)
    child = person | {"person_id": "P7", "age_years": 4}
    odd = officer.decide(version.scenario_id, "arrivals", {"person": child})
    assert code_of(odd, HTTPStatus.UNPROCESSABLE_ENTITY) == "scenario_invalid"


@pytest.mark.parametrize(
    ("what", "body", "allowed"),
    [
        ("proposal", {}, {Role.OFFICER, Role.PLANNER}),
        ("review", LOOKED_AT, {Role.REVIEWER, Role.SECURITY}),
        ("signatures", {"item_ids": ["move:P1"], **APPROVE}, {Role.SIGNER}),
        ("execution", None, {Role.OFFICER}),
        ("halt", {"reason": "incident"}, {Role.OFFICER}),
        ("steps/1/confirmation", None, {Role.OFFICER}),
        ("steps/1/failure", {"reason": "incident"}, {Role.OFFICER}),
        (
            "rejection",
            {"reason": "unfair"},
            {Role.OFFICER, Role.PLANNER, Role.REVIEWER, Role.SECURITY, Role.SIGNER},
        ),
    ],
)
def test_a_role_does_its_own_part(
    sqlite_service: Service, what: str, body: Any, allowed: set[Role]
) -> None:
    _, plan = draft(sqlite_service)
    for role in Role:
        who = caller(role, facilities=BOTH, actor=f"account:{role}")
        client = client_of(sqlite_service, who)
        headers = {"If-Match": '"0"'}
        answer = client.post(f"/v1/plans/{plan.plan_id}/{what}", json=body, headers=headers)
        is_forbidden = answer.status_code == HTTPStatus.FORBIDDEN
        assert is_forbidden is (role not in allowed), (role, answer.text)


def test_another_facility_has_no_such_plan_or_scenario(sqlite_service: Service) -> None:
    version, plan = draft(sqlite_service)
    client = client_of(sqlite_service, caller(*Role, facilities=("H",), actor="account:elsewhere"))
    headers = {"If-Match": '"1"'}
    for method, path, body in (
        ("GET", f"/v1/plans/{plan.plan_id}/workflow", None),
        ("POST", f"/v1/plans/{plan.plan_id}/proposal", {}),
        ("POST", f"/v1/plans/{plan.plan_id}/steps/1/confirmation", None),
        ("PUT", f"/v1/plans/{plan.plan_id}/consultations/P1", {"consulted": True}),
        (
            "POST",
            f"/v1/scenarios/{version.scenario_id}/decisions",
            {"kind": "lock", "person_id": "P1", "cell_id": "W-3", "reason": "health"},
        ),
        ("GET", f"/v1/scenarios/{version.scenario_id}/intake", None),
    ):
        answer = client.request(method, path, json=body, headers=headers)
        assert answer.status_code == HTTPStatus.NOT_FOUND, (path, answer.text)
