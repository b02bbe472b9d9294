"""The application: routes, guards, problem details and pages around one service."""

import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from anyio import create_task_group, to_thread
from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from allocator import __version__
from allocator.api import (
    plan_forms,
    plan_page,
    routes_access,
    routes_audit,
    routes_decisions,
    routes_desk,
    routes_health,
    routes_metrics,
    routes_pages,
    routes_plans,
    routes_reports,
    routes_run_events,
    routes_runs,
    routes_scenarios,
    routes_workflow,
)
from allocator.api.browser_pages import BrowserPages
from allocator.api.description import describe
from allocator.api.guards import Guard, rules_of
from allocator.api.problems import add_problem_handlers
from allocator.api.shared_news import SharedNews
from allocator.api.telemetry import TracedApp, telemetry_of
from allocator.service.desk import Desk
from allocator.service.root import Service
from allocator.service.settings import Settings

DESCRIPTION = (
    "Makes lawful, verified housing plans. The software proposes; a named person decides. Every "
    "read of a person and every change is kept in an audit log."
)
STATIC = Path(__file__).parent / "static"
ROUTERS: tuple[APIRouter, ...] = (
    routes_scenarios.ROUTER,
    routes_plans.ROUTER,
    routes_desk.ROUTER,
    routes_reports.ROUTER,
    routes_runs.ROUTER,
    routes_run_events.ROUTER,
    routes_decisions.ROUTER,
    routes_workflow.ROUTER,
    routes_access.ROUTER,
    routes_audit.ROUTER,
    routes_health.ROUTER,
    routes_metrics.ROUTER,
    routes_pages.ROUTER,
    plan_page.ROUTER,
    plan_forms.ROUTER,
)


class Background(Protocol):
    """Work beside the requests, such as an embedded worker."""

    def start(self) -> None:
        """Begin, and return at once."""

    def stop(self) -> None:
        """End as soon as may be, and return when it has ended."""


def _middleware(settings: Settings) -> list[Middleware]:
    """The guard first; then the client's address, which only a trusted proxy may tell; pages."""
    parts = [Middleware(Guard, rules=rules_of(settings))]
    if settings.trusted_proxies:
        proxies = [*settings.trusted_proxies]
        parts.append(Middleware(ProxyHeadersMiddleware, trusted_hosts=proxies))
    return [*parts, Middleware(BrowserPages)]


def _share(app: FastAPI, service: Service, desk: Desk) -> None:
    """What requests share; `ending` is set when the server is told to stop."""
    app.state.service = service
    app.state.desk = desk
    app.state.news = SharedNews(service)
    app.state.ending = threading.Event()
    app.state.metrics = routes_metrics.RequestMetrics(service)


def create_app(
    service: Service, background: Sequence[Background] = (), desk: Desk | None = None
) -> FastAPI:
    """The application around an open service.

    Parameters
    ----------
    background : started before the first request and stopped after the last one.
    desk : what has been loaded for urgent answers, None for nothing yet.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        for work in background:
            work.start()
        yield
        async with create_task_group() as group:
            for work in background:
                group.start_soon(to_thread.run_sync, work.stop)

    app = TracedApp(
        title="Housing allocation optimiser",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        middleware=_middleware(service.settings),
        telemetry=telemetry_of(service.settings),
    )
    _share(app, service, desk or Desk())
    add_problem_handlers(app)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    describe(app)
    return app
