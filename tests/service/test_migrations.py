"""Migrations of a database in use: the newest schema is that of the tables, and rows stay."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from allocator.store.database import WRITES, Database
from allocator.store.migrate import is_current, migrate
from allocator.store.tables import Base, FacilityExecution, Run, StoredPlan
from allocator.store.types import UtcTime

NAME, NOW = "7" * 32, datetime.now(UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.engine.dispose()


def test_the_newest_schema_is_that_of_the_tables(database: Database) -> None:
    migrate(database)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []


def test_what_is_carried_out_before_0002_has_another_day(database: Database) -> None:
    migrate(database, "0001")
    assert not is_current(database)
    _insert_with_ancestors(database, Base.metadata.tables["facility_execution"], without="until")
    migrate(database)
    assert is_current(database)
    with database.engine.connect() as connection:
        kept = connection.execute(sa.select(FacilityExecution.__table__)).mappings().one()
    assert (kept["facility_id"], kept["plan_id"]) == (NAME, NAME)
    assert timedelta(hours=23) < kept["until"] - datetime.now(UTC) <= timedelta(hours=24)


def test_runs_before_0003_belong_to_no_trace_and_answers_to_no_catalogue(
    database: Database,
) -> None:
    migrate(database, "0002")
    _insert_with_ancestors(database, Base.metadata.tables["plan_change"], without="")
    migrate(database)
    with database.engine.connect() as connection:
        assert connection.execute(sa.select(Run.trace_id, Run.catalogue)).one() == ("", 0)
        assert connection.scalar(sa.select(StoredPlan.catalogue)) == 0


def _insert_with_ancestors(database: Database, table: sa.Table, without: str) -> None:
    """A row of a table and of all that it points to; every text is `NAME`, so that they meet.

    Columns that the database does not have yet are left out.
    """
    needed, found = {table}, list[sa.Table]()
    for other in reversed(Base.metadata.sorted_tables):
        if other in needed:
            found.insert(0, other)
            needed |= {key.column.table for key in other.foreign_keys}
    with (
        database.engine.connect().execution_options(**{WRITES: True}) as connection,
        connection.begin(),
    ):
        for each in found:
            there = {column["name"] for column in sa.inspect(connection).get_columns(each.name)}
            needed_columns = (c for c in each.columns if c.name in there and not c.nullable)
            columns = [c for c in needed_columns if c.name != without]
            row = sa.table(each.name, *(sa.column(c.name, c.type) for c in columns))
            connection.execute(row.insert().values({c.name: _something(c) for c in columns}))


def _something(column: sa.Column[Any]) -> object:
    if isinstance(column.type, UtcTime):
        return NOW
    known: dict[type, object] = {str: NAME, int: 7, bool: False, bytes: b"7"}
    return known.get(column.type.python_type, {})
