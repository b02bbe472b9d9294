"""The OpenAPI description: errors as they are, and who must say who they are."""

from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from allocator.api.identity import identify
from allocator.api.schemas import ProblemDetails

SCHEMES = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of the OIDC issuer, or an API key.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "session",
        "description": "Of a browser that signed in; changes need the header X-CSRF-Token too.",
    },
}
ANY_OF_THEM: list[dict[str, list[str]]] = [{name: []} for name in SCHEMES]


def describe(app: FastAPI) -> None:
    """Have the application describe errors as problem details, and which operations are open."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _description(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def asks_who(route: APIRoute) -> bool:
    """True for a route that answers only known callers."""
    return _uses(route.dependant)


def _description(app: FastAPI) -> dict[str, Any]:
    description = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    _drop_framework_errors(description)
    components = description["components"]
    components["schemas"][ProblemDetails.__name__] = ProblemDetails.model_json_schema()
    components["securitySchemes"] = SCHEMES
    closed = {r.operation_id for r in app.routes if isinstance(r, APIRoute) and asks_who(r)}
    for methods in description["paths"].values():
        for operation in methods.values():
            is_closed = operation["operationId"] in closed
            operation["security"] = ANY_OF_THEM if is_closed else []
    return description


def _uses(dependant: Dependant) -> bool:
    return dependant.call is identify or any(_uses(part) for part in dependant.dependencies)


def _drop_framework_errors(description: dict[str, Any]) -> None:
    """A path of text cannot be invalid, yet FastAPI describes a 422 of its own for it."""
    for methods in description["paths"].values():
        for operation in methods.values():
            answer = operation["responses"].get("422", {})
            if "application/json" in answer.get("content", {}):
                del operation["responses"]["422"]
    for name in ("HTTPValidationError", "ValidationError"):
        description["components"]["schemas"].pop(name, None)
