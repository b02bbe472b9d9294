"""The service itself: what is described, health, pages, and what stands before every request."""

import json
import logging
import re
import socket
import subprocess
import sys
from html.parser import HTMLParser
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from typer.testing import CliRunner

from allocator.api.app import create_app
from allocator.cli.app import app as command_line
from allocator.service.access.roles import Role
from allocator.service.root import Service
from allocator.store.tables import Run, Worker
from tests.api import surface
from tests.api.access_app import make_app
from tests.api.conftest import ADDRESS, PLAN_ID, Connect, TestClock, store_plan, upload
from tests.scenario_documents import document

DOCS = Path(__file__).parents[2] / "docs"
OPEN = ("/livez", "/readyz", "/version", "/v1/schema", "/openapi.json", "/docs", "/")


@pytest.fixture
def description(sqlite_service: Service) -> dict[str, Any]:
    return make_app(sqlite_service).openapi()


def test_the_surface_is_as_it_was_promised(description: dict[str, Any]) -> None:
    """A breaking change is one that removes or narrows a line; see `tests/api/surface.py`."""
    assert surface.surface_of(description) == surface.FILE.read_text("utf-8")


def test_every_operation_is_described_whole(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1")
    ids = []
    for path, methods in description["paths"].items():
        for operation in methods.values():
            ids.append(operation["operationId"])
            assert operation["summary"], path
            assert operation["description"], path
            assert {"403", "413", "421", "500"} <= set(operation["responses"]), path
            assert ("401" in operation["responses"]) or path in (*OPEN, "/metrics"), path
            for status, answer in operation["responses"].items():
                if int(status) >= 400 and (path, status) != ("/readyz", "503"):
                    assert answer["content"]["application/problem+json"]["example"], path
    assert len(set(ids)) == len(ids)
    references = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(description)))
    assert references <= set(description["components"]["schemas"])


def _names(path: str) -> set[str]:
    whole = re.sub(r"\{\w+\}", "{}", path)
    return {whole, whole.partition("{}/")[2] or whole}


def test_every_operation_is_documented(description: dict[str, Any]) -> None:
    """By its whole address, or by what follows the id where a table says what goes before."""
    pages = "".join(path.read_text("utf-8") for path in sorted(DOCS.glob("*.md")))
    known = re.sub(r"\{\w+\}", "{}", pages)
    missing = [
        f"{method.upper()} {path}"
        for path, methods in description["paths"].items()
        for method in methods
        if not any(f"`{method.upper()} {name}`" in known for name in _names(path))
    ]
    assert missing == []


def test_nobody_gets_in_without_saying_who_they_are(
    connect: Connect, description: dict[str, Any]
) -> None:
    client = connect()
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            if not operation.get("security"):
                continue
            address = re.sub(r"\{\w+\}", "1", path)
            answer = client.request(method, address, json={})
            assert answer.status_code == HTTPStatus.UNAUTHORIZED, (method, path)
            assert answer.headers["Content-Type"] == "application/problem+json"


def test_what_is_open_needs_nobody(connect: Connect) -> None:
    for path in OPEN:
        assert connect().get(path).status_code in {HTTPStatus.OK, HTTPStatus.SERVICE_UNAVAILABLE}


def test_every_error_is_problem_details(connect: Connect) -> None:
    client = connect(Role.PLANNER)
    json_type = {"Content-Type": "application/json"}
    answers = {
        400: client.post("/v1/scenarios", content=b"{", headers=json_type),
        404: client.get("/v1/plans/nobody"),
        405: client.put("/v1/plans"),
        422: client.post("/v1/verifications", json={"plan": {}, "surprise": 1}),
        4040: client.get("/nothing/here"),
        4041: client.get("/static/nothing.css"),
    }
    for status, answer in answers.items():
        found = answer.json()
        assert answer.status_code == int(str(status)[:3]), answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert {"type", "title", "status", "detail", "instance", "code", "trace_id"} <= set(found)
        assert found["user_message"]
        assert found["developer_message"]


def test_unexpected_errors_tell_nobody_about_a_person(
    connect: Connect, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = connect(Role.OFFICER)

    def fail(*_: Any) -> Any:
        message = "P0001"
        raise KeyError(message)

    monkeypatch.setattr("allocator.service.reading_plans.list_plans", fail)
    with caplog.at_level(logging.DEBUG):
        answer = client.get("/v1/plans")
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert answer.json()["code"] == "internal_error"
    assert "P0001" not in answer.text + caplog.text


def test_ready_says_what_each_part_says(
    connect: Connect, sqlite_service: Service, clock: TestClock
) -> None:
    client = connect()
    assert client.get("/livez").json() == {"status": "ok"}
    waiting = client.get("/readyz")
    assert waiting.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert waiting.json()["checks"]["workers"] == "none seen recently"
    with sqlite_service.database.write() as session:
        now = sqlite_service.clock()
        session.add(Worker(worker_id="w", host="h", pid=1, started_at=now, seen_at=now))
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (HTTPStatus.OK, "ok")
    clock.forward(minutes=5)
    assert client.get("/readyz").status_code == HTTPStatus.SERVICE_UNAVAILABLE
    with sqlite_service.database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert "migrate" in client.get("/readyz").json()["checks"]["schema"]


def test_a_server_without_workers_is_ready_and_says_so(make_service: Any) -> None:
    app = make_app(make_service(embedded_workers=0))
    found = TestClient(app, base_url=ADDRESS).get("/readyz")
    assert found.status_code == HTTPStatus.OK
    assert "none embedded" in found.json()["checks"]["workers"]


def test_a_silent_database_is_not_ready(connect: Connect, sqlite_service: Service) -> None:
    client = connect()
    sqlite_service.database.close()
    for file in sqlite_service.settings.data_folder.glob("*.sqlite3*"):
        file.unlink()
    (sqlite_service.settings.data_folder / "allocator.sqlite3").mkdir()
    answer = client.get("/readyz")
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer.json()["checks"]["database"].startswith("no answer")


def test_background_work_begins_and_ends_with_the_application(sqlite_service: Service) -> None:
    said: list[str] = []

    class Work:
        def start(self) -> None:
            said.append("start")

        def stop(self) -> None:
            said.append("stop")

    with TestClient(create_app(sqlite_service, [Work()]), base_url=ADDRESS) as client:
        assert client.get("/livez").status_code == HTTPStatus.OK
        assert said == ["start"]
    assert said == ["start", "stop"]


def test_a_busy_port_is_wrong_usage(tmp_path: Path) -> None:
    """The server's own exit code 3 would say that the data are bad."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        options = ["serve", "--port", port, "--data", str(tmp_path)]
        result = CliRunner().invoke(command_line, options)
    assert result.exit_code == 2
    assert "cannot listen" in result.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "prison.example"])  # noqa: S104
def test_in_development_only_the_loopback_address(host: str, tmp_path: Path) -> None:
    options = ["serve", "--host", host, "--data", str(tmp_path)]
    result = CliRunner().invoke(command_line, options)
    assert result.exit_code == 2


class _Parts(HTMLParser):
    """What a page loads, names, and labels."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.fields: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.loads += [found[name] for name in ("src", "href") if name in found]
        self.ids += [found["id"]] if "id" in found else []
        self.labels += [found["for"]] if tag == "label" else []
        is_field = tag in {"input", "select", "textarea"} and found.get("type") != "hidden"
        self.fields += [found["id"]] if is_field else []
        if tag == "style" or (tag == "script" and "src" not in found):
            self.inline.append(tag)
        self.inline += [name for name in found if name == "style" or name.startswith("on")]


def _parts(page: str) -> _Parts:
    parts = _Parts()
    parts.feed(page)
    return parts


def test_pages_load_only_their_own_files_and_label_every_field(
    connect: Connect, sqlite_service: Service
) -> None:
    planner = connect(Role.PLANNER)
    store_plan(sqlite_service, upload(planner, document()), document())
    for client, path in ((connect(), "/"), (planner, "/"), (planner, "/docs")):
        answer = client.get(path)
        parts = _parts(answer.text)
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert parts.inline == []
        assert all(load.startswith(("/", "#")) and load[:2] != "//" for load in parts.loads)
        assert len(set(parts.ids)) == len(parts.ids)
        assert sorted(parts.fields) == sorted(parts.labels)
        for load in parts.loads:
            if load.startswith("/static/"):
                assert client.get(load).status_code == HTTPStatus.OK, load


def test_the_front_page_shows_what_is_in_scope(connect: Connect, sqlite_service: Service) -> None:
    planner = connect(Role.PLANNER)
    scenario_id = upload(planner, document(name="wing-seven"))
    store_plan(sqlite_service, scenario_id, document(), state="proposed")
    now = sqlite_service.clock()
    row = {"kind": "plan", "scenario_id": scenario_id, "version": 1, "request": {}}
    row |= {"state": "running", "progress": {"stage": "search", "seconds": 3.5}, "made_at": now}
    with sqlite_service.database.write() as session:
        session.add(Run(run_id="a" * 32, made_by="account:one", attempt=0, **row))
    page = planner.get("/").text
    for words in ("wing-seven", "1 running", "1 proposed", f"/v1/plans/{PLAN_ID}/report"):
        assert words in page
    assert f'data-run="{"a" * 32}"' in page
    assert "search, 4 s" in page
    stranger = connect(Role.PLANNER, facilities=("G",)).get("/").text
    assert "wing-seven" not in stranger
    assert "No run yet" in stranger
    nobody = connect(Role.ADMINISTRATOR).get("/").text
    assert "wing-seven" not in nobody
    assert "Your roles show no runs" in nobody


def test_who_is_not_known_is_asked_to_sign_in(connect: Connect) -> None:
    page = connect().get("/")
    assert page.status_code == HTTPStatus.OK
    assert 'action="/v1/session"' in page.text
    assert 'id="problem"' in page.text
    assert "password is wrong" not in page.text
    assert "password is wrong" in connect().get("/?refused=not_authenticated").text
    assert "Too many attempts" in connect().get("/?refused=rate_limited").text


def test_a_server_starts_without_the_solver() -> None:
    heavy = ("numba", "ortools", "pandas", "scipy.optimize")
    program = f"import sys, allocator.api.app; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
