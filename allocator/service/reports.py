"""The HTML report of a plan, from what was made with it or, under an older catalogue, made anew.

A report is stored for each audience, with the catalogue of what is said to whom built in. One that
was made under another catalogue may say what nobody would be told today, so it is never shown.
"""

from collections.abc import Mapping

from allocator.errors import ScenarioError
from allocator.explain.audiences import audience_of
from allocator.explain.readers import CATALOGUE
from allocator.jobs.results import report_documents
from allocator.jobs.verification import scenario_of_plan
from allocator.service import scenarios
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.audit.chain import Event
from allocator.service.errors import StateError
from allocator.service.reading_plans import (
    GONE,
    KIND,
    PlanHeading,
    heading_of_plan,
    plan_unnoted,
    reader_of_plan,
)
from allocator.service.root import Service
from allocator.store.tables import StoredPlan

WITHHELD = (
    "This report was made before it was settled what is said to whom, and its data are no longer "
    "whole, so that it cannot be made anew. It is not shown."
)


def report_of(service: Service, caller: Caller, plan_id: str) -> str:
    """The HTML report for a reader like the caller; the read is noted.

    Raises
    ------
    StateError
        If retention has deleted it, or what an older one would be made anew from.
    """
    heading, facilities = heading_of_plan(service, caller, plan_id)
    with service.database.read() as session:
        plan = session.get_one(StoredPlan, plan_id)
        reports, is_present = plan.reports, plan.catalogue == CATALOGUE
    if reports is None:
        raise StateError(GONE)
    made = None if is_present else _made_anew(service, caller, heading)
    with service.change(caller) as change:
        if made is not None:
            row = change.session.get_one(StoredPlan, plan_id, with_for_update=True)
            row.reports, row.catalogue = dict(made), CATALOGUE
        detail = {"what": "report"}
        change.note(Event(Action.READ_PLAN, KIND, plan_id, facilities, detail=detail))
    shown = made or reports
    return shown[audience_of(reader_of_plan(service, caller, heading), shown)]


def _made_anew(service: Service, caller: Caller, heading: PlanHeading) -> Mapping[str, str]:
    """The reports of a stored plan under the present catalogue."""
    version = scenarios.find(service, caller, heading.scenario_id, heading.version)
    if version.document is None:
        raise StateError(WITHHELD)
    plan = plan_unnoted(service, heading.plan_id)
    try:
        return report_documents(scenario_of_plan(version.document, plan), plan)
    except ScenarioError as error:
        raise StateError(WITHHELD) from error
