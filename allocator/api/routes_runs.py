"""Runs: ask for one, follow it, end it early, cancel it."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from allocator.api.cursors import ORDER, CursorOf, LimitOf, part_of, point_to_next
from allocator.api.examples import problems
from allocator.api.idempotency import Made, OnceOf
from allocator.api.identity import ServiceOf, allow
from allocator.api.run_schemas import (
    RunList,
    RunResource,
    RunResult,
    RunSubmission,
    run_resource,
)
from allocator.service.access.caller import Caller
from allocator.service.access.rates import take
from allocator.service.access.roles import Action
from allocator.service.lists import USUAL
from allocator.service.queue import reading, runs
from allocator.service.queue.options import RunKind
from allocator.service.queue.reading import RunFilter, RunSort
from allocator.service.queue.states import RunState
from allocator.service.root import Service

ROUTER = APIRouter(prefix="/v1/runs", tags=["runs"])
Reader = Annotated[Caller, Depends(allow(Action.READ_RUN))]
Starter = Annotated[Caller, Depends(allow(Action.RUN))]
Ender = Annotated[Caller, Depends(allow(Action.CANCEL_RUN))]
RETRY = {"Retry-After": "2"}
RUN_ID = "7c1f0e9d8b7a49586f5e4d3c2b1a0f9e"
SCENARIO_ID = "5f0c3a5e8f5b4a3c9a6d1e2f3a4b5c6d"
EXAMPLE: dict[str, Any] = {
    "run_id": RUN_ID,
    "kind": "plan",
    "state": "running",
    "asked": "",
    "scenario_id": SCENARIO_ID,
    "version": 2,
    "options": {"effort": "quick"},
    "from_plan_id": None,
    "of_plan_id": None,
    "attempt": 1,
    "progress": {
        "seconds": 3.2,
        "stage": "search",
        "tier": "exposure",
        "values": [0, 0, 214],
        "bound": 180,
    },
    "problem": None,
    "plan_id": None,
    "has_result": False,
    "made_at": "2026-01-15T08:00:00Z",
    "made_by": "account:4d2b",
    "trace_id": "3f7c1d20a4b84d6f9e1c5a7b8d9e0f12",
    "started_at": "2026-01-15T08:00:01Z",
    "ended_at": None,
}
SUBMISSIONS: dict[str, Any] = {
    "plan": {"value": {"kind": "plan", "scenario_id": SCENARIO_ID, "options": {"effort": "quick"}}},
    "curve": {
        "value": {"kind": "curve", "scenario_id": SCENARIO_ID, "options": {"moves": [0, 5, 10]}}
    },
    "order": {"value": {"kind": "order", "scenario_id": SCENARIO_ID, "plan_id": RUN_ID}},
}
HEADERS = {
    name: {"description": words, "schema": {"type": "string"}}
    for name, words in (
        ("Location", "Where the run is."),
        ("Retry-After", "Seconds after which to ask again."),
    )
}
LINK = {"Link": {"description": '<…>; rel="next", if any.', "schema": {"type": "string"}}}
MISSING = (HTTPStatus.NOT_FOUND,)
GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)


def _example(value: Any, headers: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"content": {"application/json": {"example": value}}, "headers": headers or {}}


@ROUTER.post(
    "",
    operation_id="start_run",
    summary="Start a run",
    status_code=HTTPStatus.ACCEPTED,
    response_model=RunResource,
    response_description="The run is kept and waits; Location says where to ask.",
    responses={
        202: _example({**EXAMPLE, "state": "queued", "progress": {}}, HEADERS),
        **problems(
            HTTPStatus.BAD_REQUEST,
            *GONE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            HTTPStatus.TOO_MANY_REQUESTS,
        ),
    },
)
def start_run(
    submission: Annotated[RunSubmission, Body(openapi_examples=SUBMISSIONS)],
    caller: Starter,
    service: ServiceOf,
    once: OnceOf,
) -> JSONResponse:
    """Keep what is to be computed and answer at once; a worker takes it up."""
    take(service, f"run:{caller.actor}", service.settings.runs_per_minute)

    def make(service: Service) -> Made:
        run = run_resource(runs.submit(service, caller, submission.order()))
        headers = {"Location": f"/v1/runs/{run.run_id}", **RETRY}
        return Made(run, HTTPStatus.ACCEPTED, headers)

    return once.answer(submission, make)


@ROUTER.get(
    "",
    operation_id="list_runs",
    summary="List runs",
    response_description="A page of runs; Link says where the next one is.",
    responses={
        200: _example({"runs": [EXAMPLE], "next": None}, LINK),
        **problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    },
)
def list_runs(  # noqa: PLR0913, PLR0917 - one parameter per part of the request
    request: Request,
    response: Response,
    caller: Reader,
    service: ServiceOf,
    scenario_id: Annotated[str | None, Query(description="Of this scenario only.")] = None,
    state: Annotated[RunState | None, Query(description="In this state only.")] = None,
    kind: Annotated[RunKind | None, Query(description="Of this kind only.")] = None,
    sort: Annotated[RunSort, ORDER] = "-made_at",
    limit: LimitOf = USUAL,
    cursor: CursorOf = None,
) -> RunList:
    """Runs in scope, as a rule the newest first."""
    part = part_of(request, limit, cursor, sort)
    page = reading.page(service, caller, part, RunFilter(scenario_id, state, kind))
    following = point_to_next(request, response, page.following)
    return RunList(runs=[run_resource(view) for view in page.rows], next=following)


@ROUTER.get(
    "/{run_id}",
    operation_id="get_run",
    summary="Get a run",
    response_description="The run as it is now; Retry-After while it has not ended.",
    responses={200: _example(EXAMPLE), **problems(*MISSING)},
)
def get_run(run_id: str, response: Response, caller: Reader, service: ServiceOf) -> RunResource:
    """State, progress with the values reached and the bound, and how it ended."""
    view = reading.find(service, caller, run_id)
    if not view.is_final:
        response.headers.update(RETRY)
    return run_resource(view)


@ROUTER.get(
    "/{run_id}/result",
    operation_id="get_run_result",
    summary="Get the result of a run",
    response_description="The document; a plan is read under /v1/plans instead.",
    responses={
        200: _example({"run_id": RUN_ID, "kind": "order", "result": {"moves": 3}}),
        **problems(*GONE),
    },
)
def get_run_result(run_id: str, caller: Reader, service: ServiceOf) -> RunResult:
    """What a finished curve, conflict, order or comparison, or the pricing of locks, returned."""
    result = reading.result(service, caller, run_id)
    kind = RunKind(reading.find(service, caller, run_id).kind)
    return RunResult(run_id=run_id, kind=kind, result=dict(result))


@ROUTER.post(
    "/{run_id}/finish",
    operation_id="finish_run",
    summary="End a run early",
    status_code=HTTPStatus.ACCEPTED,
    response_model=RunResource,
    response_description="The run will end with the best that it has found so far.",
    responses={
        202: _example({**EXAMPLE, "asked": "finish"}, HEADERS),
        **problems(*GONE, HTTPStatus.UNPROCESSABLE_ENTITY),
    },
)
def finish_run(run_id: str, caller: Ender, once: OnceOf) -> JSONResponse:
    """Ask a running run for its best so far; what it gives is verified like any other."""

    def make(service: Service) -> Made:
        view = runs.finish_early(service, caller, run_id)
        return Made(run_resource(view), HTTPStatus.ACCEPTED, _where(view))

    return once.answer(None, make)


@ROUTER.delete(
    "/{run_id}",
    operation_id="cancel_run",
    summary="Cancel a run",
    status_code=HTTPStatus.ACCEPTED,
    response_description="The run is cancelled, or its process is being ended.",
    responses={202: _example({**EXAMPLE, "asked": "cancel"}, HEADERS), **problems(*GONE)},
)
def cancel_run(run_id: str, response: Response, caller: Ender, service: ServiceOf) -> RunResource:
    """Stop the solver and drop what it had; the run itself stays in the list."""
    view = runs.cancel(service, caller, run_id)
    response.headers.update(_where(view))
    return run_resource(view)


def _where(view: reading.RunView) -> dict[str, str]:
    location = {"Location": f"/v1/runs/{view.run_id}"}
    return location if view.is_final else location | RETRY
