"""One task in its own process: progress comes back over a pipe, stopping is prompt.

The child is spawned and not forked, because OR-Tools and Numba keep threads that a fork breaks.
It never outlives its parent: when the pipe closes, it ends itself.
"""

import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

from allocator.dry_run import is_dry_run, set_dry_run
from allocator.errors import AllocatorError, JobError
from allocator.jobs.problems import error_document, rebuild_error

CONTEXT: SpawnContext | ForkServerContext = get_context("spawn")
POLL_SECONDS = 0.05
MEBIBYTE = 1024 * 1024
THE_PARENTS = {signal.SIGINT, signal.SIGTERM}  # sent to a whole group, and the parent's to handle


class KilledError(JobError):
    """Somebody outside ended a child by force, often the system for want of memory."""


class ChildObserver(Protocol):
    """What a task may tell and ask; a solver's observer with progress of any picklable kind."""

    def on_progress(self, progress: Any) -> None:
        """Send a progress report to the parent."""

    def should_stop(self) -> bool:
        """True when the parent wants the best result so far."""


class Task(Protocol):
    """Something picklable that a child can run; its result must be picklable too."""

    def run(self, observer: ChildObserver, /) -> Any:
        """Do the work."""


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """Bounds on a child.

    Parameters
    ----------
    memory_bytes : address space, None for no limit.
    grace_seconds : time between asking to stop and ending the process by force.
    niceness : how far the child stands back for other processes, 0-19.
    """

    memory_bytes: int | None = None
    grace_seconds: float = 2.0
    niceness: int = 0


@dataclass(slots=True)
class Control:
    """Switches that another thread may throw while a child works.

    Parameters
    ----------
    finish_early : the best so far is wanted. cancel : no result is wanted; the child has the grace
        period to come to its own end. kill : the child ends now.
    """

    finish_early: threading.Event = field(default_factory=threading.Event)
    cancel: threading.Event = field(default_factory=threading.Event)
    kill: threading.Event = field(default_factory=threading.Event)


def run_child(
    task: Task,
    on_progress: Callable[[Any], None] | None = None,
    control: Control | None = None,
    limits: ChildLimits | None = None,
) -> Any:
    """Run a task in a child process and return its result.

    Raises
    ------
    AllocatorError
        As the task raised it.
    KilledError
        If the child was killed with SIGKILL.
    JobError
        If the child died otherwise, or was cancelled.
    """
    parent = _Parent(task, on_progress, control or Control(), limits or ChildLimits())
    return parent.run()


class _Parent:
    """The parent's side; one thread owns it."""

    def __init__(
        self,
        task: Task,
        on_progress: Callable[[Any], None] | None,
        control: Control,
        limits: ChildLimits,
    ) -> None:
        self.pipe, self.far_end = CONTEXT.Pipe()
        self.process: BaseProcess = CONTEXT.Process(
            target=_child_main,
            args=(task, self.far_end, limits, is_dry_run()),
            daemon=True,
        )
        self.on_progress = on_progress or (lambda _: None)
        self.control = control
        self.limits = limits
        self.has_asked = False
        self.deadline: float | None = None

    def run(self) -> Any:
        try:
            with _interrupts_blocked():
                self.process.start()
            self.far_end.close()
            return self._listen()
        finally:
            self._end_process()
            self.pipe.close()

    def _listen(self) -> Any:
        while True:
            self._obey_control()
            try:
                kind, value = self._next_message()
            except (EOFError, ConnectionResetError):
                raise self._death() from None
            if kind == "progress":
                self.on_progress(value)
            elif kind == "result":
                return value
            elif kind == "error":
                raise rebuild_error(value)

    def _next_message(self) -> tuple[str, Any]:
        if not self.pipe.poll(POLL_SECONDS):
            return "", None
        kind, value = self.pipe.recv()
        return str(kind), value

    def _obey_control(self) -> None:
        if self.control.kill.is_set():
            raise JobError("The job was ended.", "ended by force, without a grace period")
        cancelled = self.control.cancel.is_set()
        if (cancelled or self.control.finish_early.is_set()) and not self.has_asked:
            self.has_asked = True
            _send(self.pipe, "stop", None)
        if cancelled and self.deadline is None:
            self.deadline = time.monotonic() + self.limits.grace_seconds
        if self.deadline is not None and time.monotonic() >= self.deadline:
            raise JobError("The job was cancelled.", "ended by force after the grace period")

    def _death(self) -> JobError:
        self.process.join(5)
        words = exit_words(self.process.exitcode)
        kind = KilledError if self.process.exitcode == -signal.SIGKILL else JobError
        return kind(
            f"The job ended without an answer: its process {words}. Nothing was written.",
            f"exit code {self.process.exitcode}; memory limit {self.limits.memory_bytes}",
        )

    def _end_process(self) -> None:
        if self.process.pid is None:
            return
        if self.process.is_alive():
            self.process.kill()
        self.process.join()
        self.process.close()


def exit_words(exit_code: int | None) -> str:
    """How a process ended, in words."""
    if exit_code is None:
        return "stopped answering"
    if exit_code >= 0:
        return f"ended with exit code {exit_code}"
    name = signal.Signals(-exit_code).name
    hint = " (often: out of memory)" if name in {"SIGKILL", "SIGABRT"} else ""
    return f"was killed by signal {name}{hint}"


class _PipeObserver:
    """The child's side of `ChildObserver`."""

    def __init__(self, pipe: Connection) -> None:
        self.pipe = pipe
        self.stop = threading.Event()
        self.sending = threading.Lock()  # a solver may report from several threads
        threading.Thread(target=self._listen, daemon=True).start()

    def on_progress(self, progress: Any) -> None:
        with self.sending:
            _send(self.pipe, "progress", progress)

    def should_stop(self) -> bool:
        return self.stop.is_set()

    def _listen(self) -> None:
        while True:
            try:
                self.pipe.recv()
            except (EOFError, OSError):
                os._exit(1)  # the parent is gone: nobody will read the result
            self.stop.set()


def _child_main(task: Task, pipe: Connection, limits: ChildLimits, dry_run: bool) -> None:
    set_dry_run(wanted=dry_run)
    signal.pthread_sigmask(signal.SIG_BLOCK, THE_PARENTS)
    memory_bytes = limits.memory_bytes
    os.nice(limits.niceness)
    if memory_bytes is not None:
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    observer = _PipeObserver(pipe)
    try:
        message = ("result", task.run(observer))
    except MemoryError:
        message = ("error", error_document(_out_of_memory(memory_bytes)))
    except Exception as error:  # noqa: BLE001 - the process boundary: everything becomes a document
        message = ("error", error_document(error))
        _show_for_debugging(error)
    _send(pipe, *message)


def _out_of_memory(memory_bytes: int | None) -> JobError:
    limit = "" if memory_bytes is None else f" of {memory_bytes // MEBIBYTE} MiB"
    return JobError(f"The job ran out of its memory{limit}. Nothing was written.")


def _show_for_debugging(error: Exception) -> None:
    if os.environ.get("ALLOCATOR_DEBUG") and not isinstance(error, AllocatorError):
        sys.excepthook(type(error), error, error.__traceback__)


def _send(pipe: Connection, kind: str, value: object) -> None:
    try:
        pipe.send((kind, value))
    except (BrokenPipeError, ConnectionResetError):
        return  # the other side is gone; whoever reads next finds out and says so


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Start a child with signals blocked, so that Ctrl-C cannot hit it while it imports."""
    resource_tracker.ensure_running()  # it unblocks SIGINT when it starts, so start it before
    before = signal.pthread_sigmask(signal.SIG_BLOCK, THE_PARENTS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
