"""ETags and If-Match: whoever changes something says which state of it they saw."""

import re
from typing import Any

from fastapi import Request

from allocator.service.errors import ConditionMissingError, StaleError

TAG = re.compile(r'\s*(W/)?"([\x21\x23-\x7e]*)"\s*')
IF_MATCH: dict[str, Any] = {
    "parameters": [
        {
            "name": "If-Match",
            "in": "header",
            "required": True,
            "description": "The ETag of the state that the caller saw.",
            "schema": {"type": "string"},
        }
    ]
}
"""For the OpenAPI document: a missing header is answered with 428 and not with 422."""
MISSING = "Send the header If-Match with the ETag of what you read; it says which state you saw."


def etag_of(*parts: object) -> str:
    """A strong ETag: the parts with a dash between, in quotation marks."""
    return f'"{"-".join(str(part) for part in parts)}"'


def step_etag(number: int, state: str) -> str:
    """The ETag of a step of a plan that is being carried out."""
    return etag_of("step", number, state)


def given_tags(request: Request) -> str:
    """The header If-Match of a request, "" for none."""
    return request.headers.get("if-match", "")


def require_match(given: str, *etags: str) -> str:
    """The first of the present tags that the caller saw; a change by who saw none is refused.

    `*` says nothing about what was seen, and a weak tag is never equal to a strong one.

    Parameters
    ----------
    given : what If-Match says, or the field of a form in its place.

    Raises
    ------
    ConditionMissingError
        If there is no If-Match, or it is `*`.
    StaleError
        If none of its tags is a present one.
    """
    if given.strip() in {"", "*"}:
        raise ConditionMissingError(MISSING)
    seen = _strong_tags(given)
    for etag in etags:
        if etag in seen:
            return etag
    raise StaleError("It was changed since you read it; read it again and decide anew.")


def _strong_tags(header: str) -> set[str]:
    """The strong tags of a list; none where the header is no list of tags."""
    parts = [TAG.fullmatch(part) for part in header.split(",")]
    return {f'"{part[2]}"' for part in parts if part is not None and not part[1]}
