"""Whether files and the database are to be left as they are, whatever a command does.

Only a command says so; its child processes are told when they start.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class _DryRun:
    wanted: bool = False


_DRY_RUN = _DryRun()


def is_dry_run() -> bool:
    """True when nothing is to be written or changed."""
    return _DRY_RUN.wanted


def set_dry_run(*, wanted: bool) -> None:
    """Leave everything as it is from now on, or no longer."""
    _DRY_RUN.wanted = wanted


@contextmanager
def written_all_the_same() -> Iterator[None]:
    """For files in a folder that is thrown away."""
    wanted = is_dry_run()
    set_dry_run(wanted=False)
    try:
        yield
    finally:
        set_dry_run(wanted=wanted)
