"""Bodies of requests and answers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from allocator.jobs.request import LARGEST_SEED, MOST_MOVES, Overrides, PlanRequest
from allocator.model.plan import MadeBy
from allocator.service.desk import MOST_OFFERS
from allocator.service.reading import LARGEST_NUMBER, ScenarioHeading
from allocator.service.reading_plans import PlanHeading

ScenarioBody = Annotated[
    dict[str, Any],
    Field(description="A scenario document; its JSON schema is at /v1/schema."),
]
PlanBody = Annotated[
    dict[str, Any],
    Field(description="A plan document; its JSON schema is at /v1/schema?of=plan."),
]
Id = Annotated[str, Field(min_length=1, max_length=200)]
VersionNumber = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]


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


class VerificationRequest(Body):
    """A plan to judge: against a scenario document, or against a stored scenario."""

    plan: PlanBody
    scenario: ScenarioBody | None = None
    scenario_id: Id | None = None
    version: VersionNumber | None = None

    @model_validator(mode="after")
    def _one_scenario(self) -> Self:
        if (self.scenario is None) == (self.scenario_id is None):
            raise ValueError("give scenario or scenario_id, and not both")
        if self.version is not None and self.scenario_id is None:
            raise ValueError("a version belongs to a scenario_id")
        return self


class PlacementRequest(Body):
    """One person for whom a place is wanted now."""

    person_id: Id
    count: Annotated[int, Field(ge=1, le=MOST_OFFERS, description="Most cells offered.")] = 5


class ScenarioCheck(BaseModel):
    """All problems of a scenario, or its picture when there is none."""

    valid: bool
    problems: list[dict[str, Any]]
    summary: dict[str, Any] | None


class ScenarioList(BaseModel):
    """Scenarios, the newest first; `next` is the cursor of the next page."""

    scenarios: list[ScenarioHeading]
    next: str | None


class VersionList(BaseModel):
    """Versions of a scenario, the newest first; `next` is the cursor of the next page."""

    versions: list[ScenarioHeading]
    next: str | None


@dataclass(frozen=True, slots=True)
class VersionDocument(ScenarioHeading):
    """A version with its data; `is_redacted` where the caller's role hides a part of them."""

    is_redacted: bool
    document: dict[str, Any]


class PlanList(BaseModel):
    """Plans, the newest first; `next` is the cursor of the next page."""

    plans: list[PlanHeading]
    next: str | None


class ChangeItem(BaseModel):
    """One change of a plan's state: who, when, why."""

    number: int
    before: str
    after: str
    by: str
    at: datetime
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class PlanResource(PlanHeading):
    """A plan with its history and its summary, None once the time for its data was over."""

    changes: list[ChangeItem]
    is_redacted: bool
    summary: dict[str, Any] | None


class PlanDocumentAnswer(BaseModel):
    """The plan document; `is_redacted` where the caller's role hides a part of it."""

    plan_id: str
    is_redacted: bool
    document: dict[str, Any]


class PlanOrder(BaseModel):
    """The order in which a plan is carried out: the document of `allocator order`."""

    plan_id: str
    order: dict[str, Any]


class Verification(BaseModel):
    """What the judge says of a plan.

    `withheld` : that a rule is broken of which the caller may know no more, null where none is.
    """

    verified: bool
    discrepancies: list[str]
    revised_plan: str | None
    made_by: MadeBy
    started_from: str | None
    judgement: dict[str, Any]
    withheld: str | None = None


class Notice(BaseModel):
    """What the person concerned is told, paragraph by paragraph."""

    scenario: str
    person_id: str
    day: date
    language: str
    proposal: str
    from_cell: str | None
    to_cell: str | None
    landing: str
    wing: str
    notice: list[str]


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class Ready(BaseModel):
    """Whether the service can take work, and what each part of it says."""

    status: Literal["ok", "not ready"]
    checks: dict[str, str]


class VersionAnswer(BaseModel):
    """Which program answers."""

    version: str
    api: Literal["v1"]
    schema_versions: list[int]


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
    trace_id: str
