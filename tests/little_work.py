"""Efforts with a tenth of their work, for tests to which it is all one how good a plan is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from allocator.solver.options import Effort
from allocator.solver.passes import WORK

LITTLE = {effort: replace(work.scaled(1 / 10), rounds=2) for effort, work in WORK.items()}


@contextmanager
def little_work(effort: Effort = Effort.QUICK) -> Iterator[None]:
    """Plans of an effort that this process makes meanwhile take little work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(WORK, effort, LITTLE[effort])
        yield
