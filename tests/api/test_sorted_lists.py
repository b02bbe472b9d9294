"""Lists in orders of a choice, walked page by page: every row once, in order, whatever comes in."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any, get_args

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocator.errors import ConfigError
from allocator.service import reading, reading_plans
from allocator.service.access import accounts, api_keys
from allocator.service.access.accounts import add_account
from allocator.service.access.api_keys import add_key
from allocator.service.access.grants import Grant
from allocator.service.access.roles import Role
from allocator.service.lists import MOST, Sorts
from allocator.service.queue import reading as runs
from allocator.service.root import Service
from allocator.store.tables import Run
from tests.api.conftest import PLAN_ID, TestClock, caller, client_of, store_plan, upload
from tests.api.test_lists import walk
from tests.scenario_documents import document

ALL = caller(Role.INSPECTOR, Role.PLANNER, Role.ADMINISTRATOR, facilities=("*",))
LISTS: dict[str, tuple[str, str, Sorts, Any]] = {
    "scenarios": ("scenarios", "scenario_id", reading.SORTS, reading.ScenarioSort),
    "plans": ("plans", "plan_id", reading_plans.SORTS, reading_plans.PlanSort),
    "runs": ("runs", "run_id", runs.SORTS, runs.RunSort),
    "users": ("users", "id", accounts.SORTS, accounts.AccountSort),
    "api-keys": ("api_keys", "id", api_keys.SORTS, api_keys.KeySort),
}
CHOICES = [(name, sort) for name, entry in LISTS.items() for sort in entry[2].names()]
PASSWORD = "three quiet green lamps"  # noqa: S105
STATES, KINDS = ("draft", "signed", "proposed"), ("plan", "curve", "order")


class Filled:
    """A service whose lists hold rows with many equal values, and to which more may be added."""

    def __init__(self, service: Service, clock: TestClock) -> None:
        self.service, self.clock = service, clock
        self.client = client_of(service, ALL)
        self.count = itertools.count(1)
        self.scenarios = [
            upload(self.client, document(1 + n % 2, name=f"s{n % 3}")) for n in range(4)
        ]
        self.makers: dict[str, Callable[[int], None]] = {
            "scenarios": self.add_scenario,
            "plans": self.add_plan,
            "runs": self.add_run,
            "users": self.add_user,
            "api-keys": self.add_key,
        }
        for name, n in itertools.product(LISTS, range(7)):
            if name != "scenarios":
                self.add(name, n)

    def add(self, name: str, number: int) -> None:
        """One more row of a list, at one of three times."""
        self.makers[name](number)

    def add_scenario(self, n: int) -> None:
        self.clock.forward(minutes=n % 2)
        upload(self.client, document(1 + n % 2, name=f"s{n % 3}"))

    def add_plan(self, n: int) -> None:
        plan_id = f"{next(self.count) * 7919 % 99991:032x}"
        made_at = self.service.clock() + timedelta(minutes=n % 3)
        where = self.scenarios[n % len(self.scenarios)]
        people = 1 + self.scenarios.index(where) % 2
        state = STATES[n % 3]
        store_plan(self.service, where, document(people), plan_id, made_at=made_at, state=state)

    def add_run(self, n: int) -> None:
        run_id = f"{next(self.count) * 7919 % 99991:032x}"
        made_at = self.service.clock() + timedelta(minutes=n % 3)
        request: dict[str, Any] = {"options": {}, "from_plan_id": None, "plan_id": None}
        what = {"kind": KINDS[n % 3], "state": "done", "request": request, "progress": {}}
        row = Run(
            run_id=run_id, scenario_id=self.scenarios[0], version=1, made_at=made_at, made_by="a",
            **what,
        )  # fmt: skip
        with self.service.database.write() as session:
            session.add(row)

    def add_user(self, _: int) -> None:
        name = f"person.{next(self.count) * 7919 % 99991}"
        add_account(
            self.service, ALL, name, PASSWORD, Grant(frozenset({Role.PLANNER}), ALL.facilities)
        )

    def add_key(self, n: int) -> None:
        add_key(self.service, ALL, f"key{n % 3}", Grant(frozenset({Role.PLANNER}), ALL.facilities))

    def ids(self, name: str) -> set[str]:
        """Every row of a list now."""
        rows, key, *_ = LISTS[name]
        return {row[key] for row in self.client.get(f"/v1/{name}?limit={MOST}").json()[rows]}


@pytest.fixture
def filled(service: Service, clock: TestClock) -> Filled:
    return Filled(service, clock)


def stepwise(client: TestClient, address: str, rows: str, between: Callable[[], None]) -> list[Any]:
    """The rows of a list page by page; something happens after each page."""
    found: list[Any] = []
    while address:
        answer = client.get(address)
        assert answer.status_code == HTTPStatus.OK, answer.text
        found += answer.json()[rows]
        address = answer.headers.get("Link", "").partition(">")[0].removeprefix("<")
        between()
    return found


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    choice=st.sampled_from(CHOICES),
    limit=st.integers(1, 9),
    added=st.lists(st.integers(0, 5), max_size=2),
)
def test_every_row_comes_once_and_in_order(
    filled: Filled, choice: tuple[str, str], limit: int, added: list[int]
) -> None:
    name, sort = choice
    rows, key, *_ = LISTS[name]
    before, waiting = filled.ids(name), list(added)

    def meanwhile() -> None:
        if waiting:
            filled.add(name, waiting.pop())

    found = stepwise(filled.client, f"/v1/{name}?sort={sort}&limit={limit}", rows, meanwhile)
    ids = [row[key] for row in found]
    assert len(ids) == len(set(ids))
    assert before <= set(ids)
    field = sort.removeprefix("-")
    if field != "created_at":  # of a scenario's first version, which the list does not show
        pairs = [(row[field], row[key]) for row in found]
        assert pairs == sorted(pairs, reverse=sort.startswith("-"))


@pytest.mark.parametrize(("name", "entry"), LISTS.items())
def test_what_the_interface_allows_is_what_the_list_has(
    name: str, entry: tuple[str, str, Sorts, Any]
) -> None:
    sorts, words = entry[2], entry[3]
    assert set(get_args(words)) == set(sorts.names()), name
    assert sorts.usual in sorts.names()
    assert sorts.find("") == sorts.find(sorts.usual)
    with pytest.raises(ConfigError, match=sorts.usual):
        sorts.find("shoe_size")


@pytest.mark.parametrize("name", [*LISTS, "audit"])
def test_an_unknown_order_is_refused_with_those_allowed(sqlite_service: Service, name: str) -> None:
    answer = client_of(sqlite_service, ALL).get(f"/v1/{name}?sort=shoe_size")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    (error,) = answer.json()["errors"]
    assert (error["in"], error["parameter"]) == ("query", "sort")
    allowed = ("number",) if name == "audit" else LISTS[name][2].names()
    assert all(f"'{order}'" in error["message"] for order in allowed)


def test_a_cursor_belongs_to_its_order(sqlite_service: Service) -> None:
    client = client_of(sqlite_service, ALL)
    upload(client, document(1))
    upload(client, document(2))
    cursor = client.get("/v1/scenarios?limit=1&sort=name").json()["next"]
    assert client.get("/v1/scenarios", params={"sort": "name", "cursor": cursor}).is_success
    other = client.get("/v1/scenarios", params={"sort": "-name", "cursor": cursor})
    assert other.json()["code"] == "cursor_invalid"


def test_versions_and_the_log_from_either_end(service: Service) -> None:
    client = client_of(service, ALL)
    address = f"/v1/scenarios/{upload(client, document(1))}"
    for number in (2, 3, 4):
        seen = {"If-Match": client.get(address).headers["ETag"]}
        assert client.put(address, json=document(number), headers=seen).is_success
    for sort, expected in (("number", [1, 2, 3, 4]), ("-number", [4, 3, 2, 1])):
        pages = walk(client, f"{address}/versions?limit=3&sort={sort}", "versions")
        assert [row["number"] for page in pages for row in page] == expected
    log = walk(client, "/v1/audit?limit=2&sort=-number&action=scenario.write&after=1", "entries")
    numbers = [entry["number"] for page in log for entry in page]
    assert numbers == sorted(set(numbers), reverse=True)
    assert len(numbers) == 3
    assert PLAN_ID not in str(log)
