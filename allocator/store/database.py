"""The database: one engine, and transactions that either read or write.

On SQLite a writer begins with BEGIN IMMEDIATE, so that it waits for its turn at the start and
never fails in the middle; a reader sees one state throughout (write-ahead log).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session

from allocator.dry_run import is_dry_run
from allocator.errors import ConfigError

BUSY_SECONDS = 30
WRITES = "allocator_writes"
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
)


class Database:
    """Where everything is kept.

    Parameters
    ----------
    url : `sqlite:///FILE` or `postgresql+psycopg://USER@HOST/NAME`.

    Raises
    ------
    ConfigError
        If the address is of another database, or the driver for it is not installed.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _engine(self.url)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that sees one state and changes nothing."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """As `read`, and every statement sees the database as it was at the first one."""
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with (
            self.engine.connect().execution_options(**options) as connection,
            Session(connection, expire_on_commit=False) as session,
        ):
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that is committed when the block ends, and rolled back when it fails.

        In a dry run it is rolled back always.
        """
        options = {WRITES: True}
        with (
            self.engine.connect().execution_options(**options) as connection,
            connection.begin() as transaction,
            Session(
                connection,
                expire_on_commit=False,
                join_transaction_mode="rollback_only",
            ) as session,
        ):
            yield session
            session.flush()
            if is_dry_run():
                transaction.rollback()

    def ping(self) -> None:
        """Ask the database for nothing; what is wrong with it comes as its error."""
        with self.read() as session:
            session.execute(text("SELECT 1"))

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _engine(url: URL) -> Engine:
    backend = url.get_backend_name()
    if backend == "sqlite":
        engine = create_engine(url, connect_args={"check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if backend != "postgresql":
        raise ConfigError(
            f"The database {backend!r} is not supported. Give sqlite:///FILE or "
            "postgresql+psycopg://USER@HOST/NAME."
        )
    try:
        return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20)
    except ModuleNotFoundError as error:
        raise ConfigError(
            "PostgreSQL needs its driver: install the project with the extra `postgres`."
        ) from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; `_begin_sqlite` does
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
