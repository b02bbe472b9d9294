"""Scenarios in the service: lines of immutable versions, in the scope of their facilities."""

import uuid
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from allocator.jobs.task import read_source
from allocator.model.scenario import Scenario
from allocator.model.vocabulary import UnitType
from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.audit.chain import Event
from allocator.service.errors import NotFoundError, StaleError, StateError
from allocator.service.root import Change, Service
from allocator.store.tables import ScenarioFacility, ScenarioLine, ScenarioVersion

KIND = "scenario"


@dataclass(frozen=True, slots=True)
class Version:
    """One version as the outside sees it; `document` is None once retention has deleted it."""

    scenario_id: str
    name: str
    number: int
    head: int
    content_hash: str
    facilities: tuple[str, ...]
    people: int
    day: str
    why: str
    made_at: datetime
    made_by: str
    document: Mapping[str, Any] | None = field(repr=False)

    def require_document(self) -> Mapping[str, Any]:
        """The document.

        Raises
        ------
        StateError
            If retention has deleted it.
        """
        if self.document is None:
            raise StateError("The data of this version were deleted when their time was over.")
        return self.document


def upload(service: Service, caller: Caller, document: Mapping[str, Any]) -> Version:
    """Keep a new scenario.

    Raises
    ------
    ScenarioError
        If it is no valid scenario; nothing is kept.
    ForbiddenError, NotFoundError
        If the caller may not, or one of its facilities is out of scope.
    """
    caller.require(Action.WRITE_SCENARIO)
    scenario = read_source(document)
    facilities = facilities_of(scenario)
    caller.require_scope(facilities, "facility")
    line_id, now = uuid.uuid4().hex, service.clock()
    with service.change(caller) as change:
        change.session.add(
            ScenarioLine(
                scenario_id=line_id, name=scenario.name, head=1, made_at=now, made_by=caller.actor
            )
        )
        change.session.flush()
        change.session.add_all(
            ScenarioFacility(scenario_id=line_id, facility_id=name) for name in facilities
        )
        version = _row(line_id, 1, scenario, document, "uploaded", now, caller.actor)
        change.session.add(version)
        change.note(Event(Action.WRITE_SCENARIO, KIND, line_id, facilities))
    return _version(scenario.name, 1, facilities, version)


def revise(
    service: Service,
    caller: Caller,
    seen: Version,
    document: Mapping[str, Any],
    why: str = "revised",
    action: Action = Action.WRITE_SCENARIO,
) -> Version:
    """Keep a new version of a scenario that is still as the caller saw it.

    Raises
    ------
    ScenarioError
        If it is no valid scenario, and nothing is kept.
    StaleError
        If another version came since `seen`.
    StateError
        If the facilities are others: that is another scenario.
    """
    caller.require(action)
    scenario = read_revision(seen, document)
    with service.change(caller) as change:
        line = lock_line(change.session, seen.scenario_id)
        if line.head != seen.number:
            raise StaleError("The scenario was changed since you read it; read it again.")
        revision = Revision(scenario, document, why)
        version = add_version(change, line, revision, service.clock(), caller.actor)
        detail = {"version": version.number, "why": why}
        change.note(Event(action, KIND, seen.scenario_id, seen.facilities, detail=detail))
    return _version(line.name, line.head, seen.facilities, version)


def read_revision(seen: Version, document: Mapping[str, Any]) -> Scenario:
    """The scenario of a document that is to follow a version.

    Raises
    ------
    ScenarioError
        If it is no valid scenario.
    StateError
        If the facilities are others: that is another scenario.
    """
    scenario = read_source(document)
    if facilities_of(scenario) != seen.facilities:
        raise StateError(
            "A new version keeps the facilities of the scenario: "
            f"{', '.join(seen.facilities)}. Upload it as a scenario of its own."
        )
    return scenario


@dataclass(frozen=True, slots=True)
class Revision:
    """What becomes the next version of a scenario: `scenario` is what `document` reads as."""

    scenario: Scenario
    document: Mapping[str, Any]
    why: str


def lock_line(session: Session, scenario_id: str) -> ScenarioLine:
    """A scenario's line, which nobody else gives a version before the transaction ends."""
    return session.get_one(ScenarioLine, scenario_id, with_for_update=True)


def add_version(
    change: Change, line: ScenarioLine, revision: Revision, at: datetime, by: str
) -> ScenarioVersion:
    """Add a version to a locked line; the caller notes it in the audit log."""
    scenario = revision.scenario
    line.head, line.name = line.head + 1, scenario.name
    version = _row(line.scenario_id, line.head, scenario, revision.document, revision.why, at, by)
    change.session.add(version)
    return version


def find(service: Service, caller: Caller, scenario_id: str, number: int | None = None) -> Version:
    """A version in the caller's scope, the newest for None.

    Raises
    ------
    NotFoundError
        If there is none, or it is out of scope.
    """
    caller.require(Action.READ_SCENARIO)
    with service.database.read() as session:
        return find_in(session, caller, scenario_id, number)


def find_in(
    session: Session, caller: Caller, scenario_id: str, number: int | None = None
) -> Version:
    """As `find`, within a transaction and without asking for a role."""
    line = session.get(ScenarioLine, scenario_id)
    if line is None:
        raise NotFoundError("There is no such scenario.")
    facilities = facilities_in(session, scenario_id)
    caller.require_scope(facilities, "scenario")
    key = (scenario_id, line.head if number is None else number)
    version = session.get(ScenarioVersion, key)
    if version is None:
        raise NotFoundError("There is no such version of the scenario.")
    return _version(line.name, line.head, facilities, version)


def facilities_in(session: Session, scenario_id: str) -> tuple[str, ...]:
    """The facilities of a stored scenario, in order."""
    rows = select(ScenarioFacility.facility_id).where(ScenarioFacility.scenario_id == scenario_id)
    return tuple(sorted(session.scalars(rows)))


def facilities_of(scenario: Scenario) -> tuple[str, ...]:
    """The facilities that a scenario speaks of, in order."""
    units = scenario.estate.units
    return tuple(sorted(unit.unit_id for unit in units if unit.unit_type is UnitType.FACILITY))


def people_of(document: Mapping[str, Any]) -> frozenset[str]:
    """Ids of the people in a scenario document."""
    return frozenset(str(row["person_id"]).strip() for row in document["people"])


class LoadedScenarios:
    """The scenarios read last, by content hash; safe for several threads."""

    def __init__(self, most: int = 8) -> None:
        self._known: OrderedDict[str, Scenario] = OrderedDict()
        self._most = most
        self._lock = Lock()

    def of(self, version: Version) -> Scenario:
        """The scenario of a version, read once."""
        with self._lock:
            known = self._known.get(version.content_hash)
            if known is not None:
                self._known.move_to_end(version.content_hash)
                return known
        scenario = read_source(version.require_document())
        with self._lock:
            self._known[version.content_hash] = scenario
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return scenario


def _row(
    scenario_id: str,
    number: int,
    scenario: Scenario,
    document: Mapping[str, Any],
    why: str,
    at: datetime,
    by: str,
) -> ScenarioVersion:
    return ScenarioVersion(
        scenario_id=scenario_id,
        number=number,
        content_hash=scenario.content_hash,
        document=dict(document),
        people=len(scenario.people),
        day=scenario.day,
        why=why,
        made_at=at,
        made_by=by,
    )


def _version(name: str, head: int, facilities: tuple[str, ...], row: ScenarioVersion) -> Version:
    return Version(
        row.scenario_id,
        name,
        row.number,
        head,
        row.content_hash,
        facilities,
        row.people,
        row.day.isoformat(),
        row.why,
        row.made_at,
        row.made_by,
        row.document,
    )
