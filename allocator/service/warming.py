"""Scenarios made ready before somebody asks: those newest at the start, and each new version.

The first urgent placement on a version reads the prison and judges it, which takes half a second in
one of a thousand people. Nobody reads anything here: no answer leaves, so nothing is noted.
"""

import logging
import threading
from collections.abc import Callable

from sqlalchemy import select

from allocator.jobs.place import Placer
from allocator.jobs.task import read_source
from allocator.service.desk import Desk
from allocator.service.root import Service
from allocator.store.tables import ScenarioLine, ScenarioVersion

LOG = logging.getLogger("allocator.warming")
QUIET_SECONDS = 2.0  # so that a server takes requests before it makes ready for them
LOOK_SECONDS = 1.0


class Warmer:
    """A thread that makes the newest versions ready, whichever server they came in by."""

    def __init__(self, service: Service, desk: Desk) -> None:
        self._service, self._desk = service, desk
        self._known: frozenset[str] = frozenset()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="warmer", daemon=True)

    def start(self) -> None:
        """Begin, and return at once."""
        self._thread.start()

    def stop(self) -> None:
        """End after the scenario that is being made ready."""
        self._stop.set()
        self._thread.join()

    def look(self) -> int:
        """Make ready what has become the newest since the last look; how many those were."""
        newest = self._newest()
        fresh = [key for content, key in newest.items() if content not in self._known]
        self._known = frozenset(newest)
        for scenario_id, number in fresh:
            if self._stop.is_set():
                break
            self._carefully(self._make_ready, scenario_id, number)
        return len(fresh)

    def _newest(self) -> dict[str, tuple[str, int]]:
        """Scenario and number by content of the newest versions, as many as the desk keeps."""
        is_head = (ScenarioLine.scenario_id == ScenarioVersion.scenario_id) & (
            ScenarioLine.head == ScenarioVersion.number
        )
        rows = (
            select(
                ScenarioVersion.content_hash, ScenarioVersion.scenario_id, ScenarioVersion.number
            )
            .join(ScenarioLine, is_head)
            .where(ScenarioVersion.document.is_not(None))
            .order_by(ScenarioVersion.made_at.desc(), ScenarioVersion.scenario_id)
            .limit(self._desk.placers.most)
        )
        with self._service.database.read() as session:
            return {
                row.content_hash: (row.scenario_id, row.number) for row in session.execute(rows)
            }

    def _make_ready(self, scenario_id: str, number: int) -> None:
        """As the first placement of somebody would, whom nobody is told of."""
        with self._service.database.read() as session:
            version = session.get_one(ScenarioVersion, (scenario_id, number))
            content, document = version.content_hash, version.document
        if document is None:
            return
        placer = self._desk.placers.get(content, lambda: Placer(read_source(document)))
        for person in placer.scenario.people[:1]:
            placer.check(placer.place(person.person_id))

    def _work(self) -> None:
        self._stop.wait(QUIET_SECONDS)
        while not self._stop.is_set():
            self._carefully(self.look)
            self._stop.wait(LOOK_SECONDS)

    @staticmethod
    def _carefully(do: Callable[..., object], *given: object) -> None:
        try:
            do(*given)
        except Exception as error:  # noqa: BLE001 - whoever asks gets the error itself
            LOG.error("not made ready: %s", type(error).__name__)  # noqa: TRY400
