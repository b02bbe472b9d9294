"""Text of table cells as plain JSON values; what does not convert stays text."""

import math
import re
from collections.abc import Callable
from typing import Any

_WHOLE = re.compile(r"-?[0-9]{1,18}(\.0+)?")
_NUMBER = re.compile(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_MAX_NUMBER_CHARACTERS = 40
_NOT_FINITE = {
    **dict.fromkeys(("nan", "#num!", "#div/0!"), math.nan),
    **dict.fromkeys(("inf", "+inf", "infinity"), math.inf),
    **dict.fromkeys(("-inf", "-infinity"), -math.inf),
}


def whole(text: str) -> int | float | str:
    """A whole number, `3.0` read as 3."""
    if _WHOLE.fullmatch(text):
        return int(text.partition(".")[0])
    return _NOT_FINITE.get(text.lower(), text)


def number(text: str) -> float | str:
    """A number with decimal point; what is too long to be one stays text."""
    if len(text) <= _MAX_NUMBER_CHARACTERS and _NUMBER.fullmatch(text):
        return float(text)
    return _NOT_FINITE.get(text.lower(), text)


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
