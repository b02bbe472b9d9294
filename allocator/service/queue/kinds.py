"""From a stored run to the task that a child process carries out; documents only, no paths."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from allocator.explain.readers import Reader
from allocator.jobs.child import Task
from allocator.jobs.compare import PolicyTask
from allocator.jobs.curve import PointTask
from allocator.jobs.lock_task import LockCostTask
from allocator.jobs.run_tasks import CompareTask, ConflictTask, CurveTask, OrderTask
from allocator.jobs.task import CELLS, PlanTask
from allocator.service.errors import StateError
from allocator.service.queue.options import RunKind, RunOptions, read_options
from allocator.service.root import Service
from allocator.store.tables import Run, ScenarioVersion, StoredPlan

if TYPE_CHECKING:
    from allocator.model.plan import Plan

DELETED = "The data of this run were deleted when their time was over."


def task_of(service: Service, run_id: str) -> Task:
    """The task of a run, from its last incumbent where there is one.

    Raises
    ------
    StateError
        If retention has deleted what it needs.
    """
    with service.database.read() as session:
        run = session.get_one(Run, run_id)
        version = session.get_one(ScenarioVersion, (run.scenario_id, run.version))
        if version.document is None:
            raise StateError(DELETED)
        plan = _plan_of(session, run.request.get("plan_id") or run.request.get("from_plan_id"))
        return _task(run, version.document, plan)


def _task(run: Run, document: Mapping[str, Any], plan: "Plan | None") -> Task:
    kind = RunKind(run.kind)
    options = read_options(kind, run.request["options"])
    match kind:
        case RunKind.PLAN:
            return _plan_task(run, document, plan, options)
        case RunKind.CURVE:
            point = PointTask(document, None, options.request, options.overrides)
            return CurveTask(point, options.moves)
        case RunKind.CONFLICT:
            return ConflictTask(document, options.overrides)
        case RunKind.ORDER:
            if plan is None:
                raise StateError(DELETED)
            return OrderTask(document, plan)
        case RunKind.COMPARE:
            return _compare_task(document, options)
        case RunKind.LOCKS:
            return LockCostTask(document, options.request, options.overrides, plan)


def _plan_task(
    run: Run, document: Mapping[str, Any], last_plan: "Plan | None", options: RunOptions
) -> PlanTask:
    return PlanTask(
        document,
        options.request,
        options.overrides,
        returns_documents=True,
        reader=Reader.WHOLE,
        last_plan=last_plan,
        tells_placements=True,
        resumed=None if run.incumbent is None else tuple(run.incumbent[CELLS]),
    )


def _compare_task(document: Mapping[str, Any], options: RunOptions) -> CompareTask:
    return CompareTask(
        tuple(
            PolicyTask(document, name, options.weight_sets, options.request, options.overrides)
            for name in options.policies
        )
    )


def _plan_of(session: Session, plan_id: str | None) -> "Plan | None":
    if plan_id is None:
        return None
    from allocator.prepare.plan_document import read_plan

    document = session.get_one(StoredPlan, plan_id).document
    if document is None:
        raise StateError(DELETED)
    return read_plan(document)
