"""Scenarios in the service: immutable versions, scope, and what came in between."""

import pytest

from allocator.api.examples import SCENARIO
from allocator.errors import ScenarioError
from allocator.service import scenarios
from allocator.service.access.roles import Role
from allocator.service.errors import ForbiddenError, NotFoundError, StaleError, StateError
from allocator.service.root import Service
from tests.service.conftest import caller

PLANNER = caller(Role.PLANNER)
OTHER_NAME = {**SCENARIO, "name": "second"}


def test_a_version_is_found_as_it_was_uploaded(service: Service) -> None:
    made = scenarios.upload(service, PLANNER, SCENARIO)
    found = scenarios.find(service, PLANNER, made.scenario_id)
    assert found == made
    assert found.document == SCENARIO
    assert (found.number, found.facilities, found.people) == (1, ("F",), 1)


def test_a_revision_keeps_the_version_before(service: Service) -> None:
    first = scenarios.upload(service, PLANNER, SCENARIO)
    second = scenarios.revise(service, PLANNER, first, OTHER_NAME)
    assert scenarios.find(service, PLANNER, first.scenario_id).content_hash == second.content_hash
    assert scenarios.find(service, PLANNER, first.scenario_id, 1).document == SCENARIO


def test_a_revision_of_what_is_no_longer_the_newest_is_refused(service: Service) -> None:
    first = scenarios.upload(service, PLANNER, SCENARIO)
    scenarios.revise(service, PLANNER, first, OTHER_NAME)
    with pytest.raises(StaleError):
        scenarios.revise(service, PLANNER, first, SCENARIO)
    assert scenarios.find(service, PLANNER, first.scenario_id).head == 2


def test_an_invalid_scenario_leaves_nothing_behind(service: Service) -> None:
    first = scenarios.upload(service, PLANNER, SCENARIO)
    with pytest.raises(ScenarioError):
        scenarios.revise(service, PLANNER, first, {**SCENARIO, "cells": "none"})
    assert scenarios.find(service, PLANNER, first.scenario_id).head == 1


def test_facilities_out_of_scope_are_not_there(service: Service) -> None:
    made = scenarios.upload(service, PLANNER, SCENARIO)
    stranger = caller(Role.PLANNER, facilities=("G",))
    with pytest.raises(NotFoundError):
        scenarios.find(service, stranger, made.scenario_id)
    with pytest.raises(NotFoundError):
        scenarios.upload(service, stranger, SCENARIO)


def test_a_revision_cannot_move_a_scenario_to_another_facility(service: Service) -> None:
    made = scenarios.upload(service, PLANNER, SCENARIO)
    units = [{"unit_id": "G", "unit_type": "facility"}]
    units.append({"unit_id": "W", "unit_type": "wing", "parent_id": "G"})
    with pytest.raises(StateError):
        scenarios.revise(service, PLANNER, made, {**SCENARIO, "units": units})


def test_an_inspector_reads_and_does_not_write(service: Service) -> None:
    made = scenarios.upload(service, PLANNER, SCENARIO)
    inspector = caller(Role.INSPECTOR)
    assert scenarios.find(service, inspector, made.scenario_id) == made
    with pytest.raises(ForbiddenError):
        scenarios.upload(service, inspector, SCENARIO)
