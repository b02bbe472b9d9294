"""The audit log: append-only, each entry bound to the one before by a hash."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from allocator.store.base import Base

HASH_LENGTH = 64


class AuditEntry(Base):
    """Who did what to which object when; numbered from 1 without a gap.

    `subject` is a keyed digest of the person concerned, "" for none: the log can answer who looked
    at somebody, and holds nobody's id. Triggers of the database refuse update and delete.
    """

    __tablename__ = "audit_entry"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(index=True)
    object_kind: Mapped[str]
    object_id: Mapped[str]
    facilities: Mapped[list[str]]
    subject: Mapped[str] = mapped_column(index=True)
    request_id: Mapped[str]
    detail: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(String(HASH_LENGTH))
    entry_hash: Mapped[str] = mapped_column(String(HASH_LENGTH))
