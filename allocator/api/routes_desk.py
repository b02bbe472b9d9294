"""What is computed while one waits: placements, reasons, notices, comparisons, verifications."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Request, Response

from allocator.api.etags import etag_of
from allocator.api.examples import ETAG, PLAN_ID, SCENARIO, SCENARIO_ID, answered, problems
from allocator.api.identity import ServiceOf, allow
from allocator.api.problems import posted_at
from allocator.api.schemas import Notice, PlacementRequest, Verification, VerificationRequest
from allocator.prepare.plan_document import read_plan
from allocator.service import desk as answers
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.desk import Desk

ROUTER = APIRouter(prefix="/v1", tags=["desk"])
INVALID = HTTPStatus.UNPROCESSABLE_ENTITY
MISSING = HTTPStatus.NOT_FOUND
DELETED = HTTPStatus.CONFLICT
VERDICT: dict[str, Any] = {
    "verified": True,
    "discrepancies": [],
    "revised_plan": None,
    "made_by": "search",
    "started_from": None,
    "judgement": {"unlawful": [], "derogations": [], "unplaced": []},
    "withheld": None,
}
ASKED = {
    "stored": {"value": {"plan": {"schema_version": 1}, "scenario_id": SCENARIO_ID}},
    "posted": {"value": {"plan": {"schema_version": 1}, "scenario": SCENARIO}},
}


def desk_of(request: Request) -> Desk:
    """What this process has loaded."""
    desk: Desk = request.app.state.desk
    return desk


DeskOf = Annotated[Desk, Depends(desk_of)]
Verifier = Annotated[Caller, Depends(allow(Action.VERIFY))]
Explained = Annotated[Caller, Depends(allow(Action.EXPLAIN))]


@ROUTER.post(
    "/scenarios/{scenario_id}/placements",
    operation_id="offer_placements",
    summary="Offer places for one person now",
    response_description="The best lawful cells, checked by the judge; the ETag is the scenario's.",
    responses={
        **answered(
            {"person_id": "P1", "verified": True, "offers": [{"cell_id": "W-1"}]}, headers=ETAG
        ),
        **problems(MISSING, INVALID, DELETED),
    },
)
def offer_placements(
    scenario_id: str,
    wanted: Annotated[
        PlacementRequest, Body(openapi_examples={"arrival": {"value": {"person_id": "P1"}}})
    ],
    caller: Annotated[Caller, Depends(allow(Action.PLACE))],
    service: ServiceOf,
    desk: DeskOf,
    response: Response,
) -> dict[str, Any]:
    """Urgent placement: nobody else moves, and nothing is decided; an officer decides."""
    asked = (wanted.person_id, wanted.count)
    heading, offers = answers.place(service, desk, caller, scenario_id, asked)
    response.headers["ETag"] = etag_of(heading.content_hash, heading.number)
    return offers


@ROUTER.get(
    "/scenarios/{scenario_id}/reviews",
    operation_id="list_reviews",
    summary="List reviews that are due",
    response_description="The calendar, restrictive placements, complaints and decisions.",
    responses={
        **answered({"scenario": "tiny", "reviews": {"calendar": [], "restrictive": []}}),
        **problems(MISSING, DELETED),
    },
)
def list_reviews(
    scenario_id: str,
    caller: Annotated[Caller, Depends(allow(Action.READ_SCENARIO))],
    service: ServiceOf,
    desk: DeskOf,
) -> dict[str, Any]:
    """What is due for review in the next 30 days or overdue, in the newest version."""
    return answers.reviews(service, desk, caller, scenario_id)


@ROUTER.post(
    "/verifications",
    operation_id="verify_plan",
    summary="Verify a plan",
    response_description="What the judge says.",
    responses={
        **answered(VERDICT),
        **problems(MISSING, INVALID, DELETED, HTTPStatus.TOO_MANY_REQUESTS),
    },
)
def post_verification(
    body: Annotated[VerificationRequest, Body(openapi_examples=ASKED)],
    caller: Verifier,
    service: ServiceOf,
) -> Verification:
    """Judge any plan with code that shares nothing with the solver; nothing is stored.

    Who may not see every record of a stored scenario is told that a hidden rule is broken, and not
    where, and may ask a few times a minute.
    """
    with posted_at("/plan"):
        plan = read_plan(body.plan)
    if body.scenario is not None:
        with posted_at("/scenario"):
            return Verification(**answers.verify_posted(caller, plan, body.scenario))
    where = (str(body.scenario_id), body.version)
    return Verification(**answers.verify_against_stored(service, caller, plan, *where))


@ROUTER.get(
    "/plans/{plan_id}/verification",
    operation_id="get_verification",
    summary="Verify a stored plan",
    response_description="What the judge says, under the version that the plan was made from.",
    responses={**answered(VERDICT), **problems(MISSING, DELETED)},
)
def get_verification(
    plan_id: str, caller: Verifier, service: ServiceOf, desk: DeskOf
) -> Verification:
    """Judge a stored plan again from its data."""
    return Verification(**answers.verify_stored(service, desk, caller, plan_id))


@ROUTER.get(
    "/plans/{plan_id}/explanations/{person_id}",
    operation_id="explain_placement",
    summary="Explain the place of a person",
    response_description="Why there, why nowhere else, and what would have to change.",
    responses={
        **answered({"person_id": "P1", "verified": True, "placement": {"planned_cell": "W-1"}}),
        **problems(MISSING, INVALID, DELETED),
    },
)
def explain_placement(
    plan_id: str,
    person_id: str,
    caller: Explained,
    service: ServiceOf,
    desk: DeskOf,
    cell: Annotated[str | None, Query(max_length=200, description="Why not this cell?")] = None,
) -> dict[str, Any]:
    """The alternatives, the rules that close cells, and the data used, as the role may see them."""
    return answers.explain(service, desk, caller, plan_id, (person_id, cell))


@ROUTER.get(
    "/plans/{plan_id}/notices/{person_id}",
    operation_id="get_notice",
    summary="Get the notice for a person",
    response_description="The notice in neutral words, the same for every reader.",
    responses={
        **answered(
            {
                "scenario": "tiny",
                "person_id": "P1",
                "day": "2026-01-15",
                "language": "en",
                "proposal": "stay",
                "from_cell": "W-1",
                "to_cell": "W-1",
                "landing": "",
                "wing": "W",
                "notice": ["It is proposed that you stay in your cell."],
            }
        ),
        **problems(MISSING, INVALID, DELETED),
    },
)
def get_notice(
    plan_id: str, person_id: str, caller: Explained, service: ServiceOf, desk: DeskOf
) -> Notice:
    """What the person concerned is told: the proposal and the rights, and nothing recorded."""
    return Notice(**answers.notice(service, desk, caller, plan_id, person_id))


@ROUTER.get(
    "/plans/{plan_id}/diff",
    operation_id="compare_plans",
    summary="Compare two plans",
    response_description="What differs in plan B from plan A.",
    responses={
        **answered({"words": "The plans put everybody in the same place.", "people": {}}),
        **problems(MISSING, INVALID, DELETED),
    },
)
def compare_plans(
    plan_id: str,
    against: Annotated[
        str, Query(description="Id of plan B.", openapi_examples={"b": {"value": PLAN_ID}})
    ],
    caller: Annotated[Caller, Depends(allow(Action.READ_PLAN))],
    service: ServiceOf,
) -> dict[str, Any]:
    """Places, values, who is better and worse off, and signatures; A is the plan of the path."""
    return answers.compare(service, caller, plan_id, against)
