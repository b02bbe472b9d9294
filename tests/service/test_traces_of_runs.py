"""The trace of a run in the lines of its worker and of its child."""

import json
import logging
import threading
from collections.abc import Iterator

import pytest

from allocator.service.operations.logs import configure_logs
from allocator.service.queue.attempt import attempt
from allocator.service.queue.leases import claim
from allocator.service.root import Service
from allocator.service.tracing import current_trace, in_trace
from tests.service.runs import source_of, submit
from tests.service.tasks import Talks

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def talks(service: Service, run_id: str) -> Talks:
    return Talks(source_of(service, run_id))


@pytest.fixture(autouse=True)
def _logs_are_as_before() -> Iterator[None]:
    root, quiet = logging.getLogger(), logging.getLogger("opentelemetry.trace")
    before = root.handlers, root.level, quiet.level
    yield
    root.handlers, root.level, quiet.level = before


@pytest.mark.usefixtures("cold_children")  # they write where this test reads
def test_the_worker_and_its_child_name_trace_and_run(
    service: Service, capfd: pytest.CaptureFixture[str]
) -> None:
    with in_trace(TRACE):
        run = submit(service)
    assert run.trace_id == TRACE
    assert current_trace() == ""
    configure_logs("info")
    lease = claim(service, "w")
    assert lease is not None
    attempt(service, lease, talks, threading.Event())
    found = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    names = {(line["trace_id"], line["run_id"]) for line in found}
    assert names == {(TRACE, run.run_id)}
    events = [line["event"] for line in found]
    assert events[1] == "slow"
    assert [event.rpartition(" ")[2] for event in (events[0], events[2])] == ["begins", "over"]


def test_a_run_that_no_request_asked_for_belongs_to_no_trace(service: Service) -> None:
    assert submit(service).trace_id == ""
