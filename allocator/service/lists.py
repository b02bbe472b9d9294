"""Long lists in pages: in one of the list's own orders, each page from where the last one ended.

A page is found by where the last one ended (value of the order, and id) and not by a number of rows
to skip, so that rows that come in between neither repeat nor hide others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from allocator.errors import ConfigError
from allocator.service.access.caller import EVERYWHERE, Caller
from allocator.store.tables import ScenarioFacility

MOST = 200
USUAL = 50
ROWS_AT_A_TIME = 500
T = TypeVar("T")
Column = InstrumentedAttribute[Any] | ColumnElement[Any]
Plain = str | int
DOWN = "-"
"""Before the name of an order: the largest, newest or last one first."""


@dataclass(frozen=True, slots=True)
class Position:
    """The last row of a page: what the list is ordered by, as plain data, and its key."""

    value: Plain
    key: Plain


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of a list: by a column without gaps, and among equals by the key."""

    column: Column
    key: Column
    is_descending: bool

    def order(self) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """For the database."""
        if self.is_descending:
            return self.column.desc(), self.key.desc()
        return self.column.asc(), self.key.asc()

    def after(self, position: Position) -> ColumnElement[bool]:
        """True in the database of rows that come after a position."""
        column, value = self.column, self._value(position)
        if self.is_descending:
            return or_(column < value, and_(column == value, self.key < position.key))
        return or_(column > value, and_(column == value, self.key > position.key))

    def position(self, row: Row[*tuple[Any, ...]]) -> Position:
        """Where a row is; column and key are among its columns."""
        value = row._mapping[self.column]  # noqa: SLF001 - SQLAlchemy's public name for it
        plain = value.isoformat() if isinstance(value, date) else value
        return Position(plain, row._mapping[self.key])  # noqa: SLF001

    def _value(self, position: Position) -> Any:
        kind = self.column.type.python_type
        if issubclass(kind, date):
            return kind.fromisoformat(str(position.value))
        return position.value


@dataclass(frozen=True, slots=True)
class Sorts:
    """The orders in which a list may be asked for, by name; `usual` is for who asks for none."""

    columns: Mapping[str, Column]
    key: Column
    usual: str

    def names(self) -> tuple[str, ...]:
        """Every order, each in both directions."""
        return tuple(sign + name for name in self.columns for sign in ("", DOWN))

    def find(self, name: str) -> Sort:
        """The order of a name, the usual one for "".

        Raises
        ------
        ConfigError
            If the list has no such order.
        """
        wanted = name or self.usual
        if wanted not in self.names():
            raise ConfigError(f"There is no such order. Orders: {', '.join(self.names())}.")
        return Sort(self.columns[wanted.removeprefix(DOWN)], self.key, wanted.startswith(DOWN))


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows of a list; `following` is where the next page goes on, None at the end."""

    rows: tuple[T, ...]
    following: Position | None


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list is wanted: at most `limit` rows (1 to 200) after a position.

    `sort` : the name of an order, "" for the usual one.
    """

    limit: int = USUAL
    after: Position | None = None
    sort: str = ""


def read_page(
    session: Session,
    query: Select[*tuple[Any, ...]],
    sorts: Sorts,
    part: Part,
    is_shown: Callable[[Any], bool] | None = None,
) -> Page[Any]:
    """One page of a query; the columns of all orders and the key are among its columns.

    Parameters
    ----------
    is_shown : leaves rows out whose scope the database cannot compare; None shows all.
    """
    sort = sorts.find(part.sort)
    if part.after is not None:
        query = query.where(sort.after(part.after))
    limit = max(1, min(part.limit, MOST))
    ordered = query.order_by(*sort.order())
    if is_shown is None:
        rows = tuple(session.execute(ordered.limit(limit + 1)))
    else:
        with session.execute(ordered.execution_options(yield_per=ROWS_AT_A_TIME)) as found:
            rows = tuple(islice(filter(is_shown, found), limit + 1))
    if len(rows) <= limit:
        return Page(rows, None)
    return Page(rows[:limit], sort.position(rows[limit - 1]))


def each_row(page: Page[Any], make: Callable[[Any], T]) -> Page[T]:
    """The page with something made of each row."""
    return Page(tuple(make(row) for row in page.rows), page.following)


def page_of_seen(
    session: Session, caller: Caller, kind: Any, sorts: Sorts, part: Part
) -> Page[Any]:
    """One page of the rows of a table whose `facilities` the caller sees.

    `kind` : a table with `facilities`.
    """
    query = select(kind, *sorts.columns.values(), sorts.key)
    page = read_page(session, query, sorts, part, lambda row: caller.sees(row[0].facilities))
    return each_row(page, lambda row: row[0])


def in_scope(caller: Caller, scenario_id: Column) -> ColumnElement[bool]:
    """True in the database for scenarios all of whose facilities the caller sees."""
    if EVERYWHERE in caller.facilities:
        return true()
    outside = select(ScenarioFacility.scenario_id).where(
        ScenarioFacility.scenario_id == scenario_id,
        ScenarioFacility.facility_id.not_in(sorted(caller.facilities)),
    )
    return ~exists(outside)
