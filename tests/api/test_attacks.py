"""Crafted attacks: none gets in, none changes anything, none is answered with our own fault.

Each case is one attack; those on credentials are tried on every operation of the application.
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest

from allocator.service.access.roles import Role
from tests.api import attack_bodies, attack_cases
from tests.api.access_app import Operation, begin_session, key_for
from tests.api.attack_world import ABSENT, World, attacked_world
from tests.api.direct import OUR_FAULT

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
GRANT = {"roles": ["signer"], "facilities": ["F"]}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with attacked_world(tmp_path_factory.mktemp("attacked")) as found:
        yield found


@pytest.fixture
def unchanged(world: World) -> Iterator[None]:
    """Nothing that anybody has or may do is different after the attack."""
    before = world.state()
    yield
    assert world.state() == before


def _known(one: Operation) -> bool:
    """Asks who is there; a page asks too, and answers with a form to sign in."""
    is_page = not one.path.startswith("/v1/") and one.method not in UNSAFE
    return one.is_identified and not is_page


def _send(world: World, one: Operation, headers: Any, **more: Any) -> Any:
    if one.method in UNSAFE and "content" not in more:
        more["json"] = more.get("json", {})
    world.client.cookies.clear()
    address = more.pop("address", one.address(**world.ids))
    return world.client.request(one.method, address, headers=headers, **more)


def _all_refused(world: World, headers: dict[str, str], part: slice = slice(None)) -> None:
    for one in world.operations(_known)[part]:
        answer = _send(world, one, headers)
        assert answer.status_code == HTTPStatus.UNAUTHORIZED, (one, answer.text)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.json()["code"] == "not_authenticated"


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", attack_cases.TOKENS)
def test_token_that_is_none(world: World, name: str) -> None:
    """Each at every third operation, so that each operation sees a third of them."""
    token, number = attack_cases.TOKENS[name](world.issuer), list(attack_cases.TOKENS).index(name)
    _all_refused(world, {"Authorization": f"Bearer {token}"}, slice(number % 3, None, 3))


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", attack_cases.KEYS)
def test_key_that_is_none(world: World, name: str) -> None:
    token = attack_cases.KEYS[name](world.key)
    _all_refused(world, {"Authorization": f"Bearer {token}"})


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", attack_cases.AUTHORIZATIONS)
def test_authorization_that_is_none(world: World, name: str) -> None:
    """A bad Authorization header is not made good by a good cookie."""
    _all_refused(world, world.keeper | {"Authorization": attack_cases.AUTHORIZATIONS[name]})


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", attack_cases.COOKIES)
def test_cookie_that_is_none(world: World, name: str) -> None:
    _all_refused(world, {"Cookie": attack_cases.COOKIES[name]})


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", attack_cases.TRUST_HEADERS)
def test_headers_that_ask_to_be_trusted(world: World, name: str) -> None:
    _all_refused(world, attack_cases.TRUST_HEADERS[name])


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", attack_cases.REFUSED_HEADERS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_headers_that_lie(world: World, name: str, method: str) -> None:
    """Refused with the best of credentials too."""
    more, status = attack_cases.REFUSED_HEADERS[name]
    headers = [*more, *((key, value) for key, value in world.keeper.items())]
    sent: dict[str, Any] = {"json": attack_bodies.GOOD} if method == "POST" else {}
    world.client.cookies.clear()
    answer = world.client.request(method, "/v1/users", headers=headers, **sent)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "set-cookie" not in answer.headers


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", attack_bodies.ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_addresses_that_lie(world: World, name: str, method: str) -> None:
    world.client.cookies.clear()
    address = attack_bodies.ADDRESSES[name]
    answer = world.client.request(method, address, headers=world.keeper)
    if method == "GET" and name == "query in place of an id":
        assert answer.status_code == HTTPStatus.OK
        return
    assert answer.status_code in {400, 404, 405, 414}, answer.text
    assert "root:" not in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", attack_bodies.BODIES)
def test_bodies_that_lie(world: World, name: str) -> None:
    """Sent by an administrator of facility F to every operation that takes a body."""
    content = attack_bodies.BODIES[name]
    headers = world.keeper | {"Content-Type": "application/json"}
    for one in world.operations(lambda one: one.method in {"POST", "PUT", "PATCH"}):
        if one.operation_id == "end_session_by_form":
            continue
        answer = _send(world, one, headers, content=content)
        assert HTTPStatus.BAD_REQUEST <= answer.status_code < OUR_FAULT, (one, answer.text)


CSRF: dict[str, dict[str, Any]] = {
    "no token": {},
    "empty": {"headers": {"X-CSRF-Token": ""}},
    "another": {"headers": {"X-CSRF-Token": "A" * 32}},
    "of another session": {"other": True},
    "one sign less": {"cut": True},
    "no ASCII": {"headers": {"X-CSRF-Token": b"\xe9" * 32}},
    "in the query": {"query": True},
    "in the body": {"body": True},
    "in a cookie": {"cookie": True},
    "form without field": {"headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    "form with another": {
        "headers": {"Content-Type": "application/x-www-form-urlencoded"},
        "content": b"csrf_token=AAAA&_method=DELETE",
    },
    "form of many fields": {
        "headers": {"Content-Type": "application/x-www-form-urlencoded"},
        "content": b"&".join(b"a%d=1" % number for number in range(500)),
    },
    "text": {"headers": {"Content-Type": "text/plain"}, "content": b"csrf_token=AAAA"},
}


@pytest.mark.parametrize("name", CSRF)
def test_change_without_the_sessions_token(world: World, name: str) -> None:
    case = CSRF[name]
    token = world.keeper["X-CSRF-Token"]
    headers = {"Cookie": world.keeper["Cookie"], **case.get("headers", {})}
    if case.get("other"):
        headers["X-CSRF-Token"] = begin_session(world.service, Role.OFFICER)["X-CSRF-Token"]
    if case.get("cut"):
        headers["X-CSRF-Token"] = token[:-1]
    if case.get("cookie"):
        headers["Cookie"] += f"; csrf_token={token}; X-CSRF-Token={token}"
    sent = {"content": case["content"]} if "content" in case else {}
    if case.get("body"):
        sent = {"json": {"csrf_token": token}}
    before = world.state()
    for one in world.operations(lambda one: _known(one) and one.method in UNSAFE):
        address = one.address(**world.ids) + (f"?csrf_token={token}" if case.get("query") else "")
        answer = _send(world, one, headers, address=address, **sent)
        assert answer.status_code in {400, 403}, (one, answer.text)
        if name != "form of many fields":
            assert answer.json()["code"] == "csrf_refused", (one, answer.text)
    assert world.state() == before


ESCALATIONS: dict[str, tuple[str, str, dict[str, Any], int]] = {
    "own roles": ("PATCH", "/v1/users/{me}", {"grant": GRANT}, 403),
    "own scope": (
        "PATCH",
        "/v1/users/{me}",
        {"grant": {"roles": ["administrator"], "facilities": ["*"]}},
        403,
    ),
    "own state": ("PATCH", "/v1/users/{me}", {"is_disabled": False}, 403),
    "everything for another": (
        "PATCH",
        "/v1/users/{other}",
        {"grant": {"roles": ["signer"], "facilities": ["*"]}},
        404,
    ),
    "other facility for another": (
        "PATCH",
        "/v1/users/{other}",
        {"grant": {"roles": ["signer"], "facilities": ["F", "G"]}},
        404,
    ),
    "password of another": ("PATCH", "/v1/users/{other}", {"password": "seven slow rivers"}, 422),
    "name of another": ("PATCH", "/v1/users/{other}", {"name": "somebody.else"}, 422),
    "account of other facility": ("PATCH", "/v1/users/{stranger}", {"is_disabled": True}, 404),
    "unknown role": ("PATCH", "/v1/users/{other}", {"grant": GRANT | {"roles": ["root"]}}, 422),
    "key that signs": ("POST", "/v1/api-keys", GRANT | {"name": "k"}, 422),
    "key of an officer": ("POST", "/v1/api-keys", GRANT | {"name": "k", "roles": ["officer"]}, 422),
    "key that keeps accounts": (
        "POST",
        "/v1/api-keys",
        GRANT | {"name": "k", "roles": ["planner", "administrator"]},
        422,
    ),
    "key that reads intelligence": (
        "POST",
        "/v1/api-keys",
        GRANT | {"name": "k", "roles": ["security"]},
        422,
    ),
    "key for everywhere": (
        "POST",
        "/v1/api-keys",
        {"name": "k", "roles": ["planner"], "facilities": ["*"]},
        404,
    ),
    "key without end": (
        "POST",
        "/v1/api-keys",
        {"name": "k", "roles": ["planner"], "facilities": ["F"], "days": 10**9},
        422,
    ),
}


@pytest.mark.parametrize("name", ESCALATIONS)
def test_administrator_who_wants_more(world: World, name: str) -> None:
    method, address, body, status = ESCALATIONS[name]
    own = begin_session(world.service, Role.ADMINISTRATOR)
    begin_session(world.service, Role.OFFICER, "G")
    people = {
        (one[2][0], one[3][0]): one[0] for one in world.state()[0]
    } | {("me", ""): world.client.get("/v1/me", headers=own).json()["actor"][8:]}  # fmt: skip
    address = address.format(
        me=people[("me", "")],
        other=world.ids["account_id"],
        stranger=people[("officer", "G")],
    )
    before = world.state()
    if method == "PATCH":
        own |= {"If-Match": world.client.get(address, headers=own).headers.get("ETag", "")}
    answer = world.client.request(method, address, headers=own, json=body)
    assert answer.status_code == status, answer.text
    assert world.state() == before


@pytest.mark.parametrize(
    "method", ["PUT", "DELETE", "TRACE", "OPTIONS", "PROPFIND", "PATCH", "POST"]
)
@pytest.mark.parametrize("role", Role)
def test_verbs_that_nobody_offers(world: World, role: Role, method: str) -> None:
    """Whatever the verb, a path that does not have it changes nothing."""
    headers = begin_session(world.service, role)
    offered = {(one.path, one.method) for one in world.operations()}
    before = world.state()
    for one in world.operations():
        if (one.path, method) not in offered:
            answer = _send(world, Operation(method, one.path, "", None, True), headers)
            assert answer.status_code in {400, 404, 405}, (one, answer.text)
    assert world.state() == before


@pytest.mark.parametrize("role", Role)
def test_other_facilities_are_not_there(world: World, role: Role) -> None:
    """What is of facility F looks to people of facility G as if there were no such thing."""
    headers = begin_session(world.service, role, "G")
    absent = dict.fromkeys(world.ids, ABSENT) | {"person_id": "P1", "number": "1"}
    before = world.state()
    for one in world.operations(lambda one: "_id}" in one.path):
        query = f"?against={world.ids['plan_id']}"  # the one query that a comparison needs
        there = _send(world, one, headers, address=one.address(**world.ids) + query)
        nowhere = _send(world, one, headers, address=one.address(**absent) + query)
        assert (there.status_code, there.json()["code"]) == (
            nowhere.status_code,
            nowhere.json()["code"],
        ), (one, there.text, nowhere.text)
        assert HTTPStatus.BAD_REQUEST <= there.status_code < OUR_FAULT
        if one.method == "GET":
            assert there.status_code in {403, 404}, (one, there.text)
    assert world.state() == before


@pytest.mark.parametrize("role", [Role.PLANNER, Role.INSPECTOR])
def test_keys_keep_no_accounts(world: World, role: Role) -> None:
    headers = {"Authorization": f"Bearer {key_for(world.service, role)}"}
    before = world.state()
    for one in world.operations(lambda one: one.action == "account.write"):
        assert _send(world, one, headers).status_code == HTTPStatus.FORBIDDEN
    assert world.state() == before
