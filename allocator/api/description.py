"""The OpenAPI description: errors as they are, and no statuses that cannot come."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from allocator.api.schemas import ProblemDetails


def describe(app: FastAPI) -> None:
    """Have the application describe errors as problem details, never as the framework's own."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _description(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _description(app: FastAPI) -> dict[str, Any]:
    description = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    _drop_framework_errors(description)
    schemas = description["components"]["schemas"]
    schemas[ProblemDetails.__name__] = ProblemDetails.model_json_schema()
    return description


def _drop_framework_errors(description: dict[str, Any]) -> None:
    """A path of text cannot be invalid, yet FastAPI describes a 422 of its own for it."""
    for methods in description["paths"].values():
        for operation in methods.values():
            answer = operation["responses"].get("422", {})
            if "application/json" in answer.get("content", {}):
                del operation["responses"]["422"]
    for name in ("HTTPValidationError", "ValidationError"):
        description["components"]["schemas"].pop(name, None)
