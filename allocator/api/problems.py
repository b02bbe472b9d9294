"""Errors as RFC 9457 problem details, with permanent codes and a message for each reader."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from allocator.errors import AllocatorError, ConfigError, InternalError, ScenarioError
from allocator.jobs.problems import error_document
from allocator.prepare.pointers import pointer_of
from allocator.service.access.grants import InvalidValueError
from allocator.service.access.masking import told_error
from allocator.service.access.passwords import PasswordError
from allocator.service.errors import (
    AuthenticationError,
    ConditionMissingError,
    ForbiddenError,
    KeyReusedError,
    NotFoundError,
    QueueFullError,
    RateError,
    ServiceError,
    StaleError,
)
from allocator.service.tracing import current_trace

LOG = logging.getLogger("allocator.api")
MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5
BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="allocator"'}
CODES = {
    HTTPStatus.BAD_REQUEST: "request_malformed",
    HTTPStatus.UNAUTHORIZED: "not_authenticated",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_TIMEOUT: "request_timeout",
    HTTPStatus.CONFLICT: "state_conflict",
    HTTPStatus.PRECONDITION_FAILED: "precondition_failed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "body_too_large",
    HTTPStatus.REQUEST_URI_TOO_LONG: "address_too_long",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "media_type_refused",
    HTTPStatus.MISDIRECTED_REQUEST: "host_refused",
    HTTPStatus.UNPROCESSABLE_ENTITY: "request_invalid",
    HTTPStatus.PRECONDITION_REQUIRED: "precondition_required",
    HTTPStatus.TOO_MANY_REQUESTS: "rate_limited",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "headers_too_large",
    HTTPStatus.SERVICE_UNAVAILABLE: "not_ready",
}
STATUSES: tuple[tuple[type[AllocatorError], HTTPStatus], ...] = (
    (AuthenticationError, HTTPStatus.UNAUTHORIZED),
    (ForbiddenError, HTTPStatus.FORBIDDEN),
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (StaleError, HTTPStatus.PRECONDITION_FAILED),
    (ConditionMissingError, HTTPStatus.PRECONDITION_REQUIRED),
    (RateError, HTTPStatus.TOO_MANY_REQUESTS),
    (KeyReusedError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (PasswordError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (InvalidValueError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (ServiceError, HTTPStatus.CONFLICT),
    (ScenarioError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (ConfigError, HTTPStatus.UNPROCESSABLE_ENTITY),
)
"""The first class that an error is of decides; what is of none is our own fault."""


def problem_response(
    status: int,
    document: dict[str, Any],
    instance: str,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """An error document as problem details."""
    code = str(document["code"])
    if code == InternalError.code:
        document = told_error(document)
    content = {
        "type": f"urn:allocator:problem:{code.replace('_', '-')}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": document["user_message"],
        "instance": instance,
        "code": code,
        "user_message": document["user_message"],
        "developer_message": document["developer_message"],
        "errors": document.get("problems", []),
        "trace_id": current_trace(),
    }
    return JSONResponse(content, status, headers, media_type=MEDIA_TYPE)


def simple_problem(
    status: int, user_message: str, instance: str, developer_message: str = "", code: str = ""
) -> JSONResponse:
    """A problem of the service itself, by default with the code of its status."""
    document = {
        "code": code or CODES.get(HTTPStatus(status), "http_error"),
        "user_message": user_message,
        "developer_message": developer_message or user_message,
    }
    return problem_response(status, document, instance)


@contextmanager
def posted_at(pointer: str = "") -> Iterator[None]:
    """Problems of a document that is in the request's body: their pointers lead there.

    Parameters
    ----------
    pointer : where the document is in the body; "" is the body itself.
    """
    try:
        yield
    except ScenarioError as error:
        error.posted_at = pointer
        raise


def pointed_problems(error: ScenarioError) -> list[dict[str, Any]]:
    """Every problem with its pointer into the body; without one where no document was sent."""
    rows: list[dict[str, Any]] = error_document(error)["problems"]
    for row in rows:
        pointer = row.pop("pointer")
        if error.posted_at is not None and pointer is not None:
            row["pointer"] = error.posted_at + pointer
    return rows


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every error with problem details."""

    @app.exception_handler(AllocatorError)
    def domain_error(request: Request, error: AllocatorError) -> Response:
        return error_response(error, request.url.path)

    @app.exception_handler(HTTPException)
    def http_error(request: Request, error: HTTPException) -> Response:
        response = simple_problem(error.status_code, str(error.detail), request.url.path)
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(RequestValidationError)
    def invalid_request(request: Request, error: RequestValidationError) -> Response:
        not_json = _not_json(request, error.errors())
        if not_json:
            return simple_problem(HTTPStatus.BAD_REQUEST, not_json, request.url.path)
        document = {
            "code": CODES[HTTPStatus.UNPROCESSABLE_ENTITY],
            "user_message": "The request is not what this operation takes; see errors.",
            "developer_message": "request validation failed",
            "problems": _pointers(error.errors()),
        }
        return problem_response(HTTPStatus.UNPROCESSABLE_ENTITY, document, request.url.path)


def error_response(error: Exception, instance: str) -> JSONResponse:
    """Any error as problem details; what is logged names a place in the code and no data."""
    document = error_document(error)
    if isinstance(error, ScenarioError):
        document["problems"] = pointed_problems(error)
    if isinstance(error, QueueFullError):
        headers = {"Retry-After": str(RETRY_SECONDS)}
        return problem_response(HTTPStatus.TOO_MANY_REQUESTS, document, instance, headers)
    for kind, status in STATUSES:
        if isinstance(error, kind):
            return problem_response(status, document, instance, _headers_of(error))
    if not isinstance(error, AllocatorError):
        LOG.error("unexpected %s", document["developer_message"])
    elif isinstance(error, InternalError):
        LOG.error("internal error")
    return problem_response(HTTPStatus.INTERNAL_SERVER_ERROR, document, instance)


def _headers_of(error: Exception) -> dict[str, str] | None:
    if isinstance(error, RateError):
        return {"Retry-After": str(error.retry_seconds)}
    return CHALLENGE if isinstance(error, AuthenticationError) else None


def _not_json(request: Request, errors: Sequence[Any]) -> str:
    """Words for a body that is not JSON or does not say so, "" for any other."""
    if any(error["type"] == "json_invalid" for error in errors):
        return "The body is not JSON."
    if all(tuple(error["loc"]) != ("body",) for error in errors):
        return ""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip()
    if request.method in BODY_METHODS and media_type != "application/json":
        return "Send JSON with the header Content-Type: application/json."
    return ""


def _pointers(errors: Sequence[Any]) -> list[dict[str, str]]:
    """Where and why, without the value that was sent."""
    return [{**_where(error["loc"]), "message": str(error["msg"])} for error in errors]


def _where(loc: Sequence[str | int]) -> dict[str, str]:
    """A pointer into the body, or the name of a parameter."""
    if loc[0] == "body":
        return {"pointer": pointer_of(loc[1:])}
    return {"parameter": ".".join(map(str, loc[1:])), "in": str(loc[0])}
