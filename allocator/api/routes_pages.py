"""Health, and the pages for people: what runs here, and the operations in plain HTML."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader

from allocator import __version__
from allocator.api.examples import problems
from allocator.api.routes_plans import has_report
from allocator.api.schemas import Health
from allocator.explain.headline import CAVEAT, STATUS

ROUTER = APIRouter()
PAGES = Environment(
    loader=PackageLoader("allocator.api", "templates"), autoescape=True, auto_reload=False
)


@ROUTER.get(
    "/livez", operation_id="livez", summary="Is it alive?", tags=["health"], responses=problems()
)
def livez() -> Health:
    """The process answers."""
    return Health(status="ok", version=__version__)


@ROUTER.get(
    "/readyz",
    operation_id="readyz",
    summary="Can it take work?",
    tags=["health"],
    responses={
        **problems(),
        503: {"description": "A slot for solves has died.", "model": Health},
    },
)
def readyz(request: Request, response: Response) -> Health:
    """Every slot for solves can take a plan."""
    if request.app.state.runner.is_alive():
        return Health(status="ok", version=__version__)
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return Health(status="not ready", version=__version__)


@ROUTER.api_route(
    "/", methods=["GET", "HEAD"], response_class=HTMLResponse, include_in_schema=False
)
def front_page(request: Request) -> str:
    """What runs here."""
    records = request.app.state.runner.store.all()
    page = PAGES.get_template("front.html")
    return page.render(
        version=__version__,
        plans=[(record, has_report(record)) for record in reversed(records)],
        address=str(request.base_url).rstrip("/"),
        caveat=CAVEAT,
        status=STATUS,
    )


@ROUTER.get("/docs", response_class=HTMLResponse, include_in_schema=False)
def operations_page(request: Request) -> str:
    """The operations, rendered from the OpenAPI description without any script."""
    description = request.app.openapi()
    page = PAGES.get_template("operations.html")
    return page.render(version=__version__, operations=operations(description))


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
