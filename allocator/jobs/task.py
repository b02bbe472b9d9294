"""The task of planning one scenario. Light to import: the child alone loads the solver."""

import tempfile
from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class PlanTask:
    """Read, plan, write.

    Parameters
    ----------
    source : folder or file of the scenario, or its document.
    folder : where the results go; None writes nothing.
    returns_documents : the result has the plan and the report too.
    last_plan : the plan that this one revises, None for none.
    start : the plan that the search sets out from, None for the present placement; not with
        `last_plan`, whose places are kept where they can be.
    reader : who reads the summary, the report and the lists; the plan itself has everything.
    planner : what makes the plan, None for the real one; a module-level function, because a
        child imports it by name.
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

    def run(self, observer: ChildObserver) -> dict[str, Any]:
        """Plan the scenario; the result has `summary`, and `plan` and `report` where asked."""
        from allocator.jobs.summary import summary_document

        scenario, planned = self._plan(ProgressDocuments(observer))
        files = self._write(scenario, planned)
        documents = self._documents(scenario, planned) if self.returns_documents else {}
        return {"summary": summary_document(scenario, planned, files, self.reader), **documents}

    def _plan(self, observer: "Observer") -> "tuple[Scenario, Planned]":
        """The scenario, with the last plan's places where there is one, and its plan."""
        scenario = read_source(self.source, self.overrides)
        if self.start is not None:
            from allocator.jobs.plan import make_judged_plan

            return scenario, make_judged_plan(scenario, self.request, observer, start=self.start)
        if self.last_plan is None:
            planner = self.planner or real_planner()
            return scenario, planner(scenario, self.request, observer)
        from allocator.jobs.replan import replan
        from allocator.prepare.last_plan import with_last_plan

        planned = replan(scenario, self.last_plan, self.request, observer, self.planner)
        return with_last_plan(scenario, self.last_plan), planned

    def _write(self, scenario: "Scenario", planned: "Planned") -> tuple[Path, ...]:
        if self.folder is None or not planned.plan.verified:
            return ()
        from allocator.jobs.results import write_results

        return write_results(scenario, planned, self.folder, self.reader)

    def _documents(self, scenario: "Scenario", planned: "Planned") -> dict[str, Any]:
        if not planned.plan.verified:
            return {"plan": None, "report": None}
        from allocator.jobs.results import write_results
        from allocator.prepare.plan_document import plan_document

        with tempfile.TemporaryDirectory() as folder:
            write_results(scenario, planned, Path(folder) / "out", self.reader)
            report = (Path(folder) / "out" / "report.html").read_text("utf-8")
        return {"plan": plan_document(planned.plan), "report": report}


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


class ProgressDocuments:
    """A solver's observer that passes progress on as plain documents."""

    def __init__(self, observer: ChildObserver) -> None:
        self.observer = observer

    def on_progress(self, progress: "Progress") -> None:
        """Pass the news on."""
        self.observer.on_progress(
            {
                "seconds": round(progress.seconds, 3),
                "stage": progress.stage,
                "tier": progress.tier.value,
                "values": [int(value) for value in progress.values],
                "bound": None if progress.bound is None else int(progress.bound),
            }
        )

    def should_stop(self) -> bool:
        """True when the parent wants the best plan so far."""
        return self.observer.should_stop()
