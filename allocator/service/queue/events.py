"""News of a run, numbered without a gap: what server-sent events resume from."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from allocator.store.tables import RunEvent


class News(StrEnum):
    """Kinds of events; the last three end a run and nothing follows them."""

    QUEUED = "queued"
    RUNNING = "running"
    PROGRESS = "progress"
    ASKED = "asked"
    LEASE_LOST = "lease_lost"
    HANDED_BACK = "handed_back"
    PROCESS_LOST = "process_lost"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


FINAL = frozenset({News.DONE, News.FAILED, News.CANCELLED})


def add_news(
    session: Session, run_id: str, at: datetime, entries: Iterable[tuple[News, Mapping[str, Any]]]
) -> None:
    """Add events of a run whose row the transaction has locked or changed before."""
    newest = select(func.max(RunEvent.number)).where(RunEvent.run_id == run_id)
    first = (session.scalar(newest) or 0) + 1
    session.add_all(
        RunEvent(run_id=run_id, number=number, kind=str(kind), data=dict(data), at=at)
        for number, (kind, data) in enumerate(entries, first)
    )
