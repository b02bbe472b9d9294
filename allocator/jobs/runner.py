"""Runs stored jobs in child processes, a few at a time, from a bounded queue."""

import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from allocator.errors import JobError
from allocator.jobs.child import ChildLimits, Control, Task, run_child
from allocator.jobs.problems import error_document
from allocator.jobs.states import JobState
from allocator.jobs.store import JobRecord, JobStore


class QueueFullError(JobError):
    """No room for another job now; the caller should come back later."""

    code = "queue_full"


@dataclass(frozen=True, slots=True)
class _Queued:
    job_id: str
    task: Task
    control: Control = field(default_factory=Control)


class JobRunner:
    """Takes jobs from a queue into child processes.

    Parameters
    ----------
    slots : children at a time, at least 1. queue_size : jobs that may wait, at least 1.
    """

    def __init__(
        self,
        store: JobStore,
        slots: int = 1,
        queue_size: int = 8,
        limits: ChildLimits | None = None,
    ) -> None:
        self.store = store
        self.limits = limits or ChildLimits()
        self._queue: queue.Queue[_Queued | None] = queue.Queue(queue_size)
        self._controls: dict[str, Control] = {}
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._work, name=f"job-slot-{slot}", daemon=True)
            for slot in range(slots)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, record: JobRecord, task: Task) -> None:
        """Store the job, then queue it.

        Raises
        ------
        QueueFullError
            If as many jobs wait as may wait; the job is then not stored either.
        """
        queued = _Queued(record.job_id, task)
        with self._lock:
            self.store.add(record)
            self._controls[record.job_id] = queued.control
            try:
                self._queue.put_nowait(queued)
            except queue.Full:
                self.store.remove(record.job_id)
                del self._controls[record.job_id]
                raise QueueFullError("Too many plans are waiting; try again in a while.") from None

    def cancel(self, job_id: str) -> None:
        """Stop a job: a waiting one at once, a running one within the grace period."""
        with self._lock:
            control = self._controls.get(job_id)
            record = self.store.get(job_id)
            if control is None or record is None:
                return
            control.cancel.set()
            if record.state is JobState.QUEUED:
                self.store.change(job_id, JobState.CANCELLED)

    def is_alive(self) -> bool:
        """True while every slot can take jobs."""
        return all(thread.is_alive() for thread in self._threads)

    def close(self) -> None:
        """Cancel everything and wait for the children to end."""
        with self._lock:
            controls = list(self._controls)
        for job_id in controls:
            self.cancel(job_id)
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (queued := self._queue.get()) is not None:
            if self._begin(queued):
                self._run(queued)
            with self._lock:
                self._controls.pop(queued.job_id, None)

    def _begin(self, queued: _Queued) -> bool:
        with self._lock:
            if queued.control.cancel.is_set():
                return False
            self.store.change(queued.job_id, JobState.RUNNING)
            return True

    def _run(self, queued: _Queued) -> None:
        def note(progress: Mapping[str, Any]) -> None:
            self.store.note_progress(queued.job_id, progress)

        try:
            result = run_child(queued.task, note, queued.control, self.limits)
        except Exception as error:  # noqa: BLE001 - a slot survives whatever a job does
            self._fail(queued, error)
            return
        state = JobState.CANCELLED if queued.control.cancel.is_set() else JobState.DONE
        self.store.change(queued.job_id, state, result=result if state is JobState.DONE else None)

    def _fail(self, queued: _Queued, error: Exception) -> None:
        if queued.control.cancel.is_set():
            self.store.change(queued.job_id, JobState.CANCELLED)
            return
        self.store.change(queued.job_id, JobState.FAILED, error=error_document(error))
