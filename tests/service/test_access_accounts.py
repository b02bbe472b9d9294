"""Accounts, passwords and rates on both databases."""

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from allocator.errors import ConfigError
from allocator.service.access import accounts, passwords, sessions
from allocator.service.access.accounts import SeenAccount
from allocator.service.access.caller import Caller
from allocator.service.access.grants import Grant, InvalidValueError
from allocator.service.access.passwords import PasswordError
from allocator.service.access.rates import take
from allocator.service.access.roles import Role
from allocator.service.errors import (
    AuthenticationError,
    ForbiddenError,
    NotFoundError,
    RateError,
    StateError,
)
from allocator.service.root import Service
from allocator.service.settings import read_settings
from allocator.store.tables import Account, AuditEntry
from tests.service.conftest import TestClock, caller

PASSWORD = "three quiet green lamps"  # noqa: S105
KEEPER = caller(Role.ADMINISTRATOR, facilities=("*",), actor="account:keeper")
OFFICER = Grant(frozenset({Role.OFFICER}), frozenset({"F"}))


def _add(service: Service, name: str = "amina", grant: Grant = OFFICER) -> Account:
    return accounts.add_account(service, KEEPER, name, PASSWORD, grant)


def test_a_session_has_the_roles_and_scope_of_its_account(service: Service) -> None:
    made = _add(service, "Amina")
    session = sessions.sign_in(service, "AMINA", PASSWORD, "10.0.0.7")
    found = sessions.session_of(service, session.token, "request-7").caller
    actor = f"account:{made.account_id}"
    assert found == Caller(actor, "Amina", OFFICER.roles, OFFICER.facilities, "request-7")
    changed = Grant(frozenset({Role.SIGNER, Role.REVIEWER}), frozenset({"F", "G"}))
    accounts.change_account(service, KEEPER, SeenAccount(made.account_id), changed)
    now = sessions.session_of(service, session.token).caller
    assert (now.roles, now.facilities) == (changed.roles, changed.facilities)


def test_every_change_is_in_the_audit_log_without_names(service: Service) -> None:
    made = _add(service)
    sessions.sign_in(service, "amina", PASSWORD, "10.0.0.7")
    with pytest.raises(AuthenticationError):
        sessions.sign_in(service, "amina", "something else", "10.0.0.7")
    with service.database.read() as session:
        entries = session.query(AuditEntry).order_by(AuditEntry.number).all()
    assert [entry.action for entry in entries] == ["account.write", "login", "login.refused"]
    assert {entry.object_id for entry in entries} == {made.account_id}
    assert all("amina" not in str(entry.detail) for entry in entries)


@pytest.mark.parametrize("how", ["disabled", "password", "signed out", "signed in again"])
def test_sessions_end_at_once(service: Service, how: str) -> None:
    made = _add(service)
    first = sessions.sign_in(service, "amina", PASSWORD, "10.0.0.7")
    if how == "disabled":
        accounts.change_account(service, KEEPER, SeenAccount(made.account_id), is_disabled=True)
    elif how == "password":
        accounts.reset_password(service, KEEPER, made.account_id, "seven slow blue rivers")
    elif how == "signed out":
        sessions.sign_out(service, first.caller, first.token)
    else:
        sessions.sign_in(service, "amina", PASSWORD, "10.0.0.7", old=first.token)
    with pytest.raises(AuthenticationError):
        sessions.session_of(service, first.token)


def test_a_disabled_account_cannot_sign_in(service: Service) -> None:
    made = _add(service)
    accounts.change_account(service, KEEPER, SeenAccount(made.account_id), is_disabled=True)
    with pytest.raises(AuthenticationError):
        sessions.sign_in(service, "amina", PASSWORD, "10.0.0.7")


def test_sessions_end_when_idle_and_in_any_case(service: Service, clock: TestClock) -> None:
    _add(service)
    idle = sessions.sign_in(service, "amina", PASSWORD, "10.0.0.7")
    clock.forward(minutes=30)
    with pytest.raises(AuthenticationError):
        sessions.session_of(service, idle.token)
    busy = sessions.sign_in(service, "amina", PASSWORD, "10.0.0.7")
    for _ in range(28):
        clock.forward(minutes=25)
        sessions.session_of(service, busy.token)
    clock.forward(minutes=21)
    with pytest.raises(AuthenticationError):
        sessions.session_of(service, busy.token)


def test_nobody_changes_their_own_rights(service: Service) -> None:
    keeper = _add(service, "keeper", Grant(frozenset({Role.ADMINISTRATOR}), frozenset({"*"})))
    own = sessions.caller_of(keeper)
    more = Grant(frozenset({Role.ADMINISTRATOR, Role.SIGNER}), frozenset({"*"}))
    with pytest.raises(ForbiddenError):
        accounts.change_account(service, own, SeenAccount(keeper.account_id), more)
    with pytest.raises(ForbiddenError):
        accounts.change_account(service, own, SeenAccount(keeper.account_id), is_disabled=True)
    assert accounts.get_account(service, own, keeper.account_id).roles == ["administrator"]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_only_administrators_keep_accounts(sqlite_service: Service, role: Role) -> None:
    with pytest.raises(ForbiddenError):
        accounts.add_account(sqlite_service, caller(role), "someone", PASSWORD, OFFICER)
    with pytest.raises(ForbiddenError):
        accounts.list_accounts(sqlite_service, caller(role))


def test_an_administrator_of_one_facility_gives_and_sees_no_other(service: Service) -> None:
    there = _add(service, "there", Grant(frozenset({Role.OFFICER}), frozenset({"F", "G"})))
    here = _add(service, "here")
    local = caller(Role.ADMINISTRATOR, facilities=("F",))
    assert [found.name for found in accounts.list_accounts(service, local)] == ["here"]
    with pytest.raises(NotFoundError):
        accounts.change_account(service, local, SeenAccount(there.account_id), is_disabled=True)
    for facilities in ({"G"}, {"*"}, {"F", "G"}):
        grant = Grant(frozenset({Role.OFFICER}), frozenset(facilities))
        with pytest.raises(NotFoundError):
            accounts.change_account(service, local, SeenAccount(here.account_id), grant)
    assert accounts.get_account(service, KEEPER, here.account_id).facilities == ["F"]


def test_a_name_is_taken_once_whatever_its_capitals(service: Service) -> None:
    _add(service, "amina")
    with pytest.raises(StateError):
        _add(service, "Amina")
    assert len(accounts.list_accounts(service, KEEPER)) == 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("", "x"), ("a", "x"), ("=cmd", "x"), ("a b", "x"), ("a\x00b", "x"), ("../etc", "x"),
        ("x" * 64, "x"), ("amina", "=1+1"), ("amina", "@x"), ("amina", "a\nb"),
        ("amina", "x" * 101),
    ],
)  # fmt: skip
def test_names_that_are_refused(sqlite_service: Service, name: str, shown: str) -> None:
    with pytest.raises(InvalidValueError):
        accounts.add_account(sqlite_service, KEEPER, name, PASSWORD, OFFICER, shown)


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("three quiet green lamps", True), ("elevensigns", False), ("twelve sign5", True),
        ("aaaaaaaaaaaaaaaa", False), ("my name is amina ok", False), ("password1234", False),
        ("Passw0rd!!123", False), ("x" * 250 + "abcdef1", False),
        ("\u00e9\u00e8\u00e0 un deux trois", True),
    ],
)  # fmt: skip
def test_passwords(password: str, is_good: bool) -> None:
    if is_good:
        passwords.check_password(password, "amina")
    else:
        with pytest.raises(PasswordError):
            passwords.check_password(password, "amina")


def test_one_changes_ones_own_password_with_the_old_one(service: Service) -> None:
    _add(service)
    session = sessions.sign_in(service, "amina", PASSWORD, "10.0.0.7")
    with pytest.raises(AuthenticationError):
        accounts.change_password(service, session.caller, "wrong", "seven slow blue rivers")
    accounts.change_password(service, session.caller, PASSWORD, "seven slow blue rivers")
    sessions.sign_in(service, "amina", "seven slow blue rivers", "10.0.0.7")
    with pytest.raises(ForbiddenError):
        accounts.change_password(service, caller(actor="key:1"), PASSWORD, PASSWORD)


def test_a_hash_of_weaker_parameters_is_made_again_at_the_next_sign_in(service: Service) -> None:
    made = _add(service)
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with service.database.write() as session:
        session.get_one(Account, made.account_id).password_hash = weak
    sessions.sign_in(service, "amina", PASSWORD, "10.0.0.7")
    kept = accounts.get_account(service, KEEPER, made.account_id).password_hash
    assert kept != weak
    assert not passwords.is_outdated(kept)
    assert passwords.matches(kept, PASSWORD)


@pytest.mark.usefixtures("strong_passwords")
def test_passwords_are_kept_as_owasp_asks() -> None:
    """At least 19 MiB and two passes of Argon2id."""
    kept = passwords.hash_password(PASSWORD)
    found = extract_parameters(kept)
    assert (found.type, found.memory_cost >= 19 * 1024, found.time_cost >= 2) == (
        Type.ID,
        True,
        True,
    )
    assert passwords.matches(kept, PASSWORD)
    assert passwords.is_outdated(PasswordHasher(time_cost=1).hash(PASSWORD))


def test_nobody_and_nothing_match_no_password() -> None:
    assert not passwords.matches(None, "nobody has this password")
    assert not passwords.matches("no hash", PASSWORD)
    assert not passwords.matches(passwords.hash_password(PASSWORD), PASSWORD + " ")


def test_a_bucket_fills_again_with_time(service: Service, clock: TestClock) -> None:
    for _ in range(3):
        take(service, "run:a", 3)
    with pytest.raises(RateError) as caught:
        take(service, "run:a", 3)
    assert caught.value.retry_seconds == 20
    take(service, "run:b", 3)
    clock.forward(seconds=19)
    with pytest.raises(RateError):
        take(service, "run:a", 3)
    clock.forward(seconds=2)
    take(service, "run:a", 3)
    clock.forward(hours=5)
    for _ in range(3):
        take(service, "run:a", 3)
    with pytest.raises(RateError):
        take(service, "run:a", 3)


def test_guessing_at_one_name_is_slowed_and_other_names_are_not(service: Service) -> None:
    _add(service)
    for _ in range(10):
        with pytest.raises(AuthenticationError):
            sessions.sign_in(service, "nobody", PASSWORD, "10.0.0.7")
    with pytest.raises(RateError):
        sessions.sign_in(service, "NOBODY", PASSWORD, "10.0.0.8")
    sessions.sign_in(service, "amina", PASSWORD, "10.0.0.7")


@pytest.mark.parametrize(
    "options",
    [
        {"oidc_roles": {"ROLE_X": "emperor"}},
        {"oidc_jwks_url": "http://issuer.example/keys"},
        {"oidc_jwks_url": "file:///etc/keys"},
    ],
)
def test_an_unsafe_provider_stops_the_start(options: dict[str, object]) -> None:
    given = {"oidc_issuer": "https://issuer.example", "oidc_audience": "a"}
    with pytest.raises(ConfigError):
        read_settings(**{"oidc_jwks_url": "https://issuer.example/keys"} | given | options)
