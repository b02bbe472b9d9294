"""Keys of programs: a random secret that is shown once, of which a keyed hash is kept.

A decision on a person is a named human's (R50), so a key holds only roles that propose and read:
what only a person may do (`PERSONAL`) no key may. That also keeps an administrator, who can make
keys, from acting as an officer or signer through one.
"""

import hmac
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from sqlalchemy import select

from allocator.service.access.caller import Caller
from allocator.service.access.grants import (
    Grant,
    InvalidValueError,
    checked_words,
    require_grant,
)
from allocator.service.access.roles import POLICY, Action, Role
from allocator.service.audit.chain import Event
from allocator.service.errors import AuthenticationError, NotFoundError
from allocator.service.lists import Page, Part, Sorts, page_of_seen
from allocator.service.root import Service
from allocator.store.tables import ApiKey

KIND = "api_key"
START = "ak_"
PARTS = 3
SECRET_BYTES = 32
USE = "api-key"
KeySort = Literal["made_at", "-made_at", "name", "-name"]
SORTS = Sorts({"made_at": ApiKey.made_at, "name": ApiKey.name}, ApiKey.key_id, "-made_at")
MOST_DAYS = 3660
PERSONAL = frozenset(
    {
        Action.DECIDE,
        Action.REVIEW,
        Action.SIGN,
        Action.EXECUTE,
        Action.READ_INTELLIGENCE,
        Action.ERASE,
        Action.KEEP_ACCOUNTS,
    }
)
KEY_ROLES = frozenset(role for role in Role if not POLICY[role] & PERSONAL)
REFUSED = "The API key is not valid."


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key at the only moment at which its secret is known."""

    key: ApiKey
    token: str = field(repr=False)


def add_key(
    service: Service, caller: Caller, name: str, grant: Grant, days: int | None = None
) -> NewKey:
    """A new key, which ends after `days`, or never for None.

    Raises
    ------
    ForbiddenError, NotFoundError
        If the caller keeps no accounts, or gives a facility out of their scope.
    InvalidValueError
        If a role is a person's only, or name or days cannot be used.
    """
    caller.require(Action.KEEP_ACCOUNTS)
    require_grant(caller, grant)
    if not grant.roles <= KEY_ROLES:
        allowed = ", ".join(sorted(KEY_ROLES))
        raise InvalidValueError(f"A decision is a named person's. A key has the roles {allowed}.")
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise InvalidValueError(f"A key ends after 1 to {MOST_DAYS} days.")
    key_id, secret, now = uuid.uuid4().hex, secrets.token_urlsafe(SECRET_BYTES), service.clock()
    key = ApiKey(
        key_id=key_id,
        secret_hash=_hash(service, key_id, secret),
        name=checked_words(name, "name"),
        roles=sorted(grant.roles),
        facilities=sorted(grant.facilities),
        made_at=now,
        made_by=caller.actor,
        ends_at=None if days is None else now + timedelta(days=days),
    )
    with service.change(caller) as change:
        change.session.add(key)
        change.note(_event(key, "added"))
    return NewKey(key, f"{START}{key_id}_{secret}")


def list_keys(service: Service, caller: Caller) -> tuple[ApiKey, ...]:
    """The keys in the caller's scope, the newest first; their secrets are known to nobody."""
    caller.require(Action.KEEP_ACCOUNTS)
    newest = select(ApiKey).order_by(ApiKey.made_at.desc(), ApiKey.key_id)
    with service.database.read() as session:
        found = session.scalars(newest).all()
    return tuple(key for key in found if caller.sees(key.facilities))


def page_of_keys(service: Service, caller: Caller, part: Part) -> Page[ApiKey]:
    """The keys in the caller's scope, as a rule the newest first."""
    caller.require(Action.KEEP_ACCOUNTS)
    with service.database.read() as session:
        return page_of_seen(session, caller, ApiKey, SORTS, part)


def revoke_key(service: Service, caller: Caller, key_id: str) -> None:
    """End a key now; one that was ended stays as it is.

    Raises
    ------
    NotFoundError
        If there is none in the caller's scope.
    """
    caller.require(Action.KEEP_ACCOUNTS)
    with service.change(caller) as change:
        key = change.session.get(ApiKey, key_id)
        if key is None:
            raise NotFoundError("There is no such key.")
        caller.require_scope(key.facilities, "key")
        key.revoked_at = key.revoked_at or service.clock()
        change.note(_event(key, "revoked"))


def caller_of_key(service: Service, token: str, request_id: str = "") -> Caller:
    """The program behind a key.

    Raises
    ------
    AuthenticationError
        If there is no such key, or it is over; the words are the same.
    """
    parts = token.split("_", PARTS - 1)
    if len(parts) != PARTS or not token.isascii() or "\x00" in token:
        raise AuthenticationError(REFUSED)
    _, key_id, secret = parts
    with service.database.read() as session:
        key = session.get(ApiKey, key_id)
    given = _hash(service, key_id, secret)
    is_right = hmac.compare_digest("" if key is None else key.secret_hash, given)
    if key is None or not is_right or _is_over(service, key):
        raise AuthenticationError(REFUSED)
    roles = frozenset(Role(name) for name in key.roles) & KEY_ROLES
    return Caller(f"key:{key_id}", key.name, roles, frozenset(key.facilities), request_id)


def _is_over(service: Service, key: ApiKey) -> bool:
    return key.revoked_at is not None or (
        key.ends_at is not None and key.ends_at <= service.clock()
    )


def _hash(service: Service, key_id: str, secret: str) -> str:
    return service.keys.digest(USE, f"{key_id}:{secret}".encode())


def _event(key: ApiKey, how: str) -> Event:
    facilities = tuple(key.facilities)
    detail = {"how": how, "roles": key.roles}
    return Event(Action.KEEP_ACCOUNTS, KIND, key.key_id, facilities, detail=detail)
