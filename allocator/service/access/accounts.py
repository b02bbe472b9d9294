"""Local accounts: made and changed by an administrator, who never changes their own rights.

An administrator keeps accounts and sees no person (`roles.POLICY`). Nobody changes the roles, the
scope or the state of their own account, so nobody becomes a signer without another administrator;
a password of somebody else is set anew on the server's command line only, never over HTTP. An
administrator gives no scope beyond their own. Every change stands in the audit log.
"""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from allocator.service.access.caller import Caller
from allocator.service.access.passwords import check_password, hash_password, matches
from allocator.service.access.roles import Action, Role
from allocator.service.audit.chain import Event
from allocator.service.errors import (
    AuthenticationError,
    ForbiddenError,
    NotFoundError,
    ServiceError,
    StateError,
)
from allocator.service.root import Service
from allocator.store.tables import Account, LoginSession

KIND = "account"
PREFIX = "account:"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")
MOST_SIGNS = 100
FORMULA_STARTS = ("=", "+", "-", "@")
REFUSED = "The name or the password is not right."


class InvalidValueError(ServiceError):
    """A name, role or scope that no account or key can have."""

    code = "value_refused"


@dataclass(frozen=True, slots=True)
class Grant:
    """What an account or a key may do, and where."""

    roles: frozenset[Role]
    facilities: frozenset[str]


def add_account(
    service: Service, caller: Caller, name: str, password: str, grant: Grant, display_name: str = ""
) -> Account:
    """A new account; names do not depend on capital letters.

    Raises
    ------
    ForbiddenError, NotFoundError
        If the caller keeps no accounts, or gives a facility out of their scope.
    InvalidValueError, PasswordError
        If the name, the scope or the password cannot be used.
    StateError
        If the name is taken.
    """
    caller.require(Action.KEEP_ACCOUNTS)
    known = checked_name(name)
    require_grant(caller, grant)
    shown = checked_words(display_name or name, "display name")
    check_password(password, known)
    now = service.clock()
    account = Account(
        account_id=uuid.uuid4().hex,
        name=known,
        display_name=shown,
        password_hash=hash_password(password),
        roles=sorted(grant.roles),
        facilities=sorted(grant.facilities),
        made_at=now,
        password_at=now,
    )
    try:
        with service.change(caller) as change:
            change.session.add(account)
            change.session.flush()
            change.note(_event(account, "added"))
    except IntegrityError:
        raise StateError("There is an account of this name already.") from None
    return account


def list_accounts(service: Service, caller: Caller) -> tuple[Account, ...]:
    """The accounts in the caller's scope, by name."""
    caller.require(Action.KEEP_ACCOUNTS)
    with service.database.read() as session:
        found = session.scalars(select(Account).order_by(Account.name)).all()
    return tuple(account for account in found if caller.sees(account.facilities))


def get_account(service: Service, caller: Caller, account_id: str) -> Account:
    """The account of an id.

    Raises
    ------
    NotFoundError
        If there is none in the caller's scope.
    """
    caller.require(Action.KEEP_ACCOUNTS)
    with service.database.read() as session:
        return _in_scope(session, caller, account_id)


def find_account(service: Service, caller: Caller, name: str) -> Account:
    """The account of a name.

    Raises
    ------
    NotFoundError
        If there is none in the caller's scope.
    """
    wanted = name.casefold()
    for account in list_accounts(service, caller):
        if account.name == wanted:
            return account
    raise NotFoundError("There is no such account.")


def change_account(
    service: Service,
    caller: Caller,
    account_id: str,
    grant: Grant | None = None,
    *,
    is_disabled: bool | None = None,
) -> Account:
    """Other roles and scope, or none at all; None leaves as it is.

    A disabled account loses its sessions in the same transaction; other roles hold from the next
    request on.

    Raises
    ------
    ForbiddenError
        If the caller keeps no accounts, or this is their own.
    NotFoundError
        If the account, or a facility given, is out of scope.
    """
    caller.require(Action.KEEP_ACCOUNTS)
    with service.change(caller) as change:
        account = _in_scope(change.session, caller, account_id)
        if caller.actor == PREFIX + account_id:
            raise ForbiddenError("Nobody changes their own rights. Ask another administrator.")
        if grant is not None:
            require_grant(caller, grant)
            account.roles = sorted(grant.roles)
            account.facilities = sorted(grant.facilities)
        if is_disabled is not None:
            account.is_disabled = is_disabled
        if account.is_disabled:
            end_sessions(change.session, account_id)
        change.note(_event(account, "changed"))
    return account


def reset_password(service: Service, caller: Caller, account_id: str, password: str) -> None:
    """A new password for somebody who lost theirs; their sessions end. Not offered over HTTP.

    Raises
    ------
    NotFoundError, PasswordError
        If the account is out of scope, or the password is too easy to guess.
    """
    caller.require(Action.KEEP_ACCOUNTS)
    with service.database.read() as session:
        name = _in_scope(session, caller, account_id).name
    check_password(password, name)
    _set_password(service, caller, account_id, password, "password set")


def change_password(service: Service, caller: Caller, old: str, new: str) -> None:
    """A new password of one's own; every session of the account ends.

    Raises
    ------
    ForbiddenError
        If the caller came with a key or a token.
    AuthenticationError, PasswordError
        If the old password is not right, or the new one too easy to guess.
    """
    if not caller.actor.startswith(PREFIX):
        raise ForbiddenError("Only a local account has a password here.")
    account_id = caller.actor.removeprefix(PREFIX)
    with service.database.read() as session:
        account = session.get_one(Account, account_id)
    if not matches(account.password_hash, old):
        raise AuthenticationError("The old password is not right.")
    check_password(new, account.name)
    _set_password(service, caller, account_id, new, "password changed")


def end_sessions(session: Session, account_id: str) -> None:
    """Every browser of the account has to sign in again."""
    session.execute(delete(LoginSession).where(LoginSession.account_id == account_id))


def require_grant(caller: Caller, grant: Grant) -> None:
    """Refuse a scope that is not the caller's to give, or is no scope.

    Raises
    ------
    InvalidValueError
        If there is no role, no facility, or a facility of unusable form.
    NotFoundError
        If a facility is out of the caller's scope.
    """
    if not grant.roles or not grant.facilities:
        raise InvalidValueError("Give at least one role and one facility (* for every one).")
    for facility in grant.facilities:
        checked_words(facility, "facility")
    caller.require_scope(grant.facilities, "facility")


def roles_of(names: Iterable[str]) -> frozenset[Role]:
    """Roles by name.

    Raises
    ------
    InvalidValueError
        If there is no such role.
    """
    known = tuple(names)
    for name in known:
        if name not in set(Role):
            raise InvalidValueError(f'There is no role "{name}". Roles: {", ".join(Role)}.')
    return frozenset(Role(name) for name in known)


def checked_name(name: str) -> str:
    """A name to sign in with.

    Raises
    ------
    InvalidValueError
        If it is not 2 to 63 small letters, digits, dots, dashes and underscores.
    """
    known = name.casefold()
    if NAME.fullmatch(known) is None:
        raise InvalidValueError(
            "The name of an account has 2 to 63 letters a-z, digits, dots, dashes and underscores,"
            " and begins with a letter or digit."
        )
    return known


def checked_words(words: str, what: str) -> str:
    """Short printable text that no spreadsheet takes for a formula.

    Raises
    ------
    InvalidValueError
        If it is empty, long, holds control signs, or begins as a formula does.
    """
    if (
        not 1 <= len(words) <= MOST_SIGNS
        or not words.isprintable()
        or words.startswith(FORMULA_STARTS)
    ):
        raise InvalidValueError(
            f"A {what} has 1 to {MOST_SIGNS} printable signs and does not begin with "
            f"{' '.join(FORMULA_STARTS)}."
        )
    return words


def _set_password(
    service: Service, caller: Caller, account_id: str, password: str, how: str
) -> None:
    password_hash = hash_password(password)
    with service.change(caller) as change:
        account = change.session.get_one(Account, account_id)
        account.password_hash, account.password_at = password_hash, service.clock()
        end_sessions(change.session, account_id)
        change.note(_event(account, how))


def _in_scope(session: Session, caller: Caller, account_id: str) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        raise NotFoundError("There is no such account.")
    caller.require_scope(account.facilities, "account")
    return account


def _event(account: Account, how: str) -> Event:
    detail = {"how": how, "roles": account.roles, "is_disabled": account.is_disabled}
    action = Action.KEEP_ACCOUNTS
    return Event(action, KIND, account.account_id, tuple(account.facilities), detail=detail)
