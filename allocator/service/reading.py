"""Scenarios as lists and headings show them, without their documents, in the caller's scope."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Row, and_, select

from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.errors import NotFoundError
from allocator.service.lists import Page, Part, Sorts, each_row, in_scope, read_page
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

ScenarioSort = Literal[
    "created_at", "-created_at", "made_at", "-made_at", "name", "-name", "day", "-day",
    "people", "-people",
]  # fmt: skip
SORTS = Sorts(
    {
        "created_at": ScenarioLine.made_at,
        "made_at": ScenarioVersion.made_at,
        "name": ScenarioLine.name,
        "day": ScenarioVersion.day,
        "people": ScenarioVersion.people,
    },
    ScenarioLine.scenario_id,
    "-created_at",
)
"""A scenario is created with its first version; the rest is of the newest one."""
VersionSort = Literal["number", "-number"]
VERSION_SORTS = Sorts({"number": ScenarioVersion.number}, ScenarioVersion.number, "-number")


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
    """The newest version of each scenario in scope, as a rule the newest scenario first."""
    caller.require(Action.READ_SCENARIO)
    query = (
        select(
            ScenarioLine.made_at,
            ScenarioLine.scenario_id,
            ScenarioLine.name,
            ScenarioLine.head,
            *COLUMNS,
        )
        .join(ScenarioVersion, IS_HEAD)
        .where(in_scope(caller, ScenarioLine.scenario_id))
    )
    with service.database.read() as session:
        return each_row(read_page(session, query, SORTS, part), _heading)


def list_versions(
    service: Service, caller: Caller, scenario_id: str, part: Part
) -> Page[ScenarioHeading]:
    """Versions of a scenario, as a rule the newest first."""
    newest, _ = heading_of(service, caller, scenario_id)
    query = select(*COLUMNS).where(ScenarioVersion.scenario_id == scenario_id)
    with service.database.read() as session:
        page = read_page(session, query, VERSION_SORTS, part)
    return each_row(page, lambda row: ScenarioHeading(scenario_id, newest.name, newest.head, *row))


def _heading(row: Row[*tuple[Any, ...]]) -> ScenarioHeading:
    _, scenario_id, name, head, *rest = tuple(row)
    return ScenarioHeading(scenario_id, name, head, *rest)
