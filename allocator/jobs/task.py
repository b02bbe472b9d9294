"""The task of planning one scenario. Light to import: the child alone loads the solver."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allocator.explain.readers import Reader
from allocator.jobs.child import ChildObserver
from allocator.jobs.request import NO_OVERRIDES, Overrides, PlanRequest

if TYPE_CHECKING:
    from allocator.jobs.ports import Planned, Planner
    from allocator.model.plan import Plan
    from allocator.model.scenario import Scenario
    from allocator.solver.options import Observer, Progress


PLACEMENT_SECONDS = 1.0
CELLS = "cells"


@dataclass(frozen=True, slots=True)
class PlanTask:
    """Read, plan, write.

    Parameters
    ----------
    source : folder or file of the scenario, or its document.
    folder : where the results go; None writes nothing.
    returns_documents : the result has the plan too, and its report for each audience.
    last_plan : the plan that this one revises, None for none.
    start : the plan that the search sets out from, None for the present placement; not with
        `last_plan`, whose places are kept where they can be.
    reader : who reads the summary, the report and the lists; the plan itself has everything.
    planner : what makes the plan, None for the real one; a module-level function, because a
        child imports it by name.
    tells_placements : progress carries the best placement so far now and then, under `cells`.
    resumed : such a placement of the same scenario, from which to go on; None for none.
    """

    source: Path | Mapping[str, Any]
    request: PlanRequest
    overrides: Overrides = NO_OVERRIDES
    folder: Path | None = None
    returns_documents: bool = False
    last_plan: "Plan | None" = None
    planner: "Planner | None" = None
    start: "Plan | None" = None
    reader: Reader = Reader.OFFICER
    tells_placements: bool = False
    resumed: tuple[int, ...] | None = None

    def run(self, observer: ChildObserver) -> dict[str, Any]:
        """Plan the scenario; the result has `summary`, and `plan` and `reports` where asked."""
        from allocator.jobs.summary import summary_document

        seconds = PLACEMENT_SECONDS if self.tells_placements else None
        scenario, planned = self._plan(ProgressDocuments(observer, seconds))
        files = self._write(scenario, planned)
        documents = {}
        if self.returns_documents:
            from allocator.jobs.results import plan_documents

            documents = plan_documents(scenario, planned)
        return {"summary": summary_document(scenario, planned, files, self.reader), **documents}

    def _plan(self, observer: "Observer") -> "tuple[Scenario, Planned]":
        """The scenario, with the last plan's places where there is one, and its plan."""
        scenario = read_source(self.source, self.overrides)
        resumed = None if self.resumed is None else places_of(scenario, self.resumed)
        if self.last_plan is None:
            if self.planner is not None:
                return scenario, self.planner(scenario, self.request, observer)
            from allocator.jobs.plan import make_judged_plan

            planned = make_judged_plan(
                scenario, self.request, observer, start=self.start, resumed=resumed
            )
            return scenario, planned
        from allocator.jobs.replan import replan
        from allocator.prepare.last_plan import with_last_plan

        planned = replan(scenario, self.last_plan, self.request, observer, self.planner, resumed)
        return with_last_plan(scenario, self.last_plan), planned

    def _write(self, scenario: "Scenario", planned: "Planned") -> tuple[Path, ...]:
        if self.folder is None or not planned.plan.verified:
            return ()
        from allocator.jobs.results import write_results

        return write_results(scenario, planned, self.folder, self.reader)


def real_planner() -> "Planner":
    """The planner that solves; importing it takes seconds."""
    from allocator.jobs.plan import make_judged_plan

    return make_judged_plan


def read_source(source: Path | Mapping[str, Any], overrides: Overrides | None = None) -> "Scenario":
    """The scenario of a path or of a document."""
    from allocator.prepare.read import read_scenario, read_scenario_document

    chosen = (overrides or NO_OVERRIDES).of_scenario()
    if isinstance(source, Path):
        return read_scenario(source, chosen)
    return read_scenario_document(source, chosen)


def places_of(scenario: "Scenario", cells: Sequence[int]) -> dict[str, str | None]:
    """Cell by person of a placement that progress carried: positions in the scenario's order."""
    known = scenario.estate.cells
    return {
        person.person_id: None if cell < 0 else known[cell].cell_id
        for person, cell in zip(scenario.people, cells, strict=True)
    }


class ProgressDocuments:
    """A solver's observer that passes progress on as plain documents.

    Parameters
    ----------
    placement_seconds : shortest time between two documents that carry the placement, as `cells`:
        for each person of the scenario, in its order, the position of their cell, -1 for none.
        None: no document does.
    """

    def __init__(self, observer: ChildObserver, placement_seconds: float | None = None) -> None:
        self.observer = observer
        self.placement_seconds = placement_seconds
        self._due = 0.0
        self._cells: list[int] = []

    def on_progress(self, progress: "Progress") -> None:
        """Pass the news on."""
        self.observer.on_progress(
            {
                "seconds": round(progress.seconds, 3),
                "stage": progress.stage,
                "tier": progress.tier.value,
                "values": [int(value) for value in progress.values],
                "bound": None if progress.bound is None else int(progress.bound),
                **self._placement(progress),
            }
        )

    def _placement(self, progress: "Progress") -> dict[str, list[int]]:
        """The placement where it is another one than was told last, and enough time has passed."""
        now = time.monotonic()
        if self.placement_seconds is None or progress.placement is None or now < self._due:
            return {}
        self._due = now + self.placement_seconds
        cells = progress.placement.tolist()
        if cells == self._cells:
            return {}
        self._cells = cells
        return {CELLS: cells}

    def should_stop(self) -> bool:
        """True when the parent wants the best plan so far."""
        return self.observer.should_stop()
