"""A backup: every row of every table from one moment, as JSON lines in a sealed file.

It holds no database's own format, so that what was saved from SQLite can be restored into
PostgreSQL and the other way round. The service's secret is not in it: keep that elsewhere.
"""

import base64
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Date, Table, func, insert, select
from sqlalchemy.orm import Session

from allocator import __version__
from allocator.errors import ConfigError
from allocator.service.access.caller import Caller
from allocator.service.audit.chain import Event, Head, find_faults, head
from allocator.service.files import private
from allocator.service.operations.sealed import WRONG, read_sealed, write_sealed
from allocator.service.root import Service
from allocator.store.base import Base
from allocator.store.migrate import heads
from allocator.store.tables import AuditEntry
from allocator.store.types import UtcTime

KIND = "allocator-backup"
ROWS_AT_A_TIME = 200
LEFT_OUT = frozenset({"login_session", "rate_bucket", "worker", "idempotent_answer"})


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: rows in all, and the head of the audit log in it."""

    rows: int
    head: Head


def tables() -> tuple[Table, ...]:
    """The tables of a backup, each after those that it refers to."""
    return tuple(t for t in Base.metadata.sorted_tables if t.name not in LEFT_OUT)


def write_backup(service: Service, caller: Caller, path: Path, passphrase: str) -> Backup:
    """Write a backup; the file appears whole or not at all.

    Raises
    ------
    ConfigError
        If the file exists or cannot be written, or the passphrase is too short.
    """
    service.note(caller, Event("backup", "service", ""))
    partial = path.with_name(f".{path.name}.part")
    try:
        with service.database.snapshot() as session:
            made = Backup(sum(_count(session, table) for table in tables()), head(session))
            with open(partial, "xb", opener=private) as file:
                write_sealed(file, passphrase, _lines(session, made, service.clock()))
                os.fsync(file.fileno())
        os.link(partial, path)
    except FileExistsError:
        raise ConfigError(f"{path} exists; a backup never replaces another.") from None
    except OSError as error:
        raise ConfigError(f"The backup cannot be written to {path}: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)
    return made


def restore_backup(service: Service, path: Path, passphrase: str) -> Backup:
    """Fill an empty database from a backup, all or nothing, and check the audit log in it.

    Raises
    ------
    ConfigError
        If the file cannot be opened or is of another version, the database is not empty, or the
        audit log is not whole under this service's secret.
    """
    try:
        with path.open("rb") as file, service.database.write() as session:
            _refuse_rows(session)
            lines = read_sealed(file, passphrase)
            made = _manifest(next(lines, b"{}"))
            rows = _fill(session, lines)
            if rows != made.rows:
                raise ConfigError(WRONG)
            session.flush()
            entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number))
            faults = list(find_faults(service.keys, entries, [made.head]))
            if faults:
                raise ConfigError(
                    "The audit log of the backup is not whole under this service's secret, so "
                    f"nothing was restored: {faults[0]}. Give the secret of the service that made "
                    "the backup."
                )
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
    return made


def _lines(session: Session, made: Backup, at: datetime) -> Iterator[bytes]:
    manifest = {
        "kind": KIND,
        "version": __version__,
        "schema": heads(),
        "made_at": at.isoformat(),
        "rows": made.rows,
        "audit_head": [made.head.number, made.head.entry_hash],
    }
    yield json.dumps(manifest).encode()
    for table in tables():
        for row in session.execute(select(table)).yield_per(ROWS_AT_A_TIME).mappings():
            values = {name: _plain(value) for name, value in row.items()}
            yield json.dumps([table.name, values], ensure_ascii=False).encode()


def _manifest(line: bytes) -> Backup:
    manifest = json.loads(line)
    if manifest.get("kind") != KIND or manifest.get("schema") != heads():
        raise ConfigError(
            f"The backup is of another version of the program ({manifest.get('version')}); "
            "restore it with that version, then let this one bring the schema up to date."
        )
    return Backup(manifest["rows"], Head(*manifest["audit_head"]))


def _fill(session: Session, lines: Iterable[bytes]) -> int:
    known, rows = {table.name: table for table in tables()}, 0
    for line in lines:
        name, values = json.loads(line)
        table = known[name]
        row = {column: _typed(table, column, value) for column, value in values.items()}
        session.execute(insert(table).values(row))
        rows += 1
    return rows


def _refuse_rows(session: Session) -> None:
    filled = [table.name for table in tables() if _count(session, table)]
    if filled:
        raise ConfigError(
            f"The database is not empty ({', '.join(filled)}); a backup is restored into a new one."
        )


def _count(session: Session, table: Table) -> int:
    return session.execute(select(func.count()).select_from(table)).scalar_one()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def _typed(table: Table, column: str, value: Any) -> Any:
    kind = table.columns[column].type
    if value is not None and isinstance(kind, UtcTime):
        return datetime.fromisoformat(value)
    if value is not None and isinstance(kind, Date):
        return date.fromisoformat(value)
    return value
