"""Runs over HTTP: started, followed, resumed, ended early, cancelled."""

import json
from http import HTTPStatus
from typing import Any

import pytest

from allocator.service.access.roles import Role
from allocator.service.queue.endings import finish, hand_back
from allocator.service.queue.leases import Lease, claim
from allocator.service.queue.reporter import Reporter
from allocator.service.root import Service
from tests.api.conftest import Connect, upload
from tests.scenario_documents import document
from tests.service.runs import result_of
from tests.service.tasks import news

FINAL_NUMBER = 5


@pytest.fixture
def scenario_id(connect: Connect) -> str:
    return upload(connect(Role.PLANNER), document())


def start(connect: Connect, scenario_id: str, **body: Any) -> str:
    """Where a run is that a planner starts."""
    order = {"kind": "plan", "scenario_id": scenario_id, "options": {"effort": "quick"}} | body
    answer = connect(Role.PLANNER).post("/v1/runs", json=order)
    assert answer.status_code == HTTPStatus.ACCEPTED, answer.text
    assert answer.headers["Retry-After"]
    return str(answer.headers["Location"])


def take(service: Service) -> Lease:
    lease = claim(service, "a" * 32)
    assert lease is not None
    return lease


def events(text: str) -> list[tuple[int, str, dict[str, Any]]]:
    """Id, kind and data of each event of a stream."""
    found = []
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith(":")]
        fields = dict(line.split(": ", 1) for line in lines)
        if "event" in fields:
            found.append((int(fields["id"]), fields["event"], json.loads(fields["data"])))
    return found


def test_a_run_from_its_start_to_its_plan(
    connect: Connect, sqlite_service: Service, scenario_id: str
) -> None:
    client = connect(Role.PLANNER)
    location = start(connect, scenario_id)
    run = client.get(location)
    assert run.headers["Retry-After"]
    assert (run.json()["state"], run.json()["options"]) == ("queued", {"effort": "quick"})
    lease = take(sqlite_service)
    Reporter(sqlite_service, lease).note(news(1, bound=5, cells=[1, 0]))
    shown = client.get(location).json()
    assert shown["progress"] == news(1, bound=5)
    finish(sqlite_service, lease, result_of(sqlite_service, lease.run_id))
    done = client.get(location)
    assert "Retry-After" not in done.headers
    assert (done.json()["state"], done.json()["has_result"]) == ("done", False)
    plan = client.get(f"/v1/plans/{done.json()['plan_id']}").json()
    assert (plan["state"], plan["run_id"]) == ("draft", lease.run_id)


def test_events_are_numbered_and_resumed(
    connect: Connect, sqlite_service: Service, scenario_id: str
) -> None:
    client = connect(Role.INSPECTOR)
    location = start(connect, scenario_id)
    lease = take(sqlite_service)
    reporter = Reporter(sqlite_service, lease)
    reporter.note(news(1, bound=5))
    reporter.note(news(2, bound=5))
    reporter.flush()
    finish(sqlite_service, lease, result_of(sqlite_service, lease.run_id))
    answer = client.get(f"{location}/events")
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    told = events(answer.text)
    assert [(number, kind) for number, kind, _ in told] == [
        (1, "queued"),
        (2, "running"),
        (3, "progress"),
        (4, "progress"),
        (FINAL_NUMBER, "done"),
    ]
    assert told[2][2]["values"] == [0, 0, 999]
    for seen in (3, FINAL_NUMBER):
        again = client.get(f"{location}/events", headers={"Last-Event-ID": str(seen)})
        assert events(again.text) == told[min(seen, FINAL_NUMBER - 1) :]
    wrong = client.get(f"{location}/events", headers={"Last-Event-ID": "x"})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_run_is_cancelled_once(connect: Connect, scenario_id: str) -> None:
    client = connect(Role.PLANNER)
    location = start(connect, scenario_id)
    assert client.post(f"{location}/finish").status_code == HTTPStatus.CONFLICT
    answer = client.delete(location)
    assert (answer.status_code, answer.json()["state"]) == (HTTPStatus.ACCEPTED, "cancelled")
    assert client.delete(location).status_code == HTTPStatus.CONFLICT
    assert client.get(f"{location}/result").status_code == HTTPStatus.CONFLICT


def test_a_running_run_is_asked(
    connect: Connect, sqlite_service: Service, scenario_id: str
) -> None:
    client = connect(Role.PLANNER)
    location = start(connect, scenario_id)
    lease = take(sqlite_service)
    assert client.post(f"{location}/finish").json()["asked"] == "finish"
    assert client.delete(location).json()["asked"] == "cancel"
    assert client.post(f"{location}/finish").status_code == HTTPStatus.CONFLICT
    hand_back(sqlite_service, lease)
    assert client.get(location).json()["state"] == "cancelled"


def test_other_results_are_read_apart(
    connect: Connect, sqlite_service: Service, scenario_id: str
) -> None:
    location = start(connect, scenario_id, kind="conflict", options={})
    told = {"officer": {"words": "none"}, "security": {"words": "all"}}
    finish(sqlite_service, take(sqlite_service), told)
    client = connect(Role.INSPECTOR)
    assert client.get(location).json()["has_result"] is True
    found = client.get(f"{location}/result").json()
    assert (found["kind"], found["result"]) == ("conflict", {"words": "none"})


def test_pages_and_filters(connect: Connect, sqlite_service: Service, scenario_id: str) -> None:
    made = {start(connect, scenario_id).rsplit("/", 1)[-1] for _ in range(3)}
    client = connect(Role.PLANNER)
    first = client.get("/v1/runs", params={"limit": 2})
    second = client.get("/v1/runs", params={"limit": 2, "cursor": first.json()["next"]})
    assert 'rel="next"' in first.headers["Link"]
    assert second.json()["next"] is None
    seen = [run["run_id"] for page in (first, second) for run in page.json()["runs"]]
    assert (len(seen), set(seen)) == (3, made)
    lease = take(sqlite_service)
    running = client.get("/v1/runs", params={"state": "running"}).json()["runs"]
    assert [run["run_id"] for run in running] == [lease.run_id]
    wrong = client.get("/v1/runs", params={"state": "asleep"})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_the_same_key_starts_one_run(connect: Connect, scenario_id: str) -> None:
    client = connect(Role.PLANNER)
    body = {"kind": "plan", "scenario_id": scenario_id}
    key = {"Idempotency-Key": "one"}
    first, again = (client.post("/v1/runs", json=body, headers=key) for _ in range(2))
    assert first.json() == again.json()
    assert first.headers["Location"] == again.headers["Location"]
    assert len(client.get("/v1/runs").json()["runs"]) == 1


def test_what_is_out_of_scope_or_role(connect: Connect, scenario_id: str) -> None:
    location = start(connect, scenario_id)
    stranger = connect(Role.PLANNER, facilities=("G",))
    for method, address in (
        ("GET", location),
        ("GET", f"{location}/events"),
        ("GET", f"{location}/result"),
        ("POST", f"{location}/finish"),
        ("DELETE", location),
    ):
        assert stranger.request(method, address).status_code == HTTPStatus.NOT_FOUND, address
    assert stranger.get("/v1/runs").json()["runs"] == []
    body = {"kind": "plan", "scenario_id": scenario_id}
    assert stranger.post("/v1/runs", json=body).status_code == HTTPStatus.NOT_FOUND
    inspector = connect(Role.INSPECTOR)
    assert inspector.post("/v1/runs", json=body).status_code == HTTPStatus.FORBIDDEN
    assert inspector.delete(location).status_code == HTTPStatus.FORBIDDEN


def test_options_that_make_no_sense(connect: Connect, scenario_id: str) -> None:
    client = connect(Role.PLANNER)
    for body in (
        {"kind": "plan", "options": {"policy": "../secret"}},
        {"kind": "plan", "options": {"moves": [1, 2]}},
        {"kind": "order"},
        {"kind": "sing"},
    ):
        answer = client.post("/v1/runs", json={"scenario_id": scenario_id} | body)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, body
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_runs_are_started_at_a_bounded_rate(
    connect: Connect, sqlite_service: Service, scenario_id: str
) -> None:
    client = connect(Role.PLANNER)
    most = sqlite_service.settings.runs_per_minute
    body = {"kind": "plan", "scenario_id": scenario_id}
    answers = [client.post("/v1/runs", json=body) for _ in range(most + 1)]
    assert answers[-1].status_code == 429
    assert answers[-1].json()["code"] == "rate_limited"
    assert int(answers[-1].headers["Retry-After"]) >= 1
