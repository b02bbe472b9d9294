"""Long lists in pages: newest first, each page from where the last one ended.

A page is found by where the last one ended (time and id) and not by a number of rows to skip, so
that rows that come in between neither repeat nor hide others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from allocator.service.access.caller import EVERYWHERE, Caller
from allocator.store.tables import ScenarioFacility

MOST = 200
USUAL = 50
ROWS_AT_A_TIME = 500
T = TypeVar("T")
Time = InstrumentedAttribute[datetime]
Key = InstrumentedAttribute[str]


@dataclass(frozen=True, slots=True)
class Position:
    """The last row of a page: when it was made, and its id."""

    at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows of a list; `following` is where the next page goes on, None at the end."""

    rows: tuple[T, ...]
    following: Position | None


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list is wanted: at most `limit` rows (1 to 200) after a position."""

    limit: int = USUAL
    after: Position | None = None


def read_page(
    session: Session,
    query: Select[*tuple[Any, ...]],
    order: tuple[Time, Key],
    part: Part,
    is_shown: Callable[[Any], bool] | None = None,
) -> Page[Any]:
    """One page of a query; its rows have the time and the id of `order` as their first columns.

    Parameters
    ----------
    is_shown : leaves rows out whose scope the database cannot compare; None shows all.
    """
    made_at, key = order
    if part.after is not None:
        query = query.where(_after(made_at, key, part.after))
    limit = max(1, min(part.limit, MOST))
    ordered = query.order_by(made_at.desc(), key.desc())
    if is_shown is None:
        rows = tuple(session.execute(ordered.limit(limit + 1)))
    else:
        with session.execute(ordered.execution_options(yield_per=ROWS_AT_A_TIME)) as found:
            rows = tuple(islice(filter(is_shown, found), limit + 1))
    if len(rows) <= limit:
        return Page(rows, None)
    last = rows[limit - 1]
    return Page(rows[:limit], Position(last[0], last[1]))


def each_row(page: Page[Any], make: Callable[[Any], T]) -> Page[T]:
    """The page with something made of each row."""
    return Page(tuple(make(row) for row in page.rows), page.following)


def page_of_seen(session: Session, caller: Caller, kind: Any, key: Key, part: Part) -> Page[Any]:
    """One page of the rows of a table whose `facilities` the caller sees, the newest first.

    `kind` : a table with `made_at` and `facilities`. `key` : its id.
    """
    keys = (kind.made_at, key)
    page = read_page(
        session, select(*keys, kind), keys, part, lambda row: caller.sees(row[2].facilities)
    )
    return each_row(page, lambda row: row[2])


def in_scope(caller: Caller, scenario_id: Key) -> ColumnElement[bool]:
    """True in the database for scenarios all of whose facilities the caller sees."""
    if EVERYWHERE in caller.facilities:
        return true()
    outside = select(ScenarioFacility.scenario_id).where(
        ScenarioFacility.scenario_id == scenario_id,
        ScenarioFacility.facility_id.not_in(sorted(caller.facilities)),
    )
    return ~exists(outside)


def _after(made_at: Time, key: Key, position: Position) -> ColumnElement[bool]:
    return or_(made_at < position.at, and_(made_at == position.at, key < position.key))
