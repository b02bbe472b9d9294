"""Where jobs are remembered. A store in memory for now; a database implements the same port."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from allocator.errors import InternalError
from allocator.jobs.states import JobState, check_transition, is_final


@dataclass(frozen=True, slots=True)
class JobRecord:
    """One job as the outside sees it.

    Parameters
    ----------
    progress : latest report of the solver, empty before the first.
    result : what the task returned, when done. error : error document, when failed.
    """

    job_id: str
    scenario_name: str
    scenario_hash: str
    state: JobState = JobState.QUEUED
    progress: Mapping[str, Any] = field(default_factory=dict)
    result: Mapping[str, Any] | None = None
    error: Mapping[str, Any] | None = None


class JobStore(Protocol):
    """Port: remembers jobs; every method is safe to call from several threads."""

    def add(self, record: JobRecord) -> None:
        """Remember a new job."""

    def get(self, job_id: str) -> JobRecord | None:
        """The job, None when it is not known."""

    def all(self) -> tuple[JobRecord, ...]:
        """All jobs, oldest first."""

    def note_progress(self, job_id: str, progress: Mapping[str, Any]) -> None:
        """Keep the latest progress of a running job."""

    def change(
        self,
        job_id: str,
        state: JobState,
        result: Mapping[str, Any] | None = None,
        error: Mapping[str, Any] | None = None,
    ) -> JobRecord:
        """Change the state as the table allows."""

    def remove(self, job_id: str) -> None:
        """Forget a job."""


class MemoryStore:
    """Jobs of one process; finished jobs beyond `keep_finished` are forgotten, oldest first."""

    def __init__(self, keep_finished: int = 100) -> None:
        self._records: dict[str, JobRecord] = {}
        self._lock = threading.Lock()
        self._keep_finished = keep_finished

    def add(self, record: JobRecord) -> None:
        """Remember a new job."""
        with self._lock:
            self._records[record.job_id] = record

    def get(self, job_id: str) -> JobRecord | None:
        """The job, None when it is not known."""
        with self._lock:
            return self._records.get(job_id)

    def all(self) -> tuple[JobRecord, ...]:
        """All jobs, oldest first."""
        with self._lock:
            return tuple(self._records.values())

    def note_progress(self, job_id: str, progress: Mapping[str, Any]) -> None:
        """Keep the latest progress; news of a job that is not running is dropped."""
        with self._lock:
            record = self._records.get(job_id)
            if record is not None and record.state is JobState.RUNNING:
                self._records[job_id] = replace(record, progress=progress)

    def change(
        self,
        job_id: str,
        state: JobState,
        result: Mapping[str, Any] | None = None,
        error: Mapping[str, Any] | None = None,
    ) -> JobRecord:
        """Change the state as the table allows.

        Raises
        ------
        InternalError
            If the job is not known, or the table does not allow the change.
        """
        with self._lock:
            if job_id not in self._records:
                raise InternalError("A job is not known.", f"no job {job_id}")
            record = self._records[job_id]
            check_transition(record.state, state)
            changed = replace(record, state=state, result=result, error=error)
            self._records[job_id] = changed
            self._forget_oldest()
            return changed

    def remove(self, job_id: str) -> None:
        """Forget a job."""
        with self._lock:
            self._records.pop(job_id, None)

    def _forget_oldest(self) -> None:
        finished = [key for key, record in self._records.items() if is_final(record.state)]
        for key in finished[: max(0, len(finished) - self._keep_finished)]:
            del self._records[key]
