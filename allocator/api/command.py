"""`allocator serve`: the command of this door."""

import socket
from typing import Annotated

import typer

from allocator.errors import ConfigError
from allocator.jobs.child import MEBIBYTE
from allocator.jobs.exits import EPILOG


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve", epilog=EPILOG)(serve)


def serve(
    host: Annotated[
        str, typer.Option("--host", help="A loopback address; others are refused.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port.")] = 8000,
    slots: Annotated[int, typer.Option("--slots", min=1, help="Solves at a time.")] = 1,
    memory_limit: Annotated[
        int | None,
        typer.Option("--memory-limit", metavar="MIB", min=512, help="Address space of a solve."),
    ] = None,
) -> None:
    """Serve the HTTP interface on this machine only."""
    import uvicorn

    from allocator.api.app import create_app
    from allocator.api.settings import ApiSettings

    memory_bytes = None if memory_limit is None else memory_limit * MEBIBYTE
    settings = ApiSettings(host, port, slots, memory_bytes=memory_bytes)
    _refuse_busy_port(host, port)
    typer.echo(f"http://{settings.host}:{settings.port}/ (Ctrl-C to stop)", err=True)
    uvicorn.run(create_app(settings), host=host, port=port, log_level="info", server_header=False)


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
