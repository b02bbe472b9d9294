"""A POST with an Idempotency-Key is carried out once, whatever happens to its answer."""

from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from allocator.service import scenarios
from allocator.service.access.roles import Role
from allocator.service.root import Service
from allocator.store.tables import IdempotentAnswer, ScenarioLine
from tests.api.conftest import TestClock, caller, client_of
from tests.scenario_documents import bad_document, document

KEY = {"Idempotency-Key": "night-run-1"}
PLANNER = caller(Role.PLANNER)


def count(service: Service) -> int:
    with service.database.read() as session:
        return session.scalar(select(func.count()).select_from(ScenarioLine)) or 0


def post(client: TestClient, body: dict[str, Any], **headers: str) -> Any:
    return client.post("/v1/scenarios", json=body, headers=KEY | headers)


def test_the_same_request_gets_the_same_answer_and_happens_once(service: Service) -> None:
    client = client_of(service, PLANNER)
    first, second = (post(client, document()) for _ in range(2))
    assert first.status_code == second.status_code == HTTPStatus.CREATED
    assert first.json() == second.json()
    assert first.headers["Location"] == second.headers["Location"]
    assert first.headers["ETag"] == second.headers["ETag"]
    assert count(service) == 1


def test_another_request_under_the_key_is_refused(service: Service) -> None:
    client = client_of(service, PLANNER)
    post(client, document())
    answer = post(client, document(3))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.json()["code"] == "idempotency_key_reused"
    assert count(service) == 1


def test_keys_of_two_callers_have_nothing_to_do_with_one_another(service: Service) -> None:
    first = post(client_of(service, PLANNER), document())
    other = caller(Role.PLANNER, actor="account:two")
    second = post(client_of(service, other), document(3))
    assert second.status_code == HTTPStatus.CREATED
    assert first.json()["scenario_id"] != second.json()["scenario_id"]


def test_a_refused_request_may_be_sent_again(service: Service) -> None:
    client = client_of(service, PLANNER)
    assert post(client, bad_document()).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert post(client, document()).status_code == HTTPStatus.CREATED


def test_a_key_is_forgotten_after_a_day(service: Service, clock: TestClock) -> None:
    client = client_of(service, PLANNER)
    first = post(client, document())
    clock.forward(hours=23)
    assert post(client, document()).json() == first.json()
    clock.forward(hours=2)
    assert post(client, document()).json() != first.json()
    assert count(service) == 2


def test_many_at_once_happen_once(service: Service) -> None:
    client = client_of(service, PLANNER)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: post(client, document()), range(6)))
    codes = {answer.status_code for answer in answers}
    assert HTTPStatus.CREATED in codes
    assert codes <= {HTTPStatus.CREATED, HTTPStatus.CONFLICT}
    made = {a.json()["scenario_id"] for a in answers if a.status_code == HTTPStatus.CREATED}
    assert len(made) == count(service) == 1


@pytest.mark.parametrize("is_committed", [True, False])
def test_a_crash_before_the_answer(
    is_committed: bool,
    service: Service,
    clock: TestClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What took effect never happens again; what did not may, once it can no longer happen."""
    real = scenarios.upload

    def crash(*values: Any) -> Any:
        if is_committed:
            real(*values)
        raise SystemExit

    client = client_of(service, PLANNER)
    monkeypatch.setattr("allocator.api.idempotency.release", lambda *_: None)
    monkeypatch.setattr(scenarios, "upload", crash)
    with pytest.raises(BaseException):  # noqa: B017, PT011 - as the process would end
        post(client, document())
    monkeypatch.setattr(scenarios, "upload", real)
    soon = post(client, document())
    assert soon.status_code == HTTPStatus.CONFLICT
    assert soon.json()["code"] == "idempotency_in_progress"
    clock.forward(minutes=3)
    later = post(client, document())
    if is_committed:
        assert later.json()["code"] == "idempotency_answer_lost"
    else:
        assert later.status_code == HTTPStatus.CREATED
    assert count(service) == 1


@pytest.mark.parametrize("key", ["", "a b", "k" * 256, "schl\u00fcssel"])
def test_a_key_is_plain_and_short(key: str, sqlite_service: Service) -> None:
    client = client_of(sqlite_service, PLANNER)
    headers = {"Idempotency-Key": key.encode("latin-1")}
    answer = client.post("/v1/scenarios", json=document(), headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    with sqlite_service.database.read() as session:
        assert session.scalar(select(func.count()).select_from(IdempotentAnswer)) == 0
