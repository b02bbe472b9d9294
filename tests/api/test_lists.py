"""Pages of long lists: nothing twice, nothing left out, and no cursor that is not ours."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocator.service.access.accounts import add_account
from allocator.service.access.api_keys import add_key
from allocator.service.access.grants import Grant
from allocator.service.access.roles import Role
from allocator.service.root import Service
from tests.api.access_app import PASSWORD
from tests.api.conftest import TestClock, caller, client_of, store_plan, upload
from tests.scenario_documents import document

INSPECTOR = caller(Role.INSPECTOR)


def walk(client: TestClient, address: str, rows: str) -> list[list[Any]]:
    """The pages of a list, each followed by its Link header."""
    pages = []
    while address:
        answer = client.get(address)
        assert answer.status_code == HTTPStatus.OK, answer.text
        pages.append(answer.json()[rows])
        link = answer.headers.get("Link", "")
        assert bool(link) == (answer.json()["next"] is not None)
        address = link.partition(">")[0].removeprefix("<")
    return pages


def fill(service: Service, at: list[int]) -> tuple[str, list[str]]:
    """A scenario with a plan for each number of minutes, and the plans' ids newest first."""
    scenario_id = upload(client_of(service, caller(Role.PLANNER)), document(1))
    plans = []
    for number, minutes in enumerate(at):
        made_at = service.clock() + timedelta(minutes=minutes)
        plan_id = f"{number * 7919 % 9973:032x}"
        store_plan(service, scenario_id, document(1), plan_id, made_at=made_at)
        plans.append((made_at, plan_id))
    return scenario_id, [plan_id for _, plan_id in sorted(plans, reverse=True)]


def test_every_plan_comes_once_and_the_newest_first(service: Service) -> None:
    """Many are made at the same moment, so that the id must break the tie."""
    _, expected = fill(service, [3, 1, 1, 1, 2, 2, 1, 5])
    client = client_of(service, INSPECTOR)
    for limit in (1, 2, 3, 7, 8, 9):
        pages = walk(client, f"/v1/plans?limit={limit}&state=draft", "plans")
        assert [row["plan_id"] for page in pages for row in page] == expected
        assert all(len(page) == limit for page in pages[:-1])


def test_what_comes_in_between_hides_nothing(service: Service) -> None:
    scenario_id, expected = fill(service, [1, 2, 3, 4])
    client = client_of(service, INSPECTOR)
    first = client.get("/v1/plans?limit=2")
    newest = service.clock() + timedelta(minutes=9)
    store_plan(service, scenario_id, document(1), "f" * 32, made_at=newest)
    rest = client.get(first.headers["Link"].partition(">")[0].removeprefix("<"))
    found = first.json()["plans"] + rest.json()["plans"]
    assert [row["plan_id"] for row in found] == expected


def test_scenarios_and_versions_in_pages(service: Service, clock: TestClock) -> None:
    client = client_of(service, caller(Role.PLANNER))
    ids = []
    for number in (1, 2, 3):
        clock.forward(minutes=1)
        ids.append(upload(client, document(number)))
    pages = walk(client, "/v1/scenarios?limit=2", "scenarios")
    assert [row["scenario_id"] for page in pages for row in page] == ids[::-1]
    address = f"/v1/scenarios/{ids[0]}"
    for number in (4, 5, 6):
        seen = {"If-Match": client.get(address).headers["ETag"]}
        client.put(address, json=document(number), headers=seen)
    pages = walk(client, f"{address}/versions?limit=3", "versions")
    assert [row["number"] for page in pages for row in page] == [4, 3, 2, 1]
    assert [row["people"] for page in pages for row in page] == [6, 5, 4, 1]
    assert {row["head"] for page in pages for row in page} == {4}


def test_a_cursor_belongs_to_its_list_and_filter(sqlite_service: Service) -> None:
    fill(sqlite_service, [1, 2, 3])
    client = client_of(sqlite_service, INSPECTOR)
    cursor = client.get("/v1/plans?limit=1").json()["next"]
    assert client.get("/v1/plans", params={"cursor": cursor}).status_code == HTTPStatus.OK
    for path in ("/v1/plans?state=draft", "/v1/scenarios?limit=1"):
        answer = client.get(
            path, params={"cursor": cursor, **dict([path.split("?")[1].split("=")])}
        )
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert answer.json()["code"] == "cursor_invalid"


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cursor=st.text(min_size=1, max_size=60))
def test_no_invented_cursor_gets_in(cursor: str, sqlite_service: Service) -> None:
    client = client_of(sqlite_service, INSPECTOR)
    try:
        answer = client.get("/v1/plans", params={"cursor": cursor})
    except UnicodeEncodeError:
        return
    expected = {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.BAD_REQUEST}
    assert answer.status_code in expected


@pytest.mark.parametrize("limit", [0, -1, 201, "all"])
def test_a_page_has_1_to_200_rows(limit: object, sqlite_service: Service) -> None:
    answer = client_of(sqlite_service, INSPECTOR).get(f"/v1/plans?limit={limit}")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_accounts_keys_and_the_log_come_in_pages_of_ones_own_scope(
    service: Service, clock: TestClock
) -> None:
    """The scope of these is no column that a database compares, so pages are filled by looking."""
    everywhere = caller(Role.ADMINISTRATOR, facilities=("*",), actor="account:keeper")
    made: dict[str, list[tuple[datetime, str]]] = {"users": [], "api-keys": []}
    for number in range(7):
        facility = "F" if number in {1, 3, 4, 6} else "G"
        clock.forward(minutes=number % 2)
        grant = Grant(frozenset({Role.PLANNER}), frozenset({facility}))
        one = add_account(service, everywhere, f"person.{number}", PASSWORD, grant)
        key = add_key(service, everywhere, f"k{number}", grant).key
        if facility == "F":
            made["users"].append((one.made_at, one.account_id))
            made["api-keys"].append((key.made_at, key.key_id))
    client = client_of(service, caller(Role.ADMINISTRATOR))
    for name, rows in (("users", "users"), ("api-keys", "api_keys")):
        expected = [one for _, one in sorted(made[name], reverse=True)]
        for limit in (1, 3, 4, 5):
            pages = walk(client, f"/v1/{name}?limit={limit}", rows)
            assert [row["id"] for page in pages for row in page] == expected
            assert all(len(page) == limit for page in pages[:-1])
            assert pages[-1]
    log = walk(client, "/v1/audit?limit=2&action=account.write", "entries")
    assert [len(page) for page in log] == [2, 2, 2, 2]
    numbers = [entry["number"] for page in log for entry in page]
    assert numbers == sorted(set(numbers))
    assert (
        len(walk(client, f"/v1/audit?action=account.write&after={numbers[5]}", "entries")[0]) == 2
    )
