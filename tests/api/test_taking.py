"""From an offered place to a recorded decision and a draft plan, in one call."""

from http import HTTPStatus
from typing import Any

import pytest

from allocator.jobs.place import Placer
from allocator.jobs.task import read_source
from allocator.jobs.urgent import urgent_plan
from allocator.model.plan import MadeBy
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Role
from allocator.service.root import Service
from allocator.service.workflow.reasons import Seen
from allocator.verify import check_plan
from tests.api.conftest import audit, client_of
from tests.scenario_documents import document
from tests.service.conftest import caller
from tests.service.prison import FIRST, OFFICER, PLANNED, PLANNER, REVIEWER, draft, prison

APPROVAL = {"item_ids": ["move:P1"], "decision": "approve", "reason": "conflict"}
TAKE = {"person_id": "P1", "cell_id": "W-2", "reason": "conflict", "text": "after a quarrel"}


def arrival() -> dict[str, Any]:
    """Three people in one-bed cells and one at reception; W-2 and W-4 are free."""
    found = document(4, (1, 1, 1, 1, 1))
    found["virtual_places"] = [{"place_id": "RECP", "facility_id": "F", "kind": "RECEPTION"}]
    for person, place in zip(found["people"], ("RECP", "W-1", "W-3", "W-5"), strict=True):
        person["current_place"] = place
    return found


@pytest.fixture
def scenario_id(sqlite_service: Service) -> str:
    found = client_of(sqlite_service, PLANNER).post("/v1/scenarios", json=arrival())
    assert found.status_code == HTTPStatus.CREATED, found.text
    return str(found.json()["scenario_id"])


def take(service: Service, scenario_id: str, who: Caller = OFFICER, **changes: Any) -> Any:
    """Ask for offers and take one of them."""
    client = client_of(service, who)
    path = f"/v1/scenarios/{scenario_id}"
    seen = {"If-Match": client.get(path).headers["ETag"]}
    headers = seen | changes.pop("headers", {})
    return client.post(f"{path}/placements:take", json=TAKE | changes, headers=headers)


def test_an_offer_becomes_a_decision_and_a_draft_plan(
    sqlite_service: Service, scenario_id: str
) -> None:
    client = client_of(sqlite_service, OFFICER)
    path = f"/v1/scenarios/{scenario_id}"
    offers = client.post(f"{path}/placements", json={"person_id": "P1"})
    assert "W-2" in {offer["cell_id"] for offer in offers.json()["offers"]}
    assert offers.headers["ETag"] == client.get(path).headers["ETag"]
    sent = {"If-Match": offers.headers["ETag"], "Idempotency-Key": "tonight"}
    taken, again = (
        client.post(f"{path}/placements:take", json=TAKE, headers=sent) for _ in range(2)
    )
    assert taken.status_code == HTTPStatus.CREATED, taken.text
    assert again.json() == taken.json()
    found = taken.json()
    assert (found["version"], found["ended_plans"]) == (2, [])
    assert found["offer"]["offers"][0]["cell_id"] == "W-2"
    (lock,) = client.get(f"{path}/versions/2").json()["document"]["locks"]
    assert (lock["kind"], lock["cell_id"], lock["by"], lock["text"]) == (
        "lock", "W-2", OFFICER.actor, "after a quarrel",
    )  # fmt: skip
    plan = client.get(f"/v1/plans/{found['plan_id']}").json()
    assert (plan["state"], plan["version"], plan["made_by"]) == ("draft", 2, OFFICER.actor)
    move = {"person_id": "P1", "from": "RECP", "to": "W-2", "first_placement": True}
    assert plan["summary"]["moves"] == [move]
    assert client.get(f"/v1/plans/{found['plan_id']}/verification").json()["verified"] is True
    assert "took" in client.get(f"/v1/plans/{found['plan_id']}/report").text
    made = [row for row in audit(sqlite_service) if row.action in {"decision.write", "plan.make"}]
    assert [(row.action, row.actor) for row in made] == [
        ("decision.write", OFFICER.actor),
        ("plan.make", OFFICER.actor),
    ]
    assert {row.subject for row in made} == {sqlite_service.keys.subject("P1")}


def test_the_draft_goes_the_way_of_every_plan(sqlite_service: Service, scenario_id: str) -> None:
    plan = take(sqlite_service, scenario_id).json()["plan_id"]
    path, found = f"/v1/plans/{plan}", {}
    for who, what, body in (
        (OFFICER, "proposal", {}),
        (
            REVIEWER,
            "review",
            {"looked_at": [entry.value for entry in Seen]},
        ),
        (
            FIRST,
            "signatures",
            {"item_ids": ["move:P1"], "decision": "approve", "reason": "conflict"},
        ),
        (OFFICER, "execution", None),
        (OFFICER, "steps/1/confirmation", None),
    ):
        client = client_of(sqlite_service, who)
        tag = {"If-Match": client.get(f"{path}/workflow").headers["ETag"]}
        done = client.post(f"{path}/{what}", json=body, headers=tag)
        assert done.status_code == HTTPStatus.OK, (what, done.text)
        found = done.json()
    assert (found["state"], found["newest_version"]) == ("executed", 3)


def test_an_offer_that_somebody_else_took_is_refused(
    sqlite_service: Service, scenario_id: str
) -> None:
    assert take(sqlite_service, scenario_id).status_code == HTTPStatus.CREATED
    client = client_of(sqlite_service, OFFICER)
    path = f"/v1/scenarios/{scenario_id}"
    full = client.get(f"{path}/versions/2").json()["document"]
    full["people"][0]["current_place"] = "W-2"
    tag = {"If-Match": client.get(path).headers["ETag"]}
    planner = client_of(sqlite_service, PLANNER)
    assert planner.put(path, json=full, headers=tag).status_code == HTTPStatus.OK
    gone = take(sqlite_service, scenario_id, person_id="P3")
    assert (gone.status_code, gone.json()["code"]) == (HTTPStatus.CONFLICT, "offer_gone")
    assert "R" in gone.json()["user_message"]
    there = take(sqlite_service, scenario_id)
    assert "is in it" in there.json()["user_message"]
    assert client.get(path).json()["number"] == 3


def test_only_a_person_who_may_place_and_decide_takes_a_place(
    sqlite_service: Service, scenario_id: str
) -> None:
    path = f"/v1/scenarios/{scenario_id}"
    tag = client_of(sqlite_service, OFFICER).get(path).headers["ETag"]

    def status(who: Caller) -> int:
        client = client_of(sqlite_service, who)
        sent = {"If-Match": tag}
        return client.post(f"{path}/placements:take", json=TAKE, headers=sent).status_code

    for role in set(Role) - {Role.OFFICER}:
        assert status(caller(role, actor=f"account:{role}")) == HTTPStatus.FORBIDDEN, role
    assert status(caller(Role.OFFICER, actor="key:night")) == HTTPStatus.FORBIDDEN
    assert status(caller(Role.OFFICER, facilities=("H",))) == HTTPStatus.NOT_FOUND
    assert status(caller(Role.OFFICER)) == HTTPStatus.CREATED


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"person_id": "P9"}, 404, "not_found"),
        ({"cell_id": "W-9"}, 404, "not_found"),
        ({"reason": "lack_of_staff"}, 422, "reason_unfit"),
        ({"headers": {"If-Match": '"old"'}}, 412, "precondition_failed"),
        ({"headers": {"If-Match": ""}}, 428, "precondition_required"),
    ],
)
def test_what_is_refused(
    sqlite_service: Service, scenario_id: str, changes: Any, status: int, code: str
) -> None:
    answer = take(sqlite_service, scenario_id, **changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (
        client_of(sqlite_service, OFFICER).get(f"/v1/scenarios/{scenario_id}").json()["head"] == 1
    )


def test_other_plans_that_put_the_person_elsewhere_end(sqlite_service: Service) -> None:
    version, plan = draft(sqlite_service, PLANNED, prison())
    answer = take(sqlite_service, version.scenario_id, cell_id="W-3", person_id="P2")
    assert answer.status_code == HTTPStatus.CREATED, answer.text
    assert answer.json()["ended_plans"] == [plan.plan_id]


def test_a_plan_of_the_present_and_one_move_is_verified_and_says_so() -> None:
    """Every lawful cell of everybody: the judge's changes are those that the offer promised."""
    scenario = read_source(arrival())
    placer = Placer(scenario)
    for person in scenario.people:
        for offer in placer.place(person.person_id).offers:
            plan = urgent_plan(scenario, person.person_id, offer.cell_id).plan
            assert plan.verified
            assert check_plan(scenario, plan) == ()
            assert plan.provenance.made_by is MadeBy.URGENT
            assert [(m.person_id, m.cell_id) for m in plan.moves] == [
                (person.person_id, offer.cell_id)
            ]
            now = placer.present.tiers
            for entry in plan.tiers:
                assert entry.value - now[entry.tier] == offer.tiers.get(entry.tier, 0)


def test_a_prison_that_breaks_a_hard_rule_gets_no_verified_plan() -> None:
    found = arrival()
    found["people"][1]["current_place"] = found["people"][2]["current_place"] = "W-1"
    found["cells"][0] |= {"working_capacity": 2, "max_capacity": 2}
    found["non_associations"] = [{"person_a": "P2", "person_b": "P3", "restriction": "cell"}]
    planned = urgent_plan(read_source(found), "P1", "W-2")
    assert not planned.plan.verified
    assert planned.judgement.unlawful
