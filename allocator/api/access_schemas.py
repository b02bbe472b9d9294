"""Bodies of sessions, accounts and keys."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from allocator.service.access.api_keys import MOST_DAYS
from allocator.service.access.grants import MOST_SIGNS, Grant
from allocator.service.access.passwords import LONGEST
from allocator.service.access.roles import Role
from allocator.service.access.sessions import SignedIn
from allocator.store.tables import Account, ApiKey

MOST_FACILITIES = 1000
PLAIN = r"^[^\x00-\x1f\x7f]+$"
Password = Annotated[SecretStr, Field(min_length=1, max_length=LONGEST)]
Words = Annotated[str, Field(min_length=1, max_length=MOST_SIGNS, pattern=PLAIN)]
Roles = Annotated[list[Role], Field(min_length=1, max_length=len(Role))]
Facilities = Annotated[list[Words], Field(min_length=1, max_length=MOST_FACILITIES)]


class Body(BaseModel):
    """A request body; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Credentials(Body):
    """What somebody signs in with."""

    name: Words
    password: Password


class PasswordChange(Body):
    """The old password and the new one."""

    old_password: Password
    new_password: Password


class GrantBody(Body):
    """Roles, and the facilities in which they hold; `*` is every one."""

    roles: Roles
    facilities: Facilities

    def grant(self) -> Grant:
        """As the service takes it."""
        return Grant(frozenset(self.roles), frozenset(self.facilities))


class NewAccount(GrantBody):
    """An account to make."""

    name: Words
    display_name: Words | None = None
    password: Password


class AccountChange(Body):
    """What is to be different; roles and facilities come together."""

    grant: GrantBody | None = None
    is_disabled: bool | None = None


class NewApiKey(GrantBody):
    """A key to make; without `days` it ends when somebody revokes it."""

    name: Words
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] | None = None


class Me(BaseModel):
    """Who is signed in and what they may do; `csrf_token` is there for sessions only."""

    actor: str
    name: str
    roles: list[Role]
    facilities: list[str]
    actions: list[str]
    csrf_token: str | None
    session_ends_at: datetime | None


class SessionResource(BaseModel):
    """A session that has begun; its cookie is in the headers."""

    actor: str
    name: str
    roles: list[Role]
    facilities: list[str]
    csrf_token: str
    ends_at: datetime

    @classmethod
    def of(cls, session: SignedIn) -> Self:
        """As the owner sees it."""
        caller = session.caller
        return cls(
            actor=caller.actor,
            name=caller.name,
            roles=sorted(caller.roles),
            facilities=sorted(caller.facilities),
            csrf_token=session.csrf_token,
            ends_at=session.ends_at,
        )


class AccountResource(BaseModel):
    """An account; of its password nothing."""

    id: str
    name: str
    display_name: str
    roles: list[Role]
    facilities: list[str]
    is_disabled: bool
    made_at: datetime
    password_at: datetime

    @classmethod
    def of(cls, account: Account) -> Self:
        """As administrators see it."""
        return cls(
            id=account.account_id,
            name=account.name,
            display_name=account.display_name,
            roles=[Role(name) for name in account.roles],
            facilities=account.facilities,
            is_disabled=account.is_disabled,
            made_at=account.made_at,
            password_at=account.password_at,
        )


class AccountList(BaseModel):
    """Accounts in the caller's scope, the newest first; `next` is the cursor of the next page."""

    users: list[AccountResource]
    next: str | None


class ApiKeyResource(BaseModel):
    """A key without its secret."""

    id: str
    name: str
    roles: list[Role]
    facilities: list[str]
    made_at: datetime
    made_by: str
    ends_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, key: ApiKey) -> Self:
        """As administrators see it."""
        return cls(
            id=key.key_id,
            name=key.name,
            roles=[Role(name) for name in key.roles],
            facilities=key.facilities,
            made_at=key.made_at,
            made_by=key.made_by,
            ends_at=key.ends_at,
            revoked_at=key.revoked_at,
        )


class ApiKeyList(BaseModel):
    """Keys in the caller's scope, the newest first; `next` is the cursor of the next page."""

    api_keys: list[ApiKeyResource]
    next: str | None


class MadeApiKey(BaseModel):
    """A new key; `token` is shown this once and known to nobody later."""

    key: ApiKeyResource
    token: str
