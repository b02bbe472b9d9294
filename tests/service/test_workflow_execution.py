"""Carrying a signed plan out: order, facts, failures, and the version that it leaves."""

from collections.abc import Callable, Mapping
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest

from allocator.service import decisions, intake, scenarios
from allocator.service.decisions import Decision, DecisionKind
from allocator.service.errors import NotFoundError, StateError
from allocator.service.root import Service
from allocator.service.scenarios import Version
from allocator.service.workflow import execution, signing
from allocator.service.workflow.execution import Failure
from allocator.service.workflow.expiry import expire_due
from allocator.service.workflow.reasons import UnfitReasonError
from allocator.service.workflow.records import SeenPlan, Status
from allocator.service.workflow.states import PlanState
from allocator.service.workflow.views import read_status, read_workflow
from tests.scenario_documents import document
from tests.service.prison import (
    FIRST,
    MOVERS,
    OFFICER,
    PLANNED,
    PLANNER,
    PRESENT,
    approval,
    draft,
    draft_of,
    prison,
    reviewed,
    signed,
)

REFUSED = Failure("person_refused", "did not want to share")


def started(service: Service) -> tuple[Version, SeenPlan]:
    version, plan = draft(service)
    signed(service, plan)
    assert execution.start(service, OFFICER, plan).state is PlanState.EXECUTING
    return version, plan


def steps(service: Service, plan: SeenPlan) -> list[Mapping[str, Any]]:
    return list(read_workflow(service, OFFICER, plan.plan_id).steps)


def states(service: Service, plan: SeenPlan) -> dict[str, str]:
    return {step["person_id"]: step["state"] for step in steps(service, plan)}


def batches(service: Service, plan: SeenPlan) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for step in steps(service, plan):
        found.setdefault(step["batch"], []).append(step["number"])
    return found


def confirm(service: Service, plan: SeenPlan, number: int) -> Status:
    return execution.confirm(service, OFFICER, plan, number)


def places(service: Service, version: Version) -> dict[str, str]:
    newest = scenarios.find(service, OFFICER, version.scenario_id)
    return {row["person_id"]: row["current_place"] for row in newest.require_document()["people"]}


def test_everybody_is_in_the_new_place_when_every_step_is_confirmed(service: Service) -> None:
    version, plan = started(service)
    status = None
    for numbers in batches(service, plan).values():
        for number in reversed(numbers):  # inside a batch the order is free
            status = confirm(service, plan, number)
    assert status is not None
    assert (status.state, status.newest_version) == (PlanState.EXECUTED, 2)
    newest = scenarios.find(service, OFFICER, version.scenario_id)
    assert newest.why == "executed plan"
    assert places(service, version) == PLANNED
    rows = {row["person_id"]: row for row in newest.require_document()["people"]}
    assert {k for k, row in rows.items() if row.get("last_moved_at") == "2026-01-15"} == {*MOVERS}
    assert (rows["P1"]["moves_last_90_days"], rows["P1"]["placed_since"]) == (1, "2026-01-15")
    assert "moves_last_90_days" not in rows["P2"]


def test_a_batch_waits_for_the_one_before(service: Service) -> None:
    _, plan = started(service)
    order = batches(service, plan)
    assert len(order) > 1
    with pytest.raises(StateError, match="batch before"):
        confirm(service, plan, order[max(order)][0])
    with pytest.raises(NotFoundError):
        confirm(service, plan, 99)


def test_a_step_is_recorded_once(service: Service) -> None:
    _, plan = started(service)
    confirm(service, plan, 1)
    with pytest.raises(StateError, match="confirmed already"):
        confirm(service, plan, 1)
    with pytest.raises(StateError, match="confirmed already"):
        execution.fail(service, OFFICER, plan, 1, REFUSED)


def test_a_failed_step_stops_the_rest_and_leaves_the_places_reached(service: Service) -> None:
    version, plan = started(service)
    first, *_ = batches(service, plan).values()
    assert len(first) == 2
    status = execution.fail(service, OFFICER, plan, first[0], REFUSED)
    assert status.state is PlanState.EXECUTING  # somebody is still on the way
    status = confirm(service, plan, first[1])
    assert (status.state, status.newest_version) == (PlanState.EXPIRED, 2)
    found = {step["number"]: step for step in steps(service, plan)}
    refused, brought = found[first[0]], found[first[1]]
    assert refused["note"] == "person_refused: did not want to share"
    assert {step["state"] for n, step in found.items() if n not in first} == {"stopped"}
    expected = PRESENT | {brought["person_id"]: PLANNED[brought["person_id"]]}
    assert places(service, version) == expected
    change = read_workflow(service, OFFICER, plan.plan_id).history[-1]
    assert change["reason"] == "not_carried_out_whole"
    assert change["detail"] | {"confirmed": 1, "failed": 1, "new_version": 2} == change["detail"]
    assert scenarios.find(service, OFFICER, version.scenario_id).why == "executed steps"


def test_from_the_places_reached_one_plans_and_carries_out_the_rest(service: Service) -> None:
    version, plan = started(service)
    first, *_ = batches(service, plan).values()
    for number in first:
        confirm(service, plan, number)
    rest = [step["number"] for step in steps(service, plan) if step["state"] == "pending"]
    execution.fail(service, OFFICER, plan, rest[0], REFUSED)
    for number in rest[1:]:
        if steps(service, plan)[number - 1]["state"] == "pending":
            execution.fail(service, OFFICER, plan, number, REFUSED)
    newest = scenarios.find(service, OFFICER, version.scenario_id)
    again = draft_of(service, newest, PLANNED)
    reviewed(service, again)
    items = read_workflow(service, FIRST, again.plan_id).items
    moved = {step["person_id"] for step in steps(service, plan) if step["number"] in first}
    assert {i["detail"]["person_id"] for i in items if i["kind"] == "move"} == {*MOVERS} - moved


def test_a_halt_ends_at_once_and_needs_a_reason_of_the_list(service: Service) -> None:
    version, plan = started(service)
    confirm(service, plan, 1)
    with pytest.raises(UnfitReasonError):
        execution.halt(service, OFFICER, plan, Failure("bored"))
    status = execution.halt(service, OFFICER, plan, Failure("incident", "alarm in wing W"))
    assert (status.state, status.newest_version) == (PlanState.EXPIRED, 2)
    assert sorted(states(service, plan).values()) == ["confirmed", *["stopped"] * 3]
    with pytest.raises(StateError):
        confirm(service, plan, 2)
    assert places(service, version) != PRESENT


def test_a_halt_before_the_first_step_leaves_the_scenario_as_it_is(service: Service) -> None:
    version, plan = started(service)
    status = execution.halt(service, OFFICER, plan, Failure("incident"))
    assert (status.state, status.newest_version) == (PlanState.EXPIRED, None)
    assert scenarios.find(service, OFFICER, version.scenario_id).number == 1


def test_only_a_signed_plan_is_carried_out(service: Service) -> None:
    _, plan = draft(service)
    with pytest.raises(StateError):
        execution.start(service, OFFICER, plan)
    reviewed(service, plan)
    with pytest.raises(StateError):
        execution.start(service, OFFICER, plan)


def test_one_plan_of_a_facility_is_carried_out_at_a_time(service: Service) -> None:
    _, first = started(service)
    _, second = draft(service)
    signed(service, second)
    with pytest.raises(StateError, match="Another plan"):
        execution.start(service, OFFICER, second)
    assert read_status(service, OFFICER, second.plan_id).state is PlanState.SIGNED
    execution.halt(service, OFFICER, first, Failure("incident"))
    assert execution.start(service, OFFICER, second).state is PlanState.EXECUTING


def test_of_two_plans_started_at_once_one_is_carried_out(service: Service) -> None:
    plans = [draft(service)[1] for _ in range(2)]
    for plan in plans:
        signed(service, plan)
    outcomes = at_once([partial(execution.start, service, OFFICER, plan) for plan in plans])
    assert sorted(outcomes) == ["done", "state_conflict"]
    found = sorted(read_status(service, OFFICER, plan.plan_id).state for plan in plans)
    assert found == [PlanState.EXECUTING, PlanState.SIGNED]


def test_of_two_confirmations_of_one_step_one_counts(service: Service) -> None:
    _, plan = started(service)
    outcomes = at_once([lambda: confirm(service, plan, 1)] * 2)
    assert sorted(outcomes) == ["done", "state_conflict"]


def test_a_complaint_stops_what_has_not_begun(service: Service) -> None:
    version, plan = started(service)
    order = batches(service, plan)
    confirm(service, plan, order[1][0])
    late = steps(service, plan)[order[max(order)][0] - 1]["person_id"]
    taken = decisions.decide(
        service, OFFICER, version, Decision(DecisionKind.COMPLAIN, late, reason="safety")
    )
    assert taken.ended == (plan.plan_id,)
    assert states(service, plan)[late] == "stopped"
    with pytest.raises(StateError, match="stopped already"):
        confirm(service, plan, order[max(order)][0])
    status = confirm(service, plan, order[1][1])  # who was on the way has arrived
    assert (status.state, status.newest_version) == (PlanState.EXPIRED, 3)
    change = read_workflow(service, OFFICER, plan.plan_id).history[-1]
    assert (change["reason"], change["detail"]["changed"]) == (
        "data_moved_on",
        {"complaints_added": 1},
    )
    newest = scenarios.find(service, OFFICER, version.scenario_id).require_document()
    assert len(newest["complaints"]) == 1
    assert places(service, version)[late] == PRESENT[late]


def test_a_complaint_stops_the_person_even_in_the_batch_that_has_begun(service: Service) -> None:
    version, plan = started(service)
    one, other = (steps(service, plan)[n - 1] for n in batches(service, plan)[1])
    confirm(service, plan, one["number"])
    decision = Decision(DecisionKind.COMPLAIN, other["person_id"], reason="safety")
    decisions.decide(service, OFFICER, version, decision)
    assert read_status(service, OFFICER, plan.plan_id).state is PlanState.EXPIRED
    assert places(service, version)[other["person_id"]] == PRESENT[other["person_id"]]


def test_places_that_the_data_contradict_end_the_plan_and_are_left_to_a_person(
    service: Service,
) -> None:
    version, plan = started(service)
    confirm(service, plan, 1)
    assert steps(service, plan)[0]["target"] == "W-3"
    found = prison()
    found["cells"][2]["max_capacity"] = 1
    found["people"][1]["current_place"] = "W-3"
    scenarios.revise(service, PLANNER, version, found)
    status = execution.halt(service, OFFICER, plan, Failure("incident"))
    assert (status.state, status.newest_version) == (PlanState.EXPIRED, None)
    change = read_workflow(service, OFFICER, plan.plan_id).history[-1]
    assert change["detail"]["places_contradict_the_data"] == 1
    assert scenarios.find(service, OFFICER, version.scenario_id).number == 2


def test_somebody_who_waits_in_reception_stops_nobody(service: Service) -> None:
    version, plan = started(service)
    confirm(service, plan, 1)
    person = {**prison()["people"][1], "person_id": "P6", "current_place": "RECP"}
    taken = intake.arrive(service, OFFICER, version, person)
    assert taken.ended == ()
    assert confirm(service, plan, 2).state is PlanState.EXECUTING
    assert expire_due(service) == ()


def signed_swap(service: Service, **header: Any) -> tuple[Version, SeenPlan]:
    """Two people in single cells, each of whom goes to the other's."""
    found = document(n_people=2, places=(1, 1), **header)
    for person, cell in zip(found["people"], ("W-1", "W-2"), strict=True):
        person["current_place"] = cell
    version, plan = draft(service, {"P1": "W-2", "P2": "W-1"}, found)
    reviewed(service, plan)
    signing.sign(service, FIRST, plan, approval("move:P1", "move:P2"))
    return version, plan


def test_a_plan_without_a_whole_order_does_not_begin(service: Service) -> None:
    _, plan = signed_swap(service)
    with pytest.raises(StateError, match="2 of the 2 moves have no safe order"):
        execution.start(service, OFFICER, plan)
    assert read_status(service, OFFICER, plan.plan_id).state is PlanState.SIGNED


def test_a_person_on_the_way_is_recorded_where_they_are(service: Service) -> None:
    swap = [{"place_id": "CSWAP", "facility_id": "F", "kind": "CSWAP"}]
    version, plan = signed_swap(service, virtual_places=swap)
    execution.start(service, OFFICER, plan)
    first, *_ = steps(service, plan)
    assert first["target"] == "CSWAP"
    confirm(service, plan, 1)
    execution.halt(service, OFFICER, plan, Failure("health"))
    assert places(service, version)[first["person_id"]] == "CSWAP"
    newest = scenarios.find(service, OFFICER, version.scenario_id).require_document()
    assert not any("last_moved_at" in row for row in newest["people"])


def at_once(requests: list[Callable[[], object]]) -> list[str]:
    """What became of requests that were sent at the same moment."""
    together, outcomes = Barrier(len(requests)), []

    def send(request: Callable[[], object]) -> None:
        together.wait()
        try:
            request()
        except StateError as error:
            outcomes.append(error.code)
        else:
            outcomes.append("done")

    threads = [Thread(target=send, args=(request,)) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
