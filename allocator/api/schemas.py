"""Bodies of requests and answers."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from allocator.jobs.request import LARGEST_SEED, MOST_MOVES, Overrides, PlanRequest
from allocator.model.plan import MadeBy
from allocator.service.queue.states import RunState as JobState

ScenarioBody = Annotated[
    dict[str, Any],
    Field(description="A scenario document; its JSON schema is at /v1/schema."),
]
PlanBody = Annotated[
    dict[str, Any],
    Field(description="A plan document; its JSON schema is at /v1/schema?of=plan."),
]


class Body(BaseModel):
    """A request body; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PlanOptions(Body):
    """How hard to try, and what replaces the scenario's own choices."""

    effort: Literal["quick", "normal", "thorough"] = "normal"
    time_limit_seconds: Annotated[float, Field(gt=0, le=86_400)] | None = None
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] = 1
    workers: Annotated[int, Field(ge=1, le=64)] = 2
    policy: str | None = None
    legal_profile: str | None = None
    contact_weights: str | None = None
    max_moves: Annotated[int, Field(ge=0, le=MOST_MOVES)] | None = None

    def request(self) -> PlanRequest:
        """The part for the solver."""
        return PlanRequest(self.effort, self.time_limit_seconds, self.seed, self.workers)

    def overrides(self) -> Overrides:
        """The part for the reader."""
        return Overrides(self.policy, self.legal_profile, self.contact_weights, self.max_moves)


class PlanSubmission(Body):
    """A scenario to plan, from nothing or from the last plan."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    scenario: ScenarioBody
    options: PlanOptions = PlanOptions()
    last_plan: PlanBody | None = Field(
        default=None,
        alias="from",
        description="A plan to revise: as few people as possible depart.",
    )


class VerificationRequest(Body):
    """A plan to judge against a scenario."""

    scenario: ScenarioBody
    plan: PlanBody


class ScenarioCheck(BaseModel):
    """All problems of a scenario, or its picture when there is none."""

    valid: bool
    problems: list[dict[str, Any]]
    summary: dict[str, Any] | None


class PlanItem(BaseModel):
    """One plan in a list."""

    id: str
    state: JobState
    scenario: str
    scenario_hash: str


class PlanResource(PlanItem):
    """A plan with its progress and, when done, its result."""

    progress: dict[str, Any]
    summary: dict[str, Any] | None
    plan: dict[str, Any] | None
    problem: dict[str, Any] | None
    report: str | None


class PlanList(BaseModel):
    """Plans that the service remembers, oldest first."""

    plans: list[PlanItem]


class Verification(BaseModel):
    """What the judge says of a plan."""

    verified: bool
    discrepancies: list[str]
    revised_plan: str | None
    made_by: MadeBy
    started_from: str | None
    judgement: dict[str, Any]


class Health(BaseModel):
    """Whether the service lives, or can take work."""

    status: Literal["ok", "not ready"]
    version: str


class ProblemDetails(BaseModel):
    """RFC 9457 problem details; `code` is permanent."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    user_message: str
    developer_message: str
    errors: list[dict[str, Any]]
    trace_id: str = ""
