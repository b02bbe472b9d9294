"""The application around a service of the test's own, with callers of the test's choice."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from allocator.api.identity import identify
from allocator.explain.readers import CATALOGUE
from allocator.jobs.request import PlanRequest
from allocator.jobs.summary import summary_document
from allocator.jobs.task import read_source
from allocator.prepare.plan_document import plan_document
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Role
from allocator.service.root import Service
from allocator.store.tables import AuditEntry, StoredPlan
from tests.api.access_app import make_app
from tests.api.direct import WHO, DirectTransport
from tests.api.read_routes import Routes
from tests.jobs.fakes import first_fit
from tests.service.conftest import (
    TestClock,
    caller,
    clock,
    database_url,
    make_service,
    postgres_address,
    postgres_url,
    service,
    sqlite_service,
)

__all__ = [
    "TestClock",
    "caller",
    "clock",
    "database_url",
    "make_service",
    "postgres_address",
    "postgres_url",
    "service",
    "sqlite_service",
]
REPORT = "<!doctype html><html><head><style>p{{}}</style></head><p>tiny {}</p></html>"
ADDRESS = "http://127.0.0.1:8000"
Connect = Callable[..., TestClient]
PLAN_ID = "00000000000000000000000000000001"
OTHER_ID = "00000000000000000000000000000002"
SHARED: list[tuple[Service, FastAPI]] = []  # the last service that was asked for
KNOWN = Routes({identify: lambda: WHO.get()})  # noqa: PLW0108 - `get` has parameters


def _app_of(service: Service) -> FastAPI:
    """The application that known callers of a service share."""
    if not SHARED or SHARED[0][0] is not service:
        SHARED[:] = [(service, KNOWN.app_of(service))]
    return SHARED[0][1]


def client_of(service: Service, who: Caller | None) -> TestClient:
    """A client whose requests come from somebody; from nobody that is known for None."""
    app = make_app(service) if who is None else _app_of(service)
    client = TestClient(app, base_url=ADDRESS)
    client._transport = DirectTransport(app, who=who)
    return client


@pytest.fixture
def connect(sqlite_service: Service) -> Connect:
    """Makes clients of one service on SQLite by role; keywords as `caller` has them."""

    def make(*roles: Role, **details: Any) -> TestClient:
        return client_of(sqlite_service, caller(*roles, **details) if roles else None)

    return make


def upload(client: TestClient, document: dict[str, Any]) -> str:
    """The id of a scenario that a planner uploads."""
    answer = client.post("/v1/scenarios", json=document)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["scenario_id"])


def audit(service: Service) -> list[AuditEntry]:
    """The entries of the audit log in their order."""
    with service.database.read() as session:
        rows = list(session.scalars(select(AuditEntry).order_by(AuditEntry.number)))
        session.expunge_all()
    return rows


def store_plan(
    service: Service,
    scenario_id: str,
    made_from: dict[str, Any],
    plan_id: str = PLAN_ID,
    **changes: Any,
) -> str:
    """Keep a judged first-fit plan of a stored scenario's first version, as a run would."""
    scenario = read_source(made_from)
    planned = first_fit(scenario, PlanRequest("quick", None, 1, 1))
    row = {
        "plan_id": plan_id,
        "scenario_id": scenario_id,
        "version": 1,
        "content_hash": scenario.content_hash,
        "state": "draft",
        "document": plan_document(planned.plan),
        "summary": summary_document(scenario, planned),
        "reports": {"officer": REPORT.format("officer"), "security": REPORT.format("security")},
        "catalogue": CATALOGUE,
        "made_at": datetime(2026, 1, 15, 8, 5, tzinfo=UTC),
        "made_by": "system:test",
    }
    with service.database.write() as session:
        session.add(StoredPlan(**(row | changes)))
    return plan_id
