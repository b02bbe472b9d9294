"""What somebody signs in with, as JSON from a tool or as a form from the page without scripts."""

import json
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from allocator.api.access_schemas import Credentials
from allocator.api.identity import FORM, MOST_FIELDS

JSON = "application/json"
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


def is_form(request: Request) -> bool:
    """True when the body is a form of a page."""
    return _media_type(request) == FORM


async def credentials(request: Request) -> Credentials:
    """Name and password.

    Raises
    ------
    RequestValidationError
        If the body is neither JSON nor a form, or has not exactly the two.
    """
    try:
        return Credentials.model_validate(await _content(request))
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False, include_context=False)
        located = [{**problem, "loc": ("body", *problem["loc"])} for problem in problems]
        raise RequestValidationError(located) from None


CredentialsOf = Annotated[Credentials, Depends(credentials)]


async def _content(request: Request) -> Any:
    if is_form(request):
        return dict(await request.form(max_files=0, max_fields=MOST_FIELDS))
    if _media_type(request) != JSON:
        return None
    try:
        return json.loads(await request.body())
    except ValueError:
        problem = {"type": "json_invalid", "loc": ("body",), "msg": "JSON decode error"}
        raise RequestValidationError([problem]) from None


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
