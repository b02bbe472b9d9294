"""The service itself: who may ask, how errors look, what is described."""

import json
import logging
import re
import socket
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from allocator.api.app import create_app
from allocator.api.settings import ApiSettings
from allocator.cli.app import app as command_line
from allocator.errors import ConfigError
from tests.api.conftest import Connect
from tests.jobs import fakes
from tests.scenario_documents import bad_document, document

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"


@pytest.mark.parametrize("host", ["0.0.0.0", "prison.example", "192.168.0.7"])  # noqa: S104
def test_only_the_loopback_address(host: str) -> None:
    with pytest.raises(ConfigError):
        ApiSettings(host=host)
    result = CliRunner().invoke(command_line, ["serve", "--host", host])
    assert result.exit_code == 2


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, HTTPStatus.OK),
        ({"Host": "localhost:8000"}, HTTPStatus.OK),
        ({"Host": "[::1]:8000"}, HTTPStatus.OK),
        ({"Host": "evil.example"}, HTTPStatus.MISDIRECTED_REQUEST),
        ({"Host": "127.0.0.1.evil.example"}, HTTPStatus.MISDIRECTED_REQUEST),
        ({"Origin": "http://127.0.0.1:8000"}, HTTPStatus.OK),
        ({"Origin": "http://localhost:3000"}, HTTPStatus.FORBIDDEN),
        ({"Origin": "null"}, HTTPStatus.FORBIDDEN),
        ({"Sec-Fetch-Site": "cross-site"}, HTTPStatus.FORBIDDEN),
        ({"Sec-Fetch-Site": "same-origin"}, HTTPStatus.OK),
    ],
)
def test_host_and_origin(headers: dict[str, str], status: int, connect: Connect) -> None:
    answer = connect().get("/livez", headers=headers)
    assert answer.status_code == status
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    if status != HTTPStatus.OK:
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_every_error_is_problem_details(connect: Connect) -> None:
    client = connect()
    answers = {
        400: client.post("/v1/plans", content=b"{", headers={"Content-Type": "application/json"}),
        404: client.get("/v1/plans/nobody"),
        405: client.put("/v1/plans"),
        413: client.post("/v1/plans", content=b" " * 20_001),
        422: client.post("/v1/plans", json={"scenario": document(), "surprise": 1}),
    }
    chunks = (b" " * 10_000 for _ in range(3))
    answers[4130] = client.post(
        "/v1/plans", content=chunks, headers={"Content-Type": "application/json"}
    )
    for status, answer in answers.items():
        found = answer.json()
        assert answer.status_code == int(str(status)[:3]), answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert {"type", "title", "status", "detail", "instance", "code"} <= set(found)
        assert found["user_message"]
        assert found["developer_message"]


def test_busy_port_is_wrong_usage() -> None:
    """The server's own exit code 3 would say that the data are bad."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(command_line, ["serve", "--port", port])
    assert result.exit_code == 2
    assert "cannot listen" in result.stderr


def test_body_that_is_not_said_to_be_json_is_told_what_to_do(connect: Connect) -> None:
    answer = connect().post("/v1/plans", content=b"{}")
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "Content-Type: application/json" in answer.json()["user_message"]


def test_unexpected_error_tells_nobody_about_a_person(
    connect: Connect, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = connect()

    def fail(_self: Any) -> Any:
        message = "P0001"
        raise KeyError(message)

    monkeypatch.setattr(type(client.app.state.runner.store), "all", fail)  # type: ignore[attr-defined]
    with caplog.at_level(logging.DEBUG):
        answer = client.get("/v1/plans")
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert answer.json()["code"] == "internal_error"
    assert "P0001" not in answer.text + caplog.text


def test_check_lists_problems_or_shows_the_scenario(connect: Connect) -> None:
    client = connect()
    good = client.post("/v1/scenarios:check", json=document()).json()
    assert good["valid"] is True
    assert good["summary"]["people"] == 2
    bad = client.post("/v1/scenarios:check", json=bad_document()).json()
    assert bad["valid"] is False
    assert {row["column"] for row in bad["problems"]} >= {"people[0].sex"}


def test_schemas_and_health(connect: Connect) -> None:
    client = connect()
    assert "units" in client.get("/v1/schema").json()["properties"]
    assert "placements" in client.get("/v1/schema", params={"of": "plan"}).json()["properties"]
    assert client.get("/livez").json()["status"] == "ok"
    assert client.get("/readyz").json()["status"] == "ok"


def test_description_is_complete_and_stable() -> None:
    found = create_app(ApiSettings()).openapi()
    assert found["openapi"].startswith("3.1")
    names = {
        operation["operationId"]
        for methods in found["paths"].values()
        for operation in methods.values()
    }
    assert names == {
        "make_plan",
        "list_plans",
        "get_plan",
        "get_report",
        "delete_plan",
        "check_scenario",
        "verify_plan",
        "get_schema",
        "livez",
        "readyz",
    }
    for methods in found["paths"].values():
        for operation in methods.values():
            assert {"403", "413", "421", "500"} <= set(operation["responses"])
            assert operation["description"]
            for status, answer in operation["responses"].items():
                if int(status) >= 400 and operation["operationId"] != "readyz":
                    assert answer["content"]["application/problem+json"]["example"]
    references = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(found)))
    assert references <= set(found["components"]["schemas"])


def test_every_endpoint_is_documented() -> None:
    page = PAGE.read_text("utf-8")
    for path, methods in create_app(ApiSettings()).openapi()["paths"].items():
        for method in methods:
            assert f"`{method.upper()} {path}`" in page, (
                f"{method} {path} is missing in docs/cli.md"
            )


def test_pages_load_nothing_from_elsewhere(connect: Connect) -> None:
    client = connect(fakes.deaf)
    for path in ("/", "/docs"):
        page = client.get(path)
        assert page.status_code == HTTPStatus.OK
        assert "<script" not in page.text
        assert re.search(r'(src|href)="(https?:)?//', page.text) is None
    assert "POST /v1/plans" in client.get("/docs").text
