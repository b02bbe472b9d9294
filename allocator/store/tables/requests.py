"""What is remembered of requests: answers that may be asked for again, and rates."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from allocator.store.base import Base
from allocator.store.types import Packed


class IdempotentAnswer(Base):
    """The answer to a request with an `Idempotency-Key`; `status` is None while it is worked on."""

    __tablename__ = "idempotent_answer"

    actor: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request_hash: Mapped[str]
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any]]
    body: Mapped[Any | None] = mapped_column(Packed)
    at: Mapped[datetime] = mapped_column(index=True)


class RateBucket(Base):
    """A token bucket; `tokens` as they were at `at`."""

    __tablename__ = "rate_bucket"

    name: Mapped[str] = mapped_column(primary_key=True)
    tokens: Mapped[float]
    at: Mapped[datetime] = mapped_column(index=True)
