"""Rates: token buckets in the database, so that every server of the service counts together."""

import math
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from allocator.service.errors import RateError
from allocator.service.root import Service
from allocator.store.tables import RateBucket

SECONDS = 60
FORGOTTEN = timedelta(hours=1)


def take(service: Service, bucket: str, per_minute: int) -> None:
    """Take one token; a bucket holds as many as come in a minute.

    Parameters
    ----------
    bucket : what is counted, such as `run:<actor>`; only its keyed digest is kept.
    per_minute : tokens that come back in a minute, at least 1.

    Raises
    ------
    RateError
        If the bucket is empty; it says in how many seconds there is a token again.
    """
    name, now = service.keys.digest("rate", bucket.encode()), service.clock()
    with service.database.write() as session:
        forget(session, now)
        row = _locked(session, name, per_minute, now)
        tokens = _refilled(row, per_minute, now)
        if granted := tokens >= 1:
            tokens -= 1
        row.tokens, row.at = tokens, max(row.at, now)
    if not granted:
        wait = math.ceil((1 - tokens) * SECONDS / per_minute)
        raise RateError(f"Too often. Try again in {wait} seconds.", wait)


def _locked(session: Session, name: str, per_minute: int, now: datetime) -> RateBucket:
    """The bucket, full if it is new; on PostgreSQL others wait for this row alone."""
    values: dict[str, Any] = {"name": name, "tokens": float(per_minute), "at": now}
    insert: Any = sqlite.insert(RateBucket)
    if session.get_bind().dialect.name == "postgresql":
        insert = postgresql.insert(RateBucket)
    session.execute(insert.values(values).on_conflict_do_nothing())
    row = select(RateBucket).where(RateBucket.name == name).with_for_update()
    return session.execute(row).scalar_one()


def _refilled(row: RateBucket, per_minute: int, now: datetime) -> float:
    passed = max(0.0, (now - row.at).total_seconds())
    return min(float(per_minute), row.tokens + passed * per_minute / SECONDS)


def forget(session: Session, now: datetime) -> None:
    """Buckets that are full again for long; who is counted changes all the time."""
    session.execute(delete(RateBucket).where(RateBucket.at < now - FORGOTTEN))
