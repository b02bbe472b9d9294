"""Versions are made ready in the background, the newest ones, and nobody is noted as read."""

import time
from typing import Any

import pytest

from allocator.jobs.task import read_source
from allocator.model.scenario import Scenario
from allocator.service import desk, scenarios, warming
from allocator.service.access.roles import Role
from allocator.service.audit.chain import head
from allocator.service.desk import Desk
from allocator.service.root import Service
from allocator.service.warming import Warmer
from tests.scenario_documents import document
from tests.service.conftest import TestClock, caller

PLANNER = caller(Role.PLANNER)
OFFICER = caller(Role.OFFICER)


def upload(service: Service, clock: TestClock, n_people: int) -> Any:
    clock.forward(seconds=1)
    return scenarios.upload(service, PLANNER, document(n_people, (2, 1, 3)))


def test_the_first_placement_finds_its_scenario_loaded(
    service: Service, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = upload(service, clock, 3)
    warmer = Warmer(service, kept := Desk())
    with service.database.read() as session:
        before = head(session)
    assert warmer.look() == 1
    with service.database.read() as session:
        assert head(session) == before
    monkeypatch.setattr(desk, "Placer", None)  # nobody may make another
    _, answer = desk.place(service, kept, OFFICER, made.scenario_id, ("P2", 2))
    assert len(answer["offers"]) == 2


def test_each_new_version_is_made_ready_once(service: Service, clock: TestClock) -> None:
    made = upload(service, clock, 3)
    warmer = Warmer(service, kept := Desk())
    assert [warmer.look(), warmer.look()] == [1, 0]
    clock.forward(seconds=1)
    revised = scenarios.revise(service, PLANNER, made, document(2, (2, 1, 3)))
    assert [warmer.look(), warmer.look()] == [1, 0]
    assert revised.content_hash in kept.placers


def test_as_many_of_the_newest_as_the_desk_keeps(service: Service, clock: TestClock) -> None:
    made = [upload(service, clock, n_people) for n_people in (1, 2, 3, 4, 5, 6)]
    warmer = Warmer(service, kept := Desk())
    assert warmer.look() == kept.placers.most == 4
    assert [version.content_hash in kept.placers for version in made] == [False] * 2 + [True] * 4


def test_what_cannot_be_made_ready_stops_nothing(
    sqlite_service: Service, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = (upload(sqlite_service, clock, n_people) for n_people in (2, 3))

    def read(found: dict[str, Any]) -> Scenario:
        if len(found["people"]) == bad.people:
            raise OSError("no room")
        return read_source(found)

    monkeypatch.setattr(warming, "read_source", read)
    monkeypatch.setattr(warming, "QUIET_SECONDS", 0.0)
    warmer = Warmer(sqlite_service, kept := Desk())
    warmer.start()
    deadline = time.monotonic() + 60
    while good.content_hash not in kept.placers:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    warmer.stop()
    assert bad.content_hash not in kept.placers
