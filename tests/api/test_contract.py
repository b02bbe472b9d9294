"""The interface answers random requests as it is described, never with a 5xx."""

from collections.abc import Callable

from allocator.api.app import create_app
from allocator.api.identity import identify
from allocator.service.access.roles import Role
from allocator.service.root import Service
from benchmarks.contract import EVERYBODY, check_contract
from tests.api.conftest import PLAN_ID, caller, client_of, store_plan, upload
from tests.scenario_documents import document

EACH = 5  # of every operation; `python -m benchmarks.contract` sends 5,000 in all


def test_every_answer_is_described(make_service: Callable[..., Service]) -> None:
    service = make_service(embedded_workers=0)
    scenario_id = upload(client_of(service, caller(Role.PLANNER)), document())
    store_plan(service, scenario_id, document())
    app = create_app(service)
    app.dependency_overrides[identify] = lambda: EVERYBODY
    known = {"scenario_id": scenario_id, "plan_id": PLAN_ID, "person_id": "P1"}
    found = check_contract(app, known, EACH)
    assert found.failures == {}
    assert found.cases > 250
    assert {"get_plan 200", "get_plan 404", "explain_placement 200"} <= set(found.statuses)
