"""What people ask of the queue: a run, its early end, its cancelling."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from allocator.errors import ConfigError
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.audit.chain import Event
from allocator.service.errors import NotFoundError, QueueFullError, StateError
from allocator.service.queue.endings import CANCEL, FINISH, KIND, end
from allocator.service.queue.events import News, add_news
from allocator.service.queue.options import RunKind, read_options
from allocator.service.queue.reading import RunView, check_id, require_scope_of, view_of
from allocator.service.queue.states import RunState, is_final
from allocator.service.root import Change, Service
from allocator.service.scenarios import facilities_in, find_in
from allocator.service.tracing import current_trace
from allocator.store.tables import Run, StoredPlan

RETRY_SECONDS = 5
ENDS_EARLY = frozenset({RunKind.PLAN, RunKind.CURVE, RunKind.LOCKS})
REVISES = frozenset({RunKind.PLAN, RunKind.LOCKS})


@dataclass(frozen=True, slots=True)
class RunOrder:
    """What somebody wants computed.

    Parameters
    ----------
    version : of the scenario; None is the newest, or for an order of moves the plan's own.
    options : see `options.read_options`.
    from_plan_id : the plan that a new one revises, or whose revision is priced.
    plan_id : the plan whose moves are ordered.
    """

    kind: RunKind
    scenario_id: str
    version: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    from_plan_id: str | None = None
    plan_id: str | None = None


def submit(service: Service, caller: Caller, order: RunOrder) -> RunView:
    """Keep a run and queue it, in one transaction.

    Raises
    ------
    ConfigError
        If the options are not allowed, or a plan is missing or superfluous.
    NotFoundError
        If the scenario or a plan is not there, or out of scope.
    QueueFullError
        If as many runs wait as may wait; nothing is kept.
    """
    caller.require(Action.RUN)
    read_options(order.kind, order.options)
    check_id(order.scenario_id, "scenario")
    with service.change(caller) as change:
        plan = _plan_of(change.session, order)
        number = plan.version if plan and order.plan_id and order.version is None else order.version
        version = find_in(change.session, caller, order.scenario_id, number)
        version.require_document()
        _refuse_full(change.session, service.settings.queue_size)
        run = _run(order, version.number, caller, service.clock())
        change.session.add(run)
        change.session.flush()
        add_news(change.session, run.run_id, run.made_at, [(News.QUEUED, {})])
        detail = {"kind": str(order.kind), "version": version.number}
        change.note(Event(Action.RUN, KIND, run.run_id, version.facilities, detail=detail))
        return view_of(change.session, run.run_id)


def cancel(service: Service, caller: Caller, run_id: str) -> RunView:
    """End a run without a result: a waiting one at once, a running one as soon as its child ends.

    Raises
    ------
    StateError
        If it has ended.
    """
    caller.require(Action.CANCEL_RUN)
    with service.change(caller) as change:
        run = _changeable(change, caller, run_id)
        if run.state == RunState.QUEUED:
            end(service, change, run, RunState.CANCELLED)
        _ask(service, change, run, CANCEL)
        return view_of(change.session, run_id)


def finish_early(service: Service, caller: Caller, run_id: str) -> RunView:
    """Have a running run end with the best that it has found so far.

    Raises
    ------
    StateError
        If it is not running, is being cancelled, or is of a kind without a best so far.
    """
    caller.require(Action.CANCEL_RUN)
    with service.change(caller) as change:
        run = _changeable(change, caller, run_id)
        if run.kind not in ENDS_EARLY:
            raise StateError(f"A run of kind {run.kind} has no best so far. Wait, or cancel it.")
        if run.state != RunState.RUNNING or run.asked == CANCEL:
            raise StateError("Only a running run can end early. Wait for it, or cancel it.")
        _ask(service, change, run, FINISH)
        return view_of(change.session, run_id)


def _run(order: RunOrder, version: int, caller: Caller, now: datetime) -> Run:
    return Run(
        run_id=uuid.uuid4().hex,
        kind=order.kind,
        scenario_id=order.scenario_id,
        version=version,
        request={
            "options": dict(order.options),
            "from_plan_id": order.from_plan_id,
            "plan_id": order.plan_id,
        },
        state=RunState.QUEUED,
        progress={},
        made_at=now,
        made_by=caller.actor,
        trace_id=current_trace(),
    )


def _plan_of(session: Session, order: RunOrder) -> StoredPlan | None:
    """The plan that an order speaks of; it belongs to the scenario, whose scope is checked."""
    needs_plan = order.kind is RunKind.ORDER
    if (order.plan_id is not None) != needs_plan:
        raise ConfigError("Give plan_id for the order of a plan's moves, and for nothing else.")
    if order.from_plan_id is not None and order.kind not in REVISES:
        raise ConfigError("Only plans and prices of locks revise a plan; leave from_plan_id out.")
    plan_id = order.plan_id or order.from_plan_id
    if plan_id is None:
        return None
    plan = session.get(StoredPlan, check_id(plan_id, "plan"))
    if plan is None or plan.scenario_id != order.scenario_id:
        raise NotFoundError("There is no such plan of this scenario.")
    if plan.document is None:
        raise StateError("The data of this plan were deleted when their time was over.")
    return plan


def _refuse_full(session: Session, queue_size: int) -> None:
    waiting = select(func.count()).select_from(Run).where(Run.state == RunState.QUEUED)
    if (session.scalar(waiting) or 0) >= queue_size:
        raise QueueFullError("Too many runs are waiting; try again in a while.", RETRY_SECONDS)


def _changeable(change: Change, caller: Caller, run_id: str) -> Run:
    """A run in scope that has not ended, locked until the transaction ends."""
    require_scope_of(change.session, caller, run_id)
    run = change.session.get_one(Run, run_id, with_for_update=True)
    if is_final(RunState(run.state)):
        raise StateError(f"The run is {run.state}; nothing about it can change.")
    return run


def _ask(service: Service, change: Change, run: Run, what: str) -> None:
    run.asked = what
    facilities = facilities_in(change.session, run.scenario_id)
    change.note(Event(Action.CANCEL_RUN, KIND, run.run_id, facilities, detail={"asked": what}))
    if not is_final(RunState(run.state)):
        add_news(change.session, run.run_id, service.clock(), [(News.ASKED, {"asked": what})])
    change.session.flush()
