"""What a server does by itself beside the requests: plans expire, old data lose ids or go."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from allocator.service.access.caller import system_caller
from allocator.service.operations.retention import RETENTION, apply_retention
from allocator.service.root import Service
from allocator.service.workflow.expiry import expire_due
from allocator.service.workflow.overdue import keep_time
from allocator.store.tables import AuditEntry

LOG = logging.getLogger("allocator.housekeeping")
PAUSE_SECONDS = 30.0
RETENTION_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to do again and again; `do` looks for itself whether anything is due."""

    name: str
    do: Callable[[Service], object]


def keep_retention(service: Service) -> None:
    """Apply retention where nobody has within the last day, whichever server it was."""
    with service.database.read() as session:
        last: datetime | None = session.scalar(
            select(func.max(AuditEntry.at)).where(AuditEntry.action == RETENTION)
        )
    if last is None or service.clock() - last >= RETENTION_EVERY:
        apply_retention(service, system_caller("retention"))


DUTIES = (
    Duty("expiry", expire_due),
    Duty("execution time", keep_time),
    Duty("retention", keep_retention),
)


class Housekeeper:
    """A thread that does its duties every half minute; one that fails is tried again."""

    def __init__(self, service: Service, duties: tuple[Duty, ...]) -> None:
        self.service = service
        self.duties = duties
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="housekeeper", daemon=True)

    def start(self) -> None:
        """Begin, and return at once."""
        self._thread.start()

    def stop(self) -> None:
        """End after the duty that is being done."""
        self._stop.set()
        self._thread.join()

    def do_all(self) -> None:
        """Every duty once."""
        for duty in self.duties:
            try:
                duty.do(self.service)
            except Exception as error:  # noqa: BLE001 - the next time it may go well
                LOG.error(  # noqa: TRY400 - a traceback might quote a person
                    "duty failed", extra={"duty": duty.name, "kind": type(error).__name__}
                )

    def _work(self) -> None:
        while not self._stop.is_set():
            self.do_all()
            self._stop.wait(PAUSE_SECONDS)
