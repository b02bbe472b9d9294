"""A running application with a client on the loopback address."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from allocator.api.app import create_app
from allocator.api.settings import ApiSettings
from allocator.jobs.ports import Planner

Connect = Callable[..., TestClient]
SETTINGS = ApiSettings(queue_size=1, max_body_bytes=20_000, grace_seconds=0.2)


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Makes clients; each application is closed at the end."""
    clients: list[TestClient] = []

    def make(planner: Planner | None = None) -> TestClient:
        app = create_app(SETTINGS, planner)
        client = TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)
        client.__enter__()
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.__exit__(None, None, None)


def wait_for(client: TestClient, location: str, ready: Callable[[Any], bool]) -> dict[str, Any]:
    """Ask until the plan is as wanted."""
    deadline = time.monotonic() + 120
    found: dict[str, Any] = {}
    while time.monotonic() < deadline:
        found = client.get(location).json()
        if ready(found):
            return found
        time.sleep(0.05)
    message = f"{location} did not get there: {found}"
    raise AssertionError(message)


def is_finished(found: dict[str, Any]) -> bool:
    return found["state"] in {"done", "failed", "cancelled"}
