"""Scenarios: check, upload, revise, read; the schemas of the documents."""

from dataclasses import asdict
from functools import cache
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, Path, Request, Response
from fastapi.responses import JSONResponse

from allocator.api.cursors import ORDER, CursorOf, LimitOf, part_of, point_to_next
from allocator.api.etags import IF_MATCH, etag_of, given_tags, require_match
from allocator.api.examples import (
    ETAG,
    LINK,
    LOCATION,
    SCENARIO,
    SCENARIO_ITEM,
    answered,
    open_problems,
    problems,
)
from allocator.api.idempotency import Made, OnceOf
from allocator.api.identity import ServiceOf, allow
from allocator.api.problems import pointed_problems, posted_at
from allocator.api.routes_metrics import count_rejected
from allocator.api.scenario_body import DESCRIPTION, SentScenarioOf
from allocator.api.schemas import (
    ScenarioBody,
    ScenarioCheck,
    ScenarioList,
    VersionDocument,
    VersionList,
    VersionNumber,
)
from allocator.errors import ScenarioError
from allocator.jobs.picture import scenario_picture
from allocator.jobs.task import read_source
from allocator.prepare.plan_document import plan_json_schema
from allocator.prepare.wire_v1 import scenario_json_schema
from allocator.service import reading, revising, scenarios
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.lists import USUAL
from allocator.service.reading import ScenarioHeading, ScenarioSort, VersionSort
from allocator.service.root import Service

ROUTER = APIRouter(prefix="/v1", tags=["scenarios"])
Reader = Annotated[Caller, Depends(allow(Action.READ_SCENARIO))]
Writer = Annotated[Caller, Depends(allow(Action.WRITE_SCENARIO))]
Document = Annotated[ScenarioBody, Body(openapi_examples={"tiny": {"value": SCENARIO}})]
INVALID_VALUE = {
    "file": "document",
    "column": "people[0].sex",
    "code": "value_not_listed",
    "found": '"X"',
    "pointer": "/people/0/sex",
}
INVALID = HTTPStatus.UNPROCESSABLE_ENTITY
MISSING = problems(HTTPStatus.NOT_FOUND)
COUNTED = [Depends(count_rejected)]


@ROUTER.post(
    "/scenarios:check",
    operation_id="check_scenario",
    summary="Check a scenario",
    response_description="Whether the scenario is valid, with all its problems or what it holds.",
    responses={
        **answered({"valid": False, "problems": [INVALID_VALUE], "summary": None}),
        **problems(INVALID),
    },
    openapi_extra=DESCRIPTION,
)
def check_scenario(_caller: Reader, sent: SentScenarioOf) -> ScenarioCheck:
    """List everything that is wrong with a scenario, or say what it holds; nothing is stored."""
    try:
        with posted_at():
            picture = scenario_picture(read_source(sent.document()))
    except ScenarioError as error:
        return ScenarioCheck(valid=False, problems=pointed_problems(error), summary=None)
    return ScenarioCheck(valid=True, problems=[], summary=picture)


@ROUTER.post(
    "/scenarios",
    operation_id="upload_scenario",
    summary="Upload a scenario",
    status_code=HTTPStatus.CREATED,
    response_model=ScenarioHeading,
    response_description="The first version; Location says where it is.",
    responses={
        **answered(SCENARIO_ITEM, HTTPStatus.CREATED, {**ETAG, **LOCATION}),
        **problems(INVALID, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    },
    openapi_extra=DESCRIPTION,
    dependencies=COUNTED,
)
def upload_scenario(caller: Writer, sent: SentScenarioOf, once: OnceOf) -> JSONResponse:
    """Keep a new scenario as version 1; its facilities must be in the caller's scope.

    A JSON document, or a zip archive of scenario.yaml and its CSV tables.
    """
    with posted_at():
        scenario = sent.document()

    def make(service: Service) -> Made:
        with posted_at():
            made = scenarios.upload(service, caller, scenario)
        heading, _ = reading.heading_of(service, caller, made.scenario_id, made.number)
        location = {"Location": f"/v1/scenarios/{made.scenario_id}"}
        return Made(asdict(heading), HTTPStatus.CREATED, {**location, "ETag": _etag(heading)})

    return once.answer(scenario, make)


@ROUTER.get(
    "/scenarios",
    operation_id="list_scenarios",
    summary="List scenarios",
    response_description="A page of scenarios; Link says where the next one is.",
    responses={
        **answered({"scenarios": [SCENARIO_ITEM], "next": None}, headers=LINK),
        **problems(INVALID),
    },
)
def list_scenarios(
    request: Request,
    response: Response,
    caller: Reader,
    service: ServiceOf,
    sort: Annotated[ScenarioSort, ORDER] = "-created_at",
    limit: LimitOf = USUAL,
    cursor: CursorOf = None,
) -> ScenarioList:
    """The newest version of every scenario in scope, as a rule the newest scenario first."""
    page = reading.list_scenarios(service, caller, part_of(request, limit, cursor, sort))
    following = point_to_next(request, response, page.following)
    return ScenarioList(scenarios=list(page.rows), next=following)


@ROUTER.get(
    "/scenarios/{scenario_id}",
    operation_id="get_scenario",
    summary="Get a scenario",
    response_description="The newest version without its data; the ETag names it.",
    responses={**answered(SCENARIO_ITEM, headers=ETAG), **MISSING},
)
def get_scenario(
    scenario_id: str, caller: Reader, service: ServiceOf, response: Response
) -> ScenarioHeading:
    """Which version is the newest, and what made it."""
    heading, _ = reading.heading_of(service, caller, scenario_id)
    response.headers["ETag"] = _etag(heading)
    return heading


@ROUTER.put(
    "/scenarios/{scenario_id}",
    operation_id="revise_scenario",
    summary="Revise a scenario",
    response_description="The new version.",
    responses={
        **answered(SCENARIO_ITEM, headers=ETAG),
        **problems(
            INVALID,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.CONFLICT,
            HTTPStatus.PRECONDITION_FAILED,
            HTTPStatus.PRECONDITION_REQUIRED,
        ),
    },
    openapi_extra=IF_MATCH,
    dependencies=COUNTED,
)
def revise_scenario(
    scenario_id: str,
    scenario: Document,
    caller: Writer,
    service: ServiceOf,
    request: Request,
    response: Response,
) -> ScenarioHeading:
    """Keep a new version in the place of the one that the caller saw.

    What the caller's role hides is taken over from that version as it is.
    """
    seen, _ = reading.heading_of(service, caller, scenario_id)
    require_match(given_tags(request), _etag(seen))
    with posted_at():
        made = revising.revise(service, caller, scenario_id, seen.number, scenario)
    heading, _ = reading.heading_of(service, caller, scenario_id, made.number)
    response.headers["ETag"] = _etag(heading)
    return heading


@ROUTER.get(
    "/scenarios/{scenario_id}/versions",
    operation_id="list_versions",
    summary="List the versions of a scenario",
    response_description="A page of versions; Link says where the next one is.",
    responses={
        **answered({"versions": [SCENARIO_ITEM], "next": None}, headers=LINK),
        **problems(INVALID, HTTPStatus.NOT_FOUND),
    },
)
def list_versions(  # noqa: PLR0913, PLR0917 - one parameter per part of the request
    scenario_id: str,
    request: Request,
    response: Response,
    caller: Reader,
    service: ServiceOf,
    sort: Annotated[VersionSort, ORDER] = "-number",
    limit: LimitOf = USUAL,
    cursor: CursorOf = None,
) -> VersionList:
    """Every version with what made it, as a rule the newest first."""
    part = part_of(request, limit, cursor, sort)
    page = reading.list_versions(service, caller, scenario_id, part)
    following = point_to_next(request, response, page.following)
    return VersionList(versions=list(page.rows), next=following)


@ROUTER.get(
    "/scenarios/{scenario_id}/versions/{number}",
    operation_id="get_version",
    summary="Get a version with its data",
    response_description="The scenario document as the caller's role may see it.",
    responses={
        **answered({**SCENARIO_ITEM, "is_redacted": True, "document": SCENARIO}, headers=ETAG),
        **problems(INVALID, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    },
)
def get_version(
    scenario_id: str,
    number: Annotated[VersionNumber, Path()],
    caller: Reader,
    service: ServiceOf,
    response: Response,
) -> VersionDocument:
    """The data of one version; the read is noted in the audit log."""
    heading, facilities = reading.heading_of(service, caller, scenario_id, number)
    document, is_redacted = revising.shown_document(service, caller, heading, facilities)
    response.headers["ETag"] = _etag(heading)
    return VersionDocument(**asdict(heading), is_redacted=is_redacted, document=document)


@ROUTER.get(
    "/schema",
    operation_id="get_schema",
    summary="Get a JSON schema",
    response_description="The schema.",
    responses={**answered({"type": "object"}), **open_problems(INVALID)},
)
def get_schema(of: Literal["scenario", "plan"] = "scenario") -> dict[str, Any]:
    """The JSON schema of the scenario document, or of the plan document."""
    return _schemas()[of]


@cache
def _schemas() -> dict[str, dict[str, Any]]:
    return {"scenario": scenario_json_schema(), "plan": plan_json_schema()}


def _etag(heading: ScenarioHeading) -> str:
    return etag_of(heading.content_hash, heading.number)
