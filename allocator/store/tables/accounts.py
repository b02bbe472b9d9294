"""People and programs that may use the service: accounts, sessions of a browser, API keys."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from allocator.store.base import ID_LENGTH, Base


class Account(Base):
    """A local account; `facilities` is ["*"] for every facility."""

    __tablename__ = "account"

    account_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    password_hash: Mapped[str]
    roles: Mapped[list[str]]
    facilities: Mapped[list[str]]
    is_disabled: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    password_at: Mapped[datetime]


class LoginSession(Base):
    """A browser that signed in; only a hash of its token is kept."""

    __tablename__ = "login_session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.account_id"), index=True)
    csrf_token: Mapped[str]
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class ApiKey(Base):
    """A key of a program; only a hash of its secret is kept, `key_id` is shown."""

    __tablename__ = "api_key"

    key_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    secret_hash: Mapped[str]
    name: Mapped[str]
    roles: Mapped[list[str]]
    facilities: Mapped[list[str]]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    ends_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
