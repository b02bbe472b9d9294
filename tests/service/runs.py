"""Scenarios with runs, and tasks of a test's own for workers; a child imports them by name."""

import os
import signal
import time
from dataclasses import dataclass
from typing import Any

from allocator.jobs.child import ChildObserver
from allocator.jobs.request import PlanRequest
from allocator.jobs.task import CELLS, PlanTask
from allocator.service import scenarios
from allocator.service.access.roles import Role
from allocator.service.queue import runs
from allocator.service.queue.kinds import task_of
from allocator.service.queue.options import RunKind
from allocator.service.queue.reading import RunView
from allocator.service.root import Service
from allocator.service.scenarios import Version
from tests.jobs import fakes
from tests.scenario_documents import document
from tests.service.conftest import caller

PLANNER = caller(Role.PLANNER)
QUICK = {"effort": "quick", "workers": 1}


def upload(service: Service) -> Version:
    return scenarios.upload(service, PLANNER, document())


def submit(service: Service, version: Version | None = None, **order: Any) -> RunView:
    """A run of a plan on a tiny scenario."""
    known = version or upload(service)
    kind = order.pop("kind", RunKind.PLAN)
    wanted = runs.RunOrder(kind, known.scenario_id, **order)
    return runs.submit(service, PLANNER, wanted)


def news(step: int, **more: Any) -> dict[str, Any]:
    values = [0, 0, 1000 - step]
    return {"seconds": step, "stage": "search", "tier": "exposure", "values": values, **more}


@dataclass(frozen=True)
class Quick:
    """Reports an incumbent, works for a moment, then plans without a solver."""

    plan: PlanTask
    seconds: float = 0.0

    def run(self, observer: ChildObserver) -> dict[str, Any]:
        observer.on_progress(news(1, bound=5, **{CELLS: [1, 0]}))
        time.sleep(self.seconds)
        return self.plan.run(observer)


@dataclass(frozen=True)
class Slow:
    """Reports until it is told to stop; a deaf one never listens."""

    plan: PlanTask
    is_deaf: bool = False

    def run(self, observer: ChildObserver) -> dict[str, Any]:
        step = 0
        while self.is_deaf or not observer.should_stop():
            step += 1
            observer.on_progress(news(step, bound=5, pid=os.getpid(), **{CELLS: [1, 0]}))
            time.sleep(0.02)
        return self.plan.run(observer)


@dataclass(frozen=True)
class KillParent:
    """Kills the worker that started it."""

    def run(self, _observer: ChildObserver) -> None:
        os.kill(os.getppid(), signal.SIGKILL)


def fake_plan(service: Service, run_id: str) -> PlanTask:
    """The run's own task with a planner that solves nothing."""
    task = task_of(service, run_id)
    assert isinstance(task, PlanTask)
    return PlanTask(
        task.source,
        PlanRequest("quick"),
        returns_documents=True,
        last_plan=task.last_plan,
        planner=fakes.first_fit,
        tells_placements=True,
        start=task.start,
    )


def quick(service: Service, run_id: str) -> Quick:
    return Quick(fake_plan(service, run_id))


def slow(service: Service, run_id: str) -> Slow:
    return Slow(fake_plan(service, run_id))


def deaf(service: Service, run_id: str) -> Slow:
    return Slow(fake_plan(service, run_id), is_deaf=True)
