"""Reading and checking the audit log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from allocator.service.access.caller import Caller
from allocator.service.access.roles import Action
from allocator.service.audit.chain import Event, Head, find_faults, head
from allocator.service.root import Service
from allocator.store.tables import AuditEntry

ROWS_AT_A_TIME = 500
MOST_FAULTS = 100


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of the whole log found: its head, and the first faults in words."""

    head: Head
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries are asked for; None or "" for any.

    Parameters
    ----------
    after : only entries with a larger number; before : and with a smaller one.
    limit : entries at the most.
    person_id : entries that concern this person. newest_first : from the largest number down.
    """

    after: int = 0
    limit: int = 100
    actor: str = ""
    action: str = ""
    object_id: str = ""
    person_id: str = ""
    before: int | None = None
    newest_first: bool = False


def check_log(service: Service, caller: Caller, noted: Iterable[Head] = ()) -> Checked:
    """Check every entry of the log against its neighbours, and against heads noted elsewhere."""
    caller.require(Action.READ_AUDIT)
    with service.database.snapshot() as session:
        rows = select(AuditEntry).order_by(AuditEntry.number)
        entries = session.scalars(rows.execution_options(yield_per=ROWS_AT_A_TIME))
        faults = []
        for fault in find_faults(service.keys, entries, noted):
            faults.append(fault)
            if len(faults) == MOST_FAULTS:
                break
        checked = Checked(head(session), tuple(faults))
    detail = {"entries": checked.head.number, "faults": len(checked.faults)}
    service.note(caller, Event("audit.verify", "audit", "", detail=detail))
    return checked


def read_log(service: Service, caller: Caller, asked: Asked) -> Sequence[AuditEntry]:
    """Entries in the caller's scope by their numbers; reading them is noted as well."""
    caller.require(Action.READ_AUDIT)
    with service.database.read() as session:
        found = _in_scope(session, service, caller, asked)
    service.note(
        caller, Event(Action.READ_AUDIT, "audit", "", (), asked.person_id, {"after": asked.after})
    )
    return found


def _in_scope(
    session: Session, service: Service, caller: Caller, asked: Asked
) -> Sequence[AuditEntry]:
    number = AuditEntry.number
    order = number.desc() if asked.newest_first else number.asc()
    rows = select(AuditEntry).where(number > asked.after).order_by(order)
    if asked.before is not None:
        rows = rows.where(number < asked.before)
    given = {
        AuditEntry.actor: asked.actor,
        AuditEntry.action: asked.action,
        AuditEntry.object_id: asked.object_id,
        AuditEntry.subject: service.keys.subject(asked.person_id) if asked.person_id else "",
    }
    for column, value in given.items():
        if value:
            rows = rows.where(column == value)
    with session.scalars(rows.execution_options(yield_per=ROWS_AT_A_TIME)) as entries:
        seen = (entry for entry in entries if caller.sees(entry.facilities))
        return tuple(islice(seen, asked.limit))


def entry_document(entry: AuditEntry) -> dict[str, Any]:
    """An entry as plain data."""
    return {
        "number": entry.number,
        "at": entry.at.isoformat(timespec="milliseconds"),
        "actor": entry.actor,
        "action": entry.action,
        "object_kind": entry.object_kind,
        "object_id": entry.object_id,
        "facilities": entry.facilities,
        "subject": entry.subject,
        "request_id": entry.request_id,
        "detail": entry.detail,
        "hash": entry.entry_hash,
    }
