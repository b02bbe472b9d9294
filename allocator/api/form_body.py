"""Bodies of forms: read within limits, and checked as bodies of JSON are."""

from collections import defaultdict
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from fastapi import Depends, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from allocator.api.identity import MOST_FIELDS
from allocator.api.media_types import FORM, media_type

Model = TypeVar("Model", bound=BaseModel)
LISTS = frozenset({"item_ids", "looked_at"})


def is_form(request: Request) -> bool:
    """True when the body is a form of a page."""
    return media_type(request.headers) == FORM


def checked(model: type[Model], content: Any) -> Model:
    """Content as a model.

    Raises
    ------
    RequestValidationError
        If it is none; it names the fields and not what was sent.
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False, include_context=False)
        located = [{**problem, "loc": ("body", *problem["loc"])} for problem in problems]
        raise RequestValidationError(located) from None


async def fields(request: Request) -> dict[str, Any]:
    """What a form says, in the form of a body: `a.b` is b inside a; of some names there are many.

    Raises
    ------
    HTTPException
        If the body is no form, or has more than `MOST_FIELDS` fields.
    """
    if not is_form(request):
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send the form as {FORM}.")
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    plain: dict[str, Any] = {}
    inside: dict[str, dict[str, Any]] = defaultdict(dict)
    for name in form:
        texts = [str(value).replace("\r\n", "\n") for value in form.getlist(name)]
        value = texts if name in LISTS or len(texts) > 1 else texts[0]
        outer, has_inner, inner = name.partition(".")
        if has_inner:
            inside[outer][inner] = value
        else:
            plain[name] = value
    return plain | inside


FieldsOf = Annotated[dict[str, Any], Depends(fields)]
