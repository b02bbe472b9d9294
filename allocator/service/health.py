"""Can the service take work? What each part of it says."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from allocator.service.root import Service
from allocator.store.migrate import is_current
from allocator.store.tables import Worker

RECENT_LEASES = 3  # a worker gives several signs of life in the time of one lease


@dataclass(frozen=True, slots=True)
class Check:
    """One part of the service: whether it is well, and what it says."""

    name: str
    is_well: bool
    words: str


def readiness(service: Service) -> tuple[Check, ...]:
    """Database, schema and workers; what lies behind a database that is silent is not asked."""
    try:
        service.database.ping()
        schema = is_current(service.database)
        workers = _recent_workers(service)
    except SQLAlchemyError as error:
        return (Check("database", is_well=False, words=f"no answer ({type(error).__name__})"),)
    words = "current" if schema else "not the one of this program: migrate"
    return (
        Check("database", is_well=True, words="answers"),
        Check("schema", is_well=schema, words=words),
        _workers(service, workers),
    )


def _workers(service: Service, count: int) -> Check:
    """Without a worker of its own a server is well too: it takes requests, and runs wait."""
    if count:
        return Check("workers", is_well=True, words=f"{count} seen recently")
    if service.settings.embedded_workers:
        return Check("workers", is_well=False, words="none seen recently")
    return Check("workers", is_well=True, words="none embedded, none seen recently: runs wait")


def _recent_workers(service: Service) -> int:
    lease = timedelta(seconds=service.settings.lease_seconds)
    oldest = service.clock() - RECENT_LEASES * lease
    with service.database.read() as session:
        query = select(func.count()).select_from(Worker).where(Worker.seen_at >= oldest)
        return session.scalar(query) or 0
