"""The interface answers random requests as it is described, never with a 5xx."""

from allocator.api.app import create_app
from allocator.api.identity import identify
from allocator.service.access.roles import Role
from allocator.service.root import Service
from allocator.store.tables import Worker
from benchmarks.contract import EVERYBODY, check_contract
from tests.api.conftest import PLAN_ID, caller, client_of, store_plan, upload
from tests.scenario_documents import document

EACH = 6  # of every operation; `python -m benchmarks.contract` sends 5,000 in all


def test_every_answer_is_described(sqlite_service: Service) -> None:
    scenario_id = upload(client_of(sqlite_service, caller(Role.PLANNER)), document())
    store_plan(sqlite_service, scenario_id, document())
    with sqlite_service.database.write() as session:
        now = sqlite_service.clock()
        session.add(Worker(worker_id="w", host="h", pid=1, started_at=now, seen_at=now))
    app = create_app(sqlite_service)
    app.dependency_overrides[identify] = lambda: EVERYBODY
    known = {"scenario_id": scenario_id, "plan_id": PLAN_ID, "person_id": "P1"}
    found = check_contract(app, known, EACH)
    assert found.failures == {}
    assert found.cases > 300
    assert {"get_plan 200", "get_plan 404", "explain_placement 200"} <= set(found.statuses)
