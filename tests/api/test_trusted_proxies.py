"""Whose word on the client's address is believed: sign-ins are counted by address."""

import uuid
from http import HTTPStatus

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from allocator.errors import ConfigError
from allocator.service.access.sessions import ADDRESS_FACTOR
from allocator.service.settings import read_settings
from tests.api.access_app import ADDRESS, make_app
from tests.service.conftest import MakeService, clock, make_service

__all__ = ["clock", "make_service"]
PROXY, PROXIES = "10.1.0.4", ("10.1.0.0/24", "2001:db8::7")
OTHER_PROXY = "2001:db8::7"
STRANGER = "198.51.100.7"
FIRST, SECOND = "192.0.2.1", "192.0.2.2"
WRONG, TOO_OFTEN = HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS


@pytest.fixture
def app(make_service: MakeService) -> FastAPI:
    return make_app(make_service(login_attempts_per_minute=1, trusted_proxies=PROXIES))


def guess(app: FastAPI, peer: str, said: str) -> int:
    """What is answered to a wrong password for a new name, from a peer that says for whom."""
    client = TestClient(app, base_url=ADDRESS, client=(peer, 50000))
    body = {"name": uuid.uuid4().hex, "password": "x"}
    return client.post("/v1/session", json=body, headers={"X-Forwarded-For": said}).status_code


def use_up(app: FastAPI, peer: str, said: str) -> None:
    for _ in range(ADDRESS_FACTOR):
        assert guess(app, peer, said) == WRONG


def test_clients_of_a_trusted_proxy_are_counted_apart(app: FastAPI) -> None:
    use_up(app, PROXY, FIRST)
    assert guess(app, PROXY, FIRST) == TOO_OFTEN
    assert guess(app, OTHER_PROXY, FIRST) == TOO_OFTEN
    assert guess(app, PROXY, SECOND) == WRONG


def test_what_a_client_told_the_proxy_changes_nothing(app: FastAPI) -> None:
    use_up(app, PROXY, FIRST)
    for forged in (
        f"{SECOND}, {FIRST}",
        f"{PROXY}, {FIRST}",
        f"{FIRST}, {OTHER_PROXY}",
        f"x,{FIRST}",
    ):
        assert guess(app, PROXY, forged) == TOO_OFTEN


def test_the_word_of_a_stranger_counts_for_nothing(app: FastAPI) -> None:
    for number in range(ADDRESS_FACTOR):
        assert guess(app, STRANGER, f"192.0.2.{number}") == WRONG
    assert guess(app, STRANGER, "192.0.2.77") == TOO_OFTEN
    assert guess(app, STRANGER, PROXY) == TOO_OFTEN
    assert guess(app, PROXY, "192.0.2.77") == WRONG


def test_nobody_is_trusted_unless_told(make_service: MakeService) -> None:
    app = make_app(make_service(login_attempts_per_minute=1))
    for number in range(ADDRESS_FACTOR):
        assert guess(app, "127.0.0.1", f"192.0.2.{number}") == WRONG
    assert guess(app, "127.0.0.1", "192.0.2.77") == TOO_OFTEN


@pytest.mark.parametrize("words", ["*", "0.0.0.0/0", "::/0", "10.1.0.4/24", "proxy.example.org"])
def test_only_addresses_and_networks_are_trusted(words: str) -> None:
    with pytest.raises(ConfigError, match="TRUSTED_PROXIES"):
        read_settings(trusted_proxies=(words,))
