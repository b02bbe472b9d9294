"""Scenarios as lists and headings show them, without their documents, in the caller's scope."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, select

from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.errors import NotFoundError
from allocator.service.lists import Page, Part, each_row, in_scope, read_page
from allocator.service.root import Service
from allocator.service.scenarios import facilities_in
from allocator.store.base import ID_LENGTH
from allocator.store.tables import ScenarioLine, ScenarioVersion

HEXADECIMAL = frozenset("0123456789abcdef")
LARGEST_NUMBER = 2**31 - 1
IS_HEAD = and_(
    ScenarioVersion.scenario_id == ScenarioLine.scenario_id,
    ScenarioVersion.number == ScenarioLine.head,
)
COLUMNS = (
    ScenarioVersion.number,
    ScenarioVersion.content_hash,
    ScenarioVersion.people,
    ScenarioVersion.day,
    ScenarioVersion.why,
    ScenarioVersion.made_at,
    ScenarioVersion.made_by,
    ScenarioVersion.document.is_not(None),
)


@dataclass(frozen=True, slots=True)
class ScenarioHeading:
    """One version of a scenario without its data; `head` is the newest version's number."""

    scenario_id: str
    name: str
    head: int
    number: int
    content_hash: str
    people: int
    day: date
    why: str
    made_at: datetime
    made_by: str
    has_document: bool


def require_id(given: str, what: str) -> str:
    """An id as this service makes them; anything else is not there and never reaches a query.

    Raises
    ------
    NotFoundError
        If it is no such id.
    """
    if len(given) != ID_LENGTH or not HEXADECIMAL.issuperset(given):
        raise NotFoundError(f"There is no such {what}.")
    return given


def heading_of(
    service: Service, caller: Caller, scenario_id: str, number: int | None = None
) -> tuple[ScenarioHeading, tuple[str, ...]]:
    """A version, the newest for None, and the facilities of the scenario.

    Raises
    ------
    NotFoundError
        If there is none, or it is out of scope.
    """
    caller.require(Action.READ_SCENARIO)
    require_id(scenario_id, "scenario")
    with service.database.read() as session:
        line = session.get(ScenarioLine, scenario_id)
        if line is None:
            raise NotFoundError("There is no such scenario.")
        facilities = facilities_in(session, scenario_id)
        caller.require_scope(facilities, "scenario")
        wanted = line.head if number is None else number
        row = session.execute(
            select(*COLUMNS).where(
                ScenarioVersion.scenario_id == scenario_id, ScenarioVersion.number == wanted
            )
        ).first()
        if row is None:
            raise NotFoundError("There is no such version of the scenario.")
        return ScenarioHeading(scenario_id, line.name, line.head, *row), facilities


def list_scenarios(service: Service, caller: Caller, part: Part) -> Page[ScenarioHeading]:
    """The newest version of each scenario in scope, the newest scenario first."""
    caller.require(Action.READ_SCENARIO)
    keys = (ScenarioLine.made_at, ScenarioLine.scenario_id)
    query = (
        select(*keys, ScenarioLine.name, ScenarioLine.head, *COLUMNS)
        .join(ScenarioVersion, IS_HEAD)
        .where(in_scope(caller, ScenarioLine.scenario_id))
    )
    with service.database.read() as session:
        return each_row(read_page(session, query, keys, part), _heading)


def list_versions(
    service: Service, caller: Caller, scenario_id: str, limit: int, before: int | None = None
) -> tuple[tuple[ScenarioHeading, ...], int | None]:
    """Versions of a scenario, the newest first, and the number before which the rest goes on.

    Parameters
    ----------
    before : only versions below this number, None for all.
    """
    newest, _ = heading_of(service, caller, scenario_id)
    below = LARGEST_NUMBER if before is None else before
    query = (
        select(*COLUMNS)
        .where(ScenarioVersion.scenario_id == scenario_id, ScenarioVersion.number < below)
        .order_by(ScenarioVersion.number.desc())
        .limit(limit + 1)
    )
    with service.database.read() as session:
        rows = session.execute(query).all()
    found = tuple(
        ScenarioHeading(scenario_id, newest.name, newest.head, *row) for row in rows[:limit]
    )
    return found, found[-1].number if len(rows) > limit else None


def _heading(row: Row[*tuple[Any, ...]]) -> ScenarioHeading:
    _, scenario_id, name, head, *rest = tuple(row)
    return ScenarioHeading(scenario_id, name, head, *rest)
