"""The application that the tests of access attack, with people, keys and a provider of tokens."""

import asyncio
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from allocator.service.access.accounts import add_account
from allocator.service.access.api_keys import add_key
from allocator.service.access.grants import Grant
from allocator.service.access.roles import Action, Role
from allocator.service.root import Service
from allocator.store.tables import Account, LoginSession
from tests.api.direct import DirectTransport
from tests.api.read_routes import Routes
from tests.service.conftest import caller

PASSWORD = "three quiet green lamps"  # noqa: S105
ADDRESS = "http://127.0.0.1:8000"
KEEPER = caller(Role.ADMINISTRATOR, facilities=("*",), actor="account:keeper")
NOBODY = "none"
ROUTES = Routes({})


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one route, and the action that it needs (None: open, or for anybody known)."""

    method: str
    path: str
    operation_id: str
    action: Action | None
    is_identified: bool

    def address(self, **ids: str) -> str:
        """The path with ids in it, `x` where none is given."""
        path = self.path
        for part in self.path.split("/"):
            if "{" in part:
                name = part[part.index("{") + 1 : part.index("}")]
                path = path.replace(f"{{{name}}}", ids.get(name.partition(":")[0], "x"))
        return path


def make_app(service: Service) -> FastAPI:
    """The application on a service, with every route that there is."""
    return ROUTES.app_of(service)


@contextmanager
def client_of(app: FastAPI, **headers: str) -> Iterator[TestClient]:
    """A client with headers of its own."""
    client = TestClient(
        app, base_url=ADDRESS, raise_server_exceptions=False, headers=headers,
        follow_redirects=False,
    )  # fmt: skip
    with client:
        yield client


@contextmanager
def direct_client(app: FastAPI) -> Iterator[httpx2.Client]:
    """A client of an application that has no work in the background to start."""
    with asyncio.Runner() as runner:
        transport = DirectTransport(app, runner.run)
        with httpx2.Client(transport=transport, base_url=ADDRESS) as client:
            yield client


def operations(app: FastAPI) -> list[Operation]:
    """Every operation of the application, in order."""
    found: list[Operation] = []
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        if dependant is None:
            continue
        calls = list(_calls(dependant))
        action = next((call.action for call in calls if hasattr(call, "action")), None)
        known = any(getattr(call, "__name__", "") == "identify" for call in calls)
        found.extend(
            Operation(method, str(route.path), str(route.unique_id), action, known)
            for method in sorted(route.methods or ())
        )
    return sorted(found, key=lambda one: (one.path, one.method))


def _calls(dependant: Any) -> Iterator[Any]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)


def add_person(service: Service, role: Role, facility: str = "F") -> str:
    """An account with one role in one facility; its name."""
    name = f"{role.value}.{facility.lower().replace('*', 'all')}"
    add_account(service, KEEPER, name, PASSWORD, Grant(frozenset({role}), frozenset({facility})))
    return name


def begin_session(service: Service, role: Role, facility: str = "F") -> dict[str, str]:
    """Headers of somebody who is signed in, made in the database for speed."""
    token, csrf, now = uuid.uuid4().hex, uuid.uuid4().hex, service.clock()
    account_id = uuid.uuid4().hex
    with service.database.write() as session:
        session.add(
            Account(
                account_id=account_id, name=account_id, display_name="X", roles=[role],
                password_hash="!",  # noqa: S106 - the hash of no password
                facilities=[facility], made_at=now, password_at=now,
            )
        )  # fmt: skip
        session.flush()
        session.add(
            LoginSession(
                token_hash=service.keys.digest("session", token.encode()), account_id=account_id,
                csrf_token=csrf, made_at=now, seen_at=now, ends_at=now + timedelta(hours=12),
            )
        )  # fmt: skip
    return {"Cookie": f"session={token}", "X-CSRF-Token": csrf}


def key_for(service: Service, role: Role, facility: str = "F") -> str:
    """A key with one role in one facility."""
    return add_key(service, KEEPER, "k", Grant(frozenset({role}), frozenset({facility}))).token


def sign_in(client: TestClient, name: str) -> str:
    """Begin a session; the token that changes need."""
    answer = client.post("/v1/session", json={"name": name, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["csrf_token"])
