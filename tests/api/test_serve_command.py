"""`allocator serve` as a process: told to stop during a solve, it hands the run back at once."""

import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from http.client import HTTPResponse
from pathlib import Path

from sqlalchemy import select

from allocator.jobs.scenario_output import source_document
from allocator.service import scenarios
from allocator.service.access.api_keys import add_key
from allocator.service.access.caller import EVERYWHERE, operator_caller
from allocator.service.access.grants import Grant
from allocator.service.access.roles import Role
from allocator.service.queue import runs
from allocator.service.queue.events import News
from allocator.service.queue.leases import GOES_ON_FROM
from allocator.service.queue.options import RunKind
from allocator.service.queue.states import RunState
from allocator.service.root import Service, open_service
from allocator.store.tables import Run, RunEvent
from tests.service.conftest import caller
from tests.service.free_port import free_port
from tests.service.kills import ROOT, environment, settings_of
from tests.service.runs import quick
from tests.service.test_queue_worker import at_work

PATIENCE_SECONDS = 300
PLANNER = caller(Role.PLANNER, facilities=(EVERYWHERE,))
SLOW = {"effort": "thorough", "workers": 1}


def long_run(service: Service) -> str:
    """A run that takes longer than this test."""
    found = source_document(ROOT / "scenarios" / "f17_ta_48")
    version = scenarios.upload(service, PLANNER, found)
    order = runs.RunOrder(RunKind.PLAN, version.scenario_id, options=SLOW)
    return runs.submit(service, PLANNER, order).run_id


def wait(service: Service, run_id: str, ready: Callable[[Run], bool]) -> Run:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        with service.database.read() as session:
            run = session.get_one(Run, run_id)
            session.expunge(run)
        if ready(run):
            return run
        assert time.monotonic() < deadline, (run.state, run.error)
        time.sleep(0.05)


def follow(service: Service, port: int, run_id: str) -> HTTPResponse:
    """The open answer of somebody who follows a run."""
    grant = Grant(frozenset({Role.PLANNER}), frozenset({EVERYWHERE}))
    token = add_key(service, operator_caller(), "follower", grant).token
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/runs/{run_id}/events",
        headers={"Authorization": f"Bearer {token}"},
    )
    answer: HTTPResponse = urllib.request.urlopen(request, timeout=PATIENCE_SECONDS)  # noqa: S310
    return answer


def test_a_server_told_to_stop_hands_its_run_back_and_another_worker_goes_on(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'service.sqlite3'}"
    service = open_service(settings_of(url, tmp_path))
    run_id, port = long_run(service), free_port()
    command = [sys.executable, "-m", "allocator.cli", "serve", "--port", str(port)]
    server = subprocess.Popen(  # noqa: S603 - our own program
        command, env=environment(url, tmp_path), stderr=subprocess.DEVNULL
    )
    try:
        wait(service, run_id, lambda run: run.incumbent is not None)
        with follow(service, port, run_id) as followed:
            began = time.monotonic()
            server.terminate()
            back = wait(service, run_id, lambda run: run.state != RunState.RUNNING)
            seconds = time.monotonic() - began
            assert b"event: handed_back" not in followed.read()  # it ended, so that others could
        assert server.wait(PATIENCE_SECONDS) == -signal.SIGTERM
    finally:
        server.kill()
        server.wait()
    assert seconds < PATIENCE_SECONDS / 10
    assert (back.state, back.attempt, back.owner) == (RunState.QUEUED, 0, None)
    assert back.incumbent is not None
    with at_work(service, quick):
        assert wait(service, run_id, lambda run: run.ended_at is not None).state == RunState.DONE
    with service.database.read() as session:
        own = select(RunEvent.kind, RunEvent.data).where(RunEvent.run_id == run_id)
        told = session.execute(own.order_by(RunEvent.number)).all()
    assert News.HANDED_BACK in [kind for kind, _ in told]
    first, second = (data for kind, data in told if kind == News.RUNNING)
    assert (GOES_ON_FROM in first, second[GOES_ON_FROM]) == (False, back.incumbent["seconds"])
    service.database.close()
