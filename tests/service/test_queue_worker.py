"""A worker and its children: what is reported, how it is stopped, what it survives."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from allocator.jobs.child import ChildLimits, Task, run_child
from allocator.service.queue import reading, runs
from allocator.service.queue.events import FINAL, News
from allocator.service.queue.reading import RunView
from allocator.service.queue.states import RunState
from allocator.service.queue.worker import Worker
from allocator.service.root import Service, open_service
from allocator.store.tables import Run, StoredPlan
from allocator.store.tables import Worker as WorkerRow
from tests.jobs.tasks import Niceness
from tests.service.conftest import MakeService
from tests.service.kills import environment, settings_of
from tests.service.runs import PLANNER, QUICK, deaf, dying, quick, slow, submit, upload
from tests.service.tasks import news

PATIENCE_SECONDS = 300
MakeTask = Callable[[Service, str], Task]


@contextmanager
def at_work(service: Service, make_task: MakeTask, slots: int = 1) -> Iterator[Worker]:
    worker = Worker(service, slots, make_task)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


def wait(service: Service, run_id: str, ready: Callable[[RunView], bool]) -> RunView:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        view = reading.find(service, PLANNER, run_id)
        if ready(view):
            return view
        assert time.monotonic() < deadline, f"{run_id} did not get there: {view}"
        time.sleep(0.05)


def is_over(view: RunView) -> bool:
    return view.is_final


def has_begun(view: RunView) -> bool:
    return bool(view.progress)


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture
def brisk(make_service: MakeService, database_url: str) -> Service:
    """A service that gives a child little grace."""
    return make_service(database_url=database_url, grace_seconds=0.2)


@pytest.fixture
def brisk_sqlite(make_service: MakeService) -> Service:
    return make_service(grace_seconds=0.2)


def test_a_run_becomes_a_draft_and_its_news_are_numbered(brisk: Service) -> None:
    made = submit(brisk)
    with at_work(brisk, quick):
        done = wait(brisk, made.run_id, is_over)
        with brisk.database.read() as session:
            assert session.scalar(select(func.count()).select_from(WorkerRow)) == 1
    assert done.state is RunState.DONE, done.error
    with brisk.database.read() as session:
        plan = session.get_one(StoredPlan, done.plan_id)
        assert (plan.state, plan.reports, plan.run_id) == (
            "draft",
            {"officer": "<p>", "security": "<p>"},
            made.run_id,
        )
        assert session.scalar(select(func.count()).select_from(WorkerRow)) == 0
    told = reading.events_after(brisk, PLANNER, made.run_id, 0)
    assert [event.number for event in told] == [1, 2, 3, 4]
    assert [event.kind for event in told] == [
        News.QUEUED,
        News.RUNNING,
        News.PROGRESS,
        News.DONE,
    ]
    assert told[2].data == news(1, bound=5)
    assert told[3].data["plan_id"] == done.plan_id


def test_cancelling_ends_the_child(brisk: Service) -> None:
    made = submit(brisk)
    with at_work(brisk, deaf) as worker:
        pid = wait(brisk, made.run_id, has_begun).progress["pid"]
        assert not is_gone(pid)
        runs.cancel(brisk, PLANNER, made.run_id)
        cancelled = wait(brisk, made.run_id, is_over)
        assert cancelled.state is RunState.CANCELLED
        assert cancelled.plan_id is None
        assert is_gone(pid)
        assert worker.is_alive()
    assert reading.events_after(brisk, PLANNER, made.run_id, 0)[-1].kind in FINAL


def test_a_run_ends_early_with_its_best_so_far(brisk_sqlite: Service) -> None:
    made = submit(brisk_sqlite)
    with at_work(brisk_sqlite, slow):
        wait(brisk_sqlite, made.run_id, has_begun)
        runs.finish_early(brisk_sqlite, PLANNER, made.run_id)
        done = wait(brisk_sqlite, made.run_id, is_over)
    assert done.state is RunState.DONE
    assert done.plan_id is not None


def test_a_stopped_worker_hands_its_run_back_with_the_incumbent(brisk: Service) -> None:
    made = submit(brisk)
    with at_work(brisk, slow):
        pid = wait(brisk, made.run_id, has_begun).progress["pid"]
    assert is_gone(pid)
    back = reading.find(brisk, PLANNER, made.run_id)
    assert (back.state, back.attempt) == (RunState.QUEUED, 0)
    with brisk.database.read() as session:
        incumbent = session.scalar(select(Run.incumbent).where(Run.run_id == made.run_id))
    assert incumbent is not None
    assert incumbent["cells"] == [1, 0]
    with at_work(brisk, quick):
        assert wait(brisk, made.run_id, is_over).state is RunState.DONE


def test_a_run_that_ends_within_the_grace_period_is_kept(make_service: MakeService) -> None:
    service = make_service(grace_seconds=60.0)
    made = submit(service)
    stop = threading.Event()
    worker = Worker(service, make_task=quick)
    thread = threading.Thread(target=worker.run_until, args=(stop,))
    thread.start()
    wait(service, made.run_id, lambda view: view.state is RunState.RUNNING)
    stop.set()
    thread.join()
    assert reading.find(service, PLANNER, made.run_id).state is RunState.DONE


def test_no_run_goes_on_for_ever(make_service: MakeService) -> None:
    service = make_service(grace_seconds=0.2, run_seconds=0.5)
    version = upload(service)
    first = submit(service, version)
    with at_work(service, deaf):
        failed = wait(service, first.run_id, is_over)
    assert failed.error is not None
    assert (failed.state, failed.error["code"]) == (RunState.FAILED, "out_of_time")


def test_a_child_that_dies_is_a_failed_run_and_the_worker_goes_on(brisk_sqlite: Service) -> None:
    version = upload(brisk_sqlite)
    first = submit(brisk_sqlite, version)
    with at_work(brisk_sqlite, dying) as worker:
        failed = wait(brisk_sqlite, first.run_id, is_over)
        assert worker.is_alive()
    assert failed.error is not None
    assert (failed.state, failed.error["code"]) == (RunState.FAILED, "job_failed")
    assert "SIGKILL" in failed.error["user_message"]
    assert failed.attempt == brisk_sqlite.settings.most_attempts
    told = reading.events_after(brisk_sqlite, PLANNER, first.run_id, 0)[-1]
    assert told.data["code"] == "job_failed"


def test_a_run_whose_child_was_killed_goes_on_from_its_incumbent(brisk: Service) -> None:
    made = submit(brisk)
    with at_work(brisk, slow):
        os.kill(wait(brisk, made.run_id, has_begun).progress["pid"], signal.SIGKILL)
        again = wait(brisk, made.run_id, lambda view: view.attempt == 2 and not view.is_final)
        runs.finish_early(brisk, PLANNER, again.run_id)
        assert wait(brisk, made.run_id, is_over).state is RunState.DONE
    told = reading.events_after(brisk, PLANNER, made.run_id, 0)
    assert News.PROCESS_LOST in {event.kind for event in told}
    first, second = (dict(event.data) for event in told if event.kind == News.RUNNING)
    assert first == {"attempt": 1}
    seconds = second.pop("incumbent_seconds")
    assert second == {"attempt": 2}
    assert seconds in [event.data.get("seconds") for event in told]


def test_a_worker_that_lost_its_run_ends_the_child_and_writes_nothing(brisk: Service) -> None:
    made = submit(brisk)
    with at_work(brisk, deaf):
        pid = wait(brisk, made.run_id, has_begun).progress["pid"]
        with brisk.database.write() as session:
            session.execute(update(Run).values(owner="f" * 32, attempt=2, progress={"mine": 1}))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not is_gone(pid):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    view = reading.find(brisk, PLANNER, made.run_id)
    assert (view.state, view.attempt, view.progress) == (RunState.RUNNING, 2, {"mine": 1})


def test_two_slots_work_side_by_side(brisk_sqlite: Service) -> None:
    version = upload(brisk_sqlite)
    first, second = submit(brisk_sqlite, version), submit(brisk_sqlite, version)
    with at_work(brisk_sqlite, slow, slots=2):
        for made in (first, second):
            wait(brisk_sqlite, made.run_id, has_begun)
        assert reading.find(brisk_sqlite, PLANNER, first.run_id).state is RunState.RUNNING


def test_the_command_works_until_it_is_told_to_stop(tmp_path: Path) -> None:
    database_url = f"sqlite:///{tmp_path / 'service.sqlite3'}"
    service = open_service(settings_of(database_url, tmp_path))
    made = submit(service, options=QUICK)
    command = [sys.executable, "-m", "allocator.cli", "worker", "--slots", "2"]
    process = subprocess.Popen(  # noqa: S603 - our own program
        command, env=environment(database_url, tmp_path), stderr=subprocess.PIPE, text=True
    )
    try:
        wait(service, made.run_id, lambda view: view.state is not RunState.QUEUED)
        process.terminate()
        _, words = process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        process.kill()
    assert process.returncode == 0, words
    assert "takes runs, 2 at a time" in words
    logged = [json.loads(line) for line in words.splitlines()[1:]]
    assert {"event": f"run {made.run_id}, attempt 1, begins", "level": "info"}.items() <= (
        logged[0].items()
    )
    left = reading.find(service, PLANNER, made.run_id)
    assert left.state in {RunState.QUEUED, RunState.DONE}, left  # handed back, if not that fast
    with service.database.read() as session:
        assert session.scalar(select(func.count()).select_from(WorkerRow)) == 0
    service.database.close()


def test_a_child_stands_back_for_the_service() -> None:
    assert run_child(Niceness(), limits=ChildLimits(niceness=3)) == min(19, os.nice(0) + 3)
