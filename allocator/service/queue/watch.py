"""Beside a child at work: the lease is renewed, and what somebody asks of the run is obeyed."""

import threading
import time
from enum import StrEnum
from typing import Self

from allocator.jobs.child import Control
from allocator.service.queue.endings import CANCEL, FINISH
from allocator.service.queue.leases import UNREACHABLE, Lease, LeaseLostError, asked_of, renew
from allocator.service.queue.reporter import Reporter
from allocator.service.root import Service

TICK_SECONDS = 0.25
RENEWALS = 3  # in the time of one lease
OVERTIME = 0.1  # of the time limit, to end with the best plan so far


class Cause(StrEnum):
    """Why a child was told to end without an answer."""

    CANCELLED = "cancelled"
    OUT_OF_TIME = "out_of_time"
    STOPPED = "stopped"
    LOST = "lost"


class Watch:
    """A thread beside one child; use as a context.

    `cause` is None for as long as the child may work on.
    """

    def __init__(
        self, service: Service, lease: Lease, reporter: Reporter, stop: threading.Event
    ) -> None:
        self.control = Control()
        self.cause: Cause | None = None
        self._service, self._lease, self._reporter, self._stop = service, lease, reporter, stop
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="run-watch", daemon=True)
        self._began = self._renewed = time.monotonic()
        self._stopped: float | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(TICK_SECONDS):
            try:
                self._look()
            except LeaseLostError:
                self._end(Cause.LOST)
            except UNREACHABLE:  # the database may come back before the lease runs out
                if time.monotonic() > self._renewed + self._service.settings.lease_seconds:
                    self._end(Cause.LOST)

    def _look(self) -> None:
        self._mind_the_time()
        asked = asked_of(self._service, self._lease)
        if asked == CANCEL:
            self._end(Cause.CANCELLED)
        elif asked == FINISH:
            self.control.finish_early.set()
        now = time.monotonic()
        if now >= self._renewed + self._service.settings.lease_seconds / RENEWALS:
            renew(self._service, self._lease)
            self._renewed = now
        self._reporter.flush()

    def _mind_the_time(self) -> None:
        settings, now = self._service.settings, time.monotonic()
        overtime = max(settings.grace_seconds, OVERTIME * settings.run_seconds)
        ends = self._began + settings.run_seconds
        if now >= ends:
            self.control.finish_early.set()
        if now >= ends + overtime:
            self._end(Cause.OUT_OF_TIME)
        if self._stop.is_set():
            self._stopped = self._stopped or now
            if now >= self._stopped + settings.grace_seconds:
                self._end(Cause.STOPPED)

    def _end(self, cause: Cause) -> None:
        """Have the child end; at once where another worker does the same work from then on."""
        self.cause = self.cause or cause
        if cause in {Cause.STOPPED, Cause.LOST}:
            self.control.kill.set()
        self.control.cancel.set()
