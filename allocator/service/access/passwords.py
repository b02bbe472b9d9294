"""Passwords: what is accepted, and how it is kept (Argon2id, never readable again)."""

import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from allocator.service.errors import ServiceError

SHORTEST = 12
LONGEST = 256
FEWEST_LETTERS = 5
MOST_AT_ONCE = 2
COMMON = (
    "password", "passwort", "passw0rd", "qwerty", "azerty", "letmein", "welcome", "iloveyou",
    "administrator", "changeme", "prison", "allocator", "officer", "governor", "default", "secret",
    "trustno1", "football", "correcthorsebatterystaple", "0123456789", "1234567890", "abcdefgh",
)  # fmt: skip
_HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
"""About 70 ms and 32 MiB for one check; OWASP asks for at least 19 MiB and two passes."""
_TURNS = BoundedSemaphore(MOST_AT_ONCE)  # many sign-ins at once must not take the machine


class PasswordError(ServiceError):
    """A password that is too easy to guess."""

    code = "password_refused"


def check_password(password: str, name: str) -> None:
    """Refuse a password that is easily guessed; no rule on kinds of signs, as NIST advises.

    Raises
    ------
    PasswordError
        If it is shorter than 12 or longer than 256 signs, has fewer than 5 different ones, holds
        the account's name, or is little more than a common word.
    """
    plain = _normal(password).casefold()
    if not SHORTEST <= len(plain) <= LONGEST:
        raise PasswordError(f"A password has {SHORTEST} to {LONGEST} signs.")
    if len(set(plain)) < FEWEST_LETTERS:
        raise PasswordError(f"A password has at least {FEWEST_LETTERS} different signs.")
    if name.casefold() in plain:
        raise PasswordError("A password does not hold the name of the account.")
    for word in COMMON:
        if word in plain and len(plain.replace(word, "")) < SHORTEST // 2:
            raise PasswordError("This password is a common one with little added.")


def hash_password(password: str) -> str:
    """The hash to keep, with its parameters and a salt of its own."""
    with _TURNS:
        return _HASHER.hash(_normal(password))


def matches(password_hash: str | None, password: str) -> bool:
    """True when the password is the one kept; without a hash as much work is done for nothing."""
    kept = _hash_of_nobody() if password_hash is None else password_hash
    if len(password) > LONGEST:
        return False
    try:
        with _TURNS:
            found = _HASHER.verify(kept, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return found and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """True when the hash was made with other parameters than those of today."""
    return _HASHER.check_needs_rehash(password_hash)


@cache
def _hash_of_nobody() -> str:
    return _HASHER.hash("nobody has this password")


def _normal(password: str) -> str:
    """The same for each way in which a keyboard composes an accented letter."""
    return unicodedata.normalize("NFKC", password)
