"""Applications that share routes: the framework reads them at an application's first request.

That took longer than most tests, and describing them longer still. Guards, handlers of problems
and what requests share are each application's own, and so is the service, which routes ask the
application for.
"""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI

from allocator.api.app import create_app
from allocator.service.root import Service


class Routes:
    """The routes of applications whose dependencies are the same.

    Parameters
    ----------
    overrides : what applications depend on in the place of something else.
    """

    def __init__(self, overrides: Mapping[Callable[..., Any], Callable[..., Any]]) -> None:
        self._overrides = overrides
        self._first: FastAPI | None = None

    def app_of(self, service: Service) -> FastAPI:
        """An application on a service, with the routes of the first one and their description."""
        app = create_app(service)
        if self._first is None:
            app.dependency_overrides.update(self._overrides)
            self._first = app
        else:
            app.router.routes = self._first.router.routes
            app.openapi = self._first.openapi  # type: ignore[method-assign]
        return app
