"""Plans end when their data have moved on or their time is over, and say what changed.

It is looked at before every step of the workflow, after every decision of an officer, and by
`expire_due`. A plan that is being carried out has a time of another kind (see `overdue`). What is
left of it stops when its data move on, and it ends with what was done (see `settle`).

A complaint is a change like others (R55): it ends every plan that would move the person. No item is
struck out of a plan, because what remained would be another plan than the one that was judged and
signed; a re-plan from it keeps whoever can stay as planned.
"""

from sqlalchemy import select

from allocator.service.access.caller import Caller
from allocator.service.errors import ExpiredError, StaleError, StateError
from allocator.service.root import Service
from allocator.service.workflow.fit import SYSTEM, Fit, fit_of
from allocator.service.workflow.records import SeenPlan, Status, Told, Work, find_plan, working_on
from allocator.service.workflow.settle import Stop, settle_if_quiet, stop
from allocator.service.workflow.states import UNDER_WAY, PlanState, is_final
from allocator.store.tables import StoredPlan

EXPIRE = "plan.expire"  # what the audit log says; the program does it, no role
ALIVE = tuple(state for state in PlanState if not is_final(state))


def require_fit(service: Service, caller: Caller, seen: SeenPlan) -> Fit:
    """How a plan stands, if it still does; else it is expired.

    Raises
    ------
    ExpiredError
        If it does not fit any longer; what changed is in the message, by kind and number.
    StateError
        If it has ended otherwise.
    NotFoundError, StaleError
        As `records.working_on`.
    """
    with service.database.read() as session:
        plan, _ = find_plan(session, caller, seen.plan_id)
        if seen.revision not in {None, plan.revision}:
            raise StaleError("The plan was changed since you read it; read it again.")
        _require_alive(PlanState(plan.state))
        fit = fit_of(service, session, plan)
    if fit.reason:
        _end(service, seen.plan_id, fit)
        raise ExpiredError(f"The plan has expired. {fit.words} Plan again from it.")
    return fit


def expire_due(service: Service, scenario_id: str | None = None) -> tuple[str, ...]:
    """End every plan that no longer fits; of one scenario, or of all.

    Returns
    -------
    Ids of the plans that ended or were stopped, in the order in which they were made.
    """
    query = select(StoredPlan).where(StoredPlan.state.in_(ALIVE))
    if scenario_id is not None:
        query = query.where(StoredPlan.scenario_id == scenario_id)
    with service.database.read() as session:
        plans = session.scalars(query.order_by(StoredPlan.made_at, StoredPlan.plan_id)).all()
        fits = [(plan.plan_id, fit_of(service, session, plan)) for plan in plans]
    return tuple(
        plan_id for plan_id, fit in fits if fit.reason and _end(service, plan_id, fit) is not None
    )


def stop_if_unfit(service: Service, caller: Caller, plan_id: str) -> None:
    """Before a step of a plan is recorded: stop what may not go on; nothing while it fits.

    Raises
    ------
    NotFoundError
        If there is no such plan, or it is out of scope.
    """
    with service.database.read() as session:
        plan, _ = find_plan(session, caller, plan_id)
        if PlanState(plan.state) not in UNDER_WAY:
            return
        fit = fit_of(service, session, plan)
    if fit.reason:
        _end(service, plan_id, fit)


def _end(service: Service, plan_id: str, fit: Fit) -> Status | None:
    """End a plan, or stop what is left of it; None where somebody else has done so meanwhile."""
    try:
        with working_on(service, SYSTEM, SeenPlan(plan_id), fit) as work:
            _end_in(work, fit)
            return work.status()
    except StaleError:
        return None


def _end_in(work: Work, fit: Fit) -> None:
    if is_final(work.state):
        raise StaleError("The plan has ended meanwhile.")
    told = Told(fit.reason, fit.words, fit.detail)
    if work.state not in UNDER_WAY:
        work.move_on(PlanState.EXPIRED, EXPIRE, told)
        return
    if not stop(work, Stop(fit.frozen)):
        raise StaleError("What is left of the plan was stopped meanwhile.")
    settle_if_quiet(work, told)


def _require_alive(state: PlanState) -> None:
    if state is PlanState.EXPIRED:
        raise ExpiredError("The plan has expired; its history says why. Plan again from it.")
    if is_final(state):
        raise StateError(f"The plan is {state}; nothing follows that.")
