"""What people do with a plan: propose, review, sign, carry out, reject.

Each needs If-Match with the plan's ETag, so that nobody decides on what they did not see, and takes
an Idempotency-Key.
"""

from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Response
from fastapi.responses import JSONResponse

from allocator.api.etags import etag_of
from allocator.api.examples import ETAG, answered, problems
from allocator.api.identity import ServiceOf, allow
from allocator.api.plan_changes import STATUS, ChangedPlanOf, changes
from allocator.api.schemas_workflow import (
    ConsultationBody,
    FailureBody,
    ProposalBody,
    RejectionBody,
    ReviewBody,
    SignatureBody,
    WorkflowResource,
)
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.workflow import consultation, execution, proposing, signing, views

ROUTER = APIRouter(prefix="/v1/plans/{plan_id}", tags=["workflow"])
MOST_STEPS = 1_000_000
Number = Annotated[int, Path(ge=1, le=MOST_STEPS)]
Executor = Annotated[Caller, Depends(allow(Action.EXECUTE))]
change = partial(changes, ROUTER)


@ROUTER.get(
    "/workflow",
    operation_id="get_workflow",
    summary="Get what people did with a plan",
    response_description="Items with signatures, history, steps, and whether the plan still fits.",
    responses={
        **answered(
            {**STATUS, "fits": True, "fit": {}, "items": [], "history": [], "steps": []}
            | {"due_at": None},
            headers=ETAG,
        ),
        **problems(HTTPStatus.NOT_FOUND),
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


@change("/proposal", "propose_plan", "Propose a plan")
def propose_plan(
    caller: Annotated[Caller, Depends(allow(Action.PROPOSE))],
    plan: ChangedPlanOf,
    body: Annotated[ProposalBody, Body(openapi_examples={"plain": {"value": {}}})],
) -> JSONResponse:
    """Put a draft before the people who decide, with every item that needs a signature."""
    return plan.answer(
        body, lambda service, seen: proposing.propose(service, caller, seen, body.text)
    )


@change("/review", "review_plan", "Review a plan")
def review_plan(
    caller: Annotated[Caller, Depends(allow(Action.REVIEW))], plan: ChangedPlanOf, body: ReviewBody
) -> JSONResponse:
    """Another person than the proposer says what they looked at."""
    looked_at = [entry.value for entry in body.looked_at]
    return plan.answer(
        body, lambda service, seen: proposing.review(service, caller, seen, looked_at, body.text)
    )


@change("/signatures", "sign_items", "Sign or refuse items of a plan")
def sign_items(
    caller: Annotated[Caller, Depends(allow(Action.SIGN))], plan: ChangedPlanOf, body: SignatureBody
) -> JSONResponse:
    """One decision with its reason; what touches a restrictive unit is signed one by one."""
    signed = body.signing()
    return plan.answer(body, lambda service, seen: signing.sign(service, caller, seen, signed))


@change("/rejection", "reject_plan", "Reject a plan")
def reject_plan(
    caller: Annotated[Caller, Depends(allow(Action.REJECT))],
    plan: ChangedPlanOf,
    body: RejectionBody,
) -> JSONResponse:
    """Say no, and keep what was refused for the next plan where that is wanted."""
    why = body.rejection()
    return plan.answer(body, lambda service, seen: proposing.reject(service, caller, seen, why))


@change("/execution", "start_execution", "Begin to carry out a plan")
def start_execution(caller: Executor, plan: ChangedPlanOf) -> JSONResponse:
    """Order the moves of a signed plan, replay the order, and store its steps."""
    return plan.answer(None, lambda service, seen: execution.start(service, caller, seen))


@change("/halt", "halt_execution", "Halt a plan that is being carried out")
def halt_execution(caller: Executor, plan: ChangedPlanOf, body: FailureBody) -> JSONResponse:
    """Stop everything that is not recorded as done; the places reached are a new version."""
    why = body.failure()
    return plan.answer(body, lambda service, seen: execution.halt(service, caller, seen, why))


@change("/steps/{number}/confirmation", "confirm_step", "Confirm a step")
def confirm_step(number: Number, caller: Executor, plan: ChangedPlanOf) -> JSONResponse:
    """Say that a person is where the step brings them.

    `If-Match` has the ETag of the step (`etag` in the workflow), so that officers record steps of
    one batch at once, or that of the plan.
    """
    return plan.answer_step(
        number, None, lambda service, seen: execution.confirm(service, caller, seen, number)
    )


@change("/steps/{number}/failure", "fail_step", "Say that a step failed")
def fail_step(
    number: Number, caller: Executor, plan: ChangedPlanOf, body: FailureBody
) -> JSONResponse:
    """Every later batch stops; `replan` says from where to plan again.

    `If-Match` as for a confirmation.
    """
    why = body.failure()
    return plan.answer_step(
        number, body, lambda service, seen: execution.fail(service, caller, seen, number, why)
    )


@change(
    "/consultations/{person_id}",
    "record_consultation",
    "Record what a person says of their move",
    "PUT",
)
def record_consultation(
    person_id: str,
    caller: Annotated[Caller, Depends(allow(Action.DECIDE))],
    plan: ChangedPlanOf,
    body: ConsultationBody,
) -> JSONResponse:
    """Whether the person was asked, what they said, and with whom they want to share."""
    heard = body.heard()
    return plan.answer(
        body, lambda service, seen: consultation.consult(service, caller, seen, person_id, heard)
    )
