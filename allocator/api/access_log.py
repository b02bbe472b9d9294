"""One line of JSON for every request, from which nobody learns about a person.

It has the template of the route and never the path, whose parts may be ids of people; no query, no
body, no address.
"""

import logging
from typing import Any

import structlog
from starlette.types import Scope

LOGGER = "allocator.access"
UNMATCHED = "unmatched"
_LOG: Any = structlog.wrap_logger(
    logging.getLogger(LOGGER),
    processors=[
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer(sort_keys=True),
    ],
    wrapper_class=structlog.stdlib.BoundLogger,
)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def note_request(scope: Scope, status: int, seconds: float) -> None:
    """Write the line of a request that was answered, and count it."""
    state, route = scope["state"], route_of(scope)
    method = scope["method"] if scope["method"] in _METHODS else "other"
    scope["app"].state.metrics.note(method, route, status, seconds)
    _LOG.info(
        "request",
        method=method,
        route=route,
        status=status,
        ms=round(1000 * seconds, 1),
        request_id=state["request_id"],
        trace_id=state["trace_id"],
        actor=state.get("actor", ""),
    )


def route_of(scope: Scope) -> str:
    """The template of the route that matched."""
    context = scope.get("fastapi", {}).get("effective_route_context")
    path = getattr(context, "path", None) or getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else UNMATCHED
