"""What was stored for an audience under an older catalogue is made anew, or not shown (R60)."""

import hashlib
import json
from http import HTTPStatus
from typing import Any

import pytest
from sqlalchemy import select, update

from allocator.explain import markings, readers, records
from allocator.explain.audiences import MOST
from allocator.explain.readers import CATALOGUE, RECORDED
from allocator.service.access.roles import Role
from allocator.service.reports import WITHHELD
from allocator.service.root import Service
from allocator.store.tables import Run, ScenarioVersion, StoredPlan
from tests.api import marked_world as world
from tests.api.conftest import audit, client_of
from tests.service.conftest import caller

OLD = "<html><head></head><p>P1 and P2: canary-owner-1, organised crime</p></html>"
REPORT = f"/v1/plans/{world.PLAN_ID}/report"
KNOWN = {1: "fa88f3e40015", 2: "59cf7cc82869", 3: "59cf7cc82869"}
"""The catalogue's lists by its number: whoever changes a list adds a number."""


@pytest.fixture
def service(sqlite_service: Service) -> Service:
    """On SQLite: what is shown of a stored row does not depend on the database."""
    return sqlite_service


@pytest.fixture
def filled(service: Service) -> str:
    """A prison with reports, an order and conflicts; its scenario."""
    return world.fill(service, world.marked_document(["reviewer"]))


def make_old(service: Service) -> dict[str, str]:
    """Give stored answers the form that they had before there were markings; what they were."""
    with service.database.write() as session:
        plan = session.get_one(StoredPlan, world.PLAN_ID)
        before: dict[str, str] = dict(plan.reports or {})
        plan.reports = {"officer": OLD, "security": OLD}
        session.execute(update(StoredPlan).values(catalogue=0))
        session.execute(update(Run).values(catalogue=0))
    return before


def shown(service: Service, *roles: Role) -> Any:
    return client_of(service, caller(*roles, actor=f"account:{'-'.join(roles)}")).get(REPORT)


def stored(service: Service) -> tuple[dict[str, str], int]:
    with service.database.read() as session:
        row = session.execute(
            select(StoredPlan.reports, StoredPlan.catalogue).where(
                StoredPlan.plan_id == world.PLAN_ID
            )
        ).one()
    return row[0] or {}, row[1]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("role", [Role.OFFICER, Role.SECURITY])
def test_an_older_report_is_made_anew(service: Service, role: Role) -> None:
    before = make_old(service)
    answer = shown(service, role)
    assert answer.status_code == HTTPStatus.OK
    assert [word for word in world.CANARIES if word in answer.text] == []
    assert RECORDED in answer.text.lower()
    assert stored(service) == (before, CATALOGUE)
    again = shown(service, role)
    assert again.text == answer.text
    rows = [row for row in audit(service) if row.detail.get("what") == "report"]
    assert len(rows) == 2


@pytest.mark.usefixtures("filled")
def test_a_present_report_is_shown_as_it_was_stored(service: Service) -> None:
    with service.database.write() as session:
        session.get_one(StoredPlan, world.PLAN_ID).reports = {"officer": OLD, "security": OLD}
    assert "canary-owner-1" in shown(service, Role.OFFICER).text


def test_an_older_report_whose_data_are_gone_is_withheld(service: Service, filled: str) -> None:
    make_old(service)
    with service.database.write() as session:
        session.execute(update(ScenarioVersion).values(document=None))
    for role in (Role.OFFICER, Role.SECURITY):
        answer = shown(service, role)
        assert answer.status_code == HTTPStatus.CONFLICT, filled
        assert answer.json()["user_message"] == WITHHELD
    assert stored(service)[1] == 0


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("run_id", [world.ORDER_ID, world.CONFLICT_ID])
def test_an_older_order_or_conflict_is_for_who_sees_everything(
    service: Service, run_id: str
) -> None:
    path = f"/v1/runs/{run_id}/result"
    make_old(service)
    for roles in ((Role.OFFICER,), (Role.SECURITY,)):
        answer = client_of(service, caller(*roles)).get(path)
        assert answer.status_code == HTTPStatus.CONFLICT
        assert "Start the run again" in answer.json()["user_message"]
    whole = client_of(service, caller(Role.SECURITY, Role.REVIEWER)).get(path)
    assert whole.status_code == HTTPStatus.OK


def test_whoever_changes_the_catalogue_gives_it_another_number() -> None:
    lists = [
        sorted(rule.value for rule in readers.HIDDEN_RULES),
        sorted(kind.value for kind in readers.HIDDEN_RECORDS),
        {k.value: sorted(s.value for s in v) for k, v in sorted(records.AFFECTS.items())},
        sorted(source.value for source in records.EXPOSURE),
        sorted(goal.value for goal in markings.OF_ONE),
        list(markings.MARKED_TABLES),
        {k.value: v.value for k, v in sorted(markings.KIND_OF_FINDING.items())},
        MOST,
    ]
    found = hashlib.sha256(json.dumps(lists).encode()).hexdigest()[:12]
    assert KNOWN[CATALOGUE] == found, "add one to CATALOGUE, and a line here"
