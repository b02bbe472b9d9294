"""States of a plan and the one table of the changes allowed between them.

::

    draft → proposed → reviewed → signed → executing → executed
      any but executing and the ends → rejected | expired
      executing → expired (what is left of it no longer fits the data)
      executing → overdue → executed | expired (its time is over and steps are still open)
"""

from collections.abc import Mapping
from enum import StrEnum

from allocator.service.errors import StateError


class PlanState(StrEnum):
    """Where a plan is between the solver and the landing."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    REVIEWED = "reviewed"
    SIGNED = "signed"
    EXECUTING = "executing"
    OVERDUE = "overdue"
    EXECUTED = "executed"
    REJECTED = "rejected"
    EXPIRED = "expired"


UNDER_WAY = frozenset({PlanState.EXECUTING, PlanState.OVERDUE})
"""States in which people are on their way and steps are recorded."""
_OUT = frozenset({PlanState.REJECTED, PlanState.EXPIRED})
TRANSITIONS: Mapping[PlanState, frozenset[PlanState]] = {
    PlanState.DRAFT: _OUT | {PlanState.PROPOSED},
    PlanState.PROPOSED: _OUT | {PlanState.REVIEWED},
    PlanState.REVIEWED: _OUT | {PlanState.SIGNED},
    PlanState.SIGNED: _OUT | {PlanState.EXECUTING},
    PlanState.EXECUTING: frozenset({PlanState.EXECUTED, PlanState.EXPIRED, PlanState.OVERDUE}),
    PlanState.OVERDUE: frozenset({PlanState.EXECUTED, PlanState.EXPIRED}),
    PlanState.EXECUTED: frozenset(),
    PlanState.REJECTED: frozenset(),
    PlanState.EXPIRED: frozenset(),
}


def is_final(state: PlanState) -> bool:
    """True when nothing follows the state."""
    return not TRANSITIONS[state]


def check_transition(old: PlanState, new: PlanState) -> None:
    """Refuse a change that the table does not allow.

    Raises
    ------
    StateError
        If the change is not in `TRANSITIONS`; the message says what is possible.
    """
    if new in TRANSITIONS[old]:
        return
    possible = ", ".join(sorted(TRANSITIONS[old])) or "nothing"
    raise StateError(f"The plan is {old}, so it cannot become {new}. What can follow: {possible}.")
