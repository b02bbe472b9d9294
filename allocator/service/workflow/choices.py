"""What one person can do with a plan now, to offer it; the use cases look again and decide.

Nothing is allowed or refused here. A test tries everything that is not offered and sees it refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action, may
from allocator.service.workflow.proposing import OPEN, REFUSED
from allocator.service.workflow.records import PEOPLE
from allocator.service.workflow.settle import StepState
from allocator.service.workflow.states import TRANSITIONS, UNDER_WAY, PlanState
from allocator.service.workflow.views import Workflow

Rows = Sequence[Mapping[str, Any]]
NEXT = {
    PlanState.DRAFT: "An officer or a planner proposes it.",
    PlanState.PROPOSED: "A reviewer or security reviews it, another person than the proposer.",
    PlanState.REVIEWED: "Signers sign what is open below, two people where two are needed.",
    PlanState.SIGNED: "An officer begins to carry it out.",
    PlanState.EXECUTING: "An officer says of each step whether it was done.",
    PlanState.OVERDUE: (
        "The time for its moves is over. An officer says of each open step whether it was done, "
        "or halts."
    ),
    PlanState.EXECUTED: "Nothing. Everybody is in their new place.",
    PlanState.REJECTED: "Nothing. Make another plan.",
    PlanState.EXPIRED: "Nothing. Plan again from it, from where people are now.",
}
"""What a plan waits for, and whom."""
_DONE = {
    PlanState.PROPOSED: "proposed the plan",
    PlanState.REVIEWED: "reviewed the plan",
    PlanState.SIGNED: "gave the last signature that was missing",
    PlanState.EXECUTING: "began to carry the plan out",
    PlanState.OVERDUE: "saw that the time for the moves was over",
    PlanState.EXECUTED: "recorded the last step",
    PlanState.REJECTED: "rejected the plan",
    PlanState.EXPIRED: "ended the plan",
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What is open to somebody.

    Parameters
    ----------
    together : moves that may be signed in one request. alone : items that are signed one by one.
    approves : False once an item was refused; items can still be refused.
    steps : of the batch that is under way.
    """

    proposes: bool
    reviews: bool
    rejects: bool
    starts: bool
    halts: bool
    approves: bool
    together: Rows
    alone: Rows
    steps: Rows

    @property
    def is_empty(self) -> bool:
        """True when nothing is open."""
        acts = (self.proposes, self.reviews, self.rejects, self.starts, self.halts)
        return not (any(acts) or self.together or self.alone or self.steps)


def choices_of(workflow: Workflow, caller: Caller) -> Choices:
    """What the caller can do with a plan that was read a moment ago."""
    state = workflow.status.state
    is_person = caller.actor.startswith(PEOPLE)
    executes = may(caller.roles, Action.EXECUTE)
    rejects = may(caller.roles, Action.REJECT) and PlanState.REJECTED in TRANSITIONS[state]
    reviews = may(caller.roles, Action.REVIEW) and caller.actor != _proposer(workflow)
    items = _signable(workflow, caller) if is_person else []

    def stands(where: PlanState) -> bool:
        return workflow.fits and state is where

    return Choices(
        proposes=stands(PlanState.DRAFT) and may(caller.roles, Action.PROPOSE),
        reviews=stands(PlanState.PROPOSED) and reviews and is_person,
        rejects=rejects and is_person,
        starts=stands(PlanState.SIGNED) and executes,
        halts=state in UNDER_WAY and executes,
        approves=all(item["state"] != REFUSED for item in workflow.items),
        together=[item for item in items if not item["alone"]],
        alone=[item for item in items if item["alone"]],
        steps=_steps(workflow) if executes else [],
    )


def changed_since(
    workflow: Workflow, moment: datetime, names: Mapping[str, str]
) -> tuple[str, ...]:
    """What people did with a plan after a moment: names and numbers, nobody in custody."""

    def is_later(row: Mapping[str, Any] | None) -> bool:
        at = None if row is None else row["at"]
        return at is not None and datetime.fromisoformat(at) >= moment

    told = [
        f"{names.get(row['by'], row['by'])} {_DONE[PlanState(row['after'])]}"
        for row in workflow.history
        if is_later(row)
    ]
    given = sum(is_later(row) for item in workflow.items for row in item["signatures"])
    asked = sum(is_later(item["consultation"]) for item in workflow.items)
    recorded = sum(is_later(row) for row in workflow.steps)
    counts = {"signatures and refusals": given, "steps recorded": recorded}
    counts |= {"people asked about their move": asked}
    return (*told, *(f"{words}: {count}" for words, count in counts.items() if count))


def _signable(workflow: Workflow, caller: Caller) -> list[Mapping[str, Any]]:
    is_open = workflow.fits and workflow.status.state is PlanState.REVIEWED
    if not is_open or not may(caller.roles, Action.SIGN):
        return []
    proposed = caller.actor == _proposer(workflow)
    return [
        item
        for item in workflow.items
        if item["state"] == OPEN
        and all(row["by"] != caller.actor for row in item["signatures"])
        and not (proposed and item["signatures_needed"] > 1)
    ]


def _steps(workflow: Workflow) -> list[Mapping[str, Any]]:
    """Pending steps of the first batch that has any."""
    if workflow.status.state not in UNDER_WAY:
        return []
    pending = [row for row in workflow.steps if row["state"] == StepState.PENDING]
    first = min((row["batch"] for row in pending), default=None)
    return [row for row in pending if row["batch"] == first]


def _proposer(workflow: Workflow) -> str | None:
    found = (row["by"] for row in workflow.history if row["after"] == PlanState.PROPOSED)
    return next(found, None)
