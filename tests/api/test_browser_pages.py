"""Whoever visits an address with a browser gets the same answer as a page, with a way back."""

import json
from html import unescape
from http import HTTPStatus
from typing import Any

import pytest

from allocator.api.browser_pages import Visit, answer_page, title_of
from allocator.api.drawn_pages import OLDER_FORM
from allocator.jobs.conflict import answer_conflict
from allocator.jobs.curve_document import nothing_found
from allocator.jobs.request import NO_OVERRIDES
from allocator.service.access.roles import Role
from allocator.service.queue.endings import finish
from allocator.service.root import Service
from allocator.store.tables import Run
from tests.api import marked_world as world
from tests.api.conftest import OTHER_ID, PLAN_ID, Connect, audit, client_of, store_plan, upload
from tests.api.structure import Structure
from tests.api.test_runs import start, take
from tests.scenario_documents import document
from tests.service.conftest import caller

VISIT = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
EVERYBODY = (Role.OFFICER, Role.PLANNER)


@pytest.fixture
def scenario_id(connect: Connect, sqlite_service: Service) -> str:
    found = upload(connect(Role.PLANNER), document(3))
    store_plan(sqlite_service, found, document(3))
    store_plan(sqlite_service, found, document(3), OTHER_ID)
    return found


def test_a_visit_is_a_page_and_a_tool_gets_json(connect: Connect, scenario_id: str) -> None:
    client = connect(*EVERYBODY)
    for path in (
        f"/v1/plans/{PLAN_ID}",
        f"/v1/plans/{PLAN_ID}/workflow",
        f"/v1/plans/{PLAN_ID}/explanations/P1",
        f"/v1/plans/{PLAN_ID}/notices/P1",
        f"/v1/scenarios/{scenario_id}/reviews",
        f"/v1/scenarios/{scenario_id}/versions/1",
    ):
        page = client.get(path, headers=VISIT)
        assert page.status_code == HTTPStatus.OK, page.text
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert page.text.startswith("<!doctype html>") or "<html lang=" in page.text
        assert '<a href="/">Back to what runs</a>' in page.text
        assert int(page.headers["Content-Length"]) == len(page.content)
        assert page.headers["Cache-Control"] == "no-store"
        tool = client.get(path)
        assert tool.headers["Content-Type"] == "application/json"
        assert tool.headers.get("ETag") == page.headers.get("ETag")


def test_a_refusal_is_a_page_with_its_status(connect: Connect) -> None:
    page = connect(Role.OFFICER).get(f"/v1/plans/{OTHER_ID}", headers=VISIT)
    assert page.status_code == HTTPStatus.NOT_FOUND
    assert "There is no such plan." in page.text
    assert "Back to what runs" in page.text


def test_nothing_of_an_answer_becomes_markup_and_nothing_is_left_out() -> None:
    evil = "<script>alert(1)</script>"
    found: dict[str, Any] = {
        "person_id": evil,
        "rows": [{"cell_id": "W-1", evil: 1234567}, {"cell_id": None, "is_open": True}],
        "deep": {"list": [{"inner": {"value": 7.5}}, ["a", ["b"]]]},
        "empty": [],
        "status": "no_conflict",
        "name": "training_prison",
    }
    page = answer_page(Visit("/v1/x", "X"), 200, json.dumps(found).encode()).decode()
    assert evil not in page
    assert "&lt;script&gt;" in page
    for text in (
        "1,234,567",
        "W-1",
        "yes",
        "7.5",
        "Cell id",
        "b",
        "no conflict",
        "training_prison",
    ):
        assert text in page


@pytest.mark.usefixtures("scenario_id")
def test_a_list_leads_to_its_next_page(connect: Connect) -> None:
    page = connect(Role.OFFICER).get("/v1/plans?limit=1", headers=VISIT)
    assert 'href="/v1/plans?limit=1&amp;cursor=' in page.text
    assert "Next page" in page.text


def test_descriptions_for_programs_stay_as_they_are(connect: Connect) -> None:
    for path in ("/openapi.json", "/v1/schema"):
        answer = connect(Role.OFFICER).get(path, headers=VISIT)
        assert answer.headers["Content-Type"] == "application/json"


def test_reports_have_a_way_back_and_their_own_style(
    connect: Connect, sqlite_service: Service, scenario_id: str
) -> None:
    client = connect(Role.OFFICER)
    present = client.get(f"/v1/scenarios/{scenario_id}/report")
    assert present.status_code == HTTPStatus.OK, present.text
    for part in ("quality", "capacity", "space", "reviews"):
        assert f'id="{part}"' in present.text
    assert audit(sqlite_service)[-1].detail["what"] == "present report"
    compared = client.get(f"/v1/plans/{PLAN_ID}/diff/report?against={OTHER_ID}")
    assert compared.status_code == HTTPStatus.OK, compared.text
    visited = client.get(f"/v1/plans/{PLAN_ID}/diff?against={OTHER_ID}", headers=VISIT)
    main = compared.text.partition("<main")[2]
    assert main
    assert visited.text.partition("<main")[2] == main
    for page in (present, compared, visited):
        assert 'href="/"' in page.text
        assert "sha256-" in page.headers["Content-Security-Policy"]
    assert client.get(f"/v1/runs/{OTHER_ID}/report").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SECURITY])
def test_a_stored_order_is_shown_as_its_page(sqlite_service: Service, role: Role) -> None:
    """Of the document that the reader may see, and of no other."""
    world.fill(sqlite_service, world.marked_document(["reviewer"]))
    client = client_of(sqlite_service, caller(role))
    path = f"/v1/runs/{world.ORDER_ID}"
    tool = client.get(f"{path}/result")
    assert tool.headers["Content-Type"] == "application/json"
    found = tool.json()["result"]
    visited, report = client.get(f"{path}/result", headers=VISIT), client.get(f"{path}/report")
    assert visited.text == report.text
    assert visited.text.count("<g><title>Batch ") == found["steps"] > 0
    assert found["words"] in visited.text
    assert [word for word in world.CANARIES if word in visited.text] == []
    assert visited.headers.get("ETag") == tool.headers.get("ETag")
    assert int(visited.headers["Content-Length"]) == len(visited.content)
    policies = {page.headers["Content-Security-Policy"] for page in (visited, report)}
    assert len(policies) == 1
    assert "style-src 'self' 'sha256-" in policies.pop()
    assert '<a href="/">Back to what runs</a>' in visited.text
    assert Structure(visited.text).faults == []
    plain = client.get(path, headers=VISIT)
    assert "sha256-" not in plain.headers["Content-Security-Policy"]


def strike(service: Service, run: str, key: str) -> None:
    """Take a key out of what a run returned, for each audience, as if an older version made it."""
    with service.database.write() as session:
        row = session.get_one(Run, run.rpartition("/")[2])
        assert row.result is not None
        told = [row.result, *(part for part in row.result.values() if isinstance(part, dict))]
        kept = [part for part in told if key in part]
        assert kept
        found = json.loads(json.dumps(row.result))
        for part in (found, *(part for part in found.values() if isinstance(part, dict))):
            part.pop(key, None)
        row.result = found


@pytest.mark.parametrize(
    ("run_id", "key"),
    [(world.ORDER_ID, "left_out_bound"), (world.ORDER_ID, "opens"), (world.CONFLICT_ID, "prices")],
)
def test_an_answer_of_an_older_version_is_told_and_not_drawn(
    sqlite_service: Service, run_id: str, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It was an internal error: the page reads a key that the stored answer does not have."""
    world.fill(sqlite_service, world.marked_document(["reviewer"]))
    run = f"/v1/runs/{run_id}"
    strike(sqlite_service, run, key)
    client = client_of(sqlite_service, caller(Role.OFFICER))
    tool = client.get(f"{run}/result")
    assert tool.status_code == HTTPStatus.OK
    page = client.get(f"{run}/result", headers=VISIT)
    assert page.status_code == HTTPStatus.OK
    assert OLDER_FORM in page.text
    assert tool.json()["result"]["words"] in unescape(page.text)
    assert "sha256-" not in page.headers["Content-Security-Policy"]
    assert Structure(page.text).faults == []
    report = client.get(f"{run}/report", headers=VISIT)
    assert report.status_code == HTTPStatus.CONFLICT
    assert OLDER_FORM in report.text
    assert f'<a href="{run}/result">' in report.text
    for shown in (page, report):
        assert f'<a href="{run}/result?as=json">' in shown.text
    assert client.get(f"{run}/report").json()["code"] == "older_form"
    as_json = client.get(f"{run}/result?as=json", headers=VISIT)
    assert as_json.json() == tool.json()
    logged = [record.getMessage() for record in caplog.records if record.name == "allocator.api"]
    assert len(logged) == 3
    assert all(words.startswith("not drawn: ") for words in logged)


def test_a_curve_without_a_plan_says_so(sqlite_service: Service) -> None:
    """It has nothing to draw, and is no answer of an older version."""
    world.fill(sqlite_service, world.marked_document(["reviewer"]))
    nothing = {**nothing_found(interrupted=False), "plans": {}}
    with sqlite_service.database.write() as session:
        session.get_one(Run, world.CURVE_ID).result = nothing
    client = client_of(sqlite_service, caller(Role.OFFICER))
    page = client.get(f"/v1/runs/{world.CURVE_ID}/result", headers=VISIT)
    assert page.status_code == HTTPStatus.OK
    assert nothing["words"] in page.text
    assert OLDER_FORM not in page.text
    report = client.get(f"/v1/runs/{world.CURVE_ID}/report")
    assert report.json()["code"] == "state_conflict"


def test_what_a_browser_gets_as_json_keeps_its_query() -> None:
    visit = Visit("/v1/plans", "Plans", query="limit=1&sort=state")
    assert visit.as_json == "/v1/plans?limit=1&sort=state&as=json"


@pytest.mark.parametrize(
    ("route", "title"),
    [
        ("/v1/plans", "Plans"),
        ("/v1/plans/{plan_id}", "Plan"),
        ("/v1/plans/{plan_id}/explanations/{person_id}", "Explanation"),
        ("/v1/plans/{plan_id}/workflow", "Workflow"),
        ("/v1/api-keys", "Api keys"),
        ("/readyz", "Readyz"),
        ("unmatched", "Unmatched"),
    ],
)
def test_a_title_says_what_is_there_and_names_nobody(route: str, title: str) -> None:
    assert title_of(route) == title


def test_a_notice_is_read_as_paragraphs(connect: Connect, scenario_id: str) -> None:
    client = connect(Role.OFFICER)
    words = client.get(f"/v1/plans/{PLAN_ID}/notices/P1").json()["notice"]
    page = client.get(f"/v1/plans/{PLAN_ID}/notices/P1", headers=VISIT).text
    assert page.count("<p>") >= len(words) > 1
    assert "<h1>Notice</h1>" in page
    assert scenario_id not in page.partition("</title>")[0]


@pytest.mark.usefixtures("scenario_id")
def test_an_explanation_has_a_page_of_its_own(connect: Connect) -> None:
    client = connect(Role.OFFICER)
    path = f"/v1/plans/{PLAN_ID}/explanations/P1?cell=W-2"
    told, page = client.get(path).json(), client.get(path, headers=VISIT)
    for said in ("Why not W-2, wing W?", told["asked"]["words"], "A named person decides"):
        assert said in page.text
    assert f'<a href="/plans/{PLAN_ID}">Read and decide</a>' in page.text
    assert "style-src 'self' 'sha256-" in page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert int(page.headers["Content-Length"]) == len(page.content)
    assert page.headers["Vary"] == "Accept"
    assert Structure(page.text).faults == []
    wrong = client.get(f"/v1/plans/{PLAN_ID}/explanations/P7", headers=VISIT)
    assert wrong.status_code == HTTPStatus.NOT_FOUND
    assert "What to do" in wrong.text
    assert "sha256-" not in wrong.headers["Content-Security-Policy"]


def test_a_conflict_has_a_page_and_prices_of_locks_are_shown_as_they_are(
    connect: Connect, sqlite_service: Service
) -> None:
    """Two people and one place; each reader gets the page of what is told to them."""
    found = document(n_people=2, places=(1,))
    made_from = upload(connect(Role.PLANNER), found)
    run = start(connect, made_from, kind="conflict", options={})
    officer = answer_conflict(found, NO_OVERRIDES)
    told = {"officer": officer, "security": officer | {"words": "As security is told."}}
    finish(sqlite_service, take(sqlite_service), told)
    client = connect(Role.OFFICER)
    assert client.get(f"{run}/result").json()["result"]["words"] == officer["words"]
    for path in (f"{run}/result", f"{run}/report"):
        page = client.get(path, headers=VISIT)
        assert page.status_code == HTTPStatus.OK, page.text
        assert "Conflict 1: too little room" in page.text
        assert officer["words"] in page.text
        assert "As security is told." not in page.text
        assert '<a href="/">Back to what runs</a>' in page.text
        assert "sha256-" in page.headers["Content-Security-Policy"]
        assert Structure(page.text).faults == []
    assert f'<a href="{run}/report">' in client.get("/").text
    other = start(connect, made_from, kind="locks", options={})
    finish(sqlite_service, take(sqlite_service), {"words": "Nothing is locked."})
    page = client.get(f"{other}/result", headers=VISIT)
    assert "Nothing is locked." in page.text
    assert "sha256-" not in page.headers["Content-Security-Policy"]
