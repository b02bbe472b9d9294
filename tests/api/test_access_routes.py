"""Signing in and out over HTTP, and what every answer carries."""

import json
import logging
from http import HTTPStatus

import pytest

from allocator.api.content_policy import policy_of_page
from allocator.service.access.roles import Role
from allocator.service.root import Service
from tests.api.access_app import (
    PASSWORD,
    add_person,
    begin_session,
    client_of,
    key_for,
    make_app,
    sign_in,
)
from tests.service.conftest import (
    MakeService,
    clock,
    make_service,
    sqlite_service,
)

__all__ = ["clock", "make_service", "sqlite_service"]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_a_session_from_sign_in_to_sign_out(sqlite_service: Service) -> None:
    name = add_person(sqlite_service, Role.ADMINISTRATOR)
    with client_of(make_app(sqlite_service)) as client:
        answer = client.post("/v1/session", json={"name": name, "password": PASSWORD})
        cookie = answer.headers["Set-Cookie"].lower()
        assert cookie.startswith("session=")
        assert {"httponly", "path=/", "samesite=strict"} <= set(cookie.split("; "))
        me = client.get("/v1/me").json()
        assert (me["roles"], me["facilities"]) == (["administrator"], ["F"])
        assert "account.write" in me["actions"]
        token = {"X-CSRF-Token": me["csrf_token"]}
        assert me["csrf_token"] == answer.json()["csrf_token"]
        body = {"roles": ["officer"], "facilities": ["F"], "name": "new", "password": PASSWORD}
        made = client.post("/v1/users", json=body, headers=token)
        assert made.status_code == HTTPStatus.CREATED
        assert client.get(made.headers["Location"]).json() == made.json()
        assert client.post("/v1/users", json=body, headers=token).status_code == 409
        kept = client.cookies["session"]
        assert client.delete("/v1/session", headers=token).status_code == HTTPStatus.NO_CONTENT
        assert "session" not in client.cookies
        again = client.get("/v1/me", headers={"Cookie": f"session={kept}"})
        assert again.status_code == HTTPStatus.UNAUTHORIZED


def test_a_page_without_scripts_signs_in_and_out_by_forms(sqlite_service: Service) -> None:
    name = add_person(sqlite_service, Role.OFFICER)
    with client_of(make_app(sqlite_service)) as client:
        wrong = client.post("/v1/session", content=f"name={name}&password=x", headers=FORM)
        assert (wrong.status_code, wrong.headers["Location"]) == (
            303,
            "/?refused=not_authenticated",
        )
        right = client.post("/v1/session", data={"name": name, "password": PASSWORD})
        assert (right.status_code, right.headers["Location"]) == (303, "/")
        token = client.get("/v1/me").json()["csrf_token"]
        assert client.post("/v1/session/end", data={"csrf_token": "x"}).status_code == 403
        assert client.post("/v1/session/end", data={"csrf_token": token}).status_code == 303
        assert client.get("/v1/me").status_code == HTTPStatus.UNAUTHORIZED


def test_a_session_is_another_after_signing_in_again(sqlite_service: Service) -> None:
    name = add_person(sqlite_service, Role.OFFICER)
    with client_of(make_app(sqlite_service)) as client:
        planted = {"Cookie": "session=planted-by-somebody-else"}
        answer = client.post(
            "/v1/session", json={"name": name, "password": PASSWORD}, headers=planted
        )
        assert "planted" not in answer.headers["Set-Cookie"]
        first = client.cookies["session"]
        sign_in(client, name)
        assert client.cookies["session"] != first
        client.cookies.clear()
        over = client.get("/v1/me", headers={"Cookie": f"session={first}"})
        assert over.status_code == HTTPStatus.UNAUTHORIZED


def test_too_many_sign_ins_are_told_when_to_come_back(sqlite_service: Service) -> None:
    body = {"name": "nobody", "password": "x"}
    with client_of(make_app(sqlite_service)) as client:
        for _ in range(10):
            assert client.post("/v1/session", json=body).status_code == 401
        answer = client.post("/v1/session", json=body)
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert answer.headers["Retry-After"] == "6"
    assert answer.json()["code"] == "rate_limited"


def test_another_password_ends_every_session(sqlite_service: Service) -> None:
    name = add_person(sqlite_service, Role.OFFICER)
    with client_of(make_app(sqlite_service)) as client:
        token = {"X-CSRF-Token": sign_in(client, name)}
        body = {"old_password": PASSWORD, "new_password": "short"}
        assert client.put("/v1/me/password", json=body, headers=token).status_code == 422
        body["new_password"] = "seven slow blue rivers"  # noqa: S105
        assert client.put("/v1/me/password", json=body, headers=token).status_code == 204
        assert client.get("/v1/me").status_code == HTTPStatus.UNAUTHORIZED


def test_keys_over_http(sqlite_service: Service) -> None:
    keeper = begin_session(sqlite_service, Role.ADMINISTRATOR)
    body = {"name": "nightly", "roles": ["planner"], "facilities": ["F"], "days": 7}
    with client_of(make_app(sqlite_service)) as client:
        made = client.post("/v1/api-keys", json=body, headers=keeper).json()
        key = {"Authorization": f"Bearer {made['token']}"}
        me = client.get("/v1/me", headers=key).json()
        assert (me["actor"], me["csrf_token"]) == (f"key:{made['key']['id']}", None)
        assert client.delete("/v1/session", headers=key).status_code == HTTPStatus.CONFLICT
        assert made["token"] not in client.get("/v1/api-keys", headers=keeper).text
        address = f"/v1/api-keys/{made['key']['id']}"
        assert client.delete(address, headers=keeper).status_code == HTTPStatus.NO_CONTENT
        assert client.get("/v1/me", headers=key).status_code == HTTPStatus.UNAUTHORIZED


def test_in_production_the_cookie_and_the_way_are_safe(make_service: MakeService) -> None:
    service = make_service(environment="production", public_hosts=("prison.example",))
    name = add_person(service, Role.OFFICER)
    own = {"Host": "prison.example", "Origin": "https://prison.example"}
    with client_of(make_app(service), **own) as client:
        answer = client.post("/v1/session", json={"name": name, "password": PASSWORD})
        cookie = answer.headers["Set-Cookie"].lower()
        assert cookie.startswith("__host-session=")
        assert {"secure", "httponly", "path=/", "samesite=strict"} <= set(cookie.split("; "))
        assert "domain" not in cookie
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
        plain = client.get("/v1/me", headers={"Origin": "http://prison.example"})
        assert plain.status_code == HTTPStatus.FORBIDDEN
        token = answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
        other = client.get("/v1/me", headers={"Cookie": f"session={token}"})
        assert other.status_code == HTTPStatus.UNAUTHORIZED
        good = client.get("/v1/me", headers={"Cookie": f"__Host-session={token}"})
        assert good.status_code == HTTPStatus.OK


def test_every_answer_is_safe_and_has_its_id(sqlite_service: Service) -> None:
    with client_of(make_app(sqlite_service)) as client:
        given = client.get("/v1/me", headers={"X-Request-ID": "ticket-2026.7"})
        assert given.headers["X-Request-ID"] == "ticket-2026.7"
        for bad in ("short", "x" * 65, "a b c d e f g", "../../../etc", "<script>alert"):
            made = client.get("/v1/me", headers={"X-Request-ID": bad}).headers["X-Request-ID"]
            assert len(made) == 32
        answer = client.get("/nowhere")
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.json()["code"] == "not_found"


def test_a_report_has_its_style_and_no_other() -> None:
    policy = policy_of_page("<style>p{}</style><p style='x'>")
    assert "'sha256-" in policy
    assert policy_of_page("<style>p{ }</style>") != policy
    assert "unsafe" not in policy


def test_a_link_is_followed_and_a_foreign_request_is_not(sqlite_service: Service) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    page = link | {"Sec-Fetch-Dest": "document"}
    with client_of(make_app(sqlite_service)) as client:
        assert client.get("/v1/me", headers=page).status_code == HTTPStatus.UNAUTHORIZED
        assert client.post("/v1/session", headers=page).status_code == HTTPStatus.FORBIDDEN
        frame = link | {"Sec-Fetch-Dest": "iframe"}
        assert client.get("/v1/me", headers=frame).status_code == HTTPStatus.FORBIDDEN


def test_the_log_knows_routes_and_no_people(
    sqlite_service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    token = key_for(sqlite_service, Role.PLANNER)
    with client_of(make_app(sqlite_service)) as client, caplog.at_level(logging.INFO):
        client.get("/v1/users/A1234BC?person=A1234BC", headers={"Authorization": f"Bearer {token}"})
        client.get("/v1/nowhere/A1234BC")
    lines = [
        json.loads(one.getMessage()) for one in caplog.records if one.name == "allocator.access"
    ]
    assert [(line["route"], line["status"]) for line in lines] == [
        ("/v1/users/{account_id}", 403),
        ("unmatched", 404),
    ]
    assert lines[0]["actor"].startswith("key:")
    assert "A1234BC" not in " ".join(map(str, lines))
    assert token not in caplog.text


def test_a_large_body_needs_credentials(sqlite_service: Service) -> None:
    content = b'{"name":"' + b"x" * 5_000_000 + b'"}'
    headers = {"Content-Type": "application/json"}
    with client_of(make_app(sqlite_service)) as client:
        answer = client.post("/v1/session", content=content, headers=headers)
        assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        parts = (b"x" * 1_000_000 for _ in range(5))
        answer = client.post("/v1/session", content=parts, headers=headers)
        assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
