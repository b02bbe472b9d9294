"""The server around the application: what follows a run ends as soon as the server is to end."""

import contextlib
from types import FrameType

import uvicorn
from fastapi import FastAPI

from allocator.errors import InternalError
from allocator.service.settings import Settings

SHUTDOWN_SECONDS = 5


def serve_until_stopped(app: FastAPI, settings: Settings) -> None:
    """Answer requests until Ctrl-C or SIGTERM, then those that have begun.

    Raises
    ------
    InternalError
        If the server does not start.
    """
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    server = _Server(config)
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        raise InternalError("The service did not start; its log says why.")


class _Server(uvicorn.Server):
    """Tells the application at once that it is to end; uvicorn itself waits for open answers."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take a signal."""
        self.config.app.state.ending.set()  # type: ignore[union-attr]
        super().handle_exit(sig, frame)
