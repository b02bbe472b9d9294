"""Refusing a name that is not known, with the nearest one that is."""

from collections.abc import Iterable
from difflib import get_close_matches

from allocator.errors import ConfigError


def check_known(name: str, known: Iterable[str], noun: str, where: str) -> None:
    """Refuse a name that is none of the known ones.

    Parameters
    ----------
    noun, where : what it should be the name of, and of what: "person", "the plan of 'north'".

    Raises
    ------
    ConfigError
        If it is unknown; the nearest known name is given.
    """
    names = tuple(known)
    if name not in names:
        near = get_close_matches(name, names, n=1, cutoff=0.0)
        hint = f" The nearest id is {near[0]!r}." if near else ""
        raise ConfigError(f"There is no {noun} {name!r} in {where}.{hint}")
