"""What an owner restricted is told to the roles that it was released to, on every route (R60)."""

import json
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from allocator.explain.readers import HIDDEN_WORDS, RECORDED
from allocator.service import scenarios
from allocator.service.access.roles import Role
from allocator.service.root import Service, open_service
from allocator.service.settings import read_settings
from tests.api import marked_world as world
from tests.api.conftest import client_of
from tests.service.conftest import SECRET, TestClock, caller

RULES = ("R09", "R10", "R18", "R19", "R21", "R32", "R33")
RELEASES = (["reviewer"], ["inspector", "security"])
Answers = dict[str, str]


class Prison:
    """A filled service, and what it answers to a role on every route, asked once."""

    def __init__(self, folder: Path, release: list[str]) -> None:
        settings = read_settings(data_folder=folder, secret_key=SECRET)
        self.release = release
        self.service: Service = open_service(settings, TestClock())
        self.scenario_id = world.fill(self.service, world.marked_document(release))
        self.answers = cache(self._answers)

    def _answers(self, *roles: Role) -> Answers:
        client = client_of(self.service, caller(*roles, actor=f"account:{'-'.join(roles)}"))
        return world.ask(client, self.scenario_id, world.plan_of(self.service))


@pytest.fixture(scope="module", params=RELEASES, ids="-".join)
def prison(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prison]:
    found = Prison(tmp_path_factory.mktemp("marked"), request.param)
    yield found
    found.service.database.close()


def hidden_parts(value: Any) -> Iterator[dict[str, Any]]:
    """Parts of an answer that name recorded information."""
    if isinstance(value, dict):
        if RECORDED in (value.get("rule"), value.get("source")):
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from hidden_parts(item)


@pytest.mark.parametrize("role", world.READING)
def test_nobody_is_told_what_was_not_released_to_them(prison: Prison, role: Role) -> None:
    if role in prison.release:
        pytest.skip("it was released to this role")
    for path, text in prison.answers(role).items():
        assert [word for word in world.CANARIES if word in text] == [], path
        is_scenario = path.startswith("/v1/scenarios/") and '"document"' in text
        assert is_scenario or [rule for rule in RULES if rule in text] == [], path


def test_every_route_answers(prison: Prison) -> None:
    answers = prison.answers(*Role)
    failed = {path: text for path, text in answers.items() if '"status":' in text[:200]}
    assert failed == {}
    asked = {path.split("/")[2].split("?")[0] for path in answers}
    assert asked == {"scenarios", "plans", "runs", "verifications"}


@pytest.mark.parametrize("role", world.READING)
def test_what_is_hidden_names_nobody(prison: Prison, role: Role) -> None:
    found = 0
    for path, text in prison.answers(role).items():
        if text.startswith(("{", "[")):
            for part in hidden_parts(json.loads(text)):
                found += 1
                assert not part.get("person_ids"), path
                assert not part.get("detail"), path
                assert part.get("words", HIDDEN_WORDS) == HIDDEN_WORDS, path
    assert found or role in prison.release


@pytest.mark.parametrize("role", world.READING)
def test_every_role_is_told_the_same_numbers(prison: Prison, role: Role) -> None:
    def numbers(answers: Answers) -> Any:
        path = f"/v1/plans/{world.PLAN_ID}"
        summary = json.loads(answers[path])["summary"]
        document = json.loads(answers[f"{path}/document"])["document"]
        judged = json.loads(answers[f"{path}/verification"])
        points = sum(entry["points"] for entry in summary["derogations"])
        told = (summary["tiers"], summary["exposure"], judged["judgement"]["tiers"])
        return points, told, document["tiers"], judged["verified"]

    mine, whole = numbers(prison.answers(role)), numbers(prison.answers(*Role))
    assert mine == whole
    (tier,) = (t["value"] for t in mine[2] if t["tier"] == "derogations")
    assert mine[0] == tier > 0


def test_whom_it_was_released_to_is_told(prison: Prison) -> None:
    plan = f"/v1/plans/{world.PLAN_ID}"
    for role in prison.release:
        answers = prison.answers(Role(role))
        document = json.loads(answers[f"{plan}/document"])["document"]
        pairs = {(e["rule"][:3], tuple(e["person_ids"])) for e in document["derogations"]}
        assert {("R09", ("P1", "P2")), ("R10", ("P3", "P4"))} <= pairs
        assert "canary-authority" in answers[f"{plan}/explanations/P3?cell=W-3"]
        assert "canary-owner-1" in answers[f"/v1/scenarios/{prison.scenario_id}/versions/1"]
        for path in ("report", "verification", "workflow"):
            assert "R10" in answers[f"{plan}/{path}"], path
        sees = role == Role.SECURITY
        assert (("R09", ("P5", "P6")) in pairs) is sees
        assert ("R18" in answers[f"{plan}/report"]) is sees
        for person_id, canary in (
            ("P5", "canary-group"),
            ("P7", "canary-assessor"),
            ("P8", "co_defendant"),
        ):
            path = f"{plan}/explanations/{person_id}?cell={world.PRESENT[person_id]}"
            assert (canary in answers[path]) is sees, path


def test_everybody_with_every_role_is_told_everything(prison: Prison) -> None:
    text = "".join(prison.answers(*Role).values())
    assert RECORDED not in text
    assert [word for word in world.CANARIES if word not in text] == []


def changed(prison: Prison, **more: Any) -> tuple[int, str]:
    """What a planner is answered who adds rows to the tables of the scenario as shown to them."""
    client = client_of(prison.service, caller(Role.PLANNER, actor="account:planner"))
    path = f"/v1/scenarios/{prison.scenario_id}"
    newest = client.get(path)
    number = newest.json()["head"]
    document = client.get(f"{path}/versions/{number}").json()["document"]
    for table, rows in more.items():
        document[table] = [*document.get(table, []), *rows]
    answer = client.put(path, json=document, headers={"If-Match": newest.headers["ETag"]})
    return answer.status_code, answer.text


def test_a_revision_that_disagrees_with_what_is_withheld_is_refused_in_neutral_words(
    prison: Prison,
) -> None:
    row = world.RECORDS["finding"][1] | {"value": "recruiter", "tool": "x", "evidence_ref": "x"}
    row |= {"owner": "", "assessor_role": "x", "network_id": "x"}
    status, text = changed(prison, findings=[row])
    assert status == HTTPStatus.CONFLICT
    assert "not released to your role" in text
    assert "leader" not in text
    assert "canary" not in text
    status, text = changed(prison, findings=[row | {"value": "nothing-known"}])
    assert status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "nothing-known" in text
    assert "canary" not in text


def test_what_changed_is_told_by_kind_to_whom_it_was_released(tmp_path: Path) -> None:
    prison = Prison(tmp_path, ["reviewer"])
    document = world.marked_document(["reviewer"])
    document["non_associations"] = []
    seen = scenarios.find(prison.service, caller(*Role), prison.scenario_id)
    scenarios.revise(prison.service, caller(*Role), seen, document)
    path = f"/v1/plans/{world.PLAN_ID}/workflow"
    for role in (Role.OFFICER, Role.SECURITY, Role.REVIEWER):
        answer = client_of(prison.service, caller(role)).get(path).json()["fit"]
        assert answer["words"] == "Its data have moved on (recorded information: 1)."
        told = {"kind": "recorded_information", "count": 1, "ids": []}
        if role is Role.REVIEWER:
            told = {"kind": "non_associations_gone", "count": 1, "ids": ["P1", "P2"]}
        assert answer["changed"] == [told]
    prison.service.database.close()
