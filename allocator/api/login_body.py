"""What somebody signs in with, as JSON from a tool or as a form from the page without scripts."""

import json
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError

from allocator.api.access_schemas import Credentials
from allocator.api.form_body import checked, is_form
from allocator.api.identity import MOST_FIELDS
from allocator.api.media_types import FORM, JSON, media_type

EXAMPLE = {"name": "amina.officer", "password": "three quiet green lamps"}
_SCHEMA = Credentials.model_json_schema()
DESCRIPTION: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {"schema": _SCHEMA, "example": EXAMPLE},
            FORM: {"schema": _SCHEMA, "example": EXAMPLE},
        },
    }
}
"""For the OpenAPI document, which cannot see a body that is read by hand."""


async def credentials(request: Request) -> Credentials:
    """Name and password.

    Raises
    ------
    RequestValidationError
        If the body is neither JSON nor a form, or has not exactly the two.
    """
    return checked(Credentials, await _content(request))


CredentialsOf = Annotated[Credentials, Depends(credentials)]


async def _content(request: Request) -> Any:
    if is_form(request):
        return dict(await request.form(max_files=0, max_fields=MOST_FIELDS))
    if media_type(request.headers) != JSON:
        return None
    try:
        return json.loads(await request.body())
    except ValueError:
        problem = {"type": "json_invalid", "loc": ("body",), "msg": "JSON decode error"}
        raise RequestValidationError([problem]) from None
