"""The pages for people: what runs here and a way to try the interface, and all operations."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

from allocator import __version__
from allocator.api.browser_pages import PAGES
from allocator.api.identity import CallerOf, ServiceOf, session_in
from allocator.api.routes_reports import PAGES as PAGES_OF_RUNS
from allocator.explain.headline import CAVEAT, STATUS
from allocator.service.access.caller import EVERYWHERE, Caller
from allocator.service.access.roles import Action, may
from allocator.service.board import board_of
from allocator.service.errors import AuthenticationError

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
REFUSED = {"rate_limited": "Too many attempts. Wait a minute and try again."}
OTHER = "Name or password is wrong, or the account is disabled."
OWN_ORIGIN = {"Referrer-Policy": "same-origin"}
"""Under no-referrer a browser sends `Origin: null` with a form, and the guard refuses it."""
LIVE_STATES = ("queued", "running")


class PageRoute(APIRoute):
    """A page: who is not known is asked to sign in."""

    def get_route_handler(self) -> Handler:
        """The handler, with the sign-in page in the place of the refusal."""
        handle = super().get_route_handler()

        async def handle_page(request: Request) -> Response:
            try:
                return await handle(request)
            except AuthenticationError:
                refused = request.query_params.get("refused", "")
                words = REFUSED.get(refused, OTHER) if refused else ""
                return page_of("sign_in.html", problem=words)

        return handle_page


ROUTER = APIRouter(route_class=PageRoute)


@ROUTER.api_route(
    "/", methods=["GET", "HEAD"], response_class=HTMLResponse, include_in_schema=False
)
def front_page(request: Request, caller: CallerOf, service: ServiceOf) -> HTMLResponse:
    """What runs here."""
    session = session_in(request)
    return page_of(
        "front.html",
        board=board_of(service, caller),
        live_states=LIVE_STATES,
        page_kinds=frozenset(PAGES_OF_RUNS),
        caller=caller,
        csrf_token=None if session is None else session.csrf_token,
        scope=_scope(caller),
        may={action.name: may(caller.roles, action) for action in Action},
        caveat=CAVEAT,
        status=STATUS,
    )


@ROUTER.get("/docs", response_class=HTMLResponse, include_in_schema=False)
def operations_page(request: Request) -> HTMLResponse:
    """The operations, rendered from the OpenAPI description without any script."""
    return page_of("operations.html", operations=operations(request.app.openapi()))


def operations(description: dict[str, Any]) -> list[dict[str, Any]]:
    """Operations of an OpenAPI description in its order."""
    return [
        {
            "method": method.upper(),
            "path": path,
            "id": operation["operationId"],
            "summary": operation["summary"],
            "description": operation["description"],
            "body": _body_schema(operation),
            "is_open": not operation.get("security"),
            "parameters": operation.get("parameters", []),
            "responses": {
                status: answer["description"] for status, answer in operation["responses"].items()
            },
        }
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def _body_schema(operation: dict[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = content.get("schema", {})
    name = str(schema.get("$ref", "")).rsplit("/", 1)[-1]
    return name or str(schema.get("description", ""))


def page_of(name: str, **values: Any) -> HTMLResponse:
    """A page of a template, from which forms may be sent."""
    page = PAGES.get_template(name).render(version=__version__, **values)
    return HTMLResponse(page, headers=OWN_ORIGIN)


def _scope(caller: Caller) -> str:
    if EVERYWHERE in caller.facilities:
        return "every facility"
    return ", ".join(sorted(caller.facilities)) or "no facility"
