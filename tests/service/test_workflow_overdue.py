"""Nothing is carried out for ever: the time of an execution, and what may be done after it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from allocator.model.sequence import Batch, Sequence, Step
from allocator.service import scenarios
from allocator.service.errors import StateError
from allocator.service.lists import Part
from allocator.service.operations.housekeeping import DUTIES, Housekeeper
from allocator.service.reading_plans import PlanFilter, PlanHeading, list_plans
from allocator.service.root import Service
from allocator.service.workflow import execution
from allocator.service.workflow.execution import Failure
from allocator.service.workflow.overdue import OVERDUE, keep_time
from allocator.service.workflow.records import SeenPlan
from allocator.service.workflow.states import PlanState
from allocator.service.workflow.views import read_workflow
from allocator.store.tables import AuditEntry, FacilityExecution
from tests.service.conftest import TestClock
from tests.service.prison import OFFICER, PLANNED, draft, draft_of, signed

WINDOW_HOURS = 9  # P25: from 8 to 17 o'clock
MINUTE = 1 / 60


@pytest.mark.parametrize(
    ("starts", "minutes", "span"),
    [((), 0, 540), ((-30, 0), 60, 540), ((0, 510), 540, 540), ((0, 1440, 2970), 3000, 3420)],
)
def test_an_order_has_the_time_of_its_windows(
    starts: tuple[int, ...], minutes: int, span: int
) -> None:
    """540 minutes are one window; two midnights in between are two days more."""
    step = Step("P1", "W-1", "W-2", is_temporary=False, officers=1)
    batches = tuple(Batch(start, (step,)) for start in starts)
    assert Sequence("x", (), batches, (), (), (), 0, minutes, 540).span_minutes == span


def started(service: Service) -> SeenPlan:
    _, plan = draft(service)
    signed(service, plan)
    execution.start(service, OFFICER, plan)
    return plan


def listed(service: Service, state: PlanState) -> tuple[PlanHeading, ...]:
    return list_plans(service, OFFICER, PlanFilter(None, state), Part()).rows


def held(service: Service) -> list[str]:
    with service.database.read() as session:
        return list(session.scalars(select(FacilityExecution.facility_id).order_by("facility_id")))


def test_a_plan_that_nobody_confirms_becomes_overdue_and_ends(
    service: Service, clock: TestClock
) -> None:
    plan = started(service)
    begun = clock()
    (row,) = listed(service, PlanState.EXECUTING)
    assert row.due_at == begun + timedelta(hours=WINDOW_HOURS)
    clock.forward(hours=WINDOW_HOURS - MINUTE)
    assert keep_time(service) == ()
    clock.forward(hours=MINUTE)
    Housekeeper(service, DUTIES).do_all()
    (row,) = listed(service, PlanState.OVERDUE)
    assert row.plan_id == plan.plan_id
    assert row.due_at == clock() + timedelta(hours=24)
    assert held(service) == ["F", "G"]
    clock.forward(hours=24 - MINUTE)
    assert keep_time(service) == ()
    clock.forward(hours=MINUTE)
    assert keep_time(service) == (plan.plan_id,)
    found = read_workflow(service, OFFICER, plan.plan_id)
    assert (found.status.state, found.due_at) == (PlanState.EXPIRED, None)
    last = found.history[-1]
    assert (last["reason"], last["by"]) == ("steps_not_recorded", "system:workflow")
    assert {step["state"] for step in found.steps} == {"stopped"}
    assert held(service) == []
    assert keep_time(service) == ()
    with service.database.read() as session:
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action == OVERDUE))
        assert len(actions.all()) == 1


def test_an_officer_still_says_what_was_done(service: Service, clock: TestClock) -> None:
    plan = started(service)
    execution.confirm(service, OFFICER, plan, 1)
    clock.forward(hours=WINDOW_HOURS)
    assert keep_time(service) == (plan.plan_id,)
    status = None
    for step in read_workflow(service, OFFICER, plan.plan_id).steps[1:]:
        status = execution.confirm(service, OFFICER, plan, step["number"])
    assert status is not None
    assert (status.state, status.newest_version) == (PlanState.EXECUTED, 2)
    assert held(service) == []
    newest = scenarios.find(service, OFFICER, status.scenario_id)
    rows = newest.require_document()["people"]
    assert {row["person_id"]: row["current_place"] for row in rows} == PLANNED


@pytest.mark.parametrize("ends", ["halt", "nobody"])
def test_what_was_confirmed_is_kept_when_an_overdue_plan_ends(
    service: Service, clock: TestClock, ends: str
) -> None:
    plan = started(service)
    first = read_workflow(service, OFFICER, plan.plan_id).steps[0]
    execution.confirm(service, OFFICER, plan, first["number"])
    clock.forward(hours=WINDOW_HOURS)
    keep_time(service)
    if ends == "halt":
        execution.halt(service, OFFICER, plan, Failure("no_escort"))
    else:
        clock.forward(hours=24)
        keep_time(service)
    found = read_workflow(service, OFFICER, plan.plan_id)
    assert found.status.state is PlanState.EXPIRED
    newest = scenarios.find(service, OFFICER, found.status.scenario_id)
    places = {row["person_id"]: row["current_place"] for row in newest.require_document()["people"]}
    assert places[first["person_id"]] == first["target"]


def test_a_facility_is_free_again_for_another_plan(service: Service, clock: TestClock) -> None:
    """Without any housekeeping: whoever begins looks whether the other plan's time is over."""
    plan = started(service)
    version = scenarios.find(
        service, OFFICER, read_workflow(service, OFFICER, plan.plan_id).status.scenario_id
    )
    clock.forward(hours=WINDOW_HOURS)
    keep_time(service)
    clock.forward(hours=23)
    other = draft_of(service, version, PLANNED)
    signed(service, other)
    with pytest.raises(StateError, match="Another plan"):
        execution.start(service, OFFICER, other)
    clock.forward(hours=1)
    assert execution.start(service, OFFICER, other).state is PlanState.EXECUTING
