"""What officers decide on a scenario between plans: decisions, complaints, arrivals.

Each makes a new version, needs If-Match with the ETag of the newest, and says which plans it ended.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from allocator.api.etags import IF_MATCH, etag_of, given_tags, require_match
from allocator.api.examples import (
    ETAG,
    HASH,
    LOCATION,
    PLAN_ID,
    SCENARIO_ID,
    Responses,
    answered,
    problems,
)
from allocator.api.idempotency import Made, OnceOf
from allocator.api.identity import ServiceOf, allow
from allocator.api.routes_desk import DeskOf
from allocator.api.schemas_workflow import (
    ArrivalBody,
    AssessmentBody,
    ComplaintBody,
    DecisionBody,
    DecisionTaken,
    IntakeState,
    IntakeTaken,
    PlaceTaken,
    TakingBody,
)
from allocator.service import decisions, intake, scenarios, taking
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.decisions import Decision
from allocator.service.intake import Intake
from allocator.service.root import Service
from allocator.service.scenarios import Version

ROUTER = APIRouter(prefix="/v1/scenarios/{scenario_id}", tags=["decisions"])
TAKEN: dict[str, Any] = {
    "scenario_id": SCENARIO_ID,
    "version": 3,
    "content_hash": HASH,
    "decision": {"words": "P1 is kept in W-1 from 2026-01-15 until it is taken back."},
    "ended_plans": [],
}
TAKEN_IN: dict[str, Any] = {
    "scenario_id": SCENARIO_ID,
    "version": 3,
    "content_hash": HASH,
    "needs_replan": True,
    "offers": {"person_id": "P9", "offers": [{"cell_id": "W-1"}]},
    "ended_plans": [],
}
REFUSALS = problems(
    HTTPStatus.NOT_FOUND,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.CONFLICT,
    HTTPStatus.PRECONDITION_FAILED,
    HTTPStatus.PRECONDITION_REQUIRED,
)
TAKEN_PLACE: dict[str, Any] = TAKEN | {
    "plan_id": PLAN_ID,
    "offer": {"person_id": "P1", "verified": True, "offers": [{"cell_id": "W-1"}]},
}
EXAMPLES: Mapping[type[BaseModel], dict[str, Any]] = {
    DecisionTaken: TAKEN,
    IntakeTaken: TAKEN_IN,
    PlaceTaken: TAKEN_PLACE,
}
ASSESSED: Responses = {**answered(TAKEN_IN, headers=ETAG), **REFUSALS}
Receiver = Annotated[Caller, Depends(allow(Action.PLACE))]
Route = Callable[..., JSONResponse]


def _makes_version(
    path: str, operation_id: str, summary: str, model: type[BaseModel]
) -> Callable[[Route], Route]:
    """Register a POST that makes a new version of the scenario of its address."""
    made = answered(EXAMPLES[model], HTTPStatus.CREATED, {**ETAG, **LOCATION})
    return ROUTER.post(
        path,
        operation_id=operation_id,
        summary=summary,
        status_code=HTTPStatus.CREATED,
        response_model=model,
        response_description="The new version; Location says where it is.",
        responses={**made, **REFUSALS},
        openapi_extra=IF_MATCH,
    )


@_makes_version("/decisions", "take_decision", "Lock, forbid, reject, or take back", DecisionTaken)
def take_decision(
    scenario_id: str,
    request: Request,
    body: DecisionBody,
    caller: Annotated[Caller, Depends(allow(Action.DECIDE))],
    once: OnceOf,
) -> JSONResponse:
    """One decision on one person and one cell, which every later plan keeps."""
    return once.answer(body, _decide(request, caller, scenario_id, body.decision()))


@_makes_version("/complaints", "record_complaint", "Open or close a complaint", DecisionTaken)
def record_complaint(
    scenario_id: str,
    request: Request,
    body: ComplaintBody,
    caller: Annotated[Caller, Depends(allow(Action.COMPLAIN))],
    once: OnceOf,
) -> JSONResponse:
    """An open complaint freezes the person: plans that would move them end."""
    return once.answer(body, _decide(request, caller, scenario_id, body.decision()))


@_makes_version("/arrivals", "add_arrival", "Add somebody who arrived", IntakeTaken)
def add_arrival(
    scenario_id: str, request: Request, body: ArrivalBody, caller: Receiver, once: OnceOf
) -> JSONResponse:
    """A new version with one person more, and the lawful places that they can have at once."""

    def make(service: Service) -> Made:
        seen = _newest(request, service, caller, scenario_id)
        taken = intake.arrive(service, caller, seen, body.person)
        headers = _headers(scenario_id, taken.version, taken.content_hash)
        return Made(_taken_in(scenario_id, taken), HTTPStatus.CREATED, headers)

    return once.answer(body, make)


@_makes_version("/placements:take", "take_place", "Take an offered place", PlaceTaken)
def take_place(
    scenario_id: str,
    request: Request,
    body: TakingBody,
    caller: Annotated[Caller, Depends(allow(Action.DECIDE))],
    desk: DeskOf,
    once: OnceOf,
) -> JSONResponse:
    """An officer decides for an offered cell: a new version keeps it, and a draft plan has it.

    Nobody else moves. 409 with the rules where the cell is not lawful any longer.
    """

    def make(service: Service) -> Made:
        seen = _newest(request, service, caller, scenario_id)
        taken = taking.take_place(service, desk, caller, seen, body.decision())
        answer = PlaceTaken(
            scenario_id=scenario_id,
            version=taken.version,
            content_hash=taken.content_hash,
            decision=dict(taken.decision),
            ended_plans=list(taken.ended),
            plan_id=taken.plan_id,
            offer=dict(taken.offer),
        )
        headers = _headers(scenario_id, taken.version, taken.content_hash)
        return Made(answer, HTTPStatus.CREATED, headers)

    return once.answer(body, make)


@ROUTER.put(
    "/arrivals/{person_id}",
    operation_id="record_assessment",
    summary="Record an assessment",
    response_description="The new version, and whether a plan has to be made anew.",
    responses=ASSESSED,
    openapi_extra=IF_MATCH,
)
def record_assessment(
    scenario_id: str,
    person_id: str,
    request: Request,
    response: Response,
    body: AssessmentBody,
    caller: Receiver,
    service: ServiceOf,
) -> IntakeTaken:
    """What is known of a person now; `needs_replan` until a plan is made that knows it."""
    seen = _newest(request, service, caller, scenario_id)
    taken = intake.assess(service, caller, seen, person_id, body.facts)
    response.headers["ETag"] = etag_of(taken.content_hash, taken.version)
    return _taken_in(scenario_id, taken)


@ROUTER.get(
    "/intake",
    operation_id="get_intake",
    summary="Ask whether an intake waits for a plan",
    response_description="Whether a plan has to be made anew.",
    responses={
        **answered({"scenario_id": SCENARIO_ID, "needs_replan": False}),
        **problems(HTTPStatus.NOT_FOUND),
    },
)
def get_intake(
    scenario_id: str,
    caller: Annotated[Caller, Depends(allow(Action.READ_SCENARIO))],
    service: ServiceOf,
) -> IntakeState:
    """True while no plan knows the last arrival without an assessment, or the last assessment."""
    return IntakeState(
        scenario_id=scenario_id, needs_replan=intake.is_due(service, caller, scenario_id)
    )


def _decide(
    request: Request, caller: Caller, scenario_id: str, decision: Decision
) -> Callable[[Service], Made]:
    def make(service: Service) -> Made:
        seen = _newest(request, service, caller, scenario_id)
        taken = decisions.decide(service, caller, seen, decision)
        answer = DecisionTaken(
            scenario_id=scenario_id,
            version=taken.version,
            content_hash=taken.content_hash,
            decision=dict(taken.document),
            ended_plans=list(taken.ended),
        )
        headers = _headers(scenario_id, taken.version, taken.content_hash)
        return Made(answer, HTTPStatus.CREATED, headers)

    return make


def _newest(request: Request, service: Service, caller: Caller, scenario_id: str) -> Version:
    """The newest version, which the caller says to have seen."""
    newest = scenarios.find(service, caller, scenario_id)
    require_match(given_tags(request), etag_of(newest.content_hash, newest.number))
    return newest


def _headers(scenario_id: str, number: int, content_hash: str) -> dict[str, str]:
    location = f"/v1/scenarios/{scenario_id}/versions/{number}"
    return {"Location": location, "ETag": etag_of(content_hash, number)}


def _taken_in(scenario_id: str, taken: Intake) -> IntakeTaken:
    return IntakeTaken(
        scenario_id=scenario_id,
        version=taken.version,
        content_hash=taken.content_hash,
        needs_replan=taken.needs_replan,
        offers=dict(taken.offers),
        ended_plans=list(taken.ended),
    )
