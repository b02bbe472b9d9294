"""The application: routes, guards, problem details, and the runner of child processes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.middleware import Middleware

from allocator import __version__
from allocator.api import routes_pages, routes_plans, routes_scenarios
from allocator.api.guards import Guard, GuardRules
from allocator.api.problems import add_problem_handlers
from allocator.api.schemas import ProblemDetails
from allocator.api.settings import ApiSettings
from allocator.jobs.child import ChildLimits
from allocator.jobs.runner import JobRunner
from allocator.jobs.store import MemoryStore

if TYPE_CHECKING:
    from allocator.jobs.ports import Planner

DESCRIPTION = (
    "Makes lawful, verified housing plans. The software proposes; a named person decides. "
    "Plans are kept in memory and forgotten when the service stops."
)


def create_app(settings: ApiSettings | None = None, planner: "Planner | None" = None) -> FastAPI:
    """The service; `planner` None is the real one."""
    known = settings or ApiSettings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        limits = ChildLimits(known.memory_bytes, known.grace_seconds)
        store = MemoryStore(known.keep_finished)
        app.state.runner = JobRunner(store, known.slots, known.queue_size, limits)
        yield
        app.state.runner.close()

    app = FastAPI(
        title="Housing allocation optimiser",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        middleware=[Middleware(Guard, rules=GuardRules(max_body_bytes=known.max_body_bytes))],
    )
    app.state.planner = planner
    add_problem_handlers(app)
    for routes in (routes_plans, routes_scenarios, routes_pages):
        app.include_router(routes.ROUTER)
    _describe_problems(app)
    return app


def _describe_problems(app: FastAPI) -> None:
    """Describe errors as they are: problem details, and never the framework's own 422."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            description = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
            )
            _drop_framework_errors(description)
            schemas = description["components"]["schemas"]
            schemas[ProblemDetails.__name__] = ProblemDetails.model_json_schema()
            app.openapi_schema = description
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _drop_framework_errors(description: dict[str, Any]) -> None:
    """A path of text cannot be invalid, yet FastAPI describes a 422 of its own for it."""
    for methods in description["paths"].values():
        for operation in methods.values():
            answer = operation["responses"].get("422", {})
            if "application/json" in answer.get("content", {}):
                del operation["responses"]["422"]
    for name in ("HTTPValidationError", "ValidationError"):
        description["components"]["schemas"].pop(name, None)
