"""Plans: read, verify, explain, compare, export. Runs make them, the workflow moves them on."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from allocator.api.cursors import ORDER, CursorOf, LimitOf, part_of, point_to_next
from allocator.api.etags import etag_of
from allocator.api.examples import ETAG, LINK, PLAN_ID, PLAN_ITEM, answered, problems
from allocator.api.identity import ServiceOf, allow
from allocator.api.routes_reports import page_answer
from allocator.api.schemas import (
    ChangeItem,
    PlanDocumentAnswer,
    PlanList,
    PlanOrder,
    PlanResource,
)
from allocator.report.csv_text import csv_text
from allocator.service import reading_plans, reports
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.lists import USUAL
from allocator.service.reading_plans import PlanFilter, PlanSort
from allocator.service.workflow.order import order_of
from allocator.service.workflow.states import PlanState

ROUTER = APIRouter(prefix="/v1/plans", tags=["plans"])
Reader = Annotated[Caller, Depends(allow(Action.READ_PLAN))]
HEADER = ("person_id", "from_place", "to_cell")
CSV_TYPE = "text/csv; charset=utf-8; header=present"
MISSING = problems(HTTPStatus.NOT_FOUND)
GONE = problems(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)


@ROUTER.get(
    "",
    operation_id="list_plans",
    summary="List plans",
    response_description="A page of plans; Link says where the next one is.",
    responses={
        **answered({"plans": [PLAN_ITEM], "next": None}, headers=LINK),
        **problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    },
)
def list_plans(  # noqa: PLR0913, PLR0917 - one parameter per part of the request
    request: Request,
    response: Response,
    caller: Reader,
    service: ServiceOf,
    scenario_id: Annotated[str | None, Query(description="Of this scenario only.")] = None,
    state: Annotated[PlanState | None, Query(description="In this state only.")] = None,
    sort: Annotated[PlanSort, ORDER] = "-made_at",
    limit: LimitOf = USUAL,
    cursor: CursorOf = None,
) -> PlanList:
    """Plans in scope, as a rule the newest first."""
    part = part_of(request, limit, cursor, sort)
    page = reading_plans.list_plans(service, caller, PlanFilter(scenario_id, state), part)
    following = point_to_next(request, response, page.following)
    return PlanList(plans=list(page.rows), next=following)


@ROUTER.get(
    "/{plan_id}",
    operation_id="get_plan",
    summary="Get a plan",
    response_description="The plan's state, history and summary; the ETag names its revision.",
    responses={
        **answered(
            {**PLAN_ITEM, "changes": [], "is_redacted": True, "summary": {"people": 1}},
            headers=ETAG,
        ),
        **MISSING,
    },
)
def get_plan(plan_id: str, caller: Reader, service: ServiceOf, response: Response) -> PlanResource:
    """Where the plan stands and what it comes to; the read is noted in the audit log."""
    heading, _ = reading_plans.heading_of_plan(service, caller, plan_id)
    changes = reading_plans.changes_of(service, caller, plan_id)
    summary = reading_plans.summary_of(service, caller, plan_id)
    reader = reading_plans.reader_of_plan(service, caller, heading)
    response.headers["ETag"] = etag_of(heading.revision)
    return PlanResource(
        **asdict(heading),
        changes=[ChangeItem(**asdict(change)) for change in changes],
        is_redacted=not reader.sees_whole_scenario,
        summary=None if summary is None else dict(summary),
    )


@ROUTER.get(
    "/{plan_id}/document",
    operation_id="get_plan_document",
    summary="Get the document of a plan",
    response_description="The plan document as the caller's role may see it.",
    responses={
        **answered({"plan_id": PLAN_ID, "is_redacted": False, "document": {"schema_version": 1}}),
        **GONE,
    },
)
def get_plan_document(plan_id: str, caller: Reader, service: ServiceOf) -> PlanDocumentAnswer:
    """Everybody's place, the values with their bounds, derogations and provenance."""
    heading, _ = reading_plans.heading_of_plan(service, caller, plan_id)
    document = reading_plans.document_of(service, caller, plan_id)
    reader = reading_plans.reader_of_plan(service, caller, heading)
    return PlanDocumentAnswer(
        plan_id=plan_id,
        is_redacted=not reader.sees_whole_scenario,
        document=dict(document),
    )


@ROUTER.get(
    "/{plan_id}/report",
    operation_id="get_report",
    summary="Get the report of a plan",
    response_class=HTMLResponse,
    response_description="One HTML page.",
    responses=GONE,
)
def get_report(plan_id: str, caller: Reader, service: ServiceOf) -> HTMLResponse:
    """The HTML report of a plan; the read is noted in the audit log."""
    return page_answer(reports.report_of(service, caller, plan_id), plan_id)


@ROUTER.get(
    "/{plan_id}/order",
    operation_id="get_plan_order",
    summary="Get the order in which a plan is carried out",
    response_description="The document of an order of moves, whose steps officers record.",
    responses={
        **answered({"plan_id": PLAN_ID, "order": {"words": "The only move is safe.", "steps": 1}}),
        **GONE,
    },
)
def get_plan_order(plan_id: str, caller: Reader, service: ServiceOf) -> PlanOrder:
    """Made and replayed when the execution began; the read is noted in the audit log."""
    order = order_of(service, caller, plan_id)
    return PlanOrder(plan_id=plan_id, order=dict(order))


@ROUTER.get(
    "/{plan_id}/moves",
    operation_id="export_moves",
    summary="Export the moves of a plan",
    response_class=PlainTextResponse,
    response_description="CSV with a header, one line per move.",
    responses={
        200: {"content": {"text/csv": {"example": "person_id,from_place,to_cell\r\nP1,,W-1\r\n"}}},
        **GONE,
    },
)
def export_moves(plan_id: str, caller: Reader, service: ServiceOf) -> Response:
    """Who goes from where to where; the export is noted in the audit log.

    Texts that a spreadsheet would read as formulas begin with an apostrophe.
    """
    moves = reading_plans.moves_of(service, caller, plan_id)
    name = f'attachment; filename="moves-{plan_id}.csv"'
    return Response(
        csv_text(HEADER, moves), media_type=CSV_TYPE, headers={"Content-Disposition": name}
    )
