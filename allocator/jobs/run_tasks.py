"""Tasks of every kind of run but a plan, made from documents. Light: the child loads the solver."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allocator.errors import JobError
from allocator.explain.audiences import audiences
from allocator.jobs.child import ChildObserver
from allocator.jobs.compare import PolicyTask, comparison_document
from allocator.jobs.curve import Point, PointTask
from allocator.jobs.curve_walk import Walk
from allocator.jobs.request import Overrides

if TYPE_CHECKING:
    from allocator.model.plan import Plan


@dataclass(frozen=True, slots=True)
class ConflictTask:
    """Why not everybody can be placed."""

    source: Mapping[str, Any]
    overrides: Overrides

    def run(self, _observer: ChildObserver) -> dict[str, Any]:
        """The documents of `allocator conflict` by audience."""
        from allocator.explain.repair.answer import explain_why_not
        from allocator.jobs.conflict import MOST
        from allocator.jobs.conflict_document import conflict_document
        from allocator.jobs.task import read_source

        scenario = read_source(self.source, self.overrides)
        found = explain_why_not(scenario, MOST)
        return {
            audience: conflict_document(scenario, found, reader)
            for audience, reader in audiences(scenario).items()
        }


@dataclass(frozen=True, slots=True)
class OrderTask:
    """In which order the moves of a plan are carried out."""

    source: Mapping[str, Any]
    plan: "Plan"

    def run(self, _observer: ChildObserver) -> dict[str, Any]:
        """The documents of `allocator order` by audience."""
        from allocator.jobs.order import order_plan
        from allocator.jobs.order_document import order_document

        ordered = order_plan(self.source, self.plan)
        return {
            audience: order_document(ordered, reader)
            for audience, reader in audiences(ordered.scenario).items()
        }


@dataclass(frozen=True, slots=True)
class CompareTask:
    """Several policies on the same data; `tasks` has one for each.

    Raises
    ------
    JobError
        If it is asked to stop: a comparison with an unfinished plan would mislead.
    """

    tasks: tuple[PolicyTask, ...]

    def run(self, observer: ChildObserver) -> dict[str, Any]:
        """The document of `allocator compare`."""
        rows = [task.run(observer) for task in self.tasks]
        if observer.should_stop():
            raise JobError(
                "The comparison was not ended in its time, and one with an unfinished plan would "
                "mislead. Ask for less effort or fewer policies."
            )
        return comparison_document(rows)


@dataclass(frozen=True, slots=True)
class CurveTask:
    """Plans by the number of moves allowed.

    Parameters
    ----------
    task : the first point, without a limit. moves : numbers of moves, None for the usual ones.
    """

    task: PointTask
    moves: tuple[int, ...] | None

    def run(self, observer: ChildObserver) -> dict[str, Any]:
        """The document of `allocator curve`, with the different `plans` by their file names."""
        from allocator.jobs.curve_document import curve_document, nothing_found, plans_to_write
        from allocator.prepare.plan_document import plan_document

        def solve(task: PointTask, _about: str) -> tuple[Point | None, bool]:
            return task.run(observer), observer.should_stop()

        walk = Walk(self.task, solve).run(self.moves)
        if not walk.points:
            return {**nothing_found(interrupted=walk.interrupted), "plans": {}}
        document = curve_document(walk.points, walk.without_plan, interrupted=walk.interrupted)
        plans = plans_to_write(walk.points)
        documents = {name: plan_document(plan) for name, plan in plans.items()}
        return {**document, "plans": documents}
