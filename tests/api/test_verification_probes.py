"""Plans that are made up to find out what is recorded: the verdict is honest, and tells no more."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import pytest
from fastapi.testclient import TestClient

from allocator.explain.readers import RECORDED
from allocator.jobs.task import read_source
from allocator.prepare.plan_document import plan_document
from allocator.service import scenarios
from allocator.service.access.judged import HARD, OTHER
from allocator.service.access.roles import Role
from allocator.service.root import Service
from tests.api import marked_world as world
from tests.api.conftest import audit, client_of
from tests.jobs.fakes import put
from tests.service.conftest import MakeService, caller

PROBES: Mapping[str, dict[str, str | None]] = {
    "non_association": {"P2": "W-1"},
    "protection_need": {"P3": "W-4"},
    "membership": {"P6": "X-1"},
    "finding and edge": {"P7": "X-4"},
}
HARMLESS: dict[str, str | None] = {"P3": "W-1"}
ASKERS = [Role.OFFICER, Role.SECURITY, Role.PLANNER, Role.INSPECTOR]


def marked(*, hard: bool) -> dict[str, Any]:
    found = world.marked_document(["reviewer"])
    if hard:
        del found["legal_profile"]
    return found


class Asked:
    """A stored scenario, and verdicts on plans that move a few people in it."""

    def __init__(self, service: Service, found: dict[str, Any]) -> None:
        self.service, self.found = service, found
        everybody = caller(*Role, actor="account:owner")
        self.scenario_id = scenarios.upload(service, everybody, found).scenario_id

    def plan(self, moved: Mapping[str, str | None], **changed: Any) -> dict[str, Any]:
        where = {**world.PRESENT, **moved}
        return {**plan_document(put(read_source(self.found), where)), **changed}

    def ask(self, client: TestClient, plan: Mapping[str, Any]) -> Any:
        body = {"plan": plan, "scenario_id": self.scenario_id}
        return client.post("/v1/verifications", json=body)

    def verdict(self, role: Role, moved: Mapping[str, str | None], **changed: Any) -> Any:
        client = client_of(self.service, caller(role, actor=f"account:{role}"))
        answer = self.ask(client, self.plan(moved, **changed))
        assert answer.status_code == HTTPStatus.OK, answer.text
        return answer.json()


@pytest.fixture
def service(make_service: MakeService) -> Service:
    return make_service(verifications_per_minute=1000)


@pytest.fixture
def strict(service: Service) -> Asked:
    return Asked(service, marked(hard=True))


@pytest.fixture
def derogable(service: Service) -> Asked:
    return Asked(service, marked(hard=False))


@pytest.mark.parametrize("role", ASKERS)
@pytest.mark.parametrize("probe", ["non_association", "protection_need", "membership"])
def test_that_a_hard_rule_is_broken_is_told_and_not_where(
    strict: Asked, probe: str, role: Role
) -> None:
    found = strict.verdict(role, PROBES[probe], derogations=[])
    assert found["verified"] is False
    assert found["withheld"] == HARD
    (row,) = (r for r in found["judgement"]["unlawful"] if r["rule"] == RECORDED)
    assert (row["person_ids"], row["place"], row["amount"], row["detail"]) == ([], "", None, "")
    assert [word for word in world.CANARIES if word in json.dumps(found)] == []


@pytest.mark.parametrize("role", ASKERS)
def test_one_record_is_told_as_another_and_two_as_one(strict: Asked, role: Role) -> None:
    """What is told of each probe is the same, so that only that there is something is learnt."""
    told = [
        strict.verdict(role, moved, derogations=[])
        for moved in (
            PROBES["non_association"],
            PROBES["protection_need"],
            PROBES["non_association"] | PROBES["protection_need"],
        )
    ]
    parts = [(t["verified"], t["withheld"], t["judgement"]["unlawful"]) for t in told]
    assert parts[0] == parts[1] == parts[2]


@pytest.mark.parametrize("probe", PROBES)
def test_of_what_has_to_be_signed_for_no_more_is_told(derogable: Asked, probe: str) -> None:
    found = derogable.verdict(Role.OFFICER, PROBES[probe], derogations=[])
    assert found["verified"] is False
    assert found["withheld"] == OTHER
    (row,) = found["judgement"]["derogations"]
    assert (row["rule"], row["place"], row["amount"], row["points"]) == (RECORDED, "", None, None)
    assert row["signed_by"] is None
    assert "governor" not in json.dumps(found)


def test_where_nothing_is_broken_nothing_is_withheld(strict: Asked) -> None:
    found = strict.verdict(Role.OFFICER, HARMLESS)
    assert (found["verified"], found["withheld"]) == (True, None)


def test_values_are_confirmed_and_never_told(derogable: Asked) -> None:
    moved = PROBES["finding and edge"]
    true = derogable.plan(moved)
    points = true["exposure"]["spillover"]
    assert points > 0
    for said in (0, points - 1, points + 1):
        wrong = {**true["exposure"], "spillover": said}
        found = derogable.verdict(Role.OFFICER, moved, exposure=wrong)
        assert found["judgement"]["exposure"]["spillover"] is None
        words = [w for w in found["discrepancies"] if w.startswith("exposure of kind")]
        assert words == ["exposure of kind spillover is not what it is said to be"]
    right = derogable.verdict(Role.OFFICER, moved)["judgement"]["exposure"]
    assert right["spillover"] == points
    tiers = [{**tier, "value": tier["value"] + 3, "bound": None} for tier in true["tiers"]]
    found = derogable.verdict(Role.OFFICER, moved, tiers=tiers)
    assert set(found["judgement"]["tiers"].values()) == {None}
    words = [w for w in found["discrepancies"] if w.startswith(("tier", "exposure"))]
    assert words
    assert not any(sign.isdigit() for sign in "".join(words))


def test_a_bound_is_no_way_to_count(derogable: Asked) -> None:
    """A bound above the value is a discrepancy; how far above is nobody's to find out."""
    true = derogable.plan(PROBES["finding and edge"])
    told = set()
    for bound in (1, 10_000):
        tiers = [{**tier, "value": tier["value"] + 3, "bound": bound} for tier in true["tiers"]]
        found = derogable.verdict(Role.OFFICER, PROBES["finding and edge"], tiers=tiers)
        told.add(json.dumps([w for w in found["discrepancies"] if w.startswith("tier")]))
    assert len(told) == 1


def test_whom_it_was_released_to_is_told(strict: Asked) -> None:
    who = caller(Role.SECURITY, Role.REVIEWER, actor="account:both")
    plan = strict.plan(PROBES["non_association"], derogations=[])
    found = strict.ask(client_of(strict.service, who), plan).json()
    (row,) = found["judgement"]["unlawful"]
    assert row["person_ids"] == ["P1", "P2"]
    assert row["place"] == "W-1"
    assert found["withheld"] is None


def test_whom_it_asks_about_is_noted_and_the_answer_is_not(strict: Asked) -> None:
    def noted(moved: Mapping[str, str | None]) -> tuple[set[str], list[dict[str, Any]]]:
        before = len(audit(strict.service))
        strict.verdict(Role.OFFICER, moved, derogations=[])
        rows = audit(strict.service)[before:]
        assert {row.action for row in rows} == {"verify"}
        return {row.subject for row in rows}, [row.detail for row in rows]

    keys = strict.service.keys
    subjects, guilty = noted(PROBES["non_association"])
    assert subjects == {keys.subject("P1"), keys.subject("P2")}
    subjects, harmless = noted(HARMLESS)
    assert subjects == {keys.subject("P1"), keys.subject("P3")}
    assert guilty == harmless == [{"version": 1, "people": 2}] * 2


def test_who_may_not_see_everything_asks_a_few_times_a_minute(make_service: MakeService) -> None:
    asked = Asked(make_service(verifications_per_minute=2), marked(hard=True))
    plan = asked.plan(HARMLESS)
    officer, whole = (
        client_of(asked.service, caller(*roles, actor=f"account:{len(roles)}"))
        for roles in ((Role.OFFICER,), (Role.SECURITY, Role.REVIEWER))
    )
    assert [asked.ask(officer, plan).status_code for _ in range(3)] == [200, 200, 429]
    late = asked.ask(officer, plan)
    assert late.json()["code"] == "rate_limited"
    assert int(late.headers["Retry-After"]) >= 1
    assert [asked.ask(whole, plan).status_code for _ in range(3)] == [200] * 3
