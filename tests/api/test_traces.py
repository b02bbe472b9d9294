"""Traces of requests (W3C Trace Context): taken up or begun, in answers, logs and runs."""

import io
import json
import logging
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Self

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.api.app import create_app
from allocator.api.telemetry import telemetry_of
from allocator.api.trace_context import ignore_double, trace_of
from allocator.errors import ConfigError
from allocator.service.access.roles import Role
from allocator.service.operations.logs import configure_logs
from allocator.service.settings import read_settings
from tests.api.access_app import ADDRESS
from tests.api.conftest import Connect, upload
from tests.scenario_documents import document
from tests.service.conftest import SECRET, MakeService

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PARENT = f"00-{TRACE}-{SPAN}-01"
RESPONSE = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-0[01]")
MALFORMED = {
    "empty": "",
    "not hexadecimal": f"00-{'g' * 32}-{SPAN}-01",
    "capitals": f"00-{TRACE.upper()}-{SPAN}-01",
    "no trace": f"00-{'0' * 32}-{SPAN}-01",
    "no span": f"00-{TRACE}-{'0' * 16}-01",
    "short trace": f"00-{TRACE[1:]}-{SPAN}-01",
    "long span": f"00-{TRACE}-{SPAN}0-01",
    "forbidden version": f"ff-{TRACE}-{SPAN}-01",
    "more than version 00 has": f"00-{TRACE}-{SPAN}-01-what",
    "no flags": f"00-{TRACE}-{SPAN}",
    "a person": "00-A1234BC-7-01",
}


def traced(client: TestClient, **headers: str) -> tuple[str, str]:
    """Trace and span that an answer names; its problem details name the same trace."""
    answer = client.get("/v1/plans/nothing", headers=headers)
    found = RESPONSE.fullmatch(answer.headers["traceresponse"])
    assert found is not None
    assert answer.json()["trace_id"] == found[1]
    return found[1], found[2]


def test_a_valid_parent_is_taken_up(connect: Connect) -> None:
    trace, span = traced(connect(), traceparent=PARENT, tracestate="vendor=t61rcWkgMzE")
    assert trace == TRACE
    assert span != SPAN


def test_a_later_version_may_say_more(connect: Connect) -> None:
    assert traced(connect(), traceparent=f"cc-{TRACE}-{SPAN}-01-what")[0] == TRACE


def test_without_a_parent_every_request_begins_a_trace(connect: Connect) -> None:
    client = connect()
    assert len({traced(client)[0] for _ in range(3)}) == 3


@pytest.mark.parametrize("header", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_parent_is_ignored(connect: Connect, header: str) -> None:
    trace, _ = traced(connect(), traceparent=header)
    assert trace != TRACE
    assert trace != "0" * 32


def test_two_parents_are_none(connect: Connect) -> None:
    twice = [("traceparent", PARENT), ("traceparent", f"00-{'7' * 32}-{SPAN}-01")]
    found = connect().get("/livez", headers=twice).headers["traceresponse"]
    assert found.split("-")[1] not in {TRACE, "7" * 32}


def test_a_bad_state_leaves_the_parent(connect: Connect) -> None:
    assert traced(connect(), traceparent=PARENT, tracestate="P0007=,=,")[0] == TRACE


@given(st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=70))
@settings(max_examples=200, deadline=None)
def test_no_header_makes_a_trace_that_is_none(header: str) -> None:
    scope: dict[str, Any] = {"headers": [(b"traceparent", header.encode("latin-1"))]}
    ignore_double(scope)
    assert RESPONSE.fullmatch(trace_of(scope).response_header())


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root, quiet = logging.getLogger(), logging.getLogger("opentelemetry.trace")
    before = root.handlers, root.level, quiet.level
    written = io.StringIO()
    configure_logs("info", written)
    yield written
    root.handlers, root.level, quiet.level = before


def test_every_line_of_the_log_names_the_trace(
    connect: Connect, stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise KeyError("P0007")

    monkeypatch.setattr("allocator.service.reading_plans.list_plans", fail)
    headers = {"traceparent": PARENT, "tracestate": "P0007!"}
    assert connect(Role.OFFICER).get("/v1/plans", headers=headers).status_code == 500
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    ours = [line for line in lines if line.get("event") != "HTTP Request"]
    assert {"request"} < {line["event"] for line in ours}
    assert {line["trace_id"] for line in ours if "trace_id" in line} == {TRACE}
    assert next(line for line in ours if "unexpected" in line["event"])["trace_id"] == TRACE
    assert "P0007" not in stream.getvalue()


def test_a_run_keeps_the_trace_of_its_request(connect: Connect) -> None:
    client = connect(Role.PLANNER)
    order = {"kind": "plan", "scenario_id": upload(client, document())}
    made = client.post("/v1/runs", json=order, headers={"traceparent": PARENT})
    assert made.status_code == 202
    again = client.get(made.headers["Location"])
    assert again.headers["traceresponse"].split("-")[1] != TRACE
    assert made.json()["trace_id"] == again.json()["trace_id"] == TRACE


def test_nothing_of_the_exporter_is_loaded_without_an_endpoint() -> None:
    words = (
        "import sys; from allocator.api.telemetry import telemetry_of\n"
        "from allocator.service.settings import Settings\n"
        "assert telemetry_of(Settings())['tracing'] is False\n"
        "assert not [m for m in sys.modules if m.startswith('opentelemetry.sdk')]\n"
        "assert not [m for m in sys.modules if m.startswith('opentelemetry.exporter')]\n"
    )
    subprocess.run([sys.executable, "-c", words], check=True)  # noqa: S603


def test_an_endpoint_needs_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "allocator.api.spans", None)
    chosen = read_settings(secret_key=SECRET, otlp_endpoint="http://127.0.0.1:4318")
    with pytest.raises(ConfigError, match="the extra `otel`"):
        telemetry_of(chosen)


@pytest.mark.parametrize(
    "address", ["127.0.0.1:4318", "file:///tmp/x", "https://me:word@host", "https://host?key=1"]
)
def test_an_endpoint_is_an_address_without_a_secret(address: str) -> None:
    with pytest.raises(ConfigError, match="OTLP_ENDPOINT"):
        read_settings(secret_key=SECRET, otlp_endpoint=address)


class Collector:
    """Takes what is exported, as a collector of OTLP over HTTP does."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes]] = []
        got = self.got

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                got.append((self.path, body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def test_spans_reach_a_collector_without_what_names_a_person(make_service: MakeService) -> None:
    pytest.importorskip("opentelemetry.sdk", reason="the extra `otel` is not installed")
    with Collector() as collector:
        service = make_service(otlp_endpoint=collector.address)
        app = create_app(service)
        with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as client:
            path = f"/v1/plans/{'a' * 32}/explanations/A1234BC?cell=P0007"
            headers = {"traceparent": PARENT, "X-Person": "A1234BC"}
            answer = client.get(path, headers=headers)
            assert answer.json()["trace_id"] == TRACE
            twice = [("traceparent", PARENT), ("traceparent", PARENT)]
            assert TRACE not in client.get("/livez", headers=twice).headers["traceresponse"]
        provider: Any = app._telemetry["tracer_provider"]
        provider.shutdown()
    assert {where for where, _ in collector.got} == {"/v1/traces"}
    sent = b"".join(body for _, body in collector.got)
    assert bytes.fromhex(TRACE) in sent
    assert bytes.fromhex(SPAN) in sent
    assert b"/v1/plans/{plan_id}/explanations/{person_id}" in sent
    assert b"A1234BC" not in sent
    assert b"P0007" not in sent
    assert answer.headers["traceresponse"].split("-")[2].encode() not in sent
    assert bytes.fromhex(answer.headers["traceresponse"].split("-")[2]) in sent
