"""A plan that is being carried out has a time, so that nothing is under way for ever.

The time is that of the windows of its order (P25), from the moment at which it begins. When it is
over and steps are open still, the plan is overdue: an officer says of each step whether it was
done, in the order of the batches, or halts. When nobody has done so for `overdue_hours`, what is
open is stopped, the plan ends with what was recorded, and its facilities are free.
"""

from datetime import timedelta

from sqlalchemy import select, update

from allocator.service.errors import NotFoundError, StaleError
from allocator.service.root import Service
from allocator.service.workflow.fit import SYSTEM
from allocator.service.workflow.records import SeenPlan, Told, Work, working_on
from allocator.service.workflow.settle import Stop, settle_if_quiet, stop
from allocator.service.workflow.states import PlanState
from allocator.store.tables import FacilityExecution

OVERDUE = "plan.overdue"  # what the audit log says; the program does it, no role
WINDOW_OVER, UNRECORDED = "window_over", "steps_not_recorded"
WORDS = {
    WINDOW_OVER: "The time for its moves is over. Say of each open step whether it was done.",
    UNRECORDED: "Nobody recorded its open steps; who is where has to be looked up.",
}


def keep_time(service: Service) -> tuple[str, ...]:
    """Move on every execution whose time is over.

    Returns
    -------
    Ids of the plans that became overdue or ended, sorted.
    """
    late = select(FacilityExecution.plan_id).where(FacilityExecution.until <= service.clock())
    with service.database.read() as session:
        plans = sorted(set(session.scalars(late)))
    return tuple(plan_id for plan_id in plans if _move_on(service, plan_id))


def _move_on(service: Service, plan_id: str) -> bool:
    """Whether the plan was moved on; not where somebody else has done so meanwhile."""
    try:
        with working_on(service, SYSTEM, SeenPlan(plan_id)) as work:
            _move_on_in(work)
    except (NotFoundError, StaleError):
        return False
    return True


def _move_on_in(work: Work) -> None:
    held = FacilityExecution.plan_id == work.plan.plan_id
    now = work.service.clock()
    until = work.session.scalars(select(FacilityExecution.until).where(held)).first()
    if until is None or until > now:
        raise StaleError("The plan was moved on meanwhile.")
    if work.state is PlanState.EXECUTING:
        work.move_on(PlanState.OVERDUE, OVERDUE, Told(WINDOW_OVER, WORDS[WINDOW_OVER]))
        end = now + timedelta(hours=work.service.settings.overdue_hours)
        work.session.execute(update(FacilityExecution).where(held).values(until=end))
        return
    stop(work, Stop(spares_begun=False))
    settle_if_quiet(work, Told(UNRECORDED, WORDS[UNRECORDED]))
