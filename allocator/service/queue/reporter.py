"""What a child reports, on its way into the run: a few times a second, and nothing new is lost."""

import threading
import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import update

from allocator.jobs.task import CELLS
from allocator.service.queue.events import News, add_news
from allocator.service.queue.leases import UNREACHABLE, Lease, write_held
from allocator.service.root import Service
from allocator.store.tables import Run

SHORTEST_SECONDS = 0.25
MOST_WAITING = 1000
SECONDS = "seconds"


class Reporter:
    """Writes progress of a run; safe for several threads.

    News that say the same as those before, but for the time, change the run's progress and make no
    event. The placement is kept as the run's incumbent and shown to nobody.
    """

    def __init__(self, service: Service, lease: Lease) -> None:
        self.service = service
        self.lease = lease
        self._lock = threading.Lock()
        self._events: list[dict[str, Any]] = []
        self._latest: dict[str, Any] | None = None
        self._told: dict[str, Any] = {}
        self._incumbent: dict[str, Any] | None = None
        self._due = 0.0

    def note(self, progress: Mapping[str, Any]) -> None:
        """Take news from the child and write them unless some were written just now.

        Raises
        ------
        LeaseLostError
            If somebody else has the run.
        """
        news = {name: value for name, value in progress.items() if name != CELLS}
        said = {name: value for name, value in news.items() if name != SECONDS}
        with self._lock:
            self._latest = news
            if CELLS in progress:
                self._incumbent = dict(progress)
            if said != self._told and len(self._events) < MOST_WAITING:
                self._told = said
                self._events.append(news)
        if time.monotonic() >= self._due:
            self.flush()

    def flush(self) -> None:
        """Write what has not been written; it waits on when the database does not answer.

        Raises
        ------
        LeaseLostError
            If somebody else has the run.
        """
        with self._lock:
            if self._latest is None:
                return
            self._due = time.monotonic() + SHORTEST_SECONDS
            try:
                self._write(self._latest)
            except UNREACHABLE:
                return
            self._events, self._latest, self._incumbent = [], None, None

    def _write(self, latest: Mapping[str, Any]) -> None:
        values: dict[str, Any] = {"progress": dict(latest)}
        if self._incumbent is not None:
            values["incumbent"] = self._incumbent
        with self.service.database.write() as session:
            write_held(session, self.lease, update(Run).values(**values))
            entries = [(News.PROGRESS, event) for event in self._events]
            add_news(session, self.lease.run_id, self.service.clock(), entries)
