"""Officers who record different steps of one batch at once; one step is recorded once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from threading import Barrier
from typing import Any

import pytest
from httpx2 import Response

from allocator.service import decisions, scenarios
from allocator.service.decisions import Decision, DecisionKind
from allocator.service.root import Service
from allocator.service.workflow.records import SeenPlan
from tests.api.test_workflow_routes import Desk, code_of
from tests.service.conftest import caller
from tests.service.prison import OFFICER, draft, signed

OTHER = caller(*OFFICER.roles, facilities=tuple(OFFICER.facilities), actor="account:other")
CONFIRM = "steps/{}/confirmation"
FAIL = "steps/{}/failure"
REFUSED = {"reason": "person_refused"}


@pytest.fixture
def plan(service: Service) -> SeenPlan:
    """A plan that is being carried out; its first batch has two steps."""
    _, found = draft(service)
    signed(service, found)
    assert Desk(service, OFFICER).act(found.plan_id, "execution").status_code == HTTPStatus.OK
    return found


@pytest.fixture
def officers(service: Service) -> tuple[Desk, Desk]:
    return Desk(service, OFFICER), Desk(service, OTHER)


def rows(desk: Desk, plan: SeenPlan) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.workflow(plan.plan_id)["steps"]
    return found


def at_once(first: Callable[[], Response], second: Callable[[], Response]) -> list[Response]:
    together = Barrier(2)

    def send(request: Callable[[], Response]) -> Response:
        together.wait()
        return request()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(send, (first, second)))


def test_two_officers_record_two_steps_of_one_batch_from_one_look(
    plan: SeenPlan, officers: tuple[Desk, Desk]
) -> None:
    one, other = officers
    first, second, *_ = rows(one, plan)
    assert first["batch"] == second["batch"]
    answers = at_once(
        lambda: one.act(plan.plan_id, CONFIRM.format(1), tag=first["etag"]),
        lambda: other.act(plan.plan_id, CONFIRM.format(2), tag=second["etag"]),
    )
    assert [answer.status_code for answer in answers] == [HTTPStatus.OK] * 2
    recorded = rows(one, plan)[:2]
    assert [row["state"] for row in recorded] == ["confirmed"] * 2
    assert [row["by"] for row in recorded] == [OFFICER.actor, OTHER.actor]
    assert {row["etag"] for row in recorded}.isdisjoint({first["etag"], second["etag"]})


def test_one_may_fail_while_the_other_is_confirmed(
    plan: SeenPlan, officers: tuple[Desk, Desk]
) -> None:
    one, other = officers
    first, second, *later = rows(one, plan)
    answers = at_once(
        lambda: one.act(plan.plan_id, CONFIRM.format(1), tag=first["etag"]),
        lambda: other.act(plan.plan_id, FAIL.format(2), REFUSED, tag=second["etag"]),
    )
    assert [answer.status_code for answer in answers] == [HTTPStatus.OK] * 2
    found = rows(one, plan)
    assert [row["state"] for row in found] == ["confirmed", "failed", *["stopped"] * len(later)]
    assert one.workflow(plan.plan_id)["state"] == "expired"


@pytest.mark.parametrize("what", [CONFIRM, FAIL])
def test_the_same_step_is_recorded_by_one_of_them(
    plan: SeenPlan, officers: tuple[Desk, Desk], what: str
) -> None:
    one, other = officers
    tag = rows(one, plan)[0]["etag"]
    body = REFUSED if what == FAIL else None
    answers = at_once(
        lambda: one.act(plan.plan_id, CONFIRM.format(1), tag=tag),
        lambda: other.act(plan.plan_id, what.format(1), body, tag=tag),
    )
    good, late = sorted(answers, key=lambda answer: answer.status_code)
    assert good.status_code == HTTPStatus.OK
    assert code_of(late, HTTPStatus.PRECONDITION_FAILED) == "precondition_failed"


def test_the_tag_of_another_step_or_state_says_nothing(
    plan: SeenPlan, officers: tuple[Desk, Desk]
) -> None:
    one, _ = officers
    first, second, *_ = rows(one, plan)
    for tag in (second["etag"], first["etag"].replace("pending", "confirmed"), '"step-1"'):
        answer = one.act(plan.plan_id, CONFIRM.format(1), tag=tag)
        assert code_of(answer, HTTPStatus.PRECONDITION_FAILED) == "precondition_failed"
    halt = one.act(plan.plan_id, "halt", {"reason": "incident"}, tag=first["etag"])
    assert code_of(halt, HTTPStatus.PRECONDITION_FAILED) == "precondition_failed"


def test_the_tag_of_the_plan_still_opens_every_step(
    plan: SeenPlan, officers: tuple[Desk, Desk]
) -> None:
    one, other = officers
    tag = one.client.get(f"/v1/plans/{plan.plan_id}/workflow").headers["ETag"]
    assert one.act(plan.plan_id, CONFIRM.format(1), tag=tag).status_code == HTTPStatus.OK
    late = other.act(plan.plan_id, CONFIRM.format(2), tag=tag)
    assert code_of(late, HTTPStatus.PRECONDITION_FAILED) == "precondition_failed"


def test_a_later_batch_waits_whatever_tag_comes(
    plan: SeenPlan, officers: tuple[Desk, Desk]
) -> None:
    one, _ = officers
    last = rows(one, plan)[-1]
    assert last["batch"] > 1
    answer = one.act(plan.plan_id, CONFIRM.format(last["number"]), tag=last["etag"])
    assert code_of(answer, HTTPStatus.CONFLICT) == "state_conflict"


def test_a_step_that_a_complaint_stopped_is_another_than_was_seen(
    service: Service, plan: SeenPlan, officers: tuple[Desk, Desk]
) -> None:
    one, _ = officers
    first, second, *_ = rows(one, plan)
    assert one.act(plan.plan_id, CONFIRM.format(1), tag=first["etag"]).status_code == HTTPStatus.OK
    scenario_id = one.workflow(plan.plan_id)["scenario_id"]
    complaint = Decision(DecisionKind.COMPLAIN, second["person_id"], reason="safety")
    version = scenarios.find(service, OFFICER, scenario_id)
    decisions.decide(service, OFFICER, version, complaint)
    late = one.act(plan.plan_id, CONFIRM.format(2), tag=second["etag"])
    assert code_of(late, HTTPStatus.PRECONDITION_FAILED) == "precondition_failed"
