"""Figures for a monitor: whose they are, and that they name nobody."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from allocator.service.access.roles import Role
from allocator.service.root import Service
from allocator.store.tables import Run, Worker
from tests.api.access_app import ADDRESS, key_for, make_app
from tests.api.conftest import caller, client_of, upload
from tests.scenario_documents import document
from tests.service.conftest import MakeService


def figures(text: str) -> dict[str, float]:
    """Values by name and labels."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_they_are_for_administrators(sqlite_service: Service) -> None:
    with TestClient(make_app(sqlite_service), base_url=ADDRESS) as client:
        assert client.get("/metrics").status_code == 401
        token = key_for(sqlite_service, Role.PLANNER)
        bearer = {"Authorization": f"Bearer {token}"}
        assert client.get("/metrics", headers=bearer).status_code == 403


@pytest.fixture
def opened(make_service: MakeService) -> Service:
    """A service whose figures are open to a monitor."""
    return make_service(metrics_open=True)


def test_runs_workers_and_requests_are_counted(opened: Service) -> None:
    scenario_id = upload(client_of(opened, caller(Role.PLANNER)), document())
    now = opened.clock()
    common = {"kind": "plan", "scenario_id": scenario_id, "version": 1, "request": {}}
    common |= {"progress": {}, "made_by": "a", "made_at": now - timedelta(seconds=50)}
    times = {"started_at": now - timedelta(seconds=40), "ended_at": now - timedelta(seconds=37)}
    with opened.database.write() as session:
        session.add(Run(run_id="r1", state="queued", **common))
        session.add(Run(run_id="r2", state="done", **common, **times))
        session.add(Worker(worker_id="w", host="h", pid=1, started_at=now, seen_at=now))
    with TestClient(make_app(opened), base_url=ADDRESS) as client:
        client.get(f"/v1/plans/{scenario_id}")
        text = client.get("/metrics").text
    found = figures(text)
    assert found['allocator_runs{kind="plan",state="queued"}'] == 1
    assert found["allocator_queue_age_seconds"] == 50
    assert found['allocator_run_seconds_bucket{le="2.0"}'] == 0
    assert found['allocator_run_seconds_bucket{le="5.0"}'] == 1
    assert found["allocator_run_seconds_sum"] == 3
    assert found["allocator_workers"] == 1
    route = '{method="GET",route="/v1/plans/{plan_id}",status="401"}'
    assert found[f"allocator_requests_total{route}"] == 1
    assert scenario_id not in text
