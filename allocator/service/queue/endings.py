"""How work on a run ends: done with its plan, failed with a reason, cancelled, handed back.

Each is one transaction with its entry in the audit log, and only for who still has the run.
"""

from collections.abc import Callable, Mapping
from typing import Any

from allocator.explain.readers import CATALOGUE
from allocator.service.access.caller import system_caller
from allocator.service.access.masking import told_error
from allocator.service.audit.chain import Event
from allocator.service.plans import KIND as PLAN
from allocator.service.plans import draft_of_run, store_draft
from allocator.service.queue.events import News, add_news
from allocator.service.queue.leases import Lease, held
from allocator.service.queue.options import RunKind
from allocator.service.queue.states import RunState, check_transition
from allocator.service.root import Change, Service
from allocator.service.scenarios import facilities_in
from allocator.store.tables import Run

WORKER = system_caller("worker")
KIND = "run"
CANCEL, FINISH = "cancel", "finish"
NOTHING_FOUND = {
    "code": "nothing_found",
    "user_message": "No plan was found in the time given, so nothing changes. Give more time.",
    "developer_message": "the search ended without a placement",
    "problems": [],
}
WORKER_LOST = {
    "code": "worker_lost",
    "user_message": "The workers that took this run were lost each time, so it was given up.",
    "developer_message": "the lease ran out in the last attempt allowed",
    "problems": [],
}


def end(
    service: Service,
    change: Change,
    run: Run,
    state: RunState,
    plan_id: str | None = None,
    result: Mapping[str, Any] | None = None,
    error: Mapping[str, Any] | None = None,
) -> None:
    """Bring a locked run to an end, with its last event and an entry in the audit log.

    Raises
    ------
    InternalError
        If the table of states does not allow it.
    """
    check_transition(RunState(run.state), state)
    run.state, run.ended_at = state, service.clock()
    run.owner = run.lease_until = run.incumbent = None
    run.plan_id = plan_id
    run.result, run.catalogue = None if result is None else dict(result), CATALOGUE
    run.error = None if error is None else told_error(error)
    add_news(change.session, run.run_id, run.ended_at, [(News(state), _last_news(run))])
    detail = {"state": str(state), "attempt": run.attempt, "code": (error or {}).get("code")}
    note(change, "run.end", run, detail)


def note(change: Change, action: str, run: Run, detail: Mapping[str, Any]) -> None:
    """Have the audit log say something of a run."""
    facilities = facilities_in(change.session, run.scenario_id)
    change.note(Event(action, KIND, run.run_id, facilities, detail=detail))


def finish(service: Service, lease: Lease, result: Mapping[str, Any]) -> None:
    """Keep what the work returned; a plan and the end of its run are one transaction.

    A run that somebody cancelled in the last moment is cancelled and its result dropped.

    Raises
    ------
    LeaseLostError
        If somebody else has the run; nothing is kept.
    """
    with service.change(WORKER) as change:
        run = held(change.session, lease)
        if run.asked == CANCEL:
            end(service, change, run, RunState.CANCELLED)
        elif run.kind != RunKind.PLAN:
            end(service, change, run, RunState.DONE, result=result)
        elif result["plan"] is None:
            end(service, change, run, RunState.FAILED, error=NOTHING_FOUND)
        else:
            plan = store_draft(change.session, draft_of_run(run, result), service.clock())
            end(service, change, run, RunState.DONE, plan_id=plan.plan_id)
            facilities = facilities_in(change.session, run.scenario_id)
            detail = {"run": run.run_id, "version": run.version}
            change.note(Event("plan.make", PLAN, plan.plan_id, facilities, detail=detail))


def fail(service: Service, lease: Lease, error: Mapping[str, Any]) -> None:
    """End a run with a reason; one that somebody cancelled is cancelled.

    Raises
    ------
    LeaseLostError
        If somebody else has the run.
    """

    def failed(change: Change, run: Run) -> None:
        end(service, change, run, RunState.FAILED, error=error)

    _unless_cancelled(service, lease, failed)


def hand_back(service: Service, lease: Lease) -> None:
    """Put a run back in the queue, the attempt not counted: its worker has to stop.

    Raises
    ------
    LeaseLostError
        If somebody else has the run.
    """

    def back(change: Change, run: Run) -> None:
        requeue(service, change, run, News.HANDED_BACK)
        run.attempt -= 1

    _unless_cancelled(service, lease, back)


def take_again(service: Service, lease: Lease) -> None:
    """Put a run back in the queue whose process somebody killed; the attempt counts.

    Raises
    ------
    LeaseLostError
        If somebody else has the run.
    """

    def again(change: Change, run: Run) -> None:
        requeue(service, change, run, News.PROCESS_LOST)

    _unless_cancelled(service, lease, again)


def _unless_cancelled(service: Service, lease: Lease, do: Callable[[Change, Run], None]) -> None:
    """End a run that somebody cancelled; to any other that the lease holds do what there is."""
    with service.change(WORKER) as change:
        run = held(change.session, lease)
        if run.asked == CANCEL:
            end(service, change, run, RunState.CANCELLED)
        else:
            do(change, run)


def requeue(service: Service, change: Change, run: Run, why: News) -> None:
    """Put a locked run back in the queue; it keeps its place and its incumbent."""
    check_transition(RunState(run.state), RunState.QUEUED)
    run.state = RunState.QUEUED
    run.owner = run.lease_until = None
    detail = {"attempt": run.attempt}
    add_news(change.session, run.run_id, service.clock(), [(why, detail)])
    note(change, f"run.{why}", run, detail)


def _last_news(run: Run) -> dict[str, Any]:
    """What an event may say: no result, and of an error no problems, which quote data."""
    news: dict[str, Any] = {"attempt": run.attempt}
    if run.plan_id is not None:
        news["plan_id"] = run.plan_id
    if run.error is not None:
        news |= {name: run.error[name] for name in ("code", "user_message")}
    return news
