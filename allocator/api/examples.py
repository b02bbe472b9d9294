"""Examples and declared errors of the OpenAPI description."""

from http import HTTPStatus
from typing import Any

from allocator.api.schemas import ProblemDetails

Responses = dict[int | str, dict[str, Any]]
MEDIA_TYPE = "application/problem+json"
OPEN = (
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
EVERYWHERE = (HTTPStatus.UNAUTHORIZED, *OPEN)
TYPICAL = {
    HTTPStatus.BAD_REQUEST: ("request_malformed", "The body is not JSON."),
    HTTPStatus.UNAUTHORIZED: (
        "not_authenticated",
        "Sign in, or send a token or an API key.",
    ),
    HTTPStatus.FORBIDDEN: (
        "forbidden",
        "Your roles (inspector) do not allow this. Ask your administrator.",
    ),
    HTTPStatus.NOT_FOUND: ("not_found", "There is no such plan."),
    HTTPStatus.CONFLICT: (
        "state_conflict",
        "The plan is executed, so it cannot become signed. What can follow: nothing.",
    ),
    HTTPStatus.PRECONDITION_FAILED: (
        "precondition_failed",
        "It was changed since you read it; read it again and decide anew.",
    ),
    HTTPStatus.REQUEST_TIMEOUT: ("request_timeout", "The body did not come in time."),
    HTTPStatus.REQUEST_URI_TOO_LONG: ("address_too_long", "The address is too long."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "body_too_large",
        "The request is larger than 67108864 bytes.",
    ),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (
        "media_type_refused",
        "Send the body as JSON and not compressed.",
    ),
    HTTPStatus.MISDIRECTED_REQUEST: (
        "host_refused",
        "The service does not answer under this name.",
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        "request_invalid",
        "The request is not what this operation takes; see errors.",
    ),
    HTTPStatus.PRECONDITION_REQUIRED: (
        "precondition_required",
        "Send the header If-Match with the ETag of what you read; it says which state you saw.",
    ),
    HTTPStatus.TOO_MANY_REQUESTS: ("rate_limited", "Too many requests; try again in a while."),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: (
        "headers_too_large",
        "The headers of the request are too large.",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "internal_error",
        "Something went wrong inside the program.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: ("not_ready", "The service cannot take work now."),
}
ETAG = {"ETag": {"description": "The state seen, for If-Match.", "schema": {"type": "string"}}}
LOCATION = {"Location": {"description": "Where it is.", "schema": {"type": "string"}}}
LINK = {"Link": {"description": '<…>; rel="next", if any.', "schema": {"type": "string"}}}
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
SCENARIO_ID = "5f0c3a5e8f5b4a3c9a6d1e2f3a4b5c6d"
PLAN_ID = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
HASH = "9b5e0c6f1d2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4"
SCENARIO_ITEM: dict[str, Any] = {
    "scenario_id": SCENARIO_ID,
    "name": "tiny",
    "head": 2,
    "number": 2,
    "content_hash": HASH,
    "people": 1,
    "day": "2026-01-15",
    "why": "revised",
    "made_at": "2026-01-15T08:00:00Z",
    "made_by": "account:4d2b",
    "has_document": True,
}
PLAN_ITEM: dict[str, Any] = {
    "plan_id": PLAN_ID,
    "state": "draft",
    "revision": 1,
    "scenario_id": SCENARIO_ID,
    "scenario_name": "tiny",
    "version": 2,
    "content_hash": HASH,
    "run_id": None,
    "made_at": "2026-01-15T08:05:00Z",
    "made_by": "system:worker",
    "due_at": None,
}


def problems(*statuses: HTTPStatus) -> Responses:
    """Declared errors of an operation, with those that any operation may give to a caller."""
    return _declare({*statuses, *EVERYWHERE})


def open_problems(*statuses: HTTPStatus) -> Responses:
    """As `problems`, for operations that ask nobody who they are."""
    return _declare({*statuses, *OPEN})


def answered(
    example: Any, status: HTTPStatus = HTTPStatus.OK, headers: dict[str, Any] | None = None
) -> Responses:
    """The answer of an operation that went well, with an example and its headers."""
    content = {"application/json": {"example": example}}
    return {int(status): {"content": content, "headers": headers or {}}}


def _declare(statuses: set[HTTPStatus]) -> Responses:
    return {int(status): _declared(status) for status in sorted(statuses)}


def _declared(status: HTTPStatus) -> dict[str, Any]:
    code, words = TYPICAL[status]
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
        "trace_id": "3f7c1d20a4b84d6f9e1c5a7b8d9e0f12",
    }
    schema = {"$ref": f"#/components/schemas/{ProblemDetails.__name__}"}
    content = {MEDIA_TYPE: {"schema": schema, "example": example}}
    return {"description": words, "content": content}
