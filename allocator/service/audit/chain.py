"""The chain: every entry carries a keyed hash of itself and of the entry before it.

A change, a gap or another order breaks the chain at that place. What was cut off at its end shows
only against a head noted elsewhere, so `head` is what backups and operators note. The hash is
keyed: who can write to the database, but does not know the service's secret, cannot mend the chain.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from allocator.service.access.caller import Caller
from allocator.service.keys import Keys
from allocator.store.tables import AuditEntry

START = "0" * 64
LOCK = text("SELECT pg_advisory_xact_lock(7152)")
USE = "audit-chain"


@dataclass(frozen=True, slots=True)
class Event:
    """Something to be remembered.

    Parameters
    ----------
    action : what was done, as `Action` or `login`, `export` and the like name it.
    person_id : whom it concerns, "" for nobody; only its digest is kept.
    detail : plain data without anybody's id or name.
    """

    action: str
    object_kind: str
    object_id: str
    facilities: tuple[str, ...] = ()
    person_id: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: its number (0 for an empty log) and its hash."""

    number: int
    entry_hash: str


def append(session: Session, keys: Keys, caller: Caller, at: datetime, event: Event) -> Head:
    """Add an entry within a writing transaction; call it last, since it makes others wait."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(LOCK)
    before = head(session)
    entry = AuditEntry(
        number=before.number + 1,
        at=at,
        actor=caller.actor,
        action=str(event.action),
        object_kind=event.object_kind,
        object_id=event.object_id,
        facilities=sorted(event.facilities),
        subject=keys.subject(event.person_id) if event.person_id else "",
        request_id=caller.request_id,
        detail=dict(event.detail),
        previous_hash=before.entry_hash,
        entry_hash="",
    )
    entry.entry_hash = entry_hash(keys, entry)
    session.add(entry)
    session.flush()
    return Head(entry.number, entry.entry_hash)


def head(session: Session) -> Head:
    """The newest entry's number and hash."""
    newest = select(AuditEntry.number, AuditEntry.entry_hash).order_by(AuditEntry.number.desc())
    row = session.execute(newest.limit(1)).first()
    return Head(0, START) if row is None else Head(row.number, row.entry_hash)


def entry_hash(keys: Keys, entry: AuditEntry) -> str:
    """The keyed hash of everything in an entry but the hash itself."""
    content = {
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "action": entry.action,
        "object_kind": entry.object_kind,
        "object_id": entry.object_id,
        "facilities": entry.facilities,
        "subject": entry.subject,
        "request_id": entry.request_id,
        "detail": entry.detail,
        "previous_hash": entry.previous_hash,
    }
    text_of = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return keys.digest(USE, text_of.encode())


def find_faults(
    keys: Keys, entries: Iterable[AuditEntry], noted: Iterable[Head] = ()
) -> Iterator[str]:
    """What is wrong with a log whose entries come in the order of their numbers, in words.

    Parameters
    ----------
    noted : heads that were noted elsewhere; the log must still hold them.
    """
    expected: dict[int, set[str]] = {}
    for mark in noted:
        if mark.number:
            expected.setdefault(mark.number, set()).add(mark.entry_hash)
    number, previous = 0, START
    for entry in entries:
        if entry.number != number + 1:
            yield f"entries {number + 1} to {entry.number - 1} are missing"
        elif entry.previous_hash != previous:
            yield f"entry {entry.number} does not follow entry {number}"
        if entry.entry_hash != entry_hash(keys, entry):
            yield f"entry {entry.number} was changed"
        if expected.pop(entry.number, set()) - {entry.entry_hash}:
            yield f"entry {entry.number} is another than the one noted"
        number, previous = entry.number, entry.entry_hash
    for missing in sorted(expected):
        yield f"entry {missing} was noted and is missing: the log was cut off after {number}"
