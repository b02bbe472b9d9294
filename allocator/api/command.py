"""`allocator serve`: the command of this door."""

import socket
from typing import TYPE_CHECKING, Annotated

import typer

from allocator.errors import ConfigError
from allocator.jobs import options
from allocator.jobs.exits import EPILOG

if TYPE_CHECKING:
    from allocator.service.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve", epilog=EPILOG)(serve)


def serve(
    host: Annotated[
        str | None,
        typer.Option("--host", help="Address to listen on; in development the loopback one."),
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, help="Port; 8000 by default.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", min=0, max=64, help="Embedded workers; 0 where `allocator worker` works."
        ),
    ] = None,
    data_folder: options.DataOption = None,
) -> None:
    """Serve the HTTP interface and the pages; other settings are ALLOCATOR_… variables."""
    from allocator.service.settings import read_settings

    settings = read_settings(
        host=host, port=port, embedded_workers=workers, data_folder=data_folder
    )
    _refuse_busy_port(settings.host, settings.port)
    _run(settings)


def _run(settings: "Settings") -> None:
    from allocator.api.app import Background, create_app
    from allocator.api.server import serve_until_stopped
    from allocator.service.desk import Desk
    from allocator.service.operations.housekeeping import DUTIES, Housekeeper
    from allocator.service.operations.logs import configure_logs
    from allocator.service.queue.worker import Worker
    from allocator.service.root import open_service
    from allocator.service.warming import Warmer

    service = open_service(settings)
    slots = settings.embedded_workers
    configure_logs(settings.log_level)
    desk = Desk()
    background: list[Background] = [Housekeeper(service, DUTIES), Warmer(service, desk)]
    if slots:
        background.append(Worker(service, slots))
    typer.echo(f"http://{settings.host}:{settings.port}/ (Ctrl-C to stop)", err=True)
    serve_until_stopped(create_app(service, background, desk), settings)


def _refuse_busy_port(host: str, port: int) -> None:
    """Say it in our words and with our exit code; the server's own means something else here."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise ConfigError(
            f"The service cannot listen on {host} port {port}: {error.strerror}. "
            "Give another --port."
        ) from error
