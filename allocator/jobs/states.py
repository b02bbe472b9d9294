"""States of a job and the one table of the changes allowed between them."""

from collections.abc import Mapping
from enum import StrEnum

from allocator.errors import InternalError


class JobState(StrEnum):
    """Where a job is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


TRANSITIONS: Mapping[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.CANCELLED}),
    JobState.RUNNING: frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED}),
    JobState.DONE: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.CANCELLED: frozenset(),
}


def is_final(state: JobState) -> bool:
    """True when nothing follows the state."""
    return not TRANSITIONS[state]


def check_transition(old: JobState, new: JobState) -> None:
    """Refuse a change that the table does not allow.

    Raises
    ------
    InternalError
        If the change is not in `TRANSITIONS`.
    """
    if new not in TRANSITIONS[old]:
        raise InternalError("A job changed its state in a way it must not.", f"from {old} to {new}")
