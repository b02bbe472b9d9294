"""What is computed while one waits: placements, reasons, notices, comparisons, verifications."""

from http import HTTPStatus
from typing import Any

import pytest

from allocator.jobs.diff import compare_plans
from allocator.jobs.place import Placer
from allocator.jobs.task import read_source
from allocator.prepare.plan_document import plan_document
from allocator.service.access.roles import Role
from allocator.service.root import Service
from tests.api.conftest import OTHER_ID, PLAN_ID, Connect, audit, store_plan, upload
from tests.jobs.fakes import put
from tests.scenario_documents import document


def _scenario() -> dict[str, Any]:
    found = document(3, (2, 1, 3))
    found["people"][0]["current_place"] = "W-3"
    return found


@pytest.fixture
def scenario_id(connect: Connect, sqlite_service: Service) -> str:
    found = upload(connect(Role.PLANNER), _scenario())
    store_plan(sqlite_service, found, _scenario())
    return found


def test_offers_are_those_of_the_library_and_noted(
    connect: Connect, sqlite_service: Service, scenario_id: str
) -> None:
    client = connect(Role.OFFICER)
    asked = {"person_id": "P2", "count": 2}
    answer = client.post(f"/v1/scenarios/{scenario_id}/placements", json=asked)
    assert answer.status_code == HTTPStatus.OK, answer.text
    placer = Placer(read_source(_scenario()))
    expected = [offer.cell_id for offer in placer.place("P2", 2).offers]
    assert [offer["cell_id"] for offer in answer.json()["offers"]] == expected
    assert len(expected) == 2
    assert answer.json()["verified"] is True
    row = audit(sqlite_service)[-1]
    assert (row.action, row.object_id) == ("place", scenario_id)
    assert row.subject == sqlite_service.keys.subject("P2")
    assert "P2" not in str(row.detail)


def test_offers_follow_the_newest_version(connect: Connect, scenario_id: str) -> None:
    client = connect(Role.PLANNER)
    address = f"/v1/scenarios/{scenario_id}"
    smaller = _scenario()
    smaller["cells"] = smaller["cells"][2:]
    seen = {"If-Match": client.get(address).headers["ETag"]}
    before = client.post(f"{address}/placements", json={"person_id": "P2"}).json()
    assert client.put(address, json=smaller, headers=seen).status_code == HTTPStatus.OK
    after = client.post(f"{address}/placements", json={"person_id": "P2"}).json()
    assert (before["cells"], after["cells"]) == (3, 1)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"person_id": "P9"}, HTTPStatus.NOT_FOUND),
        ({"person_id": "P2", "count": 0}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"person_id": "P2", "count": 51}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"person_id": ""}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ({"person_id": "P2", "why": "now"}, HTTPStatus.UNPROCESSABLE_ENTITY),
    ],
)
def test_what_makes_no_sense_is_refused_without_naming_anybody(
    body: dict[str, Any], status: HTTPStatus, connect: Connect, scenario_id: str
) -> None:
    answer = connect(Role.OFFICER).post(f"/v1/scenarios/{scenario_id}/placements", json=body)
    assert answer.status_code == status
    assert "P9" not in answer.text
    assert "P1" not in answer.text


def test_an_explanation_names_the_place_and_the_cell_asked_about(
    connect: Connect, scenario_id: str
) -> None:
    assert scenario_id
    client = connect(Role.OFFICER)
    path = f"/v1/plans/{PLAN_ID}/explanations/P1"
    found = client.get(path, params={"cell": "W-2"}).json()
    assert (found["placement"]["planned_cell"], found["asked"]["cell_id"]) == ("W-1", "W-2")
    assert (found["reader"], found["verified"]) == ("officer", True)
    assert connect(Role.SECURITY).get(path).json()["reader"] == "security"
    for wrong in (f"{path}?cell=X-9", f"/v1/plans/{PLAN_ID}/explanations/P9"):
        assert client.get(wrong).status_code == HTTPStatus.NOT_FOUND


def test_the_notice_is_the_same_for_every_reader_and_names_nobody_else(
    connect: Connect, scenario_id: str
) -> None:
    assert scenario_id
    path = f"/v1/plans/{PLAN_ID}/notices/P1"
    answers = [connect(role).get(path) for role in (Role.OFFICER, Role.SECURITY)]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["person_id"] == "P1"
    assert len(answers[0].json()["notice"]) > 2
    assert "P2" not in answers[0].text


def test_a_diff_is_that_of_the_library(
    connect: Connect, sqlite_service: Service, scenario_id: str
) -> None:
    scenario = read_source(_scenario())
    plan = put(scenario, {"P1": "W-3", "P2": "W-1", "P3": "W-2"})
    store_plan(sqlite_service, scenario_id, _scenario(), OTHER_ID, document=plan_document(plan))
    client = connect(Role.OFFICER)
    path = f"/v1/plans/{OTHER_ID}/diff"
    found = client.get(path, params={"against": PLAN_ID}).json()
    first = put(scenario, {"P1": "W-1", "P2": "W-1", "P3": "W-2"})
    expected = compare_plans(_scenario(), plan, first).diff
    assert [line["person_id"] for line in found["placements"]["differ"]] == [
        line.person_id for line in expected.places
    ]
    assert (
        found["placements"]["differ"][0] | {"a": "W-3", "b": "W-1"}
        == (found["placements"]["differ"][0])
    )
    missing = client.get(path, params={"against": "0" * 32})
    assert missing.status_code == HTTPStatus.NOT_FOUND
    assert client.get(path).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_plans_of_two_scenarios_are_not_compared(
    connect: Connect, sqlite_service: Service, scenario_id: str
) -> None:
    assert scenario_id
    other = upload(connect(Role.PLANNER), document())
    store_plan(sqlite_service, other, document(), OTHER_ID)
    answer = connect(Role.OFFICER).get(f"/v1/plans/{PLAN_ID}/diff", params={"against": OTHER_ID})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_any_plan_is_judged_against_posted_or_stored_data(
    connect: Connect, scenario_id: str
) -> None:
    client = connect(Role.SECURITY)
    plan = plan_document(put(read_source(_scenario()), {"P1": "W-3", "P2": "W-1", "P3": "W-2"}))
    plan["tiers"][0]["value"] += 7
    bodies = (
        {"plan": plan, "scenario": _scenario()},
        {"plan": plan, "scenario_id": scenario_id},
        {"plan": plan, "scenario_id": scenario_id, "version": 1},
    )
    answers = [client.post("/v1/verifications", json=body).json() for body in bodies]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["verified"] is False
    assert len(answers[0]["discrepancies"]) == 1
    stored = client.get(f"/v1/plans/{PLAN_ID}/verification").json()
    assert stored["verified"] is True


@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"scenario": {}, "scenario_id": "0" * 32},
        {"scenario": {}, "version": 1},
    ],
)
def test_a_verification_is_against_one_scenario(extra: dict[str, Any], connect: Connect) -> None:
    answer = connect(Role.INSPECTOR).post("/v1/verifications", json={"plan": {}, **extra})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_reviews_due_are_listed(connect: Connect) -> None:
    found = document(2)
    found["protection_needs"] = [
        {
            "person_id": "P1",
            "from_person": "P2",
            "reach": "cell",
            "reason": "threat",
            "authority": "governor",
            "review_by": "2026-01-20",
        }
    ]
    client = connect(Role.PLANNER, Role.SECURITY)
    scenario_id = upload(client, found)
    calendar = client.get(f"/v1/scenarios/{scenario_id}/reviews").json()["reviews"]["calendar"]
    assert [(line["subject"], line["days"]) for line in calendar] == [("P1", 5)]


def test_the_administrator_sees_nobody(connect: Connect, scenario_id: str) -> None:
    client = connect(Role.ADMINISTRATOR, facilities=("*",))
    asked = {"person_id": "P2"}
    answers = [
        client.post(f"/v1/scenarios/{scenario_id}/placements", json=asked),
        client.get(f"/v1/plans/{PLAN_ID}"),
        client.get(f"/v1/plans/{PLAN_ID}/explanations/P1"),
        client.get("/v1/scenarios"),
    ]
    assert {answer.status_code for answer in answers} == {HTTPStatus.FORBIDDEN}
