"""Run a task in a child so that Ctrl-C works: once for the best so far, twice to give up."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from allocator.jobs.child import ChildLimits, Control, Task, run_child

ENDED_AT_ONCE = ChildLimits(grace_seconds=0.0)


def run_and_follow(
    task: Task, show: Callable[[Any], None], *, keeps_best: bool = True
) -> tuple[Any, bool]:
    """Run a task while `show` is told of its progress.

    Parameters
    ----------
    keeps_best : the first Ctrl-C asks for the best result so far; otherwise it gives up.

    Returns
    -------
    The result, and whether the user interrupted the work.

    Raises
    ------
    KeyboardInterrupt
        If the user gave up.
    """
    control = Control()
    with _interrupts_to(control, keeps_best=keeps_best):
        try:
            result = run_child(task, show, control, ENDED_AT_ONCE)
        except Exception as error:
            if control.cancel.is_set():
                raise KeyboardInterrupt from error
            raise
    return result, control.finish_early.is_set()


@contextmanager
def _interrupts_to(control: Control, *, keeps_best: bool) -> Iterator[None]:
    def interrupt(_number: int, _frame: FrameType | None) -> None:
        if control.finish_early.is_set() or not keeps_best:
            control.cancel.set()
        else:
            control.finish_early.set()
            sys.stderr.write("\nallocator: stopping with the best plan so far (again: give up).\n")

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
