"""Bodies of requests and answers about runs."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from allocator.api.schemas import Body
from allocator.jobs.request import LARGEST_SEED, MOST_MOVES
from allocator.service.queue.options import (
    MOST_POINTS,
    MOST_POLICIES,
    MOST_SECONDS,
    MOST_WORKERS,
    RunKind,
)
from allocator.service.queue.reading import RunView
from allocator.service.queue.runs import RunOrder
from allocator.service.queue.states import RunState

Id = Annotated[str, Field(min_length=1, max_length=64)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Moves = Annotated[int, Field(ge=0, le=MOST_MOVES)]


class RunOptions(Body):
    """How hard to try, and what replaces the scenario's own choices; which of them depends on kind.

    `moves` is for a curve, `policies` and `weight_sets` are for a comparison.
    """

    effort: Literal["quick", "normal", "thorough"] | None = None
    time_limit_seconds: Annotated[float, Field(gt=0, le=MOST_SECONDS)] | None = None
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] | None = None
    workers: Annotated[int, Field(ge=1, le=MOST_WORKERS)] | None = None
    policy: Name | None = None
    legal_profile: Name | None = None
    contact_weights: Name | None = None
    max_moves: Moves | None = None
    moves: Annotated[list[Moves], Field(min_length=2, max_length=MOST_POINTS)] | None = None
    policies: Annotated[list[Name], Field(min_length=1, max_length=MOST_POLICIES)] | None = None
    weight_sets: Annotated[list[Name], Field(min_length=2, max_length=MOST_POLICIES)] | None = None


class RunSubmission(Body):
    """Something to compute."""

    kind: RunKind
    scenario_id: Id
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        default=None, description="Of the scenario; the newest, or for an order the plan's own."
    )
    options: RunOptions = RunOptions()
    from_plan_id: Id | None = Field(
        default=None,
        description="For a plan: the one to revise; as few people as possible depart. "
        "For locks: price the revision of it.",
    )
    plan_id: Id | None = Field(default=None, description="For an order: whose moves to order.")

    def order(self) -> RunOrder:
        """The same in the service's words."""
        return RunOrder(
            self.kind,
            self.scenario_id,
            self.version,
            self.options.model_dump(exclude_none=True),
            self.from_plan_id,
            self.plan_id,
        )


class RunProblem(BaseModel):
    """Why a run failed; `code` is permanent."""

    code: str
    user_message: str
    developer_message: str
    problems: list[dict[str, Any]]


class RunResource(BaseModel):
    """A run as it is now.

    `asked` is what somebody wants of it while it runs: `cancel`, `finish` or nothing. `attempt`
    counts the workers that took it; `trace_id` is in every log line of the work on it.
    """

    run_id: str
    kind: RunKind
    state: RunState
    asked: Literal["", "cancel", "finish"]
    scenario_id: str
    version: int
    options: dict[str, Any]
    from_plan_id: str | None
    of_plan_id: str | None
    attempt: int
    progress: dict[str, Any]
    problem: RunProblem | None
    plan_id: str | None
    has_result: bool
    made_at: datetime
    made_by: str
    trace_id: str
    started_at: datetime | None
    ended_at: datetime | None


class RunList(BaseModel):
    """A page of runs, the newest first; `next` is the cursor of the next page."""

    runs: list[RunResource]
    next: str | None


class RunResult(BaseModel):
    """What a finished run returned: the document of the command of the same name."""

    run_id: str
    kind: RunKind
    result: dict[str, Any]


def run_resource(view: RunView) -> RunResource:
    """A run for the outside."""
    return RunResource(
        run_id=view.run_id,
        kind=RunKind(view.kind),
        state=view.state,
        asked=view.asked,
        scenario_id=view.scenario_id,
        version=view.version,
        options=view.request["options"],
        from_plan_id=view.request["from_plan_id"],
        of_plan_id=view.request["plan_id"],
        attempt=view.attempt,
        progress=dict(view.progress),
        problem=None if view.error is None else RunProblem(**view.error),
        plan_id=view.plan_id,
        has_result=view.state is RunState.DONE and view.plan_id is None,
        made_at=view.made_at,
        made_by=view.made_by,
        trace_id=view.trace_id,
        started_at=view.started_at,
        ended_at=view.ended_at,
    )
