"""What makes a plan, as the doors see it: a port, so that a test can put a fake behind a door."""

from dataclasses import dataclass
from typing import Protocol

from allocator.jobs.request import PlanRequest
from allocator.model.judgement import Judgement
from allocator.model.plan import Plan
from allocator.model.scenario import Scenario
from allocator.solver.options import Observer


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with the judgement that it was checked against."""

    plan: Plan
    judgement: Judgement


class Planner(Protocol):
    """Port: whatever makes a judged plan of a scenario."""

    def __call__(
        self, scenario: Scenario, request: PlanRequest, observer: Observer | None = None
    ) -> Planned:
        """Plan the scenario; told of progress and asked whether to stop through `observer`."""
