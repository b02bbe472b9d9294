"""Plans: make, follow, read, cancel."""

import uuid
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from allocator.api.examples import SCENARIO, problems
from allocator.api.schemas import PlanItem, PlanList, PlanResource, PlanSubmission
from allocator.jobs.runner import JobRunner
from allocator.jobs.states import JobState, is_final
from allocator.jobs.store import JobRecord
from allocator.jobs.task import PlanTask, read_source
from allocator.prepare.last_plan import with_last_plan
from allocator.prepare.plan_document import read_plan

ROUTER = APIRouter(prefix="/v1/plans", tags=["plans"])
POLL_SECONDS = "2"
EXAMPLES = {"tiny": {"value": {"scenario": SCENARIO, "options": {"effort": "quick"}}}}
NOT_FOUND = problems(HTTPStatus.NOT_FOUND)


@ROUTER.post(
    "",
    operation_id="make_plan",
    summary="Make a plan",
    status_code=HTTPStatus.ACCEPTED,
    response_description="The plan is queued; Location says where to ask, Retry-After when.",
    responses=problems(
        HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.TOO_MANY_REQUESTS
    ),
)
def make_plan(
    submission: Annotated[PlanSubmission, Body(openapi_examples=EXAMPLES)],
    request: Request,
    response: Response,
) -> PlanItem:
    """Check the scenario now, plan it in a child process, and answer at once."""
    options = submission.options
    overrides = options.overrides()
    scenario = read_source(submission.scenario, overrides)
    last_plan = None if submission.last_plan is None else read_plan(submission.last_plan)
    if last_plan is not None:
        with_last_plan(scenario, last_plan)
    record = JobRecord(uuid.uuid4().hex, scenario.name, scenario.content_hash)
    task = PlanTask(
        submission.scenario,
        options.request(),
        overrides,
        returns_documents=True,
        last_plan=last_plan,
        planner=request.app.state.planner,
    )
    _runner(request).submit(record, task)
    response.headers["Location"] = f"/v1/plans/{record.job_id}"
    response.headers["Retry-After"] = POLL_SECONDS
    return PlanItem(**_item(record))


@ROUTER.get(
    "",
    operation_id="list_plans",
    summary="List plans",
    response_description="The plans, oldest first.",
    responses=problems(),
)
def list_plans(request: Request) -> PlanList:
    """Plans that this process remembers, without their results."""
    records = _runner(request).store.all()
    return PlanList(plans=[PlanItem(**_item(record)) for record in records])


@ROUTER.get(
    "/{plan_id}",
    operation_id="get_plan",
    summary="Get a plan",
    response_description="The plan as it is now; Retry-After while it is not finished.",
    responses=NOT_FOUND,
)
def get_plan(plan_id: str, request: Request, response: Response) -> PlanResource:
    """State and progress; the plan when it is done, the problem when it failed."""
    record = _record(request, plan_id)
    if not is_final(record.state):
        response.headers["Retry-After"] = POLL_SECONDS
    return _resource(record)


@ROUTER.get(
    "/{plan_id}/report",
    operation_id="get_report",
    summary="Get the report of a plan",
    response_class=HTMLResponse,
    response_description="One HTML page.",
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
def get_report(plan_id: str, request: Request) -> HTMLResponse:
    """The HTML report of a finished plan."""
    record = _record(request, plan_id)
    report = (record.result or {}).get("report")
    if report is None:
        raise HTTPException(HTTPStatus.CONFLICT, f"The plan is {record.state}: it has no report.")
    return HTMLResponse(report)


@ROUTER.delete(
    "/{plan_id}",
    operation_id="delete_plan",
    summary="Cancel or forget a plan",
    status_code=HTTPStatus.ACCEPTED,
    response_description="A waiting or running plan is being cancelled; its process ends.",
    responses={204: {"description": "A finished plan was forgotten."}, **NOT_FOUND},
)
def delete_plan(plan_id: str, request: Request) -> Response:
    """Stop a plan that waits or runs; forget one that is finished, with all its data."""
    record = _record(request, plan_id)
    runner = _runner(request)
    if is_final(record.state):
        runner.store.remove(plan_id)
        return Response(status_code=HTTPStatus.NO_CONTENT)
    runner.cancel(plan_id)
    headers = {"Location": f"/v1/plans/{plan_id}", "Retry-After": POLL_SECONDS}
    return Response(status_code=HTTPStatus.ACCEPTED, headers=headers)


def _runner(request: Request) -> JobRunner:
    runner: JobRunner = request.app.state.runner
    return runner


def _record(request: Request, plan_id: str) -> JobRecord:
    record = _runner(request).store.get(plan_id)
    if record is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "There is no such plan.")
    return record


def _item(record: JobRecord) -> dict[str, Any]:
    return {
        "id": record.job_id,
        "state": record.state,
        "scenario": record.scenario_name,
        "scenario_hash": record.scenario_hash,
    }


def has_report(record: JobRecord) -> bool:
    """True when the plan is done and was verified."""
    return record.state is JobState.DONE and (record.result or {}).get("report") is not None


def _resource(record: JobRecord) -> PlanResource:
    result = record.result or {}
    return PlanResource(
        **_item(record),
        progress=dict(record.progress),
        summary=result.get("summary"),
        plan=result.get("plan"),
        problem=dict(record.error) if record.error else None,
        report=f"/v1/plans/{record.job_id}/report" if has_report(record) else None,
    )
