"""The whole story by HTTP alone: from an uploaded scenario to people in their new places, and a
plan that ends because one of them complains.

Only the first administrator is made another way, as `allocator user add` does it.
"""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from multiprocessing import get_context
from typing import Any

import pytest
from fastapi.testclient import TestClient

from allocator.api.app import create_app
from allocator.jobs import child
from allocator.service.access.accounts import add_account
from allocator.service.access.caller import EVERYWHERE, Caller
from allocator.service.access.grants import Grant
from allocator.service.access.roles import Role
from allocator.service.queue.worker import Worker
from allocator.service.root import Service
from allocator.service.workflow.reasons import Seen
from tests.api.conftest import (
    ADDRESS,
    clock,
    database_url,
    make_service,
    postgres_address,
    postgres_url,
    service,
)
from tests.service.prison import ANSWERS, prison

__all__ = ["clock", "database_url", "make_service", "postgres_address", "postgres_url", "service"]
PASSWORD = "seven slow blue rivers"  # noqa: S105
FACILITIES = ["F", "G"]
STAFF = {
    "planner": Role.PLANNER,
    "officer": Role.OFFICER,
    "reviewer": Role.REVIEWER,
    "signer-one": Role.SIGNER,
    "signer-two": Role.SIGNER,
    "inspector": Role.INSPECTOR,
}


class Person:
    """Somebody who signed in with name and password, and what they do at the service."""

    def __init__(self, application: Any, name: str) -> None:
        self.client = TestClient(application, base_url=ADDRESS)
        answer = self.client.post("/v1/session", json={"name": name, "password": PASSWORD})
        assert answer.status_code == HTTPStatus.OK, answer.text
        self.client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]

    def get(self, path: str) -> dict[str, Any]:
        answer = self.client.get(path)
        assert answer.status_code == HTTPStatus.OK, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def post(self, path: str, body: Any = None, seen: str | None = None) -> dict[str, Any]:
        """Send a change; `seen` is the address whose present state it rests on."""
        headers = {} if seen is None else {"If-Match": self.client.get(seen).headers["ETag"]}
        answer = self.client.post(path, json=body, headers=headers)
        assert answer.status_code < HTTPStatus.BAD_REQUEST, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def on_plan(self, plan: str, what: str, body: Any = None) -> dict[str, Any]:
        return self.post(f"/v1/plans/{plan}/{what}", body, seen=f"/v1/plans/{plan}")

    def on_scenario(self, scenario: str, what: str, body: Any) -> dict[str, Any]:
        return self.post(f"/v1/scenarios/{scenario}/{what}", body, f"/v1/scenarios/{scenario}")

    def plan(self, scenario: str, **details: Any) -> str:
        """Start a run, watch it to its end, and say which plan came of it."""
        options = {"effort": "quick", "workers": 1}
        body = {"kind": "plan", "scenario_id": scenario, "options": options, **details}
        run = self.post("/v1/runs", body)["run_id"]
        news = self.client.get(f"/v1/runs/{run}/events")
        assert "event: " in news.text
        found = self.get(f"/v1/runs/{run}")
        assert found["state"] == "done", found
        return str(found["plan_id"])

    def approve(self, plan: str, item: dict[str, Any]) -> dict[str, Any]:
        """Sign one item with what its kind needs."""
        body: dict[str, Any] = {
            "item_ids": [item["item_id"]],
            "decision": "approve",
            "reason": "classification",
        }
        if item["kind"] == "derogation":
            body |= {"reason": "no_lawful_place", "text": "every other cell is taken"}
        if item["detail"].get("regime_level", 0) >= 3:
            body |= {"plann": {name: getattr(ANSWERS, name) for name in ANSWERS.__slots__}}
        return self.on_plan(plan, "signatures", body)


@pytest.fixture
def staff(service: Service) -> Iterator[dict[str, Person]]:
    """Everybody of `STAFF`, with accounts that an administrator made over HTTP."""
    first = Caller("system:cli", "cli", frozenset({Role.ADMINISTRATOR}), frozenset({EVERYWHERE}))
    grant = Grant(frozenset({Role.ADMINISTRATOR}), frozenset({EVERYWHERE}))
    add_account(service, first, "administrator", PASSWORD, grant)
    application = create_app(service, background=[Worker(service)])
    with TestClient(application, base_url=ADDRESS):
        administrator = Person(application, "administrator")
        for name, role in STAFF.items():
            account = {"name": name, "password": PASSWORD}
            administrator.post("/v1/users", account | {"roles": [role], "facilities": FACILITIES})
        yield {name: Person(application, name) for name in STAFF}


@pytest.fixture
def warm_up(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets children start warm; on SQLite the first one starts as the program starts it.

    How they start does not depend on the database, nor on what was planned before.
    """
    if database_url.startswith("sqlite"):
        warm = child.CONTEXT
        monkeypatch.setattr(child, "CONTEXT", get_context("spawn"))
        return lambda: monkeypatch.setattr(child, "CONTEXT", warm)
    return lambda: None


def test_the_whole_story(staff: dict[str, Person], warm_up: Callable[[], None]) -> None:
    planner, officer, reviewer = staff["planner"], staff["officer"], staff["reviewer"]

    # Upload and check the scenario of the morning, and plan it.
    assert planner.post("/v1/scenarios:check", prison())["valid"] is True
    scenario = planner.post("/v1/scenarios", prison())["scenario_id"]
    first_plan = planner.plan(scenario)
    warm_up()

    # An officer decides on two people; the first plan ends, and a second one keeps what it can.
    move_p1 = {"kind": "lock", "person_id": "P1", "cell_id": "W-3", "reason": "conflict"}
    move_p4 = {"kind": "lock", "person_id": "P4", "cell_id": "V-1", "reason": "classification"}
    officer.on_scenario(scenario, "decisions", move_p1)
    officer.on_scenario(scenario, "decisions", move_p4)
    assert officer.get(f"/v1/plans/{first_plan}")["state"] == "expired"
    plan = planner.plan(scenario, from_plan_id=first_plan)
    why = officer.get(f"/v1/plans/{plan}/explanations/P1")
    assert why["placement"]["planned_cell"] == "W-3"

    # Propose and review: two people.
    planner.on_plan(plan, "proposal", {"text": "for tonight"})
    reviewer.on_plan(plan, "review", {"looked_at": [entry.value for entry in Seen]})

    # Sign: every item by the people that it needs; a transfer of P4 needs two.
    one, two = staff["signer-one"], staff["signer-two"]
    items = one.get(f"/v1/plans/{plan}/workflow")["items"]
    needed = {item["item_id"]: item["signatures_needed"] for item in items}
    assert (needed["move:P1"], needed["move:P4"]) == (1, 2)
    for item in items:
        for signer in (one, two)[: item["signatures_needed"]]:
            signer.approve(plan, item)
    assert officer.get(f"/v1/plans/{plan}")["state"] == "signed"

    # Carry it out; P4 does not want to go.
    done = officer.on_plan(plan, "execution")
    for step in officer.get(f"/v1/plans/{plan}/workflow")["steps"]:
        path = f"steps/{step['number']}"
        if step["person_id"] == "P4":
            done = officer.on_plan(plan, f"{path}/failure", {"reason": "person_refused"})
        else:
            done = officer.on_plan(plan, f"{path}/confirmation")
        if done["state"] != "executing":
            break
    assert done["state"] == "expired"

    # Plan again from where everybody is; P1 stays where they were brought.
    again = {name: done["replan"][name] for name in ("version", "from_plan_id")}
    rest = planner.plan(scenario, **again)
    found = officer.get(f"/v1/scenarios/{scenario}/versions/{done['newest_version']}")
    places = {row["person_id"]: row["current_place"] for row in found["document"]["people"]}
    assert (places["P1"], places["P4"]) == ("W-3", "W-4")
    planner.on_plan(rest, "proposal", {})
    left = {i["item_id"] for i in officer.get(f"/v1/plans/{rest}/workflow")["items"]}
    assert "move:P4" in left
    assert "move:P1" not in left

    # P4 complains: the plan that would move them ends and says so.
    complaint = {"person_id": "P4", "reason": "family_contact"}
    taken = officer.on_scenario(scenario, "complaints", complaint)
    assert taken["ended_plans"] == [rest]
    last = staff["inspector"].get(f"/v1/plans/{rest}/workflow")["history"][-1]
    assert (last["after"], last["detail"]["changed"]) == ("expired", {"complaints_added": 1})

    # The audit log of all of it is whole, and says who looked at P1.
    inspector = staff["inspector"]
    assert inspector.get("/v1/audit/verification")["faults"] == []
    looked = inspector.get("/v1/audit?person_id=P1")["entries"]
    assert "explain" in {entry["action"] for entry in looked}
