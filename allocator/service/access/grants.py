"""What an account or a key may be given: roles, facilities, and names that harm nobody."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from allocator.service.access.caller import Caller
from allocator.service.access.roles import Role
from allocator.service.errors import ServiceError

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")
MOST_SIGNS = 100
FORMULA_STARTS = ("=", "+", "-", "@")


class InvalidValueError(ServiceError):
    """A name, role or scope that no account or key can have."""

    code = "value_refused"


@dataclass(frozen=True, slots=True)
class Grant:
    """What an account or a key may do, and where."""

    roles: frozenset[Role]
    facilities: frozenset[str]


def require_grant(caller: Caller, grant: Grant) -> None:
    """Refuse a scope that is not the caller's to give, or is no scope.

    Raises
    ------
    InvalidValueError
        If there is no role, no facility, or a facility of unusable form.
    NotFoundError
        If a facility is out of the caller's scope.
    """
    if not grant.roles or not grant.facilities:
        raise InvalidValueError("Give at least one role and one facility (* for every one).")
    for facility in grant.facilities:
        checked_words(facility, "facility")
    caller.require_scope(grant.facilities, "facility")


def roles_of(names: Iterable[str]) -> frozenset[Role]:
    """Roles by name.

    Raises
    ------
    InvalidValueError
        If there is no such role.
    """
    known = tuple(names)
    for name in known:
        if name not in set(Role):
            raise InvalidValueError(f'There is no role "{name}". Roles: {", ".join(Role)}.')
    return frozenset(Role(name) for name in known)


def checked_name(name: str) -> str:
    """A name to sign in with.

    Raises
    ------
    InvalidValueError
        If it is not 2 to 63 small letters, digits, dots, dashes and underscores.
    """
    known = name.casefold()
    if NAME.fullmatch(known) is None:
        raise InvalidValueError(
            "The name of an account has 2 to 63 letters a-z, digits, dots, dashes and underscores,"
            " and begins with a letter or digit."
        )
    return known


def checked_words(words: str, what: str) -> str:
    """Short printable text that no spreadsheet takes for a formula.

    Raises
    ------
    InvalidValueError
        If it is empty, long, holds control signs, or begins as a formula does.
    """
    if (
        not 1 <= len(words) <= MOST_SIGNS
        or not words.isprintable()
        or words.startswith(FORMULA_STARTS)
    ):
        raise InvalidValueError(
            f"A {what} has 1 to {MOST_SIGNS} printable signs and does not begin with "
            f"{' '.join(FORMULA_STARTS)}."
        )
    return words
