"""Sessions of browsers: signing in with a password, and what a cookie is worth afterwards.

The cookie holds a random token, of which the table keeps a keyed hash. A session ends after
`session_idle_minutes` without a request, `session_hours` after it began, when its account is
disabled or gets another password, and when its owner signs out. Signing in always makes a new one.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from allocator.service.access.accounts import KIND, PREFIX, REFUSED
from allocator.service.access.caller import Caller
from allocator.service.access.passwords import hash_password, is_outdated, matches
from allocator.service.access.rates import take
from allocator.service.access.roles import Role
from allocator.service.audit.chain import Event
from allocator.service.errors import AuthenticationError, ForbiddenError
from allocator.service.root import Service
from allocator.store.tables import Account, LoginSession

TOKEN_BYTES = 32
LONGEST_TOKEN = 128
USE = "session"
ADDRESS_FACTOR = 6
"""A whole prison may come from one address, one person guesses at one name."""


class CsrfError(ForbiddenError):
    """A change with a session's cookie came without the session's own token."""

    code = "csrf_refused"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session as its owner sees it; `token` is for the cookie and empty once it is known."""

    caller: Caller
    csrf_token: str = field(repr=False)
    ends_at: datetime
    token: str = field(default="", repr=False)


def sign_in(
    service: Service, name: str, password: str, address: str, request_id: str = "", old: str = ""
) -> SignedIn:
    """A new session.

    Parameters
    ----------
    address : of the client, counted and not kept. old : the token that the browser had, "" for
        none; its session ends.

    Raises
    ------
    RateError
        If the name or the address tried too often.
    AuthenticationError
        If name or password is wrong or the account disabled; the words are the same.
    """
    known = name.casefold()
    per_minute = service.settings.login_attempts_per_minute
    take(service, f"login-address:{address}", per_minute * ADDRESS_FACTOR)
    take(service, f"login-name:{known}", per_minute)
    with service.database.read() as session:
        account = session.scalars(select(Account).where(Account.name == known)).first()
    is_right = matches(None if account is None else account.password_hash, password)
    if account is None or not is_right or account.is_disabled:
        _note_failure(service, account, request_id)
        raise AuthenticationError(REFUSED)
    fresh = hash_password(password) if is_outdated(account.password_hash) else None
    return _begin(service, account, request_id, old, fresh)


def session_of(service: Service, token: str, request_id: str = "") -> SignedIn:
    """Whose session a cookie's token is.

    Raises
    ------
    AuthenticationError
        If there is none, or it is over.
    """
    if not 0 < len(token) <= LONGEST_TOKEN:
        raise AuthenticationError("Your session is over. Sign in again.")
    now = service.clock()
    with service.database.read() as session:
        row = session.get(LoginSession, _hash(service, token))
        account = None if row is None else session.get(Account, row.account_id)
    idle = timedelta(minutes=service.settings.session_idle_minutes)
    if row is None or account is None or account.is_disabled:
        raise AuthenticationError("Your session is over. Sign in again.")
    if now >= min(row.ends_at, row.seen_at + idle):
        raise AuthenticationError("Your session is over. Sign in again.")
    if now - row.seen_at > idle / 10:
        _touch(service, row.token_hash, now)
    return SignedIn(caller_of(account, request_id), row.csrf_token, row.ends_at)


def require_csrf(session: SignedIn, given: str) -> None:
    """Refuse a change that does not carry the session's own token.

    Raises
    ------
    CsrfError
        If the token is missing or another.
    """
    if not hmac.compare_digest(session.csrf_token.encode(), given.encode(errors="replace")):
        raise CsrfError(
            "This request does not come from your session. Load the page again.",
            "send the csrf_token of GET /v1/me as X-CSRF-Token, or as field csrf_token of a form",
        )


def sign_out(service: Service, caller: Caller, token: str) -> None:
    """End the session of a token; nothing happens to others of the same account."""
    with service.change(caller) as change:
        change.session.execute(
            delete(LoginSession).where(LoginSession.token_hash == _hash(service, token))
        )
        change.note(Event("logout", KIND, caller.actor.removeprefix(PREFIX)))


def forget_ended(session: Session, now: datetime, idle: timedelta) -> None:
    """Delete the sessions that are over."""
    over = or_(LoginSession.ends_at <= now, LoginSession.seen_at <= now - idle)
    session.execute(delete(LoginSession).where(over))


def caller_of(account: Account, request_id: str = "") -> Caller:
    """The caller that an account stands for, with its roles of this moment."""
    roles = frozenset(Role(name) for name in account.roles)
    return Caller(
        f"{PREFIX}{account.account_id}",
        account.display_name,
        roles,
        frozenset(account.facilities),
        request_id,
    )


def _begin(
    service: Service, account: Account, request_id: str, old: str, fresh: str | None
) -> SignedIn:
    now, token, csrf = service.clock(), secrets.token_urlsafe(TOKEN_BYTES), secrets.token_urlsafe()
    ends_at = now + timedelta(hours=service.settings.session_hours)
    caller = caller_of(account, request_id)
    with service.change(caller) as change:
        session = change.session
        forget_ended(session, now, timedelta(minutes=service.settings.session_idle_minutes))
        ended = delete(LoginSession).where(LoginSession.token_hash == _hash(service, old))
        session.execute(ended)
        session.add(
            LoginSession(
                token_hash=_hash(service, token),
                account_id=account.account_id,
                csrf_token=csrf,
                made_at=now,
                seen_at=now,
                ends_at=ends_at,
            )
        )
        if fresh is not None:
            session.get_one(Account, account.account_id).password_hash = fresh
        change.note(Event("login", KIND, account.account_id))
    return SignedIn(caller, csrf, ends_at, token)


def _note_failure(service: Service, account: Account | None, request_id: str) -> None:
    """Say in the audit log whose account was tried; a name that nobody has is not written."""
    known = "" if account is None else account.account_id
    nobody = Caller("anonymous", "", frozenset(), frozenset(), request_id)
    service.note(nobody, Event("login.refused", KIND, known))


def _touch(service: Service, token_hash: str, now: datetime) -> None:
    """A sign of life; nothing that the audit log would tell."""
    with service.database.write() as session:
        row = session.get(LoginSession, token_hash)
        if row is not None:
            row.seen_at = now


def _hash(service: Service, token: str) -> str:
    return service.keys.digest(USE, token.encode(errors="replace"))
