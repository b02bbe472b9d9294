"""Arrivals between two plans: a lawful place at once, and a plan anew when more is known (R74).

An arrival is a new version with one person more. Where the sharing assessment is not there yet, the
place is provisional: `needs_replan` stays true until a plan is made of a version that knows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from allocator.explain.readers import Reader
from allocator.jobs.place import Placer
from allocator.jobs.place_document import place_document
from allocator.model.scenario import Scenario
from allocator.service.access.caller import Caller
from allocator.service.access.readers import reader_of
from allocator.service.access.roles import Action
from allocator.service.audit.chain import Event
from allocator.service.errors import NotFoundError, StaleError, StateError
from allocator.service.root import Service
from allocator.service.scenarios import (
    KIND,
    Revision,
    Version,
    add_version,
    find_in,
    lock_line,
    people_of,
    read_revision,
)
from allocator.service.workflow.expiry import expire_due
from allocator.service.workflow.states import PlanState
from allocator.store.tables import ScenarioVersion, StoredPlan

ARRIVAL, UNASSESSED, ASSESSED = "arrival", "arrival without assessment", "assessment"
MADE_FOR_NOTHING = (PlanState.REJECTED, PlanState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of an arrival or of its assessment.

    Parameters
    ----------
    offers : where the person can go now, as the document of an urgent placement.
    ended : ids of plans that it ended.
    """

    version: int
    content_hash: str
    needs_replan: bool
    offers: Mapping[str, Any]
    ended: tuple[str, ...]


def arrive(service: Service, caller: Caller, seen: Version, person: Mapping[str, Any]) -> Intake:
    """Add a person to the newest version and say where they can go at once.

    Parameters
    ----------
    person : a row of the table `people`.

    Raises
    ------
    ScenarioError
        If the row is not valid.
    StateError
        If the person is there already.
    StaleError
        If another version came since `seen`.
    """
    caller.require(Action.PLACE)
    document = seen.require_document()
    known = people_of(document)
    if str(person.get("person_id", "")).strip() in known:
        raise StateError("This person is in the scenario already.")
    document = {**document, "people": [*document["people"], dict(person)]}
    scenario = read_revision(seen, document)
    (person_id,) = scenario.person_by_id.keys() - known
    is_assessed = scenario.person_by_id[person_id].sharing_assessed_at is not None
    revision = Revision(scenario, document, ARRIVAL if is_assessed else UNASSESSED)
    return _taken_in(service, caller, seen, revision, person_id)


def assess(
    service: Service, caller: Caller, seen: Version, person_id: str, facts: Mapping[str, Any]
) -> Intake:
    """Record what an assessment found of somebody; plans made before are to be made anew.

    Parameters
    ----------
    facts : columns of the table `people` that are others now.

    Raises
    ------
    NotFoundError
        If there is no such person.
    StateError
        If the facts name another person.
    ScenarioError, StaleError
        As `arrive`.
    """
    caller.require(Action.PLACE)
    document = seen.require_document()
    if person_id not in people_of(document):
        raise NotFoundError("There is no such person in the scenario.")
    if facts.get("person_id", person_id) != person_id:
        raise StateError("An assessment leaves the id of the person as it is.")
    people = [
        {**row, **facts} if str(row["person_id"]).strip() == person_id else row
        for row in document["people"]
    ]
    document = {**document, "people": people}
    revision = Revision(read_revision(seen, document), document, ASSESSED)
    return _taken_in(service, caller, seen, revision, person_id)


def is_due(service: Service, caller: Caller, scenario_id: str) -> bool:
    """As `needs_replan`, for a scenario in the caller's scope.

    Raises
    ------
    NotFoundError
        If there is no such scenario, or it is out of scope.
    """
    caller.require(Action.READ_SCENARIO)
    with service.database.read() as session:
        find_in(session, caller, scenario_id)
        return needs_replan(session, scenario_id)


def needs_replan(session: Session, scenario_id: str) -> bool:
    """True while no plan that is not rejected or expired knows the last intake of a scenario."""
    intake = select(func.max(ScenarioVersion.number)).where(
        ScenarioVersion.scenario_id == scenario_id, ScenarioVersion.why.in_((UNASSESSED, ASSESSED))
    )
    planned = select(func.max(StoredPlan.version)).where(
        StoredPlan.scenario_id == scenario_id, StoredPlan.state.not_in(MADE_FOR_NOTHING)
    )
    last = session.scalars(intake).one()
    known = session.scalars(planned).one()
    return last is not None and (known is None or known < last)


def _taken_in(
    service: Service, caller: Caller, seen: Version, revision: Revision, person_id: str
) -> Intake:
    offers = _offers(revision.scenario, person_id, reader_of(caller))
    with service.change(caller) as change:
        line = lock_line(change.session, seen.scenario_id)
        if line.head != seen.number:
            raise StaleError("The scenario was changed since you read it; read it again.")
        version = add_version(change, line, revision, service.clock(), caller.actor)
        detail = {"version": version.number, "why": revision.why}
        change.note(
            Event(Action.PLACE, KIND, seen.scenario_id, seen.facilities, person_id, detail=detail)
        )
        change.session.flush()
        is_due = needs_replan(change.session, seen.scenario_id)
        number = version.number
    ended = expire_due(service, seen.scenario_id)
    return Intake(number, revision.scenario.content_hash, is_due, offers, ended)


def _offers(scenario: Scenario, person_id: str, reader: Reader) -> dict[str, Any]:
    placer = Placer(scenario)
    return place_document(scenario, placer.check(placer.place(person_id)), placer.present, reader)
