"""Carry out a signed plan, step by step along the judge's order.

Batches come one after the other; inside a batch the order is free. A step that fails stops every
later batch, because the order was proved for the states that it names and for no others. What is
left of the batch is still confirmed or failed; then the places reached become a new version of the
scenario, from which one plans again. `halt` does so at once.

Nothing is confirmed that a change of the data or a complaint has stopped meanwhile (R55). Whoever
was brought somewhere all the same is recorded there by a revision of the scenario. One plan of a
facility is carried out at a time (R58), and each has a time (`allocator.service.workflow.overdue`).
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from allocator.explain.placements import placement_planned
from allocator.jobs.order import Ordered, judged_order
from allocator.jobs.order_document import order_document
from allocator.jobs.verification import scenario_of_plan
from allocator.prepare.plan_document import read_plan
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.errors import NotFoundError, StaleError, StateError
from allocator.service.root import Service
from allocator.service.scenarios import find_in
from allocator.service.workflow.expiry import require_fit, stop_if_unfit
from allocator.service.workflow.fit import SYSTEM, Fit
from allocator.service.workflow.overdue import keep_time
from allocator.service.workflow.reasons import (
    FailureReason,
    require_reason,
    values,
)
from allocator.service.workflow.records import (
    SeenPlan,
    Status,
    Told,
    Work,
    find_plan,
    working_on,
)
from allocator.service.workflow.settle import StepState, Stop, settle_if_quiet, stop
from allocator.service.workflow.states import UNDER_WAY, PlanState, check_transition
from allocator.store.tables import ExecutionStep, FacilityExecution

HALTED = "halted"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a step was not carried out, or why everything stops: a reason of the list, and words."""

    reason: str
    text: str = ""

    def check(self) -> None:
        """Refuse a reason that is not on the list.

        Raises
        ------
        UnfitReasonError
            If it is none of `FailureReason`.
        """
        require_reason(self.reason, values(FailureReason))


def start(service: Service, caller: Caller, seen: SeenPlan) -> Status:
    """Begin to carry out a signed plan.

    Raises
    ------
    ExpiredError
        If it does not fit any longer.
    StateError
        If it is not signed, its moves have no whole order, or a plan of one of its facilities is
        being carried out.
    InternalError
        If the judge's replay finds a fault in the order.
    """
    caller.require(Action.EXECUTE)
    fit = require_fit(service, caller, seen)
    with service.database.read() as session:
        stored, _ = find_plan(session, caller, seen.plan_id)
        check_transition(PlanState(stored.state), PlanState.EXECUTING)
    ordered = _order(service, seen.plan_id, fit)
    keep_time(service)  # so that no execution past its time keeps a facility from this one
    with working_on(service, caller, seen, fit) as work:
        work.move_on(PlanState.EXECUTING, Action.EXECUTE, Told(detail=fit.detail))
        work.plan.sequence = order_document(ordered)
        work.session.flush()
        _hold_facilities(work, timedelta(minutes=ordered.sequence.span_minutes))
        _add_steps(work, ordered)
        if not ordered.sequence.steps:
            work.session.flush()
            settle_if_quiet(work)
        return work.status()


def confirm(service: Service, caller: Caller, seen: SeenPlan, number: int) -> Status:
    """Say that a step was carried out.

    Raises
    ------
    StateError
        If the plan is not being carried out, a batch before is not finished, or the step is
        recorded or stopped already.
    NotFoundError
        If there is no such plan or step.
    StaleError
        If the plan was changed since it was seen, were it by what stops it now; or, where the
        caller says how they saw the step, if this step was.
    """
    caller.require(Action.EXECUTE)
    stop_if_unfit(service, caller, seen.plan_id)
    with working_on(service, caller, seen) as work:
        _record(work, _step_of(work, seen, number), StepState.CONFIRMED)
        return work.status(settle_if_quiet(work))


def fail(service: Service, caller: Caller, seen: SeenPlan, number: int, failure: Failure) -> Status:
    """Say that a step was not carried out; every later batch stops.

    Raises
    ------
    UnfitReasonError
        If the reason is not on the list.
    StateError, NotFoundError, StaleError
        As `confirm`.
    """
    caller.require(Action.EXECUTE)
    failure.check()
    stop_if_unfit(service, caller, seen.plan_id)
    with working_on(service, caller, seen) as work:
        step = _step_of(work, seen, number)
        _record(work, step, StepState.FAILED, failure.reason)
        step.note = ": ".join(filter(None, (failure.reason, failure.text.strip())))
        work.session.flush()
        stop(work, Stop())
        return work.status(settle_if_quiet(work))


def halt(service: Service, caller: Caller, seen: SeenPlan, failure: Failure) -> Status:
    """Stop everything that is not recorded as done, and end the plan with what was done.

    Raises
    ------
    StateError
        If it is not being carried out.
    UnfitReasonError
        If the reason is not on the list.
    """
    caller.require(Action.EXECUTE)
    failure.check()
    with working_on(service, caller, seen) as work:
        work.require_state(UNDER_WAY, "Only what is being carried out can be halted.")
        stop(work, Stop(spares_begun=False))
        told = Told(HALTED, ": ".join(filter(None, (failure.reason, failure.text.strip()))))
        return work.status(settle_if_quiet(work, told))


def _order(service: Service, plan_id: str, fit: Fit) -> Ordered:
    """The order of the moves in the newest version, under the settings of the plan."""
    with service.database.read() as session:
        stored, _ = find_plan(session, SYSTEM, plan_id)
        newest = find_in(session, SYSTEM, stored.scenario_id, fit.head)
        plan = read_plan(stored.document or {})
    scenario = scenario_of_plan(newest.require_document(), plan)
    everybody = {person.person_id: None for person in scenario.people}
    sequence = judged_order(scenario, everybody | placement_planned(plan))
    if sequence.left_out:
        raise StateError(
            f"{len(sequence.left_out)} of the {len(sequence.target)} moves have no safe order, so "
            "the plan cannot be carried out whole. Plan again from it."
        )
    return Ordered(scenario, plan, sequence, None, (), 0.0)


def _hold_facilities(work: Work, time: timedelta) -> None:
    """Take the plan's facilities, which one plan at a time may have, for the time that it needs."""
    plan_id, until = work.plan.plan_id, work.service.clock() + time
    work.session.add_all(
        FacilityExecution(facility_id=name, plan_id=plan_id, until=until)
        for name in work.facilities
    )
    try:
        work.session.flush()
    except IntegrityError:
        raise StateError(
            "Another plan is being carried out in one of the facilities. Wait for its end."
        ) from None


def _add_steps(work: Work, ordered: Ordered) -> None:
    steps = [
        (batch, step)
        for batch, entry in enumerate(ordered.sequence.batches, start=1)
        for step in entry.steps
    ]
    work.session.add_all(
        ExecutionStep(
            plan_id=work.plan.plan_id,
            number=number,
            batch=batch,
            person_id=step.person_id,
            origin=step.from_place,
            target=step.to_place,
            state=StepState.PENDING,
        )
        for number, (batch, step) in enumerate(steps, start=1)
    )


def _step_of(work: Work, seen: SeenPlan, number: int) -> ExecutionStep:
    """The step, if it is as the caller saw it."""
    step = work.session.get(ExecutionStep, (work.plan.plan_id, number))
    if seen.step is not None and (step is None or step.state != seen.step):
        raise StaleError("Somebody recorded this step since you read it; read the plan again.")
    work.require_state(UNDER_WAY, "Steps belong to a plan that is being carried out.")
    if step is None:
        raise NotFoundError("The plan has no such step.")
    return step


def _record(work: Work, step: ExecutionStep, state: StepState, reason: str = "") -> None:
    if step.state != StepState.PENDING:
        raise StateError(
            f"The step is {step.state} already. If the person was moved all the same, record the "
            "place in the scenario."
        )
    earlier = select(ExecutionStep.number).where(
        ExecutionStep.plan_id == work.plan.plan_id,
        ExecutionStep.batch < step.batch,
        ExecutionStep.state == StepState.PENDING,
    )
    if work.session.scalars(earlier.limit(1)).first() is not None:
        raise StateError("A batch before this step is not finished yet.")
    step.state, step.by, step.at = state, work.caller.actor, work.service.clock()
    work.touch()
    work.note(Action.EXECUTE, step.person_id, step=step.number, outcome=state, reason=reason)
    work.session.flush()
