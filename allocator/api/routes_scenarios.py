"""Scenarios and plans from outside: check, verify, schema. Nothing is stored."""

from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body

from allocator.api.examples import SCENARIO, problems
from allocator.api.schemas import ScenarioBody, ScenarioCheck, Verification, VerificationRequest
from allocator.errors import ScenarioError
from allocator.jobs.picture import scenario_picture
from allocator.jobs.problems import error_document
from allocator.jobs.task import read_source
from allocator.jobs.verification import verify_plan
from allocator.prepare.plan_document import plan_json_schema, read_plan
from allocator.prepare.wire_v1 import scenario_json_schema

ROUTER = APIRouter(prefix="/v1", tags=["scenarios"])
BAD_BODY = problems(HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)


@ROUTER.post(
    "/scenarios:check",
    operation_id="check_scenario",
    summary="Check a scenario",
    response_description="Whether the scenario is valid, with all its problems or what it holds.",
    responses=BAD_BODY,
)
def check_scenario(
    scenario: Annotated[ScenarioBody, Body(openapi_examples={"tiny": {"value": SCENARIO}})],
) -> ScenarioCheck:
    """List everything that is wrong with a scenario, or say what it holds."""
    try:
        picture = scenario_picture(read_source(scenario))
    except ScenarioError as error:
        found = error_document(error)["problems"]
        return ScenarioCheck(valid=False, problems=found, summary=None)
    return ScenarioCheck(valid=True, problems=[], summary=picture)


@ROUTER.post(
    "/verifications",
    operation_id="verify_plan",
    summary="Verify a plan",
    response_description="What the judge says.",
    responses=BAD_BODY,
)
def post_verification(body: VerificationRequest) -> Verification:
    """Judge a plan with code that shares nothing with the solver."""
    return Verification(**verify_plan(body.scenario, read_plan(body.plan)))


@ROUTER.get(
    "/schema",
    operation_id="get_schema",
    summary="Get a JSON schema",
    response_description="The schema.",
    responses=problems(HTTPStatus.UNPROCESSABLE_ENTITY),
)
def get_schema(of: Literal["scenario", "plan"] = "scenario") -> dict[str, Any]:
    """The JSON schema of the scenario document, or of the plan document."""
    return plan_json_schema() if of == "plan" else scenario_json_schema()
