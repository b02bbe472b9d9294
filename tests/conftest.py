"""Children of tests start warm: forked from a process that has only imported what they need.

Importing the solver takes a child over two seconds, which most tests would pay for nothing. Tasks
and answers cross the same pipe, pickled as always; where the start itself is tested, or that two
processes agree, `cold_children` has them spawned as the program does it.
"""

import gc
from collections.abc import Iterator
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest

from allocator.jobs import child

if TYPE_CHECKING:
    from tests.service.template import Template

WARM = get_context("forkserver")
WARM.set_forkserver_preload(["allocator.jobs.plan", "allocator.cli.app", "tests.jobs.fakes"])


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: full rounds through them took 30 % of some files' time."""
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def warm_children() -> Iterator[None]:
    before, child.CONTEXT = child.CONTEXT, WARM
    yield
    child.CONTEXT = before


@pytest.fixture
def cold_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "CONTEXT", get_context("spawn"))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> "Template":
    """What the databases of services begin as; here, because tests of many folders take them."""
    from tests.service.template import Template

    return Template(tmp_path_factory.mktemp("template"))
