"""Pages to read and print, made from the same documents as the answers for tools."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from allocator.api.content_policy import policy_of_page
from allocator.api.drawn_pages import drawn
from allocator.api.examples import PLAN_ID, problems
from allocator.api.identity import ServiceOf, allow
from allocator.api.routes_desk import DeskOf
from allocator.jobs.present_document import PARTS
from allocator.jobs.results import comparison_page
from allocator.report.conflict_page import render_conflict_html
from allocator.report.curve import render_curve_html
from allocator.report.diff import render_diff_html
from allocator.report.move_sheet import render_order_html
from allocator.report.present import render_present
from allocator.service import desk as answers
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.errors import StateError
from allocator.service.queue import reading
from allocator.service.queue.options import RunKind

ROUTER = APIRouter(prefix="/v1", tags=["reports"])
GONE = problems(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
COMPARED = GONE | problems(HTTPStatus.UNPROCESSABLE_ENTITY)
ICON = '<link rel="icon" href="/static/icon.svg">'
MAIN = '<main class="wide" id="main">'
LINK = '<p class="where"><a href="/">Back to what runs</a>{}</p>'
PAGES = {
    RunKind.CURVE: render_curve_html,
    RunKind.COMPARE: comparison_page,
    RunKind.CONFLICT: render_conflict_html,
    RunKind.ORDER: render_order_html,
}


def page_answer(page: str, plan_id: str = "") -> HTMLResponse:
    """A report with a way back, under a policy that allows its own style.

    `plan_id` : of the plan whose page is another way back, "" for none.
    """
    page = with_way_back(page, plan_id)
    return HTMLResponse(page, headers={"Content-Security-Policy": policy_of_page(page)})


def with_way_back(page: str, plan_id: str = "") -> str:
    """A report with a way back to the service, and to a plan where one is named."""
    decide = f' · <a href="/plans/{plan_id}">Read and decide</a>' if plan_id else ""
    way_back = f'<nav class="wide" aria-label="Service">{LINK.format(decide)}</nav>'
    return page.replace(MAIN, f"{way_back}\n{MAIN}", 1).replace("</head>", f"{ICON}\n</head>", 1)


@ROUTER.get(
    "/scenarios/{scenario_id}/report",
    operation_id="get_present_report",
    summary="Get the report of the present placement",
    response_class=HTMLResponse,
    response_description="One HTML page.",
    responses=GONE,
)
def get_present_report(
    scenario_id: str,
    caller: Annotated[Caller, Depends(allow(Action.READ_SCENARIO))],
    service: ServiceOf,
    desk: DeskOf,
) -> HTMLResponse:
    """Data quality, places and people, space and reviews due; nothing is planned here."""
    return page_answer(render_present(answers.present(service, desk, caller, scenario_id), PARTS))


@ROUTER.get(
    "/plans/{plan_id}/diff/report",
    operation_id="get_diff_report",
    summary="Get the report of a comparison of two plans",
    response_class=HTMLResponse,
    response_description="One HTML page.",
    responses=COMPARED,
)
def get_diff_report(
    plan_id: str,
    against: Annotated[
        str, Query(description="Id of plan B.", openapi_examples={"b": {"value": PLAN_ID}})
    ],
    caller: Annotated[Caller, Depends(allow(Action.READ_PLAN))],
    service: ServiceOf,
) -> HTMLResponse:
    """What differs in plan B from plan A, which is the plan of the path."""
    return page_answer(render_diff_html(answers.compare(service, caller, plan_id, against)))


@ROUTER.get(
    "/runs/{run_id}/report",
    operation_id="get_run_report",
    summary="Get the report of a run",
    response_class=HTMLResponse,
    response_description="One HTML page.",
    responses=GONE,
)
def get_run_report(
    run_id: str, caller: Annotated[Caller, Depends(allow(Action.READ_RUN))], service: ServiceOf
) -> HTMLResponse:
    """The page of a curve, a comparison, a conflict or an order of moves; 409 for other kinds."""
    kind = RunKind(reading.find(service, caller, run_id).kind)
    page = page_of_run(kind, reading.result(service, caller, run_id)) if kind in PAGES else None
    if page is None:
        raise StateError(f"This run of kind {kind} has no page; read its result or plan.")
    return page_answer(page)


def page_of_run(kind: RunKind, result: Mapping[str, Any]) -> str | None:
    """The page of what a run returned, None where there is nothing to draw.

    That is a result of a kind without a page, or a curve for which no plan was found.

    Raises
    ------
    OlderFormError
        If the result has another form than its page reads.
    """
    if kind not in PAGES or (kind is RunKind.CURVE and not result.get("points")):
        return None
    return drawn(PAGES[kind], result)
