"""Keys of programs, and tokens of a provider."""

from collections.abc import Iterator

import pytest

from allocator.service.access import api_keys
from allocator.service.access.caller import Caller
from allocator.service.access.grants import Grant, InvalidValueError
from allocator.service.access.roles import POLICY, Role
from allocator.service.access.tokens import KeySet, caller_of_token
from allocator.service.errors import AuthenticationError, ForbiddenError, NotFoundError
from allocator.service.root import Service
from allocator.store.tables import ApiKey
from tests.api.issuer import AUDIENCE, NAME, ROLES, SUBJECT, Issuer, running_issuer
from tests.service.conftest import START, MakeService, TestClock, caller

KEEPER = caller(Role.ADMINISTRATOR, facilities=("*",), actor="account:keeper")
PLANNER = Grant(frozenset({Role.PLANNER}), frozenset({"F"}))


def test_a_key_is_its_own_actor_with_its_roles(service: Service) -> None:
    made = api_keys.add_key(service, KEEPER, "nightly", PLANNER)
    found = api_keys.caller_of_key(service, made.token, "request-7")
    actor = f"key:{made.key.key_id}"
    assert found == Caller(actor, "nightly", PLANNER.roles, PLANNER.facilities, "request-7")
    with service.database.read() as session:
        kept = session.get_one(ApiKey, made.key.key_id)
    assert made.token.split("_", 2)[2] not in kept.secret_hash


def test_a_key_ends_when_it_is_revoked_or_its_time_is_over(
    service: Service, clock: TestClock
) -> None:
    revoked = api_keys.add_key(service, KEEPER, "a", PLANNER)
    timed = api_keys.add_key(service, KEEPER, "b", PLANNER, days=2)
    api_keys.revoke_key(service, KEEPER, revoked.key.key_id)
    with pytest.raises(AuthenticationError):
        api_keys.caller_of_key(service, revoked.token)
    clock.forward(days=2, seconds=-1)
    api_keys.caller_of_key(service, timed.token)
    clock.forward(seconds=1)
    with pytest.raises(AuthenticationError):
        api_keys.caller_of_key(service, timed.token)
    first = next(k for k in api_keys.list_keys(service, KEEPER) if k.name == "a").revoked_at
    api_keys.revoke_key(service, KEEPER, revoked.key.key_id)
    again = next(k for k in api_keys.list_keys(service, KEEPER) if k.name == "a").revoked_at
    assert first == again == START


@pytest.mark.parametrize("role", Role)
def test_no_key_decides(sqlite_service: Service, role: Role) -> None:
    grant = Grant(frozenset({role}), frozenset({"F"}))
    if role in {Role.PLANNER, Role.INSPECTOR}:
        assert not POLICY[role] & api_keys.PERSONAL
        api_keys.add_key(sqlite_service, KEEPER, "k", grant)
    else:
        with pytest.raises(InvalidValueError):
            api_keys.add_key(sqlite_service, KEEPER, "k", grant)


def test_a_key_whose_row_was_given_more_still_decides_nothing(sqlite_service: Service) -> None:
    made = api_keys.add_key(sqlite_service, KEEPER, "k", PLANNER)
    with sqlite_service.database.write() as session:
        session.get_one(ApiKey, made.key.key_id).roles = ["planner", "signer"]
    assert api_keys.caller_of_key(sqlite_service, made.token).roles == {Role.PLANNER}


def test_keys_out_of_scope_are_not_there(service: Service) -> None:
    made = api_keys.add_key(service, KEEPER, "k", PLANNER)
    stranger = caller(Role.ADMINISTRATOR, facilities=("G",))
    assert api_keys.list_keys(service, stranger) == ()
    with pytest.raises(NotFoundError):
        api_keys.revoke_key(service, stranger, made.key.key_id)
    with pytest.raises(NotFoundError):
        api_keys.add_key(service, stranger, "k", PLANNER)
    with pytest.raises(ForbiddenError):
        api_keys.list_keys(service, caller(Role.OFFICER))


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with running_issuer(START.timestamp()) as found:
        yield found


@pytest.fixture
def joined(make_service: MakeService, issuer: Issuer) -> Service:
    """A service that trusts the provider."""
    return make_service(
        oidc_issuer=NAME, oidc_audience=AUDIENCE, oidc_jwks_url=issuer.url, oidc_roles=ROLES
    )


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256"])
def test_a_token_gives_roles_and_caseload(joined: Service, issuer: Issuer, algorithm: str) -> None:
    token = issuer.token(algorithm=algorithm, typ="at+jwt")
    actor = f"oidc:{NAME}#{SUBJECT}"
    roles, facilities = frozenset({Role.OFFICER}), frozenset({"F"})
    assert caller_of_token(joined, token, "request-7") == Caller(
        actor, "B. Officer", roles, facilities, "request-7"
    )


def test_claims_that_are_no_lists_give_nothing(joined: Service, issuer: Issuer) -> None:
    claims = issuer.claims(authorities={"ROLE_ALLOCATOR_SIGNER": True}, caseloads=7, name=["x"])
    found = caller_of_token(joined, issuer.token(claims))
    assert (found.roles, found.facilities, found.name) == (frozenset(), frozenset(), SUBJECT)
    words = issuer.claims(authorities="ROLE_ALLOCATOR_SIGNER x", caseloads=["F", 7, "G"])
    found = caller_of_token(joined, issuer.token(words))
    assert (found.roles, found.facilities) == (frozenset({Role.SIGNER}), frozenset({"F", "G"}))


def test_clocks_may_differ_by_half_a_minute(joined: Service, issuer: Issuer) -> None:
    now = int(issuer.now)
    for changes, is_good in (
        ({"exp": now - 29}, True),
        ({"exp": now - 30}, False),
        ({"nbf": now + 30}, True),
        ({"nbf": now + 31}, False),
        ({"iat": now + 30, "nbf": None}, True),
        ({"iat": now + 31, "nbf": None}, False),
    ):
        token = issuer.token(issuer.claims(**changes))
        if is_good:
            caller_of_token(joined, token)
        else:
            with pytest.raises(AuthenticationError):
                caller_of_token(joined, token)


def test_without_a_provider_no_token_counts(sqlite_service: Service, issuer: Issuer) -> None:
    with pytest.raises(AuthenticationError):
        caller_of_token(sqlite_service, issuer.token())


def test_unknown_key_ids_do_not_make_the_service_knock(issuer: Issuer) -> None:
    keys, before = KeySet(issuer.url), issuer.fetched
    for number in range(20):
        with pytest.raises(Exception, match="no key of this id"):
            keys.find(f"made up {number}")
    assert keys.find("r1").key_id == "r1"
    assert issuer.fetched == before + 1


def test_a_new_key_is_found_when_it_may_be_looked_for(issuer: Issuer) -> None:
    keys, before = KeySet(issuer.url, refetch_seconds=0), issuer.fetched
    keys.find("r1")
    with pytest.raises(Exception, match="no key of this id"):
        keys.find("new")
    assert issuer.fetched == before + 2


def test_a_provider_that_answers_nonsense_is_asked_seldom(issuer: Issuer) -> None:
    keys, before = KeySet(issuer.url), issuer.fetched
    issuer.is_broken = True
    for _ in range(3):
        with pytest.raises(Exception, match=r"no key"):
            keys.find("r1")
    issuer.is_broken = False
    assert issuer.fetched == before + 1
