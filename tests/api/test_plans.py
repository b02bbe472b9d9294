"""Plans over HTTP: made, followed, read, cancelled; a killed child is a failed plan."""

from http import HTTPStatus

from fastapi.testclient import TestClient

from tests.api.conftest import Connect, is_finished, wait_for
from tests.jobs import fakes
from tests.scenario_documents import bad_document, document


def _post(client: TestClient) -> str:
    answer = client.post("/v1/plans", json={"scenario": document(), "options": {"effort": "quick"}})
    assert answer.status_code == HTTPStatus.ACCEPTED, answer.text
    assert answer.headers["Retry-After"]
    return answer.headers["Location"]


def test_plan_from_post_to_report_and_verification(connect: Connect) -> None:
    client = connect()
    location = _post(client)
    assert client.get(f"{location}/report").status_code == HTTPStatus.CONFLICT
    found = wait_for(client, location, is_finished)
    assert found["state"] == "done", found["problem"]
    assert found["summary"]["verified"] is True
    report = client.get(found["report"])
    assert report.headers["Content-Type"].startswith("text/html")
    assert "tiny-2" in report.text
    body = {"scenario": document(), "plan": found["plan"]}
    verified = client.post("/v1/verifications", json=body).json()
    assert verified["verified"] is True
    body["plan"]["tiers"][0]["value"] += 7
    assert client.post("/v1/verifications", json=body).json()["discrepancies"]
    listed = client.get("/v1/plans").json()["plans"]
    assert [item["id"] for item in listed] == [found["id"]]
    assert "plan" not in listed[0]
    assert client.delete(location).status_code == HTTPStatus.NO_CONTENT
    assert client.get(location).status_code == HTTPStatus.NOT_FOUND


def test_plan_from_the_last_plan(connect: Connect) -> None:
    client = connect(fakes.first_fit)
    first = wait_for(client, _post(client), is_finished)["plan"]
    changed = document(places=(1, 3))
    body = {"scenario": changed, "from": first}
    found = wait_for(client, client.post("/v1/plans", json=body).headers["Location"], is_finished)
    assert [line["person_id"] for line in found["summary"]["revision"]["departures"]] == ["P2"]
    checked = {"scenario": changed, "plan": found["plan"]}
    verified = client.post("/v1/verifications", json=checked).json()
    assert verified["revised_plan"] == found["summary"]["revision"]["last_plan"]
    assert client.post("/v1/plans", json={"scenario": changed, "from": {}}).status_code == (
        HTTPStatus.UNPROCESSABLE_ENTITY
    )


def test_cancel_ends_the_child(connect: Connect) -> None:
    client = connect(fakes.deaf)
    location = _post(client)
    progress = wait_for(client, location, lambda found: bool(found["progress"]))["progress"]
    assert progress["tier"] == "exposure"
    assert client.delete(location).status_code == HTTPStatus.ACCEPTED
    assert wait_for(client, location, is_finished)["state"] == "cancelled"
    assert client.get("/readyz").status_code == HTTPStatus.OK


def test_killed_child_is_a_failed_plan_with_words(connect: Connect) -> None:
    client = connect(fakes.dying)
    found = wait_for(client, _post(client), is_finished)
    assert found["state"] == "failed"
    assert found["problem"]["code"] == "job_failed"
    assert "SIGKILL" in found["problem"]["user_message"]
    assert client.get("/readyz").status_code == HTTPStatus.OK


def test_queue_is_bounded(connect: Connect) -> None:
    client = connect(fakes.deaf)
    first = _post(client)
    wait_for(client, first, lambda found: found["state"] == "running")
    _post(client)
    answer = client.post("/v1/plans", json={"scenario": document()})
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert answer.headers["Retry-After"]
    assert answer.json()["code"] == "queue_full"


def test_bad_scenario_is_refused_with_all_problems(connect: Connect) -> None:
    client = connect(fakes.deaf)
    answer = client.post("/v1/plans", json={"scenario": bad_document()})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert len(answer.json()["errors"]) == 2
    assert client.get("/v1/plans").json() == {"plans": []}


def test_unknown_policy_is_refused(connect: Connect) -> None:
    body = {"scenario": document(), "options": {"policy": "nonsense"}}
    answer = connect(fakes.deaf).post("/v1/plans", json=body)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.json()["code"] == "config_invalid"
