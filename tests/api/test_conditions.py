"""Every operation that changes something says what was seen, and may safely be sent again."""

from http import HTTPStatus
from typing import Any

import pytest
from fastapi.testclient import TestClient

from allocator.service.access.accounts import SeenAccount, change_account
from allocator.service.access.roles import Role
from allocator.service.root import Service
from tests.api.access_app import KEEPER, make_app
from tests.api.conftest import caller, client_of
from tests.service.prison import OFFICER, draft, signed

UNSAFE = ("post", "put", "patch", "delete")
COMPUTES = "it computes and keeps nothing"
SIGNS = "it is about the session that it comes with, or that it begins"
NO_IF_MATCH = {
    "upload_scenario": "it makes something new and changes nothing that is there",
    "add_user": "as upload_scenario",
    "add_api_key": "as upload_scenario",
    "start_run": "as upload_scenario",
    "finish_run": "a run changes by itself all the time; wanting its end depends on no state",
    "cancel_run": "as finish_run",
    "revoke_api_key": "a key can only be revoked, and twice is as once",
    "change_password": "the old password says what was known",
    "check_scenario": COMPUTES,
    "offer_placements": COMPUTES,
    "verify_plan": COMPUTES,
    "begin_session": SIGNS,
    "end_session": SIGNS,
    "end_session_by_form": SIGNS,
}
"""Operations that name no state, and why."""
NO_KEY = {
    "add_user": "a name is taken once, and an answer would be kept by a digest of a password",
    "check_scenario": COMPUTES,
    "offer_placements": COMPUTES,
    "verify_plan": COMPUTES,
    "begin_session": SIGNS,
    "end_session_by_form": SIGNS,
}
"""Operations of POST without Idempotency-Key, and why."""


def headers_of(operation: dict[str, Any]) -> dict[str, bool]:
    """Whether each declared header is required."""
    parameters = operation.get("parameters", [])
    return {p["name"]: p.get("required", False) for p in parameters if p["in"] == "header"}


@pytest.fixture
def unsafe(sqlite_service: Service) -> dict[str, tuple[str, dict[str, Any]]]:
    paths = make_app(sqlite_service).openapi()["paths"]
    return {
        operation["operationId"]: (method, operation)
        for methods in paths.values()
        for method, operation in methods.items()
        if method in UNSAFE
    }


def test_every_change_names_the_state_that_was_seen(
    unsafe: dict[str, tuple[str, dict[str, Any]]],
) -> None:
    for name, (_, operation) in unsafe.items():
        assert headers_of(operation).get("If-Match") is (None if name in NO_IF_MATCH else True), (
            name
        )
        if name not in NO_IF_MATCH:
            assert {"412", "428"} <= operation["responses"].keys(), name
    assert unsafe.keys() >= NO_IF_MATCH.keys()


def test_every_post_that_changes_something_may_be_sent_again(
    unsafe: dict[str, tuple[str, dict[str, Any]]],
) -> None:
    posts = {name: operation for name, (method, operation) in unsafe.items() if method == "post"}
    for name, operation in posts.items():
        has_key = "Idempotency-Key" in headers_of(operation)
        assert has_key is (name not in NO_KEY), name
        if has_key:
            assert {"409", "422"} <= operation["responses"].keys(), name
    assert posts.keys() >= NO_KEY.keys()


def test_a_step_is_confirmed_once_by_who_saw_it(sqlite_service: Service) -> None:
    _, plan = draft(sqlite_service)
    signed(sqlite_service, plan)
    client = client_of(sqlite_service, OFFICER)
    path = f"/v1/plans/{plan.plan_id}"
    tag = client.get(path).headers["ETag"]
    first = {"If-Match": tag, "Idempotency-Key": "start"}
    begun = client.post(f"{path}/execution", headers=first)
    assert begun.json()["state"] == "executing"
    assert client.post(f"{path}/execution", headers=first).json() == begun.json()
    step = f"{path}/steps/1/confirmation"
    assert client.post(step).status_code == HTTPStatus.PRECONDITION_REQUIRED
    assert client.post(step, headers={"If-Match": tag}).status_code == 412
    sent = {"If-Match": begun.headers["ETag"], "Idempotency-Key": "one"}
    done = client.post(step, headers=sent)
    assert done.status_code == HTTPStatus.OK, done.text
    again = client.post(step, headers=sent)
    assert (again.status_code, again.json()) == (HTTPStatus.OK, done.json())
    assert again.headers["ETag"] == done.headers["ETag"]
    other = client.post(f"{path}/steps/2/confirmation", headers=sent)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_what_is_refused_may_be_tried_again_under_its_key(
    sqlite_service: Service, clock: Any
) -> None:
    """The end of a plan that no longer fits is the program's own change and not the caller's."""
    _, plan = draft(sqlite_service)
    clock.forward(hours=25)
    client = client_of(sqlite_service, OFFICER)
    path = f"/v1/plans/{plan.plan_id}"
    sent = {"If-Match": client.get(path).headers["ETag"], "Idempotency-Key": "late"}
    over = client.post(f"{path}/proposal", json={}, headers=sent)
    assert (over.status_code, over.json()["code"]) == (HTTPStatus.CONFLICT, "plan_expired")
    again = client.post(f"{path}/proposal", json={}, headers=sent)
    assert again.status_code == HTTPStatus.PRECONDITION_FAILED


def keeper(service: Service) -> TestClient:
    return client_of(service, caller(Role.ADMINISTRATOR, facilities=("*",), actor=KEEPER.actor))


def test_two_administrators_do_not_undo_one_another(sqlite_service: Service) -> None:
    client = keeper(sqlite_service)
    body = {
        "roles": ["officer"],
        "facilities": ["F"],
        "name": "new",
        "password": "three quiet lamps",
    }
    made = client.post("/v1/users", json=body)
    path, tag = made.headers["Location"], made.headers["ETag"]
    assert client.get(path).headers["ETag"] == tag
    assert client.patch(path, json={"is_disabled": True}).status_code == 428
    change_account(sqlite_service, KEEPER, SeenAccount(made.json()["id"]), is_disabled=True)
    grant = {"grant": {"roles": ["signer"], "facilities": ["F"]}}
    late = client.patch(path, json=grant, headers={"If-Match": tag})
    assert late.status_code == HTTPStatus.PRECONDITION_FAILED
    tag = client.get(path).headers["ETag"]
    changed = client.patch(path, json=grant, headers={"If-Match": tag})
    assert (changed.json()["roles"], changed.json()["is_disabled"]) == (["signer"], True)
    assert changed.headers["ETag"] not in {tag, made.headers["ETag"]}


def test_a_key_is_made_once_and_its_secret_shown_once(sqlite_service: Service) -> None:
    client = keeper(sqlite_service)
    body = {"name": "nightly", "roles": ["planner"], "facilities": ["F"]}
    sent = {"Idempotency-Key": "k1"}
    made = client.post("/v1/api-keys", json=body, headers=sent)
    assert made.status_code == HTTPStatus.CREATED
    again = client.post("/v1/api-keys", json=body, headers=sent)
    assert (again.status_code, again.json()["code"]) == (409, "idempotency_shown_once")
    assert made.json()["token"] not in again.text
    assert [row["id"] for row in client.get("/v1/api-keys").json()["api_keys"]] == [
        made.json()["key"]["id"]
    ]


@pytest.mark.parametrize("sent", [{}, {"json": {"reason": "incident"}}])
def test_a_bad_number_in_the_address_is_422_with_or_without_a_body(
    sqlite_service: Service, sent: dict[str, Any]
) -> None:
    _, plan = draft(sqlite_service)
    client = client_of(sqlite_service, OFFICER)
    for number in ("0", "two", "1.5"):
        path = f"/v1/plans/{plan.plan_id}/steps/{number}/confirmation"
        answer = client.post(path, headers={"If-Match": '"1"'}, **sent)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, answer.text
        assert answer.json()["errors"][0]["parameter"] == "number"
        assert answer.json()["errors"][0]["in"] == "path"
    none = client.post(f"/v1/plans/{plan.plan_id}/halt", headers={"If-Match": '"1"'})
    assert none.status_code == HTTPStatus.BAD_REQUEST
