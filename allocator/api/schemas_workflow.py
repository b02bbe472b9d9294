"""Bodies of the workflow: what people decide, and where that leaves a plan."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from allocator.api.etags import step_etag
from allocator.api.schemas import Body
from allocator.service.decisions import Decision, DecisionKind
from allocator.service.workflow.consultation import Heard
from allocator.service.workflow.execution import Failure
from allocator.service.workflow.proposing import Rejection
from allocator.service.workflow.reasons import FailureReason, Plann, RejectionReason, Seen
from allocator.service.workflow.records import Status
from allocator.service.workflow.signing import Signing
from allocator.service.workflow.states import PlanState
from allocator.service.workflow.views import Workflow

MOST_ITEMS = 1_000
_NO_CONTROL = r"^([^\p{C}]|\n)*$"
Words = Annotated[str, StringConstraints(max_length=4_000, pattern=_NO_CONTROL)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\p{C}]+$")]


class ProposalBody(Body):
    """What the proposer wants the others to know."""

    text: Words = ""


class ReviewBody(Body):
    """What the reviewer looked at; all four are needed."""

    looked_at: Annotated[list[Seen], Field(max_length=len(Seen))]
    text: Words = ""


class PlannBody(Body):
    """The five answers that a restrictive placement needs."""

    proportionate: Words
    lawful: Words
    accountable: Words
    necessary: Words
    non_discriminatory: Words


class SignatureBody(Body):
    """One decision on one item, or on several simple moves."""

    item_ids: Annotated[list[Name], Field(min_length=1, max_length=MOST_ITEMS)]
    decision: Literal["approve", "refuse"]
    reason: Name = Field(description="Of the list for the kind of item.")
    text: Words = ""
    plann: PlannBody | None = None

    def signing(self) -> Signing:
        """The same for the service."""
        plann = None if self.plann is None else Plann(**self.plann.model_dump())
        approves = self.decision == "approve"
        return Signing(tuple(self.item_ids), approves, self.reason, self.text, plann)


class RejectionBody(Body):
    """Why the plan is not wanted."""

    reason: RejectionReason
    text: Words = ""
    keeps_refusals: bool = Field(
        default=False,
        description="Write the refused moves as rejections into a new version of the scenario.",
    )

    def rejection(self) -> Rejection:
        """The same for the service."""
        return Rejection(self.reason.value, self.text, self.keeps_refusals)


class FailureBody(Body):
    """Why a step was not carried out, or everything is halted."""

    reason: FailureReason
    text: Words = ""

    def failure(self) -> Failure:
        """The same for the service."""
        return Failure(self.reason.value, self.text)


class ConsultationBody(Body):
    """What the person said of the move."""

    consulted: bool
    views: Words = ""
    preferred_cellmate: Name | None = None

    def heard(self) -> Heard:
        """The same for the service."""
        return Heard(self.consulted, self.views, self.preferred_cellmate)


class DecisionBody(Body):
    """An officer's decision on one person and one cell."""

    kind: Literal["lock", "forbid", "reject", "withdraw"]
    person_id: Name
    cell_id: Name | None = Field(default=None, description="Not for reject, which names a plan.")
    reason: Words = Field(default="", description="Of the fixed list; not for withdraw.")
    text: Words = ""
    until: Name | None = Field(default=None, description="Last day on which it holds, YYYY-MM-DD.")
    plan_id: Name | None = None

    def decision(self) -> Decision:
        """The same for the service."""
        return Decision(**self.model_dump(exclude={"kind"}), kind=DecisionKind(self.kind))


class ComplaintBody(Body):
    """A complaint against a placement, or its closing."""

    action: Literal["open", "close"] = "open"
    person_id: Name
    cell_id: Name | None = Field(default=None, description="The present cell where none is named.")
    reason: Words = Field(description="What it is about; the outcome where it is closed.")
    text: Words = ""

    def decision(self) -> Decision:
        """The same for the service."""
        is_new = self.action == "open"
        kind = DecisionKind.COMPLAIN if is_new else DecisionKind.CLOSE_COMPLAINT
        return Decision(kind, self.person_id, self.cell_id, self.reason, self.text)


class ArrivalBody(Body):
    """Somebody who came: a row of the scenario's table `people`."""

    person: dict[str, Any]


class AssessmentBody(Body):
    """Columns of the table `people` that are others now."""

    facts: dict[str, Any]


class TakingBody(Body):
    """An offered cell that an officer takes for one person."""

    person_id: Name
    cell_id: Name
    reason: Name = Field(description="Of the list for moves.")
    text: Words = ""
    until: Name | None = Field(default=None, description="Last day on which it holds, YYYY-MM-DD.")

    def decision(self) -> Decision:
        """The same for the service."""
        return Decision(DecisionKind.LOCK, **self.model_dump())


class Replan(BaseModel):
    """A run to start, so that the rest is planned from where people are."""

    kind: Literal["plan"] = "plan"
    scenario_id: str
    version: int
    from_plan_id: str


class PlanStatus(BaseModel):
    """Where a plan is; `replan` where what is left of it wants another plan."""

    plan_id: str
    scenario_id: str
    version: int
    state: PlanState
    revision: int
    newest_version: int | None
    replan: Replan | None

    @classmethod
    def of(cls, status: Status) -> "PlanStatus":
        """As the service has it."""
        found = asdict(status)
        del found["facilities"]
        return cls(**found, replan=_replan(status))


class WorkflowResource(PlanStatus):
    """Everything that people did with a plan, and whether it still fits the data.

    `due_at` : until when steps are to be recorded, null where it is not being carried out. Each of
    the `steps` has an `etag` of its own, which changes with its state alone.
    """

    fits: bool
    fit: dict[str, Any]
    items: list[dict[str, Any]]
    history: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    due_at: datetime | None

    @classmethod
    def with_all(cls, workflow: Workflow) -> "WorkflowResource":
        """As the service has it."""
        status = PlanStatus.of(workflow.status).model_dump()
        return cls(
            **status,
            fits=workflow.fits,
            fit=dict(workflow.fit),
            items=[dict(row) for row in workflow.items],
            history=[dict(row) for row in workflow.history],
            steps=[
                {**row, "etag": step_etag(row["number"], row["state"])} for row in workflow.steps
            ],
            due_at=workflow.due_at,
        )


class DecisionTaken(BaseModel):
    """The new version that a decision made, and the plans that it ended."""

    scenario_id: str
    version: int
    content_hash: str
    decision: dict[str, Any]
    ended_plans: list[str]


class IntakeTaken(BaseModel):
    """The new version, where the person can go now, and whether a plan has to be made anew."""

    scenario_id: str
    version: int
    content_hash: str
    needs_replan: bool
    offers: dict[str, Any]
    ended_plans: list[str]


class PlaceTaken(DecisionTaken):
    """As `DecisionTaken`, with the draft plan that it made, and the offer as it was judged now."""

    plan_id: str
    offer: dict[str, Any]


class IntakeState(BaseModel):
    """Whether somebody came, or was assessed, since the last plan was made."""

    scenario_id: str
    needs_replan: bool


def _replan(status: Status) -> Replan | None:
    if status.newest_version is None or status.state is PlanState.EXECUTED:
        return None
    return Replan(
        scenario_id=status.scenario_id,
        version=status.newest_version,
        from_plan_id=status.plan_id,
    )
