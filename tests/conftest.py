"""Children of tests start warm: forked from a process that has imported and read what they need.

Importing the solver takes a child over two seconds, which most tests would pay for nothing. Tasks
and answers cross the same pipe, pickled as always; where the start itself is tested, or that two
processes agree, `cold_children` has them spawned as the program does it.
"""

import gc
from collections.abc import Iterator
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher

from allocator.jobs import child
from allocator.service.access import passwords

if TYPE_CHECKING:
    from tests.service.template import Template

STRONG = passwords._HASHER
ROUNDS = (20_000, 20, 20)  # of the collector, as rare as in a process with much to look through
WARM = get_context("forkserver")
WARM.set_forkserver_preload(
    ["allocator.jobs.plan", "allocator.cli.app", "tests.jobs.fakes", "tests.warm"]
)


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: rounds through them took 30 % of some files' time."""
    gc.freeze()
    gc.set_threshold(*ROUNDS)


@pytest.fixture(autouse=True, scope="session")
def warm_children() -> Iterator[None]:
    before, child.CONTEXT = child.CONTEXT, WARM
    yield
    child.CONTEXT = before


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """What makes guessing slow makes signing in slow; the parameters have a test of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64))
        yield


@pytest.fixture
def strong_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", STRONG)


@pytest.fixture
def cold_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "CONTEXT", get_context("spawn"))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> "Template":
    """What the databases of services begin as; here, because tests of many folders take them."""
    from tests.service.template import Template

    return Template(tmp_path_factory.mktemp("template"))
