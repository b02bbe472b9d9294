"""Pages over HTTP: an opaque, signed cursor, and `Link: <…>; rel="next"`."""

import base64
import binascii
import hmac
import json
from typing import Annotated, Any

from fastapi import Query, Request, Response

from allocator.errors import ConfigError
from allocator.service.keys import Keys
from allocator.service.lists import MOST, USUAL, Part, Position

USE = "cursor"
DIGITS = 32
LONGEST = 500
LimitOf = Annotated[int, Query(ge=1, le=MOST, description="Most rows of a page.")]
CursorOf = Annotated[
    str | None,
    Query(max_length=LONGEST, description="Where to go on: from the Link header of a page."),
]

ORDER = Query(description="In which order; `-` before a name turns it round.")
"""Of the parameter `sort`, whose type lists what is allowed."""


class CursorError(ConfigError):
    """A cursor that this service did not give out for this list."""

    code = "cursor_invalid"


def part_of(
    request: Request, limit: int = USUAL, cursor: str | None = None, sort: str = ""
) -> Part:
    """The part of a list that a request asks for.

    Raises
    ------
    CursorError
        If the cursor was made for another list, filter or order, or was not made here.
    """
    values = read_cursor(request, cursor)
    return Part(limit, None if values is None else Position(*values), sort)


def point_to_next(request: Request, response: Response, following: Position | None) -> str | None:
    """The cursor of the next page, also as a Link header; None at the end."""
    if following is None:
        return None
    return link_next(request, response, [following.value, following.key])


def link_next(request: Request, response: Response, values: list[Any]) -> str:
    """Sign where a list goes on, and say so in the Link header."""
    cursor = _signed(_keys(request), _list_of(request), values)
    url = request.url.include_query_params(cursor=cursor)
    response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
    return cursor


def read_cursor(request: Request, cursor: str | None) -> list[Any] | None:
    """What `link_next` signed for the same list, None without a cursor.

    Raises
    ------
    CursorError
        As `part_of`.
    """
    if cursor is None:
        return None
    text, _, signature = cursor.partition(".")
    expected = _signature(_keys(request), _list_of(request), text)
    if not hmac.compare_digest(signature.encode(), expected.encode()):
        raise CursorError("The cursor is not of this list; begin again without one.")
    try:
        found: list[Any] = json.loads(base64.urlsafe_b64decode(text))
    except (binascii.Error, ValueError) as error:
        raise CursorError("The cursor cannot be read; begin again without one.") from error
    return found


def _signed(keys: Keys, name: str, values: list[Any]) -> str:
    text = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    return f"{text}.{_signature(keys, name, text)}"


def _signature(keys: Keys, name: str, text: str) -> str:
    message = f"{name}\n{text}".encode("utf-8", "surrogatepass")
    return keys.digest(USE, message)[:DIGITS]


def _list_of(request: Request) -> str:
    """The list that a cursor belongs to: path, filters and order, whatever the size of the page."""
    filters = sorted(
        (name, value)
        for name, value in request.query_params.multi_items()
        if name not in {"cursor", "limit"}
    )
    return json.dumps([request.url.path, filters])


def _keys(request: Request) -> Keys:
    keys: Keys = request.app.state.service.keys
    return keys
