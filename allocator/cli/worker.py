"""`allocator worker`: takes runs from the queue until it is stopped."""

import signal
import threading
from typing import Annotated

import typer

from allocator.jobs import options
from allocator.jobs.exits import EPILOG


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("worker", epilog=EPILOG)(worker)


def worker(
    slots: Annotated[int, typer.Option("--slots", min=1, max=64, help="Runs at a time.")] = 1,
    data_folder: options.DataOption = None,
) -> None:
    """Work on the runs of the service; other settings are ALLOCATOR_… variables.

    Ctrl-C or SIGTERM: no more runs are taken; what does not end within the grace period goes back
    into the queue, and the next worker goes on from the best placement so far.
    """
    from allocator.service.operations.logs import configure_logs
    from allocator.service.queue.worker import Worker
    from allocator.service.root import open_service
    from allocator.service.settings import read_settings

    service = open_service(read_settings(data_folder=data_folder))
    configure_logs(service.settings.log_level)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    known = Worker(service, slots)
    typer.echo(f"worker {known.worker_id} takes runs, {slots} at a time", err=True)
    known.run_until(stop)
    service.database.close()
