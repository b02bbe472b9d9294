"""What people do with a plan: propose, review, sign, carry out, reject.

A change needs If-Match with the plan's ETag, so that nobody decides on what they did not see. Steps
and consultations are facts about one person each, and need none.
"""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Request, Response

from allocator.api.etags import etag_of, require_match
from allocator.api.examples import ETAG, PLAN_ID, SCENARIO_ID, Responses, answered, problems
from allocator.api.identity import CallerOf, ServiceOf, allow
from allocator.api.schemas_workflow import (
    ConsultationBody,
    FailureBody,
    PlanStatus,
    ProposalBody,
    RejectionBody,
    ReviewBody,
    SignatureBody,
    WorkflowResource,
)
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.workflow import consultation, execution, proposing, signing, views
from allocator.service.workflow.records import SeenPlan, Status

ROUTER = APIRouter(prefix="/v1/plans/{plan_id}", tags=["workflow"])
MOST_STEPS = 1_000_000
STATUS: dict[str, Any] = {
    "plan_id": PLAN_ID,
    "scenario_id": SCENARIO_ID,
    "version": 2,
    "state": "reviewed",
    "revision": 4,
    "newest_version": None,
    "replan": None,
}
IF_MATCH: dict[str, Any] = {
    "parameters": [
        {
            "name": "If-Match",
            "in": "header",
            "required": True,
            "description": "The ETag of the state that the caller saw.",
            "schema": {"type": "string"},
        }
    ]
}
INVALID, MISSING = HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.NOT_FOUND
FACT: Responses = {**answered(STATUS, headers=ETAG)}
FACT |= problems(MISSING, INVALID, HTTPStatus.CONFLICT)
CHANGE: Responses = {**answered(STATUS, headers=ETAG)}
CHANGE |= problems(
    MISSING,
    INVALID,
    HTTPStatus.CONFLICT,
    HTTPStatus.PRECONDITION_FAILED,
    HTTPStatus.PRECONDITION_REQUIRED,
)
WHERE = "Where the plan is now; the ETag names its revision."
Number = Annotated[int, Path(ge=1, le=MOST_STEPS)]
Executor = Annotated[Caller, Depends(allow(Action.EXECUTE))]


def seen_plan(plan_id: str, request: Request, service: ServiceOf, caller: CallerOf) -> SeenPlan:
    """The plan of the address as the caller saw it.

    Raises
    ------
    StaleError, ConditionMissingError
        If the caller saw another state, or does not say which.
    """
    status = views.read_status(service, caller, plan_id)
    require_match(request, etag_of(status.revision))
    return SeenPlan(status.plan_id, status.revision)


SeenOf = Annotated[SeenPlan, Depends(seen_plan)]


@ROUTER.get(
    "/workflow",
    operation_id="get_workflow",
    summary="Get what people did with a plan",
    response_description="Items with signatures, history, steps, and whether the plan still fits.",
    responses={
        **answered(
            {**STATUS, "fits": True, "fit": {}, "items": [], "history": [], "steps": []},
            headers=ETAG,
        ),
        **problems(MISSING),
    },
)
def get_workflow(
    plan_id: str,
    caller: Annotated[Caller, Depends(allow(Action.READ_PLAN))],
    service: ServiceOf,
    response: Response,
) -> WorkflowResource:
    """Everything to sign and everything signed; the read is noted in the audit log."""
    found = views.read_workflow(service, caller, plan_id)
    response.headers["ETag"] = etag_of(found.status.revision)
    return WorkflowResource.with_all(found)


@ROUTER.post(
    "/proposal",
    operation_id="propose_plan",
    summary="Propose a plan",
    response_description=WHERE,
    responses=CHANGE,
    openapi_extra=IF_MATCH,
)
def propose_plan(
    response: Response,
    caller: Annotated[Caller, Depends(allow(Action.PROPOSE))],
    seen: SeenOf,
    body: Annotated[ProposalBody, Body(openapi_examples={"plain": {"value": {}}})],
    service: ServiceOf,
) -> PlanStatus:
    """Put a draft before the people who decide, with every item that needs a signature."""
    return _answer(response, proposing.propose(service, caller, seen, body.text))


@ROUTER.post(
    "/review",
    operation_id="review_plan",
    summary="Review a plan",
    response_description=WHERE,
    responses=CHANGE,
    openapi_extra=IF_MATCH,
)
def review_plan(
    response: Response,
    caller: Annotated[Caller, Depends(allow(Action.REVIEW))],
    seen: SeenOf,
    body: ReviewBody,
    service: ServiceOf,
) -> PlanStatus:
    """Another person than the proposer says what they looked at."""
    looked_at = [entry.value for entry in body.looked_at]
    return _answer(response, proposing.review(service, caller, seen, looked_at, body.text))


@ROUTER.post(
    "/signatures",
    operation_id="sign_items",
    summary="Sign or refuse items of a plan",
    response_description=WHERE,
    responses=CHANGE,
    openapi_extra=IF_MATCH,
)
def sign_items(
    response: Response,
    caller: Annotated[Caller, Depends(allow(Action.SIGN))],
    seen: SeenOf,
    body: SignatureBody,
    service: ServiceOf,
) -> PlanStatus:
    """One decision with its reason; what touches a restrictive unit is signed one by one."""
    return _answer(response, signing.sign(service, caller, seen, body.signing()))


@ROUTER.post(
    "/rejection",
    operation_id="reject_plan",
    summary="Reject a plan",
    response_description=WHERE,
    responses=CHANGE,
    openapi_extra=IF_MATCH,
)
def reject_plan(
    response: Response,
    caller: Annotated[Caller, Depends(allow(Action.REJECT))],
    seen: SeenOf,
    body: RejectionBody,
    service: ServiceOf,
) -> PlanStatus:
    """Say no, and keep what was refused for the next plan where that is wanted."""
    return _answer(response, proposing.reject(service, caller, seen, body.rejection()))


@ROUTER.post(
    "/execution",
    operation_id="start_execution",
    summary="Begin to carry out a plan",
    response_description=WHERE,
    responses=CHANGE,
    openapi_extra=IF_MATCH,
)
def start_execution(
    response: Response, caller: Executor, seen: SeenOf, service: ServiceOf
) -> PlanStatus:
    """Order the moves of a signed plan, replay the order, and store its steps."""
    return _answer(response, execution.start(service, caller, seen))


@ROUTER.post(
    "/halt",
    operation_id="halt_execution",
    summary="Halt a plan that is being carried out",
    response_description=WHERE,
    responses=CHANGE,
    openapi_extra=IF_MATCH,
)
def halt_execution(
    response: Response, caller: Executor, seen: SeenOf, body: FailureBody, service: ServiceOf
) -> PlanStatus:
    """Stop everything that is not recorded as done; the places reached are a new version."""
    return _answer(response, execution.halt(service, caller, seen, body.failure()))


@ROUTER.post(
    "/steps/{number}/confirmation",
    operation_id="confirm_step",
    summary="Confirm a step",
    response_description=WHERE,
    responses=FACT,
)
def confirm_step(
    plan_id: str, number: Number, response: Response, caller: Executor, service: ServiceOf
) -> PlanStatus:
    """Say that a person is where the step brings them."""
    return _answer(response, execution.confirm(service, caller, plan_id, number))


@ROUTER.post(
    "/steps/{number}/failure",
    operation_id="fail_step",
    summary="Say that a step failed",
    response_description=WHERE,
    responses=FACT,
)
def fail_step(
    plan_id: str,
    number: Number,
    body: FailureBody,
    response: Response,
    caller: Executor,
    service: ServiceOf,
) -> PlanStatus:
    """Every later batch stops; `replan` says from where to plan again."""
    done = execution.fail(service, caller, plan_id, number, body.failure())
    return _answer(response, done)


@ROUTER.put(
    "/consultations/{person_id}",
    operation_id="record_consultation",
    summary="Record what a person says of their move",
    response_description=WHERE,
    responses=FACT,
)
def record_consultation(
    plan_id: str,
    person_id: str,
    body: ConsultationBody,
    response: Response,
    caller: Annotated[Caller, Depends(allow(Action.DECIDE))],
    service: ServiceOf,
) -> PlanStatus:
    """Whether the person was asked, what they said, and with whom they want to share."""
    done = consultation.consult(service, caller, plan_id, person_id, body.heard())
    return _answer(response, done)


def _answer(response: Response, status: Status) -> PlanStatus:
    response.headers["ETag"] = etag_of(status.revision)
    return PlanStatus.of(status)
