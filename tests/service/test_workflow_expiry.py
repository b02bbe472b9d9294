"""Plans end when what they rest on has changed, and only then; and they say what changed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from allocator.service import decisions, scenarios
from allocator.service.access.roles import Role
from allocator.service.decisions import Decision, DecisionKind, Taken
from allocator.service.errors import ExpiredError, StaleError
from allocator.service.root import Service
from allocator.service.scenarios import Version
from allocator.service.workflow import proposing, signing
from allocator.service.workflow.expiry import expire_due
from allocator.service.workflow.reasons import Seen, UnfitReasonError, values
from allocator.service.workflow.records import SeenPlan
from allocator.service.workflow.states import PlanState
from allocator.service.workflow.views import Workflow, read_status, read_workflow
from tests.service.conftest import TestClock, caller
from tests.service.prison import (
    BOTH,
    FIRST,
    OFFICER,
    PLANNER,
    REVIEWER,
    SIMPLE,
    approval,
    draft,
    prison,
    proposed,
    reviewed,
)

Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def service(sqlite_service: Service) -> Service:
    """On SQLite; that plans end on either database is seen in `test_workflow_machine`."""
    return sqlite_service


def decide(service: Service, version: Version, kind: DecisionKind, **fields: Any) -> Taken:
    seen = scenarios.find(service, OFFICER, version.scenario_id)
    return decisions.decide(service, OFFICER, seen, Decision(kind, **fields))


def lock(service: Service, version: Version, person: str, cell: str) -> Taken:
    return decide(
        service,
        version,
        DecisionKind.LOCK,
        person_id=person,
        cell_id=cell,
        reason="conflict",
    )


def complain(service: Service, version: Version, person: str, cell: str | None = None) -> Taken:
    return decide(
        service,
        version,
        DecisionKind.COMPLAIN,
        person_id=person,
        cell_id=cell,
        reason="safety",
    )


def state_of(service: Service, plan: SeenPlan) -> PlanState:
    return read_status(service, REVIEWER, plan.plan_id).state


def last_change(service: Service, plan: SeenPlan) -> dict[str, Any]:
    return dict(read_workflow(service, REVIEWER, plan.plan_id).history[-1])


def test_a_plan_has_its_time(service: Service, clock: TestClock) -> None:
    _, plan = draft(service)
    proposed(service, plan)
    clock.forward(hours=23)
    assert expire_due(service) == ()
    clock.forward(hours=1)
    with pytest.raises(ExpiredError, match="time is over"):
        proposing.review(service, REVIEWER, plan, values(Seen))
    change = last_change(service, plan)
    assert (change["after"], change["reason"]) == ("expired", "time_over")
    assert change["by"] == "system:workflow"


def test_what_is_due_expires_without_anybody_asking(service: Service, clock: TestClock) -> None:
    _, first = draft(service)
    clock.forward(hours=20)
    _, second = draft(service)
    clock.forward(hours=5)
    assert expire_due(service) == (first.plan_id,)
    assert state_of(service, first) is PlanState.EXPIRED
    assert state_of(service, second) is PlanState.DRAFT
    assert expire_due(service) == ()


def _arrived(found: dict[str, Any]) -> None:
    found["people"].append({**found["people"][1], "person_id": "P6", "current_place": "RECP"})


def _left(found: dict[str, Any]) -> None:
    del found["people"][1]


def _moved(found: dict[str, Any]) -> None:
    found["people"][1]["current_place"] = "W-3"


def _older(found: dict[str, Any]) -> None:
    found["people"][1]["age_years"] += 1


def _closed(found: dict[str, Any]) -> None:
    found["cells"][1] |= {"status": "INACTIVE", "deactivated_reason": "DAMP"}


def _apart(found: dict[str, Any]) -> None:
    found["non_associations"] = [
        {"person_a": "P1", "person_b": "P3", "restriction": "cell", "reason": "THREAT"}
    ]


def _next_day(found: dict[str, Any]) -> None:
    found["day"] = "2026-01-16"


def _evidence(found: dict[str, Any]) -> None:
    found["influence_edges"] = [
        {
            "source": "P1",
            "target": "P3",
            "kind": "coerces",
            "strength": 2,
            "source_grade": "B",
            "basis": "fact",
            "observed_at": "2026-01-10",
            "expires_at": "2026-03-10",
        }
    ]


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (_arrived, {"people_arrived": 1}),
        (_left, {"people_left": 1}),
        (_moved, {"people_moved": 1}),
        (_older, {"facts_of_people": 1}),
        (_closed, {"cells_closed": 1}),
        (_apart, {"non_associations_added": 1}),
        (_next_day, {"day_changed": 1}),
        (_evidence, {"influence_edges_added": 1}),
    ],
)
def test_a_change_of_the_data_ends_a_plan_and_is_named(
    sqlite_service: Service, change: Change, kinds: dict[str, int]
) -> None:
    service = sqlite_service
    version, plan = draft(service)
    reviewed(service, plan)
    found = prison()
    change(found)
    scenarios.revise(service, PLANNER, version, found)
    with pytest.raises(ExpiredError) as caught:
        signing.sign(service, FIRST, plan, approval(*SIMPLE))
    (kind,) = kinds
    assert kind.replace("_", " ") in caught.value.user_message
    assert "P" + "1" not in caught.value.user_message
    told = last_change(service, plan)
    assert (told["reason"], told["detail"]["changed"]) == ("data_moved_on", kinds)


def test_words_of_a_scenario_concern_nobody(service: Service) -> None:
    version, plan = draft(service)
    words = {**prison(), "description": "as of this morning"}
    scenarios.revise(service, PLANNER, version, words)
    assert proposed(service, plan).state is PlanState.PROPOSED


def test_a_lock_that_the_plan_keeps_does_not_end_it(service: Service) -> None:
    version, plan = draft(service)
    reviewed(service, plan)
    assert lock(service, version, "P1", "W-3").ended == ()
    signing.sign(service, FIRST, plan, approval(*SIMPLE))
    found = read_workflow(service, REVIEWER, plan.plan_id)
    assert found.fits
    assert found.fit["unconcerning"] == [{"kind": "locks_added", "count": 1, "ids": ["P1"]}]


def test_a_lock_elsewhere_ends_a_plan(service: Service) -> None:
    version, plan = draft(service)
    proposed(service, plan)
    assert lock(service, version, "P1", "W-1").ended == (plan.plan_id,)
    assert last_change(service, plan)["detail"]["changed"] == {"locks_added": 1}


def test_a_ban_of_another_cell_does_not_end_a_plan_and_taking_it_back_does(
    sqlite_service: Service,
) -> None:
    service = sqlite_service
    version, plan = draft(service)
    ban = {"person_id": "P1", "cell_id": "W-2", "reason": "health"}
    assert decide(service, version, DecisionKind.FORBID, **ban).ended == ()
    back = decide(service, version, DecisionKind.WITHDRAW, person_id="P1", cell_id="W-2")
    assert back.ended == ()  # as if it had never been: the content hash is that of the plan
    ban["cell_id"] = "W-3"
    assert decide(service, version, DecisionKind.FORBID, **ban).ended == (plan.plan_id,)


def test_a_refused_cell_of_a_plan_ends_it(sqlite_service: Service) -> None:
    service = sqlite_service
    version, plan = draft(service)
    refusal = {"person_id": "P3", "reason": "vulnerable", "plan_id": plan.plan_id}
    taken = decide(service, version, DecisionKind.REJECT, **refusal)
    assert taken.ended == (plan.plan_id,)
    assert taken.document["row"]["cell_id"] == "W-3"
    with pytest.raises(UnfitReasonError):
        decide(service, version, DecisionKind.REJECT, person_id="P3", reason="vulnerable")


def test_a_complaint_ends_every_plan_that_would_move_the_person(service: Service) -> None:
    version, plan = draft(service)
    signed_by_one = reviewed(service, plan)
    assert signed_by_one.state is PlanState.REVIEWED
    taken = complain(service, version, "P3")
    assert taken.ended == (plan.plan_id,)
    change = last_change(service, plan)
    assert change["detail"]["changed"] == {"complaints_added": 1}
    assert "complaints added: 1" in change["text"]
    with pytest.raises(ExpiredError):
        signing.sign(service, FIRST, plan, approval("move:P3"))


def test_a_complaint_of_somebody_who_stays_does_not_end_a_plan(service: Service) -> None:
    version, plan = draft(service)
    reviewed(service, plan)
    assert complain(service, version, "P2").ended == ()
    signing.sign(service, FIRST, plan, approval(*SIMPLE))


@pytest.mark.parametrize(("against", "ends"), [(None, False), ("W-3", True)])
def test_an_urgent_move_goes_on_unless_its_own_cell_is_complained_of(
    sqlite_service: Service, against: str | None, *, ends: bool
) -> None:
    service = sqlite_service
    found = prison()
    _closed(found)  # P3 is in a cell where nobody may stay
    version, plan = draft(service, found=found)
    proposed(service, plan)
    expected = (plan.plan_id,) if ends else ()
    assert complain(service, version, "P3", against).ended == expected


def test_a_decision_needs_the_newest_version_and_a_reason_of_the_list(service: Service) -> None:
    version, _ = draft(service)
    wanted = Decision(DecisionKind.LOCK, "P1", "W-3", "conflict")
    decisions.decide(service, OFFICER, version, wanted)
    with pytest.raises(StaleError):
        decisions.decide(service, OFFICER, version, replace(wanted, person_id="P2"))
    with pytest.raises(UnfitReasonError):
        decisions.decide(service, OFFICER, version, replace(wanted, reason="no_staff"))
    with pytest.raises(UnfitReasonError):
        decisions.decide(service, OFFICER, version, replace(wanted, cell_id=None))


def test_a_complaint_is_closed_with_its_outcome(service: Service) -> None:
    version, _ = draft(service)
    complain(service, version, "P2")
    closing = {"person_id": "P2", "reason": "partly_upheld"}
    taken = decide(service, version, DecisionKind.CLOSE_COMPLAINT, **closing)
    newest = scenarios.find(service, OFFICER, version.scenario_id)
    assert (newest.number, newest.why) == (taken.version, "close_complaint")
    (row,) = newest.require_document()["complaints"]
    assert (row["outcome"], row["closed_by"]) == ("partly_upheld", OFFICER.actor)


def test_who_may_not_read_intelligence_is_told_numbers_alone(sqlite_service: Service) -> None:
    service = sqlite_service
    version, plan = draft(service)
    found = prison()
    _evidence(found)
    scenarios.revise(service, PLANNER, version, found)
    security = caller(Role.SECURITY, facilities=BOTH, actor="account:security")
    seen: dict[str, Workflow] = {
        who.actor: read_workflow(service, who, plan.plan_id) for who in (REVIEWER, security)
    }
    assert seen[REVIEWER.actor].fit["changed"][0]["ids"] == []
    assert seen[security.actor].fit["changed"][0]["ids"] == ["P1", "P3"]
    assert not seen[REVIEWER.actor].fits
