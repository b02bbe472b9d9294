"""A child process gives its result, its error, or a reason why it died; and stops when told."""

import os
import signal
import threading
import time
from typing import Any

import pytest

from allocator.errors import AllocatorError, InternalError, JobError, ScenarioError
from allocator.jobs.child import ChildLimits, Control, exit_words, run_child
from tests.jobs.tasks import PROBLEM, Answer, Die, Fail, TakeMemory, UntilStopped

pytestmark = pytest.mark.usefixtures("cold_children")


def test_result_and_progress_come_back_in_order() -> None:
    news: list[Any] = []
    assert run_child(Answer({"places": [2, 3, 5]}), news.append) == {"places": [2, 3, 5]}
    assert news == [{"step": 1}, {"step": 2}]


def test_scenario_error_keeps_its_problems() -> None:
    with pytest.raises(ScenarioError) as caught:
        run_child(Fail("scenario"))
    assert caught.value.problems == (PROBLEM,)


def test_own_error_keeps_both_messages() -> None:
    with pytest.raises(InternalError) as caught:
        run_child(Fail("internal"))
    assert caught.value.user_message == "for the user"
    assert caught.value.developer_message == "for the developer"


def test_unexpected_error_names_the_line_but_not_its_text() -> None:
    with pytest.raises(InternalError) as caught:
        run_child(Fail("unexpected"))
    assert "KeyError at tasks.py:" in caught.value.developer_message
    assert "P0001" not in caught.value.developer_message


@pytest.mark.parametrize(
    ("by", "words"), [("exit", "ended with exit code 7"), ("signal", "killed by signal SIGKILL")]
)
def test_dead_child_is_a_job_error_in_words(by: str, words: str) -> None:
    with pytest.raises(JobError, match=words):
        run_child(Die(by))


def test_finish_early_asks_for_the_best_so_far() -> None:
    control = Control()
    assert run_child(UntilStopped(), lambda _: control.finish_early.set(), control) == "best so far"


def test_cancel_ends_a_child_that_does_not_listen() -> None:
    control = Control()
    pids: list[int] = []

    def cancel(news: Any) -> None:
        pids.append(news["pid"])
        control.cancel.set()

    started = time.monotonic()
    with pytest.raises(JobError, match="cancelled"):
        run_child(UntilStopped(deaf=True), cancel, control, ChildLimits(grace_seconds=0.2))
    assert time.monotonic() - started < 10
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def test_a_child_that_is_killed_has_no_grace() -> None:
    control = Control()
    started = time.monotonic()
    with pytest.raises(JobError, match="ended"):
        run_child(
            UntilStopped(deaf=True),
            lambda _: control.kill.set(),
            control,
            ChildLimits(grace_seconds=600),
        )
    assert time.monotonic() - started < 60


def test_a_signal_to_the_whole_group_leaves_the_child_to_its_parent() -> None:
    control = Control()

    def signal_both(news: Any) -> None:
        os.kill(news["pid"], signal.SIGTERM)
        os.kill(news["pid"], signal.SIGINT)
        control.finish_early.set()

    assert run_child(UntilStopped(), signal_both, control) == "best so far"


def test_memory_limit_is_named() -> None:
    limits = ChildLimits(memory_bytes=1024 * 1024 * 1024)
    with pytest.raises(AllocatorError, match="memory of 1024 MiB"):
        run_child(TakeMemory(2 * 1024 * 1024 * 1024), limits=limits)


def test_children_run_in_threads_side_by_side() -> None:
    results: list[int] = []
    threads = [
        threading.Thread(target=lambda n=n: results.append(run_child(Answer(n)))) for n in (3, 5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [3, 5]


def test_exit_words() -> None:
    assert exit_words(None) == "stopped answering"
    assert exit_words(-11) == "was killed by signal SIGSEGV"
