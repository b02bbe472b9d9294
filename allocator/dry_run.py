"""Whether files and the database are to be left as they are, whatever a command does.

It is a variable of the environment, so that programs that a command starts know it too.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

VARIABLE = "ALLOCATOR_DRY_RUN"


def is_dry_run() -> bool:
    """True when nothing is to be written or changed."""
    return os.environ.get(VARIABLE) == "1"


def set_dry_run(*, wanted: bool) -> None:
    """Leave everything as it is from now on, or no longer."""
    if wanted:
        os.environ[VARIABLE] = "1"
    else:
        os.environ.pop(VARIABLE, None)


@contextmanager
def written_all_the_same() -> Iterator[None]:
    """For files in a folder that is thrown away."""
    wanted = is_dry_run()
    set_dry_run(wanted=False)
    try:
        yield
    finally:
        set_dry_run(wanted=wanted)
