"""A worker: takes runs from the queue, a few at a time, until it is told to stop."""

import logging
import os
import socket
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.exc import SQLAlchemyError

from allocator.service.queue.attempt import MakeTask, attempt
from allocator.service.queue.kinds import task_of
from allocator.service.queue.leases import claim
from allocator.service.queue.lost import return_lost
from allocator.service.root import Service
from allocator.store.tables import Worker as WorkerRow

LOG = logging.getLogger("allocator.queue")
IDLE_SECONDS = 0.25
BEATS = 3  # in the time of one lease
FORGOTTEN_AFTER = timedelta(hours=1)


class Worker:
    """Works on runs in child processes; the embedded worker of a server and `allocator worker`.

    Parameters
    ----------
    slots : runs at a time, at least 1.
    make_task : what a run is, for tests with tasks of their own.
    """

    def __init__(self, service: Service, slots: int = 1, make_task: MakeTask = task_of) -> None:
        self.worker_id = uuid.uuid4().hex
        self._service = service
        self._slots = slots
        self._make_task = make_task
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Work in threads of this process until `stop`."""
        self._thread = threading.Thread(
            target=self.run_until, args=(self._stop,), name="worker", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Take no more runs; hand back what does not end within the grace period, then return."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def is_alive(self) -> bool:
        """True while `start` has threads that take runs."""
        return self._thread is not None and self._thread.is_alive()

    def run_until(self, stop: threading.Event) -> None:
        """Take runs until `stop` is set; return when every slot has ended."""
        slots = [
            threading.Thread(target=self._work, args=(stop,), name=f"slot-{number}", daemon=True)
            for number in range(self._slots)
        ]
        self._carefully(self._beat)
        for slot in slots:
            slot.start()
        while not stop.wait(self._service.settings.lease_seconds / BEATS):
            self._carefully(self._beat)
            self._carefully(lambda: return_lost(self._service))
        for slot in slots:
            slot.join()
        self._carefully(self._leave)

    def _work(self, stop: threading.Event) -> None:
        while not stop.is_set():
            if not self._carefully(lambda: self._take(stop)):
                stop.wait(IDLE_SECONDS)

    def _take(self, stop: threading.Event) -> bool:
        """Work on a run; False where none waits."""
        lease = claim(self._service, self.worker_id)
        if lease is None:
            return False
        attempt(self._service, lease, self._make_task, stop)
        return True

    def _carefully(self, do: Callable[[], Any]) -> Any:
        """What it gives, None where the database does not answer: a worker waits for it."""
        try:
            return do()
        except SQLAlchemyError as error:
            LOG.error("the database does not answer: %s", type(error).__name__)  # noqa: TRY400
            return None

    def _beat(self) -> None:
        """Say that this worker lives, and forget those not heard of for long."""
        now = self._service.clock()
        with self._service.database.write() as session:
            session.execute(delete(WorkerRow).where(WorkerRow.seen_at < now - FORGOTTEN_AFTER))
            mine = update(WorkerRow).where(WorkerRow.worker_id == self.worker_id)
            found: CursorResult[Any] = session.execute(mine.values(seen_at=now))  # type: ignore[assignment]
            if found.rowcount == 0:
                session.add(
                    WorkerRow(
                        worker_id=self.worker_id,
                        host=socket.gethostname(),
                        pid=os.getpid(),
                        started_at=now,
                        seen_at=now,
                    )
                )

    def _leave(self) -> None:
        with self._service.database.write() as session:
            session.execute(delete(WorkerRow).where(WorkerRow.worker_id == self.worker_id))
