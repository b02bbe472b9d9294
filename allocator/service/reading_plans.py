"""Plans as they are stored: lists, headings and documents, in the caller's scope."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from allocator.explain.readers import Reader
from allocator.model.plan import Plan
from allocator.prepare.plan_document import read_plan
from allocator.service.access.caller import Caller
from allocator.service.access.masking import masked
from allocator.service.access.roles import Action
from allocator.service.access.sight import reader_of_version
from allocator.service.audit.chain import Event
from allocator.service.errors import NotFoundError, StateError
from allocator.service.lists import Page, Part, Sorts, each_row, in_scope, read_page
from allocator.service.reading import require_id
from allocator.service.root import Service
from allocator.service.scenarios import facilities_in
from allocator.service.workflow.states import PlanState
from allocator.store.tables import FacilityExecution, PlanChange, ScenarioLine, StoredPlan

KIND = "plan"
EXPORT = "export"
DUE_AT = (
    select(func.min(FacilityExecution.until))
    .where(FacilityExecution.plan_id == StoredPlan.plan_id)
    .correlate(StoredPlan)
    .scalar_subquery()
)
SCENARIO_NAME = ScenarioLine.name.label("scenario_name")
COLUMNS = (
    StoredPlan.made_at,
    StoredPlan.plan_id,
    StoredPlan.run_id,
    StoredPlan.scenario_id,
    StoredPlan.version,
    StoredPlan.content_hash,
    StoredPlan.state,
    StoredPlan.revision,
    StoredPlan.made_by,
    SCENARIO_NAME,
    DUE_AT.label("due_at"),
)
PlanSort = Literal["made_at", "-made_at", "state", "-state", "scenario_name", "-scenario_name"]
SORTS = Sorts(
    {
        "made_at": StoredPlan.made_at,
        "state": StoredPlan.state,
        "scenario_name": SCENARIO_NAME,
    },
    StoredPlan.plan_id,
    "-made_at",
)
GONE = "The data of this plan were deleted when their time was over."


@dataclass(frozen=True, slots=True)
class PlanHeading:
    """A plan without what it says; `revision` counts the changes of its state.

    `due_at` : until when its steps are to be recorded, None where it is not being carried out.
    """

    made_at: datetime
    plan_id: str
    run_id: str | None
    scenario_id: str
    version: int
    content_hash: str
    state: PlanState
    revision: int
    made_by: str
    scenario_name: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a plan's state, as `PlanChange` keeps it."""

    number: int
    before: str
    after: str
    by: str
    at: datetime
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """Which plans of a list are wanted; None for any."""

    scenario_id: str | None = None
    state: PlanState | None = None


def heading_of_plan(
    service: Service, caller: Caller, plan_id: str
) -> tuple[PlanHeading, tuple[str, ...]]:
    """A plan's heading and the facilities it concerns.

    Raises
    ------
    NotFoundError
        If there is no such plan, or it is out of scope.
    """
    caller.require(Action.READ_PLAN)
    require_id(plan_id, KIND)
    with service.database.read() as session:
        return _heading_in(session, caller, plan_id)


def list_plans(
    service: Service, caller: Caller, wanted: PlanFilter, part: Part
) -> Page[PlanHeading]:
    """Plans in scope, as a rule the newest first."""
    caller.require(Action.READ_PLAN)
    query = _headings().where(in_scope(caller, StoredPlan.scenario_id))
    if wanted.scenario_id is not None:
        query = query.where(StoredPlan.scenario_id == require_id(wanted.scenario_id, "scenario"))
    if wanted.state is not None:
        query = query.where(StoredPlan.state == wanted.state.value)
    with service.database.read() as session:
        return each_row(read_page(session, query, SORTS, part), _heading)


def reader_of_plan(service: Service, caller: Caller, heading: PlanHeading) -> Reader:
    """The caller as the reader of a plan."""
    return reader_of_version(service, caller, heading.scenario_id, heading.version)


def summary_of(service: Service, caller: Caller, plan_id: str) -> Mapping[str, Any] | None:
    """What the plan's first screen shows the caller; the read is noted.

    None once retention deleted it.
    """
    heading, facilities = heading_of_plan(service, caller, plan_id)
    with service.database.read() as session:
        summary: Mapping[str, Any] | None = session.scalar(_only(StoredPlan.summary, plan_id))
    _note(service, caller, heading, facilities, "summary")
    return None if summary is None else masked(summary, reader_of_plan(service, caller, heading))


def document_of(service: Service, caller: Caller, plan_id: str) -> Mapping[str, Any]:
    """The plan document as the caller may see it; the read is noted.

    Raises
    ------
    StateError
        If retention has deleted it.
    """
    heading, facilities = heading_of_plan(service, caller, plan_id)
    document = document_unnoted(service, plan_id)
    _note(service, caller, heading, facilities, "document")
    return masked(document, reader_of_plan(service, caller, heading))


def document_unnoted(service: Service, plan_id: str) -> Mapping[str, Any]:
    """The document of a plan whose scope was checked, for use cases that note by themselves."""
    with service.database.read() as session:
        document: Mapping[str, Any] | None = session.scalar(_only(StoredPlan.document, plan_id))
    if document is None:
        raise StateError(GONE)
    return document


def plan_unnoted(service: Service, plan_id: str) -> Plan:
    """The plan itself, as `document_unnoted`."""
    return read_plan(document_unnoted(service, plan_id))


def moves_of(service: Service, caller: Caller, plan_id: str) -> tuple[tuple[str, str, str], ...]:
    """Person, present place ("" for arrivals) and planned cell of each move; noted as export."""
    heading, facilities = heading_of_plan(service, caller, plan_id)
    plan = plan_unnoted(service, plan_id)
    detail = {"what": "moves", "moves": len(plan.moves)}
    service.note(caller, Event(EXPORT, KIND, heading.plan_id, facilities, detail=detail))
    return tuple((m.person_id, m.from_place or "", m.cell_id or "") for m in plan.moves)


def changes_of(service: Service, caller: Caller, plan_id: str) -> tuple[Change, ...]:
    """The changes of a plan's state, the first one first."""
    heading_of_plan(service, caller, plan_id)
    query = select(PlanChange).where(PlanChange.plan_id == plan_id).order_by(PlanChange.number)
    with service.database.read() as session:
        rows = session.scalars(query)
        return tuple(
            Change(r.number, r.before, r.after, r.by, r.at, r.reason, r.text) for r in rows
        )


def _heading_in(
    session: Session, caller: Caller, plan_id: str
) -> tuple[PlanHeading, tuple[str, ...]]:
    row = session.execute(_headings().where(StoredPlan.plan_id == plan_id)).first()
    if row is None:
        raise NotFoundError("There is no such plan.")
    heading = _heading(row)
    facilities = facilities_in(session, heading.scenario_id)
    caller.require_scope(facilities, KIND)
    return heading, facilities


def _headings() -> Any:
    return select(*COLUMNS).join(ScenarioLine, ScenarioLine.scenario_id == StoredPlan.scenario_id)


def _only(column: Any, plan_id: str) -> Any:
    return select(column).where(StoredPlan.plan_id == plan_id)


def _heading(row: Row[*tuple[Any, ...]]) -> PlanHeading:
    values = row._asdict()
    return PlanHeading(**{**values, "state": PlanState(values["state"])})


def _note(
    service: Service,
    caller: Caller,
    heading: PlanHeading,
    facilities: tuple[str, ...],
    what: str,
) -> None:
    detail = {"what": what}
    event = Event(Action.READ_PLAN, KIND, heading.plan_id, facilities, detail=detail)
    service.note(caller, event)
