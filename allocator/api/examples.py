"""Examples and declared errors of the OpenAPI description."""

from http import HTTPStatus
from typing import Any

from allocator.api.problems import CODES, MEDIA_TYPE
from allocator.api.schemas import ProblemDetails

Responses = dict[int | str, dict[str, Any]]
EVERYWHERE = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.REQUEST_URI_TOO_LONG,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.MISDIRECTED_REQUEST,
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    HTTPStatus.INTERNAL_SERVER_ERROR,
)
WORDS = {
    HTTPStatus.BAD_REQUEST: "The body is not JSON.",
    HTTPStatus.UNAUTHORIZED: "Sign in, or send a token or an API key.",
    HTTPStatus.FORBIDDEN: "Your roles (inspector) do not allow this (plan.sign).",
    HTTPStatus.REQUEST_TIMEOUT: "The body did not come in time.",
    HTTPStatus.PRECONDITION_FAILED: "The scenario was changed since you read it; read it again.",
    HTTPStatus.REQUEST_URI_TOO_LONG: "The address is too long.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "Send the body as it is, not compressed.",
    HTTPStatus.PRECONDITION_REQUIRED: "Send If-Match with the ETag of what you read.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "The headers are more than 16384 bytes.",
    HTTPStatus.NOT_FOUND: "There is no such plan.",
    HTTPStatus.CONFLICT: "The plan is running; its report does not exist yet.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The request is larger than 67108864 bytes.",
    HTTPStatus.MISDIRECTED_REQUEST: "The service answers on this machine only.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The scenario has 1 problem; nothing was written.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many plans are waiting; try again in a while.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong inside the program.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The service cannot take work now.",
}
SPECIAL_CODES = {
    HTTPStatus.UNPROCESSABLE_ENTITY: "scenario_invalid",
    HTTPStatus.TOO_MANY_REQUESTS: "queue_full",
    HTTPStatus.INTERNAL_SERVER_ERROR: "internal_error",
}
SCENARIO: dict[str, Any] = {
    "schema_version": 1,
    "name": "tiny",
    "day": "2026-01-15",
    "units": [
        {"unit_id": "F", "unit_type": "facility"},
        {"unit_id": "W", "unit_type": "wing", "parent_id": "F"},
    ],
    "cells": [
        {
            "cell_id": "W-1",
            "parent_id": "W",
            "cna": 1,
            "working_capacity": 1,
            "max_capacity": 2,
            "area_m2": 9.0,
        }
    ],
    "people": [
        {"person_id": "P1", "sex": "M", "age_years": 31, "legal_category": "sentenced"},
    ],
}


def problems(*statuses: HTTPStatus) -> Responses:
    """Declared errors of an operation, with those that any operation may give."""
    return {int(status): _declared(status) for status in sorted({*statuses, *EVERYWHERE})}


def _declared(status: HTTPStatus) -> dict[str, Any]:
    code = SPECIAL_CODES.get(status) or CODES[status]
    words = WORDS[status]
    example = {
        "type": f"urn:allocator:problem:{code.replace('_', '-')}",
        "title": status.phrase,
        "status": int(status),
        "detail": words,
        "instance": "/v1/plans",
        "code": code,
        "user_message": words,
        "developer_message": words,
        "errors": [],
    }
    schema = {"$ref": f"#/components/schemas/{ProblemDetails.__name__}"}
    content = {MEDIA_TYPE: {"schema": schema, "example": example}}
    return {"description": words, "content": content}
