"""States of a run and the one table of the changes allowed between them.

::

    queued → running → done | failed | cancelled
    queued → cancelled
    running → queued (the lease was lost or handed back, or the process was killed)
"""

from collections.abc import Mapping
from enum import StrEnum

from allocator.errors import InternalError


class RunState(StrEnum):
    """Where a run is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_ENDS = frozenset({RunState.DONE, RunState.FAILED, RunState.CANCELLED})
TRANSITIONS: Mapping[RunState, frozenset[RunState]] = {
    RunState.QUEUED: frozenset({RunState.RUNNING, RunState.CANCELLED}),
    RunState.RUNNING: _ENDS | {RunState.QUEUED},
    RunState.DONE: frozenset(),
    RunState.FAILED: frozenset(),
    RunState.CANCELLED: frozenset(),
}


def is_final(state: RunState) -> bool:
    """True when nothing follows the state."""
    return not TRANSITIONS[state]


def check_transition(old: RunState, new: RunState) -> None:
    """Refuse a change that the table does not allow.

    Raises
    ------
    InternalError
        If the change is not in `TRANSITIONS`.
    """
    if new not in TRANSITIONS[old]:
        raise InternalError("A run changed its state in a way it must not.", f"from {old} to {new}")
