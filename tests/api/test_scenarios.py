"""Scenarios over HTTP: checked, uploaded, revised by whoever saw the newest version, read."""

from http import HTTPStatus

import pytest

from allocator.service.access.roles import Role
from allocator.service.root import Service
from allocator.store.tables import ScenarioVersion
from tests.api.conftest import Connect, audit, upload
from tests.scenario_documents import bad_document, document


def actions(service: Service) -> list[tuple[str, str]]:
    """What the audit log says was done, with the kind of object."""
    return [(row.action, row.object_kind) for row in audit(service)]


def test_check_lists_problems_or_shows_the_scenario_and_stores_nothing(
    connect: Connect, sqlite_service: Service
) -> None:
    client = connect(Role.OFFICER)
    good = client.post("/v1/scenarios:check", json=document()).json()
    assert good["valid"] is True
    assert good["summary"]["people"] == 2
    bad = client.post("/v1/scenarios:check", json=bad_document()).json()
    assert bad["valid"] is False
    assert {row["column"] for row in bad["problems"]} >= {"people[0].sex"}
    assert actions(sqlite_service) == []


def test_upload_read_revise(connect: Connect, sqlite_service: Service) -> None:
    client = connect(Role.PLANNER)
    made = client.post("/v1/scenarios", json=document(3))
    assert made.status_code == HTTPStatus.CREATED, made.text
    address, etag = made.headers["Location"], made.headers["ETag"]
    assert made.json()["number"] == 1
    assert client.get(address).headers["ETag"] == etag == f'"{made.json()["content_hash"]}-1"'
    revised = client.put(address, json=document(4), headers={"If-Match": etag})
    assert revised.status_code == HTTPStatus.OK, revised.text
    assert (revised.json()["number"], revised.json()["people"]) == (2, 4)
    assert client.get(address).headers["ETag"] == revised.headers["ETag"] != etag
    first = client.get(f"{address}/versions/1").json()
    assert first["document"] == document(3)
    assert first["head"] == 2
    assert actions(sqlite_service) == [
        ("scenario.write", "scenario"),
        ("scenario.write", "scenario"),
        ("scenario.read", "scenario"),
    ]


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, HTTPStatus.PRECONDITION_REQUIRED),
        ("*", HTTPStatus.PRECONDITION_REQUIRED),
        ('"other-1"', HTTPStatus.PRECONDITION_FAILED),
        ("W/{etag}", HTTPStatus.PRECONDITION_FAILED),
        ("not a tag", HTTPStatus.PRECONDITION_FAILED),
        ('"other-1", {etag}', HTTPStatus.OK),
    ],
)
def test_a_revision_says_what_was_seen(
    header: str | None, status: HTTPStatus, connect: Connect
) -> None:
    client = connect(Role.PLANNER)
    address = f"/v1/scenarios/{upload(client, document())}"
    etag = client.get(address).headers["ETag"]
    headers = {} if header is None else {"If-Match": header.format(etag=etag)}
    answer = client.put(address, json=document(3), headers=headers)
    assert answer.status_code == status, answer.text
    assert client.get(address).json()["number"] == (2 if status == HTTPStatus.OK else 1)


def test_two_who_saw_the_same_version_do_not_both_revise_it(connect: Connect) -> None:
    client = connect(Role.PLANNER)
    address = f"/v1/scenarios/{upload(client, document())}"
    seen = {"If-Match": client.get(address).headers["ETag"]}
    answers = [client.put(address, json=document(n), headers=seen) for n in (3, 4)]
    assert [a.status_code for a in answers] == [HTTPStatus.OK, HTTPStatus.PRECONDITION_FAILED]
    assert answers[1].json()["code"] == "precondition_failed"
    assert client.get(address).json()["people"] == 3


def test_bad_data_leave_nothing_behind(connect: Connect) -> None:
    client = connect(Role.PLANNER)
    answer = client.post("/v1/scenarios", json=bad_document())
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.json()["code"] == "scenario_invalid"
    assert len(answer.json()["errors"]) == 2
    assert client.get("/v1/scenarios").json() == {"scenarios": [], "next": None}


def test_another_facility_is_not_there(connect: Connect) -> None:
    found = upload(connect(Role.PLANNER), document())
    stranger = connect(Role.PLANNER, facilities=("G",))
    for path in ("", "/versions", "/versions/1", "/reviews"):
        answer = stranger.get(f"/v1/scenarios/{found}{path}")
        assert answer.status_code == HTTPStatus.NOT_FOUND, path
        assert answer.json()["code"] == "not_found"
    assert stranger.get("/v1/scenarios").json()["scenarios"] == []
    everywhere = connect(Role.INSPECTOR, facilities=("*",))
    assert len(everywhere.get("/v1/scenarios").json()["scenarios"]) == 1
    assert stranger.post("/v1/scenarios", json=document()).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    "given", ["nobody", "0" * 32, "0" * 31 + "\u00e9", "%00", "..%2f..", "A" * 32]
)
def test_unknown_ids_are_not_there(given: str, connect: Connect) -> None:
    client = connect(Role.PLANNER)
    for path in (f"/v1/scenarios/{given}", f"/v1/plans/{given}", f"/v1/plans/{given}/report"):
        answer = client.get(path)
        assert answer.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST}, path
    missing = client.get(f"/v1/scenarios/{upload(client, document())}/versions/2")
    assert missing.status_code == HTTPStatus.NOT_FOUND


def test_intelligence_is_shown_by_role_and_survives_a_revision_by_others(connect: Connect) -> None:
    planner, security = connect(Role.PLANNER), connect(Role.SECURITY)
    full = document(2)
    full["people"][0]["veo_status"] = "charged"
    address = f"/v1/scenarios/{upload(security, full)}"
    shown = planner.get(f"{address}/versions/1").json()
    assert shown["is_redacted"] is True
    assert "veo_status" not in shown["document"]["people"][0]
    whole = security.get(f"{address}/versions/1").json()
    assert whole["is_redacted"] is False
    assert whole["document"] == full
    changed = shown["document"] | {"name": "renamed"}
    seen = {"If-Match": planner.get(address).headers["ETag"]}
    assert planner.put(address, json=changed, headers=seen).status_code == HTTPStatus.OK
    kept = security.get(f"{address}/versions/2").json()["document"]
    assert kept == full | {"name": "renamed"}


def test_data_that_retention_deleted_are_said_to_be_gone(
    connect: Connect, sqlite_service: Service
) -> None:
    client = connect(Role.PLANNER)
    found = upload(client, document())
    with sqlite_service.database.write() as session:
        session.get_one(ScenarioVersion, (found, 1)).document = None
    assert client.get(f"/v1/scenarios/{found}").json()["has_document"] is False
    answer = client.get(f"/v1/scenarios/{found}/versions/1")
    assert answer.status_code == HTTPStatus.CONFLICT
    assert answer.json()["code"] == "state_conflict"
