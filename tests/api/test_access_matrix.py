"""Every operation names its action, and each role may do exactly what the table says."""

from collections.abc import Iterator
from typing import Any

import pytest

from allocator.service.access.roles import POLICY, Role
from tests.api.access_app import begin_session
from tests.api.attack_world import ABSENT, World, attacked_world

OPEN = frozenset({"begin_session", "livez", "readyz", "version", "get_schema"})
FOR_EVERYBODY_KNOWN = frozenset({"get_me", "change_password", "end_session", "end_session_by_form"})
BY_SETTING = frozenset({"metrics"})  # see tests/api/test_metrics.py
PAGES = frozenset({"/", "/docs"})


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with attacked_world(tmp_path_factory.mktemp("matrix")) as found:
        yield found


def test_every_operation_names_its_action(world: World) -> None:
    for one in world.operations():
        if one.path in PAGES or one.operation_id in OPEN | BY_SETTING:
            assert one.action is None, one
        elif one.operation_id in FOR_EVERYBODY_KNOWN:
            assert one.is_identified, one
            assert one.action is None, one
        else:
            assert one.is_identified, one
            assert one.action is not None, one


@pytest.mark.parametrize("role", Role)
def test_role_by_operation(world: World, role: Role) -> None:
    headers = begin_session(world.service, role)
    absent = dict.fromkeys(world.ids, ABSENT)
    for one in world.operations(lambda one: one.action is not None):
        sent: dict[str, Any] = {} if one.method in {"GET", "HEAD", "DELETE"} else {"json": {}}
        answer = world.client.request(one.method, one.address(**absent), headers=headers, **sent)
        is_refused = answer.status_code == 403 and answer.json()["code"] == "forbidden"
        assert is_refused == (one.action not in POLICY[role]), (one, answer.text)
        assert answer.status_code not in {401, 500}, (one, answer.text)
