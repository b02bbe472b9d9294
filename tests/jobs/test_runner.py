"""The runner takes jobs in order, cancels for real, survives a killed child and a full queue."""

import time
from collections.abc import Callable, Iterator

import pytest

from allocator.jobs.child import ChildLimits, Task
from allocator.jobs.runner import JobRunner, QueueFullError
from allocator.jobs.states import JobState, is_final
from allocator.jobs.store import JobRecord, MemoryStore
from tests.jobs.tasks import Answer, Die, UntilStopped


@pytest.fixture
def runner() -> Iterator[JobRunner]:
    made = JobRunner(MemoryStore(), queue_size=1, limits=ChildLimits(grace_seconds=0.2))
    yield made
    made.close()


def _submit(runner: JobRunner, name: str, task: Task) -> None:
    runner.submit(JobRecord(name, "tiny", "abc"), task)


def _wait(runner: JobRunner, name: str, ready: Callable[[JobRecord], bool]) -> JobRecord:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        record = runner.store.get(name)
        if record is not None and ready(record):
            return record
        time.sleep(0.02)
    message = f"{name} did not get there: {runner.store.get(name)}"
    raise AssertionError(message)


def _finished(record: JobRecord) -> bool:
    return is_final(record.state)


def test_done_with_result_and_progress(runner: JobRunner) -> None:
    _submit(runner, "a", Answer({"n": 5}))
    record = _wait(runner, "a", _finished)
    assert record.state is JobState.DONE
    assert record.result == {"n": 5}
    assert record.progress == {"step": 2}


def test_killed_child_is_a_failed_job_with_its_reason(runner: JobRunner) -> None:
    _submit(runner, "a", Die("signal"))
    record = _wait(runner, "a", _finished)
    assert record.state is JobState.FAILED
    assert record.error is not None
    assert "SIGKILL" in record.error["user_message"]
    _submit(runner, "b", Answer({"n": 3}))
    assert _wait(runner, "b", _finished).state is JobState.DONE


def test_cancel_running_and_waiting(runner: JobRunner) -> None:
    _submit(runner, "a", UntilStopped(deaf=True))
    _wait(runner, "a", lambda record: bool(record.progress))
    _submit(runner, "b", Answer({"n": 3}))
    runner.cancel("b")
    runner.cancel("a")
    assert _wait(runner, "a", _finished).state is JobState.CANCELLED
    assert _wait(runner, "b", _finished).state is JobState.CANCELLED
    assert runner.is_alive()


def test_full_queue_refuses_and_forgets(runner: JobRunner) -> None:
    _submit(runner, "a", UntilStopped(deaf=True))
    _wait(runner, "a", lambda record: record.state is JobState.RUNNING)
    _submit(runner, "b", Answer({}))
    with pytest.raises(QueueFullError):
        _submit(runner, "c", Answer({}))
    assert runner.store.get("c") is None
