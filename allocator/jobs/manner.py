"""How much a command says. Light to import: the command line sets it before anything else."""

from dataclasses import dataclass


@dataclass
class _Manner:
    quiet: bool = False
    verbose: bool = False


_MANNER = _Manner()


def set_manner(*, quiet: bool, verbose: bool) -> None:
    """Say no summary from now on (`quiet`), or more of what went wrong (`verbose`)."""
    _MANNER.quiet, _MANNER.verbose = quiet, verbose


def is_verbose() -> bool:
    """True when more is to be said of what went wrong."""
    return _MANNER.verbose


def is_quiet() -> bool:
    """True when only errors and what was asked for as JSON are printed."""
    return _MANNER.quiet
