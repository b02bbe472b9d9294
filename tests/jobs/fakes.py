"""Fake planners, beside their port `allocator.jobs.ports.Planner`; a child imports them by name."""

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

from allocator.errors import InternalError
from allocator.jobs.ports import Planned
from allocator.jobs.request import PlanRequest
from allocator.jobs.task import real_planner
from allocator.model.plan import Verdict
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import Tier
from allocator.solver.options import Observer, Progress

NEWS = Progress(0.5, "search", Tier.EXPOSURE, (0, 0, 3), 2)


def out_of_time(
    scenario: Scenario, request: PlanRequest, observer: Observer | None = None
) -> Planned:
    """Ends without a plan, as the real planner does when the solver found nothing."""
    planned = real_planner()(scenario, request, observer)
    empty = replace(
        planned.plan,
        verdict=Verdict.OUT_OF_TIME,
        placements=(),
        tiers=(),
        derogations=(),
        verified=False,
    )
    return Planned(empty, planned.judgement)


def broken(scenario: Scenario, request: PlanRequest, observer: Observer | None = None) -> Planned:
    """Fails as a plan that the judge refuses does."""
    del scenario, request, observer
    raise InternalError("The plan failed its own verification.", "judge 3, solver 5")


def crashing(scenario: Scenario, request: PlanRequest, observer: Observer | None = None) -> Planned:
    """Meets a fault of the program whose text quotes a person."""
    del request, observer
    raise KeyError(scenario.people[0].person_id)


def _say_that_it_works() -> None:
    """Tell a test that started this program from outside that the solve is on."""
    marker = os.environ.get("ALLOCATOR_TEST_MARKER")
    if marker:
        Path(marker).touch()


def waiting(scenario: Scenario, request: PlanRequest, observer: Observer | None = None) -> Planned:
    """Works until it is asked to stop, then gives the best plan so far."""
    assert observer is not None
    _say_that_it_works()
    while not observer.should_stop():
        observer.on_progress(NEWS)
        time.sleep(0.02)
    return real_planner()(scenario, request, observer)


def deaf(scenario: Scenario, request: PlanRequest, observer: Observer | None = None) -> Planned:
    """Never ends."""
    del scenario, request
    assert observer is not None
    _say_that_it_works()
    while True:
        observer.on_progress(NEWS)
        time.sleep(0.02)


def dying(scenario: Scenario, request: PlanRequest, observer: Observer | None = None) -> Planned:
    """Is killed, as by the system when memory runs out."""
    del scenario, request, observer
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def instant(scenario: Scenario, request: PlanRequest, observer: Observer | None = None) -> Planned:
    """Places nobody and says so, without a search: an answer of the right shape at once."""
    return out_of_time(scenario, request, observer)
