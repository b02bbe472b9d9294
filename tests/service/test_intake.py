"""Arrivals: a lawful place at once, and a plan anew when the assessment is there (R74)."""

from typing import Any

import pytest

from allocator.errors import ScenarioError
from allocator.service import intake, scenarios
from allocator.service.access.roles import Role
from allocator.service.errors import ForbiddenError, NotFoundError, StaleError, StateError
from allocator.service.root import Service
from allocator.service.workflow.expiry import require_fit
from allocator.service.workflow.states import PlanState
from allocator.service.workflow.views import read_status
from tests.service.conftest import caller
from tests.service.prison import BOTH, OFFICER, PRESENT, draft, draft_of


def arrival(**fields: Any) -> dict[str, Any]:
    return {
        "person_id": "P6",
        "sex": "M",
        "age_years": 23,
        "legal_category": "sentenced",
        "current_place": "RECP",
        **fields,
    }


def flag(service: Service, scenario_id: str) -> bool:
    with service.database.read() as session:
        return intake.needs_replan(session, scenario_id)


def test_an_arrival_is_offered_a_lawful_place_at_once(service: Service) -> None:
    version, plan = draft(service)
    taken = intake.arrive(service, OFFICER, version, arrival())
    cells = [offer["cell_id"] for offer in taken.offers["offers"]]
    assert "W-3" in cells  # an empty single cell; nobody's sharing risk is known yet
    assert taken.offers["verified"]
    assert not {"W-1", "W-4", "S-1"} & {*cells}
    assert (taken.version, taken.needs_replan, taken.ended) == (2, True, (plan.plan_id,))
    assert read_status(service, OFFICER, plan.plan_id).state is PlanState.EXPIRED


def test_the_flag_is_cleared_by_a_plan_that_knows_the_assessment(service: Service) -> None:
    version, _ = draft(service)
    intake.arrive(service, OFFICER, version, arrival())
    unassessed = scenarios.find(service, OFFICER, version.scenario_id)
    draft_of(service, unassessed, {**PRESENT, "P6": "W-3"})
    assert not flag(service, version.scenario_id)
    facts = {"sharing_assessed_at": "2026-01-15", "sharing_risk": "review"}
    assert intake.assess(service, OFFICER, unassessed, "P6", facts).needs_replan
    newest = scenarios.find(service, OFFICER, version.scenario_id)
    assert newest.why == "assessment"
    again = draft_of(service, newest, {**PRESENT, "P6": "W-3"})
    assert not flag(service, version.scenario_id)
    assert require_fit(service, OFFICER, again).reason == ""


def test_an_assessed_arrival_needs_no_plan_of_its_own(service: Service) -> None:
    version, _ = draft(service)
    person = arrival(sharing_assessed_at="2026-01-14")
    assert not intake.arrive(service, OFFICER, version, person).needs_replan


def test_what_is_not_an_arrival_or_an_assessment_is_refused(sqlite_service: Service) -> None:
    service = sqlite_service
    version, _ = draft(service)
    with pytest.raises(ScenarioError):
        intake.arrive(service, OFFICER, version, arrival(age_years=4))
    with pytest.raises(StateError):
        intake.arrive(service, OFFICER, version, arrival(person_id="P1"))
    with pytest.raises(NotFoundError):
        intake.assess(service, OFFICER, version, "P6", {"sharing_risk": "review"})
    with pytest.raises(StateError):
        intake.assess(service, OFFICER, version, "P1", {"person_id": "P2"})
    reader = caller(Role.INSPECTOR, facilities=BOTH)
    with pytest.raises(ForbiddenError):
        intake.arrive(service, reader, version, arrival())
    assert scenarios.find(service, OFFICER, version.scenario_id).head == 1


def test_an_arrival_is_of_the_version_that_was_seen(service: Service) -> None:
    version, _ = draft(service)
    intake.arrive(service, OFFICER, version, arrival())
    with pytest.raises(StaleError):
        intake.arrive(service, OFFICER, version, arrival(person_id="P7"))
