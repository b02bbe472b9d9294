"""Runs of tiny scenarios for tests, and what workers make of them."""

from collections.abc import Mapping
from typing import Any

from allocator.jobs.task import PlanTask
from allocator.service import scenarios
from allocator.service.access.roles import Role
from allocator.service.queue import runs
from allocator.service.queue.kinds import task_of
from allocator.service.queue.options import RunKind
from allocator.service.queue.reading import RunView
from allocator.service.root import Service
from allocator.service.scenarios import Version
from tests.jobs.tasks import Die
from tests.scenario_documents import document
from tests.service.conftest import caller
from tests.service.tasks import Quick, Slow, planned

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


def source_of(service: Service, run_id: str) -> Mapping[str, Any]:
    """The scenario document of a run's own task."""
    task = task_of(service, run_id)
    assert isinstance(task, PlanTask)
    assert isinstance(task.source, Mapping)
    return task.source


def result_of(service: Service, run_id: str) -> dict[str, Any]:
    """What a worker would get for a run."""
    return planned(source_of(service, run_id))


def quick(service: Service, run_id: str) -> Quick:
    return Quick(source_of(service, run_id))


def slow(service: Service, run_id: str) -> Slow:
    return Slow(source_of(service, run_id))


def deaf(service: Service, run_id: str) -> Slow:
    return Slow(source_of(service, run_id), is_deaf=True)


def dying(_service: Service, _run_id: str) -> Die:
    return Die("signal")
