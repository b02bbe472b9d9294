"""What a body is said to be."""

from starlette.datastructures import Headers

FORM = "application/x-www-form-urlencoded"
JSON, ZIP = "application/json", "application/zip"


def media_type(headers: Headers) -> str:
    """The media type of a message, in small letters and without parameters; "" for none."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()
