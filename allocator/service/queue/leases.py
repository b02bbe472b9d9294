"""Leases: who works on which run, until when.

Claims, renewals and progress are bookkeeping of the program and not in the audit log; what
somebody asks of a run, and how work on it ends, is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Update, func, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from allocator.errors import JobError
from allocator.service.queue.events import News, add_news
from allocator.service.queue.states import RunState
from allocator.service.root import Service
from allocator.store.tables import Run

UNREACHABLE = (OperationalError, InterfaceError, PoolTimeout)
"""What the database says when it may answer again later."""
GOES_ON_FROM = "incumbent_seconds"


class LeaseLostError(JobError):
    """Somebody else has the run now, or it has ended; what this worker made is dropped."""

    code = "lease_lost"


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a run; every write of the work names owner and attempt.

    `trace_id` : of the request that asked for the run.
    """

    run_id: str
    owner: str
    attempt: int
    trace_id: str = ""

    @property
    def holds(self) -> ColumnElement[bool]:
        """True of the run for as long as nobody else has it."""
        return (
            (Run.run_id == self.run_id)
            & (Run.owner == self.owner)
            & (Run.attempt == self.attempt)
            & (Run.state == RunState.RUNNING)
        )

    def lost(self) -> LeaseLostError:
        """The error of a worker that no longer has the run."""
        return LeaseLostError("Another worker has taken the run.", f"attempt {self.attempt}")


def claim(service: Service, owner: str) -> Lease | None:
    """Take the run that has waited longest; None where none waits.

    One statement, so that no two workers get the same run.
    """
    waiting = Run.state == RunState.QUEUED
    with service.database.read() as session:  # looking first keeps idle workers from writing
        if session.scalar(select(Run.run_id).where(waiting).limit(1)) is None:
            return None
    oldest = select(Run.run_id).where(waiting).order_by(Run.made_at, Run.run_id).limit(1)
    with service.database.write() as session:
        now = service.clock()
        taken = session.execute(
            update(Run)
            .where(Run.run_id == oldest.with_for_update(skip_locked=True).scalar_subquery())
            .where(waiting)
            .values(
                state=RunState.RUNNING,
                owner=owner,
                lease_until=now + timedelta(seconds=service.settings.lease_seconds),
                attempt=Run.attempt + 1,
                started_at=func.coalesce(Run.started_at, now),
            )
            .returning(Run.run_id, Run.attempt, Run.incumbent, Run.trace_id)
            .execution_options(synchronize_session=False)
        ).first()
        if taken is None:
            return None
        begun = {"attempt": taken.attempt, **_goes_on_from(taken.incumbent)}
        add_news(session, taken.run_id, now, [(News.RUNNING, begun)])
        return Lease(taken.run_id, owner, taken.attempt, taken.trace_id)


def _goes_on_from(incumbent: Mapping[str, Any] | None) -> dict[str, Any]:
    """After how many seconds the placement was found that an attempt sets out from, if any."""
    return {} if incumbent is None else {GOES_ON_FROM: incumbent["seconds"]}


def renew(service: Service, lease: Lease) -> None:
    """Keep a run for as long again.

    Raises
    ------
    LeaseLostError
        If somebody else has it, or it has ended.
    """
    until = service.clock() + timedelta(seconds=service.settings.lease_seconds)
    with service.database.write() as session:
        write_held(session, lease, update(Run).values(lease_until=until))


def asked_of(service: Service, lease: Lease) -> str:
    """What somebody wants of the run, "" for nothing.

    Raises
    ------
    LeaseLostError
        If somebody else has it, or it has ended.
    """
    with service.database.read() as session:
        asked = session.scalar(select(Run.asked).where(lease.holds))
    if asked is None:
        raise lease.lost()
    return asked


def write_held(session: Session, lease: Lease, change: Update) -> None:
    """Change a run that this worker still has.

    Raises
    ------
    LeaseLostError
        If somebody else has it, or it has ended.
    """
    statement = change.where(lease.holds).execution_options(synchronize_session=False)
    found: CursorResult[Any] = session.execute(statement)  # type: ignore[assignment]
    if found.rowcount != 1:
        raise lease.lost()


def held(session: Session, lease: Lease) -> Run:
    """The run that this worker still has, locked until the transaction ends.

    Raises
    ------
    LeaseLostError
        If somebody else has it, or it has ended.
    """
    run = session.scalar(select(Run).where(lease.holds).with_for_update())
    if run is None:
        raise lease.lost()
    return run
