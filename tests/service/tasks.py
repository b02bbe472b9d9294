"""Tasks of workers in tests; light, because each child imports them by name."""

import logging
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allocator.jobs.child import ChildObserver
from allocator.jobs.request import PlanRequest
from allocator.jobs.task import CELLS, read_source


def news(step: int, **more: Any) -> dict[str, Any]:
    values = [0, 0, 1000 - step]
    return {"seconds": step, "stage": "search", "tier": "exposure", "values": values, **more}


def planned(source: Mapping[str, Any]) -> dict[str, Any]:
    """What a task returns for a scenario, without solver and report: a plan that the judge saw."""
    from allocator.prepare.plan_document import plan_document
    from tests.jobs import fakes

    found = fakes.first_fit(read_source(source), PlanRequest("quick"))
    return {
        "summary": {"verified": True},
        "plan": plan_document(found.plan),
        "reports": {"officer": "<p>", "security": "<p>"},
    }


@dataclass(frozen=True)
class Quick:
    """Reports an incumbent, works for a moment, then plans without a solver."""

    source: Mapping[str, Any]
    seconds: float = 0.0

    def run(self, observer: ChildObserver) -> dict[str, Any]:
        observer.on_progress(news(1, bound=5, **{CELLS: [1, 0]}))
        time.sleep(self.seconds)
        return planned(self.source)


@dataclass(frozen=True)
class Talks:
    """Writes a line to the log from a thread of its own, as libraries do, then plans."""

    source: Mapping[str, Any]

    def run(self, _observer: ChildObserver) -> dict[str, Any]:
        said = threading.Thread(target=logging.getLogger("some.library").warning, args=("slow",))
        said.start()
        said.join()
        return planned(self.source)


@dataclass(frozen=True)
class Ready:
    """Reports an incumbent, works for a moment, and returns what was made before."""

    result: Mapping[str, Any]
    seconds: float

    def run(self, observer: ChildObserver) -> dict[str, Any]:
        observer.on_progress(news(1, bound=5, **{CELLS: [1, 0]}))
        time.sleep(self.seconds)
        return dict(self.result)


@dataclass(frozen=True)
class Slow:
    """Reports until it is told to stop; a deaf one never listens."""

    source: Mapping[str, Any]
    is_deaf: bool = False

    def run(self, observer: ChildObserver) -> dict[str, Any]:
        step = 0
        while self.is_deaf or not observer.should_stop():
            step += 1
            observer.on_progress(news(step, bound=5, pid=os.getpid(), **{CELLS: [1, 0]}))
            time.sleep(0.05)
        return planned(self.source)
