"""Text of table cells as plain JSON values; what does not convert stays text."""

import math
import re
from collections.abc import Callable
from typing import Any

_WHOLE = re.compile(r"-?[0-9]{1,18}(\.0+)?")
_NUMBER = re.compile(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_MAX_NUMBER_CHARACTERS = 40
_NOT_FINITE = {"nan", "inf", "-inf", "+inf", "infinity", "-infinity", "#num!", "#div/0!"}


def whole(text: str) -> int | float | str:
    """A whole number, `3.0` read as 3."""
    if _WHOLE.fullmatch(text):
        return int(text.partition(".")[0])
    return math.nan if text.lower() in _NOT_FINITE else text


def number(text: str) -> float | str:
    """A number with decimal point; what is too long to be one stays text."""
    if len(text) <= _MAX_NUMBER_CHARACTERS and _NUMBER.fullmatch(text):
        return float(text)
    return math.nan if text.lower() in _NOT_FINITE else text


def boolean(text: str) -> bool | str:
    """A boolean, true or false in any case."""
    return {"true": True, "false": False}.get(text.lower(), text)


def listed(text: str) -> list[str]:
    """Parts between the separators, empty ones left out."""
    return [part for part in (piece.strip() for piece in text.split("|")) if part]


def same(text: str) -> str:
    """The text as it stands."""
    return text


CONVERTERS: dict[str, Callable[[str], Any]] = {
    "text": same,
    "date": same,
    "whole": whole,
    "number": number,
    "boolean": boolean,
    "set": listed,
}
