"""Local accounts: made and changed by an administrator, who never changes their own rights.

An administrator keeps accounts and sees no person (`roles.POLICY`). Nobody changes the roles, the
scope or the state of their own account, so nobody becomes a signer without another administrator;
a password of somebody else is set anew on the server's command line only, never over HTTP. An
administrator gives no scope beyond their own. Every change stands in the audit log.
"""

import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from allocator.service.access.caller import Caller
from allocator.service.access.grants import Grant, checked_name, checked_words, require_grant
from allocator.service.access.passwords import check_password, hash_password, matches
from allocator.service.access.roles import Action
from allocator.service.audit.chain import Event
from allocator.service.errors import (
    AuthenticationError,
    ForbiddenError,
    NotFoundError,
    StaleError,
    StateError,
)
from allocator.service.lists import Page, Part, Sorts, page_of_seen
from allocator.service.root import Service
from allocator.store.tables import Account, LoginSession

KIND = "account"
PREFIX = "account:"
REFUSED = "The name or the password is not right."
MARK_DIGITS = 32
AccountSort = Literal["made_at", "-made_at", "name", "-name"]
SORTS = Sorts({"made_at": Account.made_at, "name": Account.name}, Account.account_id, "-made_at")


@dataclass(frozen=True, slots=True)
class SeenAccount:
    """An account as the caller saw it; `mark` None for whatever it is now."""

    account_id: str
    mark: str | None = None


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


def page_of_accounts(service: Service, caller: Caller, part: Part) -> Page[Account]:
    """The accounts in the caller's scope, as a rule the newest first."""
    caller.require(Action.KEEP_ACCOUNTS)
    with service.database.read() as session:
        return page_of_seen(session, caller, Account, SORTS, part)


def mark_of(account: Account) -> str:
    """What an account is now, in 32 digits: others after every change of its rights."""
    rights = [account.account_id, account.roles, account.facilities, account.is_disabled]
    return hashlib.sha256(json.dumps(rights).encode()).hexdigest()[:MARK_DIGITS]


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
    seen: SeenAccount,
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
    StaleError
        If the account is another one than the caller saw.
    """
    caller.require(Action.KEEP_ACCOUNTS)
    with service.change(caller) as change:
        account = _in_scope(change.session, caller, seen.account_id, lock=True)
        if caller.actor == PREFIX + seen.account_id:
            raise ForbiddenError("Nobody changes their own rights. Ask another administrator.")
        if seen.mark not in {None, mark_of(account)}:
            raise StaleError("The account was changed since you read it; read it again.")
        if grant is not None:
            require_grant(caller, grant)
            account.roles = sorted(grant.roles)
            account.facilities = sorted(grant.facilities)
        if is_disabled is not None:
            account.is_disabled = is_disabled
        if account.is_disabled:
            end_sessions(change.session, seen.account_id)
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
        account = session.get(Account, account_id)
    if account is None or not matches(account.password_hash, old):
        raise AuthenticationError("The old password is not right.")
    check_password(new, account.name)
    _set_password(service, caller, account_id, new, "password changed")


def end_sessions(session: Session, account_id: str) -> None:
    """Every browser of the account has to sign in again."""
    session.execute(delete(LoginSession).where(LoginSession.account_id == account_id))


def _set_password(
    service: Service, caller: Caller, account_id: str, password: str, how: str
) -> None:
    password_hash = hash_password(password)
    with service.change(caller) as change:
        account = change.session.get_one(Account, account_id)
        account.password_hash, account.password_at = password_hash, service.clock()
        end_sessions(change.session, account_id)
        change.note(_event(account, how))


def _in_scope(session: Session, caller: Caller, account_id: str, *, lock: bool = False) -> Account:
    account = session.get(Account, account_id, with_for_update=lock or None)
    if account is None:
        raise NotFoundError("There is no such account.")
    caller.require_scope(account.facilities, "account")
    return account


def _event(account: Account, how: str) -> Event:
    detail = {"how": how, "roles": account.roles, "is_disabled": account.is_disabled}
    action = Action.KEEP_ACCOUNTS
    return Event(action, KIND, account.account_id, tuple(account.facilities), detail=detail)
