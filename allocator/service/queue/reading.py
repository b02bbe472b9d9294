"""Runs as people see them: one, a page of them, their results and their news."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, false, select
from sqlalchemy.orm import Session

from allocator.explain.audiences import audience_of
from allocator.explain.readers import CATALOGUE
from allocator.service.access.caller import Caller
from allocator.service.access.masking import masked
from allocator.service.access.roles import Action
from allocator.service.access.sight import reader_of_version
from allocator.service.audit.chain import Event
from allocator.service.errors import NotFoundError, StateError
from allocator.service.lists import Page, Part, Sorts, each_row, in_scope, read_page
from allocator.service.queue.endings import KIND
from allocator.service.queue.events import News
from allocator.service.queue.options import RunKind
from allocator.service.queue.states import RunState, is_final
from allocator.service.root import Service
from allocator.service.scenarios import facilities_in
from allocator.store.tables import Run, RunEvent

MOST_EVENTS = 500
WHAT = "run"
ID = re.compile(r"[0-9a-f]{32}")
RunSort = Literal["made_at", "-made_at", "state", "-state", "kind", "-kind"]
SORTS = Sorts(
    {"made_at": Run.made_at, "state": Run.state, "kind": Run.kind}, Run.run_id, "-made_at"
)
_COLUMNS = (
    Run.made_at,
    Run.run_id,
    Run.kind,
    Run.scenario_id,
    Run.version,
    Run.request,
    Run.state,
    Run.asked,
    Run.attempt,
    Run.progress,
    Run.error,
    Run.plan_id,
    Run.made_by,
    Run.trace_id,
    Run.started_at,
    Run.ended_at,
)


@dataclass(frozen=True, slots=True)
class RunView:
    """A run without its result."""

    run_id: str
    kind: str
    scenario_id: str
    version: int
    request: Mapping[str, Any]
    state: RunState
    asked: Literal["", "cancel", "finish"]
    attempt: int
    progress: Mapping[str, Any]
    error: Mapping[str, Any] | None
    plan_id: str | None
    made_at: datetime
    made_by: str
    trace_id: str
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def is_final(self) -> bool:
        """True when nothing follows."""
        return is_final(self.state)


def find(service: Service, caller: Caller, run_id: str) -> RunView:
    """A run in the caller's scope.

    Raises
    ------
    NotFoundError
        If there is none, or it is out of scope.
    """
    caller.require(Action.READ_RUN)
    with service.database.read() as session:
        view = view_of(session, run_id)
        caller.require_scope(facilities_in(session, view.scenario_id), WHAT)
    return view


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs of those in scope; None for any."""

    scenario_id: str | None = None
    state: RunState | None = None
    kind: RunKind | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same for the database."""
        if self.scenario_id is not None and not ID.fullmatch(self.scenario_id):
            return [false()]
        wanted = ((Run.scenario_id, self.scenario_id), (Run.state, self.state))
        return [column == value for column, value in (*wanted, (Run.kind, self.kind)) if value]


def page(
    service: Service, caller: Caller, part: Part, wanted: RunFilter | None = None
) -> Page[RunView]:
    """Runs in the caller's scope, as a rule the newest first."""
    caller.require(Action.READ_RUN)
    conditions = (wanted or RunFilter()).conditions()
    chosen = select(*_COLUMNS).where(in_scope(caller, Run.scenario_id), *conditions)
    with service.database.read() as session:
        found = read_page(session, chosen, SORTS, part)
        return each_row(found, _view_of)


BY_READER = frozenset({RunKind.CONFLICT, RunKind.ORDER})
"""Kinds whose result has a document for each audience; others are masked where they are read."""

OLDER = "This result was made before it was settled what is said to whom. Start the run again."


def result(service: Service, caller: Caller, run_id: str) -> Mapping[str, Any]:
    """What a finished run returned; that it was read is in the audit log.

    Raises
    ------
    StateError
        If the run has no result: it is not done, or it made a plan, which is read as one. Or if
        the result was made for audiences under another catalogue than the present one.
    """
    view = find(service, caller, run_id)
    with service.database.read() as session:
        run = session.get_one(Run, run_id)
        found: Mapping[str, Any] | None = run.result
        facilities = facilities_in(session, view.scenario_id)
    if found is None:
        made = view.plan_id and f"It made the plan {view.plan_id}."
        raise StateError(f"The run is {view.state} and has no result. {made or ''}".strip())
    service.note(caller, Event("run.result", KIND, run_id, facilities))
    reader = reader_of_version(service, caller, view.scenario_id, view.version)
    if view.kind in BY_READER:
        if run.catalogue != CATALOGUE and not reader.sees_whole_scenario:
            raise StateError(OLDER)
        told: Mapping[str, Any] = found[audience_of(reader, found)]
        return told
    return masked(found, reader)


@dataclass(frozen=True, slots=True)
class RunNews:
    """One event of a run."""

    number: int
    kind: News
    data: Mapping[str, Any]
    at: datetime


def events_after(service: Service, caller: Caller, run_id: str, number: int) -> tuple[RunNews, ...]:
    """Events of a run after one that was seen (0 for none), in order, a few hundred at the most.

    Raises
    ------
    NotFoundError
        If the run is not there, or out of scope.
    """
    caller.require(Action.READ_RUN)
    with service.database.read() as session:
        require_scope_of(session, caller, run_id)
    return news_after(service, run_id, number)


def news_after(service: Service, run_id: str, number: int) -> tuple[RunNews, ...]:
    """As `events_after`, for those whose role and scope were looked at before."""
    later = (
        select(RunEvent)
        .where(RunEvent.run_id == run_id, RunEvent.number > number)
        .order_by(RunEvent.number)
        .limit(MOST_EVENTS)
    )
    with service.database.read() as session:
        return tuple(
            RunNews(row.number, News(row.kind), row.data, row.at) for row in session.scalars(later)
        )


def check_id(text: str, what: str) -> str:
    """An id as this service makes them; anything else is not there, and no database is asked.

    Raises
    ------
    NotFoundError
        If it cannot be an id.
    """
    if not ID.fullmatch(text):
        raise NotFoundError(f"There is no such {what}.")
    return text


def require_scope_of(session: Session, caller: Caller, run_id: str) -> None:
    """Refuse a run that is not there, or of a facility out of the caller's scope."""
    known = Run.run_id == check_id(run_id, WHAT)
    scenario_id = session.scalar(select(Run.scenario_id).where(known))
    if scenario_id is None:
        raise NotFoundError("There is no such run.")
    caller.require_scope(facilities_in(session, scenario_id), WHAT)


def view_of(session: Session, run_id: str) -> RunView:
    """A run, within a transaction and whoever asks."""
    known = Run.run_id == check_id(run_id, WHAT)
    row = session.execute(select(*_COLUMNS).where(known)).first()
    if row is None:
        raise NotFoundError("There is no such run.")
    return _view_of(row)


def _view_of(row: Row[Any]) -> RunView:
    values = dict(zip((column.key for column in _COLUMNS), row, strict=True))
    return RunView(**values | {"state": RunState(values["state"])})
