"""A quick effort with a tenth of its work, for tests to which it is all one how good a plan is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from allocator.solver.options import Effort
from allocator.solver.passes import WORK

LITTLE = replace(WORK[Effort.QUICK].scaled(1 / 10), rounds=2)


@contextmanager
def little_work() -> Iterator[None]:
    """Plans of quick effort that this process makes meanwhile take little work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(WORK, Effort.QUICK, LITTLE)
        yield
